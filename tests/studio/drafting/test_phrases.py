"""Connecting sentences state nothing, and none is said twice."""

import re

import pytest

from assistant.domain.source import ServiceGuide
from assistant.safety.packs import shipped_packs
from assistant.studio.drafting.checking import states_nothing
from assistant.studio.drafting.phrases import Phrases, bank, scenes
from assistant.studio.drafting.wording import findings_in

pytestmark = pytest.mark.unit
_SLOT = re.compile(r"\{\w+\}")
LINES = [line for lines in bank().values() for line in lines]
SCENES = [line for scene in scenes() for line in scene.lines]


def test_no_phrase_holds_a_figure_or_a_word_that_may_not_be_said() -> None:
    screen = shipped_packs().test
    filled = {line: _SLOT.sub("居住证申领", line) for line in (*LINES, *SCENES)}
    assert [line for line in filled if not states_nothing(line)] == []
    found = {line: findings_in("", text, (), screen) for line, text in filled.items()}
    assert {line: findings for line, findings in found.items() if findings} == {}


def test_no_phrase_stands_in_two_places() -> None:
    assert len(set(LINES)) == len(LINES)


def test_the_same_brief_draws_the_same_and_another_draws_otherwise() -> None:
    drawn = {seed: [Phrases(seed).take("opening.hello")] for seed in map(str, range(12))}
    assert len({lines[0] for lines in drawn.values()}) > 1
    assert Phrases("3").take("opening.hello") == drawn["3"][0]


def test_a_phrase_is_never_drawn_again() -> None:
    phrases = Phrases("x")
    lines = [phrases.take("opening.hello") for _ in range(len(bank()["opening.hello"]) + 2)]
    assert lines[-2:] == ["", ""]
    assert len(set(lines[:-2])) == len(bank()["opening.hello"])


def test_a_scene_fits_what_the_item_is_about() -> None:
    assert "驾照" in Phrases("x").scene(ServiceGuide("g", "机动车驾驶证期满换证"))
    assert Phrases("x").scene(ServiceGuide("g", "海籍调查咨询")) == ""
