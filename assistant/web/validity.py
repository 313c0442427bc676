"""效力 in plain words: whether a source may answer on a day, and why not."""

from dataclasses import dataclass
from datetime import date

from assistant.domain.source import SourceHeader, Status


@dataclass(frozen=True, slots=True)
class Validity:
    """`label` is shown; `tone` picks its colour (`good`, `soon`, `off`); `note` explains."""

    label: str
    tone: str
    answers: bool
    note: str = ""


_REPEALED = Validity("已废止", "off", answers=False, note="不再作为答复依据")
_DRAFT = Validity("征求意见稿", "off", answers=False, note="尚未发布，不作为答复依据")
_PARTLY = Validity("部分失效", "soon", answers=True, note="部分条款已失效")
_AMENDED = Validity("已修订", "good", answers=True)
_IN_FORCE = Validity("现行有效", "good", answers=True)


def validity(header: SourceHeader, day: date, superseded_from: date | None) -> Validity:
    """The same order of checks as `domain.source.in_force`, with the reason kept."""
    if header.status is Status.REPEALED:
        return _REPEALED
    if header.status is Status.DRAFT:
        return _DRAFT
    if header.effective_from and day < header.effective_from:
        return Validity("尚未生效", "soon", answers=False, note=f"{header.effective_from} 起施行")
    if header.effective_to and day > header.effective_to:
        return Validity("已失效", "off", answers=False, note=f"有效期至 {header.effective_to}")
    if superseded_from is not None and day >= superseded_from:
        return Validity("被取代", "off", answers=False, note="已有新文件代替")
    return _answering(header.status)


def _answering(status: Status | None) -> Validity:
    if status is Status.PARTLY_REPEALED:
        return _PARTLY
    return _AMENDED if status is Status.AMENDED else _IN_FORCE
