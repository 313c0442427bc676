"""The studio's API and pages."""
