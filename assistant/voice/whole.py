"""A cue as it was heard, in one sound: its kept sentences one after the other. Blocking."""

from assistant.domain.speech import Sound
from assistant.printing.aigc import AigcLabel
from assistant.printing.marking import marked
from assistant.voice.said import SaidAudio
from assistant.voice.sound import read_wav, wav


def whole(said: SaidAudio, session_id: str, cue_id: str, producer: str) -> bytes | None:
    """A labelled WAV file; None where no sound of the cue is kept (any more)."""
    sounds = []
    for one in said.of(session_id, cue_id):
        file = said.file(session_id, one.audio) if one.audio else None
        if file is not None:
            sounds.append(read_wav(file.read_bytes()))
    if not sounds:
        return None
    joined = Sound(b"".join(one.samples for one in sounds), sounds[0].sample_rate)
    return marked("wav", wav(joined), AigcLabel.first(producer, f"cue/{cue_id}"))
