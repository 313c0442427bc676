"""Bilibili's live open platform: a session, a websocket and two heartbeats.

Reading only: the platform has no way to answer a viewer.
"""

import asyncio
import contextlib
import json

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from assistant.domain.live import LiveEvent
from assistant.live.platforms.bilibili_api import (
    EXPIRED,
    BilibiliApi,
    BilibiliConfig,
    Refused,
    Session,
)
from assistant.live.platforms.bilibili_events import SessionEnded, read_message
from assistant.live.platforms.bilibili_frames import Operation, Packet, pack, unpack
from assistant.live.platforms.supervise import JITTER, Jitter, LinkFailed, Patience, Supervisor
from assistant.live.platforms.tasks import first_of
from assistant.live.seams import LiveClock, PlatformState, Receive

_FAREWELL = 3.0
"""Seconds that ending the session may take when the room is closed."""
_LARGEST_MESSAGE = 4 * 1024 * 1024


class Bilibili:
    """The connector of one room."""

    name = "bilibili"

    def __init__(
        self,
        config: BilibiliConfig,
        clock: LiveClock,
        http: httpx.AsyncClient,
        patience: Patience | None = None,
        jitter: Jitter = JITTER,
    ) -> None:
        self._config = config
        self._clock = clock
        self._api = BilibiliApi(config, clock, http)
        self._health = Supervisor(self.name, clock, patience, jitter)
        self._session: Session | None = None
        self._attempt = 0
        self.malformed = 0
        """Messages that could not be read since the start."""

    @property
    def state(self) -> PlatformState:
        """How it is doing."""
        return self._health.state

    async def run(self, receive: Receive) -> None:
        """Read until cancelled; then the session is ended."""
        try:
            await self._health.run(self._connection, receive)
        finally:
            await self._end()

    async def _connection(self) -> None:
        session = await self._opened()
        link = session.links[self._attempt % len(session.links)]
        self._attempt += 1
        async with connect(
            link,
            max_size=_LARGEST_MESSAGE,
            ping_interval=None,
            open_timeout=self._config.open_timeout,
            close_timeout=1,
        ) as socket:
            await self._authenticate(socket, session)
            self._health.connected()
            await first_of(self._read(socket, session), self._beat(socket), self._keep(session))

    async def _opened(self) -> Session:
        """The session of before where it still holds, else a new one."""
        if self._session:
            try:
                await self._api.beat(self._session)
            except Refused:
                await self._end()
            else:
                return self._session
        self._session = await self._api.start()
        return self._session

    async def _authenticate(self, socket: ClientConnection, session: Session) -> None:
        await socket.send(pack(Operation.AUTH, session.auth.encode()))
        async with asyncio.timeout(self._config.open_timeout):
            async for data in socket:
                packets, _ = unpack(data if isinstance(data, bytes) else b"")
                replies = [each for each in packets if each.operation == Operation.AUTH_REPLY]
                if replies:
                    return await self._check(replies[0])
        raise LinkFailed("长连接在鉴权时被关闭")

    async def _check(self, reply: Packet) -> None:
        """A refused auth means that the key of the session is no longer good."""
        try:
            accepted = json.loads(reply.body or b'{"code": 0}')["code"] == 0
        except (ValueError, KeyError, TypeError):
            accepted = False
        if not accepted:
            await self._end()
            raise LinkFailed("长连接鉴权失败，正在重新开启场次")

    async def _read(self, socket: ClientConnection, session: Session) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for data in socket:
                self._health.beat()
                packets, whole = unpack(data if isinstance(data, bytes) else b"?")
                self._count_malformed(0 if whole else 1)
                await self._take(packets, session)
        raise LinkFailed("长连接断开，正在重新连接")

    async def _take(self, packets: list[Packet], session: Session) -> None:
        events: list[LiveEvent] = []
        ended = False
        for packet in packets:
            if packet.operation != Operation.MESSAGE:
                continue
            try:
                message = read_message(packet.body, self._clock.now())
            except (ValueError, RecursionError):
                self._count_malformed(1)
                continue
            if isinstance(message, SessionEnded):
                ended = ended or message.game_id in {session.game_id, ""}
            elif message is not None:
                events.append(message)
        await self._health.deliver(events)
        if ended:
            await self._end()
            raise LinkFailed("平台结束了本场次的推送，正在重新开启")

    async def _beat(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(pack(Operation.HEARTBEAT))
            await self._clock.sleep(self._config.socket_beat)

    async def _keep(self, session: Session) -> None:
        """Only an ended session ends the connection; a failed beat is tried again."""
        while True:
            await self._clock.sleep(self._config.app_beat)
            try:
                await self._api.beat(session)
            except Refused as error:
                if error.code == EXPIRED:
                    self._session = None
                    raise
                self._health.note(str(error))
            except LinkFailed as error:
                self._health.note(str(error))

    async def _end(self) -> None:
        session, self._session = self._session, None
        if session:
            with contextlib.suppress(LinkFailed, TimeoutError):
                async with asyncio.timeout(_FAREWELL):
                    await self._api.end(session)

    def _count_malformed(self, count: int) -> None:
        if count:
            self.malformed += count
            self._health.note(f"收到无法识别的消息（共 {self.malformed} 条），已跳过")
