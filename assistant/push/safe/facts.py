"""What the server says of a room's look; kept in a file for the time when it does not answer."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

import httpx


@dataclass(frozen=True, slots=True)
class Facts:
    """`room` is its name; `asks` are questions that viewers may ask; `phone` may be ""."""

    room: str = "政务直播间"
    theme: str = "blue"
    presenter: str = "woman"
    phone: str = ""
    announcements: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """From `/stage/<room>/idle`, or from the file; what is missing is as it is at first."""
        known = {one.name for one in fields(cls)}
        given = {name: value for name, value in told.items() if name in known}
        lists = {n: tuple(map(str, v)) for n, v in given.items() if isinstance(v, list)}
        return cls(**{**given, **lists, **({"asks": tuple(told["ask"])} if "ask" in told else {})})


async def fetched(http: httpx.AsyncClient, stage: str) -> Facts:
    """Ask the stage at an address. Raises httpx.HTTPError, ValueError."""
    answer = await http.get(f"{stage}/idle", timeout=5.0)
    answer.raise_for_status()
    return Facts.of(answer.json())


def keep(facts: Facts, file: Path) -> None:
    """Write them down."""
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(".part")
    written.write_text(json.dumps(asdict(facts), ensure_ascii=False), encoding="utf-8")
    written.replace(file)


def kept(file: Path) -> Facts:
    """What was written down last; the first facts where that cannot be read."""
    try:
        return Facts.of(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError):
        return Facts()
