"""The sounds and slides that a room's pages were told of: they may fetch these and no others."""

from collections import OrderedDict

KEPT = 2000
"""Names, newest; about ten hours of speech. A page fetches a sound within seconds."""


class Given:
    """Names of stored sounds and slides."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, None] = OrderedDict()

    def add(self, name: str) -> None:
        """A page is told of this one; "" is none."""
        if not name:
            return
        self._names[name] = None
        self._names.move_to_end(name)
        while len(self._names) > KEPT:
            self._names.popitem(last=False)

    def __contains__(self, name: str) -> bool:
        return name in self._names
