"""Which part of a page is the document: known containers, else where the text is dense.

Whatever is chosen, blocks that are menus, paths, link lists, buttons or footers are taken out of
it by their names, their share of links and their words.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.retrieval.metadata import LABEL_KEYS
from assistant.retrieval.readers.html_text import BLOCKS, SKIPPED, is_hidden

_SURE = (
    *("#UCAP-CONTENT", ".TRS_Editor", ".TRS_UEDITOR", ".trs_editor_view", ".trs_paper_default"),
    *(".pages_content", "#zoom", "#Zoom", "#zoomcon", "#articleContent", "#article-content"),
    *(".article-content", ".article_content", ".articleContent", ".articlecontent", ".wz_content"),
    *(".news_content", ".xxgk_content", ".Custom_UnionStyle", "#vsb_content", ".v_news_content"),
    *("#js_content", ".rich_media_content"),
)
"""Containers that content systems of government sites name (TRS, UCAP, 博达, 大汉, WeChat)."""
_LIKELY = ("article", ".article", "#content", ".content", "#main", "main", ".main", ".detail")

_BOILER_TAGS = frozenset({"nav", "footer", "aside", "header"})
_BOILER_NAME = re.compile(
    r"(?:^|[-_ ])(?:nav\w*|menu\w*|breadcrumb\w*|crumbs?|location|position|weizhi|dqwz|foot\w*"
    r"|header|top|topbar|head|banner|sidebar\w*|side|aside|relat\w*|recommend\w*|xgbd|xgwd|xglj"
    r"|bottom\w*|ft|share\w*|bdshare\w*|bds\w*|jiathis\w*|social|copyright|toolbar|tools?|print|qrcode|ewm"
    r"|erweima|prev|next|pag(?:er|ination|e-?nav)\w*|comments?|login|search\w*|hot|rank\w*"
    r"|friend\w*|links?|yqlj|advert\w*|ads?|gg|fontsize|zihao|skip|accessib\w*|wza|statement"
    r"|beian|icp|jubao|pop\w*|modal|float\w*|fixed)(?:[-_ ]|$)",
    re.IGNORECASE,
)
_BOILER_LINE = re.compile(
    r"^(?:[您你]?(?:的|现在的?|当前的?|所在的?)*位置\s*[:：>＞→]|当前位置|(?:网站)?首\s*页\s*[>＞›»/|→]"
    r"|[【\[]\s*大\s*中\s*小"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*(?:\d{1,2}:\d{2}\S*)?\s*(?:来源|作者|编辑|浏览|访问|点击|字体|【)"
    r"|(?:作者|访问量|浏览量|点击量|发布(?:于|者|人))\s*[:：]?"
    r"|分享(?:到|至)|扫一扫|打印(?:本页|此页)?$|关闭(?:窗口|本页)?$|[【\[]?(?:字体|字号|打印|关闭|收藏)"
    r"|(?:上|下)一[篇条]|相关(?:链接|文档|文件|新闻|阅读|稿件|解读|信息|政策)\s*[:：]?$|责任编辑"
    r"|编辑\s*[:：]|版权所有|(?:主|承)办(?:单位)?\s*[:：]|网站标识码|.{0,12}ICP备|.{0,12}公网安备"
    r"|网站地图|联系我们|关于我们|隐私|返回(?:顶部|首页|上一页)|(?:浏览|点击|阅读)(?:次数|量|数)"
    r"|(?:信息)?来源\s*[:：]|发布(?:时间|日期)\s*[:：]|我要纠错|附件下载\s*[:：]?$|无障碍|长者"
    r"|简体|繁体|登录|注册|设为首页|加入收藏|Copyright|©"
    r"|友情链接|热门(?:推荐|文章|信息)|推荐阅读|政府网站找错|微信|微博|QQ空间|客户端|手机版|搜索$)",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|Copyright|All Rights Reserved", re.IGNORECASE
)
_PLAIN_BOILER = re.compile(
    r"^(?:分享(?:到|至)|扫一扫|打印(?:本页|此页)?$|关闭(?:窗口|本页)?$|[【\[]?(?:字体|打印|关闭)"
    r"|(?:上|下)一[篇条]|责任编辑|(?:浏览|点击|阅读)(?:次数|量|数))"
)
"""What a site may put inside its own container of the text; 来源：or 地址： may be the text's."""
_METADATA_LABELS = (*LABEL_KEYS, "索引号", "主题分类", "主题词")
_ENDS = re.compile(r"[。；！？!?]")
_NEARLY_ALL, _MOST = 0.9, 0.3
_WORDS_SEEN = 700
"""Characters of a block that its words are judged by."""


