"""eSpeak NG through its C interface, in a process of its own: `python -m …engines.espeak`.

The library holds global state, may hang or fault on odd input, and is GPL-3.0: nothing else of the
product is imported here but the frames (`serving`).
"""

import ctypes
from typing import Any

import espeakng_loader

from assistant.voice.engines.serving import work

SYNCHRONOUS, PHONEME_EVENTS, BY_CHARACTER = 2, 1, 1
UTF8_WITH_PHONEMES = 0x101
WORD, PHONEME = 1, 7
PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4}


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class Espeak:
    """The library, ready. One in a process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        self._pcm = bytearray()
        self._words: list[int] = []
        self._end = 0
        self._phonemes: list[str] = []
        data = str(espeakng_loader.get_data_path()).encode()
        self.rate = self._library.espeak_Initialize(SYNCHRONOUS, 0, data, PHONEME_EVENTS)
        if self.rate <= 0:
            raise RuntimeError("espeak_Initialize failed")
        self._callback = _CALLBACK(self._take)  # kept: the library holds only its address
        self._library.espeak_SetSynthCallback(self._callback)
        self._voice = ""

    @property
    def version(self) -> str:
        """The library's own version."""
        self._library.espeak_Info.restype = ctypes.c_char_p
        told: bytes = self._library.espeak_Info(None)
        return told.decode("ascii", "replace").split()[0]

    def say(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Synthesise `text`: what the reply says of it, and its samples."""
        self._pcm.clear()
        self._words.clear()
        self._end = 0
        self._phonemes.clear()
        self._choose(str(asked["voice"]))
        for name, number in PARAMETERS.items():
            if name in asked:
                self._library.espeak_SetParameter(number, int(asked[name]), 0)
        text = str(asked["text"]).encode() + b"\0"
        failed = self._library.espeak_Synth(
            text, len(text), 0, BY_CHARACTER, 0, UTF8_WITH_PHONEMES, None, None
        )
        if failed:
            return {"error": f"espeak_Synth: {failed}"}, b""
        told = {
            "sample_rate": self.rate,
            "version": self.version,
            "words": list(self._words),
            "end": self._end,
            "phonemes": list(self._phonemes),
        }
        return told, bytes(self._pcm)

    def _choose(self, voice: str) -> None:
        if voice != self._voice:
            if self._library.espeak_SetVoiceByName(voice.encode()):
                raise ValueError(f"no such voice: {voice}")
            self._voice = voice

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._pcm += ctypes.string_at(samples, count * 2)
        at = 0
        while events[at].type:
            event = events[at]
            if event.type == WORD:
                self._words.append(event.sample)
            elif event.type == PHONEME:
                self._end = event.sample
                self._phonemes.append(event.id.string.decode("utf-8", "replace"))
            at += 1
        return 0


def main() -> None:
    """The worker process."""
    work(Espeak().say)


if __name__ == "__main__":
    main()
