"""Readers of document files; `read_file` is the door."""

from assistant.retrieval.readers.document import Limits, ReadResult
from assistant.retrieval.readers.reading import FileReader, read_bytes, read_file

__all__ = ["FileReader", "Limits", "ReadResult", "read_bytes", "read_file"]
