"""A real film: what is in the MP4 as ffmpeg and our own reader see it, and its pictures."""

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import segno
from PIL import Image, ImageChops

from assistant.domain.clips import ClipShape
from assistant.errors import BadInput, Unavailable
from assistant.printing.lettering import Face, filling
from assistant.printing.marking import label_in
from assistant.studio.clips import ffmpeg
from assistant.studio.clips.files import read_clip, write_clip
from assistant.studio.clips.look import BAR, LAYOUTS, MARK, MARK_FACE, NAVY, ground
from assistant.studio.clips.making import CAPTIONS, COVER, SUBTITLES, VIDEO, MadeClip, make
from assistant.studio.clips.pictures import QUESTION_SIZES, Pictures, cards
from assistant.studio.clips.probe import probed
from tests.support.films import CLIP, FACTS, LINK, OFFICE, kit

pytestmark = pytest.mark.integration


@pytest.fixture
def video(film: MadeClip, tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(film.files[VIDEO])
    return path


def asked(*arguments: str | Path) -> subprocess.CompletedProcess:
    command = [ffmpeg.found(), "-hide_banner", "-nostdin", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60)


def picture(video: Path, second: float) -> Image.Image:
    wanted = ("-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-")
    made = asked("-v", "error", "-ss", str(second), "-i", video, *wanted)
    return Image.open(io.BytesIO(made.stdout)).convert("RGB")


def test_ffmpeg_sees_one_film_with_sound_of_less_than_40_s(film: MadeClip, video: Path) -> None:
    told = asked("-i", video).stderr.decode()
    assert re.search(r"Video: h264 .*720x1280.* 25 fps", told)
    assert re.search(r"Audio: aac .*48000 Hz, mono", told)
    hours, minutes, seconds = re.search(r"Duration: (\d+):(\d+):([\d.]+)", told).groups()
    theirs = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    ours = probed(film.files[VIDEO])
    assert theirs == pytest.approx(ours.seconds, abs=0.05)
    assert ours.seconds == pytest.approx(film.card.seconds, abs=0.001)
    assert 0 < ours.seconds < 40.0
    assert {(one.kind, one.width, one.height) for one in ours.tracks} == {
        ("vide", 720, 1280),
        ("soun", 0, 0),
    }
    assert asked("-v", "error", "-i", video, "-f", "null", "-").stderr == b""


def test_both_hidden_labels_are_read_back_by_us_and_by_ffmpeg(film: MadeClip, video: Path) -> None:
    label = label_in("mp4", film.files[VIDEO])
    assert label is not None
    assert (label.label, label.produce_id) == ("1", f"clip/{film.card.digest[:32]}")
    assert label_in("png", film.files[COVER]) == label
    told = asked("-v", "error", "-i", video, "-f", "ffmetadata", "-").stdout.decode()
    assert "AIGC=" + label.text().replace("=", r"\=") in told


def test_the_visible_mark_is_high_enough_and_on_every_picture(video: Path, film: MadeClip) -> None:
    assert MARK_FACE.ink(MARK) >= 0.05 * 720
    assert "人工智能" in MARK
    assert "生成" in MARK
    wanted = ground(LAYOUTS[ClipShape.TALL], NAVY).crop((0, 0, 720, BAR))
    for second in (0.0, 1.0, 2.0, film.card.seconds / 2, film.card.seconds - 0.2):
        shown = picture(video, second).crop((0, 0, 720, BAR))
        difference = ImageChops.difference(shown, wanted).convert("L")
        assert difference.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)) < 6, second


