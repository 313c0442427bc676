"""Small questions to viewers with the guide's answers: only where a stream has time for them."""

from collections.abc import Iterator

from assistant.domain.studio import Fact
from assistant.studio.drafting.facts import ItemFacts
from assistant.studio.drafting.parts import DETAIL, Part, inner, plain, told
from assistant.studio.drafting.phrases import Phrases
from assistant.studio.drafting.say_item import short_limits

RANK = DETAIL + 1


def quiz(part: Part, item: ItemFacts, say: Phrases) -> None:
    """A question, a pause, the answer: a block each, as long as there are fresh words for it."""
    part.say(plain(say.take("quiz.lead")), rank=RANK)
    for slot, text, fact in _points(item):
        question, wait, answer = (
            say.take(f"quiz.{slot}"),
            say.take("quiz.wait"),
            say.lead("quiz.answer"),
        )
        if question and wait and answer:
            part.say(plain(question), plain(wait), told(f"{answer}{text}", fact), rank=RANK)


def _points(item: ItemFacts) -> Iterator[tuple[str, str, Fact]]:
    """What may be asked, with what the guide states."""
    guide, online = item.guide, item.guide.online
    if item.authority:
        yield "authority", inner(item.authority.text), item.authority
    if item.material_count:
        yield "materials", item.material_count.text, item.material_count
    if item.online and online:
        yield "online", "可以网上办理" if online.available else "不能网上办理", item.online
    if item.visits and guide.visits is not None:
        yield "visits", f"到现场次数是{guide.visits}次", item.visits
    if item.appointment:
        yield "appointment", inner(item.appointment.text), item.appointment
    for text, fact in short_limits(item):
        yield "fee" if fact is item.fee else "limit", text, fact
