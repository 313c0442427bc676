"""Passwords: what is accepted (NIST SP 800-63B §5.1.1.2), and argon2 off the event loop."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Protocol, TypeVar

from assistant.errors import BadInput, Unavailable

T = TypeVar("T")

SHORTEST = 10
LONGEST = 200
AT_ONCE = 2
"""Two cores; each hash takes 64 MiB and about 50 ms of all of them."""
WAITING = 32

_COMMON = frozenset((Path(__file__).parent / "common_passwords.txt").read_text("utf-8").split())
"""Short and our own; a longer list may take its place, a word a line."""


class Hasher(Protocol):
    """Slow hashes with a salt (pwdlib's PasswordHash)."""

    def hash(self, password: str) -> str:
        """A password's hash."""
        ...

    def verify_and_update(self, password: str, hash: str) -> tuple[bool, str | None]:  # noqa: A002 - pwdlib's name
        """Whether it is the password; a newer hash where the old one's parameters are old."""
        ...


def normal(password: str) -> str:
    """One form for what keyboards write in several; a broken character is a question mark."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()


def check(password: str, name: str) -> None:
    """Raises BadInput, saying what to do, for a password that is easily guessed."""
    plain = normal(password).casefold()
    if not SHORTEST <= len(plain) <= LONGEST:
        raise BadInput(f"密码应为 {SHORTEST} 到 {LONGEST} 个字符")
    if len(name) > 2 and name.casefold() in plain:
        raise BadInput("密码不能包含登录名")
    if plain in _COMMON or len(set(plain)) < 5 or _is_run(plain):
        raise BadInput("这个密码太常见", hint="可以用几个不相干的词组成一句")


def _is_run(text: str) -> bool:
    """Whether each character follows the one before it: 123…, abc…, and backwards."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1})


class Passwords:
    """Makes and checks hashes in threads, a few at a time, so that logins never stop the room."""

    def __init__(self, hasher: Hasher | None = None) -> None:
        self._hasher = hasher
        self._room = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._nobody = ""

    async def hash(self, password: str) -> str:
        """The hash to store."""
        return await self._run(partial(self._tool().hash, normal(password)))

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether it is the password, and a newer hash to store where there should be one.

        `stored` is None for a name that nobody has: the same work is done, so that the time
        does not tell which names exist. Raises Unavailable when too many wait.
        """
        if stored is None:
            self._nobody = self._nobody or await self.hash(secrets.token_urlsafe(16))
        against = stored or self._nobody
        given = normal(password)
        given = given if len(given) <= LONGEST else ""  # no such password was ever accepted
        check = partial(self._tool().verify_and_update, given, against)
        is_right, newer = await self._run(check)
        return is_right and stored is not None, newer

    async def prepare(self) -> None:
        """Make the hash that nobody's name is checked against, before the first login."""
        self._nobody = self._nobody or await self.hash(secrets.token_urlsafe(16))

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING:
            raise Unavailable("登录的人太多，请稍后再试")
        self._waiting += 1
        try:
            async with self._room:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1

    def _tool(self) -> Hasher:
        if self._hasher is None:
            from pwdlib import PasswordHash

            self._hasher = PasswordHash.recommended()
        return self._hasher
