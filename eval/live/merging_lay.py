"""Pairs by other hands: the everyday questions of `gd_lay_cases` beside official wordings.

Neither the thesaurus nor the pairs of `eval/live/sets` were written with them.
"""

import json
from pathlib import Path

from assistant.domain.source import ServiceGuide
from eval.live.merging_parts import guides_of
from eval.training.merging_pairs import REPORT, Pair

_OFFICIAL = {
    "materials": "{}需要提交哪些材料",
    "fee": "{}的收费标准是什么",
    "locations": "{}在哪里办理",
    "promised_limit": "{}的承诺时限是多少个工作日",
    "statutory_limit": "{}的法定时限是多少天",
    "consult_phone": "{}的咨询电话是多少",
    "complaint_phone": "{}的投诉电话是多少",
    "conditions": "{}的申请条件是什么",
    "online": "{}可以网上办理吗",
    "visits": "{}需要到现场几次",
    "authority": "{}由哪个机关办理",
    "steps": "{}如何办理",
}


def lay_pairs(data: Path) -> list[Pair]:
    """Each everyday question beside its guide's wording (same), and another field, another item."""
    guides = {guide.id: guide for guide in guides_of([data / "gd_guides.jsonl"])}
    rows = map(json.loads, (data / "gd_lay_cases.jsonl").read_text("utf-8").splitlines())
    return [pair for row in rows for pair in _of_case(row, guides)]


def _of_case(row: dict[str, object], guides: dict[str, ServiceGuide]) -> list[Pair]:
    ids = row.get("reference_ids")
    guide = guides.get(str(ids[0])) if isinstance(ids, list) and ids else None
    field, question = row.get("field"), str(row["question"])
    if guide is None or not isinstance(field, str) or field not in _OFFICIAL:
        return []
    fields = list(_OFFICIAL)
    other = fields[(fields.index(field) + 1) % len(fields)]
    names = sorted({one.name for one in guides.values()})
    rival = names[(names.index(guide.name) + 1) % len(names)]
    return [
        Pair(question, _OFFICIAL[field].format(guide.name), True, "lay", REPORT, "wording"),
        Pair(question, _OFFICIAL[other].format(guide.name), False, "lay", REPORT, "field"),
        Pair(question, _OFFICIAL[field].format(rival), False, "lay", REPORT, "item"),
    ]
