"""A small draft whose facts, slides, clip and announcement belong together."""

from datetime import date

from assistant.domain.studio import (
    Announcement,
    Brief,
    Clip,
    Deck,
    Fact,
    FactKind,
    Section,
    SectionKind,
    Segment,
    Sentence,
    Slide,
    SlideKind,
    StreamDraft,
    StreamKind,
    StreamPlan,
)

GUIDE = "guide-1"
DAY = date(2026, 8, 5)
NAME = Fact("f1", f"{GUIDE}#name", FactKind.NAME, "个体工商户设立登记", GUIDE, 1, "事项名称")
PAPER = Fact(
    "f2", f"{GUIDE}#materials.1", FactKind.MATERIAL, "登记申请书（原件1份）", GUIDE, 1, "申请材料"
)
FEE = Fact("f3", f"{GUIDE}#fee", FactKind.FEE, "收费：不收费", GUIDE, 1, "收费")


def draft(**changed: object) -> StreamDraft:
    """Two segments on two slides; the paper stands in segment, slide, clip and announcement."""
    said = (Sentence("今天讲个体工商户设立登记。", ("f1",)), Sentence("有问题请在评论区留言。"))
    papers = (Sentence("登记申请书，原件1份。", ("f2",)), Sentence("办理不收费。", ("f3",)))
    segments = (
        Segment("s1", "p1", SectionKind.OPENING, "开场", 0, 10, ("cover",), said, "开场"),
        Segment(
            "s2", "p2", SectionKind.MATERIALS, "材料", 10, 10, ("materials",), papers, "要带什么"
        ),
    )
    slides = (
        Slide("cover", SlideKind.COVER, "个体工商户设立登记", notes="".join(s.text for s in said)),
        Slide(
            "materials",
            SlideKind.MATERIALS,
            "要带的材料",
            lines=("登记申请书，原件1份", "不收费"),
            notes="".join(s.text for s in papers),
            facts=("f2", "f3"),
        ),
    )
    whole = {
        "brief": Brief(
            "讲个体户设立", StreamKind.GUIDE, "个体工商户设立登记", DAY, 10, items=(GUIDE,)
        ),
        "facts": (NAME, PAPER, FEE),
        "outline": (
            Section("p1", SectionKind.OPENING, "开场", 10),
            Section("p2", SectionKind.MATERIALS, "材料", 10, GUIDE),
        ),
        "segments": segments,
        "deck": Deck("个体工商户设立登记", "示例县政务服务中心", DAY, slides),
        "clips": (
            Clip("clip1", "要带什么", "要带什么？", (Sentence("带登记申请书。", ("f2",)),), GUIDE),
        ),
        "announcement": Announcement("直播预告", "周三讲个体户设立，带好登记申请书。", ("f2",)),
        "plan": StreamPlan("自有直播页", "设立登记", "开场—材料", "20点", "一次", "无", "转人工"),
    }
    return StreamDraft(**(whole | changed))
