"""The app: routes, error handlers, and a lifespan that opens the assistant."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from assistant import __version__
from assistant.domain.question import Question
from assistant.errors import AssistantError
from assistant.web import (
    api,
    cards,
    chat,
    clips,
    cue_audio,
    lay_terms,
    ledger_api,
    operations,
    pages,
    uploads,
)
from assistant.web.access import pages as access_pages
from assistant.web.asking import Asker
from assistant.web.console.routes import include_console
from assistant.web.console.sources import ADD_PATH
from assistant.web.guard import Guard
from assistant.web.live.routes import include_live
from assistant.web.metrics import Metrics
from assistant.web.openapi import describe
from assistant.web.problems import Problem, of_error, of_validation, plain, respond, wants_page
from assistant.web.refresh import RefreshState, following
from assistant.web.review.routes import include_review
from assistant.web.services import AssistantFactory, WebOptions, today
from assistant.web.state import Running
from assistant.web.studio.routes import include_studio
from assistant.web.studio.templates_api import UPLOADS
from assistant.web.uploads import LARGEST_UPLOAD, UPLOAD_PATH

STATIC = Path(__file__).parent / "static"
log = structlog.get_logger()


def create_app(open_assistant: AssistantFactory, options: WebOptions | None = None) -> FastAPI:
    """The app. `open_assistant` is entered when it starts and left when it stops."""
    wanted = options or WebOptions()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_assistant() as assistant:
            if wanted.warm_up:
                await assistant.warm()
                await assistant.answer(Question("预约电话是多少", today(assistant.clock)))
            if wanted.url:
                assistant.index.announce(wanted.url)
            metrics, state = Metrics(), RefreshState()
            asker = Asker(assistant, metrics)
            app.state.running = Running(assistant, asker, metrics, wanted, state)
            async with following(assistant.index, state, metrics, wanted.refresh_seconds):
                yield
            await asker.finish()

    app = FastAPI(
        title="政务服务问答",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    _install(app, wanted)
    return app


def _install(app: FastAPI, options: WebOptions) -> None:
    for router in (api.router, uploads.router, chat.router, operations.router, pages.router):
        app.include_router(router)
    app.include_router(cards.router)
    app.include_router(clips.router)
    app.include_router(ledger_api.router)
    app.include_router(cue_audio.router)
    app.include_router(lay_terms.router)
    app.include_router(access_pages.router)
    include_live(app)
    include_console(app)
    include_review(app)
    include_studio(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(AssistantError, _our_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_middleware(Guard, limit=lambda scope: _limit(scope, options), show=_show)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # FastAPI's documented way


def _limit(scope: Scope, options: WebOptions) -> int:
    """The largest body that is read, in bytes."""
    if scope["method"] != "POST":
        return options.body_bytes
    uploading = scope["path"] in {UPLOAD_PATH, ADD_PATH} and options.uploads
    return LARGEST_UPLOAD if uploading or scope["path"] in UPLOADS else options.body_bytes


async def _our_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AssistantError)
    if (login := access_pages.to_login(request, error)) is not None:
        return login
    problem = of_error(error)
    if problem.status >= 500:
        log.warning("unavailable", kind=type(error).__name__, detail=error.message)
    return _show(request, problem)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return _show(request, of_validation(error.errors()))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _show(request, plain(error.status_code, error.headers))


def _show(request: Request, problem: Problem) -> Response:
    if wants_page(request):
        return pages.problem_page(request, problem)
    return respond(request, problem)
