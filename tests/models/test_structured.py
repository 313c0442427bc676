"""Objects from endpoints that can less than they say, answer brokenly, or think aloud."""

import pytest
from pydantic import BaseModel

from assistant.errors import ModelFailed
from assistant.models.chat import Message, OpenAIChat
from assistant.models.structured import Rung, Structured, balanced, parsed
from tests.models.openai_server import Respond, fails, openai_server, says

pytestmark = pytest.mark.integration
REFUSES = fails("400 Bad Request")
OK = says('{"ok": true}')


class Animal(BaseModel):
    name: str
    legs: int


async def _asked(*script: Respond) -> tuple[Animal, Structured, list[dict]]:
    async with openai_server(*script) as server:
        chat = OpenAIChat("m", base_url=server.url)
        model = Structured(chat, seconds=5)
        try:
            animal = await model.ask([Message("user", "json please")], Animal)
        finally:
            await chat.close()
        return animal, model, server.requests


async def test_the_best_form_is_used_and_probed_once() -> None:
    animal, model, requests = await _asked(OK, says('{"name": "cat", "legs": 4}'))
    assert animal == Animal(name="cat", legs=4)
    assert model.rung is Rung.SCHEMA
    assert [r["response_format"]["type"] for r in requests] == ["json_schema"] * 2


async def test_a_refused_form_steps_down() -> None:
    good = says('{"name": "cat", "legs": 4}')
    _, model, requests = await _asked(REFUSES, OK, good)
    assert model.rung is Rung.OBJECT
    assert requests[-1]["response_format"] == {"type": "json_object"}
    _, model, requests = await _asked(REFUSES, REFUSES, good)
    assert model.rung is Rung.TEXT
    assert "response_format" not in requests[-1]


async def test_a_form_that_is_taken_but_ignored_steps_down() -> None:
    _, model, _ = await _asked(says("sure!"), OK, says('{"name": "cat", "legs": 4}'))
    assert model.rung is Rung.OBJECT


async def test_a_form_that_fails_for_the_real_schema_steps_down() -> None:
    animal, model, _ = await _asked(OK, REFUSES, says('{"name": "cat", "legs": 4}'))
    assert animal.legs == 4
    assert model.rung is Rung.OBJECT


@pytest.mark.parametrize(
    "reply",
    [
        '<think>{"name": "dog", "legs": 3}</think>{"name": "cat", "legs": 4}',
        'Here you are:\n```json\n{"name": "cat", "legs": 4}\n```\nBye {x}',
        "{'name': 'cat', 'legs': 4,}",
        '{"name": "cat", "legs": 4',
    ],
)
async def test_a_broken_reply_is_mended(reply: str) -> None:
    animal, _, _ = await _asked(OK, says(reply))
    assert animal == Animal(name="cat", legs=4)


async def test_one_more_turn_names_what_is_wrong() -> None:
    animal, _, requests = await _asked(
        OK, says('{"name": "cat"}'), says('{"name": "c", "legs": 4}')
    )
    assert animal.name == "c"
    assert "legs" in requests[-1]["messages"][-1]["content"]


@pytest.mark.parametrize(
    "script",
    [
        (OK, says("no"), says("no")),
        (OK, says('{"name": "cat", "legs"', "length")),
        (OK, says("")),
        (OK, fails()),
    ],
)
async def test_where_the_ladder_ends_it_fails(script: tuple[Respond, ...]) -> None:
    with pytest.raises(ModelFailed):
        await _asked(*script)


def test_braces_inside_words_do_not_count() -> None:
    assert balanced('x {"a": "}{\\"", "b": {}} y') == '{"a": "}{\\"", "b": {}}'
    with pytest.raises(ValueError, match="JSON"):
        parsed("nothing", Animal)
