"""The files of a draft: script, deck, announcement and plan, each with both AI labels."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

from assistant.domain.studio import StreamDraft, StreamPlan
from assistant.printing.aigc import UNREGISTERED, AigcLabel
from assistant.printing.marking import marked
from assistant.records.codec import to_json
from assistant.studio.deck import render_on_template, render_pdf, render_pptx
from assistant.studio.drafting.script_docx import docx_of

PLAN_NAMES: Mapping[str, str] = {
    "platform": "平台",
    "content": "内容",
    "procedure": "流程",
    "time": "时间",
    "frequency": "频次",
    "cost": "成本",
    "risk": "风险",
}


def files_of(
    draft: StreamDraft,
    titles: Mapping[str, str],
    producer: str = UNREGISTERED,
    template: bytes | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file. `titles` are names of sources by id.

    With an office's `template` the deck is drawn on it, and `template.txt` tells what of it could
    not be kept. Raises UnusableTemplate.
    """
    label = AigcLabel.first(producer, produce_id(draft))
    yield "script.json", script_json(draft, label).encode()
    yield "script.docx", file_of("script.docx", draft, titles, label)
    if template is None:
        yield "deck.pptx", file_of("deck.pptx", draft, titles, label)
    else:
        made = render_on_template(draft.deck, template, label)
        yield "deck.pptx", made.data
        yield "template.txt", "\n".join(["模板里保留不了的：", *made.told]).encode()
    for name in ("announcement.txt", "plan.txt"):
        yield name, file_of(name, draft, titles, label)
    yield "plan.json", _json(asdict(draft.plan)).encode()


def file_of(name: str, draft: StreamDraft, titles: Mapping[str, str], label: AigcLabel) -> bytes:
    """One of the files for people, our own look; `deck.pdf` too. Raises KeyError, DoesNotFit."""
    makers: Mapping[str, Callable[[], bytes]] = {
        "script.docx": lambda: marked("docx", docx_of(draft, titles), label),
        "deck.pptx": lambda: render_pptx(draft.deck, label),
        "deck.pdf": lambda: render_pdf(draft.deck, label),
        "announcement.txt": draft.announcement.text.encode,
        "plan.txt": plan_text(draft.plan).encode,
    }
    return makers[name]()


def produce_id(draft: StreamDraft) -> str:
    """Names this very draft: printable ASCII, the same for the same words."""
    digest = hashlib.sha256(to_json(draft).encode()).hexdigest()
    return f"draft/{digest[:16]}"


def script_json(draft: StreamDraft, label: AigcLabel) -> str:
    """The whole draft, with its AI label in front."""
    return _json({"AIGC": json.loads(label.text()), **json.loads(to_json(draft))})


def plan_text(plan: StreamPlan) -> str:
    """The seven fields for people."""
    lines = [f"{name}：{getattr(plan, key) or '（请填写）'}" for key, name in PLAN_NAMES.items()]
    return "\n".join([*lines, "（本方案由人工智能生成，须经工作人员审核）"])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
