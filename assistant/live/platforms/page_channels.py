"""The replies that wait for the viewers of the product's own page."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PageReply:
    """A reply to one viewer. `key` is its id; `client_id` names the comment that it answers."""

    key: str
    client_id: str
    text: str
    at: datetime


class Channel:
    """The replies of one viewer, oldest first, until the page has acknowledged them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: OrderedDict[str, PageReply] = OrderedDict()
        self._done: OrderedDict[str, None] = OrderedDict()
        self._changed = asyncio.Event()
        self.streams = 0

    def put(self, reply: PageReply) -> None:
        """Add a reply; one that is known by its key changes nothing."""
        if reply.key in self._waiting or reply.key in self._done:
            return
        self._waiting[reply.key] = reply
        while len(self._waiting) > self._most:
            self._waiting.popitem(last=False)
        self._changed.set()
        self._changed = asyncio.Event()

    def acknowledge(self, keys: Collection[str]) -> None:
        """The page shows these: they are not sent again."""
        for key in keys:
            self._waiting.pop(key, None)
            self._done[key] = None
        while len(self._done) > 4 * self._most:
            self._done.popitem(last=False)

    def waiting(self, without: Collection[str]) -> Iterator[PageReply]:
        """What waits, save what a stream has sent already."""
        return (reply for key, reply in list(self._waiting.items()) if key not in without)

    async def changed(self) -> None:
        """Wait until a reply is added."""
        await self._changed.wait()


class Channels:
    """The channels of a room, by viewer; of those without an open page the longest unused go."""

    def __init__(self, most_viewers: int, most_replies: int) -> None:
        self._most_viewers = most_viewers
        self._most_replies = most_replies
        self._channels: OrderedDict[str, Channel] = OrderedDict()

    def __len__(self) -> int:
        return len(self._channels)

    @property
    def watching(self) -> int:
        """Viewers that have the page open."""
        return sum(1 for channel in self._channels.values() if channel.streams)

    def is_open(self, viewer: str) -> bool:
        """Whether the viewer has the page open."""
        channel = self._channels.get(viewer)
        return channel is not None and channel.streams > 0

    def of(self, viewer: str) -> Channel:
        """The channel of a viewer."""
        channel = self._channels.get(viewer)
        if channel is None:
            channel = self._channels[viewer] = Channel(self._most_replies)
            self._make_room(viewer)
        self._channels.move_to_end(viewer)
        return channel

    def _make_room(self, newest: str) -> None:
        excess = len(self._channels) - self._most_viewers
        if excess > 0:
            idle = (v for v, each in self._channels.items() if not each.streams and v != newest)
            for viewer in [viewer for _, viewer in zip(range(excess), idle, strict=False)]:
                del self._channels[viewer]
