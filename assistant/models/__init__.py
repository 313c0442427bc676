"""Models: embeddings (a small built-in one, or any sentence-transformers model) and the chat model.

A chat model only rephrases what was found; its prompts are the files of `prompts/`. Nothing here
is needed to answer: without an endpoint and without torch the product answers all the same.
"""
