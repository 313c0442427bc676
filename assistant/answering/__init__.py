"""Question in, grounded outcome out."""
