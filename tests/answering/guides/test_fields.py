"""Which fields a question asks for: formal, spoken and regional wordings, written by hand."""

import pytest

from assistant.answering.fields import HOURS, ITEM, OTHER, find_fields
from assistant.answering.folding import clean

pytestmark = pytest.mark.unit

WORDINGS = {
    "materials": """
        □需要什么材料|办□要带啥|□要准备些什么|□得拿哪些证件|□的申请材料清单|去办□要提交什么资料
        □要交什么|□带什么东西去|□要身份证吗|□都要啥手续|□需要哪些证明|□要攞咩资料|□要啥子材料
        想办□，要哪些东西|□申请表之外还要交啥|□材料清单发一下|办□需携带哪些证件
    """,
    "promised_limit": """
        □多久能办好|□几天下来|□要等多长时间|□大概几天能批|□多少个工作日|□啥时候能拿到|□几耐搞掂
        □好久办得好|□的承诺时限是几天|□办理时限是多久|□承诺多少天办结|□审批周期多长|□多长时间出证
        申请□一般几天有结果|□要几个工作日|□最快几天|办理□承诺多少个工作日
    """,
    "statutory_limit": """
        □法定几天|□的法定时限|法律规定□最长几天|□法定办结时限多少个工作日|按法律□要多久办完|□依法应当几天内办结
    """,
    "fee": """
        □多少钱|□要收费吗|办□要交钱不|□收费标准|□手续费多少|□免费吗|□几多钱|□要花多少钱|□工本费|□收不收钱|□收不收手续费
        □过户费多少钱|□要花钱不
    """,
    "locations": """
        □在哪办|□去哪里办理|□搁哪儿办|□到哪个窗口|□办理地点在哪|□地址是哪里|□喺边度办|□上哪儿弄|□在什么地方办
        □哪里能办|办□往哪跑|□窗口在几楼哪里|□有没有线下窗口|□在几楼办|□在哪一层
    """,
    "consult_phone": """
        □打哪个电话|□咨询打哪个电话|□咨询电话|□电话多少|□有没有联系电话|□热线是多少|□打咩电话问|问□打什么号码|□联系方式
        □有电话吗|□找谁问|□可以打哪个号码咨询
    """,
    "complaint_phone": """
        □投诉电话|□想投诉打哪|对□不满意找谁投诉|□办事员态度差打哪个电话|□监督电话是多少|□怎么投诉
    """,
    "online": """
        □能网上办吗|□网上能弄不|□能在手机上办吗|□网址是什么|□在哪个网站办|□有没有小程序|□可以线上申请吗|□网办链接
        □支付宝上能办不|□官网是哪个|□从哪里进去申请|□网上到底在哪弄
    """,
    "visits": """
        □要跑几趟|□得去几次|□跑几回|□到现场次数|□要不要本人去现场|□要不要本人去|□需要去大厅吗|□最多跑几次|□一次都不用跑吗|□要跑腿不
    """,
    "authority": """
        □归谁管|□哪个部门办|□由谁负责|□实施主体是谁|□归哪个单位管|□是哪个局批的|□找哪个部门|□主管部门是谁
    """,
    "conditions": """
        □要什么条件|□有哪些要求|什么人能办□|□的受理条件|怎样才符合□的申请条件|□谁可以申请|□门槛是啥条件|□需要满足什么条件
        □要连续交满几个月|□得先存够多久|住满多长时间才给办□
    """,
    "steps": """
        □怎么办|□咋办理|□办理流程|□步骤是什么|如何申请□|□流程咋走
    """,
    "basis": """
        □的依据是什么|□依据哪个文件|□法律依据|□根据什么规定
    """,
    "result": """
        □办完发什么证|办完□给个啥证|□办理结果是什么
    """,
    "appointment": """
        □要预约吗|□用不用约|□用不用提前预约|□怎么预约
    """,
    "courier": """
        □能寄不|□能邮寄吗|□可以快递到家吗|□能不能寄过来
    """,
    HOURS: """
        □几点上班|□周末办不办|□窗口上班时间|□星期六能去吗|□几点关门|□窗口几点上班|□大厅一般几点下班
    """,
    "audience": """
        □服务对象是谁|□适用范围
    """,
}
CASES = [
    (wording.strip(), field)
    for field, block in WORDINGS.items()
    for line in block.split("\n")
    for wording in line.split("|")
    if wording.strip()
]


def fields(text: str) -> set[str]:
    return set(find_fields(clean(text)).names)


def test_there_are_enough_wordings() -> None:
    assert len(CASES) >= 100


