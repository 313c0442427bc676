"""A livestream question desk for government service centres."""

__version__ = "0.1.0"
