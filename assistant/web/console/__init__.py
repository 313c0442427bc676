"""The operators' console: rooms, one room on air, its review (复盘), the rule packs."""
