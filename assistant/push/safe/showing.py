"""What the stage shows of what it is told: scenes, one for each moment of its clock."""

from dataclasses import replace
from datetime import datetime

from assistant.domain.speech import Viseme
from assistant.push.safe.facts import Facts
from assistant.push.safe.idling import Loop
from assistant.push.safe.player import Here, Message, said_of
from assistant.push.safe.scene import Answer, Basis, Idle, Pictures, Scene
from assistant.stage.labels import LABEL_PERSON, label_of

LINGER = 4.0
"""Seconds that a slide stays for the next part of a script."""
COVERED = "请稍候，直播马上回来。您的提问都会保留，需要帮助请拨打12345。"
AHEAD = 0.035
"""Seconds: lips begin to form a sound before it is heard."""
BLINKS = (4.0, 0.12)
"""Seconds from one blink to the next, and its length."""


class Showing:
    """`room_state`, `line` and `topic` as the last notice told them."""

    def __init__(self, pictures: Pictures) -> None:
        self.facts = Facts()
        self.is_cut = True
        self.is_covered = False
        """A holding card stands instead of everything that is said or next."""
        self.room_state, self.line, self.topic = "idle", "", ""
        self.next: tuple[str, ...] = ()
        self._pictures = pictures
        self._loop = Loop()
        self._cue: Message | None = None
        self._sentence: Message | None = None
        self._said_before = 0
        self._slides: list[Message] = []
        self._slide, self._slide_until = "", 0.0
        self._shape = Viseme.REST

    def know(self, facts: Facts) -> None:
        """What the server says of the room."""
        self.facts = facts
        self._loop.fill(facts)

    def notice(self, message: Message) -> None:
        """State, line and topic of the room; an empty line leaves the old one."""
        self.room_state, self.topic = str(message["state"]), str(message["topic"])
        self.line = str(message["line"]) or self.line

    def following(self, message: Message) -> None:
        """What is next."""
        asked = (str(one["question"]) for one in message["waiting"])
        self.next = tuple(one for one in asked if one)

    def begin(self, cue: Message, sentence: int) -> tuple[list[str], list[str]]:
        """A cue begins at a sentence. Gives slides and QR codes that are still to be fetched."""
        self._cue, self._sentence, self._said_before = cue, None, 0
        self._slides = list(cue["slides"])
        if not self._slides:
            self._slide = ""
        self._turn(sentence)
        slides = [str(one["name"]) for one in self._slides]
        codes = [str(one["source_id"]) for one in cue["citations"][:1] if one["has_link"]]
        pictures = self._pictures
        missing = [name for name in codes if name not in pictures.codes]
        return [name for name in slides if name not in pictures.slides], missing

    def saying(self, sentence: Message) -> None:
        """Another sentence of the cue."""
        if self._sentence is not None:
            self._said_before += len(self._sentence["text"])
        self._sentence = sentence
        self._turn(int(sentence["index"]))

    def rest(self, now: float) -> None:
        """Nothing is said now."""
        self._cue = self._sentence = None
        self._slides, self._slide_until = [], now + LINGER

    def scene(self, now: float, wall: datetime, here: Here | None) -> Scene:
        """The scene of a moment: `here` is what is heard."""
        if not self._slides and now > self._slide_until:
            self._slide = ""
        label = label_of(self.room_state, str(self._cue["kind"]) if self._cue else "")
        scene = Scene(
            room=self.facts.room,
            topic=self.topic,
            clock=f"{wall:%H:%M:%S}",
            is_cut=self.is_cut,
            label=label,
            is_person=label == LABEL_PERSON,
            next=self.next,
            slide=self._slide,
            hint=self.room_state == "open",
            blinks=now % BLINKS[0] < BLINKS[1],
        )
        if self.is_covered:
            return replace(scene, topic="", next=(), slide="", hint=False, card=Idle(COVERED))
        if self._cue is None:
            return replace(scene, card=self._loop.page(now, self.line, self.facts.room))
        return self._said(scene, self._cue, here)

    def _turn(self, sentence: int) -> None:
        """To the slide that stands with a sentence."""
        for one in self._slides:
            if int(one["sentence"]) <= sentence:
                self._slide = str(one["name"])

    def _said(self, scene: Scene, cue: Message, here: Here | None) -> Scene:
        """With the card of a cue, and the caption and mouth of its sentence."""
        whole = max(1, len(str(cue["spoken"] or cue["text"])))
        share = min(1.0, self._said_before / whole)
        scene = replace(scene, card=answer_of(cue, share), hint=False)
        if here is None:
            return scene
        before, self._shape = self._shape, shape_at(here)
        said = said_of(here.slot.sentence["times"], here.seconds)
        text = str(here.slot.sentence["text"])
        return replace(scene, caption=text, said=said, mouth=(before, self._shape))


def answer_of(cue: Message, share: float) -> Answer:
    """The card of a cue; the QR code is the first source's."""
    basis = tuple(
        Basis(
            " ".join(str(part) for part in (one["title"], one["number"], one["locator"]) if part),
            str(one["quote"]),
            str(one["source_id"]) if number == 0 and one["has_link"] else "",
        )
        for number, one in enumerate(cue["citations"][:2])
    )
    asked = (str(cue["question"]), str(cue["viewer"]), int(cue["asked_by"]))
    return Answer(str(cue["text"]), *asked, basis=basis, share=share)


def shape_at(here: Here) -> Viseme:
    """The mouth's shape by the sentence's own timeline; closed after its end."""
    at = here.seconds + AHEAD
    if here.is_over:
        return Viseme.REST
    shapes = (shape for start, end, shape in here.slot.sentence["mouth"] if start <= at < end)
    found = next(shapes, Viseme.REST)
    return Viseme(found) if found in list(Viseme) else Viseme.REST
