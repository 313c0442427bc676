"""The studio's values: a brief, the facts it rests on, and what is drafted from them.

Script, deck, clips and announcement state the same facts by id, so that an edit or a changed source
marks everything that rests on it.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class StreamKind(StrEnum):
    """The six kinds of stream (DOMAIN §1); the values are how staff name them."""

    FREQUENT = "高频业务"
    POLICY = "政策解读"
    GUIDE = "办事指南"
    QUESTIONS = "互动问答"
    CONCERNS = "民生热点"
    HELPING = "直播+在线帮办"


@dataclass(frozen=True, slots=True)
class Brief:
    """What staff asked for, as understood. `missing` are questions to ask back, in Chinese.

    `items` are ids of guides, `policies` ids of documents, both for the editor to change.
    `emphasis` are fields of guides (`materials`, `online` …) that get the time. `assumed` names
    each default that was taken where the brief says nothing.
    """

    text: str
    kind: StreamKind
    title: str
    day: date | None = None
    minutes: int | None = None
    audience: str = ""
    region: str | None = None
    items: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    emphasis: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    begins: time | None = None
    platform: str = ""
    frequency: str = ""
    assumed: tuple[str, ...] = ()


class FactKind(StrEnum):
    """What a fact is about; the guide's own field where there is one.

    STREAM: what the brief itself fixes (day, title, length). Its `source_id` is `brief`.
    """

    STREAM = "stream"
    NAME = "name"
    AUDIENCE = "audience"
    CONDITION = "conditions"
    MATERIAL = "materials"
    STEP = "steps"
    LIMIT = "limits"
    FEE = "fee"
    PLACE = "locations"
    PHONE = "phone"
    ONLINE = "online"
    VISITS = "visits"
    RESULT = "result"
    BASIS = "basis"
    CLAUSE = "clause"
    FAQ = "faq"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a source states. `text` is verbatim, or the field as `guide_render` gives it.

    `id` is short and unique in its draft (a model sees only ids); `key` is the same in every draft:
    source, field and place in it. `values` are what must never change: numbers, dates, amounts,
    phones, links and 文号 that stand in `text`.
    """

    id: str
    key: str
    kind: FactKind
    text: str
    source_id: str
    source_version: int
    locator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence to say. Without facts it may state none: no number, date, place or name."""

    text: str
    facts: tuple[str, ...] = ()


class Maker(StrEnum):
    """Who wrote a part."""

    TEMPLATE = "template"
    MODEL = "model"
    PERSON = "person"


class SectionKind(StrEnum):
    """The parts of a script, in their usual order (DOMAIN §5)."""

    OPENING = "opening"
    AGENDA = "agenda"
    SCENARIO = "scenario"
    CONDITIONS = "conditions"
    MATERIALS = "materials"
    STEPS = "steps"
    LIMITS = "limits"
    PLACES = "places"
    MISTAKES = "mistakes"
    CLAUSES = "clauses"
    QUESTIONS = "questions"
    RECAP = "recap"


@dataclass(frozen=True, slots=True)
class Section:
    """A line of the outline: what is said of which item, and for how long."""

    id: str
    kind: SectionKind
    title: str
    seconds: float
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the script: 时间, 画面, 口播, 字幕, 依据, 互动.

    `starts` and `seconds` are its place in the stream, of which `open_seconds` are kept free for
    viewers' questions; `slides` are shown one after the other; `fallback` says why a template wrote
    it where a model was asked.
    """

    id: str
    section: str
    kind: SectionKind
    title: str
    starts: float
    seconds: float
    slides: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    caption: str
    interaction: str = ""
    made_by: Maker = Maker.TEMPLATE
    fallback: str = ""
    open_seconds: float = 0.0


class SlideKind(StrEnum):
    """What a slide is; each kind has one way to be drawn."""

    COVER = "cover"
    AGENDA = "agenda"
    CONDITIONS = "conditions"
    MATERIALS = "materials"
    FLOW = "flow"
    LIMITS = "limits"
    PLACES = "places"
    MISTAKES = "mistakes"
    CLAUSE = "clause"
    QUESTIONS = "questions"
    BASIS = "basis"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Table:
    """A native table: one header row, then rows of as many cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: a title and lines, a table, or steps of a flow; `link` becomes a QR code.

    `notes` is what is said while it stands. `part` is "1/3" where a slide was divided to fit.
    """

    id: str
    kind: SlideKind
    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    flow: tuple[str, ...] = ()
    link: str = ""
    notes: str = ""
    facts: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class Deck:
    """The slides, in order. `office` and `day` stand on the cover."""

    title: str
    office: str
    day: date | None
    slides: tuple[Slide, ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """A guide clip of less than 40 s, at most 150 spoken characters."""

    id: str
    title: str
    question: str
    sentences: tuple[Sentence, ...]
    source_id: str
    link: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Announcement:
    """直播预告: what goes out before the stream."""

    title: str
    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """The seven fields of a plan (DOMAIN §1, S2); a blank one blocks approval."""

    platform: str = ""
    content: str = ""
    procedure: str = ""
    time: str = ""
    frequency: str = ""
    cost: str = ""
    risk: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reviewer should look at. `place` is a part of the draft (`s3`, `clip2`, `plan.risk`).

    `words` are the words found there, "" where the whole part is meant.
    """

    place: str
    words: str
    reason: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class StreamDraft:
    """Everything drafted from one brief. `fallbacks` name what a model was asked for and failed.

    `findings` are what code found to look at: banned and absolute words, a length that was missed.
    """

    brief: Brief
    facts: tuple[Fact, ...]
    outline: tuple[Section, ...]
    segments: tuple[Segment, ...]
    deck: Deck
    clips: tuple[Clip, ...]
    announcement: Announcement
    plan: StreamPlan
    fallbacks: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
