"""An access desk over both databases, with a hasher that is quick instead of slow."""

import hashlib

import pytest

from assistant.access.accounts import Role
from assistant.access.desk import AccessDesk
from assistant.access.staff import NewAccount
from assistant.domain.account import Account
from assistant.records.database import Database

PASSWORD = "蓝色的窗户 seven"
ADDRESS = "192.0.2.7"


class QuickHasher:
    """Salts nothing and is quick; counts what it was asked."""

    def __init__(self) -> None:
        self.verified: list[str] = []
        self.version = "1"

    def hash(self, password: str) -> str:
        return f"{self.version}:{hashlib.sha256(password.encode()).hexdigest()}"

    def verify_and_update(self, password: str, hash: str) -> tuple[bool, str | None]:  # noqa: A002
        self.verified.append(hash)
        is_right = hash[2:] == hashlib.sha256(password.encode()).hexdigest()
        is_old = hash[0] != self.version
        return is_right, self.hash(password) if is_right and is_old else None


@pytest.fixture
def hasher() -> QuickHasher:
    return QuickHasher()


@pytest.fixture
def desk(database: Database, clock, new_id, hasher: QuickHasher) -> AccessDesk:
    return AccessDesk.build(database, "office", clock, new_id, hasher)


@pytest.fixture
async def boss(desk: AccessDesk) -> Account:
    """An administrator."""
    new = NewAccount("boss", frozenset({Role.ADMINISTRATOR}))
    return (await desk.staff.add("", new, PASSWORD, first=True)).account


@pytest.fixture
async def operator(desk: AccessDesk, boss: Account) -> Account:
    new = NewAccount("Wang.Fang", frozenset({Role.OPERATOR}), "王芳")
    return (await desk.staff.add(boss.id, new, PASSWORD)).account
