"""Voice: written text → spoken text → audio with a timeline of characters and mouth shapes."""