def test_the_last_picture_holds_the_code_of_the_link(video: Path, film: MadeClip) -> None:
    matrix = [list(row) for row in segno.make(LINK, error="m", micro=False).matrix_iter(border=4)]
    left, upper, right, lower = LAYOUTS[ClipShape.TALL].code
    scale = (right - left) // len(matrix)
    x0 = left + (right - left - scale * len(matrix)) // 2
    y0 = upper + (lower - upper - scale * len(matrix)) // 2
    grey = picture(video, film.card.seconds - 0.2).convert("L")
    read = [
        [grey.getpixel((x0 + c * scale + scale // 2, y0 + r * scale + scale // 2)) < 128 for c in
         range(len(matrix))]
        for r in range(len(matrix))
    ]  # fmt: skip
    assert read == [[bool(module) for module in row] for row in matrix]


def test_the_subtitles_hold_all_that_is_said_and_the_spoken_label(film: MadeClip) -> None:
    text = film.files[CAPTIONS].decode()
    said = [line for line in text.splitlines() if "-->" not in line]
    assert [s.text for s in CLIP.sentences] == [
        t for t in said if t in {s.text for s in CLIP.sentences}
    ]
    assert "以上语音由人工智能生成。" in said
    ends = re.findall(r"--> 00:00:(\d\d\.\d+)", text)
    assert float(ends[-1]) < film.card.seconds
    assert film.files[SUBTITLES].decode().count("-->") == text.count("-->")


def test_what_was_written_is_looked_at_again(film: MadeClip, tmp_path: Path) -> None:
    write_clip(film, tmp_path / "clip1")
    assert read_clip(tmp_path / "clip1") == film
    (tmp_path / "clip1" / CAPTIONS).write_text("WEBVTT\n", encoding="utf-8")
    with pytest.raises(BadInput, match="不一致"):
        read_clip(tmp_path / "clip1")


def test_words_that_were_changed_afterwards_are_found(film: MadeClip, tmp_path: Path) -> None:
    words = replace(film.card.clip, title="别的标题")
    write_clip(MadeClip(replace(film.card, clip=words), film.files), tmp_path / "clip1")
    with pytest.raises(BadInput, match="被改动过"):
        read_clip(tmp_path / "clip1")


async def test_without_a_voice_there_is_no_clip(tmp_path: Path) -> None:
    parts = kit(tmp_path)
    parts.voicing.is_broken = True
    with pytest.raises(Unavailable, match="语音"):
        await make(CLIP, FACTS, parts)


async def test_without_ffmpeg_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> str:
        raise RuntimeError

    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", none)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match=r"\[stream\]"):
        await make(CLIP, FACTS, kit(tmp_path))


async def test_a_broken_command_is_an_error_of_ours() -> None:
    with pytest.raises(Unavailable, match="ffmpeg"):
        await ffmpeg.ran([ffmpeg.found(), "-v", "error", "-i", "/nowhere.wav", "-f", "null", "-"])


@pytest.mark.parametrize("shape", ClipShape)
def test_long_words_stay_inside_their_card(shape: ClipShape) -> None:
    room = LAYOUTS[shape].card
    long = [
        (n, "申请人应当提交经营场所使用证明、身份证明和登记申请书原件各一份，" * 2)
        for n in (1, 2, 3, 4)
    ]
    made = cards(long, room)
    assert [row.number for card in made for row in card.rows] == [1, 2, 3, 4]
    for card in made:
        assert card.rows[-1].bottom <= room[3]
        for row in card.rows:
            widest = max(Face(card.face.size, bold=True).width(line) for line in row.lines)
            assert widest <= room[2] - room[0]
    pictures = Pictures(CLIP, OFFICE, shape)
    assert {pictures.cover().size, pictures.body(1, "一").size, pictures.end("").size} == {
        LAYOUTS[shape].size
    }


@pytest.mark.parametrize("shape", ClipShape)
@pytest.mark.parametrize("length", [6, 14, 30, 45])
def test_the_question_stays_above_its_card(shape: ClipShape, length: int) -> None:
    room = LAYOUTS[shape].question
    face, lines = filling("灵活就业人员参保登记，" + "怎" * length, room, QUESTION_SIZES)
    assert room[1] + face.leading * len(lines) <= LAYOUTS[shape].card[1]
    assert max(face.width(line) for line in lines) <= room[2] - room[0]
