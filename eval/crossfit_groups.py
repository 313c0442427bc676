"""Cases by their sources, so that no fold shares a document with another."""

import hashlib
from collections.abc import Mapping

from eval.training.verdict import WITHOUT

Row = dict[str, object]
Rows = list[Row]


def groups(rows: Rows) -> dict[str, str]:
    """Case → the group of its sources: those that are right, else the one that was cited."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for row in rows:
        # Half of the guides were taken away once more: the same case, of the same group.
        case = f"case {row['id']}"
        for source in row["references"] or row["cited"][:1]:
            parent[root(case)] = root(f"{set_of(row)} {source}")
    return {str(row["id"]): root(f"case {row['id']}") for row in rows}


def set_of(row: Mapping[str, object]) -> str:
    """The set of a row; with half of the guides taken away it is still the same one."""
    return str(row["set"]).removesuffix(WITHOUT)


def fold(group: str, parts: int, salt: str) -> int:
    """A stable part by a digest."""
    return int(hashlib.sha256(f"{salt} {group}".encode()).hexdigest(), 16) % parts
