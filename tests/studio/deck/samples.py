"""Decks of every kind, short and very long, for tests."""

from datetime import date

from assistant.domain.studio import Deck, Slide, SlideKind, Table

DAY = date(2026, 12, 9)
LINK = "https://www.example.gov.cn/portal/v2/guide/11440300"
MATERIALS = Table(
    ("序号", "材料名称", "原件", "复印件", "是否必要"),
    (
        ("1", "居民身份证", "1份", "1份", "必要"),
        ("2", "灵活就业人员参保登记表", "1份", "不要", "必要"),
        ("3", "银行卡（用于扣缴保险费）", "1份", "1份", "非必要"),
        ("4", "户口簿或居住证", "1份", "1份", "非必要"),
    ),
)
PLACES = Table(
    ("窗口", "地址", "办公时间", "电话"),
    (
        (
            "县政务服务中心3楼社保窗口",
            "示例县人民路128号",
            "周一至周五 9:00—12:00，14:00—17:00",
            "0755-12345678",
        ),
        (
            "城东街道党群服务中心",
            "城东街道建设二路16号",
            "周一至周五 9:00—12:00，13:30—17:30",
            "0755-87654321",
        ),
    ),
)
SLIDES = (
    Slide(
        "s1",
        SlideKind.COVER,
        "灵活就业人员怎么参保",
        ("重点讲：要带什么材料、线上怎么办", "办事指南直播 · 第12期"),
        notes="大家好，我是AI数字人小政。今天讲灵活就业人员怎么参保。",
    ),
    Slide(
        "s2",
        SlideKind.AGENDA,
        "今天讲什么",
        ("谁可以办", "要带什么材料", "网上怎么办", "多久办好、收不收费", "去哪里办", "常见误区"),
        notes="今天分六个部分。",
    ),
    Slide(
        "s3",
        SlideKind.CONDITIONS,
        "这三种情况可以办",
        (
            "年满16周岁，未达到法定退休年龄",
            "在本县从事灵活就业：个体经营、非全日制用工、新就业形态等",
            "未在用人单位参加企业职工基本养老保险",
        ),
        notes="先看条件。",
    ),
    Slide("s4", SlideKind.MATERIALS, "要带的材料", table=MATERIALS, notes="材料有四样。"),
    Slide(
        "s5",
        SlideKind.FLOW,
        "网上怎么办",
        flow=(
            "打开政务服务网，搜“灵活就业参保登记”",
            "扫码登录，核对姓名和身份证号",
            "填写参保登记表，选择缴费档次",
            "上传材料照片，提交",
            "5个工作日内收到审核短信",
        ),
        notes="一共五步。",
    ),
    Slide(
        "s6",
        SlideKind.LIMITS,
        "多久办好、收不收费",
        (
            "法定办结时限：20个工作日",
            "承诺办结时限：5个工作日",
            "收费：不收费",
            "到现场次数：0次（网上办）",
        ),
        notes="时限和收费。",
    ),
    Slide("s7", SlideKind.PLACES, "去哪里办", table=PLACES, link=LINK, notes="地点。"),
    Slide(
        "s8",
        SlideKind.MISTAKES,
        "三个常见误区",
        (
            "误区：没有单位就不能参保。其实灵活就业人员可以以个人身份参加职工基本养老保险。",
            "误区：断缴就清零。其实缴费年限累计计算，断缴期间不计入。",
            "误区：要本人到窗口。其实网上可以全程办理。",
        ),
        notes="误区。",
    ),
    Slide(
        "s9",
        SlideKind.CLAUSE,
        "政策原文怎么说",
        (
            "“无雇工的个体工商户、非全日制从业人员以及其他灵活就业人员可以参加基本养老保险。”",
            "《中华人民共和国社会保险法》第十条第二款",
        ),
        notes="原文。",
    ),
    Slide(
        "s10",
        SlideKind.QUESTIONS,
        "大家常问",
        (
            "问：外地户口能在本县参保吗？",
            "答：可以，持居住证办理。",
            "问：缴费基数怎么选？",
            "答：在上下限之间自行选择。",
        ),
        notes="答疑。",
    ),
    Slide(
        "s11",
        SlideKind.BASIS,
        "依据和有效期",
        (
            "《中华人民共和国社会保险法》第十条",
            "《社会保险经办条例》（国务院令第765号）第九条",
            "本指南更新日期：2026-10-08",
        ),
        notes="依据。",
    ),
    Slide(
        "s12",
        SlideKind.CODE,
        "扫码在线办理",
        ("打开手机相机扫一扫", "咨询电话：0755-12345678", "下期预告：居住证怎么续签"),
        link=LINK,
        notes="扫码。",
    ),
)
EVERY_KIND = Deck("灵活就业人员怎么参保", "示例县政务服务中心", DAY, SLIDES)
_LONG = "中华人民共和国境内无雇工的个体工商户、非全日制从业人员及其他灵活就业人员申请表（一式三份）"
SIXTY = Table(
    MATERIALS.header,
    tuple(
        (str(n), f"第{n}种材料{_LONG if n % 7 == 0 else ''}", "1份", "2份", "必要")
        for n in range(1, 61)
    ),
)
LONG = Deck(
    "关于进一步做好本县灵活就业人员参加企业职工基本养老保险和职工基本医疗保险有关工作的说明" * 2,
    "示例省示例市示例县政务服务和数据管理局政务服务中心综合受理服务大厅社会保险专区",
    DAY,
    (
        Slide("c", SlideKind.COVER, "很长的封面标题也要放得下、看得清、不压住单位和日期" * 3),
        Slide(
            "m",
            SlideKind.MATERIALS,
            "要带的材料很多，请对照清单逐项准备，缺一样也可以先受理后补齐" * 2,
            table=SIXTY,
            link=LINK,
            notes="".join(f"第{n}种材料要带好。" for n in range(1, 61)),
        ),
        Slide(
            "f",
            SlideKind.FLOW,
            "办理流程",
            flow=tuple(f"第{n}步，{_LONG}，等候通知" for n in range(1, 12)),
            notes="一步一步来。",
        ),
        Slide("l", SlideKind.CLAUSE, "原文", (f"第一条　{_LONG}。" * 30,), notes="很长。" * 40),
        Slide(
            "p",
            SlideKind.PLACES,
            "去哪里办",
            table=Table(
                PLACES.header,
                tuple(
                    (
                        f"第{n}窗口",
                        _LONG * 2,
                        "周一至周五 9:00—12:00，14:00—17:00",
                        f"0755-1234{n:04}",
                    )
                    for n in range(25)
                ),
            ),
        ),
    ),
)
EMPTY = Deck(
    "",
    "",
    None,
    (
        *(Slide(kind.value, kind, "") for kind in SlideKind),
        Slide("t0", SlideKind.MATERIALS, "不需要提交材料", table=Table((), ())),
        Slide("t1", SlideKind.MATERIALS, "指南未载明", table=Table(MATERIALS.header, ())),
        Slide(
            "t2", SlideKind.MATERIALS, "缺格", table=Table(("甲", "乙"), (("", ""), ("只有一格",)))
        ),
        Slide("m", SlideKind.PLACES, "都有", ("一行",), PLACES, ("一步", "两步"), LINK),
    ),
)
