"""The API under a key with every right: no 5xx, and what is documented comes back."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.access.accounts import Permission, Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Settings, open_library, open_service
from assistant.web.app import create_app
from tests.support.live_office import PASSWORD, fill, hall
from tests.support.served import served
from tests.support.small_knowledge import write_knowledge

pytestmark = pytest.mark.integration
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


async def key_of_everything(given: Settings, knowledge: Path) -> str:
    """An office, and a key of somebody who has all roles."""
    await fill(given, knowledge, hall())
    async with open_library(given) as library:
        staff = library.access.staff
        everything = NewAccount("everything", frozenset(Role))
        stored = await staff.add("cli", everything, PASSWORD)
        _, secret = await library.access.sessions.add_token(
            "cli", stored.account, "fuzz", list(Permission), 1
        )
    return secret


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    folder = tmp_path_factory.mktemp("fuzz")
    given = Settings(data_dir=folder / "data")
    secret = asyncio.run(key_of_everything(given, write_knowledge(folder / "files")))
    with served(create_app(lambda: open_service(given))) as url:
        schema = schemathesis.openapi.from_url(f"{url}/openapi.json", timeout=60)
        schema.secret = secret
        yield schema


def test_with_every_right_nothing_breaks(api: schemathesis.BaseSchema) -> None:
    headers = {"Authorization": f"Bearer {api.secret}"}
    operations = [found.ok() for found in api.get_all_operations()]
    assert operations
    for operation in operations:
        _try(operation, headers)


def _try(operation: schemathesis.APIOperation, headers: dict[str, str]) -> None:
    @given(case=operation.as_strategy())
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    holds()
