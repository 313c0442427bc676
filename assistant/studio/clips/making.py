"""A clip of a draft to its files: MP4 with both labels, subtitles, cover, and what they say."""

import asyncio
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from assistant.domain.clips import MOST_SECONDS, ClipCard, ClipShape, clip_digest
from assistant.domain.speech import Sound
from assistant.domain.studio import Clip, Fact
from assistant.errors import BadInput, Unavailable
from assistant.printing.aigc import UNREGISTERED, AigcLabel
from assistant.printing.marking import marked
from assistant.studio.clips import ffmpeg
from assistant.studio.clips.lines import (
    LABEL,
    Line,
    Part,
    Spoken,
    Timeline,
    said_in,
    shortened,
    unshortened,
)
from assistant.studio.clips.pictures import Pictures
from assistant.studio.clips.probe import probed
from assistant.studio.clips.subtitles import srt, vtt
from assistant.voice import sound as sounds
from assistant.voice.exporting import Place
from assistant.voice.seams import Reading, Voicing

VIDEO, CAPTIONS, SUBTITLES, COVER = "clip.mp4", "clip.vtt", "clip.srt", "cover.png"
_FRAME = 1 / ffmpeg.RATE


@dataclass(frozen=True, slots=True)
class ClipKit:
    """What films are made with. `place` is where the voice says that it was made by AI.

    `whole`: the words were approved as they are, so none is left out for length.
    """

    reading: Reading
    voicing: Voicing
    office: str
    producer: str = UNREGISTERED
    place: Place = "end"
    shape: ClipShape = ClipShape.TALL
    presenter: str = "woman"
    region: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class MadeClip:
    """A clip's card and its files by name."""

    card: ClipCard
    files: Mapping[str, bytes]


