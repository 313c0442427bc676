"""An office's templates and the choices among them, on both databases."""

from datetime import UTC, datetime

import pytest

from assistant.domain.templates import DeckTemplate
from assistant.errors import Conflict, NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.deck_templates import OFFICE, OURS, TemplateRecords

pytestmark = pytest.mark.contract
AT = datetime(2026, 11, 30, 2, tzinfo=UTC)


def template(number: int) -> DeckTemplate:
    return DeckTemplate(f"t{number}", f"模板{number}", f"{number:064x}", 9, ("一句。",), "ann", AT)


async def test_choices_go_with_the_template_that_is_removed(database: Database, clock) -> None:
    audit = AuditRecords(database, "office", clock)
    records = TemplateRecords(database, "office", audit)
    one, other = template(1), template(2)
    await records.add(one)
    await records.add(other)
    with pytest.raises(Conflict):
        await records.add(DeckTemplate("t3", "又一次", one.digest, 9, (), "ann", AT))
    assert await records.listed() == [other, one]
    assert await TemplateRecords(database, "elsewhere", audit).listed() == []
    with pytest.raises(NotFound):
        await records.choose(OFFICE, "none", "ann")
    await records.choose(OFFICE, "t1", "ann")
    await records.choose("s1", "t2", "ann")
    await records.choose("s2", OURS, "ann")
    assert await records.choices("s1") == {OFFICE: "t1", "s1": "t2"}
    assert await records.choices("s2") == {OFFICE: "t1", "s2": OURS}
    await records.choose("s2", None, "ann")
    assert await records.choices("s2") == {OFFICE: "t1"}
    assert await records.remove("t1", "ann") == one
    assert await records.choices("s1") == {"s1": "t2"}
    with pytest.raises(NotFound):
        await records.get("t1")
    told = [event.action for event, _ in await audit.recent(3)]
    assert told == ["template.removed", "template.chosen", "template.chosen"]