@pytest.mark.parametrize(("wording", "field"), CASES)
def test_one_field(wording: str, field: str) -> None:
    assert fields(wording) == {field}


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("□要带啥 几天能好", {"materials", "promised_limit"}),
        ("□能取不 要啥 几天 有手续费没", {"materials", "promised_limit", "fee"}),
        ("□在哪办，打哪个电话", {"locations", "consult_phone"}),
        ("□法定几天、你们几天能好、能寄不", {"statutory_limit", "promised_limit", "courier"}),
        ("□登记费、法定时限、承诺时限", {"fee", "statutory_limit", "promised_limit"}),
        ("□法定几天 承诺几天", {"statutory_limit", "promised_limit"}),
        ("□法定和承诺时限分别是多久", {"statutory_limit", "promised_limit"}),
        ("□咨询电话是多少，投诉电话是多少", {"consult_phone", "complaint_phone"}),
        ("□能网上办吗 要跑几趟", {"online", "visits"}),
        ("□归谁管 在哪办 收不收钱", {"authority", "locations", "fee"}),
        ("想了解□：要满足什么条件，还有需要什么材料？", {"conditions", "materials"}),
        ("□要到现场几次？同时想问需要什么材料。", {"visits", "materials"}),
    ],
)
def test_several_fields(wording: str, expected: set[str]) -> None:
    assert fields(wording) == expected


@pytest.mark.parametrize(
    "wording",
    [
        "□能领多少钱",
        "□有效期多久",
        "□多久年审一次",
        "□补贴标准",
        "□每个月发多少钱",
        "孩子出生后多久要申报□",
        "花钱买假的□罚多少",
        "□从哪一天开始算",
        "□几年之内交齐",
    ],
)
def test_what_no_guide_states_is_not_taken_for_a_field(wording: str) -> None:
    assert fields(wording) == {OTHER}


@pytest.mark.parametrize(
    "text", ["我等了几个月了", "十几年前办过□", "厂里要停几个月", "□免费两年那种"]
)
def test_statements_ask_nothing(text: str) -> None:
    assert fields(text) == set()


def test_words_of_the_office_belong_to_its_hours() -> None:
    assert find_fields("□窗口几点上班").rest.strip() == ITEM


EVERYDAY = {
    "materials": "要拿啥去|得揣些啥|要备哪几样|该捎点啥|要攒齐哪几样单子|带身份证就行不|要哪些条子",
    "promised_limit": "几天能下来|多会儿能办妥|好久能拿到手|几天能给批|多长工夫能成|前后得多少天",
    "fee": "得掏多少|要花几个钱|一套收多少登记钱|要出好多钱|花钱不|得破费多少",
    "locations": "上哪儿弄去|去哪疙瘩办|往哪儿跑|搁哪儿办|在哪块儿弄|该奔哪儿去",
    "authority": "归哪家管|找哪个衙门|公安还是民政管|去房管局开还是派出所|工信还是发改",
    "steps": "咋整|啷个办|咋办手续|怎么个办法|手续咋办|啷个批|头一步干啥",
    "online": "手机上能弄不|不出门能办不|哪个软件上能弄",
    "visits": "要跑几趟|非得本人去不|一回能办完不",
    "conditions": "啥样的人能办|得满足啥|要符合啥",
    "courier": "能给寄家里不|能邮到家不",
    OTHER: "啥时候打钱|三个人几天内要去申报|能歇几天|几月报",
}


@pytest.mark.parametrize(
    ("wording", "field"),
    [(wording, field) for field, of in EVERYDAY.items() for wording in of.split("|")],
)
def test_everyday_ways_to_ask(wording: str, field: str) -> None:
    assert fields(f"渔民证不用了，{wording}") == {field}


@pytest.mark.parametrize("text", ["小程序也要备案", "要办收费许可证", "□要重新走手续"])
def test_words_that_hold_a_cue_ask_nothing(text: str) -> None:
    assert fields(text) == set()


@pytest.mark.parametrize(("wording", "field"), CASES)
def test_the_item_stays_where_it_stood(wording: str, field: str) -> None:
    text = clean(wording)
    rest = find_fields(text).rest
    assert len(rest) == len(text)
    assert rest.count(ITEM) == text.count(ITEM)


@pytest.mark.parametrize(
    ("wording", "field", "kept"),
    [
        ("渔民证能邮寄吗", "courier", "渔民证"),
        ("渔民证能办吗", "conditions", "渔民证"),
        ("能网上补办渔民证吗", "online", "补办渔民证"),
        ("渔民证怎么注销", "steps", "渔民证  注销"),
        ("网上渔船登记怎么办", "steps", "渔船登记"),
        ("渔民证去哪里补办", "locations", "补办"),
        ("渔民津贴咨询电话多少", "consult_phone", "渔民津贴"),
        ("渔民证网上哪里办", "online", "渔民证"),
        ("渔民证网上怎么弄？", "online", "渔民证"),
        ("渔民证多大岁数能办", "conditions", "渔民证"),
    ],
)
def test_a_cue_leaves_the_words_of_the_item(wording: str, field: str, kept: str) -> None:
    found = find_fields(clean(wording))
    assert field in found.names
    assert kept in found.rest
