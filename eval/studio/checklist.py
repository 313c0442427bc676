# ruff: noqa: E501 - one question a line
"""Yes/no questions to one deck and its script, after PresentBench: each a function of a few lines.

`None` means that the question does not arise (no FAQ in the guide: none can be missing).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from eval.studio.tracing import Raw, plain, slide_texts

NOT_STATED = "指南未载明"
UNITS = {"workday": "个工作日", "day": "天", "hour": "小时", "month": "个月"}


@dataclass(frozen=True)
class Case:
    """A draft as written, its brief, and the raw records that it should rest on."""

    kept: Mapping[str, Any]
    row: Mapping[str, Any]
    raw: Raw

    @property
    def slides(self) -> list[dict[str, Any]]:
        """All slides."""
        return list(self.kept["deck"]["slides"])

    @property
    def guides(self) -> list[dict[str, Any]]:
        """The raw guides of the draft."""
        found = (self.raw.records.get(one) for one in self.kept["brief"]["items"])
        return [one for one in found if one]

    @property
    def policies(self) -> list[dict[str, Any]]:
        """The raw documents of the draft."""
        return [self.raw.records[one] for one in self.kept["brief"]["policies"]]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Slides of a kind."""
        return [slide for slide in self.slides if slide["kind"] == kind]

    def words(self, kind: str) -> str:
        """All that slides of a kind show."""
        return plain("".join(text for slide in self.of(kind) for text in slide_texts(slide)))

    def rows(self, kind: str) -> list[list[str]]:
        """Rows of the tables of a kind."""
        return [row for slide in self.of(kind) for row in (slide["table"] or {"rows": []})["rows"]]

    def spoken(self, kind: str | None = None) -> str:
        """What is said, in all segments or in those of a kind."""
        segments = [s for s in self.kept["segments"] if kind in (None, s["kind"])]
        return plain("".join(one["text"] for s in segments for one in s["sentences"]))


Question = Callable[[Case], bool | None]


def all_shown(case: Case, kind: str, name: str, part: str | None = None) -> bool | None:
    """Whether a field of every guide stands on slides of a kind."""
    wanted = [plain(str(v)) for guide in case.guides for v in _values(guide.get(name), part) if v]
    shown = case.words(kind)
    return all(one in shown for one in wanted) if wanted else None


def _values(value: Any, part: str | None) -> list[Any]:
    if isinstance(value, list):
        return [one.get(part) if part else one for one in value]
    if isinstance(value, dict):
        return [value.get(part)]
    return [value]


def _limit(case: Case, name: str) -> bool | None:
    label = {"statutory_limit": "法定办结时限", "promised_limit": "承诺办结时限"}[name]
    stated = [g[name] for g in case.guides if g.get(name)]
    rows = [(plain(a), plain(b)) for a, b, *_ in case.rows("limits")]
    return (
        all(
            any(
                a == label and b.startswith(f"{one['value']:g}{UNITS[one['unit']]}")
                for a, b in rows
            )
            for one in stated
        )
        if stated
        else None
    )


def _materials(case: Case) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    def count(value: int | None) -> str:
        return "—" if value is None else f"{value}份" if value else "不要"

    wanted = [
        (plain(m["name"]), count(m.get("originals")), count(m.get("copies")))
        for guide in case.guides
        for m in guide.get("materials") or ()
    ]
    shown = [(plain(row[1]), row[2], row[3]) for row in case.rows("materials")]
    return wanted, shown


def missing_materials(case: Case) -> list[str]:
    """Materials of the guides that are not on the slides, or not said with their counts."""
    wanted, shown = _materials(case)
    spoken = case.spoken("materials")
    lost = [f"slide: {one}" for one in wanted if wanted.count(one) > shown.count(one)]
    for name, originals, copies in wanted:
        after = spoken.split(name, 1)[1][:40] if name in spoken else None
        if after is None:
            lost.append(f"said: {name}")
            continue
        lost += [
            f"said: {name} 原件"
            for _ in [0]
            if originals.endswith("份") and f"原件{originals}" not in after
        ]
        lost += [
            f"said: {name} 复印件"
            for _ in [0]
            if copies.endswith("份") and f"复印件{copies}" not in after
        ]
    return lost


def added_materials(case: Case) -> list[str]:
    """Rows of the material tables that no guide has."""
    wanted, shown = _materials(case)
    return [str(one) for one in shown if shown.count(one) > wanted.count(one)]


