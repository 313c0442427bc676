"""How a room's stage looks, as its operator set it: `[rooms.<id>.stage]` in assistant.toml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.speech import Viseme
from assistant.errors import ConfigurationError

THEMES = ("blue", "jade", "warm")
PRESENTERS = ("woman", "man")
"""Drawn by us; any other name is a folder of pictures in `<data>/presenters`, and `vrm:<name>` is
`<name>.vrm` there."""
MODEL = "vrm:"
LAYOUTS = ("full", "pip")
PICTURES = (*Viseme, "blink")
_NAME = re.compile(r"[a-z0-9-]{1,40}")
_LONGEST = 80
"""Characters of an announcement: two lines on the stage."""


@dataclass(frozen=True, slots=True)
class StageLook:
    """`announcements` are shown one after the other while nothing is said."""

    theme: str = THEMES[0]
    presenter: str = PRESENTERS[0]
    layout: str = LAYOUTS[0]
    announcements: tuple[str, ...] = ()
    phone: str = ""
    """Whom viewers may call while the stream is interrupted."""


def look_of(room_id: str, table: object) -> StageLook:
    """The look that a table sets. Raises ConfigurationError for what is not known."""
    if table is None:
        return StageLook()
    if not isinstance(table, Mapping) or table.keys() - set(StageLook.__slots__):
        raise _wrong(room_id, "只认 theme、presenter、layout、announcements、phone")
    theme, layout = table.get("theme", THEMES[0]), table.get("layout", LAYOUTS[0])
    presenter = table.get("presenter", PRESENTERS[0])
    said = table.get("announcements", [])
    if theme not in THEMES or layout not in LAYOUTS:
        raise _wrong(room_id, f"theme 是 {'、'.join(THEMES)}，layout 是 {'、'.join(LAYOUTS)}")
    if not is_presenter(presenter):
        raise _wrong(room_id, "presenter 只用小写字母、数字和 -，模型写成 vrm:名字")
    if not isinstance(said, list) or not all(map(_is_announcement, said)):
        raise _wrong(room_id, f"announcements 每条不超过 {_LONGEST} 字")
    phone = table.get("phone", "")
    if not isinstance(phone, str) or not re.fullmatch(r"[0-9 ()+-]{0,30}", phone):
        raise _wrong(room_id, "phone 只写电话号码")
    return StageLook(theme, presenter, layout, tuple(said), phone)


def is_presenter(name: object) -> bool:
    """Whether this may name a presenter."""
    return isinstance(name, str) and bool(_NAME.fullmatch(name.removeprefix(MODEL)))


def model_name(presenter: str) -> str:
    """The model that a presenter is; "" where it is none."""
    return presenter.removeprefix(MODEL) if presenter.startswith(MODEL) else ""


def model_file(folder: Path, name: str) -> Path | None:
    """An operator's model, or None."""
    file = folder / f"{name}.vrm"
    return file if _NAME.fullmatch(name) and file.is_file() else None


def picture(folder: Path, name: str, shape: str) -> Path | None:
    """The picture of a mouth shape in an operator's set; the resting one where there is none."""
    if not _NAME.fullmatch(name) or shape not in PICTURES:
        return None
    for one in (shape, Viseme.REST.value):
        for ending in ("png", "webp", "jpg"):
            if (file := folder / name / f"{one}.{ending}").is_file():
                return file
        if shape == "blink":
            return None
    return None


def _is_announcement(one: object) -> bool:
    return isinstance(one, str) and 0 < len(one.strip()) <= _LONGEST


def _wrong(room_id: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"[rooms.{room_id}.stage] 写错了", hint=hint)
