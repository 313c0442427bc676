"""A small catalogue of invented guides for the tests of the guide answerer."""

from datetime import date

from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue
from assistant.answering.lexicon import Lexicon
from assistant.answering.places import Gazetteer, Place
from assistant.domain.answer import Draft
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question
from assistant.domain.region import Region, RegionTree
from assistant.domain.source import (
    Basis,
    Channel,
    LimitUnit,
    Location,
    Material,
    Online,
    ServiceGuide,
    Step,
    TimeLimit,
)

TODAY = date(2026, 6, 1)
REGIONS = RegionTree(
    [
        Region("000000", "全国", None),
        Region("880000", "甲省", "000000", ("甲",)),
        Region("880100", "乙市", "880000"),
        Region("880121", "丙丁县", "880100", ("丙丁",)),
        Region("880122", "戊己县", "880100", ("戊己",)),
        Region("880121001", "溪口镇", "880121"),
        Region("880122001", "庚辛镇", "880122"),
    ]
)
GAZETTEER = Gazetteer(REGIONS, (Place("龙潭大峡谷", "880121001", "溪口镇便民服务中心"),))

HALL = Location(
    "丙丁县政务服务中心", "人民路18号", "2楼7号窗口", "工作日9:00至17:00", "0888-6101234"
)
OPEN_SHOP = ServiceGuide(
    id="shop-open",
    name="个体工商户设立登记",
    aliases=("个体户营业执照",),
    parent="个体工商户登记",
    region="880121",
    authority="丙丁县市场监督管理局",
    audience=("自然人",),
    conditions="有经营能力的自然人，经营场所合法。",
    materials=(
        Material("个体工商户登记申请书", 1, 0, "纸质", True),
        Material("经营者身份证", 1, 2, None, True, "验原件"),
        Material("经营场所使用证明", None, 1, None, True),
        Material("委托书", 1, None, None, False),
    ),
    steps=(Step(Channel.ONLINE, "网上提交"), Step(Channel.WINDOW, "窗口领照")),
    statutory_limit=TimeLimit(15, LimitUnit.WORKDAY),
    promised_limit=TimeLimit(1, LimitUnit.WORKDAY),
    fee="不收费",
    locations=(HALL,),
    consult_phone="0888-6101234",
    complaint_phone="0888-12345",
    online=Online(True, "甲省政务服务网", "https://zwfw.example.cn/shop"),
    visits=0,
    appointment=True,
    courier=True,
    result="营业执照",
    basis=(Basis("促进个体工商户发展条例", "国令第755号", "第十一条"),),
)
CLOSE_SHOP = ServiceGuide(
    id="shop-close",
    name="个体工商户注销登记",
    parent="个体工商户登记",
    region="880121",
    authority="丙丁县市场监督管理局",
    materials=(Material("注销登记申请书", 1), Material("营业执照", 1)),
    promised_limit=TimeLimit(3, LimitUnit.WORKDAY),
    locations=(HALL,),
    consult_phone="0888-6101234",
    online=Online(False),
    visits=1,
)
ELDERLY = ServiceGuide(
    id="elderly",
    name="高龄津贴申领",
    aliases=("老年人补贴",),
    region="880121",
    authority="丙丁县民政局",
    conditions="年满80周岁的本县户籍老年人。",
    statutory_limit=TimeLimit(20, LimitUnit.WORKDAY),
    locations=(Location("无线下办理窗口"),),
    consult_phone="0888-6105678",
)
RESIDENCE_C = ServiceGuide(
    id="residence-c",
    name="居住证申领",
    base_code="000107001000",
    region="880121",
    authority="丙丁县公安局",
    promised_limit=TimeLimit(7, LimitUnit.WORKDAY),
    consult_phone="0888-6100110",
)
RESIDENCE_W = ServiceGuide(
    id="residence-w",
    name="居住证申领",
    base_code="000107001000",
    region="880122",
    authority="戊己县公安局",
    promised_limit=TimeLimit(9, LimitUnit.WORKDAY),
    consult_phone="0888-6200110",
)
RESIDENCE_P = ServiceGuide(
    id="residence-p",
    name="居住证办理",
    base_code="000107001000",
    region="880000",
    authority="甲省公安厅",
    promised_limit=TimeLimit(15, LimitUnit.WORKDAY),
    fee="不收费",
)
PASSPORT_OLD = ServiceGuide(
    id="passport-old",
    name="普通护照签发",
    region="880000",
    fee="160元",
    effective_to=date(2025, 5, 9),
)
PASSPORT_NEW = ServiceGuide(
    id="passport-new",
    name="普通护照签发",
    region="880000",
    fee="120元",
    effective_from=date(2025, 5, 10),
)
ENGINEERS = tuple(
    ServiceGuide(
        id=f"engineer-{number}",
        name=f"注册消防工程师注册审批（{level}）",
        parent="注册消防工程师注册审批",
        region="880000",
        authority="甲省消防救援总队",
        promised_limit=TimeLimit(days, LimitUnit.WORKDAY),
        fee="不收费",
    )
    for number, (level, days) in enumerate((("一级", 20), ("二级", 10)))
)
GUIDES = (
    OPEN_SHOP,
    CLOSE_SHOP,
    ELDERLY,
    RESIDENCE_C,
    RESIDENCE_W,
    RESIDENCE_P,
    PASSPORT_OLD,
    PASSPORT_NEW,
    *ENGINEERS,
)
LEXICON = Lexicon(
    {"办照": ["个体工商户设立登记"], "开店": ["个体工商户设立登记"]},
    {"咋整": "怎么办", "啥": "什么"},
)


def answerer(*guides: ServiceGuide) -> GuideAnswerer:
    """An answerer over these guides, or over all of the sample."""
    return GuideAnswerer(Catalogue.build(guides or GUIDES, REGIONS, LEXICON), GAZETTEER)


def ask(
    text: str,
    *guides: ServiceGuide,
    region: str | None = "880121",
    history: tuple[str, ...] = (),
    as_of: date = TODAY,
) -> Draft:
    """The draft for a question, without a passage search."""
    desk = answerer(*guides)
    question = Question(text, as_of, region, history)
    return desk.draft(question, desk.understand(question), Ranking())
