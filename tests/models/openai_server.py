"""A loopback server that speaks OpenAI's chat completions, well or badly, as each test wants."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Respond = Callable[[asyncio.StreamWriter], Awaitable[None]]


def completion(text: str | None, finish: str | None = "stop", **other: object) -> bytes:
    choice = {
        "index": 0,
        "finish_reason": finish,
        "message": {"role": "assistant", "content": text},
    }
    body = {"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    return json.dumps(body | other, ensure_ascii=False).encode()


def http(body: bytes, status: str = "200 OK", kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


def says(text: str | None, finish: str | None = "stop") -> Respond:
    return sends(http(completion(text, finish)))


def sends(raw: bytes) -> Respond:
    async def respond(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return respond


def fails(status: str = "500 Internal Server Error") -> Respond:
    return sends(http(b'{"error": {"message": "no"}}', status))


def stalls() -> Respond:
    async def respond(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    return respond


@dataclass
class OpenAIServer:
    """`script` answers one request each; the last answers all that follow.

    Where `reply` is given it answers instead, from the request.
    """

    script: list[Respond]
    reply: Callable[[dict], Respond] | None = None
    requests: list[dict] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    url: str = ""

    def respond(self, request: dict) -> Respond:
        if self.reply:
            return self.reply(request)
        return self.script[min(len(self.requests), len(self.script)) - 1]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            size = next(
                int(line.split(":")[1])
                for line in head.splitlines()
                if line.lower().startswith("content-length")
            )
            self.headers.append(head)
            self.requests.append(json.loads(await reader.readexactly(size)))
            await self.respond(self.requests[-1])(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def openai_server(*script: Respond, reply: Callable[[dict], Respond] | None = None):
    fake = OpenAIServer(list(script), reply)
    tasks: set[asyncio.Task] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(fake.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield fake
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
