"""Faults and the steps that heal them: pure, on a clock of the test's own."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.push.faults import LIMITS, Cure, Watch
from assistant.push.ladder import CLIMB, Ladder, Mode, Step
from assistant.push.relay import RelayReading
from assistant.push.seams import PageReading, PictureReading, SoundReading, SourceReadings

pytestmark = pytest.mark.unit


def relay(**changes: object) -> RelayReading:
    return replace(RelayReading(0.0, "a", 100, 0.0, 25.0, 2e6, 20), **changes)


def well(now: float, **changes: object) -> SourceReadings:
    """A source where all is well at a time."""
    picture = PictureReading(now, 120.0, 40.0, now)
    sound = SoundReading(now, -20.0, now)
    page = PageReading(now, int(now * 30), speaks=False, is_connected=True, moves=True)
    return replace(SourceReadings(picture, sound, page), **changes)


def seen(change, seconds: float = 60.0, **told: object) -> dict[str, Cure]:
    """The faults after so many seconds of a source that is changed by `change(now, readings)`."""
    watch, now = Watch(0.0), 0.0
    found: dict[str, Cure] = {}
    while now < seconds:
        now += 0.5
        faults = watch.look(change(now, well(now)), relay(**told), now)
        found |= {one.code: one.cure for one in faults}
    return found


def test_nothing_is_wrong_where_all_is_well() -> None:
    assert seen(lambda now, source: source) == {}


def test_a_silent_stage_is_no_fault() -> None:
    quiet = SoundReading(0.0, -100.0, -float("inf"))
    assert seen(lambda now, source: replace(source, sound=quiet)) == {}


def test_a_still_picture_is_no_fault_where_nothing_should_move() -> None:
    def still(now: float, source: SourceReadings) -> SourceReadings:
        page = replace(source.page, moves=False)
        return replace(source, picture=replace(source.picture, moved_at=1.0), page=page)

    assert seen(still) == {}


@pytest.mark.parametrize(
    ("code", "cure", "change"),
    [
        ("frozen", Cure.RELOAD, lambda s: replace(s, picture=replace(s.picture, moved_at=1.0))),
        (
            "black",
            Cure.RELOAD,
            lambda s: replace(s, picture=replace(s.picture, brightness=0.0, contrast=0.0)),
        ),
        ("no_frames", Cure.RESTART, lambda s: replace(s, picture=replace(s.picture, at=1.0))),
        ("page_silent", Cure.RELOAD, lambda s: replace(s, page=replace(s.page, frames=7))),
        ("page_crashed", Cure.RELOAD, lambda s: replace(s, faults=("page",))),
        ("ended_pulseaudio", Cure.RESTART, lambda s: replace(s, faults=("pulseaudio",))),
        (
            "page_cut_off",
            Cure.ALARM,
            lambda s: replace(s, page=replace(s.page, is_connected=False)),
        ),
        (
            "mute",
            Cure.RELOAD,
            lambda s: replace(
                s, page=replace(s.page, speaks=True), sound=SoundReading(s.picture.at, -90.0, 0.5)
            ),
        ),
    ],
)
def test_what_a_viewer_would_notice_is_a_fault(code: str, cure: Cure, change) -> None:
    assert seen(lambda now, source: change(source)) == {code: cure}


def test_rates_and_offsets_are_faults() -> None:
    assert seen(lambda now, source: source, rate=12.0) == {"slow": Cure.ALARM}
    assert seen(lambda now, source: source, offset=-900) == {"out_of_step": Cure.RESTART}


def test_a_fault_needs_its_time() -> None:
    assert "black" not in seen(
        lambda now, source: replace(
            source, picture=replace(source.picture, brightness=0.0, contrast=0.0)
        ),
        seconds=LIMITS.black,
    )


def steps(ladder: Ladder, cure: Cure | None, since: float, seconds: float) -> list[Step]:
    """The steps that a fault makes that no step cures, each restart coming up."""
    now, found = since, []
    while now < since + seconds:
        now += 0.5
        step = ladder.look(cure, now)
        if step is not Step.NONE:
            found.append(step)
        if step in {Step.RESTART, Step.SAFE, Step.CARD}:
            ladder.came(ladder.mode, now)
        if step is Step.TRY:
            ladder.trial_failed(now)
    return found


def test_a_page_that_stays_bad_goes_up_the_ladder() -> None:
    ladder = Ladder(0.0)
    found = steps(ladder, Cure.RELOAD, 0.0, 45.0)
    assert found[:6] == [Step.RELOAD] * 2 + [Step.RESTART] * 3 + [Step.SAFE]
    assert ladder.mode is Mode.SAFE


def test_safe_mode_that_stays_bad_ends_in_the_card() -> None:
    ladder = Ladder(0.0)
    found = steps(ladder, Cure.RESTART, 0.0, 60.0)
    assert [one for one in found if one is not Step.TRY][:8] == (
        [Step.RESTART] * 3 + [Step.SAFE] + [Step.RESTART] * 3 + [Step.CARD]
    )


def test_an_alarm_alone_makes_no_step() -> None:
    assert steps(Ladder(0.0), Cure.ALARM, 0.0, 300.0) == []


def in_safe_mode() -> tuple[Ladder, float]:
    """A ladder that has just gone up to safe mode, and when."""
    ladder, now = Ladder(0.0), 0.0
    while ladder.mode is not Mode.SAFE:
        now += 0.5
        if ladder.look(Cure.RESTART, now) is not Step.NONE:
            ladder.came(ladder.mode, now)
    return ladder, now


def test_a_browser_that_stays_up_is_given_back_the_air() -> None:
    ladder, since = in_safe_mode()
    tried = since + CLIMB.first_trial
    assert ladder.look(None, tried - 1) is Step.NONE
    assert ladder.look(None, tried) is Step.TRY
    ladder.trial_came(tried + 4)
    assert ladder.look(None, tried + 6) is Step.NONE
    assert ladder.look(None, tried + 5 + CLIMB.steady) is Step.BACK


def test_a_browser_that_falls_again_is_tried_ever_later() -> None:
    (ladder, now), tries = in_safe_mode(), []
    while len(tries) < 7:
        now += 0.5
        step = ladder.look(None, now, Cure.RESTART)
        if step is Step.TRY:
            tries.append(now)
            ladder.trial_came(now)
        else:
            assert step in {Step.NONE, Step.DROP}
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert waits == sorted(waits)
    assert waits[0] >= 2 * CLIMB.first_trial
    assert waits[-1] <= CLIMB.last_trial + 1


def test_a_source_that_does_not_start_is_tried_after_longer_waits() -> None:
    ladder, now, tries = Ladder(0.0), 0.0, []
    while len(tries) < 3:
        now += 0.25
        if ladder.look(Cure.RESTART, now) is Step.RESTART:
            tries.append(now)
            ladder.failed(now)
    assert tries[1] - tries[0] == 1.0
    assert tries[2] - tries[1] == 2.0


@given(st.lists(st.sampled_from([None, *Cure]), max_size=400))
def test_no_more_than_one_step_in_its_time(cures: list[Cure | None]) -> None:
    ladder, now, last = Ladder(0.0), 0.0, -100.0
    for cure in cures:
        now += 0.5
        step = ladder.look(cure, now)
        if step in {Step.RELOAD, Step.RESTART, Step.SAFE, Step.CARD}:
            assert now - last >= min(CLIMB.reload_works, CLIMB.restart_works)
            last = now
