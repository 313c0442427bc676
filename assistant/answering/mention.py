"""What in a question may name the item: the text without its field cues and polite words."""

import re
from dataclasses import dataclass

from assistant.answering.fields import ITEM, FieldsFound, find_fields
from assistant.answering.folding import clean, fold, grams, pieces
from assistant.answering.items import Catalogue
from assistant.answering.lexicon import Lexicon
from assistant.answering.surface_index import Occurrence
from assistant.answering.words import word_spans

_SURE_LENGTH = 4
"""A name this long is blanked out before cues are read; a shorter one only if nothing else is."""

_TOUCHING = re.compile(rf"([\w、()\[\]]*){ITEM}([\w、()\[\]]*)")
_POLITE = re.compile(
    "请问一?下?|请教|您好|你好|主播|老师|大神|哥哥|姐姐|小姐姐|亲们?|麻烦|谢谢|感谢|求助|求解|在线等|急{1,9}"
    "|想要?了解|想知道|想咨询|想问问?|问一?下|咨询一?下|了解一?下|有人知道|有没有人|知不知道|谁知道"
    "|[我俺咱]?(?:想|要|准备|打算)要?(?:去)?(?:办|弄|搞|整)(?:个|张|一[个张下本])?|我想|我要|我们?|你们?|他们?|她们?|咱们?|俺们?|自己|本人|一下|一个|同时|另外|还有|以及|分别|顺便|到底|究竟"
    "|有没有|是不是|能不能|可不可以|要不要|是否|可以|能够|应该|应当|需要|现在|目前|这边|那边|这里|那里|这个|那个|这种|那种|这样|那样"
    "|什么|哪个|哪些|多少|怎么|如何|怎样|关于|对于|有关|相关|的话|如果|但是|因为|所以|然后|已经|还是|或者|事情|事项|听说|听人讲|真的假的"
    "|按照?规定|根据规定|现场|线下|打开|登录|有?疑问|不清楚|不明白|不懂|从?(?:受理|申请)到(?:办结|办完|出证|拿证)|办事人员|工作人员"
    "|人员态度|态度(?:很|太|特别)?(?:不好|差|恶劣)|不满意?|是谁|网址|地址|详细|准确|官方|直接|可否|怎样|办结|办完|去哪|问问|告诉"
    "|[办弄搞](?:下来|好了?|成)(?=要|得|需|$)|的办理情况|这种情况|大概|时候|办理|办事|申请|办个|弄个|搞个|办一[个张下]|求问|咯|救命|呜呜"
)
_MEASURE = re.compile("(?<=[补换领查开])一?[个张本](?=[\u4e00-\u9fff]{2})")
_PAPER_MEASURE = re.compile("(?<=[补换领查])一?[个张本](?=[\u4e00-\u9fff]{2})")
_PARTICLES = "吗呢吧啊呀嘛哦"
_WEAK = frozenset(
    "各的了吗呢吧啊呀嘛哦哈是在有去来到给把被让和与跟及或就都也还又再才很太请问下个些点着过会没不无对由从以为于其之所我你他她它这那想要得能可办做弄搞说看用里上"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A question as the item search sees it.

    `folded`: the whole text. `parts`: folded stretches that are neither cue nor polite word, in
    order; a named item is a part of its own. `named`: the longest names or aliases that the text
    contains. `is_named`: one of them stands for the item, as the first part; `outside` is then
    the text around it, and `attached` what touches it and may make it another's name.
    """

    text: str
    folded: str
    parts: tuple[str, ...]
    named: tuple[Occurrence, ...]
    fields: FieldsFound
    is_named: bool = False
    outside: str = ""
    attached: str = ""

    @property
    def pairs(self) -> dict[str, float]:
        """Character pairs to search with: those of the parts count fully, the others little."""
        weak = dict.fromkeys(grams(self.folded), 0.15)
        return weak | {pair: 1.0 for part in self.parts for pair in grams(part)}


def read_mention(text: str, catalogue: Catalogue) -> Mention:
    """Find names, then cues in what is left, then the words that remain."""
    cleaned = clean(text)
    named, lexicon = catalogue.named(fold(cleaned)), catalogue.lexicon
    longest = [one for one in named if one.end - one.start == named[0].end - named[0].start]
    if longest and (plain := _with_item(cleaned, longest[0], lexicon, tuple(longest))):
        return plain
    standard = lexicon.standard(cleaned)
    fields = find_fields(standard)
    return Mention(standard, fold(standard), _parts(fields.rest), tuple(longest), fields)


def _with_item(
    cleaned: str, name: Occurrence, lexicon: Lexicon, named: tuple[Occurrence, ...]
) -> Mention | None:
    """Read with the name blanked out; None where a short name may be part of something else."""
    before, after = _around(cleaned, name)
    standard = lexicon.standard(before) + ITEM + lexicon.standard(after)
    fields = find_fields(standard)
    plain = _POLITE.sub(" ", fields.rest)
    rest = _parts(plain.replace(ITEM, " "))
    short = name.end - name.start < _SURE_LENGTH
    if short and (
        any(map(weighty, rest)) or weighty(_attached(_POLITE.sub(" ", standard), left=True))
    ):
        return None
    item = fold(cleaned)[name.start : name.end]
    return Mention(
        cleaned,
        fold(cleaned),
        (item, *rest),
        named,
        fields,
        is_named=True,
        outside=f"{before} {after}",
        attached=_whole(_attached(plain), fold(cleaned), name),
    )


def _whole(attached: str, folded: str, name: Occurrence) -> str:
    """What touches the name, with the whole word where it cuts one: 补领 of 补□."""
    for start, end in word_spans(folded) if attached else ():
        outside = folded[start : name.start] if start < name.start < end < name.end else ""
        if outside and outside in attached and weighty(outside):
            return attached.replace(outside, folded[start:end], 1)
    return attached


def _around(cleaned: str, name: Occurrence) -> tuple[str, str]:
    """The text before and after a name that was found in the folded text."""
    places = [place for place, char in enumerate(cleaned) if fold(char)]
    before, after = cleaned[: places[name.start]], cleaned[places[name.end - 1] + 1 :]
    return before.rstrip("《“\"'(【[<"), after.lstrip("》”\"')】]>")


def _attached(text: str, *, left: bool = False) -> str:
    """What touches the item's place: 新 and 甲类 of 新□(甲类)要什么; only what stands before it."""
    touching = _TOUCHING.search(text)
    if touching is None:
        return ""
    stretch = fold(touching.group(1) if left else "".join(touching.groups("")))
    return stretch if weighty(stretch) else ""


def content_of(text: str) -> tuple[str, ...]:
    """The stretches of a text that are neither field cue nor polite word, folded."""
    return _parts(find_fields(clean(text)).rest)


def without_measures(text: str) -> str:
    """The text without the measure word of 补一张身份证, which parts a name.

    开个公司 keeps it: 开个 says that it is a new one.
    """
    return _PAPER_MEASURE.sub("", text)


def weighty(part: str) -> bool:
    """Whether a part says anything by itself."""
    return sum(char not in _WEAK for char in part) > 0


def is_weak(char: str) -> bool:
    """Whether a character carries next to nothing."""
    return char in _WEAK


def _parts(rest: str) -> tuple[str, ...]:
    stretches = (
        part for piece in re.split(r"\s+", _POLITE.sub(" ", rest)) for part in pieces(piece)
    )
    trimmed = (_plain(part.rstrip(_PARTICLES) or part) for part in stretches)
    return tuple(part for part in trimmed if weighty(part))


def _plain(part: str) -> str:
    """Without the 要 before what is asked (身份证要□), and the measure word of 补个身份证."""
    part = _MEASURE.sub("", part)
    ends = part.endswith("要") and not any(end == len(part) for _, end in word_spans(part))
    return part[:-1] if ends and len(part) > 1 else part
