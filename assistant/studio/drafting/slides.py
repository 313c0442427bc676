"""What stands on the slides: fields as they are, tables where they are tables. No speech."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.domain.source import SourceHeader, TimeLimit
from assistant.domain.studio import Fact, Slide, SlideKind, Table
from assistant.retrieval.guide_render import CHANNEL_WORDS, render_basis, render_limit
from assistant.studio.card import NOT_STATED
from assistant.studio.drafting.facts import Clause, ItemFacts, unmarked
from assistant.studio.drafting.say_frame import IDENTITY, Frame
from assistant.studio.drafting.say_more import Asked, Mistake

MATERIAL_HEADS = ("序号", "材料名称", "原件", "复印件", "形式", "是否必要", "说明")
PLACE_HEADS = ("地点", "地址", "窗口", "办理时间", "电话")


def _ids(*groups: Fact | Iterable[Fact] | None) -> tuple[str, ...]:
    found: list[str] = []
    for group in groups:
        if isinstance(group, Fact):
            found.append(group.id)
        elif group is not None:
            found += [fact.id for fact in group]
    return tuple(dict.fromkeys(found))


def cover(at: Frame) -> Slide:
    """Title, kind, when, and that an AI speaks; office and day are the deck's own."""
    when = [at.stream[name].text for name in ("day", "begins") if name in at.stream]
    lines = ("　".join([str(at.brief.kind), *when]), IDENTITY)
    facts = _ids(at.stream.values())
    return Slide("cover", SlideKind.COVER, at.brief.title, lines, facts=facts)


def agenda(titles: Sequence[str]) -> Slide:
    """What comes, in order."""
    return Slide("agenda", SlideKind.AGENDA, "今天讲什么", tuple(dict.fromkeys(titles)))


def wondered(item: ItemFacts, title: str) -> Slide | None:
    """What people ask about the item, and what they call it."""
    asked = [faq.question for faq in item.guide.faqs or ()]
    called = [f"大家也叫它：{'、'.join(item.guide.aliases[:4])}"] if item.guide.aliases else []
    lines = (*asked[:3], *called)
    if not lines:
        return None
    facts = _ids(item.faqs[:3], item.name)
    return Slide("wondered", SlideKind.QUESTIONS, title, lines, facts=facts)


def conditions(item: ItemFacts, title: str) -> Slide:
    """The conditions, a sentence a line."""
    lines = [unmarked(fact.text) for fact in item.conditions]
    if item.audience:
        lines.insert(0, f"服务对象：{'、'.join(item.guide.audience or ())}")
    facts = _ids(item.audience, item.conditions)
    return Slide(
        "conditions", SlideKind.CONDITIONS, title, tuple(lines) or (NOT_STATED,), facts=facts
    )


def materials(item: ItemFacts, title: str) -> Slide:
    """The whole list with originals and copies."""
    stated = item.guide.materials
    if not stated:
        line = NOT_STATED if stated is None else "不需要提交材料"
        return Slide("materials", SlideKind.MATERIALS, title, (line,), facts=_ids(item.name))
    rows = tuple(
        (
            str(number),
            one.name,
            _count(one.originals),
            _count(one.copies),
            one.form or "—",
            {None: "—", True: "必要", False: "非必要"}[one.required],
            one.note or "",
        )
        for number, one in enumerate(stated, start=1)
    )
    facts = _ids(item.materials, item.material_count)
    return Slide(
        "materials", SlideKind.MATERIALS, title, table=Table(MATERIAL_HEADS, rows), facts=facts
    )


def _count(count: int | None) -> str:
    return "—" if count is None else f"{count}份" if count else "不要"


def flow(item: ItemFacts, title: str) -> Slide:
    """The steps as a flow, each with its channel."""
    steps = tuple(
        f"{f'【{word}】' if (word := CHANNEL_WORDS[step.channel]) else ''}{unmarked(step.text)}"
        for step in item.guide.steps or ()
    )
    lines = () if steps else (f"办理流程：{NOT_STATED}",)
    online = item.guide.online
    link = (online.url or "") if online and online.available else ""
    facts = _ids(item.steps, item.online)
    return Slide("flow", SlideKind.FLOW, title, lines, flow=steps, link=link, facts=facts)


def limits(item: ItemFacts, title: str) -> Slide:
    """Time, fee, online, result: the statutory limit never without its name."""
    guide = item.guide
    rows = [
        ("法定办结时限", _limit(guide.statutory_limit)),
        ("承诺办结时限", _limit(guide.promised_limit)),
        ("收费", guide.fee or NOT_STATED),
        ("网上办理", _online(item)),
        ("办理结果", guide.result or ""),
        ("预约和快递", _offered(item)),
    ]
    stated = tuple(row for row in rows if row[1])
    facts = _ids(
        item.statutory,
        item.promised,
        item.fee,
        item.online,
        item.visits,
        item.result,
        item.appointment,
        item.courier,
    )
    table = Table(("项目", "内容"), stated)
    return Slide("limits", SlideKind.LIMITS, title, table=table, facts=facts)


