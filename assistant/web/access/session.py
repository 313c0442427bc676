"""Who asks: the cookie of a browser, the key of a program; and what a route demands of them."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response, WebSocket, WebSocketException
from starlette.requests import HTTPConnection

from assistant.access.accounts import Account, Permission
from assistant.access.desk import AccessDesk
from assistant.access.secrets import API_PREFIX, same
from assistant.access.sessions import SignedIn
from assistant.errors import Forbidden, NotFound
from assistant.web.access.origin import own_page, own_socket

CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
POLICY_VIOLATION = 1008
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_READING = {"GET", "HEAD", "OPTIONS"}


def access_of(connection: HTTPConnection) -> AccessDesk:
    """The access desk of the running app. Raises NotFound where accounts are not in use."""
    desk: AccessDesk | None = connection.app.state.running.assistant.access
    if desk is None:
        raise NotFound("这里没有启用账号")
    return desk


def address_of(connection: HTTPConnection) -> str:
    """The address that asks; behind a proxy on this machine the one that the proxy names."""
    return connection.client.host if connection.client else ""


async def signed_in(connection: HTTPConnection) -> SignedIn | None:
    """Who asks, looked up once a request; None for a stranger."""
    if not hasattr(connection.state, "signed_in"):
        connection.state.signed_in = await _look_up(connection)
    who: SignedIn | None = connection.state.signed_in
    return who


async def current(request: Request) -> Account | None:
    """The account that asks; None for a stranger. Demands nothing."""
    who = await signed_in(request)
    return who.account if who else None


async def entered(request: Request) -> SignedIn:
    """A person who is logged in, whatever their role; no program's key. Raises Forbidden."""
    who = await _known(request)
    if who.scopes is not None:
        raise Forbidden("程序令牌不能用于个人账号")
    return who


def require(permission: Permission) -> Callable[[Request], Awaitable[Account]]:
    """A dependency that lets in only who may do this; gives their account.

    What changes something must also come from a page of ours, with the session's CSRF token in
    the form field `csrf` or the header `X-CSRF-Token`. Raises Forbidden.
    """

    async def check(request: Request) -> Account:
        who = await _known(request)
        if not who.may(permission):
            raise Forbidden("您没有这项操作的权限", hint="请联系管理员")
        return who.account

    check.permission = permission  # type: ignore[attr-defined]  # for the test of all routes
    return check


def require_socket(permission: Permission) -> Callable[[WebSocket], Awaitable[Account]]:
    """The same for a WebSocket: opened by a page of ours, by who may; else it is not opened."""

    async def check(socket: WebSocket) -> Account:
        who = await signed_in(socket) if own_socket(socket) else None
        if who is None or not who.may(permission):
            raise WebSocketException(POLICY_VIOLATION, "not allowed")
        return who.account

    return check


async def still(connection: HTTPConnection, permission: Permission) -> bool:
    """Whether an open socket or stream may go on; to be asked every minute or so.

    It counts as use of the session, so that an open console does not log its operator out.
    """
    connection.state.signed_in = who = await _look_up(connection)
    return who is not None and who.may(permission)


async def _known(request: Request) -> SignedIn:
    """Who asks, from a page of ours where something changes. Raises Forbidden."""
    who = await signed_in(request)
    if who is None:
        raise Forbidden("请先登录", needs_login=True)
    await _check_source(request, who)
    return who


async def _look_up(connection: HTTPConnection) -> SignedIn | None:
    desk: AccessDesk | None = connection.app.state.running.assistant.access
    if desk is None:
        return None
    kind, _, secret = connection.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and secret.startswith(API_PREFIX):
        return await desk.sessions.find_program(secret.strip())
    token = token_of(connection)
    return await desk.sessions.find(token) if token else None


async def _check_source(request: Request, who: SignedIn) -> None:
    """Raises Forbidden for a change that another site's page may have sent."""
    if request.method in _READING or who.scopes is not None:
        return
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.headers.get("content-type", "").lower().startswith(_FORMS):
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else None
    if given is None or not same(given, who.csrf) or not own_page(request):
        raise Forbidden("这个页面已过期", hint="请刷新页面后再试")


def token_of(connection: HTTPConnection) -> str | None:
    """The session's secret, from the cookie."""
    return connection.cookies.get(_cookie(connection))


def give_cookie(request: Request, response: Response, token: str) -> None:
    """Hand the session to the browser: no script reads it, no other site sends it."""
    response.set_cookie(
        _cookie(request), token, path="/", httponly=True, samesite="lax", secure=_is_safe(request)
    )


def take_cookie(request: Request, response: Response) -> None:
    """Have the browser forget the session."""
    response.delete_cookie(
        _cookie(request), path="/", httponly=True, samesite="lax", secure=_is_safe(request)
    )


def _cookie(connection: HTTPConnection) -> str:
    """With TLS a name that only this very host can have set."""
    return "__Host-desk_session" if _is_safe(connection) else "desk_session"


def _is_safe(connection: HTTPConnection) -> bool:
    return connection.url.scheme in {"https", "wss"}
