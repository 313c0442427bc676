"""How long a login, a look-up and an audit entry take: `python -m eval.bench.access_bench`.

Prints medians and P95 in milliseconds over SQLite in a temporary folder, and the load of the
machine, without which the figures say little.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.access.accounts import Role
from assistant.access.desk import AccessDesk
from assistant.access.door import LoggedIn
from assistant.access.staff import NewAccount
from assistant.bootstrap import new_ulid
from assistant.domain.clock import system_clock
from assistant.records.database import Database

PASSWORD = "蓝色的窗户 seven"


async def timed(name: str, times: int, work: Callable[[int], Awaitable[object]]) -> None:
    """Print how long one piece of work takes."""
    took = []
    for number in range(times):
        began = time.perf_counter()
        await work(number)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    p95 = took[int(0.95 * (len(took) - 1))]
    print(f"{name}\tmedian {statistics.median(took):.1f} ms\tP95 {p95:.1f} ms\tn={times}")


async def measure(desk: AccessDesk) -> None:
    """All figures over one desk."""
    boss = NewAccount("boss", frozenset({Role.ADMINISTRATOR}))
    await desk.staff.add("", boss, PASSWORD, first=True)
    came = await desk.door.login("boss", PASSWORD, "192.0.2.1")
    assert isinstance(came, LoggedIn)
    await timed("login", 20, lambda _: desk.door.login("boss", PASSWORD, "192.0.2.1"))
    for name in ("boss", "nobody"):  # alike: the time must not tell which names exist
        refused = f"refused ({name})"
        await timed(refused, 4, lambda n, name=name: desk.door.login(name, "wrong", f"192.0.2.{n}"))
    await timed("session look-up", 500, lambda _: desk.sessions.find(came.token))
    await timed("audit entry", 1000, lambda n: desk.audit.record("a", "b", str(n), {"n": n}))
    await timed("verify 1,000 entries", 5, lambda _: desk.audit.verify())


async def main() -> None:
    """Measure over a fresh database."""
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite+aiosqlite:///{Path(folder) / 'a.sqlite3'}")
        await measure(AccessDesk.build(database, "office", system_clock, new_ulid))
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
