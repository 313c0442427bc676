"""Addresses for late replies: encrypted, so that what is stored tells nobody whom to reach."""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assistant.safety.keys import Keys

_VERSION, _NONCE = "a1", 12


class Vault:
    """AES-256-GCM; a sealed text is `a1.<key id>.<base64 of nonce and ciphertext>`."""

    def __init__(self, keys: Keys) -> None:
        self._head = f"{_VERSION}.{keys.id}."
        self._cipher = AESGCM(keys.addresses)

    def seal(self, address: str) -> str:
        """An address encrypted; twice the same address gives two different texts."""
        nonce = secrets.token_bytes(_NONCE)
        secret = self._cipher.encrypt(nonce, address.encode(), self._head.encode())
        return self._head + base64.urlsafe_b64encode(nonce + secret).decode()

    def open(self, sealed: str) -> str:
        """The address.

        Raises:
            ValueError: it was forged or damaged, or sealed with another key.
        """
        if not sealed.startswith(self._head):
            raise ValueError("sealed with another key, or not sealed")
        try:
            raw = base64.b64decode(sealed[len(self._head) :], altchars=b"-_", validate=True)
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], self._head.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise ValueError("the sealed address is damaged or forged") from error
