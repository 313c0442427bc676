"""Whether text may leave for the network voice, as this process knows it."""

from collections.abc import Awaitable, Callable

Read = Callable[[], Awaitable[bool]]
"""Whether consent is given now (records.voice_consents)."""


class Consent:
    """In memory; `refresh` follows the records. Until it was read nothing leaves."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self.given = False

    async def refresh(self) -> bool:
        """Take up what was said since, here or in another process: a chore."""
        self.given = await self._read()
        return False
