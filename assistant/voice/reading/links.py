"""Addresses of pages and mailboxes stand on the screen; numbers that name a person are not said."""

import re

from assistant.voice.reading.latin import said
from assistant.voice.reading.pieces import Kind, Rule, rule

ON_SCREEN = "屏幕下方链接"
MAILBOX = "屏幕下方邮箱"
_URL = r"[A-Za-z0-9\-._~/?#@!$&'*+=%:]"
_IP = r"\d{1,3}(?:\.\d{1,3}){3}"
_TOP = r"(?:com|cn|net|org|gov|edu|top|vip|info|cc|io)"


def _account(found: re.Match[str]) -> str | None:
    """A name like abc123 of an account is not said in part; iPhone12 is words and a number."""
    return None if said(found[1]) else ""


def _link(found: re.Match[str]) -> tuple[tuple[int, str], ...]:
    """What follows the address as punctuation is read as such."""
    kept = found.group().rstrip(".?!:'")
    return ((len(kept), ON_SCREEN),)


def _mailbox(found: re.Match[str]) -> tuple[tuple[int, str], ...]:
    """The rule takes no punctuation after the address but a full stop."""
    return ((len(found.group().rstrip(".")), MAILBOX),)


RULES: tuple[Rule, ...] = (
    rule(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+", _mailbox, Kind.WORD),
    rule(rf"(?:https?|ftp):/+{_URL}+", _link, Kind.WORD),
    rule(
        rf"(?<![A-Za-z0-9@.])(?:www\.{_URL}+|(?:[A-Za-z0-9\-]+\.)+{_TOP}(?![A-Za-z0-9]){_URL}*)",
        _link,
        Kind.WORD,
    ),
    rule(rf"(?<![\d.]){_IP}(?::\d+)?/{_URL}*", _link, Kind.WORD),
    rule(
        r"(?<![A-Za-z0-9_])(?=[A-Za-z0-9]*[a-z]{2})([A-Za-z]{2,})[_-]?\d[A-Za-z0-9_]{2,}",
        _account,
        Kind.WORD,
    ),
)

_ALONE_BEFORE, _ALONE_AFTER = r"(?<![0-9A-Za-z.])", r"(?![0-9A-Za-z])"
_COUNTED = r"(?!\s?(?:[万亿]?元|个|人|户|次|份|件))"
PRIVATE: tuple[Rule, ...] = (
    # an identity number, also written in groups or with its middle starred out
    rule(rf"{_ALONE_BEFORE}\d{{6}}[ -]?\d{{8}}[ -]?\d{{3}}[\dXx]{_ALONE_AFTER}", "", Kind.WORD),
    rule(rf"{_ALONE_BEFORE}\d{{2,8}}\*{{3,}}[\dXx]{{0,6}}", "", Kind.WORD),
    # a bank card in groups of four
    rule(
        rf"{_ALONE_BEFORE}\d{{4}}(?:[ -]\d{{4}}){{2,3}}(?:[ -]\d{{1,4}})?{_ALONE_AFTER}",
        "",
        Kind.WORD,
    ),
    # any other long number; codes of fifteen letters and digits and more
    rule(rf"{_ALONE_BEFORE}\d{{13,}}{_ALONE_AFTER}{_COUNTED}", "", Kind.WORD),
    rule(rf"{_ALONE_BEFORE}(?=(?:[A-Z]*\d){{6}})[0-9A-Za-z]{{15,}}", "", Kind.WORD),
    rule(r"[零〇一二三四五六七八九幺]{15,}[Xx]?", "", Kind.WORD),
)
"""An ID-like number is never said (DOMAIN §6)."""
