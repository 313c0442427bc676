"""Staff type or paste comments, one a line."""

import asyncio
from itertools import count

import pytest

from assistant.errors import BadInput, Unavailable
from assistant.live.platforms.console import Console
from tests.support.platforms import ManualClock, Recorder, settled

pytestmark = pytest.mark.unit


@pytest.fixture
def console() -> Console:
    numbers = count(1)
    return Console(ManualClock(), lambda: f"id{next(numbers)}")


async def entered(console: Console, *texts: str, paste_id: str = "") -> Recorder:
    receive = Recorder()
    task = asyncio.create_task(console.run(receive))
    await settled()
    try:
        for text in texts:
            await console.enter(text, paste_id)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return receive


async def test_each_line_is_the_comment_of_another_viewer(console: Console) -> None:
    receive = await entered(console, "问一\n\n  问二  \r\n问三\n")
    assert receive.texts == ["问一", "问二", "问三"]
    assert len({event.user.id for event in receive.events}) == 3
    assert receive.calls == 1


async def test_the_same_text_typed_twice_is_two_comments(console: Console) -> None:
    assert (await entered(console, "问", "问")).texts == ["问", "问"]


async def test_the_same_paste_sent_twice_is_one(console: Console) -> None:
    assert (await entered(console, "一\n二", "一\n二", paste_id="p")).texts == ["一", "二"]


@pytest.mark.parametrize(
    ("text", "paste_id", "said"),
    [
        (" \n ", "", "请输入评论"),
        ("问\n" * 501, "", "最多 500 行"),
        ("短\n" + "长" * 2001, "", "第 2 条"),
        ("问", "a b", "粘贴编号"),
    ],
)
async def test_what_cannot_be_taken_is_named(
    console: Console, text: str, paste_id: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        await entered(console, text, paste_id=paste_id)


async def test_a_closed_room_takes_nothing(console: Console) -> None:
    with pytest.raises(Unavailable):
        await console.enter("问")
