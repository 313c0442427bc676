"""`/health`, `/ready` and `/metrics`: for operators and for what watches the service."""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Response

from assistant.errors import Unavailable
from assistant.push.board import PushBoard
from assistant.web.openapi import PROBLEMS
from assistant.web.state import Here, Running

router = APIRouter(tags=["operations"], responses=PROBLEMS)


@router.get("/health", summary="各部分的状态")
async def health(here: Here) -> dict[str, Any]:
    """`ok` or `degraded`, and why. Always 200 while the process can answer at all."""
    following = here.refresh
    index = _plain(await here.assistant.index.status())
    degraded = ["index_refresh"] if following.error else []
    if here.leaving.is_set():
        degraded.append("leaving")
    if not here.assistant.index.headers:
        degraded.append("knowledge")
    voice = here.assistant.voice
    engines = voice.states() if voice else []
    verdict = here.assistant.verdict
    degraded += verdict.degraded() if verdict else []
    proposals = getattr(here.assistant, "proposals", None)
    degraded += proposals.degraded() if proposals else []
    pushes: PushBoard | None = getattr(here.assistant, "pushes", None)
    degraded += pushes.degraded() if pushes else []
    unwell = getattr(here.assistant, "unwell", None)
    degraded += unwell() if unwell else []
    degraded += [f"voice_{one['engine']}" for one in engines if one["state"] == "resting"]
    return {
        "status": "degraded" if degraded else "ok",
        "degraded": degraded,
        "parts": dict(here.options.parts or {}),
        "index": index,
        "voice": engines,
        "push": _pushes(pushes) if pushes else {},
        "verdict": verdict.state() if verdict else {},
        "lay_proposals": proposals.state() if proposals else {},
        "index_refresh": dataclasses.asdict(following),
        "sources": len(here.assistant.index.headers),
    }


@router.get("/ready", summary="是否可以接受提问")
async def ready(here: Here) -> dict[str, str]:
    """Ready when the knowledge is open and holds something to answer from, until it is to end."""
    if here.leaving.is_set():
        raise Unavailable("服务正在停止", hint="请稍后再试")
    if not here.assistant.index.headers:
        raise Unavailable("知识库是空的", hint="请先运行 assistant ingest")
    return {"status": "ready"}


@router.get("/metrics", summary="Prometheus 指标", response_class=Response)
async def metrics(here: Here) -> Response:
    """Counters and histograms."""
    text = _metrics_text(here)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _pushes(board: PushBoard) -> dict[str, Any]:
    """Each room's stream; addresses of targets are the operator's own business."""
    found: dict[str, Any] = {}
    for room_id in board.rooms:
        report = board.report(room_id)
        if report is None:
            found[room_id] = {"mode": "gone"}
            continue
        targets = {one.name: one.state for one in report.targets}
        found[room_id] = {"mode": report.mode, "rate": report.rate, "targets": targets}
    return found


def _metrics_text(here: Running) -> bytes:
    pushes: PushBoard | None = getattr(here.assistant, "pushes", None)
    if pushes:
        here.metrics.streams({room_id: pushes.report(room_id) for room_id in pushes.rooms})
    return here.metrics.text(len(here.assistant.index.headers))


def _plain(value: object) -> Any:
    """Whatever a status holds, as JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain(dataclasses.asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
