"""Viewers under other names: the same viewer of a platform is known again, and nobody knows who."""

import hmac

from assistant.safety.keys import Keys

_SIGNS = 24


class Pseudonyms:
    """Keyed pseudonyms (HMAC-SHA256, 96 bits): without the key no id can be tried out."""

    def __init__(self, keys: Keys) -> None:
        self._key = keys.pseudonyms

    def __call__(self, platform: str, user_id: str) -> str:
        """The pseudonym of a viewer: 24 hexadecimal digits after `v`.

        The length of the platform's name stands before it, so that no two pairs are signed alike.
        """
        words = f"{len(platform)}:{platform}:{user_id}".encode("utf-8", "surrogatepass")
        return "v" + hmac.digest(self._key, words, "sha256").hex()[:_SIGNS]
