"""Numbers of private persons: identity cards, mobiles, landlines, bank cards, passports, contacts.

Shape and checksum decide; where a number has neither, the words before it do.
"""

import re
from collections.abc import Iterator

from assistant.safety import checksums
from assistant.safety.digits import Run, runs
from assistant.safety.masked import Found
from assistant.safety.number_words import (
    CONTEXT,
    EXTENSION,
    ONE_TOO_MANY,
    PUBLIC_PHONE,
    in_code,
    is_date,
    is_measure,
)
from assistant.safety.official import Official

_IDENTITY = re.compile(r"(?=(\d{17}[\dX]))")
_LONGEST, _SHORTEST = 19, 10
_YEAR = re.compile(r"(?:19|20)\d\d")
_CODED = re.compile(
    "编码|编号|代码|单号|流水|案号|文号|受理|订单|发票|票号|条码|序列|批次|车次|保单"
)
_LETTERS = re.compile(
    r"(?<![0-9A-Za-z])(?:[GHMC]|[EC](?:[\W_]{0,8}[A-Z])?)[\W_]{0,8}$", re.IGNORECASE
)


def personal_numbers(text: str, half: str, official: Official) -> list[Found]:
    """Every number of a private person in a text; `half` is the text in half width."""
    return [found for run in runs(text) for found in _Reader(run, half, official).read()]


class _Reader:
    """Looks through one run: what is sure first, then what has a shape, then what is said."""

    def __init__(self, run: Run, half: str, official: Official) -> None:
        self._run, self._half, self._official = run, half, official
        self._free = [True] * len(run.digits)
        self._found: list[Found] = []
        self._split = False

    def read(self) -> list[Found]:
        self._identities()
        self._passport()
        self._shaped()
        if not self._found:
            self._mobile_and_one()
        if not self._found:
            self._said()
        else:
            self._rest()
        return self._found

    def _identities(self) -> None:
        """Numbers with place, birthday and checksum, wherever they begin."""
        for match in _IDENTITY.finditer(self._run.digits):
            start, end = match.span(1)
            sure = checksums.is_identity(match[1]) and self._run.is_sure(start, end)
            if sure and self._are_free(start, end):
                self._take(start, end, "identity")

    def _shaped(self) -> None:
        """Other numbers that are known by their shape: first what begins first, the longest."""
        for start in range(len(self._run.digits) - _SHORTEST + 1):
            if self._run.opens(start):
                ends = range(start + _LONGEST, start + _SHORTEST - 1, -1)
                found = next(((e, k) for e in ends if (k := self._shape(start, e))), None)
                if found:
                    self._take(start, *found)
                    self._extend()

    def _shape(self, start: int, end: int) -> str | None:
        if not self._are_free(start, end) or not self._run.bounded(start, end):
            return None
        number, place = self._run.digits[start:end], self._run.span(start, end)
        kind = checksums.shape(number)
        if kind is None or len(set(number)) == 1 or self._official.is_number(number):
            return None
        public = is_measure(self._half, *place) or in_code(
            self._half, *place, named=kind != "mobile"
        )
        return None if public else kind

    def _take(self, start: int, end: int, kind: str) -> None:
        self._free[start:end] = [False] * (end - start)
        self._split |= not self._run.is_whole(start, end)
        begin, last = self._run.span(start, end)
        self._found.append(Found(begin, last, kind))

    def _are_free(self, start: int, end: int) -> bool:
        return end <= len(self._free) and all(self._free[start:end])

    def _mobile_and_one(self) -> None:
        """A mobile number with one digit too many, all in one piece: 2 and 13800138000."""
        digits, size = self._run.digits, len(self._run.digits)
        plain = size == 12 and self._run.is_whole(0, size) and len(set(digits)) > 2  # no 1717…
        if plain and ONE_TOO_MANY.fullmatch(digits):
            place = self._run.span(0, size)
            code = in_code(self._half, *place, named=True) or _CODED.search(self._half)
            if not (code or is_measure(self._half, *place) or self._official.is_number(digits)):
                self._take(0, size, "mobile")

    def _extend(self) -> None:
        """Take the extension after a landline with it."""
        last = self._found[-1]
        if last.kind == "landline" and (match := EXTENSION.match(self._half, last.end)):
            self._found[-1] = last._replace(end=match.end())

    def _passport(self) -> None:
        """A letter of Chinese passports or permits, then 7, 8 or 10 digits."""
        place = self._run.places[0]
        match = _LETTERS.search(self._half, max(0, place - 20), place)
        for length in (10, 8, 7) if match else ():
            if self._are_free(0, length) and self._run.closes(length):
                self._take(0, length, "passport")
                assert match is not None
                self._found[-1] = self._found[-1]._replace(start=match.start())
                return

    def _rest(self) -> None:
        """What is left beside a personal number may be a piece of it.

        A year or 12345 stays beside a number that was not split.
        """
        kind = self._found[0].kind
        for stretch in re.finditer("1{2,}", "".join("01"[free] for free in self._free)):
            start, end = stretch.span()
            digits, apart = self._run.digits[start:end], start in self._run.gaps
            public = self._official.is_number(digits) or bool(_YEAR.fullmatch(digits))
            public = public and self._run.is_whole(start, end) and not self._split
            if not apart or (end - start >= 4 and not public):
                self._take(start, end, kind)

    def _said(self) -> None:
        """What has no shape of its own, but was called a personal number just before."""
        if self._official.is_number(self._run.digits) and len(self._run.digits) <= 6:
            return
        place = self._run.places[0]
        before = self._half[max(0, place - 24) : place]
        for kind, (least, words) in CONTEXT.items():
            match = words.search(before)
            if match and self._is_told(kind, least, before):
                start = place - len(before) + match.end() if kind != "passport" else place
                self._take(0, self._told_end(least), _kind_of(kind, self._run.digits))
                self._found[-1] = self._found[-1]._replace(start=start)
                return

    def _is_told(self, kind: str, least: int, before: str) -> bool:
        digits = self._run.digits[: self._told_end(least)]
        public = self._official.is_number(digits) and not (kind == "contact" and len(digits) > 6)
        if len(digits) < least or public or is_measure(self._half, *self._run.span(0, len(digits))):
            return False
        first = next((i for i in sorted(self._run.gaps)), len(digits))
        if self._official.is_number(digits[:first]) or is_date(self._half, self._run.places[0]):
            return False
        if set(digits) == {"0"} or digits.count("X") > 1:
            return False
        return kind != "phone" or not PUBLIC_PHONE.search(before)

    def _told_end(self, least: int) -> int:
        """The end of the number that was told: its first stretch, or all where that is short."""
        ends = (i for i in range(1, len(self._run.digits)) if i in self._run.gaps and i >= least)
        return next(ends, len(self._run.digits))


def _kind_of(context: str, digits: str) -> str:
    if context != "phone":
        return context
    return "mobile" if digits.startswith("1") else "landline"


_LETTERED = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Za-z]{1,2}\s?\d{6}\s?\([\dAa]\)"
    r"|[JLBjlb]\d{6}[-\s]?(?:19|20)\d\d[-\s]?\d{6}(?!\d)|[A-Z][12]\d{8}(?![0-9A-Za-z]))"
)


def lettered_numbers(text: str) -> Iterator[Found]:
    """Numbers with letters that are one person's or couple's.

    Identity cards of Hong Kong (check digit in brackets) and Taiwan (a letter, nine digits), and
    certificates of marriage and divorce (J or L, place, year, count: MZ/T 004).
    """
    for match in _LETTERED.finditer(text):
        yield Found(match.start(), match.end(), "passport")
