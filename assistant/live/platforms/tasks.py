"""Small helpers of connectors: tasks that end together, errors in plain words."""

import asyncio
from collections.abc import Awaitable

from assistant.errors import AssistantError


async def first_of(*works: Awaitable[None]) -> None:
    """Run until the first of them ends or fails; the others are cancelled and waited for."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task in done:
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def described(error: BaseException) -> str:
    """What went wrong, for the console. Another library's words may hold addresses and tokens."""
    if isinstance(error, AssistantError):
        return str(error)
    if isinstance(error, TimeoutError):
        return "超时"
    kind = "网络连接失败" if isinstance(error, OSError) else "连接出错"
    return f"{kind}（{type(error).__name__}）"
