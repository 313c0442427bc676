"""E-mail addresses, and names in QQ, WeChat and the like."""

import re
from collections.abc import Iterator

from assistant.safety.masked import Found

_AT = r"(?:@|\s*[\(\[【]\s*at\s*[\)\]】]\s*|\s+at\s+|艾特|#at#)"
_DOT = r"(?:\s*(?:\.|。|点|[\(\[]dot[\)\]])\s*)"
_MAIL = re.compile(
    rf"[0-9A-Za-z][0-9A-Za-z._%+\-]*\s*{_AT}\s*[0-9A-Za-z\-]+(?:{_DOT}[0-9A-Za-z\-]+)*"
    rf"{_DOT}(?:com|cn|net|org|edu|gov|cc|me|vip|hk|xyz|top|io)(?![a-z])",
    re.IGNORECASE,
)
_PAINTED = r"[微薇威徽维卫]\s?(?:[^\w\s,，。；;、！!？?：:（(〔]{1,6}|芯|心|xin|x)(?:信|x)?"
_APP = (
    rf"(?:{_PAINTED}|绿泡泡|绿色软件|whatsapp|(?<![a-z])line(?=\s?(?:id|号)|[:：])"
    r"|微信(?!公众|小程序|支付|群)|薇信|威信|微x|徽信|(?<![a-z])v信|(?<![a-z])[vw]x|wechat|(?<![a-z])qq|扣扣|企鹅号"
    r"|(?<![A-Za-z])[vV][❤♥💌💚💗🧡]+|(?<!\w)[薇威微](?=\s?[:：])|[vV](?=[^\w\s]{1,4}(?:号|信))|[vV]\W{0,3}[信芯心]"
    r"|抖音号|快手号|小红书号|钉钉号|telegram|(?<![a-z])tg|[加+➕]\s?我?[v薇微]|(?<![a-z])v(?=\s*[:：]))"
)
_SAID = re.compile(
    rf"{_APP}(?:号码?|帐号|账号|id|[是为叫加:：=➕\s]|我|[^\w\s〔〕]{{1,3}}(?=号))*(?P<id>[a-z](?:[\s.]?[0-9a-z_\-]){{5,19}})(?![0-9a-z])",
    re.IGNORECASE,
)
_QQ = re.compile(r"(?<![0-9A-Za-z])[Qq](?P<id>[1-9][0-9]{5,10})(?![0-9A-Za-z])")
_WORD = re.compile(r"[A-Za-z\s]+")


def contacts(folded: str) -> Iterator[Found]:
    """Mail addresses but those of offices (gov.cn), and ids after the name of an application."""
    for match in _MAIL.finditer(folded):
        if "gov" not in match[0].lower():
            yield Found(match.start(), match.end(), "contact")
    for match in _QQ.finditer(folded):
        yield Found(*match.span("id"), "contact")
    for match in _SAID.finditer(folded):
        stated = re.search(r"号|id|[是为叫加:：=]", folded[match.start() : match.start("id")])
        if stated or not _WORD.fullmatch(match["id"]):
            yield Found(*match.span("id"), "contact")
