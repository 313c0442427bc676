"""Names of persons in a text, without a model: known ones, and surname and given name.

Known names are those of jieba's dictionary (`data/persons.npy`, made by
`python -m eval.training.persons`).
"""

import re
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from assistant.answering.asked import segments
from assistant.retrieval.analysis import word_terms, words_in

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
    "崔钟谭陆汪范金石廖贾夏韦付傅白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵钱严覃武戴莫孔向汤温康施牛樊葛"
    "邢齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁符舒阮柯纪梅童凌毕单裴霍涂苗谷盛曲翁冉骆蓝路游"
    "辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟"
    "应臧闵苟邬卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩池查麻苑迟邝封谈匡鞠惠荆冀郁南栗燕楚鄢劳谌奚皮冼蔺楼厉"
)
COMPOUND = frozenset(
    re.findall("..", "欧阳司马上官诸葛东方皇甫尉迟公孙慕容司徒夏侯轩辕令狐端木宇文长孙南宫")
)
_TRANSCRIBED = frozenset(
    "阿埃艾安奥巴班贝本比彼宾波伯博布查茨达戴丹德登狄迪蒂丁杜顿多厄恩尔法范菲费弗佛夫福盖冈戈格哈海汉豪赫亨胡"
    "霍基加贾杰金卡凯坎康考科克肯库拉莱兰朗劳勒雷里理利莉列林琳隆卢鲁伦罗洛玛迈麦曼梅门蒙米密莫姆穆纳娜内尼涅"
    "宁纽农努诺欧帕派庞佩彭皮珀普奇齐恰切琴丘热日瑞若萨塞桑瑟森沙珊尚舍申圣施史舒斯思松苏索塔泰坦汤唐特滕廷托"
    "瓦万威维韦魏温文沃乌伍希锡夏香肖谢辛休雅亚延耶叶伊因英尤约泽扎詹珍佐茜妮丝琪蕾娅薇黛"
)
"""Characters in which foreign names are written."""
_SHAPED = re.compile(
    r"[一-鿿]{2,6}[·•・‧][一-鿿]{1,8}|(?<![一-鿿a-z])[a-z]{2,} [a-z]{2,}(?![a-z])"
    rf"|(?:{'|'.join(sorted(COMPOUND))})[一-鿿]{{1,2}}"
)

Span = tuple[int, int]


def person_names(text: str) -> list[Span]:
    """Where names stand in a folded text."""
    shaped = [found.span() for found in _SHAPED.finditer(text)]
    return shaped + [span for span in segments(text) if _is_name(text[slice(*span)])]


def _is_name(word: str) -> bool:
    if not 2 <= len(word) <= 8 or not "㐀" <= word[0] <= "鿿":
        return False
    if len(word) <= 7 and bool(_holds(word)):
        return True
    own = word[0] in SURNAMES and len(word) <= 3
    transcribed = len(word) >= 3 and _TRANSCRIBED.issuperset(word)
    return (own or transcribed) and (0, len(word)) not in words_in(word)


def _holds(word: str) -> bool:
    terms, own = _known(), key(word_terms([word]))[0]
    place = int(np.searchsorted(terms, own))
    return place < len(terms) and bool(terms[place] == own)


def key(terms: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Terms shortened to 32 bits: among 60,000 names one other word in 70,000 is taken for one."""
    return (terms & np.uint64(0xFFFFFFFF)).astype(np.uint32)


@cache
def _known() -> NDArray[np.uint32]:
    return np.asarray(np.load(str(files("assistant.answering") / "data" / "persons.npy")))
