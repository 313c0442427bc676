"""The linker learns from the numbers that it sees when it answers, in catalogues of any size."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.answering import linker
from assistant.answering.items import Catalogue
from assistant.answering.linker_features import features
from assistant.answering.matching import Fit
from assistant.answering.mention import Mention
from assistant.answering.nearness import Nearness
from assistant.bootstrap import Settings, open_assistant
from assistant.bootstrap.assistant import LAY_TERMS
from assistant.domain.question import Question
from assistant.domain.source import ServiceGuide
from assistant.models.static_embedding import StaticEmbedding
from assistant.retrieval.formats import to_row
from eval.training.everyday_corpus import Service, services
from eval.training.linker_report import WRONG, Chosen, from_where, upper
from eval.training.linker_rows import Rows, collect, lexicon_of
from eval.training.linker_world import TODAY, World, own_terms, worlds

pytestmark = pytest.mark.integration

ASK = "面馆不干了，照想消掉，几天能弄好"
SERVICE = Service("个体工商户注销登记", (), "经营", (ASK,), ("plain",))
NAMES = ("个体工商户注销登记", "个体工商户变更登记", "食品经营许可注销", "居住证办理", "结婚登记")
WORLD = World(
    5,
    [ServiceGuide(f"g-{number}", name) for number, name in enumerate(NAMES)],
    (),
    {SERVICE.service: "g-0"},
    frozenset(),
)


async def test_training_sees_the_numbers_that_answering_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[dict[str, float]]] = []

    def noted(
        mention: Mention, fits: Sequence[Fit], catalogue: Catalogue, nearness: Nearness
    ) -> list[dict[str, float]]:
        seen.append(features(mention, fits, catalogue, nearness))
        return seen[-1]

    monkeypatch.setattr(linker, "features", noted)
    rows = await collect(WORLD, lexicon_of(WORLD), Nearness(StaticEmbedding()), [SERVICE])
    assert seen == []
    settings = Settings(data_dir=tmp_path / "data", region=None)
    settings.data_dir.mkdir()
    (settings.data_dir / LAY_TERMS).write_text(own_terms(WORLD.hidden), "utf-8")
    lines = (json.dumps(to_row(guide), ensure_ascii=False) for guide in WORLD.guides)
    (tmp_path / "guides.jsonl").write_text("\n".join(lines), "utf-8")
    async with open_assistant(settings) as assistant:
        await assistant.ingest([tmp_path / "guides.jsonl"])
        await assistant.answer(Question(ASK, TODAY))
    asked = [[row.get(name, 0.0) for name in rows.names] for row in seen[0]]
    assert np.array(asked) == pytest.approx(rows.numbers, abs=1e-5)
    assert rows.state.sum() == 1


def test_every_service_is_asked_about_in_catalogues_of_every_size(tmp_path: Path) -> None:
    guides = tmp_path / "guides.jsonl"
    names = (ServiceGuide(f"other-{number}", f"其他事项{number}") for number in range(400))
    guides.write_text("\n".join(json.dumps(to_row(g), ensure_ascii=False) for g in names), "utf-8")
    few = services()[:200]
    made = list(worlds(few, guides, seed=3))
    assert {world.size for world in made} == {30, 120, 480, 0}
    for size in (30, 120, 480):
        there = [name for world in made if world.size == size for name in world.right]
        assert sorted(there) == sorted(each.service for each in few)
    absent = [each for world in made for each in world.asked if each.service not in world.right]
    assert len(absent) >= 0.2 * sum(len(world.asked) for world in made)
    assert all(len(world.guides) <= world.size for world in made if world.size)


def test_rows_are_kept_cut_and_joined(tmp_path: Path) -> None:
    chance = random.Random(1)
    found = [
        ({"service": str(n), "present": True}, [{"x": chance.random()}] * n, [0] * n)
        for n in range(1, 4)
    ]
    rows = Rows.of(found)
    rows.save(tmp_path / "rows.npz")
    whole = Rows.joined([Rows.load(tmp_path / "rows.npz"), rows])
    assert np.diff(whole.starts).tolist() == [1, 2, 3, 1, 2, 3]
    few = whole.only(lambda row: row["service"] == "2")
    assert few.numbers.ravel() == pytest.approx([found[1][1][0]["x"]] * 4)
    few.state[0] = 2
    assert np.diff(few.without_alike().starts).tolist() == [1, 2]


def test_the_threshold_holds_the_bound_for_every_size() -> None:
    def questions(size: int, wrong: int) -> Chosen:
        surety = np.linspace(0.99, 0.5, 1200)
        right = np.zeros(1200, np.int64)
        right[np.arange(0, 1200, 1200 // wrong)[:wrong]] = -1
        asked = [{"size": size, "reached": True}] * 1200
        return Chosen(asked, surety[:, None], right)

    easy, hard = questions(30, 4), questions(480, 100)
    both = Chosen(
        [*easy.asked, *hard.asked],
        np.concatenate([easy.chances, hard.chances]),
        np.concatenate([easy.right, hard.right]),
    )
    assert from_where(easy) == pytest.approx(0.5)
    at = from_where(both)
    said = hard.surety >= at
    assert at == from_where(hard) > 0.9
    assert upper((said & ~hard.hit).sum(), 1200) <= WRONG
