"""One form for each mark, so that a rule is written once. Lengths stay, so places stay."""

_FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ALIKE = {
    "〔﹝［【〖": "[",
    "〕﹞］】〗": "]",
    "—–‐‑‒―−﹣－─": "-",
    "～〜∼﹏": "~",
    "\u3000\u00a0\u2002\u2003\u2009\t": " ",
    "￥": "¥",
    "﹪": "%",
    "﹢": "+",
    "✕✖╳": "×",
    "∕⁄": "/",
    "∶﹕": ":",
    "丨｜": "|",
}
_FOLD: dict[int, int | str] = {
    **_FULL,
    **{ord(char): plain for chars, plain in _ALIKE.items() for char in chars},
}


def folded(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones; as long as the text."""
    return text.translate(_FOLD)