def main_content(page: LexborHTMLParser, title: str | None) -> LexborNode | None:
    """The node that holds the document, cleaned of what is not part of it."""
    body = page.body or page.root
    if body is None:
        return None
    sizes = _Sizes(body)
    known = _known(page, body, sizes, _SURE, 0.02)
    if known is not None:
        _clean(known, sizes, careful=True)
        return known
    likely = _known(page, body, sizes, _LIKELY, 0.5)
    _clean(likely or body, sizes, careful=False)
    if likely is not None:
        _trim(likely)
        return likely
    dense = _densest(body, _Sizes(body), re.sub(r"\s", "", title or ""))
    _trim(dense)
    return dense


class _Sizes:
    """Characters of each node, and how many of them are in links: counted once, bottom up."""

    def __init__(self, top: LexborNode) -> None:
        self._all: dict[int, int] = {}
        self._links: dict[int, int] = {}
        order = [top]
        for node in order:
            if node.tag not in SKIPPED and not is_hidden(node):
                order.extend(node.iter(include_text=True))
        for node in reversed(order):
            self._count(node)

    def _count(self, node: LexborNode) -> None:
        if node.tag == "-text":
            self._all[node.mem_id] = len(re.sub(r"\s+", "", node.text_content or ""))
            return
        inside = [child.mem_id for child in node.iter(include_text=True)]
        size = sum(self._all.get(child, 0) for child in inside)
        self._all[node.mem_id] = size
        is_link = node.tag == "a" and node.attributes.get("href")
        linked = size if is_link else sum(self._links.get(child, 0) for child in inside)
        self._links[node.mem_id] = linked

    def of(self, node: LexborNode) -> int:
        """Characters that a reader sees, without white space."""
        return self._all.get(node.mem_id, 0)

    def plain(self, node: LexborNode) -> int:
        """Those outside links."""
        return self.of(node) - self._links.get(node.mem_id, 0)

    def linked(self, node: LexborNode) -> float:
        """Share of the characters that are in links."""
        size = self.of(node)
        return self._links.get(node.mem_id, 0) / size if size else 0.0


def _known(
    page: LexborHTMLParser, body: LexborNode, sizes: _Sizes, names: tuple[str, ...], least: float
) -> LexborNode | None:
    """The container that a site's own name for it gives away: the longest, or what holds all."""
    groups = [page.css(name) for name in names]
    group = max(groups, key=lambda nodes: max(map(sizes.plain, nodes), default=0), default=[])
    best = max(group, key=sizes.plain, default=None)
    if best is None or sizes.of(best) < max(10, least * sizes.of(body)) or sizes.linked(best) > 0.7:
        return None
    return _holding_all(best, group, sizes)


def _holding_all(best: LexborNode, group: list[LexborNode], sizes: _Sizes) -> LexborNode:
    """Where a document is saved in several containers of one name, the node around them."""
    apart = [node for node in group if not any(_is_inside(node, other) for other in group)]
    total = sum(map(sizes.plain, apart))
    node = best
    while total > 1.1 * sizes.plain(node) and node.parent is not None:
        node = node.parent
    return node


