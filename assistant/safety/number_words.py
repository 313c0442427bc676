"""The words and signs around digits that say what they are: a card, an amount, a code, a date."""

import re

EXTENSION = re.compile(r"[\s)]*(?:转|分机号?|ext\.?|[-—*#])[\s:]*\d{1,6}(?!\d)", re.IGNORECASE)
_TOKEN_BEFORE = re.compile(r"[0-9A-Za-z]*$")
_TOKEN_AFTER = re.compile(r"[0-9A-Za-z]*")
_MORE = re.compile(r"[A-Za-z]\w*\d")
_TIMES = re.compile(r"\d{1,2}:[0-5]\d\s*[-—~至到]+\s*\d{1,2}:[0-5]\d")
_DATE = re.compile(r"(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?!\d)")
_AMOUNT = re.compile(r"\s*(?:元|万|亿|块钱|美元|人次|%|‰)")
_CODE_WORD = re.compile(
    r"(?:编号|编码|索引号|代码|单号|流水号|受理号|文号|案号|序列号|标准|条码)\W{0,2}(?:是|为)?\W*$"
)

_FILL = r"(?:号码?|[是为的叫填写了我有:：=]|一下|如下|号主|后[四六]位|改成|换成|变更为|[^\w])"
_PERMIT = r"(?:护照|通行证|回乡证|台胞证|港澳证|居留证|居住证|军官证|士兵证|警官证|驾驶证)"
_SAID = {
    "identity": (6, rf"(?:身份证|证件号|身份号|份证|sfz){_FILL}{{0,8}}$"),
    "passport": (
        6,
        rf"{_PERMIT}{_FILL}{{0,6}}(?:\w字第)?[A-Za-z]{{0,3}}[\W_]{{0,3}}$",
    ),
    "card": (8, rf"(?:卡|账|帐|户|折|社保|医保|公积金)(?:号|账号|账户|户){_FILL}{{0,6}}$"),
    "contact": (
        5,
        rf"(?:微信|薇信|威信|企鹅|扣扣|抖音|快手|钉钉|qq|vx|v信|wx|wechat|[加+]我?v|[微薇威徽维卫][^\w\s]{{1,6}}|绿泡泡|(?<![a-z])q(?=[:：\s号]))群?{_FILL}{{0,6}}$",
    ),
    "phone": (
        7,
        rf"(?:手机|电话|座机|联系方式|联系我|打给我|打我|致电|回电|号码|tel|phone|mobile){_FILL}{{0,8}}$",
    ),
}
CONTEXT = {kind: (least, re.compile(said, re.IGNORECASE)) for kind, (least, said) in _SAID.items()}
ONE_TOO_MANY = re.compile(r"\d?1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}\d?")
"""A mobile number with a stray digit before or after it: 12 digits in all."""
PUBLIC_PHONE = re.compile(
    r"(?:咨询|投诉|监督|服务|举报|客服|热线|办公|公开|窗口|单位|中心|大厅|政府|社区|局|所|委|办|院|站|银行|公司)"
    r"(?:的|固定)?(?:电话|号码|热线|座机|联系电话|联系方式)[^我]*$"
)


def is_measure(text: str, begin: int, end: int) -> bool:
    """Whether begin … end is an amount, or takes a piece of times or dates."""
    if _AMOUNT.match(text, end):
        return True
    near, far = max(0, begin - 12), end + 12
    if any(m.start() < end and begin < m.end() for m in _TIMES.finditer(text, near, far)):
        return True
    dates = _DATE.finditer(text, near, far)
    return any(m.start() < begin < m.end() or m.start() < end < m.end() for m in dates)


def is_date(text: str, begin: int) -> bool:
    """Whether a date begins here: 2017-08-15."""
    return _DATE.match(text, begin) is not None


def in_code(text: str, begin: int, end: int, *, named: bool) -> bool:
    """Whether begin … end is a piece of a code with letters: MA5F13800138000, 11440000MB2C87614P….

    `named`: also where capitals stand before it (SZ440304…), or it is said to be a code.
    """
    before = _TOKEN_BEFORE.search(text, max(0, begin - 24), begin)
    token = before[0] if before else ""
    after = _TOKEN_AFTER.match(text, end)
    if re.search(r"\d.*[A-Za-z]|[A-Za-z].*\d", token) or (after and _MORE.search(after[0])):
        return True
    if not named:
        return False
    capitals = token.isupper() and token not in {"ID", "NO", "SFZ", "CARD", "VISA"}
    return (
        capitals
        or token.isdecimal()
        or _CODE_WORD.search(text, max(0, begin - 12), begin) is not None
    )
