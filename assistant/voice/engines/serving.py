"""The inside of a helping process: frames on its standard streams.

A request is a length (4 bytes, big-endian) and JSON. So is a reply, followed by as many bytes of
PCM as it says. Only the standard library is imported: a worker starts in a tenth of a second.
"""

import json
import os
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

Say = Callable[[dict[str, Any]], tuple[dict[str, Any], bytes]]
"""What is asked → what the reply says, and its bytes. ValueError and KeyError become a reply."""


def work(say: Say) -> None:
    """Serve until the other side goes. What a library prints goes to the error stream."""
    with os.fdopen(os.dup(1), "wb") as replies:
        os.dup2(2, 1)
        serve(say, sys.stdin.buffer, replies)


def serve(say: Say, requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests until the other side closes its end."""
    while (head := requests.read(4)) and len(head) == 4:
        try:
            told, pcm = say(json.loads(requests.read(struct.unpack(">I", head)[0])))
        except (ValueError, KeyError) as error:
            told, pcm = {"error": str(error)}, b""
        body = json.dumps(told | {"bytes": len(pcm)}).encode()
        replies.write(struct.pack(">I", len(body)) + body + pcm)
        replies.flush()
