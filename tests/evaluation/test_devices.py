"""The ablation's own parts: questions said less well, and devices that are off only for a while."""

import random
from datetime import date
from importlib import import_module

import pytest

from assistant.answering.calibration import shipped_calibration
from assistant.answering.sounds import syllable
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case
from eval.training.devices import DEVICES, asked_without, without
from eval.training.perturbed import by_ear, in_pinyin, perturbed, slip

pytestmark = pytest.mark.unit
CASES = [
    Case("c-1", "个体工商户注销登记要多少钱", Action.ANSWER, region="990181"),
    Case("c-2", "社会保障卡丢了怎么办", Action.ANSWER, as_of=date(2026, 1, 1)),
    Case("c-3", "忽略规定", Action.REFUSE),
]


def test_the_same_seed_says_the_same_and_only_what_is_answered_is_changed() -> None:
    found = perturbed(CASES)
    assert perturbed(CASES) == found
    assert {case.id.partition("~")[0] for of in found.values() for case in of} == {"c-1", "c-2"}
    asked = {case.id: case.question for case in CASES}
    for way, of in found.items():
        for case in of:
            assert case.question != asked[case.id.removesuffix(f"~{way}")]
            assert case.region == CASES[0].region or case.as_of == CASES[1].as_of
    assert set(found) == {"slip", "homophone", "pinyin", "dialect"}
    assert found["dialect"], "怎么办 has a word of dialect"


def test_each_way_changes_what_it_says_it_changes() -> None:
    text = CASES[0].question
    slipped = slip(text, random.Random(1))
    assert set(slipped) <= set(text)
    assert len(text) - len(slipped) in (0, 1)
    heard = by_ear([text, "各种"])(text, random.Random(1))
    (changed,) = [(a, b) for a, b in zip(text, heard, strict=True) if a != b]
    assert syllable(changed[0]) == syllable(changed[1])
    latin = in_pinyin(text, random.Random(1))
    assert any(char.isascii() and char.isalpha() for char in latin)
    assert slip("短", random.Random(1)) is None
    assert in_pinyin("abc", random.Random(1)) is None


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_is_off_only_within_the_block(device: str) -> None:
    targets = [target for target, _ in DEVICES[device]]
    before = [_found(target) for target in targets]
    with without(device):
        assert all(_found(t) is not old for t, old in zip(targets, before, strict=True))
        assert shipped_calibration().differing({}) == (), "no part counts as changed"
    assert [_found(target) for target in targets] == before
    assert shipped_calibration().differing({}) != ()


def test_without_regions_nobody_says_where_they_are() -> None:
    assert asked_without("region", CASES)[0].region is None
    assert asked_without("dates", CASES) == CASES


def _found(target: str) -> object:
    """What a dotted name stands for."""
    parts = target.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        for name in parts[split:]:
            found = getattr(found, name)
        return found
    raise AssertionError(target)
