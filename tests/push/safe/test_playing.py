"""The stage without a browser keeps the page's rules: nothing twice, silent at once, in step."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from assistant.push.safe.places import WIDE
from assistant.push.safe.player import CUT_OFF, LOST, PATIENCE
from assistant.push.safe.showing import LINGER
from assistant.push.safe.sound import RATE
from assistant.push.safe.stage import BLOCK, SafeStage
from assistant.push.seams import FRAMES
from tests.support.drawn import Heard, cue, sentence, stage_for

pytestmark = pytest.mark.unit
FIRST, SECOND = "请带身份证。", "网上也能办。"
TONE = np.full(RATE * 6 // 10, 5000, np.int16)


@pytest.fixture
def outside() -> Heard:
    return Heard()


@pytest.fixture
def stage(outside: Heard, tmp_path: Path) -> SafeStage:
    return stage_for(outside, tmp_path, WIDE)


def run(stage: SafeStage, seconds: float) -> np.ndarray:
    """Its sound over some seconds."""
    return np.concatenate([stage.tick() for _ in range(round(seconds * FRAMES))])


def say(stage: SafeStage, cue_id: str = "c1", **changed: Any) -> None:
    stage.take(cue(cue_id, **changed))
    stage.take(sentence(0, FIRST, cue_id))
    stage.take(sentence(1, SECOND, cue_id))


def kinds(outside: Heard) -> list[str]:
    return [str(one["type"]) for one in outside.told if one["type"] != "heard"]


def test_a_cue_is_started_said_and_ended(stage: SafeStage, outside: Heard) -> None:
    say(stage)
    run(stage, 0.3)
    assert kinds(outside) == ["started"]
    run(stage, 1.5)
    assert kinds(outside) == ["started", "ended"]
    assert {one["cue_id"] for one in outside.told} == {"c1"}


def test_reports_follow_the_voice(stage: SafeStage, outside: Heard) -> None:
    say(stage)
    run(stage, 2)
    heard = [one["characters"] for one in outside.of("heard")]
    assert len(heard) >= 3
    assert heard == sorted(heard)
    assert 0 < heard[0] < heard[-1] <= len(FIRST + SECOND)


def test_its_sound_is_heard_when_its_sentence_is(stage: SafeStage, outside: Heard) -> None:
    stage.take(cue(sentences=1))
    stage.take(sentence(0, FIRST, audio="a.wav"))
    assert outside.sounds == ["a.wav"]
    assert not run(stage, 0.5).any()
    assert outside.told == []
    stage.player.loaded("a.wav", TONE)
    sound = run(stage, 1)
    begins = int(np.flatnonzero(sound)[0])
    assert np.array_equal(sound[begins : begins + len(TONE)], TONE)
    assert begins == pytest.approx(0.04 * RATE, abs=BLOCK)
    assert kinds(outside) == ["started", "ended"]


def test_sentences_follow_each_other_without_a_gap(stage: SafeStage) -> None:
    stage.take(cue())
    stage.take(sentence(0, FIRST, audio="a.wav"))
    stage.take(sentence(1, SECOND, audio="b.wav"))
    stage.player.loaded("a.wav", TONE)
    stage.player.loaded("b.wav", TONE)
    sound = run(stage, 2)
    begins = int(np.flatnonzero(sound)[0])
    assert sound[begins : begins + 2 * len(TONE)].all()
    assert not sound[begins + 2 * len(TONE) + 1 :].any()


def test_a_sound_that_does_not_come_makes_it_a_caption(stage: SafeStage, outside: Heard) -> None:
    stage.take(cue(sentences=1))
    stage.take(sentence(0, FIRST, audio="a.wav"))
    assert not run(stage, PATIENCE + 1.2).any()
    assert kinds(outside) == ["started", "ended"]


def test_a_stop_falls_silent_at_once_and_tells_how_far_it_was_heard(
    stage: SafeStage, outside: Heard
) -> None:
    stage.take(cue(sentences=1))
    stage.take(sentence(0, FIRST, audio="a.wav"))
    stage.player.loaded("a.wav", TONE)
    run(stage, 0.36)
    stage.take({"type": "stop"})
    assert not run(stage, 1)[round(0.02 * RATE) :].any()
    final = outside.told[-1]
    assert final["final"] is True
    assert 0 < final["characters"] < len(FIRST)
    say(stage)
    run(stage, 0.3)
    assert kinds(outside) == ["started", "started", "ended"]  # stopped is over


def test_an_acknowledged_cue_is_never_said_again_not_by_a_new_process(
    stage: SafeStage, tmp_path: Path
) -> None:
    say(stage)
    run(stage, 2)
    again = Heard()
    other = stage_for(again, tmp_path, WIDE)
    say(other)
    run(other, 1)
    assert kinds(again) == ["started", "ended"]
    assert other.player.cue is None
    assert again.of("heard") == []


def test_a_new_process_goes_on_at_the_sentence_that_was_begun(
    stage: SafeStage, tmp_path: Path
) -> None:
    say(stage)
    run(stage, 0.9)  # in the second sentence
    other = stage_for(Heard(), tmp_path, WIDE)
    stage.take(cue())
    say(other)
    run(other, 0.2)
    here = other.player.at()
    assert here is not None
    assert here.index == 1


def test_what_the_server_says_was_heard_is_not_said_again(stage: SafeStage) -> None:
    say(stage, **{"from": 1})
    run(stage, 0.2)
    here = stage.player.at()
    assert here is not None
    assert here.index == 1


def test_the_same_cue_offered_again_goes_on(stage: SafeStage, outside: Heard) -> None:
    say(stage)
    run(stage, 0.3)
    stage.take(cue())
    run(stage, 1.5)
    assert kinds(outside) == ["started", "started", "ended"]


def test_what_began_elsewhere_before_a_restart_is_left(stage: SafeStage, outside: Heard) -> None:
    say(stage, begun=True)
    run(stage, 1)
    assert outside.told == []


def test_who_does_not_speak_goes_along_and_acknowledges_no_end(
    stage: SafeStage, outside: Heard
) -> None:
    stage.take({"type": "role", "speaks": False, "renderer": False})
    say(stage, position={"sentence": 1, "seconds": 0.2})
    run(stage, 0.1)
    here = stage.player.at()
    assert here is not None
    assert (here.index, round(here.seconds, 1)) == (1, 0.3)
    stage.take({"type": "position", "cue_id": "c1", "sentence": 1, "seconds": 0.5})
    run(stage, 1)
    assert outside.of("ended") == outside.of("heard") == []


def test_a_cue_without_its_next_sentence_is_given_up_later_while_the_line_is_down(
    stage: SafeStage, outside: Heard
) -> None:
    stage.take(cue())
    stage.take(sentence(0, FIRST))
    run(stage, 1)
    stage.connected(on=False)
    run(stage, LOST + 2)
    assert outside.of("ended") == []
    run(stage, CUT_OFF - LOST)
    assert len(outside.of("ended")) == 1


def test_a_slide_stands_with_its_sentence_and_lingers(stage: SafeStage, outside: Heard) -> None:
    slides = [{"name": "s1", "sentence": 0}, {"name": "s2", "sentence": 1}]
    say(stage, slides=slides)
    assert outside.slides == ["s1", "s2"]
    side = WIDE.side
    for name, colour in (("s1", "red"), ("s2", "green")):
        size = (side[2] - side[0], side[3] - side[1])
        stage.slide_loaded(name, Image.new("RGB", size, colour))
    shown = []
    for seconds in (0.2, 0.8, LINGER, 2.0):
        run(stage, seconds)
        shown.append(stage.data[side[1] * 1280 + side[0] + 40 * 1280 + 40])
    assert len(set(shown)) == 3  # red, green, green, the card
    assert shown[1] == shown[2]


def test_the_code_of_the_first_source_is_asked_for_once(stage: SafeStage, outside: Heard) -> None:
    cited = {"title": "指南", "number": "", "locator": "材料", "quote": "身份证", "has_link": True}
    say(stage, citations=[{**cited, "source_id": "g/1"}, {**cited, "source_id": "g/2"}])
    assert outside.codes == ["g/1"]


def test_each_picture_has_its_samples_for_ever(stage: SafeStage) -> None:
    say(stage)
    lengths = {len(stage.tick()) for _ in range(200)}
    assert lengths == {BLOCK}
    assert BLOCK * FRAMES == RATE
    assert stage.mixer.at == 200 * BLOCK


def test_messages_of_no_known_type_are_passed_over(stage: SafeStage, outside: Heard) -> None:
    stage.take({"type": "something", "seq": 9})
    run(stage, 0.2)
    assert outside.told == []


def test_with_the_sound_off_captions_and_reports_go_on(stage: SafeStage, outside: Heard) -> None:
    stage.take({"type": "cover", "seq": 1, "silent": True, "carded": False})
    outside_sounds(stage)
    heard = run(stage, 0.3)
    assert not heard.any()
    assert not stage.speaks
    run(stage, 1.5)
    assert kinds(outside) == ["started", "ended"]
    stage.take({"type": "cover", "seq": 2, "silent": False, "carded": False})
    outside_sounds(stage, "c2")
    assert run(stage, 0.3).any()


def outside_sounds(stage: SafeStage, cue_id: str = "c1") -> None:
    """A cue whose sounds are there."""
    stage.take(cue(cue_id))
    for number, text in enumerate((FIRST, SECOND)):
        stage.take(sentence(number, text, cue_id, audio=f"{number}.wav"))
        stage.player.loaded(f"{number}.wav", TONE)


def test_the_card_stands_over_what_is_said_but_the_label(stage: SafeStage) -> None:
    say(stage)
    run(stage, 0.3)
    before = bytes(stage.data)
    stage.take({"type": "cover", "seq": 1, "silent": False, "carded": True})
    run(stage, 0.1)
    assert bytes(stage.data) != before
    scene = stage._showing.scene(stage.mixer.seconds, stage._wall(), stage.player.at())
    assert (scene.caption, scene.slide, scene.next) == ("", "", ())
    assert scene.label
