"""`assistant ask`: one answer, from the index or from the server that holds it."""

import asyncio
import json
import time
from typing import Annotated

import typer
from pydantic import ValidationError

from assistant.bootstrap import Settings, open_assistant
from assistant.errors import AssistantError, BadInput, IndexLocked, Unavailable
from assistant.evaluation.results import CitationLine, ResultLine
from assistant.retrieval.index_lock import holder
from assistant.web.inputs import QuestionIn
from assistant.web.links import placed
from assistant.web.messages import message
from assistant.web.replies import QuestionOut, question_out, shown_citations
from assistant.web.services import check_region, today

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
    reply = asyncio.run(answered(settings, asked))
    if as_json:
        typer.echo(case_line(reply).model_dump_json())
    else:
        show(reply)


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


async def answered(settings: Settings, asked: QuestionIn) -> QuestionOut:
    """The answer from the index, or from the process that holds it.

    Raises:
        IndexLocked: another process holds the index, serves nothing, and does not end soon.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return await _here(settings, asked)
        except IndexLocked:
            reply = await _there(settings, asked)
            if reply is not None:
                return reply
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.3)


async def _here(settings: Settings, asked: QuestionIn) -> QuestionOut:
    async with open_assistant(settings) as assistant:
        if not assistant.index.headers:
            typer.echo("知识库是空的，请先运行 assistant ingest 导入资料。", err=True)
        check_region(asked.region, assistant)
        outcome = await assistant.answer(asked.question_on(today(assistant.clock)))
        question_id = await assistant.outcomes.record(outcome)
        shown = await placed(shown_citations(outcome), assistant.sources)
        return question_out(question_id, outcome, shown)


async def _there(settings: Settings, asked: QuestionIn) -> QuestionOut | None:
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
    return _read(reply.content) if reply.is_success else _refused(reply.content)


def _read(content: bytes) -> QuestionOut:
    try:
        return QuestionOut.model_validate_json(content)
    except ValidationError as error:
        raise Unavailable("服务的答复读不懂", hint="服务与命令的版本可能不同") from error


def _refused(content: bytes) -> QuestionOut:
    try:
        detail = json.loads(content)["detail"]
    except (ValueError, KeyError, TypeError):
        detail = "服务没有答复"
    raise AssistantError(str(detail))


def case_line(reply: QuestionOut) -> ResultLine:
    """The reply with exactly the keys of a line of `cases.jsonl`."""
    keys = set(ResultLine.model_fields) - {"citations"}
    citations = tuple(
        CitationLine(**citation.model_dump(include=set(CitationLine.model_fields)))
        for citation in reply.citations
    )
    return ResultLine(**{key: getattr(reply, key) for key in keys}, citations=citations)


def show(reply: QuestionOut) -> None:
    """The answer for people: what is shown, its label, its quotes, and why."""
    from rich.console import Console, Group
    from rich.panel import Panel
    from rich.text import Text

    parts = [Text(reply.answer)]
    if reply.ai_label:
        parts.append(Text(f"（{reply.ai_label}）", style="dim"))
    for number, citation in enumerate(reply.citations, start=1):
        document = f"（{citation.document_number}）" if citation.document_number else ""
        name = f"{citation.title or citation.source_id}{document}　{citation.locator}"
        parts.append(Text(f"\n[{number}] {name}", style="cyan"))
        parts.append(Text(citation.quote, style="dim"))
    parts.append(Text("\n" + "；".join(reply.reasons), style="italic"))
    panel = Panel(
        Group(*parts),
        title=Text(f"{_TITLES[reply.action]}　{reply.question[:40]}"),
        subtitle=Text(f"把握 {reply.confidence:.0%}　{reply.latency_ms:.0f} 毫秒"),
        border_style=_COLOURS[reply.action],
    )
    Console().print(panel)
