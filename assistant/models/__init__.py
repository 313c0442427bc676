"""Chat model client, prompt files, embeddings."""
