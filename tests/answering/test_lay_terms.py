"""Lay terms: what they stand for, which guides they fit, and that they are searched, never said."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.folding import fold
from assistant.answering.items import PLAIN, profile_of, surfaces_of
from assistant.answering.lay_terms import LayTerms
from assistant.answering.lexicon import Lexicon
from assistant.answering.official_words import GuideWords
from assistant.bootstrap import Settings, open_assistant
from assistant.bundled import bundled
from assistant.domain.question import Question, Scope
from assistant.domain.source import Material, ServiceGuide
from assistant.retrieval.formats import to_row

pytestmark = pytest.mark.unit

ROWS = (
    {"lay": "吃饭本", "official": ["餐饮服务许可"], "weight": 0.9, "note": None, "domain": "食品"},
    {"lay": "派遣证", "official": ["劳务派遣经营许可"], "weight": 0.6, "unless": ["毕业"]},
    {"lay": "派遣证", "official": ["毕业生报到证签发"], "weight": 0.7, "note": "旧称"},
    {"lay": "店不开了", "official": ["个体工商户注销登记"], "weight": 0.9},
)
TERMS = LayTerms.read(ROWS)


def words_of(name: str, parent: str = "", *aliases: str) -> dict[str, float]:
    return dict(GuideWords(TERMS).of(surfaces_of(fold(name), aliases, fold(parent))))


def test_terms_overlap_are_guarded_and_ordered_by_weight() -> None:
    (hit,) = TERMS.found("派遣证去哪拿")
    assert [sense.official for sense in hit.senses] == [
        ("毕业生报到证签发",),
        ("劳务派遣经营许可",),
    ]
    (guarded,) = TERMS.found("毕业的派遣证丢了")
    assert [sense.official for sense in guarded.senses] == [("毕业生报到证签发",)]


def test_a_guide_gets_the_terms_of_its_own_name_and_action() -> None:
    assert words_of("餐饮服务许可证核发")["吃饭本"] > 0.5
    assert words_of("某某事项", "", "餐饮服务许可")["吃饭本"] == pytest.approx(0.9)
    assert "店不开了" in words_of("个体工商户注销登记")
    assert "店不开了" not in words_of("个体工商户变更登记"), "another action is another item"
    assert "店不开了" not in words_of("个体农户注销登记"), "another word in its place"
    assert words_of("变更") == {}, "a name that only says what many say"


def test_the_shipped_thesaurus_keeps_senses_and_guards() -> None:
    lexicon = Lexicon.load(bundled("knowledge") / "lexicon")
    assert len(lexicon.lay.senses) > 5_000
    assert lexicon.digest != Lexicon({}).digest
    assert "出生医学证明" in lexicon.official_words("娃的出生证咋办")


SCOPE = Scope(date(2026, 1, 1))
GUIDE = ServiceGuide(
    "g1", "居民身份证换领", materials=(Material("居民户口簿"),), authority="测试市公安局"
)


async def test_lay_words_find_a_guide_and_are_never_said(tmp_path: Path) -> None:
    plain = ServiceGuide("g2", "居民身份证补领", tags=(PLAIN,))
    others = [ServiceGuide(f"o{n}", name) for n, name in enumerate(("护照换发", "社会保障卡申领"))]
    file = tmp_path / "guides.jsonl"
    rows = [json.dumps(to_row(guide), ensure_ascii=False) for guide in (GUIDE, plain, *others)]
    file.write_text("\n".join(rows), "utf-8")
    async with open_assistant(Settings(data_dir=tmp_path / "data", region=None)) as assistant:
        await assistant.ingest([file])
        words = assistant.lay_words("g1")
        assert words
        assert assistant.lay_words("g2") == ()
        assert profile_of(plain) != profile_of(replace(plain, tags=()))
        hits = (await assistant.search(words[0], SCOPE, 10)).hits
        assert hits[0].source.id == "g1"
        assert hits[0].scores.total > 1.5 * hits[-1].scores.total
        shown = " ".join(f"{hit.passage.context}{hit.passage.text}" for hit in hits)
        stored = await assistant.sources.passages_of("g1")
        shown += " ".join(f"{each.context}{each.text}" for each in stored)
        outcome = await assistant.answer(Question("居民身份证换领要什么材料", date(2026, 1, 1)))
        assert "居民户口簿" in outcome.text
        said = shown + outcome.text + outcome.spoken
        said += "".join(citation.quote for citation in outcome.draft.citations)
        assert not [word for word in words if word in said and word not in GUIDE.name]
        assert (await assistant.index.status()).lexicon == "与索引一致"
