"""Saved web pages: the document, without menus, paths, share buttons, related links and footers."""

import email
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.retrieval.metadata import LABEL_KEYS, guess_title, recognise
from assistant.retrieval.readers.document import Document, broken, reading
from assistant.retrieval.readers.encoding import decode
from assistant.retrieval.readers.html_main import main_content
from assistant.retrieval.readers.html_text import text_of

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_CELL_TAG = re.compile(
    r"<(/?)(table|tbody|thead|tfoot|tr|td|th)\b|<(script|style|template)\b.*?</\3\s*>|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)
_NESTING_TAG = re.compile(
    r"<(/?)(?!(?:p|li|br|img|hr|input|meta|link|t[rdh]|tbody|option|d[td]|col|base|wbr|area|o:p)\b)[a-z]",
    re.IGNORECASE,
)
_DEEPEST = 1000
_TITLE_METAS = ("ArticleTitle", "title", "og:title")
_SITE_NAME = re.compile(r"\s*[-_|—–]+\s*[^-_|—–]{2,30}$")


def read_html(data: bytes) -> Document:
    """The main text of a page, its title, and what its metadata table declares."""
    declared = _CHARSET.search(data[:4096])
    html = decode(data, declared[1].decode("ascii") if declared else None)
    _check_depth(html)
    page = LexborHTMLParser(_orphan_cells_as_divs(html))
    title = _title(page)
    labels = _labels(page)
    node = main_content(page, title)
    text = text_of(node, title) if node is not None else ""
    stated = recognise("", labels=labels)
    known = {
        key: value
        for key in ("document_number", "issuer", "published_on", "effective_from", "effective_to")
        if (value := getattr(stated, key))
    }
    if stated.status:
        known["status"] = stated.status
    return Document(text, stated.title or _title_in(text, title), known)


def read_mhtml(data: bytes) -> Document:
    """The page in a web archive (.mht, .mhtml: RFC 2557), as browsers save it in one file.

    Raises:
        UnreadableFile: code `broken`, there is no page in it.
    """
    with reading("MHTML"):
        message = email.message_from_bytes(data)
        parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
        page = parts[0].get_payload(decode=True) if parts else None
    if not isinstance(page, bytes):
        raise broken("MHTML", "里面没有网页")
    return read_html(page)


def _check_depth(html: str) -> None:
    """Refuse a page nested so deep that parsing it takes minutes (it is quadratic in the depth)."""
    depth = 0
    for match in _NESTING_TAG.finditer(html):
        depth = max(0, depth + (-1 if match[1] else 1))
        if depth > _DEEPEST:
            raise broken("HTML", f"标签嵌套超过 {_DEEPEST} 层")


def _orphan_cells_as_divs(html: str) -> str:
    """Cells saved without their table (`<tbody><tr><td id=…>`) are lost in HTML 5."""
    depth = 0

    def renamed(match: re.Match[str]) -> str:
        nonlocal depth
        if not match[2]:
            return match[0]
        if match[2].lower() == "table":
            depth = max(0, depth + (-1 if match[1] else 1))
            return match[0]
        return match[0] if depth else f"<{match[1]}div"

    return _CELL_TAG.sub(renamed, html)


def _title(page: LexborHTMLParser) -> str | None:
    for meta in page.css("meta[name], meta[property]"):
        name = meta.attributes.get("name") or meta.attributes.get("property")
        content = (meta.attributes.get("content") or "").strip()
        if name in _TITLE_METAS and content:
            return _without_site(content)
    node = page.css_first("title")
    title = " ".join(node.text().split()) if node else ""
    return _without_site(title) or None


def _title_in(text: str, title: str | None) -> str | None:
    """The document's own title where the page's holds more (`示例市政府 规范性文件 …的通知`)."""
    own = guess_title(line for line in text.split("\n") if line.strip())
    return own if own and title and own in re.sub(r"\s", "", title) else title


def _without_site(title: str) -> str:
    """`…的通知_政府信息公开专栏_中国政府网` → `…的通知`; a short name is left alone."""
    while (shorter := _SITE_NAME.sub("", title)) != title and len(shorter) >= 6:
        title = shorter
    return title


def _labels(page: LexborHTMLParser) -> str:
    """Lines `label：value` of the page's metadata table, from cells, lists or `<meta>`s."""
    lines: list[str] = []
    for node in page.css("td, th, li, dt, dd, p, span, div, b, strong"):
        words = _own_text(node)
        label, colon, value = re.sub(r"[\s【】\[\]]", "", words[:60]).partition("：")
        if label.replace(":", "") not in LABEL_KEYS:
            continue
        rest = words.split("：", 1)[1] if colon and value else _following(node)
        if rest.strip():
            lines.append(f"{label.replace(':', '')}：{rest.strip()}")
    return "\n".join(lines)


def _own_text(node: LexborNode) -> str:
    text = node.text(deep=True)
    return "" if len(text) > 200 else text.replace(":", "：", 1)


def _following(node: LexborNode) -> str:
    """The text of the next element, or what follows a `<b>label：</b>` in its parent."""
    after = node.next
    while after is not None and not after.text().strip():
        after = after.next
    text = after.text().strip() if after is not None else ""
    return text if len(text) <= 120 else ""
