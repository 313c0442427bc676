"""Values and pure rules; standard library only. The glossary is in README.md."""
