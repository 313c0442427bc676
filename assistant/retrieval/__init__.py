"""Sources in, ranked passages out."""
