"""The app over a fake desk, without a network."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import structlog
from fastapi import FastAPI

from assistant.web.app import create_app
from assistant.web.services import WebOptions
from tests.web.fake_desk import FakeDesk


@pytest.fixture(autouse=True)
def logs() -> Iterator[list]:
    """What was logged, kept from the console."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def app(desk: FakeDesk) -> FastAPI:
    return create_app(desk.open, WebOptions(refresh_seconds=0.01))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running app; what breaks inside must still come out as a reply."""
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://desk") as client,
    ):
        yield client
