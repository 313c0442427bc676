"""Calibration, fingerprint and bound: what they make of the policy, and how they say so."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.calibration import (
    Calibration,
    Kind,
    Spread,
    read_calibration,
    shipped_calibration,
    write_calibration,
)
from assistant.answering.decide import decide, default_policy
from assistant.answering.drift import LEAST, DriftWatch, psi, spread_of
from assistant.answering.fingerprint import features_digest, fingerprint
from assistant.answering.promise import Scored
from assistant.answering.standing import NEVER, Bound, standing_of
from assistant.bootstrap.verdict import VerdictDesk
from assistant.domain.answer import Citation, Draft, Route, Statement, Support
from assistant.domain.verdict import Action
from assistant.errors import ConfigurationError
from assistant.models.embeddings import build_embeddings
from assistant.retrieval.vectors import fingerprint as of_embedding

pytestmark = pytest.mark.unit

NOW = {"embedding": "static", "ranker": "r1", "features": "f1", "chat_model": "none"}
GUIDE = Kind(tuple(Scored(0.99 - i / 1000, True) for i in range(300)), slope=1.0)
POLICY = Kind(tuple(Scored(0.9 - i / 1000, i % 3 > 0) for i in range(300)))
MADE = Calibration("2026-11-30", "600 条标注", NOW, {Route.GUIDE: GUIDE, Route.POLICY: POLICY})
BEST = {"said": 1.0, "named": 1.0, "clean": 1.0, "source": 1.0, "content": 1.0, "words": 1.0}
SURE = Support(1.0, 1.0, 1.0, 1.0, 1.0, BEST | dict.fromkeys(("lead", "begin", "found"), 1.0))


def drafted(route: Route, support: Support = SURE) -> Draft:
    cited = Citation("s-1", "第一条", "每人3000元")
    return Draft(route, (Statement("每人3000元", "每人三千元", (cited,)),), support=support)


def test_a_bound_sets_the_threshold_of_each_kind_and_refuses_what_it_cannot_promise() -> None:
    standing = standing_of(default_policy(), MADE, NOW, Bound(0.02))
    routes = standing.policy.routes
    assert routes[Route.GUIDE].answer_from == pytest.approx(0.691)
    assert routes[Route.POLICY].answer_from == routes[Route.FAQ].answer_from == NEVER
    assert routes[Route.CLARIFY] == default_policy().routes[Route.CLARIFY]
    assert decide(drafted(Route.POLICY), standing.policy).action is Action.REVIEW
    assert decide(drafted(Route.GUIDE), standing.policy).action is Action.ANSWER
    assert standing.policy.model_from == NEVER
    assert "2.0%" in standing.told


def test_without_a_bound_the_shipped_thresholds_stay() -> None:
    standing = standing_of(default_policy(), MADE, NOW, None)
    assert standing.policy.routes == default_policy().routes
    assert (standing.is_strict, standing.policy.model_from) == (False, 0.0)


@pytest.mark.parametrize("part", ["embedding", "ranker", "features"])
def test_another_part_lets_through_only_what_agrees_word_for_word(part: str) -> None:
    standing = standing_of(default_policy(), MADE, NOW | {part: "other"}, None)
    assert standing.is_strict
    assert standing.differing == (part,)
    assert decide(drafted(Route.GUIDE), standing.policy).action is Action.ANSWER
    vague = replace(SURE, features=BEST | {"named": 0.0})
    refused = decide(drafted(Route.GUIDE, vague), standing.policy)
    assert (refused.action, refused.reasons[0]) == (Action.REVIEW, standing.policy.why_strict)
    assert decide(drafted(Route.POLICY), standing.policy).action is Action.REVIEW
    assert decide(drafted(Route.FAQ), standing.policy).action is Action.ANSWER
    assert decide(drafted(Route.FAQ, Support(match=0.95)), standing.policy).action is Action.REVIEW


def test_a_chat_model_that_was_not_calibrated_words_only_what_is_sure() -> None:
    standing = standing_of(default_policy(), MADE, NOW | {"chat_model": "big@there"}, None)
    assert (standing.is_strict, standing.policy.model_from) == (False, 0.9)
    assert "聊天模型" in standing.told


def test_a_calibration_bends_the_probability_and_never_the_order() -> None:
    kinds = {Route.GUIDE: replace(GUIDE, slope=0.5, shift=-1.0)}
    standing = standing_of(default_policy(), replace(MADE, kinds=kinds), NOW, None)
    before, after = default_policy().routes[Route.GUIDE], standing.policy.routes[Route.GUIDE]
    weak = replace(SURE, match=0.4)
    assert after.confidence(SURE) < before.confidence(SURE)
    assert after.confidence(weak) < after.confidence(SURE)


def test_a_calibration_is_read_as_it_was_written(tmp_path: Path) -> None:
    spreads = {"match": Spread((0.5,), (0.25, 0.75))}
    mixed = (Scored(0.9, True), Scored(0.8, False, "spot_check", 33.3))
    made = replace(MADE, kinds={Route.FAQ: Kind(mixed, 0.5, -1.0, spreads)})
    write_calibration(tmp_path / "deep" / "c.json", made)
    assert read_calibration(tmp_path / "deep" / "c.json") == made
    (tmp_path / "bad.json").write_text('{"made": ""}')
    with pytest.raises(ConfigurationError, match=r"bad\.json"):
        read_calibration(tmp_path / "bad.json")


def test_the_fingerprint_knows_embedding_weights_chat_model_and_feature_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy = default_policy()
    now = fingerprint("static", policy)
    assert now == fingerprint("static", policy)
    bent = replace(policy, routes={r: one.bent(0.5, 0.0) for r, one in policy.routes.items()})
    others = fingerprint("other", bent, "chat@host")
    assert {name for name in now if now[name] != others[name]} == {
        *("embedding", "weights", "chat_model", "prompts"),
    }
    second = fingerprint("static", policy, cross_encoder="some/reranker")
    assert {name for name in now if now[name] != second[name]} == {"ranker"}
    loose = replace(
        policy, routes={r: replace(one, answer_from=0.1) for r, one in policy.routes.items()}
    )
    assert fingerprint("static", loose) == now
    monkeypatch.setattr("assistant.answering.policy_support._longest_run", lambda *_: 0.123)
    features_digest.cache_clear()
    changed = fingerprint("static", policy)
    monkeypatch.undo()
    features_digest.cache_clear()
    assert {name for name in now if now[name] != changed[name]} == {"features"}


def test_drift_is_seen_once_enough_was_answered() -> None:
    then = [i / 400 for i in range(400)]
    made = replace(MADE, kinds={Route.GUIDE: replace(GUIDE, spreads={"match": spread_of(then)})})
    same, moved = DriftWatch(made), DriftWatch(made)
    for i in range(LEAST):
        same.take(drafted(Route.GUIDE), {"match": (i * 37 % 400) / 400})
        moved.take(drafted(Route.GUIDE), {"match": 0.9 + i / 10_000})
    assert not any(one.is_large for one in same.drifts())
    assert [(one.name, one.is_large) for one in moved.drifts()] == [("match", True)]
    few = DriftWatch(made)
    few.take(drafted(Route.GUIDE), {"match": 0.9})
    assert few.drifts() == []
    assert psi((0.5, 0.5), (0.5, 0.5)) == 0.0


def test_the_shipped_calibration_is_of_what_is_shipped() -> None:
    """Stale: `python -m eval.crossfit all ROWS.jsonl --weights`; unstamped between releases."""
    made = shipped_calibration()
    assert made.differing(fingerprint(of_embedding(build_embeddings(None)), default_policy())) == ()
    assert {route for route, kind in made.kinds.items() if len(kind.scored) > 149} == {
        *(Route.GUIDE, Route.FAQ, Route.POLICY),
    }
    held = made.promises(0.02, 0.95)
    assert held[Route.GUIDE].threshold is not None
    assert held[Route.GUIDE].upper <= 0.02


def test_health_says_why_the_verdict_is_not_as_it_was_calibrated() -> None:
    spreads = {"match": spread_of([i / 400 for i in range(400)])}
    made = replace(MADE, kinds={Route.GUIDE: replace(GUIDE, spreads=spreads)})
    watch = DriftWatch(made)
    for i in range(LEAST):
        watch.take(drafted(Route.GUIDE), {"match": 0.9 + i / 10_000})
    strict = standing_of(default_policy(), made, NOW | {"ranker": "r2"}, Bound(0.02))
    desk = VerdictDesk(strict, watch)
    assert desk.degraded() == ["verdict", "verdict_drift"]
    state = desk.state()
    assert "排序有变化" in state["told"]
    assert [one["promised"] for one in state["kinds"]] == [True, False, False]
    assert state["drift"][0]["large"] is True
    shipped = VerdictDesk(
        standing_of(default_policy(), made, NOW, None), DriftWatch(made, alarming=False)
    )
    assert shipped.degraded() == []
