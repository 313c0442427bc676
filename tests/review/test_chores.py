"""Chores look again, at once when woken, and outlive their failures."""

import asyncio

import pytest

from assistant.review.chores import Chore, keeping

pytestmark = pytest.mark.unit


async def until(met) -> None:
    async with asyncio.timeout(5):
        while not met():  # noqa: ASYNC110 - what it waits for tells nobody
            await asyncio.sleep(0.005)


async def test_it_goes_on_while_there_is_something_to_do() -> None:
    left = [1, 2, 3]

    async def run() -> bool:
        if left:
            left.pop()
        return bool(left)

    async with keeping([Chore("empty", run, pause=60)]):
        await until(lambda: not left)


async def test_waking_it_is_looking_at_once() -> None:
    looks = []

    async def run() -> bool:
        looks.append(1)
        return False

    chore = Chore("look", run, pause=60)
    async with keeping([chore]):
        await until(lambda: len(looks) == 1)
        chore.wake()
        await until(lambda: len(looks) == 2)


async def test_a_failure_ends_nothing() -> None:
    tries = []

    async def run() -> bool:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("not yet")
        return False

    async with keeping([Chore("fails", run, pause=0.001)]):
        await until(lambda: len(tries) >= 3)
