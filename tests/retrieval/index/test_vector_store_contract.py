"""LangChain's contract suite for vector stores, on the store that holds our vectors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import VectorStoreIntegrationTests

from assistant.retrieval.dense import ChromaIndex

pytestmark = pytest.mark.integration


class TestOurStore(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, tmp_path: Path) -> Iterator[VectorStore]:  # type: ignore[override]
        index = ChromaIndex(tmp_path, None, "passages-a-b-0", self.get_embeddings())
        yield index.store()
        index.close()
