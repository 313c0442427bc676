"""Who may do what: the table of roles, regions, and those who may never approve."""

from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.access.accounts import (
    APPROVING,
    BY_ROLE,
    ROLE_NAMES,
    Account,
    Permission,
    Role,
    may,
    may_at,
)
from assistant.domain.region import Region, RegionTree

pytestmark = pytest.mark.unit

TREE = RegionTree(
    [
        Region("000000", "全国", None),
        Region("990000", "示例省", "000000"),
        Region("990101", "示例县", "990000"),
        Region("990102", "邻县", "990000"),
    ]
)
roles = st.frozensets(st.sampled_from(Role))
permissions = st.sampled_from(Permission)


def account(of: frozenset[Role] = frozenset(), **more) -> Account:
    return Account("id", "office", "name", "名", of, **more)


def test_every_role_has_a_row_and_a_name() -> None:
    assert set(BY_ROLE) == set(ROLE_NAMES) == set(Role)


def test_every_permission_is_someones() -> None:
    assert frozenset().union(*BY_ROLE.values()) == set(Permission)


@given(roles, permissions)
def test_more_roles_never_mean_less(of: frozenset[Role], permission: Permission) -> None:
    single = any(may(account(frozenset({role})), permission) for role in of)
    assert may(account(of), permission) == single


@given(roles, permissions)
def test_who_is_outsourced_never_approves(of: frozenset[Role], permission: Permission) -> None:
    allowed = may(account(of, is_outsourced=True), permission)
    assert allowed == (may(account(of), permission) and permission not in APPROVING)


@given(roles, permissions)
def test_who_is_disabled_may_nothing(of: frozenset[Role], permission: Permission) -> None:
    assert not may(account(of, disabled_at=datetime(2026, 1, 1, tzinfo=UTC)), permission)


def test_only_the_administrator_manages_accounts_and_reads_the_audit() -> None:
    for role, permission in [
        (role, permission)
        for role in Role
        for permission in (Permission.MANAGE_ACCOUNTS, Permission.SEE_AUDIT)
    ]:
        assert may(account(frozenset({role})), permission) == (role is Role.ADMINISTRATOR)


def test_no_two_roles_are_the_same() -> None:
    assert all(BY_ROLE[one] != BY_ROLE[other] for one, other in combinations(Role, 2))


@pytest.mark.parametrize(
    ("limit", "region", "allowed"),
    [
        ((), "990101", True),
        ((), None, True),
        (("990101",), "990101", True),
        (("990000",), "990101", True),
        (("990101",), "990101001", True),
        (("990101",), "990102", False),
        (("990101",), "990000", False),
        (("990101", "990102"), "990102", True),
        (("990101",), None, False),
    ],
)
def test_regions_limit_where(limit: tuple[str, ...], region: str | None, allowed: bool) -> None:
    one = account(frozenset({Role.OPERATOR}), regions=limit)
    assert may_at(one, Permission.RUN_ROOM, region, TREE) == allowed
    assert not may_at(one, Permission.MANAGE_ACCOUNTS, region, TREE)
