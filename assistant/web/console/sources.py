"""Adding a source by hand: what the morning's report found missing goes in here."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, UploadFile

from assistant.errors import AssistantError, BadInput
from assistant.web.access.pages import staff_page
from assistant.web.problems import of_error
from assistant.web.state import Here
from assistant.web.uploads import LARGEST_UPLOAD, Editing, IngestedOut, taken_in

ADD_PATH = "/console/sources/new"
STATUS = {
    "created": "已加入",
    "changed": "已更新为新版本",
    "unchanged": "内容没有变化",
    "retired": "已停用",
    "skipped": "没有导入",
    "failed": "没有导入",
}

router = APIRouter(include_in_schema=False)
About = Annotated[str, Query(max_length=200)]


@router.get(ADD_PATH)
async def add_page(request: Request, account: Editing, about: About = "") -> Response:
    """The form; `about` is the topic that lacks a source."""
    del account  # their right is all that matters
    return await _page(request, about)


@router.post(ADD_PATH)
async def add(
    request: Request, here: Here, account: Editing, file: UploadFile, about: About = ""
) -> Response:
    """Read the file; what became of it is told on the same page."""
    try:
        if not file.filename:
            raise BadInput("请先选一个文件")
        return await _page(request, about, rows=await taken_in(request, here, file, account))
    except AssistantError as error:
        return await _page(request, about, error=error)


async def _page(
    request: Request,
    about: str,
    rows: tuple[IngestedOut, ...] = (),
    error: AssistantError | None = None,
) -> Response:
    problem = of_error(error) if error else None
    context = {
        "about": about,
        "rows": rows,
        "statuses": STATUS,
        "fault": str(error) if error else "",
        "largest": LARGEST_UPLOAD // 1024 // 1024,
    }
    status = problem.status if problem else 200
    return await staff_page(request, "console/source_new.html", context, status)
