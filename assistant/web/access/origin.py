"""Whether a request comes from a page of this service, or from nobody's page at all.

Browsers say it in headers that no script can set. Behind a proxy, `Host` must reach us unchanged.
"""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

ELSEWHERE = "/account"
_DOOR = ("/login", "/logout", "/setup")


def own_page(connection: HTTPConnection) -> bool:
    """Whether no other site's page can have sent this. A program that sends no header passes."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = connection.headers.get("origin")
    return origin is None or _is_ours(origin, connection)


def own_socket(connection: HTTPConnection) -> bool:
    """The same for a WebSocket, which browsers open to any site: they always name the origin."""
    origin = connection.headers.get("origin")
    return origin is None or _is_ours(origin, connection)


def _is_ours(origin: str, connection: HTTPConnection) -> bool:
    host = connection.headers.get("host", "")
    try:
        return bool(host) and urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False


def safe_next(path: str) -> str:
    r"""Where to go after the door: a path of this service, else one's own account.

    Browsers read `//host` and `/\host` as another site's address, and skip control characters.
    """
    plain = path.isprintable() and " " not in path and "\\" not in path
    local = path.startswith("/") and not path.startswith("//")
    at_door = path.split("?", 1)[0].split("#", 1)[0] in _DOOR
    return path if plain and local and not at_door and len(path) <= 2000 else ELSEWHERE
