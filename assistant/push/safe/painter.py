"""Paints scenes: each room of the stage only where it differs from what stands there."""

from collections.abc import Callable
from typing import Any

from PIL import Image

from assistant.push.safe import caption, edges
from assistant.push.safe.canvas import Canvas
from assistant.push.safe.card import Card
from assistant.push.safe.figure import Figure
from assistant.push.safe.ground import ground
from assistant.push.safe.places import Places, Theme
from assistant.push.safe.scene import Pictures, Scene

At = tuple[int, int]


class Painter:
    """`pictures` may grow while it paints; a picture that is missing is left out until it comes."""

    def __init__(self, places: Places, theme: Theme, who: str, pictures: Pictures) -> None:
        self.canvas = Canvas(places.size)
        self.painted = 0
        """Rooms that were drawn anew so far."""
        self._places, self._pictures = places, pictures
        self._stands: dict[str, object] = {}
        self.dress(theme, who)

    def dress(self, theme: Theme, who: str) -> None:
        """In other colours, with another presenter; all is drawn anew."""
        self._theme, self._look = theme, (theme, who)
        self._figure = Figure(self._places, theme, who)
        self._stands.clear()
        self.canvas.put(ground(self._places.size, theme))

    def is_dressed(self, theme: Theme, who: str) -> bool:
        """Whether it looks like that already."""
        return self._look == (theme, who)

    def paint(self, scene: Scene) -> None:
        """Bring the canvas to this scene."""
        p, t = self._places, self._theme
        at = (scene.room, scene.topic, scene.is_cut)
        self._if_new("top", at, p.top[:2], lambda: edges.top(scene, p, t))
        self._if_new("clock", scene.clock, p.clock[:2], lambda: edges.clock(scene, p, t))
        self._if_new("label", scene.label, p.label[:2], lambda: edges.label(scene.label, p, t))
        self._side(scene)
        self._caption(scene)
        self._host(scene)

    def _if_new(self, name: str, key: object, at: At, draw: Callable[[], Image.Image]) -> bool:
        if self._stands.get(name, self) == key:
            return False
        self._stands[name] = key
        self.canvas.put(draw(), at)
        self.painted += 1
        return True

    def _side(self, scene: Scene) -> None:
        at = self._places.side[:2]
        slide = self._pictures.slides.get(scene.slide)
        if slide is not None:
            self._if_new("side", scene.slide, at, lambda: slide)
            return
        codes = [one.code for one in getattr(scene.card, "basis", ())]
        there = [code for code in codes if code in self._pictures.codes]
        key: Any = (scene.card, scene.next, tuple(there))
        self._if_new("side", key, at, lambda: self._card().drawn(scene.card, scene.next))

    def _card(self) -> Card:
        return Card(self._places, self._theme, self._pictures)

    def _caption(self, scene: Scene) -> None:
        p, t = self._places, self._theme
        at, is_hint = p.caption[:2], scene.hint and not scene.caption
        key = (scene.caption, scene.said, is_hint)
        if is_hint:
            self._if_new("caption", key, at, lambda: caption.hint(p, t))
        else:
            draw = lambda: caption.caption(scene.caption, scene.said, p, t)  # noqa: E731
            self._if_new("caption", key, at, draw)

    def _host(self, scene: Scene) -> None:
        p, t, figure = self._places, self._theme, self._figure
        if scene.is_person:
            self._if_new("host", "person", p.host[:2], lambda: edges.person(p, t))
            return
        if self._if_new("host", "figure", p.host[:2], figure.rest):
            self._stands.pop("mouth", None)
            self._stands.pop("eyes", None)
        self._patch("mouth", scene.mouth, lambda: figure.mouth(*scene.mouth))
        self._patch("eyes", scene.blinks, lambda: figure.eyes(shut=scene.blinks))

    def _patch(self, name: str, key: object, draw: Callable[[], tuple[Image.Image, At]]) -> None:
        if self._stands.get(name, self) != key:
            self._stands[name] = key
            self.canvas.put(*draw())
            self.painted += 1
