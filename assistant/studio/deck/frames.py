"""The pages that a deck is laid out on: 16:9 for the file and the stage, 9:16 for a phone's stage.

Both have the same area, so that one division into slides serves both. An office's own template
has a frame of its own, made from its placeholders.
"""

from dataclasses import dataclass

from assistant.studio.deck.shapes import Box


@dataclass(frozen=True, slots=True)
class Frame:
    """A page in points. `head` is where a title may stand, `body` what ends above the foot.

    `tall` pages stack what stands side by side on wide ones. `plain` pages come from a template:
    its own ground and title are used, and `body` does not move with the title;
    `backed`: text gets a white ground, as theirs is dark or cannot be known.
    """

    width: float
    height: float
    head: Box
    body: Box
    foot: Box
    tall: bool = False
    plain: bool = False
    backed: bool = False


_SIDE, _TOP, _FOOT = 44.0, 30.0, 40.0


def _frame(width: float, height: float, *, tall: bool) -> Frame:
    side = 30.0 if tall else _SIDE
    inner = width - 2 * side
    foot = Box(side, height - _FOOT - 14, inner, _FOOT)
    head = Box(side, _TOP + (14 if tall else 0), inner, height * 0.34)
    return Frame(
        width, height, head, Box(side, head.y, inner, foot.y - 14 - head.y), foot, tall=tall
    )


WIDE = _frame(960, 540, tall=False)
TALL = _frame(540, 960, tall=True)
