"""Fixed lines of the live room. Versioned, because viewers read and hear them."""

from datetime import timedelta

VERSION = "4"

HIDDEN = "（内容已屏蔽）"
"""Stands for a harmful comment wherever comments are shown."""

RECEIPT = "已收到您的问题，正在查找依据。"
HOLDING = "这个问题需要工作人员核实，已为您转交人工，稍后答复。"
MANUAL = "您的问题已排队，工作人员确认后答复。"
REFUSED = "这个问题不便在直播间答复，您可以拨打12345政务服务热线咨询。"
COMPLAINT = "您反映的情况已登记，工作人员会尽快处理；也可以拨打12345政务服务热线。"
IDENTITY = "我是人工智能数字人，答复内容由人工智能生成；需要真人帮助，请回复“找人工”。"
GREETING = "您好，欢迎来到政务服务直播间，想办什么事可以直接打字提问。"
REDIRECT = "这里解答政务服务问题，想办什么事可以直接打字提问。"
URGENT = "您的情况比较急，已提醒值班工作人员优先处理。"
CHECKING = "有网友的提问正在请工作人员核实，核实后马上答复，请稍等。"
"""Said while questions wait for a person: approved words, nothing of a viewer's in them."""


def holding_until(when: str) -> str:
    """To who asks while the office is closed: when a person will answer."""
    return f"这个问题已记下，{when}上班后由工作人员答复。"


def complaint_until(when: str) -> str:
    """To who complains while the office is closed."""
    return f"您反映的情况已登记，{when}上班后由工作人员处理；也可以拨打12345政务服务热线。"


def checking_until(when: str) -> str:
    """Said while questions wait for the office to open."""
    return f"有网友的提问需要工作人员核实，已经记下，{when}上班后答复。"


def held_until(when: str) -> str:
    """Shown while no answer is given by itself; `when` is empty in office hours."""
    then = f"{when}上班后由工作人员答复" if when else "由工作人员确认后答复"
    return f"现在播放审核过的内容。您的提问都会记下，{then}。"


HANDED = "您的问题已转交有关部门办理，办结后答复。"
CONFIRMED = "工作人员核对过，之前的答复无误："
LATER = "您之前的提问，现在答复："
CORRECTED = "更正：之前的答复有误，请以这条为准："
TAKEN_BACK = "之前的答复有误，请勿采用。"
CORRECTION = "更正："
PERSON = "已为您转交人工，工作人员稍后联系或在直播间答复。"

PICKED = {
    "welcome": GREETING,
    "ask": "有问题请直接打字，我会在讲解中间为大家解答。",
    "wait": "请大家稍等，马上回来。",
    "later": "没来得及解答的问题，稍后以文字答复。",
    "call": "需要人工帮助，请拨打12345政务服务热线，或到就近的政务服务大厅咨询。",
    "thanks": "感谢大家的关注，咱们下次直播见。",
}
"""Lines that anybody who runs a room may have said; approved words, nothing else in them."""

CLIP = 300
"""Characters of an answer that a text reply holds; no platform's comment takes more."""


def emergency(call: str) -> str:
    """Whom to call, at once. `call` names the numbers as triage found them."""
    whom = call or "110、119或120"
    return f"如有生命危险，请立即拨打{whom}！已同时通知值班工作人员。"


def spoken_soon(wait: float) -> str:
    """That the answer will be voiced; `wait` in seconds."""
    if wait < 60:
        return "马上为您口播答复："
    return f"约{round(wait / 60)}分钟后口播答复，先给您文字版："


TEXT_INSTEAD = "当前提问较多，先以文字答复："


def answered_before(ago: timedelta) -> str:
    """The pointer to an answer that was given some minutes ago."""
    minutes = max(1, round(ago.total_seconds() / 60))
    return f"这个问题{minutes}分钟前刚答复过："


def asked_by_many(count: int) -> str:
    """How many ask, a sentence of its own: what follows has been voiced already; "" for one."""
    return f"{count}位网友都在问。" if count > 1 else ""


LONGEST_ASKED = 60
"""Characters of a viewer's question that are repeated aloud."""


def asked_before(question: str, count: int, *, today: bool) -> str:
    """What goes before an answer whose question is no longer in anyone's mind."""
    whom = f"有{count}位网友" if count > 1 else "有网友"
    when = "刚才" if today else "上一场"
    asked = question.rstrip("？?。 ")
    return (
        f"{when}{whom}问：{asked}？" if 0 < len(asked) <= LONGEST_ASKED else f"{when}{whom}提问，"
    )


def checking(count: int) -> str:
    """What the stage shows while questions wait for a person; "" where none does."""
    return f"{count}个问题正在请工作人员核实。" if count else ""


def clipped(text: str) -> str:
    """A text short enough for a reply; never cut within a line where a line's end is near."""
    if len(text) <= CLIP:
        return text
    return text[: CLIP - 12].rstrip() + "…（完整答复见屏幕）"
