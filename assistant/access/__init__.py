"""Accounts, roles, sessions, tokens, the audit chain. Its face is `desk.AccessDesk`."""
