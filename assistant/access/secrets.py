"""Random secrets and what is derived from them. Only digests are ever stored."""

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32
API_PREFIX = "lqd_"
"""So that a leaked key is recognised, by people and by scanners of repositories."""

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and digits that are mistaken for each other when read from a terminal."""


def new_token() -> str:
    """256 random bits, fit for a cookie or a header."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """A code that a person types once: 4 groups of 5, about 98 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def plain_code(typed: str) -> str:
    """A typed code without what people add: spaces, hyphens, small letters."""
    return "".join(char for char in typed.upper() if char.isalnum())


def digest(secret: str) -> str:
    """SHA-256, hexadecimal. Enough for a random secret of 256 bits; passwords get argon2."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def same(left: str, right: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))


def csrf_of(token: str) -> str:
    """The session's token for forms: derived from its secret, so nothing more is stored.

    A page that cannot read the cookie cannot make it, and it does not give the cookie away.
    """
    return hmac.new(token.encode("utf-8", "replace"), b"csrf", hashlib.sha256).hexdigest()
