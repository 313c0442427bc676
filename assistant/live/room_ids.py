"""What a room may be called: its id stands in addresses, in settings and in folder names."""

import re

from assistant.errors import BadInput

_ANY = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_NEW = re.compile(r"[a-z0-9-]{1,40}")


def check_room_id(room_id: str) -> None:
    """Raises BadInput for an id that no room may have."""
    if not _ANY.fullmatch(room_id):
        raise BadInput("直播间编号只能用字母、数字和 . _ -，最多 64 个字符")


def check_new_room_id(room_id: str) -> None:
    """Raises BadInput for an id that staff may not give to a new room."""
    if not _NEW.fullmatch(room_id):
        raise BadInput("直播间编号只能用小写字母、数字和 -，最多 40 个字符")
