"""The clips of a draft in a folder: one below it for each, with its card as JSON."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from assistant.domain.clips import ClipCard, clip_digest
from assistant.domain.studio import StreamDraft
from assistant.errors import BadInput, NotFound
from assistant.printing.marking import label_in
from assistant.records.codec import from_json, to_json
from assistant.studio.clips.making import (
    CAPTIONS,
    COVER,
    SUBTITLES,
    VIDEO,
    ClipKit,
    MadeClip,
    checked,
    make,
    produce_id,
)

CARD = "clip.json"
NAMES = (VIDEO, CAPTIONS, SUBTITLES, COVER)


async def clips_of_draft(draft: StreamDraft, kit: ClipKit) -> AsyncIterator[MadeClip | BadInput]:
    """The clips of a draft, one after the other; in the place of one that is too long, why."""
    for clip in draft.clips:
        try:
            yield await make(clip, draft.facts, kit)
        except BadInput as error:
            yield error


def write_clip(made: MadeClip, folder: Path) -> None:
    """A clip's files and card into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in made.files.items():
        (folder / name).write_bytes(data)
    (folder / CARD).write_text(to_json(made.card) + "\n", encoding="utf-8")


def read_clip(folder: Path) -> MadeClip:
    """A clip from its folder, looked at again: its files are those of its card.

    Raises NotFound, and BadInput where a file was changed, is too long, or lost its label.
    """
    try:
        card = from_json(ClipCard, (folder / CARD).read_text("utf-8"))
        files = {name: (folder / name).read_bytes() for name in NAMES}
    except OSError as error:
        raise NotFound(f"这里没有完整的短视频：{folder}") from error
    except ValueError as error:
        raise BadInput(f"{folder / CARD} 不是短视频的说明文件") from error
    if card.sha256 != {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}:
        raise BadInput("短视频的文件与说明不一致，请重新制作")
    if card.digest != clip_digest(card.clip):
        raise BadInput("短视频的文字被改动过，请重新制作")
    checked(files[VIDEO])
    for kind, name in (("mp4", VIDEO), ("png", COVER)):
        label = label_in(kind, files[name])
        if label is None or label.produce_id != produce_id(card.digest):
            raise BadInput(f"{name} 里没有这条短视频的 AI 标识")
    return MadeClip(card, files)
