"""What the label says of whom one hears: never covered, always there.

《人工智能生成合成内容标识办法》, GB 45438-2025 (DOMAIN §3): letters of 5 % of the shortest side.
"""

LABEL = "AI数字人 · 内容由人工智能生成"
LABEL_SAID = "AI合成播报 · 内容由工作人员提供"
"""Beside words that a person wrote: figure and voice are synthesised, the content is not."""
LABEL_PERSON = "真人解答 · 由工作人员提供"
"""While a person has taken over, nothing that is heard or said is made by a machine."""
LABELS = {"": LABEL, "said": LABEL_SAID, "person": LABEL_PERSON}


def label_of(room_state: str, kind: str) -> str:
    """The label by the room's state and the kind of the cue that is said, "" for none."""
    if room_state == "taken_over":
        return LABEL_PERSON
    return LABEL_SAID if kind == "operator_said" else LABEL
