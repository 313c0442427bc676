"""What the routes share while the app runs."""

import asyncio
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Request

from assistant.web.asking import Asker
from assistant.web.holdings import Holdings
from assistant.web.metrics import Metrics
from assistant.web.refresh import RefreshState
from assistant.web.services import Assistant, WebOptions, today


@dataclass(slots=True)
class Running:
    """The open assistant and what serves it."""

    assistant: Assistant
    asker: Asker
    metrics: Metrics
    options: WebOptions
    refresh: RefreshState
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when this process is about to end: it is not ready, and its streams end."""
    _holdings: tuple[int, date, Holdings] | None = field(default=None)
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    def today(self) -> date:
        """The present day."""
        return today(self.assistant.clock)

    async def holdings(self) -> Holdings:
        """What the knowledge base holds, made anew when the index or the day changed."""
        async with self._making:
            index, day = self.assistant.index, self.today()
            known = self._holdings
            if known is None or known[:2] != (index.generation, day):
                generation, headers = index.generation, dict(index.headers)
                made = await asyncio.to_thread(Holdings, headers, self.assistant.regions, day)
                known = self._holdings = (generation, day, made)
            return known[2]


def running(request: Request) -> Running:
    """The state of the app that serves a request."""
    return cast("Running", request.app.state.running)


Here = Annotated[Running, Depends(running)]
