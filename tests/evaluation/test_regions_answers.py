"""The real product over a small set of generated regions: no leak, no guess, nothing untimely."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from assistant.bootstrap import Settings, open_assistant
from assistant.evaluation.desk import Desk
from assistant.evaluation.running import Run, run
from eval.regions_check import check, load
from eval.regions_guides import Plan
from eval.regions_set import build, write

pytestmark = pytest.mark.integration

SMALL = Plan(counties=3, items=60, local=6, overrides=0.4)


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    folder = tmp_path_factory.mktemp("regions")
    write(folder, build(SMALL))

    @asynccontextmanager
    async def open_desk(state: Path) -> AsyncIterator[Desk]:
        for name in ("regions.csv", "gazetteer.jsonl"):
            (state / name).write_bytes((folder / name).read_bytes())
        async with open_assistant(Settings(data_dir=state)) as assistant:
            yield assistant

    _, cases = load(folder)
    corpus = [folder / "corpus.jsonl"]
    asked = run(cases, corpus, open_desk, today=date(2025, 6, 1))
    return folder, asyncio.run(asked)


def test_no_reply_breaks_a_rule(answered: tuple[Path, Run]) -> None:
    folder, result = answered
    world, cases = load(folder)
    assert check(world, cases, [one.result for one in result.judged]) == []


def test_every_figure_and_quote_has_its_source(answered: tuple[Path, Run]) -> None:
    _, result = answered
    for name in ("unsupported_facts", "quotes_not_verbatim", "quotes_unfounded"):
        assert result.metrics[name] == 0, name
    assert result.metrics["mislabelled_facts"] == result.metrics["wrong_item_rate"] == 0


@pytest.mark.parametrize("tag", ["own", "inherited", "absent", "disagree", "place"])
def test_each_kind_of_question_gets_its_right_reaction(
    answered: tuple[Path, Run], tag: str
) -> None:
    _, result = answered
    asked = [one for one in result.judged if tag in one.case.tags]
    wrong = [one.case for one in asked if not one.judgement.correct]
    assert asked
    assert not wrong
