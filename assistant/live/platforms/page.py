"""The product's own page as a platform: comments of anonymous viewers, replies to each of them.

A viewer is known by a random session id (`new_viewer`) that only their browser has: who knows it
gets their replies, so it never appears in an event id, a log line or another viewer's stream.
"""

import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace

from assistant.domain.live import EventType, LiveEvent, LiveUser
from assistant.errors import BadInput, ReplyFailed
from assistant.live.platforms.door import Door
from assistant.live.platforms.page_channels import Channels, PageReply
from assistant.live.platforms.texts import storable
from assistant.live.seams import LiveClock, PlatformState, Receive

_VIEWER = re.compile(r"[A-Za-z0-9_-]{20,64}")
_CLIENT_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class TooOften(BadInput):
    """A viewer posts faster than is allowed; `retry_after` in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("发送太快了", hint=f"请 {max(1, round(retry_after))} 秒后再试")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class PageConfig:
    """Limits of the page. `burst` comments at once, then one every `every` seconds a viewer."""

    burst: int = 5
    every: float = 3.0
    longest: int = 300
    most_viewers: int = 20_000
    most_replies: int = 50


FetchReplies = Callable[[Sequence[str]], Awaitable[Sequence[PageReply]]]
"""Replies of the records, by event ids of this platform; those that exist, oldest first.

The records know no client ids: an event's id may stand in place of its client id.
"""


async def no_records(event_ids: Sequence[str]) -> Sequence[PageReply]:
    """Stands in where nothing is kept."""
    del event_ids
    return ()


def new_viewer() -> str:
    """A session id for a new viewer."""
    return secrets.token_urlsafe(24)


def reply_address(viewer: str, client_id: str) -> str:
    """Where a reply to a comment goes."""
    return f"{viewer} {client_id}"


def event_id(viewer: str, client_id: str) -> str:
    """The event id of a comment: the same for the same two, and telling neither."""
    return hashlib.sha256(f"{viewer}\n{client_id}".encode()).hexdigest()[:40]


class Page:
    """The page of a room: `Platform` and `Replying`."""

    name = "page"

    def __init__(
        self, clock: LiveClock, config: PageConfig | None = None, fetch: FetchReplies = no_records
    ) -> None:
        self.config = config or PageConfig()
        self._clock = clock
        self._fetch = fetch
        self._door = Door(self.name, clock, can_reply=True)
        self._channels = Channels(self.config.most_viewers, self.config.most_replies)
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._asked: OrderedDict[str, tuple[str, str]] = OrderedDict()

    @property
    def state(self) -> PlatformState:
        """How it is doing."""
        return self._door.state

    @property
    def watching(self) -> int:
        """Viewers that have the page open now."""
        return self._channels.watching

    async def run(self, receive: Receive) -> None:
        """Take comments until cancelled."""
        await self._door.stand_open(receive)

    async def post(self, viewer: str, text: str, client_id: str, name: str = "") -> str:
        """Take a comment; its event id. When this returns it is on disk.

        `client_id` is the browser's own id of it: sent again, it is the same comment, not counted
        against the limit.

        Raises:
            BadInput: no session id, no or too long a text.
            TooOften: over the viewer's limit.
            Unavailable: the room is not open.
        """
        _checked(viewer, client_id)
        event = self._event(viewer, self._text(text), client_id, name)
        if not self._door.knows(event):
            self._count(viewer)
        self._note(event.event_id, viewer, client_id)
        await self._door.hand([event])
        return event.event_id

    def address_of(self, event_id: str) -> str | None:
        """Where the viewer of a comment is reached, while they have the page open."""
        viewer, client_id = self._asked.get(event_id, ("", ""))
        return reply_address(viewer, client_id) if self._channels.is_open(viewer) else None

    async def reply(self, address: str, text: str, key: str) -> None:
        """Put a reply into the viewer's channel; the same key again changes nothing."""
        viewer, _, client_id = address.partition(" ")
        if not _VIEWER.fullmatch(viewer):
            raise ReplyFailed("不是页面观众的回复地址")
        reply = PageReply(key, client_id, text, self._clock.now())
        self._channels.of(viewer).put(reply)

    async def stream(self, viewer: str, pending: Sequence[str] = ()) -> AsyncIterator[PageReply]:
        """The viewer's replies, those not acknowledged first, then each as it comes; never ends.

        `pending` are the client ids that the browser still waits for: their replies are fetched
        from the records too, so that neither a lost network nor a restart loses one. A reply may
        come twice (two tabs, a new connection): the page knows it by its key.
        """
        _checked(viewer, *pending)
        channel = self._channels.of(viewer)
        channel.streams += 1
        try:
            sent = set()
            for reply in await self._stored(viewer, pending):
                sent.add(reply.key)
                yield reply
            while True:
                for reply in channel.waiting(sent):
                    sent.add(reply.key)
                    yield reply
                if not any(True for _ in channel.waiting(sent)):
                    await channel.changed()
        finally:
            channel.streams -= 1

    def acknowledge(self, viewer: str, keys: Collection[str]) -> None:
        """The page shows these replies; they are not sent again."""
        _checked(viewer)
        self._channels.of(viewer).acknowledge(list(keys)[:1_000])

    async def _stored(self, viewer: str, pending: Sequence[str]) -> Sequence[PageReply]:
        wanted = {event_id(viewer, client_id): client_id for client_id in list(pending)[-100:]}
        for asked, client_id in wanted.items():
            self._note(asked, viewer, client_id)
        found = await self._fetch(list(wanted)) if wanted else ()
        return [replace(one, client_id=wanted.get(one.client_id, one.client_id)) for one in found]

    def _note(self, asked: str, viewer: str, client_id: str) -> None:
        """Whose comment it is, for a reply that comes when its address is erased."""
        self._asked[asked] = (viewer, client_id)
        self._asked.move_to_end(asked)
        while len(self._asked) > self.config.most_viewers:
            self._asked.popitem(last=False)

    def _text(self, text: str) -> str:
        text = storable(text).strip()
        if not text:
            raise BadInput("请输入内容")
        if len(text) > self.config.longest:
            raise BadInput(f"最多 {self.config.longest} 个字", hint="请分几条发送")
        return text

    def _event(self, viewer: str, text: str, client_id: str, name: str) -> LiveEvent:
        return LiveEvent(
            event_id=event_id(viewer, client_id),
            platform=self.name,
            type=EventType.COMMENT,
            at=self._clock.now(),
            user=LiveUser(viewer, storable(name)[:40]),
            text=text,
            reply_to=reply_address(viewer, client_id),
        )

    def _count(self, viewer: str) -> None:
        """A leaky bucket a viewer: `_full_at` is when its last comment will have leaked away."""
        now, every = self._clock.now().timestamp(), self.config.every
        empty = max(self._full_at.pop(viewer, now), now)
        over = empty + every - now - self.config.burst * every
        self._full_at[viewer] = empty if over > 0 else empty + every
        while len(self._full_at) > self.config.most_viewers:
            self._full_at.popitem(last=False)
        if over > 0:
            raise TooOften(over)


def _checked(viewer: str, *client_ids: str) -> None:
    if not _VIEWER.fullmatch(viewer):
        raise BadInput("页面会话无效", hint="请刷新页面")
    if not all(_CLIENT_ID.fullmatch(client_id) for client_id in client_ids):
        raise BadInput("消息编号无效", hint="请刷新页面")
