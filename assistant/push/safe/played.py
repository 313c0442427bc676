"""Which cues were said here, and how far; kept in a file, so that nothing is said twice."""

import json
from pathlib import Path

KEPT = 300
OVER = "over"


class Played:
    """The newest cues: the sentence that was begun last, or `over`.

    An end is on the disk before it is acknowledged. A file that cannot be read counts as none.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ids: dict[str, int | str] = _read(file)

    def is_over(self, cue_id: str) -> bool:
        """Whether it was said to its end, or stopped."""
        return self._ids.get(cue_id) == OVER

    def __contains__(self, cue_id: str) -> bool:
        return cue_id in self._ids

    def next(self, cue_id: str) -> int:
        """The sentence at which to go on."""
        at = self._ids.get(cue_id)
        return at if isinstance(at, int) else 0

    def set(self, cue_id: str, state: int | str) -> None:
        """Note how far it came."""
        self._ids.pop(cue_id, None)
        self._ids[cue_id] = state
        while len(self._ids) > KEPT:
            del self._ids[next(iter(self._ids))]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        written = self._file.with_suffix(".part")
        written.write_text(json.dumps(self._ids), encoding="utf-8")
        written.replace(self._file)


def _read(file: Path) -> dict[str, int | str]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): at for name, at in found.items() if isinstance(at, int) or at == OVER}
