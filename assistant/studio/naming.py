"""Places in words, for people: 第2段“材料”第1句."""

from assistant.domain.studio import StreamDraft
from assistant.studio.drafting.files import PLAN_NAMES

_TEXTS = {"caption": "字幕", "interaction": "互动", "title": "标题"}
_SLIDE = {"line": "第{0}行", "flow": "第{0}步", "cell": "第{0}行第{1}格"}


def place_name(place: str, draft: StreamDraft) -> str:
    """The place as people would say it; "" is the whole."""
    owner, _, rest = place.partition(".")
    if owner == "plan":
        return f"直播方案“{PLAN_NAMES.get(rest, rest)}”"
    if owner == "announcement":
        return "直播预告" + ("标题" if rest else "")
    if owner.startswith("slide "):
        return _slide(owner.removeprefix("slide "), rest, draft)
    return _spoken(owner, rest, draft) or place or "整份稿子"


def _spoken(owner: str, rest: str, draft: StreamDraft) -> str:
    for number, clip in enumerate(draft.clips, start=1):
        if clip.id == owner:
            return f"短视频{number}" + (f"第{rest}句" if rest else "")
    for number, segment in enumerate(draft.segments, start=1):
        if segment.id == owner:
            return f"第{number}段“{segment.title}”" + _of_segment(rest)
    return ""


def _of_segment(rest: str) -> str:
    return f"第{rest}句" if rest.isdigit() else _TEXTS.get(rest, "")


def _slide(slide_id: str, rest: str, draft: StreamDraft) -> str:
    ids = [slide.id for slide in draft.deck.slides]
    number = ids.index(slide_id) + 1 if slide_id in ids else 0
    name, *numbers = rest.split(".")
    where = _SLIDE.get(name, _TEXTS.get(name, "")).format(*numbers, "", "")
    return f"幻灯片第{number}页{where}"