def _in_order(case: Case) -> bool | None:
    flow = plain("".join(text for slide in case.of("flow") for text in slide["flow"]))
    place = 0
    for guide in case.guides:
        for step in guide.get("steps") or ():
            place = flow.find(re.sub(r"^\d+[.、]", "", plain(step["text"])), place) + 1
            if not place:
                return False
    return True if any(g.get("steps") for g in case.guides) else None


def _online(case: Case) -> bool | None:
    stated = [g["online"]["available"] for g in case.guides if g.get("online")]
    shown = case.words("limits")
    wanted = [("不能网上办理" in shown) if not can else ("可以网上办理" in shown) for can in stated]
    return all(wanted) if wanted else None


def _unstated(case: Case) -> bool | None:
    silent = [g for g in case.guides if not g.get("fee")]
    return case.words("limits").count(NOT_STATED) >= len(silent) if silent else None


def _notes_are_the_script(case: Case) -> bool:
    notes = sorted(plain(s["notes"]) for s in case.slides)
    return sum(map(len, notes)) == len(case.spoken())


def _lines(slide: Mapping[str, Any]) -> int:
    table = slide["table"] or {"rows": []}
    return len(slide["lines"]) + len(slide["flow"]) + len(table["rows"])


def _per_item(case: Case, kind: str) -> bool | None:
    whole = [s for s in case.of(kind) if "~" not in s["id"]]
    return len(whole) == len(case.guides) if case.guides else None


def _clauses(case: Case) -> bool | None:
    texts = plain("".join(one.get("text", "") for one in case.policies))
    shown = [
        plain(line) for s in case.of("clause") for line in s["lines"] if not line.startswith("——")
    ]
    return all(line.rstrip("…") in texts for line in shown) if shown else None


def _shown_once(case: Case) -> bool:
    ids = [one for s in case.kept["segments"] for one in s["slides"]]
    return set(ids) == {s["id"] for s in case.slides}


def _order_kept(case: Case) -> bool:
    order = [s["id"] for s in case.slides]
    shown = list(dict.fromkeys(one for s in case.kept["segments"] for one in s["slides"]))
    return shown == order


def _faqs(case: Case) -> bool | None:
    faqs = [plain(f["question"]) for g in case.guides for f in g.get("faqs") or ()]
    shown = case.words("questions")
    return all(one in shown for one in faqs) if faqs else None


def _answered(case: Case) -> bool:
    lines = [line for slide in case.of("questions") for line in slide["lines"]]
    asked = [line for line in lines if line.startswith("问：")]
    return len(asked) == sum(line.startswith("答：") for line in lines)


def _link(case: Case) -> bool | None:
    online = [g["online"] for g in case.guides if (g.get("online") or {}).get("available")]
    urls = [one["url"] for one in online if str(one.get("url") or "").startswith("http")]
    return case.of("code")[0]["link"] in urls if urls else None


def _identity(case: Case) -> bool:
    opening = case.spoken("opening")
    return "AI" in opening and "人工智能生成" in opening


