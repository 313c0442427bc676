"""The one place where real objects are built from settings (DESIGN §3)."""
