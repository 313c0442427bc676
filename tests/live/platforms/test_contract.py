"""Every platform, by the same contract."""

from collections.abc import AsyncIterator

import pytest

from tests.live.platforms.contract import PlatformContract, Rig
from tests.live.platforms.rigs import RIGS

pytestmark = pytest.mark.contract


@pytest.fixture(params=sorted(RIGS))
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with RIGS[request.param]() as opened:
        yield opened


class TestPlatforms(PlatformContract):
    """Bilibili, Douyin, webhook, page and console."""
