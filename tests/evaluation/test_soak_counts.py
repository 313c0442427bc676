"""A soak's verdict can fail: leaks, gaps in the picture, what is lost; its traffic repeats."""

import os
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest

from eval.soak.curves import curve
from eval.soak.journal import Journal, State
from eval.soak.picture import Watch
from eval.soak.plan import Plan
from eval.soak.processes import RECORDING, part_of, sample
from eval.soak.report import markdown, report
from eval.soak.slope import Little, Sample, fit
from eval.soak.traffic import DAY, Traffic, comments_by
from eval.soak.world import NAMED, drawn

pytestmark = pytest.mark.unit
HOURS_2 = 7200.0


def series(leak: float, noise: float = 0.01, life: float = 900.0) -> list[Sample]:
    """Two hours of samples about 500: growth by a share in the run, noise, a fresh process."""
    dice = np.random.default_rng(3)
    made = []
    for n in range(720):
        at = n * 10.0
        age, of = at % life, int(at // life)
        warm = 1 - 0.3 * np.exp(-age / 30)
        value = 500 * warm * (1 + leak * age / HOURS_2 + noise * dice.normal())
        made.append(Sample(at, f"life {of}", value))
    return made


@pytest.mark.parametrize("life", [900.0, 7200.0])
def test_what_stays_level_is_flat_though_it_is_noisy_and_begins_anew(life: float) -> None:
    found = fit(series(0.0, life=life), HOURS_2)
    assert found.verdict == "flat"
    assert found.low < 0 < found.high < 0.1


@pytest.mark.parametrize("life", [900.0, 7200.0])
def test_a_leak_is_found_though_its_process_is_ended_again_and_again(life: float) -> None:
    found = fit(series(0.4, life=life), HOURS_2)
    assert found.verdict == "grows"
    assert 0.1 < found.low < 0.4 * 500 / found.mean < found.high


def test_a_small_leak_in_much_noise_is_not_called_flat() -> None:
    assert fit(series(0.08, noise=0.1), HOURS_2).verdict == "not shown"


def stepped(every: float, step: float = 100.0) -> list[Sample]:
    """One that is level but for a step each so many seconds, the first after half of them."""
    noise = np.random.default_rng(5).normal(0, 0.5, 720)
    return [
        Sample(n * 10.0, "1", 500 + step * ((n * 10 + every / 2) // every) + noise[n])
        for n in range(720)
    ]


def test_what_is_loaded_once_is_no_leak() -> None:
    found = fit(stepped(7200.0), HOURS_2)
    assert found.verdict == "flat"
    assert found.rise == pytest.approx(100 / found.mean, abs=0.01)


def test_what_is_loaded_again_and_again_rises_too_far() -> None:
    assert fit(stepped(1800.0), HOURS_2).verdict == "rose"
    rise = fit(stepped(1800.0), HOURS_2).rise
    mean = fit(stepped(1800.0), HOURS_2).mean
    assert fit(stepped(1800.0), HOURS_2, little=Little(0, rise * mean + 1)).verdict == "flat"


def test_what_grows_by_hardly_anything_is_flat_however_small_it_is() -> None:
    grown = fit(series(0.4), HOURS_2)
    enough, less = (Little(grown.high * grown.mean + more) for more in (1, -1))
    assert fit(series(0.4), HOURS_2, little=enough).verdict == "flat"
    assert fit(series(0.4), HOURS_2, little=less).verdict == "grows"


def test_a_process_is_sampled_without_the_pages_of_files() -> None:
    life, own, shared, handles = sample(psutil.Process(), None)["serve"]
    assert life.startswith(f"{os.getpid()}@")
    assert 0 < own < psutil.Process().memory_info().rss
    assert shared >= 0
    assert handles > 2


def test_too_few_samples_show_nothing() -> None:
    assert fit(series(0.0)[:30], HOURS_2).verdict == "not shown"
    assert fit([], HOURS_2).verdict == "not shown"


def test_only_what_is_longer_than_a_second_or_two_is_a_gap_and_it_counts_once() -> None:
    watch = Watch(0.0)
    assert watch.gone([0.5, 1.5, 2.5], 4.0) == 0.0
    assert watch.gone([0.5, 1.5, 2.5], 6.0) == pytest.approx(3.5)
    assert watch.gone([2.5], 8.0) == pytest.approx(2.0)
    assert watch.gone([2.5, 9.0], 10.0) == pytest.approx(1.0)
    assert watch.gone([2.5, 9.0, 10.5], 12.0) == 0.0


def test_a_pause_across_two_samples_counts_from_its_begin() -> None:
    watch = Watch(0.0)
    assert watch.gone([8.5], 10.0) == pytest.approx(8.5)
    assert watch.gone([8.5, 12.0], 13.0) == pytest.approx(3.5)


def test_the_days_curve_brings_the_same_each_day_and_never_takes_back() -> None:
    each = [comments_by(hours / 4, 2600) for hours in range(72 * 4 + 1)]
    assert all(a <= b for a, b in pairwise(each))
    assert each[0] == 0
    assert each[-1] == pytest.approx(3 * sum(DAY) * 2600, abs=1)
    assert each[3 * 4] - each[2 * 4] == pytest.approx(2600, abs=1)


def test_a_comment_is_the_same_each_time_and_seeds_differ() -> None:
    one, again = Traffic.of(4, Path("none")), Traffic.of(4, Path("none"))
    texts = [one.text(n) for n in range(2000)]
    assert texts == [again.text(n) for n in range(2000)]
    assert texts != [Traffic.of(5, Path("none")).text(n) for n in range(2000)]
    asked = [text for text in texts if text in set(one.questions)]
    assert 0.05 < len(asked) / len(texts) < 0.11
    assert len(set(asked)) < len(asked)


def test_each_fault_is_drawn_once_a_round_by_the_seed() -> None:
    rounds = [[drawn(1, n + r * len(NAMED)) for n in range(len(NAMED))] for r in (0, 1)]
    assert sorted(rounds[0]) == sorted(rounds[1]) == sorted(NAMED)
    assert rounds[0] != rounds[1]
    assert drawn(1, 5) == rounds[0][5]


PLAN = Plan(hours=1, traffic_hours=36)
FINE = {"picture": 17.0, "away": 8.0, "served": 3.0, "told": 2.0, "untold": False, "broke": ""}


def whole(folder: Path, **changed: object) -> State:
    """A soak that has ended; `changed` in its count, its gaps or its fault."""
    journal = Journal(folder)
    journal.add("sent", first=0, count=5, flood=False)
    journal.add("ack", numbers=list(range(5)))
    for n in range(1, 361):
        own, shared = (100 << 20) + n * int(changed.get("leak", 0)), int(changed.get("shared", 0))  # type: ignore[call-overload]
        part = {"serve": ["1", own, shared, 30]}
        gone = changed.get("gone", 0.0) if n == 9 else 0.0
        journal.add("tick", at=n * 10, seconds=10, gone=gone, traffic=n / 10, parts=part)
    journal.add("strike", name="push-killed", at=180.0)
    journal.add("healed", **FINE | {"served": changed.get("served", 3.0)})
    counts = {name: changed.get(name, []) for name in ("lost", "twice", "unsupported")}
    journal.add("counted", final=True, asked=5, **counts)
    journal.add("end", at="now", idle=changed.get("idle", 4.0))
    journal.close()
    return State.of(folder)


def test_a_soak_that_holds_has_nothing_wrong(tmp_path: Path) -> None:
    made = report(PLAN, whole(tmp_path, gone=25.9))
    assert made["wrong"] == []
    assert made["picture"] == round(1 - 25.9 / 3600, 5)
    assert made["picture_where_received"] == round(1 - 17.9 / 3592, 5)
    assert "Everything holds." in markdown(made)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["ffmpeg-linux", "-i", "pipe:0", "-movflags", "frag_keyframe+empty_moov"], RECORDING),
        (["ffmpeg-linux", "-f", "x11grab", "-i", ":7"], "ffmpeg"),
        (["/usr/lib/chromium/chromium", "--type=renderer"], "chromium"),
        (["sh", "-c", "true"], "push: below it"),
    ],
)
def test_a_recordings_ffmpeg_is_a_part_of_its_own(words: list[str], part: str) -> None:
    one = SimpleNamespace(name=lambda: Path(words[0]).name, cmdline=lambda: words)
    assert part_of(one, "push") == part  # type: ignore[arg-type]


