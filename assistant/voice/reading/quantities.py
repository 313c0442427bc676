"""Money, per cent, ratios, measures, ranges, and 两 for 二 before what is counted."""

import re

from assistant.voice.reading.numbers import NUMBER, by_digit, cardinal, trimmed
from assistant.voice.reading.phones import MEASURES
from assistant.voice.reading.pieces import Rule, rule

_CURRENCY = {"¥": "元", "$": "美元", "€": "欧元", "£": "英镑", "HK$": "港元", "US$": "美元"}
_PARTS = {"%": "百分之", "‰": "千分之", "‱": "万分之"}
_TWO_OF = re.compile(
    r"\s?(?:[个份人名位家户处起例项条款张本套件页种组批辆台间笔箱瓶盒支只头亩斤吨米秒天周次遍回趟场门倍成元块]|"
    r"[岁万亿千字句段方国点枚幅棵样步科轮针股票把堂节室㎡㎞㎏]|年(?!级)|小时|分钟|公里|公斤|公顷|千克|"
    r"毫米|厘米|平方|立方|工作日|自然日|地市|部门|km|kg|cm|mm|m²|MB|GB)"
)
"""Before these one says 两. Not before 月日号楼层类级期代手寸, which name: 二月, 二楼, 二代证."""
_KINDS_COUNTED = re.compile(r"[分有这下含共等为]$")
_OF_CLAUSE = re.compile(r"第[\d一二三四五六七八九十、,至到和-]*$")
_RANGE_ON = re.compile(rf"\s?[-~至到]+\s?{NUMBER}")
UNITS = {
    "km/h": "公里每小时",
    "m/s": "米每秒",
    "mg/L": "毫克每升",
    "mg/m³": "毫克每立方米",
    "kW·h": "千瓦时",
    "kWh": "千瓦时",
    "km²": "平方公里",
    "m²": "平方米",
    "m2": "平方米",
    "cm²": "平方厘米",
    "m³": "立方米",
    "m3": "立方米",
    "kPa": "千帕",
    "MPa": "兆帕",
    "Mbps": "兆每秒",
    "km": "公里",
    "KM": "公里",
    "cm": "厘米",
    "CM": "厘米",
    "mm": "毫米",
    "MM": "毫米",
    "kg": "千克",
    "KG": "千克",
    "Kg": "千克",
    "mg": "毫克",
    "ml": "毫升",
    "mL": "毫升",
    "ML": "毫升",
    "kW": "千瓦",
    "KW": "千瓦",
    "kw": "千瓦",
    "kV": "千伏",
    "KV": "千伏",
    "dB": "分贝",
    "MB": "兆",
    "Mb": "兆",
    "KB": "KB",
    "kb": "KB",
    "dpi": "像素每英寸",
    "DPI": "像素每英寸",
    "min": "分钟",
    "px": "像素",
    "h": "小时",
    "m": "米",
    "g": "克",
    "t": "吨",
    "L": "升",
    "V": "伏",
    "W": "瓦",
    "s": "秒",
}
"""Units in letters, after a number."""
SIGNS = {
    "㎡": "平方米",
    "㎢": "平方公里",
    "㎥": "立方米",
    "㎞": "公里",
    "㎏": "千克",
    "㎝": "厘米",
    "㎜": "毫米",
    "㎎": "毫克",
    "㏄": "毫升",
    "℃": "摄氏度",
    "°C": "摄氏度",
    "m²": "平方米",
    "m³": "立方米",
    "°": "度",
}
"""Units that are signs, wherever they stand."""
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_SIGN = "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True))
_PER = r"(?=小时|平方|立方|公里|[次人月年天日件张个吨亩户证本份平套台辆米季位科]|㎡|m²)"


def quantity(number: str, before: str, after: str) -> str:
    """A plain number between its neighbours: 2份 → 两份, 第2条 → 第二条."""
    if number == "2" and _is_two(before, _RANGE_ON.sub("", after, count=1)):
        return "两"
    if re.match(r"\d{7,}$", number) and not re.match(rf"\s?[{MEASURES}%]", after):
        return by_digit(number)
    return cardinal(number)


def _is_two(before: str, after: str) -> bool:
    if _OF_CLAUSE.search(before):
        return False
    if after.startswith("类"):
        return bool(_KINDS_COUNTED.search(before))
    return bool(_TWO_OF.match(after))


def _quantity(found: re.Match[str]) -> str:
    text = found.string
    return quantity(
        found.group(), text[max(0, found.start() - 12) : found.start()], text[found.end() :][:30]
    )