async def make(clip: Clip, facts: Sequence[Fact], kit: ClipKit) -> MadeClip:
    """The files of a clip. About a third of its length on two cores.

    Raises BadInput where it cannot be told in less than 40 s, Unavailable without voice or ffmpeg.
    """
    program = await asyncio.to_thread(ffmpeg.found)
    spoken, engines = await _spoken(clip, facts, kit)
    kept, timeline = unshortened(clip, spoken) if kit.whole else shortened(clip, spoken)
    said = replace(clip, sentences=tuple(clip.sentences[n] for n in kept))
    digest = clip_digest(said)
    label = AigcLabel.first(kit.producer, produce_id(digest))
    pictures = Pictures(said, kit.office, kit.shape, kit.presenter)
    with TemporaryDirectory(prefix="clip-") as scratch:
        film = await _filmed(program, timeline, pictures, kit.voicing, Path(scratch))
    video = await asyncio.to_thread(marked, "mp4", film, label)
    files = {
        VIDEO: video,
        CAPTIONS: vtt(timeline.lines).encode(),
        SUBTITLES: srt(timeline.lines).encode(),
        COVER: await asyncio.to_thread(_cover, pictures, label),
    }
    wanted = {fact for one in said.sentences for fact in one.facts}
    seconds = checked(video)
    card = ClipCard(
        clip=replace(said, seconds=seconds),
        facts=tuple(fact for fact in facts if fact.id in wanted),
        office=kit.office,
        shape=kit.shape,
        seconds=seconds,
        digest=digest,
        sha256={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        dropped=tuple(one.text for n, one in enumerate(clip.sentences) if n not in kept),
        engines=engines,
        region=kit.region,
    )
    return MadeClip(card, files)


def produce_id(digest: str) -> str:
    """How the hidden label names a clip: by its words."""
    return f"clip/{digest[:32]}"


def checked(video: bytes) -> float:
    """The seconds of a finished clip. Raises BadInput for one that is no clip."""
    try:
        found = probed(video)
    except ValueError as error:
        raise BadInput("不是可用的 MP4 文件") from error
    if sorted((one.kind, one.codec) for one in found.tracks) != [
        ("soun", "mp4a"),
        ("vide", "avc1"),
    ]:
        raise BadInput("短视频须是一路 H.264 画面和一路 AAC 声音")
    if found.seconds >= MOST_SECONDS:
        raise BadInput(f"短视频长 {found.seconds:.2f} 秒，须短于 {MOST_SECONDS:.0f} 秒")
    return round(found.seconds, 3)


async def _spoken(
    clip: Clip, facts: Sequence[Fact], kit: ClipKit
) -> tuple[list[Spoken], tuple[str, ...]]:
    """Everything to say, in order, with its sound; and the engines that spoke."""
    made, engines = [], []
    for text, number, part in said_in(clip, facts, kit.place):
        for one in kit.reading(text, kit.region):
            if not any(one.pinyin):
                continue
            speech = await kit.voicing(one, (clip.source_id,) if number != LABEL else ())
            if not speech.audio:
                raise Unavailable("没有可用的语音，未制作短视频", hint="请检查 ASSISTANT_VOICE")
            made.append(Spoken(one.display.strip(), number, part, speech.audio, speech.seconds))
            engines.append(f"{speech.engine} {speech.version}")
    return made, tuple(dict.fromkeys(engines))


async def _filmed(
    program: str, timeline: Timeline, pictures: Pictures, voicing: Voicing, scratch: Path
) -> bytes:
    await asyncio.to_thread(_draw, timeline, pictures, scratch)
    await asyncio.to_thread(_write_sound, timeline, voicing, scratch / "sound.wav")
    to = scratch / VIDEO
    listed, sound = str(scratch / "pictures.txt"), str(scratch / "sound.wav")
    await ffmpeg.filmed(program, listed, sound, timeline.seconds, str(to))
    return await asyncio.to_thread(to.read_bytes)


def _draw(timeline: Timeline, pictures: Pictures, scratch: Path) -> None:
    """Each picture once, and how long it stands, for ffmpeg's concat demuxer."""
    shown = list(shots(timeline, pictures))
    listed = ["ffconcat version 1.0"]
    ends = [*(start for start, _ in shown[1:]), timeline.seconds]
    for number, ((start, image), end) in enumerate(zip(shown, ends, strict=True)):
        name = f"{number:03}.ppm"
        image.save(scratch / name)
        listed += [f"file {name}", f"duration {end - start:.3f}"]
    listed.append(listed[-2])  # else the last picture would not stand for its time
    (scratch / "pictures.txt").write_text("\n".join(listed) + "\n", encoding="utf-8")


def shots(timeline: Timeline, pictures: Pictures) -> Iterator[tuple[float, Image.Image]]:
    """The pictures with the second at which each begins, on the grid of the film's pictures."""
    yield 0.0, pictures.cover()
    before = 0.0
    for line in timeline.lines:
        start = round(line.start / _FRAME) * _FRAME
        if image := _picture(line, pictures):
            yield max(start, before), image
            before = start
    if timeline.lines[-1].said.part is not Part.END:
        yield round(timeline.end_starts / _FRAME) * _FRAME, pictures.end("")


def _picture(line: Line, pictures: Pictures) -> Image.Image | None:
    """What stands while a line is said; the question stands on the cover without a caption."""
    said = line.said
    if said.part is Part.COVER:
        return pictures.cover(said.text) if said.sentence == LABEL else pictures.cover()
    if said.part is Part.END:
        return pictures.end(said.text)
    return pictures.body(said.sentence, said.text)


def _write_sound(timeline: Timeline, voicing: Voicing, to: Path) -> None:
    """The lines at their times, silence between them."""
    parts = [(line.start, _sound(voicing, line.said.audio)) for line in timeline.lines]
    rate = parts[0][1].sample_rate
    whole = np.zeros(round(timeline.seconds * rate))
    for start, one in parts:
        if one.sample_rate != rate:
            raise ValueError("the sentences of a clip have different sample rates")
        at, samples = round(start * rate), sounds.samples_of(one)
        whole[at : at + len(samples)] += samples[: len(whole) - at]
    to.write_bytes(sounds.wav(Sound(sounds.pcm(whole), rate)))


def _sound(voicing: Voicing, audio: str) -> Sound:
    path = voicing.file(audio)
    if path is None:
        raise Unavailable("语音文件不见了，未制作短视频", hint="请再试一次")
    return sounds.read_wav(path.read_bytes())


def _cover(pictures: Pictures, label: AigcLabel) -> bytes:
    made = io.BytesIO()
    pictures.cover().save(made, "PNG")
    return marked("png", made.getvalue(), label)
