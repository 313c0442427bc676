"""What a calibration holds for: the parts that turn a question into the numbers of the verdict.

Feature code is known by what it does, not by its text: the numbers that it gives to fixed questions
over fixed sources. So a renamed variable changes nothing, and a changed feature does.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from assistant.answering.decide import VerdictPolicy
from assistant.answering.faq_answer import FaqAnswerer
from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue
from assistant.answering.lexicon import Lexicon
from assistant.answering.policy_answer import PolicyAnswerer
from assistant.bundled import bundled
from assistant.domain.answer import Draft
from assistant.domain.evidence import Hit, Ranking, Scores
from assistant.domain.passage import Passage
from assistant.domain.question import Question
from assistant.domain.region import RegionTree
from assistant.domain.source import (
    Faq,
    LimitUnit,
    ServiceGuide,
    SourceHeader,
    SourceKind,
    TimeLimit,
)

NO_MODEL = "none"
_DAY = date(2026, 1, 1)
_ASKED = (
    "居住证几个工作日能办好",
    "稳岗补贴每人多少钱",
    "青山区稳岗补贴向哪个部门申请",
    "申请补贴要满足哪些条件",
    "居住证丢了怎么补办",
)
_CLAUSES = (
    "第三条 对不裁员的中小微企业，按每人3000元给予稳岗补贴，由青山区人力资源和社会保障局受理。",
    "第四条 申请稳岗补贴应当同时符合下列条件：（一）依法参加失业保险；（二）上年度未裁员。",
    "第九条 本办法自2025年3月1日起施行，咨询电话0000-1234567。",
)


def fingerprint(
    embedding: str,
    policy: VerdictPolicy,
    chat_model: str | None = None,
    cross_encoder: str | None = None,
) -> dict[str, str]:
    """The parts by name; `chat_model` and what goes with it only where one is in use."""
    return {
        "embedding": embedding,
        "ranker": f"{data_digest()}+{cross_encoder}" if cross_encoder else data_digest(),
        "features": features_digest(),
        "weights": _digest(repr(_weights(policy))),
        "prompts": _prompts() if chat_model else NO_MODEL,
        "chat_model": chat_model or NO_MODEL,
    }


def _weights(policy: VerdictPolicy) -> list[object]:
    """What makes the probability; thresholds may change."""
    rows = sorted(policy.routes.items())
    return [(route.value, rules.bias, sorted(rules.weights.items())) for route, rules in rows]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def data_digest() -> str:
    """The fitted numbers of search, of item matching and of quotes."""
    folders = ("assistant.retrieval", "assistant.answering")
    found = [path for name in folders for path in _models(files(name) / "data")]
    whole = hashlib.sha256()
    for path in sorted(found, key=lambda one: one.name):
        whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:12]


_THRESHOLDS = frozenset({"verdict.json", "calibration.json"})


def _models(folder: Traversable) -> Iterator[Traversable]:
    return (
        path
        for path in folder.iterdir()
        if path.is_file() and path.name not in _THRESHOLDS and not path.name.endswith(".md")
    )


def _prompts() -> str:
    return hashlib.sha256((bundled("prompts") / "rephrase.md").read_bytes()).hexdigest()[:12]


@cache
def features_digest() -> str:
    """What the code makes of the fixed questions."""
    rows = [_numbers(draft) for asked in _ASKED for draft in _drafts(Question(asked, _DAY))]
    return _digest(json.dumps(rows))


def _numbers(draft: Draft) -> list[object]:
    of = draft.support
    whole = {"match": of.match, "margin": of.margin, "asked": of.asked, "coverage": of.coverage}
    numbers = sorted((whole | of.features).items())
    return [draft.route.value, [(name, round(value, 2)) for name, value in numbers]]


def _drafts(question: Question) -> Iterator[Draft]:
    ranking = _ranking()
    guides = GuideAnswerer(Catalogue.build(_guides(), RegionTree([]), Lexicon({})))
    yield guides.draft(question, guides.understand(question), ranking)
    yield PolicyAnswerer().draft(question, ranking)
    asked = "居住证丢了怎么办"
    yield FaqAnswerer([Faq("probe-faq", asked, "先挂失，再补办。")]).draft(question, ranking)


def _guides() -> list[ServiceGuide]:
    limit = TimeLimit(15, LimitUnit.WORKDAY)
    return [
        ServiceGuide("probe-1", "居住证办理", aliases=("暂住证",), promised_limit=limit),
        ServiceGuide("probe-2", "居住证补领", parent="居住证管理", promised_limit=limit),
    ]


def _ranking() -> Ranking:
    header = SourceHeader("probe-3", SourceKind.POLICY, 1, "青山区稳岗补贴办法")
    other = SourceHeader("probe-4", SourceKind.POLICY, 1, "绿水区稳岗补贴办法")
    hits = []
    for rank, text in enumerate((*_CLAUSES, _CLAUSES[0].replace("青山", "绿水"))):
        source = header if rank < len(_CLAUSES) else other
        passage = Passage(source.id, SourceKind.POLICY, rank, text[:3], text, source.title)
        share = 1.0 / (1 + rank)
        hits.append(Hit(passage, source, Scores(share, share, share, share, share)))
    return Ranking(tuple(hits))
