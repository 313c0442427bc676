"""`assistant ask`: one answer, from the index or from the server that holds it."""

import asyncio
import json
import time
from typing import Annotated

import typer
from pydantic import ValidationError

from assistant.bootstrap import Settings, open_assistant
from assistant.errors import AssistantError, BadInput, IndexLocked, Unavailable
from assistant.evaluation.results import ResultLine, result_of
from assistant.retrieval.index_lock import holder
from assistant.web.inputs import QuestionIn
from assistant.web.messages import message
from assistant.web.services import today

PATIENCE = 10.0
"""Seconds for which ask waits while another process holds the index and serves nothing."""
_NAMES = {
    "question": "问题",
    "region": "--region",
    "as_of": "--as-of",
    "tags": "--tag",
    "history": "--history",
}
_TITLES = {"answer": "已答复", "clarify": "请选择", "review": "已转人工", "refuse": "不便答复"}
_COLOURS = {"answer": "green", "clarify": "yellow", "review": "magenta", "refuse": "red"}


def ask(
    question: Annotated[str, typer.Argument(help="The question, as a viewer would type it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
    region: Annotated[str | None, typer.Option(help="Region code of the viewer.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Day on which it is asked, YYYY-MM-DD.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only sources with this tag.")] = None,
    history: Annotated[list[str] | None, typer.Option(help="An earlier question.")] = None,
) -> None:
    """Answer one question."""
    settings = Settings()
    asked = checked(
        question=question,
        region=region or settings.region,
        as_of=as_of,
        tags=tag or [],
        history=history or [],
    )
    line = asyncio.run(answered(settings, asked))
    if as_json:
        typer.echo(line.model_dump_json())
    else:
        show(line, asked.question)


def checked(**fields: object) -> QuestionIn:
    """The question, under the same limits as over HTTP.

    Raises:
        BadInput: says what is wrong.
    """
    try:
        return QuestionIn.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = _NAMES.get(str(first["loc"][0]), "输入")
        raise BadInput(f"{name}：{message(first)}") from error


async def answered(settings: Settings, asked: QuestionIn) -> ResultLine:
    """The answer from the index, or from the process that holds it.

    Raises:
        IndexLocked: another process holds the index, serves nothing, and does not end soon.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return await _here(settings, asked)
        except IndexLocked:
            line = await _there(settings, asked)
            if line is not None:
                return line
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.3)


async def _here(settings: Settings, asked: QuestionIn) -> ResultLine:
    async with open_assistant(settings) as assistant:
        outcome = await assistant.answer(asked.question_on(today(assistant.clock)))
        return result_of(await assistant.outcomes.record(outcome), outcome)


async def _there(settings: Settings, asked: QuestionIn) -> ResultLine | None:
    """The answer of the server that holds the index; None where none listens."""
    held = holder(settings.data_dir / "index")
    if held is None or held.url is None:
        return None
    import httpx

    body = asked.model_dump(mode="json")
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            reply = await client.post(f"{held.url}/api/v1/questions", json=body)
    except httpx.ConnectError:
        return None
    except httpx.HTTPError as error:
        raise Unavailable(f"服务 {held.url} 没有答复", hint=type(error).__name__) from error
    return _line(reply.json()) if reply.is_success else _refused(reply.json())


def _line(reply: dict[str, object]) -> ResultLine:
    """The reply without what the line of a test case does not have."""
    known = {name: reply[name] for name in ResultLine.model_fields}
    citations = reply["citations"]
    assert isinstance(citations, list)
    keys = ("source_id", "locator", "quote")
    known["citations"] = [{key: citation[key] for key in keys} for citation in citations]
    return ResultLine.model_validate_json(json.dumps(known))


def _refused(problem: dict[str, object]) -> ResultLine:
    raise AssistantError(str(problem.get("detail", "服务没有答复")))


def show(line: ResultLine, question: str) -> None:
    """The answer for people: what is shown, its quotes, and why."""
    from rich.console import Console, Group
    from rich.panel import Panel
    from rich.text import Text

    parts = [Text(line.answer), Text("")]
    for number, citation in enumerate(line.citations, start=1):
        parts.append(Text(f"[{number}] {citation.source_id}　{citation.locator}", style="cyan"))
        parts.append(Text(f"    {citation.quote}", style="dim"))
    parts.append(Text("；".join(line.reasons), style="italic"))
    title = f"{_TITLES[line.action]}　{question[:40]}"
    about = f"把握 {line.confidence:.0%}　{line.latency_ms:.0f} 毫秒"
    Console().print(
        Panel(
            Group(*parts),
            title=Text(title),
            subtitle=Text(about),
            border_style=_COLOURS[line.action],
        )
    )
