"""What keeps people safe: masking of personal data and the screen of rule packs."""
