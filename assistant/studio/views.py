"""What the studio's pages are made from."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import Comment, Problem, Step, Stream
from assistant.studio.anchors import Anchor
from assistant.studio.likeness import Near
from assistant.studio.standing import Ground


@dataclass(frozen=True, slots=True)
class StreamView:
    """A stream as someone may see it. `steps`: what they may do; `writes`: change words now.

    `clip_seconds`: how long each clip's film will be, as far as that is known before.
    """

    stream: Stream
    draft: StreamDraft
    problems: tuple[Problem, ...]
    grounds: tuple[Ground, ...]
    comments: tuple[tuple[Comment, Anchor], ...]
    near: Near | None
    steps: tuple[Step, ...]
    writes: bool
    comments_on: bool
    wrote: bool
    clip_seconds: Mapping[str, float]

    @property
    def blocked(self) -> bool:
        """Whether it cannot be approved as it is."""
        return any(one.blocks for one in self.problems)
