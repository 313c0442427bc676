"""Slides that the stage shows: markup by its own hash, of drawings and text alone.

Whoever draws them escapes what comes from sources (`studio.deck.slide_markup`); here nothing else
is taken in: no script, no style, no link, no file from elsewhere.
"""

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

from assistant.errors import BadInput

ELEMENTS = frozenset({"section", "svg", "g", "rect", "polygon", "line", "path", "text", "tspan"})
ATTRIBUTES = frozenset({
    *("class", "lang", "data-slide", "data-role", "aria-label", "xmlns", "viewbox"),
    *("preserveaspectratio", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "rx", "points"),
    *("d", "fill", "stroke", "stroke-width", "opacity", "transform", "shape-rendering"),
    *("font-family", "font-size", "font-weight", "text-anchor"),
})  # fmt: skip
LONGEST = 400_000
"""Characters of one slide; a full one with a QR code has about 60,000."""
_NAME = re.compile(r"[0-9a-f]{32}")


class SlideStore:
    """A folder of slides. The same markup has the same name; nothing is ever changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, markup: str) -> str:
        """Store a slide; its name. Raises BadInput for markup that is more than a drawing."""
        if len(markup) > LONGEST:
            raise BadInput("这一页太大，画面放不下")
        _Strict().check(markup)
        name = hashlib.sha256(markup.encode()).hexdigest()[:32]
        file = self._folder / f"{name}.html"
        if not file.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            written = file.with_suffix(".part")
            written.write_text(markup, encoding="utf-8")
            written.replace(file)
        return name

    def file(self, name: str) -> Path | None:
        """A stored slide, or None."""
        file = self._folder / f"{name}.html"
        return file if _NAME.fullmatch(name) and file.is_file() else None


class _Strict(HTMLParser):
    """Refuses whatever is no plain drawing."""

    def check(self, markup: str) -> None:
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        links = any("url(" in (value or "").lower() for _, value in attrs)
        if tag not in ELEMENTS or names - ATTRIBUTES or links:
            raise BadInput("这一页含有不允许的内容")

    def handle_comment(self, data: str) -> None:
        raise BadInput("这一页含有不允许的内容")

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)
