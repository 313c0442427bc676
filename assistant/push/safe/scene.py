"""What the stage shows at one moment, as values: two equal scenes are the same picture."""

from dataclasses import dataclass, field

from PIL import Image

from assistant.domain.speech import Viseme


@dataclass(frozen=True, slots=True)
class Basis:
    """A clause beside an answer. `code` names the source whose QR code stands there."""

    where: str
    quote: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, with who asked; `share` (0..1) of the words was heard."""

    text: str
    question: str = ""
    viewer: str = ""
    asked_by: int = 1
    basis: tuple[Basis, ...] = ()
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Idle:
    """While nothing is said: a line, and an announcement or what one may ask."""

    notice: str
    announcement: str = ""
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment. `slide` and `codes` are pictures by their names (`Pictures`)."""

    room: str = ""
    topic: str = ""
    clock: str = ""
    is_cut: bool = False
    label: str = ""
    is_person: bool = False
    card: Answer | Idle = Idle("")
    next: tuple[str, ...] = ()
    slide: str = ""
    caption: str = ""
    said: int = 0
    hint: bool = False
    mouth: tuple[Viseme, Viseme] = (Viseme.REST, Viseme.REST)
    blinks: bool = False


KEPT = 60
"""Pictures of each kind that are remembered."""


@dataclass(slots=True)
class Pictures:
    """What was fetched: slides and QR codes, drawn when they came."""

    slides: dict[str, Image.Image] = field(default_factory=dict)
    codes: dict[str, Image.Image] = field(default_factory=dict)

    def keep_slide(self, name: str, picture: Image.Image) -> None:
        """A slide has come."""
        _keep(self.slides, name, picture)

    def keep_code(self, source: str, picture: Image.Image) -> None:
        """A QR code has come: black and white, one pixel a module."""
        _keep(self.codes, source, picture)


def _keep(among: dict[str, Image.Image], name: str, picture: Image.Image) -> None:
    among[name] = picture
    while len(among) > KEPT:
        del among[next(iter(among))]