def _money(found: re.Match[str]) -> str:
    sign, number, large = found["sign"], trimmed(found["number"]), found["large"] or ""
    return quantity(number, "", large + "元") + large + _CURRENCY[sign]


def _trimmed_quantity(found: re.Match[str]) -> str:
    after = found.string[found.end() :][:3]
    return quantity(trimmed(found.group()), found.string[: found.start()][-3:], after)


def _percent(found: re.Match[str]) -> str:
    number = trimmed(found["number"])
    if found["sign"] == "%" and number == "100":
        return _PARTS["%"] + "百"
    return _PARTS[found["sign"]] + cardinal(number)


def _percents(found: re.Match[str]) -> str:
    low, high = cardinal(trimmed(found["low"])), cardinal(trimmed(found["number"]))
    return f"{_PARTS[found['sign']]}{low}到{high}"


def _fraction(found: re.Match[str]) -> str | None:
    part, whole = int(found[1]), int(found[2])
    return f"{cardinal(found[2])}分之{cardinal(found[1])}" if part < whole else None


def _ratio(found: re.Match[str]) -> str:
    return "比".join(map(cardinal, found.group().replace(" ", "").split(":")))


def _dash(found: re.Match[str]) -> str:
    """Between two numbers 到, but 杠 in the number of a house like 12-1号."""
    low = re.search(r"(?<![\d.:/])\d+$", found.string[: found.start()])
    high = re.match(r"(\d+)(?=[号室房栋幢])", found.string[found.end() :])
    falling = low and high and int(low[0]) >= int(high[0])
    return "杠" if falling else "到"


RULES: tuple[Rule, ...] = (
    rule(
        rf"(?P<sign>HK\$|US\$|[¥$€£])\s?(?P<number>{NUMBER})(?P<large>[万亿])?(?:元|美元|港元|欧元)?",
        _money,
    ),
    rule(rf"{NUMBER}(?=[万亿]?元)", _trimmed_quantity),
    rule(rf"(?<![\d.])(?P<low>{NUMBER})\s?[-~]+\s?(?P<number>{NUMBER})(?P<sign>[%‰‱])", _percents),
    rule(rf"(?<![\d.])(?P<number>{NUMBER})\s?(?P<sign>[%‰‱])", _percent),
    rule(rf"-(?={NUMBER}\s?(?:℃|°C))|(?<![\w)\]])-(?={NUMBER}\s?(?:℃|°C))", "零下"),
    rule(r"(?<![\d/.])(\d{1,3})/(\d{1,3})(?![\d/])", _fraction),
    rule(r"(?<![\d:.])\d{1,4}(?:\.\d+)?(?::\d{1,6}(?:\.\d+)?)+(?![\d:个份张人])", _ratio),
    rule(rf"(?<=[\d万亿余多])\s?(?:{_UNIT})(?![A-Za-z])", lambda found: UNITS[found[0].strip()]),
    rule(_SIGN, lambda found: SIGNS[found[0]]),
    rule(rf"(?:(?<=元)|(?<=\d[次个件份人米台辆张户])|(?<=公里)|(?<=㎡))/{_PER}", "每"),
    rule(r"(?<=元/[次人月年户件份])·(?=[人次月年天日户])", "每"),
    rule(r"(?<=[\da-z㎜㎝])\s?[×*xX]\s?(?=\d)", "乘"),
    rule(r"(?<=[\d%℃℃])\s?[-~]+\s?(?=\d)|(?<=\d[\u4e00-\u9fff])[-~]+(?=\d)", _dash),
    rule(r"(?<=\d[\u4e00-\u9fff]{2})[-~]+(?=\d)|(?<=\d[\u4e00-\u9fff]{3})[-~]+(?=\d)", "到"),
    rule(r"(?<=周[一二三四五六日天])[-~]+(?=周|[一二三四五六日])", "到"),
    rule(
        r"(?<=星期[一二三四五六日天])[-~]+(?=星期|[一二三四五六日])|(?<=月)[-~]+(?=[一二三四五六七八九十]+月)",
        "到",
    ),
    rule(r"(?<=[一二三四五六七八九十])[-~](?=[一二三四五六七八九十])", "到"),
    rule(r"(?<=[\d点分])[-~]+(?=次日|当日|翌日|至?今)", "到"),
    rule(r"(?<![\w)\]-])-(?=\d)", "负"),
    rule(r"(?:(?<=\d)|(?<=\d[岁年天元人]))\+(?![\w(])", "以上"),
)
PLAIN: tuple[Rule, ...] = (rule("84(?=消毒)", "八四"), rule(NUMBER, _quantity))
"""Whatever number is left."""
