"""How `make test` shares the tests out among pytest-xdist's workers (`-n 2 --dist loadfile`).

A file stays with one worker, so that what its tests share is made once. All browser tests are one
worker's: two browsers at once would eat each other's time limits. What takes longest comes first,
so that no worker waits long for the last.
"""

from typing import Any

import pytest

FIRST = ("tests/browser/", "tests/web/", "tests/studio/", "tests/voice/", "tests/live/")
TOGETHER = "tests/browser/"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a worker the longest first; else browser tests last: the rest fails sooner."""
    if not hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
        return
    known = dict(zip(FIRST, range(len(FIRST)), strict=True))
    items.sort(key=lambda item: known.get(_folder(item.nodeid), len(FIRST)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`loadfile` in the order of the items, with one group."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Sharing(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return TOGETHER if nodeid.startswith(TOGETHER) else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return Sharing(config, log)


def _folder(nodeid: str) -> str:
    return "/".join(nodeid.split("/")[:2]) + "/"
