import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.decide import (
    RoutePolicy,
    VerdictPolicy,
    decide,
    default_policy,
    load_policy,
)
from assistant.domain.answer import NO_DRAFT, Draft, Route, Statement, Support
from assistant.domain.verdict import Action, Verdict
from assistant.errors import ConfigurationError

pytestmark = pytest.mark.unit

unit = st.floats(0.0, 1.0)
supports = st.builds(Support, match=unit, margin=unit, asked=unit, coverage=unit, dense=unit)
BOLDNESS = {Action.REVIEW: 0, Action.CLARIFY: 1, Action.ANSWER: 1}


def drafted(route: Route, support: Support) -> Draft:
    return Draft(route, (Statement("承诺办结时限：7个工作日", "七个工作日"),), support=support)


@given(support=supports, share=unit, route=st.sampled_from([Route.GUIDE, Route.POLICY, Route.FAQ]))
def test_less_support_never_gives_a_bolder_verdict(
    support: Support, share: float, route: Route
) -> None:
    policy = default_policy()
    more, less = (
        support,
        Support(
            match=support.match * share,
            margin=support.margin * share,
            asked=support.asked * share,
            coverage=support.coverage * share,
            dense=support.dense * share,
        ),
    )
    bold, shy = decide(drafted(route, more), policy), decide(drafted(route, less), policy)
    assert shy.confidence <= bold.confidence
    assert BOLDNESS[shy.action] <= BOLDNESS[bold.action]


def test_nothing_found_is_a_review() -> None:
    assert decide(NO_DRAFT, default_policy()).action is Action.REVIEW


def test_a_route_without_a_policy_is_a_review() -> None:
    verdict = decide(drafted(Route.GUIDE, Support(match=1.0)), VerdictPolicy("t", {}))
    assert verdict.action is Action.REVIEW


def test_a_number_under_its_floor_is_a_review_however_good_the_rest() -> None:
    rules = RoutePolicy(bias=5.0, weights={}, answer_from=0.1, floors={"asked": 0.5})
    policy = VerdictPolicy("t", {Route.GUIDE: rules})
    verdict = decide(drafted(Route.GUIDE, Support(match=1.0, asked=0.4)), policy)
    assert verdict.action is Action.REVIEW
    assert "没有把握问的是什么内容" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("features", "action"),
    [({"open": 0.0}, Action.REVIEW), ({"open": 1.0}, Action.ANSWER), ({}, Action.ANSWER)],
)
def test_what_is_asked_exactly_must_be_surer(features: dict[str, float], action: Action) -> None:
    rules = RoutePolicy(-3.0, {"match": 6.0}, 0.5, {}, exact_from=0.97)
    sure = Support(match=0.9, features=features)  # a probability of .92
    verdict = decide(drafted(Route.POLICY, sure), VerdictPolicy("t", {Route.POLICY: rules}))
    assert verdict.action is action
    assert verdict.confidence == pytest.approx(0.9168)


def test_what_is_asked_exactly_is_said_where_it_is_sure() -> None:
    rules = RoutePolicy(-3.0, {"match": 7.0}, 0.5, {}, exact_from=0.97)
    sure = Support(match=1.0, features={"open": 0.0})
    policy = VerdictPolicy("t", {Route.POLICY: rules})
    assert decide(drafted(Route.POLICY, sure), policy).action is Action.ANSWER


def test_negative_weights_are_refused(tmp_path) -> None:
    path = tmp_path / "verdict.json"
    row = {"bias": 0, "weights": {"match": -1}, "answer_from": 0.5}
    path.write_text(json.dumps({"version": "t", "routes": {"guide": row}}), "utf-8")
    with pytest.raises(ConfigurationError, match="below zero"):
        load_policy(path)


@pytest.mark.parametrize("text", ["{}", '{"version": "1", "routes": {"nonsense": {}}}', "[]"])
def test_a_broken_policy_file_names_itself(tmp_path, text: str) -> None:
    path = tmp_path / "verdict.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=r"verdict\.json"):
        load_policy(path)


def test_confidence_outside_its_range_cannot_be_built() -> None:
    with pytest.raises(ValueError, match=r"0\.\.1"):
        Verdict(Action.ANSWER, 1.5)
