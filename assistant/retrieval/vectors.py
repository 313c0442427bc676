"""Texts → unit vectors, by any LangChain embedding, and the name of what made them."""

import hashlib
from collections.abc import Sequence

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.errors import ModelFailed
from assistant.retrieval.lexical import Floats
from assistant.retrieval.segments import Vectors

_BATCH = 512


def fingerprint(embeddings: Embeddings) -> str:
    """Names the model: its own `fingerprint`, else its class and what it makes of a fixed text."""
    own = getattr(embeddings, "fingerprint", None)
    if isinstance(own, str):
        return own
    probe = np.round(embed_query(embeddings, "办事指南"), 3)
    digest = hashlib.sha256(probe.tobytes()).hexdigest()[:12]
    return f"{type(embeddings).__name__}-{len(probe)}-{digest}"


def embed_documents(embeddings: Embeddings, texts: Sequence[str]) -> Vectors:
    """Unit vectors, one row a text, as float32. Raises ModelFailed for unusable ones."""
    rows = [
        np.asarray(embeddings.embed_documents(list(texts[i : i + _BATCH])), np.float32)
        for i in range(0, len(texts), _BATCH)
    ]
    if not rows:
        return np.zeros((0, len(embed_query(embeddings, "空"))), np.float32)
    return _unit(np.concatenate(rows))


def embed_query(embeddings: Embeddings, text: str) -> Floats:
    """The unit vector of a question; all zero where the model knows none of its pieces."""
    return _unit(np.asarray([embeddings.embed_query(text)], np.float32)).ravel()


def _unit(vectors: Floats) -> Floats:
    if vectors.ndim != 2 or not np.isfinite(vectors).all():
        raise ModelFailed("向量模型给出了无效的向量", hint="请检查 ASSISTANT_EMBEDDING_MODEL")
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    made: Floats = vectors / np.maximum(norms, np.float32(1e-12))
    return made


def unit(vector: Floats) -> Floats:
    """The unit vector of a direction; zero stays zero."""
    return _unit(vector[None]).ravel()
