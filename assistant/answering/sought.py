"""What sort of thing a question seeks: a person, a day, a sum or a place.

`asked.AnswerKind` serves the search for the clause and is broad. This is narrow and says nothing
where the words leave it open: what is told here is looked for in the words that would be voiced.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.answering.asked import fold


class Sort(StrEnum):
    """A sort of thing whose presence in words can be told by its form."""

    PHONE = "phone"
    PERSON = "person"
    DURATION = "duration"
    DATE = "date"
    RANK = "rank"
    SHARE = "share"
    NUMBER = "number"
    PLACE = "place"
    OFFICE = "office"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Sought:
    """The sort, None where the question leaves it open; `unit` of a number (元, 人), or empty.

    `text` is the folded question.
    """

    sort: Sort | None
    unit: str
    text: str


_IS = "(?:分别)?(?:是|为|有|叫)?(?:多少|什么|啥|谁|哪[些个位]?|几)?$"
_POST = (
    "(?:[冠亚季]军|得主|获得者|主席|总统|总理|首相|[总副]?书记|[部省市县区镇校院局处科站所会队]长|主任|董事长|总裁"
    "|首席[一-鿿]{2,3}官|ceo|创始人|导演|主演|编剧|作者|[主总]教练|指令长|发言人|法定代表人|负责人|主持人|联系人"
    "|国王|女王|总经理|扮演者|秘书长)"
)
_AMOUNT = (
    "(?:[售票房单均定]价|价格|营业?收入?|总?营收|净?利润|票房|人口|面积|高度|长度|重量|总额|金额|规模|市值|销量|产量"
    "|奖金|人数|gdp|得分|比分|保有量|总数|额度|费用|均价|身高|体重|总量|总值)"
)
_SHARE = "(?:比例|占比|比率|增长率|增[速幅]|涨幅|降幅|利率|税率|[一-鿿]化率)"
_BY_WORD: tuple[tuple[Sort | None, re.Pattern[str]], ...] = (
    (None, re.compile("为什么|为何|为啥|原因|目的|怎么|如何|怎样")),
    (
        Sort.PHONE,
        re.compile("(?:电话|热线|号码|联系方式|传真)号?码?" + _IS + "|打(?:什么|哪个|几)电话"),
    ),
    (
        None,
        re.compile(
            "[由向跟与和给归找让]谁|谁(?:来|负责|承担|应|可|能|有|需|要|去|出|付|申请|办|管|抚养|说了算|定)|主体是谁"
        ),
    ),
    (
        Sort.PERSON,
        re.compile("谁|何人|哪位|哪些?[一-鿿]{0,6}(?:选手|球员|演员|运动员|航天员|嘉宾)"),
    ),
    (
        Sort.DURATION,
        re.compile(
            "多久|多长时间|(?:多少|几)个?(?:工作日|天|日|小时|月(?!份)|年|分钟|周)(?![份级代龄])"
        ),
    ),
    (Sort.DATE, re.compile("何时|什么时[候间]|啥时|哪[一]?[天年月日]|几[月号]|几点")),
    (Sort.RANK, re.compile("第几|哪一?[集届期]|排名(?:多少|如何)?$|名次")),
    (Sort.SHARE, re.compile(f"百分之(?:几|多少)|{_SHARE}(?:达到?了?)?(?:是|为)?多少")),
    (Sort.NUMBER, re.compile("多少|(?<!哪)几(?!乎|方面|点|个方面)[一-鿿%]|多[大长高远重深宽]$")),
    (
        Sort.PLACE,
        re.compile(
            "哪里|哪儿|(?<!如)何[处地](?![理置])|在哪(?![些个几方一集])|哪个(?:省|市|区|县|地方|地区)|哪[个些](?:国家|城市)|哪国"
        ),
    ),
    (
        Sort.OFFICE,
        re.compile(
            "哪[个家所支](?:部门|单位|机构|机关|公司|医院|局|委|银行|组织|大学|高校|学校|俱乐部|球队|队|企业)"
            "|什么(?:部门|单位|机构|企业|公司|学校)"
        ),
    ),
    (
        Sort.TITLE,
        re.compile("全称|叫什么|名[称字](?:是|为)什么|哪[部首](?:电影|歌|作品|剧|法)|哪本书"),
    ),
)
_BY_NOUN: tuple[tuple[Sort | None, re.Pattern[str]], ...] = (
    (Sort.PERSON, re.compile(_POST + _IS)),
    (Sort.DATE, re.compile("(?<!有效|服务|工作|营业|办公|持续|开放|办理|受理)(?:时间|日期)" + _IS)),
    (Sort.SHARE, re.compile(_SHARE + _IS)),
    (Sort.NUMBER, re.compile(_AMOUNT + _IS)),
    (Sort.PLACE, re.compile("(?:地点|(?:举办|主办|东道)[国地])" + _IS)),
)
"""A noun at the end asks by itself (男单冠军？), where no other question word stands before it."""
_ASKING = re.compile("什么|哪|谁|吗|是否|能否|可否|有没有|能不能|多少|几|何")
_MONEY = re.compile(
    "多少[美欧日港]?元|多少钱|[售票房单均定]价|价格|营收|收入|利润|票房|金额|总额|奖金|市值|费用|收益|资金|[出进]口额"
)
_UNIT = re.compile(
    "(?:多少|几)[万亿千百]?个?([人名家个件台张份条种类所辆岁届集米项次班例户处亩吨位支床])"
)


@lru_cache(maxsize=1024)
def sought(question: str) -> Sought:
    """Read a question; pure."""
    text = fold(question).strip().rstrip("?？。!！ ")
    sort = _sort(text)
    return Sought(sort, _unit(text) if sort is Sort.NUMBER else "", text)


def _sort(text: str) -> Sort | None:
    for sort, words in _BY_WORD:
        if words.search(text):
            return sort
    for sort, words in _BY_NOUN:
        found = words.search(text)
        if found and not _ASKING.search(text[: found.start()]):
            return sort
    return None


def _unit(text: str) -> str:
    if _MONEY.search(text):
        return "元"
    found = _UNIT.search(text)
    if found:
        return found[1]
    return "人" if re.search("人口|人数", text) else ""
