"""Comments over days: a day's curve, recorded or made-up noise, questions; all from one seed."""

import gzip
import json
import random
from dataclasses import dataclass
from pathlib import Path

from eval.drills.serve_platform import bundled_questions

DAY = (
    *(0.06, 0.04, 0.03, 0.03, 0.03, 0.05, 0.10, 0.22, 0.55, 0.95, 1.00, 0.85),
    *(0.45, 0.50, 0.80, 0.90, 0.85, 0.65, 0.50, 0.60, 0.70, 0.55, 0.30, 0.15),
)
"""Each hour's share of the busiest: office hours lead, an evening wave, a thin night. Assumed."""
BEGIN = 8.0
"""The hour of the day at which a soak begins."""
QUESTIONS, AGAIN, LATELY = 0.08, 0.3, 200
"""Shares of questions among comments (half of it in the rehearsal: it also shouts), and of
questions that somebody asked among the latest comments."""
RECORDED = Path("../shared/data/danmaku_dev.jsonl.gz")
_TRUTH = RECORDED.with_name("danmaku_dev_truth.jsonl.gz")
_WHO = ("主播", "老师", "小姐姐", "各位", "家人们", "工作人员", "楼上的", "大家")
_SAY = (
    "好",
    "辛苦了",
    "讲得真细",
    "声音有点小",
    "666",
    "来了来了",
    "晚上好",
    "哈哈哈",
    "支持",
    "收到",
)
_TAIL = ("", "~", "！", "👍", "。。。", "[玫瑰]", "[鼓掌]", "呀", "嘿嘿", "1")


def comments_by(hours: float, busiest: float) -> int:
    """How many comments a curve has brought since `BEGIN`, after so many hours of traffic."""
    whole = int(BEGIN + hours)
    full = sum(DAY[hour % 24] for hour in range(int(BEGIN), whole))
    return int(busiest * (full + DAY[whole % 24] * (BEGIN + hours - whole)))


@dataclass(frozen=True, slots=True)
class Traffic:
    """Comment `number` is the same each time it is asked for: a soak that goes on repeats it."""

    seed: int
    noise: tuple[str, ...]
    questions: tuple[str, ...]

    @classmethod
    def of(cls, seed: int, recorded: Path = RECORDED) -> "Traffic":
        """With the recorded noise where it lies beside the repository, else made up."""
        return cls(seed, _recorded(recorded) or _made_up(), tuple(bundled_questions()))

    def text(self, number: int) -> str:
        """What a viewer types."""
        dice = random.Random(f"{self.seed}/{number}")
        if dice.random() >= QUESTIONS:
            return dice.choice(self.noise)
        asked = number
        if dice.random() < AGAIN:  # what somebody asked among the latest
            asked = max(0, number - dice.randrange(1, LATELY))
        return random.Random(f"{self.seed}/q{asked}").choice(self.questions)


def _recorded(path: Path) -> tuple[str, ...]:
    """The comments of the danmaku that ask nothing."""
    if not path.exists():
        return ()
    truth = {row["event_id"]: row["case_id"] for row in _rows(_TRUTH)}
    return tuple(r["text"] for r in _rows(path) if truth.get(r["event_id"]) == "noise")


def _made_up() -> tuple[str, ...]:
    return tuple(who + say + tail for who in ("", *_WHO) for say in _SAY for tail in _TAIL)


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
