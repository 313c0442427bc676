"""What a crash drill must show: all there, worked off, nothing lost, nothing doubled."""

import re
from collections.abc import Mapping
from typing import Any

MUST_BE_ZERO = (
    "comments without an outcome",
    "comments with two outcomes",
    "outcomes of comments never sent",
    "replies received twice (key)",
    "replies received twice (viewer and text)",
    "replies stored as sent and not received",
    "replies failed for want of an address",
    "cues begun twice",
    "answers spoken twice",
)
_BEFORE = re.compile(
    r"马上为您口播答复：|约\d+分钟后口播答复，先给您文字版：|当前提问较多，先以文字答复："
    r"|这个问题\d+分钟前刚答复过："
)


def holds(result: Mapping[str, Any]) -> bool:
    """Whether nothing was lost and nothing doubled, and everything was worked off."""
    all_there = result["comments sent"] == result["comments acknowledged"] > 0
    did_something = result["replies received"] > 0 and result["cues begun"] > 0
    finished = bool(result["left at the end"].get("idle"))
    return all_there and did_something and finished and not any(result[n] for n in MUST_BE_ZERO)


def answer_in(reply: str) -> str:
    """The answer in a reply, without what is said of when it is voiced."""
    return _BEFORE.sub("", reply, count=1)
