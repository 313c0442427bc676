"""The door's pages: login, the first administrator's setup, one's own account. Plain forms."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from assistant.access.accounts import ROLE_NAMES
from assistant.access.door import LoggedIn, Refused
from assistant.access.passwords import LONGEST, SHORTEST
from assistant.access.sessions import SignedIn
from assistant.access.staff import NewAccount
from assistant.errors import AssistantError, BadInput, Conflict, Forbidden
from assistant.web.access.origin import own_page, safe_next
from assistant.web.access.session import (
    access_of,
    address_of,
    entered,
    give_cookie,
    signed_in,
    take_cookie,
    token_of,
)
from assistant.web.pages import by_htmx, templates
from assistant.web.problems import of_error, wants_page

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=1000)]
Entered = Annotated[SignedIn, Depends(entered)]
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""Nothing of staff in caches; our own forms name their origin, which `no-referrer` would hide."""
_WRONG = "登录名或密码不对"


async def staff_page(
    request: Request, name: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    """A page for staff: `who` and `csrf` are in its context; no cache keeps it."""
    who = await signed_in(request)
    known = {"who": who, "csrf": who.csrf if who else "", "role_names": ROLE_NAMES}
    values = known | dict(context or {})
    return templates.TemplateResponse(request, name, values, status_code=status, headers=_HEADERS)


def to_login(request: Request, error: AssistantError) -> Response | None:
    """The way to the login page, where a person in a browser must log in first."""
    if not (isinstance(error, Forbidden) and error.needs_login and wants_page(request)):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    path = f"{request.url.path}{query}" if request.method == "GET" else ""
    if by_htmx(request):
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": "/login"})
    there = f"/login?next={quote(path, safe='/')}" if path else "/login"
    return RedirectResponse(there, HTTPStatus.SEE_OTHER)


@router.get("/login")
async def login_page(
    request: Request, there: Annotated[str, Query(alias="next", max_length=2000)] = ""
) -> Response:
    """The form to log in."""
    desk = access_of(request)
    if await signed_in(request):
        return _go(safe_next(there))
    context = {"next": there, "setting_up": await desk.setup.is_open()}
    return await staff_page(request, "access/login.html", context)


@router.post("/login")
async def login(
    request: Request,
    name: Text = "",
    password: Text = "",
    there: Annotated[str, Form(alias="next", max_length=2000)] = "",
) -> Response:
    """Log in; a page that was asked for before comes next."""
    desk = access_of(request)
    _only_from_here(request)
    came = await desk.door.login(name, password, address_of(request))
    if isinstance(came, Refused):
        context = {"next": there, "name": name, "fault": _told(came, _WRONG)}
        return await _refusal(request, "access/login.html", context, came)
    return await _enter(request, came, safe_next(there))


@router.post("/logout")
async def logout(request: Request, who: Entered, everywhere: Text = "") -> Response:
    """Log out here, or everywhere."""
    desk = access_of(request)
    if everywhere:
        await desk.sessions.end_all(who.account.id, who.account.id)
    else:
        await desk.sessions.end(token_of(request) or "")
    response = _go("/login")
    take_cookie(request, response)
    return response


@router.get("/setup")
async def setup_page(request: Request) -> Response:
    """The form for the first administrator."""
    desk = access_of(request)
    if await desk.staff.has_administrator():
        return _go("/login")
    context = {"is_open": await desk.setup.is_open(), "shortest": SHORTEST}
    return await staff_page(request, "access/setup.html", context)


@router.post("/setup")
async def setup(
    request: Request,
    code: Text = "",
    name: Text = "",
    display_name: Text = "",
    password: Text = "",
    again: Text = "",
) -> Response:
    """Make the first administrator."""
    desk = access_of(request)
    _only_from_here(request)
    context = {"is_open": True, "name": name, "display_name": display_name, "shortest": SHORTEST}
    new = NewAccount(name, display_name=display_name)
    try:
        _check_again(password, again)
        came = await desk.setup.finish(code, new, password, address_of(request))
    except Conflict:
        return _go("/login")
    except BadInput as error:
        context["fault"] = of_error(error).detail
        return await _refusal(request, "access/setup.html", context)
    if isinstance(came, Refused):
        context["fault"] = _told(came, "请再试一次")
        return await _refusal(request, "access/setup.html", context, came)
    return await _enter(request, came, "/account")


@router.get("/account")
async def account_page(request: Request, who: Entered, done: str = "") -> Response:
    """One's own account."""
    del who  # it only has to be someone
    context = {"shortest": SHORTEST, "done": done == "password"}
    return await staff_page(request, "access/account.html", context)


@router.post("/account/password")
async def change_password(
    request: Request, who: Entered, old: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """Change one's own password; every other session ends."""
    door, account = access_of(request).door, who.account
    try:
        _check_again(password, again)
        came = await door.change_password(account, old, password, address_of(request))
    except BadInput as error:
        context = {"fault": of_error(error).detail, "shortest": SHORTEST}
        return await _refusal(request, "access/account.html", context)
    if isinstance(came, Refused):
        context = {"fault": _told(came, "原密码不对"), "shortest": SHORTEST}
        return await _refusal(request, "access/account.html", context, came)
    return await _enter(request, came, "/account?done=password")


async def _enter(request: Request, came: LoggedIn, there: str) -> Response:
    """Begin the new session in the browser; an older one of this browser ends."""
    if older := token_of(request):
        await access_of(request).sessions.end(older)
    response = _go(there)
    give_cookie(request, response, came.token)
    return response


async def _refusal(
    request: Request, name: str, context: Mapping[str, Any], refused: Refused | None = None
) -> Response:
    """The form again, with what is wrong."""
    if refused is None:
        return await staff_page(request, name, context, HTTPStatus.UNPROCESSABLE_ENTITY)
    status = HTTPStatus.TOO_MANY_REQUESTS if refused.wait else HTTPStatus.UNAUTHORIZED
    page = await staff_page(request, name, context, status)
    if refused.wait:
        page.headers["Retry-After"] = str(refused.wait)
    return page


def _told(refused: Refused, otherwise: str) -> str:
    if not refused.wait:
        return otherwise
    minutes, seconds = divmod(refused.wait, 60)
    wait = f"{minutes + (seconds > 0)} 分钟" if minutes else f"{seconds} 秒"
    return f"失败次数太多，请 {wait}后再试"


def _check_again(password: str, again: str) -> None:
    if password != again:
        raise BadInput("两次输入的密码不一样")
    if len(password) > LONGEST:
        raise BadInput(f"密码应为 {SHORTEST} 到 {LONGEST} 个字符")


def _only_from_here(request: Request) -> None:
    """A form of another site must not log this browser in as somebody else."""
    if not own_page(request):
        raise Forbidden("请从本服务的页面登录")


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, headers=_HEADERS)
