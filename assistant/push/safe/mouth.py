"""The mouth of a drawn presenter: nine shapes, as `web/static/stage-mouth.js` draws them."""

from dataclasses import dataclass, fields

from assistant.domain.speech import Viseme


@dataclass(frozen=True, slots=True)
class Lips:
    """Units of the drawing: half width, gap; shares 0..1; how far the corners are lifted."""

    w: float
    open: float
    round: float
    teeth: float
    bite: float
    smile: float

    def towards(self, other: "Lips", part: float) -> "Lips":
        """On the way to another shape."""
        names = [one.name for one in fields(Lips)]
        return Lips(
            *(getattr(self, n) + (getattr(other, n) - getattr(self, n)) * part for n in names)
        )


SHAPES = {
    Viseme.REST: Lips(29, 0, 0, 0, 0, 5.2),
    Viseme.A: Lips(25.5, 0, 0.12, 0, 0.15, 2.6),
    Viseme.B: Lips(29, 6.5, 0, 1, 0, 2.8),
    Viseme.C: Lips(27, 10, 0, 0.75, 0, 3),
    Viseme.D: Lips(28.5, 15, 0, 0.7, 0, 3),
    Viseme.E: Lips(20.5, 12, 0.6, 0.25, 0, 0),
    Viseme.F: Lips(16.5, 6.5, 1, 0.15, 0, 0),
    Viseme.G: Lips(25, 4.5, 0, 1, 1, 1.2),
    Viseme.H: Lips(26, 9, 0, 0.85, 0, 2),
}


@dataclass(frozen=True, slots=True)
class Mouth:
    """Outlines with the mouth's middle at 0, 0; `teeth` is where the upper ones end."""

    lips: str
    inside: str
    teeth: float
    top: float


def outlines(at: Lips) -> Mouth:
    """The paths of a shape."""
    corner, sag = -at.smile, at.smile * 0.55
    up, down = at.open * 0.4, at.open * 0.6 - at.bite * 1.5
    upper, lower = 6.4 + at.round * 2.4, 8.2 + at.round * 2.2 - at.bite * 2.4
    bow, half = 2.1 * (1 - at.round), at.w
    inner = half - 3.2 - at.round * 1.5
    inside = _ring(inner, corner + 0.4, sag - up + bow * 0.25, down + sag + bow * 0.25)
    base = down + sag + lower
    lips = (
        f"M{-half} {corner}C{-half * 0.62} {-up - upper * 0.72} {-half * 0.3} {-up - upper}"
        f" {-half * 0.16} {-up - upper}Q0 {-up - upper + bow} {half * 0.16} {-up - upper}"
        f"C{half * 0.3} {-up - upper} {half * 0.62} {-up - upper * 0.72} {half} {corner}"
        f"C{half * 0.62} {base * 0.93} {half * 0.34} {base} 0 {base}"
        f"C{-half * 0.34} {base} {-half * 0.62} {base * 0.93} {-half} {corner}Z"
    )
    return Mouth(lips, inside, sag - up + 9 * at.teeth, -up - upper)


def _ring(half: float, corner: float, upper: float, lower: float) -> str:
    """From corner to corner, along the upper lip and back along the lower one."""
    return (
        f"M{-half} {corner}C{-half * 0.5} {upper} {-half * 0.18} {upper} 0 {upper}"
        f"C{half * 0.18} {upper} {half * 0.5} {upper} {half} {corner}"
        f"C{half * 0.55} {lower} {half * 0.3} {lower} 0 {lower}"
        f"C{-half * 0.3} {lower} {-half * 0.55} {lower} {-half} {corner}Z"
    )
