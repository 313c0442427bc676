"""The 28 guides: how many, how complete, which may show a link, what is marked as an example."""

import re
from urllib.parse import urlsplit

import pytest

from assistant.domain.source import ServiceGuide
from tests.knowledge import shipped

pytestmark = pytest.mark.unit

ENTRANCES = {
    "gjzwfw.www.gov.cn",
    "fuwu.nhsa.gov.cn",
    "si.12333.gov.cn",
    "etax.chinatax.gov.cn",
    "gab.122.gov.cn",
}
"""Well-known national entrances; a deep link would have to be invented."""
MAY_BE_SILENT = {"statutory_limit", "effective_to", "source_url"}
"""What the model county has nothing to say about: no law sets days, it does not end, no site."""
EXAMPLE_PHONE = re.compile(r"0000-12345[0-9]{2}（示例）")
every_guide = pytest.mark.parametrize("guide", shipped.guides(), ids=lambda guide: guide.id)


def test_counts() -> None:
    online = [guide for guide in shipped.guides() if guide.online and guide.online.available]
    assert len(shipped.guides()) == 28
    assert len(online) == 19


def test_names_and_codes_differ() -> None:
    for key in ("id", "name", "code", "base_code"):
        values = [getattr(guide, key) for guide in shipped.guides()]
        assert len(set(values)) == 28, key


def test_an_alias_names_one_guide() -> None:
    aliases = [alias for guide in shipped.guides() for alias in {*guide.aliases, guide.name}]
    assert sorted(aliases) == sorted(set(aliases))


@every_guide
def test_every_field_is_filled(guide: ServiceGuide) -> None:
    silent = set(guide.__slots__) - shipped.stated(guide) - MAY_BE_SILENT
    assert not silent
    assert all(material.originals is not None for material in guide.materials or ())
    assert len(guide.faqs or ()) >= 2


@every_guide
def test_link_only_where_it_can_be_done_online(guide: ServiceGuide) -> None:
    assert guide.online is not None
    if not guide.online.available:
        assert guide.online.url is None
        assert guide.online.platform is None
        assert all(step.channel.value != "online" for step in guide.steps or ())
        return
    link = urlsplit(guide.online.url or "")
    assert link.scheme == "https"
    assert link.netloc in ENTRANCES
    assert link.path in {"", "/"}
    assert guide.online.platform


@every_guide
def test_an_item_without_a_link_offers_a_solution(guide: ServiceGuide) -> None:
    if guide.online and not guide.online.available:
        answers = "".join(faq.answer for faq in guide.faqs or ())
        assert re.search("解决办法|上门|预约", answers)
        assert guide.visits
    assert guide.steps


@every_guide
def test_places_and_phones_are_marked_as_examples(guide: ServiceGuide) -> None:
    places = guide.locations or ()
    assert all("示例" in (place.name or "") for place in places)
    assert all("示例" in (place.address or "") for place in places)
    phones = [guide.consult_phone, guide.complaint_phone, *(place.phone for place in places)]
    assert all(EXAMPLE_PHONE.fullmatch(phone or "") for phone in phones)
    assert "示例" in (guide.authority or "") or "示例" in guide.tags[0]
    assert "示例" in (guide.code or "")
    assert guide.region == "990181"


@every_guide
def test_the_promise_is_no_longer_than_the_law_allows(guide: ServiceGuide) -> None:
    days = {"workday": 1.4, "day": 1.0, "hour": 1 / 24, "month": 30.0}
    law, promise = guide.statutory_limit, guide.promised_limit
    if law and promise:
        assert promise.value * days[promise.unit] <= law.value * days[law.unit] * 1.4
