"""What the audit page says: words for every order of a room, names for regions, nothing hidden."""

from typing import get_args

import pytest

from assistant.web.access.audit_words import action_of, told
from assistant.web.console.orders_in import UNRECORDED, Name
from tests.support.review_office import COUNTY, REGIONS

pytestmark = pytest.mark.unit


def test_every_order_of_a_room_has_words() -> None:
    recorded = [f"room.{name}" for name in get_args(Name) if name not in UNRECORDED]
    assert [one for one in recorded if action_of(one) == one] == []
    assert action_of("new.thing") == "new.thing"


def test_an_account_is_told_in_words() -> None:
    body = (
        '{"disabled": false, "display_name": "孙立", "name": "sun", "note": "",'
        f' "regions": ["{COUNTY}", "1"], "roles": ["reviewer"], "odd": 3}}'
    )
    said = "停用 否；姓名 孙立；登录名 sun；地区 清溪县、1；角色 复核员；odd 3"
    assert told(body, REGIONS) == said
    assert told('{"regions": []}', REGIONS) == "地区 全部"


@pytest.mark.parametrize("body", ["不是 JSON", "[1]", "3"])
def test_what_cannot_be_read_stands_as_it_is(body: str) -> None:
    assert told(body, REGIONS) == body
