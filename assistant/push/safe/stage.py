"""The stage that is drawn here: takes cues as the page does (`web/static/stage.js`), and scenes.

All of it belongs to one thread, which asks for a picture and its sound at a time. What it tells
and asks for goes out through `Outside`, what was fetched comes back as calls in that thread.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from PIL import Image

from assistant.push.safe.facts import Facts
from assistant.push.safe.painter import Painter
from assistant.push.safe.places import theme_of
from assistant.push.safe.played import OVER, Played
from assistant.push.safe.player import Message, Player
from assistant.push.safe.scene import Pictures
from assistant.push.safe.showing import Showing
from assistant.push.safe.sound import RATE, Mixer, Samples
from assistant.push.seams import FRAMES

REPORT, STATUS = FRAMES // 4, FRAMES * 2
"""Pictures between two reports of what was heard, and of how the stage does."""
BLOCK = RATE // FRAMES
"""Samples that belong to a picture."""


class Outside(Protocol):
    """What the stage asks of the line; none of it waits."""

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send to the server, where the line is up."""

    def load_sound(self, name: str) -> None:
        """Fetch a sound; `SafeStage.player.loaded` follows."""

    def load_slide(self, name: str) -> None:
        """Fetch and draw a slide; `SafeStage.slide_loaded` follows."""

    def load_code(self, source: str) -> None:
        """Fetch a QR code; `SafeStage.code_loaded` follows."""


class SafeStage:
    """`painter` is given `pictures`, which grow as they come; `wall` is the room's time."""

    def __init__(
        self,
        outside: Outside,
        painter: Painter,
        pictures: Pictures,
        played: Played,
        wall: Callable[[], datetime],
    ) -> None:
        self.mixer = Mixer()
        self.player = Player(self.mixer, self, outside.load_sound)
        self.frames = 0
        self.is_silent = False
        """The sound is off while captions and lips go on."""
        self.may_speak = False
        """Whether what is acknowledged here counts."""
        self._outside, self._painter, self._pictures = outside, painter, pictures
        self._played, self._wall = played, wall
        self._showing = Showing(pictures)
        self._seq = 0

    @property
    def data(self) -> bytearray:
        """The bytes of the picture that stands now."""
        return self._painter.canvas.data

    @property
    def speaks(self) -> bool:
        """Whether a sentence sounds now."""
        here = self.player.at() if self.player.cue is not None and not self.is_silent else None
        return here is not None and here.slot.sound is not None and not here.is_over

    @property
    def is_connected(self) -> bool:
        """Whether the line to the server is up."""
        return not self._showing.is_cut

    def tick(self) -> Samples:
        """The next picture, on `data`, and the samples that belong to it."""
        self.player.pump()
        here = self.player.at() if self.player.cue is not None else None
        self._painter.paint(self._showing.scene(self.mixer.seconds, self._wall(), here))
        self.frames += 1
        if self.frames % REPORT == 0:
            self._report()
        if self.frames % STATUS == 0:
            self._status()
        samples = self.mixer.read(BLOCK)
        return np.zeros_like(samples) if self.is_silent else samples

    def connected(self, *, on: bool) -> None:
        """The line is up, or down."""
        self._showing.is_cut = not on
        self.player.wait(is_cut=not on)

    def know(self, facts: Facts) -> None:
        """What the server says of the room."""
        self._showing.know(facts)
        theme = theme_of(facts.theme)
        if not self._painter.is_dressed(theme, facts.presenter):
            self._painter.dress(theme, facts.presenter)

    def slide_loaded(self, name: str, picture: Image.Image) -> None:
        """A slide is there."""
        self._pictures.keep_slide(name, picture)

    def code_loaded(self, source: str, picture: Image.Image) -> None:
        """A QR code is there."""
        self._pictures.keep_code(source, picture)

    def take(self, message: Message) -> None:
        """A message of the line (stage/README); one of an unknown type is passed over."""
        self._seq = int(message.get("seq", 0))
        playing = self.player.cue
        is_own = playing is not None and message.get("cue_id") == playing["id"]
        match message["type"]:
            case "role":
                self.may_speak = bool(message["speaks"])
            case "cue":
                self._take_cue(message)
            case "sentence":
                self.player.add(message)
            case "position" if is_own and not self.may_speak:
                self.player.follow(message)
            case "stop":
                self._stop()
            case "ended" if is_own:
                self.player.drop()
            case "next":
                self._showing.following(message)
            case "notice":
                self._showing.notice(message)
            case "cover":
                self.is_silent = bool(message["silent"])
                self._showing.is_covered = bool(message["carded"])

    def started(self, cue: Message) -> None:
        """The first sound of a cue is out."""
        self._tell("started", cue)

    def saying(self, cue: Message, sentence: Message) -> None:
        """Another sentence has begun."""
        if self.may_speak:
            self._played.set(cue["id"], int(sentence["index"]))
        self._showing.saying(sentence)

    def ended(self, cue: Message) -> None:
        """A cue was said to its end: noted before it is acknowledged."""
        if self.may_speak:
            self._played.set(cue["id"], OVER)
            self._tell("ended", cue)

    def rest(self) -> None:
        """Nothing is said now."""
        self._showing.rest(self.mixer.seconds)

    def _take_cue(self, cue: Message) -> None:
        """Begin it, unless it was said here already, or is another's since before a restart."""
        player, played, name = self.player, self._played, cue["id"]
        if player.cue is not None and player.cue["id"] == name:
            if player.has_begun:
                self._tell("started", cue)
            return
        if cue["begun"] and name not in played:
            return
        at = cue["position"]
        if self.may_speak and not at and played.is_over(name):
            self._tell("started", cue)
            self._tell("ended", cue)
            return
        begins = max(int(cue["from"]), played.next(name) if self.may_speak else 0)
        player.begin(cue, begins, at)
        slides, codes = self._showing.begin(cue, int(at["sentence"]) if at else begins)
        for one in slides:
            self._outside.load_slide(one)
        for one in codes:
            self._outside.load_code(one)

    def _stop(self) -> None:
        """Fall silent at once, then tell how far it was heard."""
        cue, has_begun, heard = self.player.cue, self.player.has_begun, self.player.heard()
        self.player.drop()
        if cue is None or not self.may_speak or not has_begun:
            return
        self._played.set(cue["id"], OVER)
        self._outside.tell({"type": "heard", "cue_id": cue["id"], "final": True, **heard})

    def _report(self) -> None:
        cue = self.player.cue
        if cue is not None and self.may_speak and self.player.has_begun:
            self._outside.tell({"type": "heard", "cue_id": cue["id"], **self.player.heard()})

    def _status(self) -> None:
        at = round(self._wall().timestamp() * 1000)
        told = {"fps": FRAMES, "figure": "", "audio": "running", "at": at, "seq": self._seq}
        self._outside.tell({"type": "status", **told})

    def _tell(self, kind: str, cue: Message) -> None:
        self._outside.tell({"type": kind, "cue_id": cue["id"]})
