"""The embedding in use: the built-in static one, or any sentence-transformers model."""

import hashlib
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from assistant.errors import ModelFailed
from assistant.models.static_embedding import StaticEmbedding

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 32


def build_embeddings(name: str | None, *, offline: bool = False) -> Embeddings:
    """The built-in embedding for None, else the sentence-transformers model of a path or name.

    `offline` forbids fetching it. Raises ModelFailed with what to do.
    """
    return SentenceEmbedding(name, offline=offline) if name else StaticEmbedding()


class SentenceEmbedding(Embeddings):
    """A sentence-transformers model, which the extra `models` brings."""

    def __init__(self, name: str, *, offline: bool = False) -> None:
        """Load it now, so that a wrong name shows at the start. Raises ModelFailed."""
        self._model = _loaded(name, offline)
        self.fingerprint = f"{name}-{_digest(self)}"

    def embed_query(self, text: str) -> list[float]:
        """One unit vector; the model's own prompt for questions is used where it has one."""
        return self._encoded([text], "query")[0]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector a text, in order."""
        return self._encoded(texts, "document") if texts else []

    def _encoded(self, texts: list[str], role: str) -> list[list[float]]:
        encode: Any = getattr(self._model, f"encode_{role}", self._model.encode)  # new in 5.0
        try:
            made = encode(
                texts, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        except Exception as error:
            raise ModelFailed("向量模型计算失败", hint=str(error)[:200]) from error
        return made.tolist()  # type: ignore[no-any-return]  # numpy gives Any


def _loaded(name: str, offline: bool) -> "SentenceTransformer":
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelFailed(
            "ASSISTANT_EMBEDDING_MODEL 需要 sentence-transformers",
            hint="请安装：pip install 'livestream-question-desk[models]'，或不设此项而用内置模型",
        ) from error
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=offline)
    except Exception as error:
        raise ModelFailed(
            f"向量模型 {name} 无法载入",
            hint="请检查 ASSISTANT_EMBEDDING_MODEL 的路径或名称；离线时须先把模型放在本机",
        ) from error


def _digest(embedding: SentenceEmbedding) -> str:
    """Tells weights of the same name apart by what they make of a fixed text."""
    vector = embedding.embed_query("办事指南")
    return hashlib.sha256(",".join(f"{value:.3f}" for value in vector).encode()).hexdigest()[:8]