@pytest.mark.parametrize(("samples", "is_judged"), [(17, False), (18, True)])
def test_a_helper_that_comes_and_goes_is_no_part_to_be_judged(
    tmp_path: Path, samples: int, *, is_judged: bool
) -> None:
    state = whole(tmp_path)
    for tick in state.ticks[:samples]:
        tick["parts"]["push: below it"] = ["7", 1 << 20, 0, 3]
    made = report(PLAN, state)
    assert ("push: below it" in made["parts"]) == is_judged
    assert ("push: below it: memory not shown" in made["wrong"]) == is_judged


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"lost": ["s1"]}, "lost: 1"),
        ({"twice": ["reply x", "question y"]}, "twice: 2"),
        ({"unsupported": ["c"]}, "unsupported: 1"),
        ({"gone": 26.5}, "a picture 0.99485 of the time"),
        ({"idle": None}, "not all was worked off"),
        ({"served": None}, "push-killed did not heal"),
        ({"leak": 1 << 16}, "serve: memory grows"),
        ({"shared": 97 << 20}, "serve: 97.0 MiB shared"),
    ],
)
def test_each_thing_that_does_not_hold_is_named(
    tmp_path: Path, changed: dict[str, object], words: str
) -> None:
    made = report(PLAN, whole(tmp_path, **changed))
    assert made["wrong"] == [words]
    assert f"- {words}" in markdown(made)


def test_a_fault_in_which_the_soak_itself_was_ended_is_no_verdict_on_the_service(
    tmp_path: Path,
) -> None:
    journal = Journal(tmp_path)
    journal.add("strike", name="serve-killed", at=1.0)
    journal.add("life", at="later")
    journal.add("strike", name="push-killed", at=2.0)
    journal.add("healed", **FINE)
    journal.close()
    state = State.of(tmp_path)
    faults = state.faults
    made = report(PLAN, state)
    assert "serve-killed did not heal" not in made["wrong"]
    assert "| 1 | serve-killed | cut | cut | cut |" in markdown(made)
    assert [(one["name"], one["cut"]) for one in faults] == [
        ("serve-killed", True),
        ("push-killed", False),
    ]


def test_what_should_have_come_and_did_not_is_missing(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for untold in (True, False):
        journal.add("strike", name="push-killed", at=2.0)
        journal.add("healed", **FINE | {"served": None, "told": None, "untold": untold})
    journal.close()
    told = markdown(report(PLAN, State.of(tmp_path)))
    assert "| 2 | push-killed | 17.0 | missing | missing |" in told
    assert "| 2 | push-killed | 17.0 | missing | - |" in told


def test_a_curve_draws_each_life_apart() -> None:
    drawn_ = curve("serve: memory", series(0.0))
    assert drawn_.count("<polyline") == 8
    assert "serve: memory" in drawn_
