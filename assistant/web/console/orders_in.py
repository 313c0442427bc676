"""An order as the console sends it: what it says, and which right it needs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, Field

from assistant.access.accounts import Permission
from assistant.domain.broadcast import Taking
from assistant.errors import BadInput
from assistant.live import orders
from assistant.live.operating import LONGEST_SAID
from assistant.live.orders import Order
from assistant.live.states import Move

Name = Literal[
    "pause", "resume", "take_over", "give_back", "mute", "skip", "withdraw", "say", "approve",
    "settled", "review", "automatic", "beat", "present", "sound", "card", "acknowledge", "topic",
    "pick",
    "script_jump", "script_hold", "script_taking", "script_end",
]  # fmt: skip


class OrderIn(BaseModel):
    """One order; `id` names the question, cue, alert or line, `text` are words, `on` a switch.

    `key` names one press of a button: the same order with the same key is carried out once.
    `part` is a part of the script on air, `taking` when it takes questions.
    """

    order: Name
    id: str = Field(default="", max_length=64)
    text: str = Field(default="", max_length=2 * LONGEST_SAID)
    on: bool = True
    aloud: bool = True
    key: str = Field(default="", max_length=64)
    part: int = Field(default=0, ge=0, le=1000)
    taking: Taking = Taking.AT_ONCE


_MAKERS: Mapping[Name, tuple[Permission, Callable[[OrderIn], Order]]] = {
    "pause": (Permission.RUN_ROOM, lambda _: orders.Change(Move.PAUSE)),
    "resume": (Permission.RUN_ROOM, lambda _: orders.Change(Move.RESUME)),
    "take_over": (Permission.RUN_ROOM, lambda _: orders.Change(Move.TAKE_OVER)),
    "give_back": (Permission.RUN_ROOM, lambda _: orders.Change(Move.GIVE_BACK)),
    "mute": (Permission.RUN_ROOM, lambda one: orders.Mute(one.on)),
    "skip": (Permission.RUN_ROOM, lambda _: orders.Skip()),
    "withdraw": (Permission.RUN_ROOM, lambda one: orders.Withdraw(one.id)),
    "review": (Permission.RUN_ROOM, lambda one: orders.PutToReview(one.id)),
    "settled": (Permission.RUN_ROOM, lambda one: orders.Settled(one.id)),
    "sound": (Permission.RUN_ROOM, lambda one: orders.Sound(one.on)),
    "card": (Permission.RUN_ROOM, lambda one: orders.Cover(one.on)),
    "present": (Permission.RUN_ROOM, lambda _: orders.Present()),
    "beat": (Permission.RUN_ROOM, lambda _: orders.Beat()),
    "acknowledge": (Permission.RUN_ROOM, lambda one: orders.Acknowledge(one.id)),
    "topic": (Permission.SAY, lambda one: orders.SetTopic(_topic(one.text))),
    "pick": (Permission.PICK_LINE, lambda one: orders.PickLine(one.id)),
    "script_jump": (Permission.RUN_ROOM, lambda one: orders.Jump(one.part)),
    "script_hold": (Permission.RUN_ROOM, lambda one: orders.Hold(one.on)),
    "script_taking": (Permission.RUN_ROOM, lambda one: orders.Take(one.taking)),
    "script_end": (Permission.RUN_ROOM, lambda _: orders.StopBroadcast()),
    "say": (Permission.SAY, lambda one: orders.Say(one.text)),
    "approve": (Permission.SAY, lambda one: orders.Approve(one.id, one.text, one.aloud)),
    "automatic": (Permission.SWITCH_AUTOMATIC, lambda one: orders.Automatic(one.on)),
}
UNRECORDED = frozenset[Name]({"beat"})
"""A heartbeat comes three times a minute and decides nothing."""
LONGEST_TOPIC = 60


def needed(sent: OrderIn) -> Permission:
    """The right that an order needs."""
    return _MAKERS[sent.order][0]


def made(sent: OrderIn, by: str = "") -> Order:
    """The order, with the account that decides. Raises BadInput."""
    order = _MAKERS[sent.order][1](sent)
    if isinstance(order, orders.Approve | orders.Settled):
        return replace(order, by=by)
    return order


def told(sent: OrderIn) -> Mapping[str, object]:
    """What the audit chain keeps of it."""
    every = {"id": sent.id, "text": sent.text}
    kept: dict[str, object] = {name: value for name, value in every.items() if value}
    if sent.order in ("mute", "automatic", "script_hold", "sound", "card"):
        kept["on"] = sent.on
    if sent.order == "approve":
        kept["aloud"] = sent.aloud
    if sent.order == "script_jump":
        kept["part"] = sent.part + 1
    if sent.order == "script_taking":
        kept["taking"] = sent.taking
    return kept


def _topic(text: str) -> str:
    if len(text.strip()) > LONGEST_TOPIC:
        raise BadInput(f"主题最多 {LONGEST_TOPIC} 个字")
    return text
