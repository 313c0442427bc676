"""`assistant user`: accounts, keys for programs, and the audit chain, from the server's terminal.

Passwords are asked for, or read from standard input; never arguments, which other users see.
"""

import asyncio
import getpass
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from assistant.access.accounts import ROLE_NAMES, Permission, Role
from assistant.access.audit import Anchor
from assistant.access.desk import AccessDesk
from assistant.access.proof import check
from assistant.access.staff import Change, NewAccount
from assistant.bootstrap import Settings, open_library
from assistant.domain.account import Account, ApiToken
from assistant.errors import BadInput

T = TypeVar("T")

app = typer.Typer(
    help="Accounts, keys for programs, and the audit chain.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)

Name = Annotated[str, typer.Argument(help="Login name.")]
Roles = Annotated[list[Role], typer.Option("--role", help="A role; may be given again.")]
Regions = Annotated[
    list[str] | None, typer.Option("--region", help="Region code that limits what is seen.")
]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("add")
def add(
    name: Name,
    role: Roles,
    display: Annotated[str, typer.Option(help="Name that others see.")] = "",
    region: Regions = None,
    outsourced: Annotated[bool, typer.Option(help="May never approve.")] = False,
    password_stdin: FromInput = False,
) -> None:
    """Make an account; asks for its password."""
    regions = tuple(region or ())
    new = NewAccount(name, frozenset(role), display, regions, is_outsourced=outsourced)
    password = _password(from_input=password_stdin)
    stored = _with(lambda desk: desk.staff.add(_actor(), new, password))
    typer.echo(f"已添加：{_line(stored.account)}")


@app.command("list")
def everyone(as_json: AsJson = False) -> None:
    """List all accounts."""
    accounts = _with(lambda desk: desk.staff.everyone())
    if as_json:
        typer.echo(json.dumps([_row(account) for account in accounts], ensure_ascii=False))
        return
    for account in accounts:
        typer.echo(_line(account))


@app.command("roles")
def roles(name: Name, role: Roles) -> None:
    """Replace an account's roles."""
    _tell(name, Change(roles=frozenset(role)))


@app.command("regions")
def regions(name: Name, region: Regions = None) -> None:
    """Replace an account's regions; without any, it sees the whole organisation."""
    _tell(name, Change(regions=tuple(region or ())))


@app.command("disable")
def disable(name: Name) -> None:
    """Keep someone out, from this moment on."""
    _tell(name, Change(disabled=True))


@app.command("enable")
def enable(name: Name) -> None:
    """Let someone in again."""
    _tell(name, Change(disabled=False))


@app.command("password")
def password(name: Name, password_stdin: FromInput = False) -> None:
    """Give an account a new password, which logs it out everywhere."""
    new = _password(from_input=password_stdin)

    async def change(desk: AccessDesk) -> None:
        await desk.staff.set_password(_actor(), (await desk.staff.named(name)).id, new)

    _with(change)
    typer.echo("密码已修改，已有的登录都已退出")


@app.command("unlock")
def unlock(name: Name) -> None:
    """Forgive an account its failed logins."""

    async def forgive(desk: AccessDesk) -> None:
        await desk.door.unlock(_actor(), await desk.staff.named(name))

    _with(forgive)
    typer.echo("已解除登录限制")


@app.command("token")
def token(
    name: Name,
    label: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[list[Permission], typer.Option(help="A permission; may be given again.")],
    days: Annotated[int, typer.Option(help="Days until it ends.")] = 90,
) -> None:
    """Make a key for a program; it is printed this once."""

    async def make(desk: AccessDesk) -> tuple[str, str]:
        account = await desk.staff.named(name)
        made, secret = await desk.sessions.add_token(_actor(), account, label, scope, days)
        return made.id, secret

    key, secret = _with(make)
    typer.echo(f"编号 {key}，{days} 天内有效，只显示这一次：", err=True)
    typer.echo(secret)


@app.command("tokens")
def tokens(name: Name) -> None:
    """List an account's keys: id, use, scopes, when it ends."""

    async def find(desk: AccessDesk) -> Sequence[ApiToken]:
        return await desk.sessions.tokens(await desk.staff.named(name))

    for key in _with(find):
        ends = "已撤销" if key.revoked_at else f"有效至 {key.expires_at:%Y-%m-%d}"
        typer.echo("\t".join([key.id, key.name, ",".join(sorted(key.scopes)), ends]))


@app.command("revoke")
def revoke(key: Annotated[str, typer.Argument(help="Id of a key.")]) -> None:
    """End a program's key."""
    _with(lambda desk: desk.sessions.revoke_token(_actor(), key))
    typer.echo("已撤销")


@app.command("audit-verify")
def audit_verify(
    anchor: Annotated[
        str, typer.Option(help="NUMBER:DIGEST written down earlier; must be in the chain.")
    ] = "",
    proof: Annotated[
        Path | None, typer.Option(help="An exported session: check it, without the database.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every link of the audit chain; status 1 where it does not hold."""
    known = _anchor(anchor)
    if proof is not None:
        _check_proof(proof, known, as_json=as_json)
        return
    found = _with(lambda desk: desk.audit.verify(known))
    state = {"entries": found.entries, "head": found.head, "erased": found.erased}
    if as_json:
        typer.echo(json.dumps(state | {"faults": list(found.faults)}, ensure_ascii=False))
    else:
        typer.echo(f"{found.entries} 条，其中 {found.erased} 条的内容已依法删除")
        typer.echo(f"链头（可抄存，用于 --anchor）：{found.entries}:{found.head}")
        for fault in found.faults:
            typer.echo(f"异常：{fault}", err=True)
        typer.echo("审计链完整" if found.holds else "审计链不完整")
    if not found.holds:
        raise typer.Exit(1)


def _check_proof(file: Path, anchor: Anchor | None, *, as_json: bool) -> None:
    found = check(file, anchor)
    head = f"{found.head.number}:{found.head.digest}"
    if as_json:
        told = {"session": found.session, "entries": found.entries, "gaps": found.gaps}
        told |= {"head": head, "files": found.files, "faults": list(found.faults)}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(f"场次 {found.session}：{found.files} 个文件，{found.entries} 条审计记录")
        typer.echo(f"导出时的链头：{head}")
        if found.gaps:
            typer.echo(f"有 {found.gaps} 处不含中间各条，那里的先后不能离线核对")
        if anchor is None:
            typer.echo("请用机构留存的链头核对（--anchor），才能排除整个包被重做")
        for fault in found.faults:
            typer.echo(f"异常：{fault}", err=True)
        typer.echo("文件与审计记录相符" if found.holds else "文件与审计记录不符")
    if not found.holds:
        raise typer.Exit(1)


def _tell(name: str, change: Change) -> None:
    async def make(desk: AccessDesk) -> Account:
        account = await desk.staff.named(name)
        return await desk.staff.change(_actor(), account.id, change)

    typer.echo(f"已修改：{_line(_with(make))}")


def _with(work: Callable[[AccessDesk], Awaitable[T]]) -> T:
    async def run() -> T:
        async with open_library(Settings()) as library:
            return await work(library.access)

    return asyncio.run(run())


def _actor() -> str:
    """Who works at this terminal, as the audit chain names them."""
    return f"terminal:{getpass.getuser()}"


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("密码", hide_input=True, confirmation_prompt="再输入一次")
    return typed


def _anchor(text: str) -> Anchor | None:
    if not text:
        return None
    number, _, digest = text.partition(":")
    if not number.isdecimal() or not digest:
        raise BadInput("--anchor 应为 序号:摘要")
    return Anchor(int(number), digest)


def _row(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "name": account.name,
        "display_name": account.display_name,
        "roles": sorted(role.value for role in account.roles),
        "regions": list(account.regions),
        "outsourced": account.is_outsourced,
        "disabled": account.disabled,
    }


def _line(account: Account) -> str:
    named = "、".join(ROLE_NAMES[role] for role in sorted(account.roles))
    where = "、".join(account.regions) or "全部地区"
    notes = [
        note for note, on in (("外包", account.is_outsourced), ("停用", account.disabled)) if on
    ]
    return "\t".join([account.name, account.display_name, named, where, *notes])
