"""What is said first: urgency, number of people, waiting time, topic; fair between viewers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.domain.live import Urgency

_URGENCY = {Urgency.NORMAL: 0.0, Urgency.URGENT: 1000.0, Urgency.EMERGENCY: 2000.0}
PERSON = 5000.0
"""What a person put on air goes before everything else."""
MANY = 60.0
"""Twice as many people count as much as a minute of waiting."""
TOPIC = 45.0
"""A question on the stream's topic counts as so many seconds of waiting."""
TURN = 120.0
"""Each answer that the same viewer has waiting or had lately moves the next one so far back."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a waiting cue's place is computed from; `waited` in seconds on air."""

    cue_id: str
    is_personal: bool
    urgency: Urgency
    asked_by: int
    waited: float
    on_topic: bool
    turn: int
    """How many earlier answers this viewer has waiting, or had within the last minutes."""


def weight(one: Standing) -> float:
    """In seconds of waiting: the greatest is said first."""
    person = PERSON if one.is_personal else 0.0
    people = MANY * math.log2(max(1, one.asked_by))
    topic = TOPIC if one.on_topic else 0.0
    urgency = _URGENCY[one.urgency]
    fair = 0.0 if urgency or person else TURN * one.turn
    return person + urgency + people + topic + one.waited - fair


def in_order(waiting: Iterable[Standing]) -> list[Standing]:
    """Who is said first; among equals the one that was made first (ids sort by time)."""
    return sorted(waiting, key=lambda one: (-weight(one), one.cue_id))
