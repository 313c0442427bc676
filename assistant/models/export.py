"""The built-in embedding as an ordinary sentence-transformers model folder.

Written without torch: two small JSON files, the tokenizer, and the vectors as safetensors.
"""

import json
from pathlib import Path

import numpy as np

from assistant.models.static_embedding import StaticEmbedding

_MODULES = [
    ("0", "", "sentence_transformers.models.StaticEmbedding"),
    ("1", "1_Normalize", "sentence_transformers.models.Normalize"),
]
_CONFIG: dict[str, object] = {
    "prompts": {},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def export_embedding(folder: Path, embedding: StaticEmbedding | None = None) -> None:
    """Write the folder; `SentenceTransformer(folder)` gives the same vectors."""
    embedding = embedding or StaticEmbedding()
    (folder / "1_Normalize").mkdir(parents=True, exist_ok=True)
    modules = [
        {"idx": place, "name": name, "path": path, "type": kind}
        for place, (name, path, kind) in enumerate(_MODULES)
    ]
    _write(folder / "modules.json", modules)
    _write(folder / "config_sentence_transformers.json", _CONFIG)
    _write(folder / "1_Normalize" / "config.json", {})
    embedding.save_tokenizer(folder / "tokenizer.json")
    _save_tensor(folder / "model.safetensors", "embedding.weight", embedding.piece_vectors())


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def _save_tensor(path: Path, name: str, array: np.ndarray) -> None:
    """One float32 array in the safetensors format: length of the header, header, bytes."""
    data = np.ascontiguousarray(array, "<f4").tobytes()
    entry = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [0, len(data)]}
    header = json.dumps({name: entry}).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(len(header).to_bytes(8, "little") + header + data)
