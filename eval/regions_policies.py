"""Policy documents of the generated regions: superseded, drafted, repealed, not yet in force."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from assistant.domain.source import PolicyDocument, Status
from eval.regions_guides import EVE, TURN, Plan
from eval.regions_words import APART, CITY, COUNTIES, PROVINCE

OLD_DAYS, NEW_DAYS = 15, 7
"""公示期 of the city's rule before and from 2025-05-10."""


def grant(number: int) -> int:
    """The 补贴 of a county in yuan; no two counties have the same."""
    return 310 + 170 * number


def city_policies() -> Iterator[PolicyDocument]:
    """A rule and the one that replaces it on 2025-05-10."""
    old, new = "city-notice-2019", "city-notice-2025"
    yield _policy(old, CITY, "经营场所公示办法", f"公示期为{OLD_DAYS}日。", date(2019, 3, 1))
    title = "经营场所公示办法（2025年修订）"
    yield _policy(new, CITY, title, f"公示期为{NEW_DAYS}日。", TURN, supersedes=(old,))


def county_policies(plan: Plan) -> Iterator[PolicyDocument]:
    """Each county's grant, beside a draft, a repealed and an expired one with other sums."""
    for number, (code, name, _) in enumerate(COUNTIES[: plan.counties]):
        place = (code, name)
        yield _grant(f"{code}-grant", place, "开业补贴办法", grant(number), date(2022, 1, 1))
        yield _grant(
            f"{code}-grant-draft",
            place,
            "开业补贴办法（征求意见稿）",
            grant(number) + 5000,
            None,
            status=Status.DRAFT,
        )
        yield _grant(
            f"{code}-grant-repealed",
            place,
            "开业补贴暂行办法",
            grant(number) + 7000,
            date(2018, 1, 1),
            status=Status.REPEALED,
        )
        yield _grant(
            f"{code}-grant-expired",
            place,
            "开业补贴试行办法",
            grant(number) + 9000,
            date(2016, 1, 1),
            effective_to=EVE,
        )


def apart_policy() -> PolicyDocument:
    """The grant of a county whose code begins like the city's but which is not of the city."""
    return _grant("apart-grant", APART[:2], "开业补贴办法", 99_000, date(2022, 1, 1))


def province_policy() -> PolicyDocument:
    """A rule that all counties of the province see."""
    text = "经营者应当在开业后45日内完成信用承诺。"
    return _policy("province-credit", PROVINCE, "经营者信用承诺规定", text, date(2021, 1, 1))


def _grant(
    source_id: str,
    place: tuple[str, str],
    title: str,
    amount: int,
    begins: date | None,
    **more: object,
) -> PolicyDocument:
    return _policy(source_id, place, title, f"开业补贴标准为每户{amount}元。", begins, **more)


def _policy(
    source_id: str,
    place: tuple[str, str],
    title: str,
    rule: str,
    begins: date | None,
    **more: object,
) -> PolicyDocument:
    code, name = place
    full = f"{name}{title}"
    articles = (
        "第一条　为规范管理，制定本办法。",
        f"第二条　{rule}",
        f"第三条　由{name}负责解释。",
    )
    text = f"{full}\n\n" + "\n".join(articles)
    kept = PolicyDocument(source_id, full, text, region=code, issuer=f"{name}人民政府")
    changes = {"effective_from": begins, "published_on": begins, **more}
    return replace(kept, **changes)  # type: ignore[arg-type]  # the keys are those of the class
