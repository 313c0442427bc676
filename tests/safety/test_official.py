import pytest

from assistant.domain.source import Faq, Location, PolicyDocument, ServiceGuide
from assistant.safety.masking import Masker
from assistant.safety.official import Official, official_of, phones_in

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("咨询电话：020-84469270、020-84469702", {"02084469270", "02084469702"}),
        ("（0755）8313 0240转8", {"075583130240"}),
        ("热线400-888-1234或12345", {"4008881234", "12345"}),
        ("联系人13800138000", {"13800138000"}),
        ("国发〔2016〕55号，2020年1月1日", set()),
    ],
)
def test_phones_in_a_text(text: str, phones: set[str]) -> None:
    assert phones_in(text) == phones


def test_what_the_knowledge_base_makes_public() -> None:
    place = Location(address="福中三路1号2栋3单元301室", phone="0755-83130001")
    guide = ServiceGuide("g", "办证", consult_phone="0755-83130240", locations=(place,))
    policy = PolicyDocument("p", "通知", "联系电话：13900139000。")
    faq = Faq("f", "问", "请拨打0755-83130002。")
    mask = Masker()
    mask.replace_official(official_of([guide, policy, faq]))
    for public in ("0755-83130240", "83130001", "13900139000", "07558313 0002", place.address):
        assert mask(f"{public}对吗").kinds == ()
    assert mask("0755-83130003对吗").kinds == ("landline",)


@pytest.mark.parametrize("number", ["12345", "075512345", "110", "95588", "4008881234", "10086"])
def test_service_lines_are_official_everywhere(number: str) -> None:
    assert Official().is_number(number)
