"""One module per command; imports stay light until a command runs."""
