"""The built-in embedding: one stored vector a piece, summed over a text (numpy and tokenizers).

Made by `python -m eval.training.static_embedding`; read from memory-mapped bytes, so that it costs
a cold process some 50 ms.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.errors import ModelFailed

Floats = NDArray[np.float32]

_LONGEST = 384
_CHUNK = 128


class StaticEmbedding(Embeddings):
    """Unit vectors of 256 dimensions; all zero for a text without a known piece."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read from a folder, the shipped one by default. Raises ModelFailed."""
        folder = folder or Path(str(files("assistant.models") / "data"))
        try:
            self._vectors = np.load(folder / "static_embedding.npy", mmap_mode="r")
            self._scales: Floats = np.load(folder / "static_embedding_scales.npy")
            self._tokenizer = Tokenizer.from_file(str(folder / "static_tokenizer.json"))
        except Exception as error:  # the tokenizer raises bare Exception
            raise ModelFailed("内置向量模型无法读取", hint=str(folder)) from error
        self._tokenizer.enable_truncation(_LONGEST)

    @cached_property
    def fingerprint(self) -> str:
        """Names the weights: another training gives another name."""
        digest = hashlib.sha256(np.ascontiguousarray(self._vectors[::16]).tobytes())
        digest.update(self._scales.tobytes())
        return f"static-{self._vectors.shape[1]}-{digest.hexdigest()[:12]}"

    def embed_query(self, text: str) -> list[float]:
        """One unit vector."""
        return self.embed_array([text])[0].tolist()  # type: ignore[no-any-return]  # numpy gives Any

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector a text, in order."""
        return self.embed_array(texts).tolist()  # type: ignore[no-any-return]  # numpy gives Any

    def embed_array(self, texts: Sequence[str]) -> Floats:
        """The same as an array, one row a text: what bulk indexing uses."""
        parts = [self._chunk(texts[i : i + _CHUNK]) for i in range(0, len(texts), _CHUNK)]
        return np.concatenate([np.empty((0, self._vectors.shape[1]), np.float32), *parts])

    def embed_pieces(self, texts: Sequence[str]) -> list[Floats]:
        """The vectors of each text's known pieces, a row a piece; the longer, the more it says."""
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ids = [[piece for piece in each.ids if piece] for each in encoded]
        flat = np.array([piece for of in ids for piece in of], np.int64)
        vectors = self._vectors[flat].astype(np.float32) * self._scales[flat][:, None]
        return np.split(vectors, np.cumsum([len(of) for of in ids])[:-1])

    def piece_vectors(self) -> Floats:
        """The vector of every piece; that of the unknown one is zero."""
        vectors: Floats = self._vectors.astype(np.float32) * self._scales[:, None]
        vectors[0] = 0
        return vectors

    def save_tokenizer(self, path: Path) -> None:
        """The tokenizer as it is used here, in the format of the `tokenizers` library."""
        self._tokenizer.save(str(path), pretty=False)

    def _chunk(self, texts: Sequence[str]) -> Floats:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        sums = np.zeros((len(encoded), self._vectors.shape[1]), np.float32)
        for row, each in enumerate(encoded):
            ids = [piece for piece in each.ids if piece]
            if ids:
                sums[row] = self._scales[ids] @ self._vectors[ids].astype(np.float32)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        unit: Floats = sums / np.maximum(norms, np.float32(1e-12))
        return unit
