"""The key that lets a page speak for a room: in the address that the operator gives to OBS.

Without it a page is a mirror: anyone may watch, but only the room's own page may say that a cue
has been said.
"""

import hashlib
import hmac


def stage_key(secret: bytes, room_id: str) -> str:
    """The room's key: 128 bits of HMAC-SHA256, the same after a restart."""
    return hmac.new(secret, f"stage\n{room_id}".encode(), hashlib.sha256).hexdigest()[:32]


def is_stage_key(secret: bytes, room_id: str, key: str) -> bool:
    """Whether a key is the room's, in constant time."""
    return hmac.compare_digest(stage_key(secret, room_id).encode(), key.encode())
