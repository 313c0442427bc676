"""Whether the database's server answers, asked on a connection of its own."""

from typing import Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


class Probe:
    """Nobody else waits for its one connection: a busy office is not a database that is away."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @classmethod
    def of(cls, url: str) -> Self:
        """For a database that was opened with the same URL."""
        return cls(create_async_engine(url, pool_size=1, max_overflow=0))

    async def ask(self) -> None:
        """Come back when it has answered. Raises what the driver raises."""
        async with self._engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Let go of the connection."""
        await self._engine.dispose()