def _limit(limit: TimeLimit | None) -> str:
    return render_limit(limit) if limit else NOT_STATED


def _online(item: ItemFacts) -> str:
    """Whether, where, and how often one must come."""
    online, visits = item.guide.online, item.guide.visits
    said = []
    if online is not None:
        platform = f"（平台：{online.platform}）" if online.available and online.platform else ""
        said.append(f"可以网上办理{platform}" if online.available else "不能网上办理")
    if visits is not None:
        said.append(f"到现场次数：{visits}次")
    return "；".join(said)


def _offered(item: ItemFacts) -> str:
    guide = item.guide
    said = []
    if guide.appointment is not None:
        said.append("可以预约" if guide.appointment else "不提供预约")
    if guide.courier is not None:
        said.append("可以快递送达" if guide.courier else "不提供快递送达")
    return "；".join(said)


def places(item: ItemFacts, title: str) -> Slide:
    """All places with hours and phones."""
    rows = tuple(
        tuple(value or "—" for value in (p.name, p.address, p.window, p.hours, p.phone))
        for p in item.guide.locations or ()
    )
    lines = [f"咨询电话：{item.guide.consult_phone}"] if item.guide.consult_phone else []
    if item.guide.complaint_phone:
        lines.append(f"投诉电话：{item.guide.complaint_phone}")
    if not rows:
        lines.insert(0, f"办理地点：{NOT_STATED}")
    table = Table(PLACE_HEADS, rows) if rows else None
    facts = _ids(item.places, item.consult, item.complaint)
    return Slide("places", SlideKind.PLACES, title, tuple(lines), table=table, facts=facts)


def mistakes(found: Sequence[Mistake], title: str) -> Slide:
    """Thought beside truth."""
    rows = tuple((one.thought.rstrip("。"), one.truth.rstrip("。")) for one in found)
    facts = _ids(*(one.facts for one in found))
    table = Table(("常见想法", "指南怎么说"), rows)
    return Slide("mistakes", SlideKind.MISTAKES, title, table=table, facts=facts)


def questions(asked: Sequence[Asked], title: str) -> Slide:
    """Questions with their answers; then it is the viewers' turn."""
    lines = [line for one in asked for line in (f"问：{one.question}", f"答：{one.answer}")]
    lines.append("欢迎在评论区提问；请勿发身份证号、手机号")
    facts = _ids([one.fact for one in asked])
    return Slide("questions", SlideKind.QUESTIONS, title, tuple(lines), facts=facts)


def clause(one: Clause, title: str) -> Slide:
    """A clause, word for word."""
    number = f"（{one.header.document_number}）" if one.header.document_number else ""
    lines = (*one.pieces, f"——{one.header.title}{number}")
    return Slide("clause", SlideKind.CLAUSE, title, lines, facts=_ids(one.fact))


def item_basis(item: ItemFacts, validity: Fact | None, title: str) -> Slide:
    """On what the item rests, and as of when."""
    lines = [render_basis(replace(one, text=None)) for one in item.guide.basis or ()]
    lines += [validity.text] if validity else []
    facts = _ids(item.basis, validity)
    return Slide(
        "basis", SlideKind.BASIS, title, tuple(dict.fromkeys(lines)) or (NOT_STATED,), facts=facts
    )


def document(header: SourceHeader, fact: Fact, title: str) -> Slide:
    """Title, 文号 and days of a document."""
    del header
    return Slide("document", SlideKind.BASIS, title, tuple(fact.text.split("；")), facts=_ids(fact))


def code(items: Sequence[ItemFacts], link: str, title: str) -> Slide:
    """Where to go on: the link as a QR code, the phones as lines."""
    lines: list[str] = []
    for item in items:
        guide = item.guide
        lead = f"{guide.name}　" if len(items) > 1 else ""
        if guide.consult_phone:
            lines.append(f"{lead}咨询电话：{guide.consult_phone}")
        if guide.online and guide.online.available and guide.online.platform:
            lines.append(f"{lead}网上办理：{guide.online.platform}")
    facts = _ids([fact for i in items for fact in (i.consult, i.online) if fact])
    return Slide("code", SlideKind.CODE, title, tuple(lines), link=link, facts=facts)


def link_of(items: Sequence[ItemFacts]) -> str:
    """The first web address at which one of the items is done or explained; "" for none."""
    for item in items:
        online = item.guide.online
        for url in (online.url if online and online.available else None, item.guide.source_url):
            if (url or "").strip().lower().startswith(("http://", "https://")):
                return str(url)
    return ""
