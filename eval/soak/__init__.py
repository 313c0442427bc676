"""The soak: days of comments in hours, with a random fault every few minutes (decision 0048)."""
