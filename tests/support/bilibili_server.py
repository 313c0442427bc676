"""A loopback platform that speaks Bilibili's live open protocol, and can misbehave."""

import hashlib
import hmac
import json
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.support.platforms import Answer, Asked, Changing, HttpServer

KEY, SECRET, APP, CODE = "key-id", "key-secret", 1234, "CODE"


def packet(operation: int, body: bytes, version: int = 0) -> bytes:
    return struct.pack(">IHHII", 16 + len(body), 16, version, operation, 0) + body


def danmaku(name: str, **changes: object) -> dict[str, object]:
    data = {
        "msg_id": f"id-{name}",
        "msg": f"问题{name}",
        "open_id": f"open-{name}",
        "uname": "网友",
        "timestamp": 1_772_409_600,
        "fans_medal_level": 3,
        "dm_type": 0,
        "room_id": 1,
    }
    return {"cmd": "LIVE_OPEN_PLATFORM_DM", "data": data | changes}


class BilibiliServer(Changing):
    """HTTP side and websocket. Faults: `start_codes`, `auth_code`, `is_mute`, `refuse_sockets`."""

    def __init__(self) -> None:
        super().__init__()
        self.http = HttpServer(self._answer)
        self.start_codes: list[int] = []
        self.auth_code = 0
        self.is_mute = False
        self.problems: list[str] = []
        self.live: set[str] = set()
        self.started = self.ended = self.beats = self.socket_beats = self.auths = 0
        self.sockets: list[ServerConnection] = []
        self._nonces: set[str] = set()
        self._numbers = count(1)
        self._url = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["BilibiliServer"]:
        async with self.http.serving(), serve(self._socket, "127.0.0.1", 0) as server:
            self._url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/sub"
            yield self

    @property
    def url(self) -> str:
        return self.http.url

    # ---- what a test does

    async def joined(self, auths: int) -> None:
        await self.until(lambda: self.auths >= auths and len(self.sockets) > 0)

    async def send(self, *messages: object, zipped: bool = True) -> None:
        packets = b"".join(packet(5, json.dumps(each).encode()) for each in messages)
        await self.send_raw(packet(5, zlib.compress(packets), 2) if zipped else packets)

    async def send_raw(self, data: bytes | str) -> None:
        await self.sockets[-1].send(data)

    def drop(self) -> None:
        """Cut the connections without a goodbye."""
        for socket in self.sockets:
            socket.transport.abort()
        self.sockets.clear()

    def expire(self) -> None:
        self.live.clear()

    # ---- HTTP

    async def _answer(self, asked: Asked) -> Answer:
        self.problems += _signing_problems(asked, self._nonces)
        code, data = self._reply(asked)
        self.change()
        return 200, {"code": code, "message": "m", "request_id": "r", "data": data}

    def _reply(self, asked: Asked) -> tuple[int, object]:
        body = asked.json
        if asked.path == "/v2/app/start":
            return self._start(body)
        if asked.path == "/v2/app/heartbeat":
            self.beats += 1
            return (0, {}) if body["game_id"] in self.live else (7003, {})
        if asked.path == "/v2/app/end" and body["app_id"] == APP:
            self.ended += 1
            self.live.discard(str(body["game_id"]))
            return 0, {}
        return 4000, {}

    def _start(self, body: dict[str, object]) -> tuple[int, object]:
        self.started += 1
        code = self.start_codes.pop(0) if self.start_codes else 0
        if body != {"code": CODE, "app_id": APP}:
            code = 7007
        if code:
            return code, {}
        game = f"game-{next(self._numbers)}"
        self.live.add(game)
        socket = {"auth_body": json.dumps({"key": game}), "wss_link": [self._url]}
        info = {"room_id": 1, "uname": "主播"}
        return 0, {"game_info": {"game_id": game}, "websocket_info": socket, "anchor_info": info}

    # ---- websocket

    async def _socket(self, socket: ServerConnection) -> None:
        try:
            async for data in socket:
                assert isinstance(data, bytes)
                total, header, _, operation, _ = struct.unpack_from(">IHHII", data)
                if (total, header) != (len(data), 16):
                    self.problems.append("packet lengths")
                await self._packet(socket, operation, data[16:])
        except ConnectionClosed:
            pass
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
            self.change()

    async def _packet(self, socket: ServerConnection, operation: int, body: bytes) -> None:
        if operation == 7:
            game = json.loads(body)["key"]
            code = self.auth_code if game in self.live else -101
            await socket.send(packet(8, json.dumps({"code": code}).encode()))
            if code == 0:
                self.sockets.append(socket)
                self.auths += 1
        elif operation == 2 and socket in self.sockets:
            self.socket_beats += 1
            if not self.is_mute:
                await socket.send(packet(3, struct.pack(">I", 1), 1))
        else:
            self.problems.append(f"operation {operation} before auth")
        self.change()


def _signing_problems(asked: Asked, nonces: set[str]) -> list[str]:
    """What the platform would refuse, worked out from its documentation and not from our code."""
    h = asked.headers
    source = "\n".join(
        f"{name}:{h.get(name)}"
        for name in (
            "x-bili-accesskeyid",
            "x-bili-content-md5",
            "x-bili-signature-method",
            "x-bili-signature-nonce",
            "x-bili-signature-version",
            "x-bili-timestamp",
        )
    )
    right = hmac.new(SECRET.encode(), source.encode(), hashlib.sha256).hexdigest()
    found = {
        "signature": h.get("authorization") != right,
        "key": h.get("x-bili-accesskeyid") != KEY,
        "md5": h.get("x-bili-content-md5") != hashlib.md5(asked.body).hexdigest(),
        "method": h.get("x-bili-signature-method") != "HMAC-SHA256",
        "version": h.get("x-bili-signature-version") != "1.0",
        "nonce": h.get("x-bili-signature-nonce", "") in nonces,
        "content": h.get("content-type") != "application/json",
    }
    nonces.add(h.get("x-bili-signature-nonce", ""))
    return [name for name, is_wrong in found.items() if is_wrong]
