"""Making and changing accounts; every change names who made it."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from assistant.access import passwords
from assistant.access.accounts import APPROVING, BY_ROLE, ROLE_NAMES, Account, Role
from assistant.access.passwords import Passwords
from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock, NewId
from assistant.errors import BadInput, NotFound
from assistant.records.accounts import AccountRecords, StoredAccount

_NAME = re.compile(r"[\w.@-]{2,40}")
_REGION = re.compile(r"\d{6}|\d{9}|\d{12}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to make."""

    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    display_name: str = ""
    regions: tuple[str, ...] = ()
    is_outsourced: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change; None stays as it is."""

    roles: frozenset[Role] | None = None
    display_name: str | None = None
    regions: tuple[str, ...] | None = None
    is_outsourced: bool | None = None
    disabled: bool | None = None


def normal_name(name: str) -> str:
    """The one form of a login name: width and case do not matter."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


class Staff:
    """The accounts of one organisation."""

    def __init__(
        self,
        records: AccountRecords,
        hashes: Passwords,
        organization: str,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._records = records
        self._hashes = hashes
        self._organization = organization
        self._clock = clock
        self._new_id = new_id

    async def everyone(self) -> list[Account]:
        """All accounts, by name."""
        return await self._records.everyone()

    async def get(self, account_id: str) -> Account:
        """An account by its id. Raises NotFound."""
        return (await self._get(account_id)).account

    async def named(self, name: str) -> Account:
        """The account of a login name. Raises NotFound."""
        stored = await self.stored(name)
        if stored is None:
            raise NotFound(f"没有名为“{name}”的账号")
        return stored.account

    async def stored(self, name: str) -> StoredAccount | None:
        """The account of a login name with its password's hash."""
        known = normal_name(name)
        return await self._records.by_name(known) if _NAME.fullmatch(known) else None

    async def has_administrator(self) -> bool:
        """Whether anyone can administer."""
        return await self._records.has_administrator()

    async def add(
        self, actor: str, new: NewAccount, password: str, *, first: bool = False
    ) -> StoredAccount:
        """Make an account. Raises BadInput, Conflict where the name is taken.

        `first` makes the first administrator, who is their own actor; Conflict where there is one.
        """
        account = self._account(new)
        passwords.check(password, account.name)
        hashed = await self._hashes.hash(password)
        event = AuditEvent(actor or account.id, "account.add", account.id, _told(account))
        await self._records.add(account, hashed, event, first=first)
        return StoredAccount(account, hashed)

    async def change(self, actor: str, account_id: str, change: Change) -> Account:
        """Change an account. Raises BadInput, NotFound, Conflict for the last administrator.

        Disabling ends its sessions at once.
        """
        before = await self._get(account_id)
        after = _changed(before.account, change)
        if change.disabled is not None and change.disabled != after.disabled:
            after = replace(after, disabled_at=self._clock() if change.disabled else None)
        _check_fits(after)
        payload = {"before": _told(before.account), "after": _told(after)}
        event = AuditEvent(actor, "account.change", account_id, payload)
        await self._records.change(after, event, end_sessions=after.disabled)
        return after

    async def set_password(self, actor: str, account_id: str, password: str) -> None:
        """Give an account a new password, which ends its sessions. Raises BadInput, NotFound."""
        account = (await self._get(account_id)).account
        passwords.check(password, account.name)
        hashed = await self._hashes.hash(password)
        event = AuditEvent(actor, "account.password", account_id)
        await self._records.set_password(account_id, hashed, event)

    async def rehash(self, stored: StoredAccount, newer: str) -> StoredAccount:
        """Keep the same password under newer argon2 parameters."""
        await self._records.rehash(stored.account.id, stored.password_hash, newer)
        return replace(stored, password_hash=newer)

    async def _get(self, account_id: str) -> StoredAccount:
        stored = await self._records.get(account_id)
        if stored is None:
            raise NotFound("没有这个账号")
        return stored

    def _account(self, new: NewAccount) -> Account:
        name = normal_name(new.name)
        if not _NAME.fullmatch(name):
            raise BadInput("登录名应为 2 到 40 个字母、数字或汉字，可以带 . _ @ -")
        account = Account(
            id=self._new_id(),
            organization=self._organization,
            name=name,
            display_name=_shown(new.display_name or new.name),
            roles=new.roles,
            regions=new.regions,
            is_outsourced=new.is_outsourced,
        )
        _check_fits(account)
        return account


def _changed(account: Account, change: Change) -> Account:
    shown = change.display_name
    return replace(
        account,
        display_name=account.display_name if shown is None else _shown(shown),
        roles=account.roles if change.roles is None else change.roles,
        regions=account.regions if change.regions is None else change.regions,
        is_outsourced=(
            account.is_outsourced if change.is_outsourced is None else change.is_outsourced
        ),
    )


def _shown(name: str) -> str:
    shown = unicodedata.normalize("NFC", name).strip()
    if not 1 <= len(shown) <= 40 or any(unicodedata.category(c)[0] == "C" for c in shown):
        raise BadInput("姓名应为 1 到 40 个字")
    return shown


def _check_fits(account: Account) -> None:
    """Raises BadInput for a combination that must not be."""
    if not account.roles:
        raise BadInput("至少要有一个角色")
    if bad := [code for code in account.regions if not _REGION.fullmatch(code)]:
        raise BadInput(f"地区代码应为 6、9 或 12 位数字：{'、'.join(bad)}")
    if account.is_outsourced and (barred := _barred(account.roles)):
        raise BadInput(f"外包人员不能担任{'、'.join(barred)}", hint="外包人员不得审核内容")


def _barred(roles: Collection[Role]) -> list[str]:
    """Roles that are there to decide on content or accounts; an operator merely loses some keys."""
    deciding = (role for role in sorted(roles) if BY_ROLE[role] & APPROVING)
    return [ROLE_NAMES[role] for role in deciding if role is not Role.OPERATOR]


def _told(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "display_name": account.display_name,
        "roles": sorted(role.value for role in account.roles),
        "regions": list(account.regions),
        "is_outsourced": account.is_outsourced,
        "disabled": account.disabled,
    }
