"""Accounts, keys for programs and the audit chain, as pages for those who administer."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from assistant.access.accounts import (
    PERMISSION_NAMES,
    ROLE_NAMES,
    Account,
    Permission,
    Role,
    may,
)
from assistant.access.desk import AccessDesk
from assistant.access.passwords import SHORTEST
from assistant.access.staff import Change, NewAccount
from assistant.errors import AssistantError, BadInput, Conflict, NotFound
from assistant.web.access.audit_words import ACTORS, action_of, place_name, told
from assistant.web.access.pages import staff_page
from assistant.web.access.session import access_of, require
from assistant.web.console.summary import local
from assistant.web.problems import of_error

router = APIRouter(prefix="/console/staff", include_in_schema=False)
audit_router = APIRouter(prefix="/console/audit", include_in_schema=False)
Managing = Annotated[Account, Depends(require(Permission.MANAGE_ACCOUNTS))]
Auditing = Annotated[Account, Depends(require(Permission.SEE_AUDIT))]
ENTRIES = 200
LONGEST = 1000


class AccountForm(BaseModel):
    """What the form says of an account; `password` and `name` only for a new one."""

    name: str = Field("", max_length=LONGEST)
    display_name: str = Field("", max_length=LONGEST)
    regions: str = Field("", max_length=LONGEST)
    outsourced: str = Field("", max_length=LONGEST)
    password: str = Field("", max_length=LONGEST)
    roles: list[str] = Field([], max_length=20)

    @property
    def codes(self) -> tuple[str, ...]:
        """The region codes, each once."""
        parts = re.split(r"[\s，,、;；]+", self.regions)
        return tuple(dict.fromkeys(part for part in parts if part))

    def account(self, roles: frozenset[Role]) -> NewAccount:
        """The account that is wanted."""
        return NewAccount(self.name, roles, self.display_name, self.codes, bool(self.outsourced))


class ActForm(BaseModel):
    """What some of the smaller acts need."""

    password: str = Field("", max_length=LONGEST)
    token_id: str = Field("", max_length=64)


class KeyForm(BaseModel):
    """A key for a program."""

    label: str = Field("", max_length=LONGEST)
    days: int = 90
    scopes: list[str] = Field([], max_length=40)


@router.get("")
async def everyone(request: Request, account: Managing) -> Response:
    """All accounts."""
    del account
    people = await access_of(request).staff.everyone()
    tree = request.app.state.running.assistant.regions
    context = {"people": people, "place": lambda code: place_name(code, tree)}
    return await staff_page(request, "access/staff.html", context)


@router.get("/new")
async def new_page(request: Request, account: Managing) -> Response:
    """The form for a new account."""
    del account
    return await _form(request, NewAccount(""))


@router.post("/new")
async def add(
    request: Request, account: Managing, sent: Annotated[AccountForm, Form()]
) -> Response:
    """Make an account."""
    new = sent.account(frozenset())
    try:
        new = sent.account(_roles(sent.roles))
        made = await access_of(request).staff.add(account.id, new, sent.password)
    except (BadInput, Conflict) as error:
        return await _form(request, new, error)
    return _go(f"/console/staff/{made.account.id}?done=add")


@router.get("/{account_id}")
async def one(request: Request, account_id: str, account: Managing, done: str = "") -> Response:
    """One account: what it may do, its keys."""
    del account
    return await _one(request, account_id, {"done": done})


@router.post("/{account_id}")
async def change(
    request: Request, account_id: str, account: Managing, sent: Annotated[AccountForm, Form()]
) -> Response:
    """Change name, roles, regions."""
    try:
        roles = _roles(sent.roles)
        wanted = Change(roles, sent.display_name, sent.codes, bool(sent.outsourced))
        await access_of(request).staff.change(account.id, account_id, wanted)
    except (BadInput, Conflict) as error:
        return await _one(request, account_id, {}, error)
    return _go(f"/console/staff/{account_id}?done=change")


@router.post("/{account_id}/{act}")
async def act(
    request: Request,
    account_id: str,
    act: str,
    account: Managing,
    sent: Annotated[ActForm, Form()],
) -> Response:
    """Disable, enable, unlock, a new password, end a key, log out everywhere."""
    desk = access_of(request)
    whom = await desk.staff.get(account_id)
    if act not in _ACTS:
        raise NotFound("没有这项操作")
    try:
        await _ACTS[act](desk, account, whom, sent)
    except (BadInput, Conflict) as error:
        return await _one(request, account_id, {}, error)
    return _go(f"/console/staff/{account_id}?done={act}")


@router.post("/{account_id}/tokens/new")
async def add_key(
    request: Request, account_id: str, account: Managing, sent: Annotated[KeyForm, Form()]
) -> Response:
    """Make a key for a program; its secret is on the page that comes, and never again."""
    desk, label = access_of(request), sent.label.strip()
    whom = await desk.staff.get(account_id)
    try:
        wanted = [_permission(scope) for scope in sent.scopes]
        _check_label(label)
        _, secret = await desk.sessions.add_token(account.id, whom, label, wanted, sent.days)
    except BadInput as error:
        return await _one(request, account_id, {}, error)
    return await _one(request, account_id, {"secret": secret})


async def _disable(desk: AccessDesk, actor: Account, whom: Account, sent: ActForm) -> None:
    del sent
    if whom.id == actor.id:
        raise Conflict("不能停用自己的账号")
    await desk.staff.change(actor.id, whom.id, Change(disabled=True))


async def _enable(desk: AccessDesk, actor: Account, whom: Account, sent: ActForm) -> None:
    del sent
    await desk.staff.change(actor.id, whom.id, Change(disabled=False))


async def _unlock(desk: AccessDesk, actor: Account, whom: Account, sent: ActForm) -> None:
    del sent
    await desk.door.unlock(actor.id, whom)


async def _leave(desk: AccessDesk, actor: Account, whom: Account, sent: ActForm) -> None:
    del sent
    await desk.sessions.end_all(actor.id, whom.id)


async def _password(desk: AccessDesk, actor: Account, whom: Account, sent: ActForm) -> None:
    await desk.staff.set_password(actor.id, whom.id, sent.password)


async def _revoke(desk: AccessDesk, actor: Account, whom: Account, sent: ActForm) -> None:
    if all(key.id != sent.token_id for key in await desk.sessions.tokens(whom)):
        raise BadInput("没有这个令牌")
    await desk.sessions.revoke_token(actor.id, sent.token_id)


_ACTS: Mapping[str, Callable[[AccessDesk, Account, Account, ActForm], Awaitable[None]]] = {
    "disable": _disable,
    "enable": _enable,
    "unlock": _unlock,
    "leave": _leave,
    "password": _password,
    "revoke": _revoke,
}


@audit_router.get("")
async def audit_page(request: Request, account: Auditing) -> Response:
    """The newest entries of the chain."""
    del account
    return await _audit(request, {})


@audit_router.post("/verify")
async def verify(request: Request, account: Auditing) -> Response:
    """Check every link."""
    del account
    return await _audit(request, {"found": await access_of(request).audit.verify()})


async def _audit(request: Request, more: Mapping[str, Any]) -> Response:
    desk = access_of(request)
    names = {one.id: one.display_name for one in await desk.staff.everyone()}
    entries = await desk.audit.recent(ENTRIES)
    tree = request.app.state.running.assistant.regions
    context = {
        "entries": entries,
        "names": {**names, **ACTORS},
        "action_of": action_of,
        "told": lambda body: told(body, tree),
        "local": local,
    }
    return await staff_page(request, "access/audit.html", context | dict(more))


async def _form(request: Request, new: NewAccount, error: AssistantError | None = None) -> Response:
    context = {"new": new, "shortest": SHORTEST, "fault": of_error(error).detail if error else ""}
    status = of_error(error).status if error else HTTPStatus.OK
    return await staff_page(request, "access/staff_new.html", context, status)


async def _one(
    request: Request,
    account_id: str,
    more: Mapping[str, Any],
    error: AssistantError | None = None,
) -> Response:
    desk = access_of(request)
    whom = await desk.staff.get(account_id)
    context = {
        "one": whom,
        "keys": await desk.sessions.tokens(whom),
        "grantable": {p: PERMISSION_NAMES[p] for p in Permission if may(whom, p)},
        "permission_names": PERMISSION_NAMES,
        "shortest": SHORTEST,
        "local": local,
        "fault": of_error(error).detail if error else "",
    }
    status = of_error(error).status if error else HTTPStatus.OK
    return await staff_page(request, "access/staff_one.html", context | dict(more), status)


def _check_label(label: str) -> None:
    if not 1 <= len(label) <= 40:
        raise BadInput("用途应为 1 到 40 个字")


def _roles(chosen: Sequence[str]) -> frozenset[Role]:
    if unknown := [name for name in chosen if name not in ROLE_NAMES]:
        raise BadInput(f"没有这个角色：{unknown[0]}")
    return frozenset(Role(name) for name in chosen)


def _permission(name: str) -> Permission:
    try:
        return Permission(name)
    except ValueError:
        raise BadInput("没有这项权限") from None


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
