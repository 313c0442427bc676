import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety import checksums

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("number", "is_valid"),
    [("11010519491231002X", True), ("110105194912310021", False), ("11010519491331002X", False)],
)
def test_identity_numbers(number: str, is_valid: bool) -> None:
    assert checksums.is_identity(number) is is_valid


@given(
    st.sampled_from(["11010519491231002X", "440304198808080017"]),
    st.integers(0, 16),
    st.integers(1, 9),
)
def test_one_wrong_digit_is_still_seen(number: str, at: int, by: int) -> None:
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert checksums.is_mistyped_identity(wrong)


def test_the_code_of_a_company_is_no_identity_number() -> None:
    assert checksums.is_credit_code("91350100M000100Y43")
    assert not checksums.is_mistyped_identity("91350100M000100Y43")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("4111111111111111", "card"),
        ("4111111111111112", None),
        ("6217000010001234567", "card"),
        ("110105491231002", "identity"),
        ("075583130240", "landline"),
        ("8613800138000", "mobile"),
        ("12800138000", None),
        ("1101X519491231002X", None),
    ],
)
def test_shapes(number: str, kind: str | None) -> None:
    assert checksums.shape(number) == kind


@given(st.text(alphabet="0123456789X", min_size=18, max_size=18))
def test_any_eighteen_signs_are_judged(number: str) -> None:
    if number[:17].isdecimal():
        assert checksums.is_identity(number) <= checksums.is_mistyped_identity(number)