def _is_inside(node: LexborNode, other: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.mem_id != other.mem_id:
        parent = parent.parent
    return parent is not None


def _words(top: LexborNode) -> str:
    """The beginning of what a reader sees of a node, on one line."""
    parts: list[str] = []
    seen = 0
    stack = [top]
    while stack and seen < _WORDS_SEEN:
        node = stack.pop()
        if node.tag == "-text":
            parts.append(node.text_content or "")
            seen += len(parts[-1])
        elif node.tag not in SKIPPED and not is_hidden(node):
            stack.extend(reversed(list(node.iter(include_text=True))))
    return " ".join("".join(parts).split())


def _clean(top: LexborNode, sizes: _Sizes, *, careful: bool) -> None:
    """Take blocks out that are not part of the document.

    In a container that the site names itself (`careful`) only what is plainly foreign goes.
    """
    whole = sizes.of(top) or 1
    stack = list(top.iter())
    while stack:
        node = stack.pop()
        if node.tag in SKIPPED:
            continue
        if node.tag in BLOCKS and _is_foreign(node, sizes, whole, careful=careful):
            node.decompose()
        else:
            stack.extend(node.iter())


def _is_foreign(node: LexborNode, sizes: _Sizes, whole: int, *, careful: bool) -> bool:
    size, linked = sizes.of(node), sizes.linked(node)
    if not size or size > (0.7 if linked > 0.4 else 0.4) * whole:
        return False
    words = _words(node)
    boiler = _PLAIN_BOILER if careful else _BOILER_LINE
    if boiler.match(words) and (linked > 0.5 or (size < 120 and _is_one_line(node))):
        return True
    if _FOOTER.search(words) and size < 200 and _is_one_line(node):
        return True
    if _is_metadata(node, words):
        return True
    named = node.tag in _BOILER_TAGS or _BOILER_NAME.search(_names(node))
    if named and not (careful and _ENDS.search(words)):
        return True
    return not careful and _is_link_list(node, linked, words)


def _is_one_line(node: LexborNode) -> bool:
    """Whether the words are all that is there, and not the path above a short document."""
    return not any(child.tag in BLOCKS for child in node.iter())


def _names(node: LexborNode) -> str:
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"


def _is_link_list(node: LexborNode, linked: float, words: str) -> bool:
    links = len(node.css("a[href]"))
    return linked > 0.5 and (links > 2 or (links > 0 and not _ENDS.search(words)))


def _is_metadata(node: LexborNode, words: str) -> bool:
    """A table or list of 索引号, 发文机关, 成文日期 … above the text."""
    if node.tag not in {"table", "ul", "dl", "div"} or len(words) > 600 or _ENDS.search(words):
        return False
    tight = re.sub(r"\s", "", words)
    cells = {re.sub(r"\s", "", cell.text())[:12] for cell in node.css("td, th, dt, li")}
    found = sum(
        f"{label}：" in tight or f"{label}:" in tight or label in cells
        for label in _METADATA_LABELS
    )
    return found >= 3


def _densest(body: LexborNode, sizes: _Sizes, title: str) -> LexborNode:
    """The deepest node that holds nearly all of the page's prose.

    Beside side columns with prose of their own, most of it is enough where the title is in it.
    """
    node, size = body, sizes.plain(body)
    while True:
        best = max(node.iter(), key=sizes.plain, default=None)
        if best is None or not any(child.tag in BLOCKS for child in best.iter()):
            return node
        share = sizes.plain(best) / (size or 1)
        if share < _NEARLY_ALL and share >= _MOST and _titled(best, title):
            others = (child for child in node.iter() if child.mem_id != best.mem_id)
            share = 1.0 if all(_is_side(other) for other in others if sizes.plain(other)) else share
            size = sizes.plain(best)
        if best.tag not in BLOCKS or share < _NEARLY_ALL:
            return node
        node = best


def _titled(node: LexborNode, title: str) -> bool:
    return len(title) > 5 and title in re.sub(r"\s", "", _words(node))


def _is_side(node: LexborNode) -> bool:
    """A box with a heading of its own, as side columns have; an annex is none."""
    return node.css_first("h2, h3, h4, h5, h6") is not None and not _words(node).startswith("附")


def _trim(node: LexborNode) -> None:
    """Take lines about the page away at both ends of the chosen part."""
    leaves = [(leaf, _words(leaf)) for leaf in _leaves(node)]
    spoken = [(leaf, words) for leaf, words in leaves if words]
    for leaf, words in spoken if len(spoken) < 24 else spoken[:12] + spoken[-12:]:
        if len(words) < 160 and _BOILER_LINE.match(words):
            leaf.decompose()


def _leaves(top: LexborNode) -> Iterator[LexborNode]:
    """Blocks that hold no other block, in order of the page."""
    stack = [top]
    while stack:
        node = stack.pop()
        if node.tag in SKIPPED:
            continue
        inner = list(node.iter())
        if node.tag in BLOCKS and node is not top and not any(c.tag in BLOCKS for c in inner):
            yield node
        stack.extend(reversed(inner))
