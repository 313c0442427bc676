"""What goes into JSON comes out the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.answer import Draft
from assistant.domain.source import Faq, PolicyDocument, ServiceGuide
from assistant.records.codec import from_json, to_json

pytestmark = pytest.mark.unit

VALUES = [PolicyDocument, ServiceGuide, Faq, Draft]
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)

st.register_type_strategy(str, WORDS)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("kind", VALUES)
def test_every_value_comes_back_equal(kind: type) -> None:
    @given(st.from_type(kind))
    @settings(max_examples=60, deadline=None)
    def check(value: object) -> None:
        assert from_json(kind, to_json(value)) == value

    check()


def test_unstated_and_stated_none_stay_apart() -> None:
    stated = ServiceGuide("g", "名", materials=(), visits=0, appointment=False)
    back = from_json(ServiceGuide, to_json(stated))
    assert (back.materials, back.visits, back.appointment, back.steps) == ((), 0, False, None)
