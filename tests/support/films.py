"""One short clip, filmed by the real ffmpeg with a voice of tones."""

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.domain.clips import ClipCard, ClipShape, clip_digest
from assistant.domain.speech import Span, SpokenText
from assistant.domain.studio import Clip, Fact, FactKind, Sentence
from assistant.stage.timing import plain
from assistant.studio.clips.making import (
    CAPTIONS,
    COVER,
    SUBTITLES,
    VIDEO,
    ClipKit,
    MadeClip,
    make,
)
from tests.support.stage_voice import ToneVoicing

SOURCE = "guide-1"
LINK = "https://example.gov.cn/guide/1"
OFFICE = "示例县政务服务中心"


def fact(fact_id: str, kind: FactKind, text: str) -> Fact:
    return Fact(fact_id, f"{SOURCE}#{fact_id}", kind, text, SOURCE, 1, fact_id)


FACTS = (
    fact("f1", FactKind.NAME, "个体工商户设立登记"),
    fact("f2", FactKind.MATERIAL, "登记申请书（原件1份）"),
    fact("f3", FactKind.FEE, "收费：不收费"),
)
CLIP = Clip(
    "clip1",
    "个体工商户设立登记，要带什么材料",
    "个体工商户设立登记，要带什么材料？",
    (
        Sentence("个体工商户设立登记，要带什么材料？", ("f1",)),
        Sentence("登记申请书，原件1份。", ("f2",)),
        Sentence("不收费。", ("f3",)),
        Sentence("更多内容看屏幕下方。"),
    ),
    SOURCE,
    LINK,
)


def read_aloud(text: str, region: str | None = None) -> tuple[SpokenText, ...]:
    """Sentences as they are written, each letter a syllable."""
    del region
    return tuple(
        SpokenText(
            one.display,
            one.display,
            (Span(0, len(one.display), 0, len(one.display)),),
            tuple("a1" if letter.isalnum() else "" for letter in one.display),
        )
        for one in plain(text)
    )


def kit(folder: Path, shape: ClipShape = ClipShape.TALL) -> ClipKit:
    return ClipKit(read_aloud, ToneVoicing(folder / "voice"), OFFICE, shape=shape)


def unfilmed(clip: Clip, facts: Sequence[Fact], office: str, region: str | None) -> MadeClip:
    """A clip whose film is no film: where only what becomes of it matters."""
    wanted = {fact for one in clip.sentences for fact in one.facts}
    stated = tuple(one for one in facts if one.id in wanted)
    digest = clip_digest(clip)
    files = {name: f"{name} {digest}".encode() for name in (VIDEO, CAPTIONS, SUBTITLES, COVER)}
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    card = ClipCard(clip, stated, office, ClipShape.TALL, 12.0, digest, sums, region=region)
    return MadeClip(card, files)


def filmed(folder: Path, clip: Clip = CLIP, shape: ClipShape = ClipShape.TALL) -> MadeClip:
    """The clip; in a thread, for playwright's tests have a loop in their own."""
    with ThreadPoolExecutor() as threads:
        task = threads.submit(lambda: asyncio.run(make(clip, FACTS, kit(folder, shape))))
        return task.result()
