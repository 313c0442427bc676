"""Which requests are a page's of this service, and where the door may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection

from assistant.web.access.origin import ELSEWHERE, own_page, own_socket, safe_next

pytestmark = pytest.mark.unit


def connection(**headers: str) -> HTTPConnection:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "headers": pairs})


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"origin": "http://desk:8000"}, True),
        ({"origin": "https://desk:8000"}, True),
        ({"origin": "http://DESK:8000"}, True),
        ({"origin": "http://desk"}, False),
        ({"origin": "http://desk:8000.evil.example"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://["}, False),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "cross-site", "origin": "http://desk:8000"}, False),
    ],
)
def test_a_foreign_page_is_told_by_its_headers(headers: dict[str, str], ours: bool) -> None:
    assert own_page(connection(host="desk:8000", **headers)) == ours


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"host": "desk"}, True),
        ({"host": "desk", "origin": "http://desk"}, True),
        ({"host": "desk", "origin": "http://evil.example"}, False),
        ({"host": "desk", "origin": "null", "sec_fetch_site": "same-origin"}, False),
        ({"origin": ""}, False),
    ],
)
def test_a_socket_is_opened_for_our_pages_only(headers: dict[str, str], ours: bool) -> None:
    assert own_socket(connection(**headers)) == ours


@pytest.mark.parametrize("path", ["/console/1", "/console?a=1#b", "/sources/政策/办法.docx"])
def test_a_path_of_ours_is_followed(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "console",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "/login",
        "/login?next=/login",
        "/logout",
        "/setup#x",
        "/" + "x" * 2000,
    ],
)
def test_anything_else_leads_to_the_account(path: str) -> None:
    assert safe_next(path) == ELSEWHERE


@given(st.text(alphabet=st.sampled_from("/\\:.@?#\t\r\n %25evil-_"), max_size=30))
def test_no_text_leads_away(path: str) -> None:
    there = safe_next(path)
    assert there.startswith("/")
    assert there[1:2] not in {"/", "\\"}
    assert there.isprintable()
