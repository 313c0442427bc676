"""One suite for every embedding: the built-in one, and a sentence-transformers model."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from assistant.errors import ModelFailed
from assistant.models.embeddings import build_embeddings
from assistant.models.export import export_embedding
from assistant.models.static_embedding import StaticEmbedding
from assistant.retrieval import vectors

pytestmark = pytest.mark.contract

TEXTS = ["个体工商户营业执照怎么办", "公积金提取需要哪些材料", "办公积金提取要带什么"]


@pytest.fixture(scope="session")
def local_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny static model with random weights, saved as sentence-transformers saves it."""
    pytest.importorskip("sentence_transformers")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding as Static
    from tokenizers import Tokenizer, models, pre_tokenizers

    characters = sorted(set("".join(TEXTS)))
    tokenizer = Tokenizer(models.WordLevel({c: i for i, c in enumerate(characters)}, characters[0]))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    weights = np.random.default_rng(1).normal(size=(len(characters), 16)).astype(np.float32)
    folder = tmp_path_factory.mktemp("model")
    SentenceTransformer(modules=[Static(tokenizer, embedding_weights=weights)]).save(str(folder))
    return folder


@pytest.fixture(params=["built-in", pytest.param("sentence", marks=pytest.mark.models)])
def embeddings(request: pytest.FixtureRequest) -> Embeddings:
    if request.param == "built-in":
        return build_embeddings(None)
    return build_embeddings(str(request.getfixturevalue("local_model")), offline=True)


def test_vectors_are_finite_unit_vectors_of_one_size(embeddings: Embeddings) -> None:
    made = np.array(embeddings.embed_documents(TEXTS))
    assert np.linalg.norm(made, axis=1) == pytest.approx(1, abs=1e-4)
    assert len(embeddings.embed_query(TEXTS[0])) == made.shape[1]


def test_the_same_text_gives_the_same_vector(embeddings: Embeddings) -> None:
    one, alone = embeddings.embed_documents(TEXTS), embeddings.embed_documents(TEXTS[1:2])
    assert one[1] == pytest.approx(alone[0], abs=1e-5)


def test_alike_texts_are_nearer(embeddings: Embeddings) -> None:
    shop, fund, same = np.array(embeddings.embed_documents(TEXTS))
    assert fund @ same > fund @ shop


def test_no_texts_give_no_vectors(embeddings: Embeddings) -> None:
    assert embeddings.embed_documents([]) == []
    assert vectors.embed_documents(embeddings, []).shape[0] == 0


def test_the_fingerprint_is_stable(embeddings: Embeddings) -> None:
    assert vectors.fingerprint(embeddings) == vectors.fingerprint(embeddings)


@pytest.mark.parametrize("text", ["", "   ", "😀", "a" * 10_000])
def test_odd_texts_do_no_harm(text: str) -> None:
    made = np.array(StaticEmbedding().embed_query(text))
    assert np.isfinite(made).all()


def test_other_weights_have_another_fingerprint(tmp_path: Path) -> None:
    shipped = Path(sys.modules[StaticEmbedding.__module__].__file__ or "").parent / "data"
    for path in shipped.glob("static_*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    scales = np.load(tmp_path / "static_embedding_scales.npy")
    np.save(tmp_path / "static_embedding_scales.npy", scales[::-1])
    assert StaticEmbedding(tmp_path).fingerprint != StaticEmbedding().fingerprint


def test_a_folder_without_weights_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelFailed, match="内置向量模型"):
        StaticEmbedding(tmp_path)


@pytest.mark.models
def test_a_wrong_name_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelFailed, match="ASSISTANT_EMBEDDING_MODEL"):
        build_embeddings(str(tmp_path / "none"), offline=True)


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelFailed, match=r"\[models\]"):
        build_embeddings("any/model")


def test_useless_vectors_are_refused() -> None:
    class Broken(Embeddings):
        def embed_query(self, text: str) -> list[float]:
            return [float("nan")]

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [self.embed_query(text) for text in texts]

    with pytest.raises(ModelFailed, match="无效的向量"):
        vectors.embed_documents(Broken(), ["文"])


def test_the_built_in_embedding_needs_no_torch() -> None:
    code = (
        "import sys, json; from assistant.models.embeddings import build_embeddings;"
        "build_embeddings(None).embed_query('办证');"
        "print(json.dumps([m for m in ('torch', 'sentence_transformers', 'chromadb')"
        " if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded: Any = json.loads(done.stdout)
    assert loaded == []


@pytest.mark.models
def test_the_exported_folder_is_the_same_model(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    export_embedding(tmp_path)
    texts = [*TEXTS, "", "😀", "2024年ABC第12条", "办" * 900]
    ours = StaticEmbedding().embed_array(texts)
    theirs = np.array(build_embeddings(str(tmp_path), offline=True).embed_documents(texts))
    assert theirs == pytest.approx(ours, abs=1e-5)
    assert np.abs(ours[0]).max() > 0.01


def test_what_is_shipped_is_small() -> None:
    shipped = Path(sys.modules[StaticEmbedding.__module__].__file__ or "").parent / "data"
    assert sum(path.stat().st_size for path in shipped.glob("static_*")) <= 20_000_000
