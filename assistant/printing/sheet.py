"""A PDF in our typeface: what every document on paper shares."""

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from assistant.printing import typefaces
from assistant.printing.breaking import broken

LEADING = 0.53
"""Height of a line (mm) for each point of type."""
SPARE = 0.4
"""mm by which measuring may err."""
INK, GREY, RED = (33, 37, 41), (90, 98, 104), (158, 27, 35)


class Sheet(FPDF):
    """A document on paper of one size, in mm; `endless` is one page, cut by who draws."""

    def __init__(self, width: float, height: float, margin: float, *, endless: bool = False):
        super().__init__(unit="mm", format=(width, height))
        self.set_margins(margin, margin, margin)
        self.set_auto_page_break(auto=not endless, margin=margin)
        self.add_font("sans", "", typefaces.REGULAR)
        self.add_font("sans", "B", typefaces.BOLD)
        if (other := typefaces.fallback()) is not None:
            self.add_font("other", "", other)
            self.set_fallback_fonts(["other"], exact_match=False)
        self.set_lang("zh-CN")
        self.add_page()

    def finished(self) -> bytes:
        """The file."""
        made = bytes(self.output())
        self.let_go()
        return made

    def let_go(self) -> None:
        """Close the typefaces' files."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def words(self, text: str, size: float, style: str = "", align: str = "L") -> None:
        """A paragraph from the left margin on; `size` in points."""
        self.set_font("sans", style, size)
        for line in broken(text, self.epw - SPARE, self.get_string_width):
            self.cell(0, size * LEADING, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