CHECKLIST: Mapping[str, Question] = {
    "opens with the cover": lambda c: c.slides[0]["kind"] == "cover",
    "one cover only": lambda c: len([s for s in c.of("cover") if "~" not in s["id"]]) == 1,
    "cover names the topic": lambda c: c.kept["brief"]["title"] == c.slides[0]["title"],
    "cover has the office": lambda c: bool(c.kept["deck"]["office"]),
    "cover has the day": lambda c: c.kept["deck"]["day"] == c.row["day"] and f"{int(c.row['day'][8:])}日" in c.words("cover"),
    "cover carries the AI label": lambda c: "人工智能" in c.words("cover") and "生成" in c.words("cover"),
    "agenda second": lambda c: c.slides[1]["kind"] == "agenda",
    "agenda of three to six lines": lambda c: 3 <= _lines(c.slides[1]) <= 6,
    "conditions for each item": lambda c: _per_item(c, "conditions"),
    "every condition shown": lambda c: all(plain(re.sub(r"^\s*[（(]?\d+[)）.、．]\s*", "", x)) in c.words("conditions") for g in c.guides for x in re.split(r"\n|(?<=[。；])", g.get("conditions") or "") if x.strip()) if c.guides else None,
    "materials for each item": lambda c: _per_item(c, "materials"),
    "no material missing": lambda c: not missing_materials(c) if c.guides else None,
    "no material added": lambda c: not added_materials(c) if c.guides else None,
    "materials in the guide's order": lambda c: [r[1] for r in c.rows("materials")] == [m["name"] for g in c.guides for m in g.get("materials") or ()] if c.guides else None,
    "what is not required is marked": lambda c: sum(r[5] == "非必要" for r in c.rows("materials")) == sum(m.get("required") is False for g in c.guides for m in g.get("materials") or ()) if c.guides else None,
    "notes on materials shown": lambda c: all_shown(c, "materials", "materials", "note"),
    "originals and copies are columns": lambda c: all({"原件", "复印件"} <= set(s["table"]["header"]) for s in c.of("materials") if s["table"]) if c.guides else None,
    "flow for each item": lambda c: _per_item(c, "flow"),
    "every step, in order": _in_order,
    "online said as the guide says": _online,
    "platform named": lambda c: all_shown(c, "limits", "online", "platform") if all((g.get("online") or {}).get("available") for g in c.guides) else None,
    "visits shown": lambda c: all(f"到现场次数:{g['visits']}次" in c.words("limits") for g in c.guides if g.get("visits") is not None) if c.guides else None,
    "limits for each item": lambda c: _per_item(c, "limits"),
    "statutory limit with name and unit": lambda c: _limit(c, "statutory_limit"),
    "promised limit with name and unit": lambda c: _limit(c, "promised_limit"),
    "fee word for word": lambda c: all_shown(c, "limits", "fee"),
    "the unsaid is called so": _unstated,
    "result shown": lambda c: all_shown(c, "limits", "result"),
    "places for each item": lambda c: _per_item(c, "places"),
    "every address": lambda c: all_shown(c, "places", "locations", "address"),
    "every hour": lambda c: all_shown(c, "places", "locations", "hours"),
    "every phone of a place": lambda c: all_shown(c, "places", "locations", "phone"),
    "consulting phone on the last slide": lambda c: all_shown(c, "code", "consult_phone"),
    "questions slide": lambda c: bool(c.of("questions")),
    "the guides' own questions": _faqs,
    "answers beside their questions": _answered,
    "viewers warned of personal data": lambda c: "身份证号" in c.words("questions"),
    "basis slide": lambda c: bool(c.of("basis") or c.of("clause")) if any(g.get("basis") for g in c.guides) or c.policies else None,
    "every basis by title": lambda c: all_shown(c, "basis", "basis", "title"),
    "every 文号 of the basis": lambda c: all_shown(c, "basis", "basis", "document_number"),
    "clauses word for word": _clauses,
    "validity shown": lambda c: all(str(int(g["updated_on"][8:])) in c.words("basis") for g in c.guides if g.get("updated_on") and g.get("basis")) if any(g.get("basis") for g in c.guides) else None,
    "ends with the way on": lambda c: c.slides[-1]["kind"] == "code",
    "link of the guide behind the code": _link,
    "every slide has a title": lambda c: all(s["title"].strip() for s in c.slides),
    "titles of at most 40 characters": lambda c: all(len(s["title"]) <= 40 for s in c.slides),
    "no empty slide": lambda c: all(_lines(s) or s["link"] for s in c.slides),
    "at most six lines, steps or rows": lambda c: all(_lines(s) <= 6 for s in c.slides),
    "notes are the script": _notes_are_the_script,
    "every slide is shown": _shown_once,
    "slides in the script's order": _order_kept,
    "no slide twice": lambda c: len({str((s["title"], s["lines"], s["table"], s["flow"])) for s in c.slides}) == len(c.slides),
    "no leftover of code": lambda c: not re.search(r"None|\{|\}|nan|undefined", "".join(t for s in c.slides for t in slide_texts(s))),
    "AI identity at the opening": _identity,
    "phone twice": lambda c: all(c.spoken().count(plain(re.sub(r"（.*", "", g["consult_phone"]))) >= 2 for g in c.guides if g.get("consult_phone")) if c.guides else None,
    "interaction in every segment": lambda c: all(s["interaction"] for s in c.kept["segments"]),
    "caption in every segment": lambda c: all(s["caption"] for s in c.kept["segments"]),
    "plan without a blank": lambda c: all(c.kept["plan"].values()),
}  # fmt: skip


def answers(case: Case) -> dict[str, bool]:
    """The questions that arise, with their answers."""
    found = {name: question(case) for name, question in CHECKLIST.items()}
    return {name: answer for name, answer in found.items() if answer is not None}
