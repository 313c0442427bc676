"""`POST /api/v1/sources`: a file into the knowledge base, from this machine only.

There are no accounts yet, so the route exists only where the service is bound to loopback, and
refuses what a foreign web page could send through the browser of this machine.
"""

import asyncio
import re
import shutil
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, UploadFile
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant.errors import BadInput
from assistant.web.inputs import cleaned
from assistant.web.openapi import PROBLEMS
from assistant.web.services import IngestRow
from assistant.web.state import Here

UPLOAD_PATH = "/api/v1/sources"
LARGEST_UPLOAD = 32 * 1024 * 1024
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_LONGEST_NAME = 200  # bytes; file systems allow 255
_UNSAFE = re.compile(r'[<>:"/\\|?*\s]+')

router = APIRouter(responses=PROBLEMS, tags=["knowledge"])


class IngestedOut(BaseModel):
    """What became of an uploaded file."""

    status: str = Field(description="created, changed, unchanged …")
    source_ids: tuple[str, ...]
    message: str


@router.post(UPLOAD_PATH, summary="导入一份资料")
async def upload(request: Request, here: Here, file: UploadFile) -> tuple[IngestedOut, ...]:
    """Read a file into the knowledge base. The same name again is a new version."""
    folder = here.options.uploads
    if folder is None or not from_here(request):
        raise HTTPException(403)
    path = folder / file_name(file.filename)
    await asyncio.to_thread(_save, file.file, path)
    report = await here.assistant.ingest([path])
    return tuple(_row(row) for row in report.rows)


def from_here(request: Request) -> bool:
    """Whether a program or page of this machine asks, under this machine's own name."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    origin = request.headers.get("origin")
    own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    site = request.headers.get("sec-fetch-site", "none")
    return host in _LOOPBACK and own and site in {"none", "same-origin"}


def file_name(given: str | None) -> str:
    """The plain name of an uploaded file, without folders.

    Raises:
        BadInput: nothing of it can be used.
    """
    plain = PureWindowsPath(PurePosixPath(cleaned(given or "")).name).name
    safe = _UNSAFE.sub("_", plain).strip("._")
    if not Path(safe).stem or not Path(safe).suffix:
        raise BadInput("文件名无效", hint="需要带扩展名的文件名，例如 办法.docx")
    return safe.encode()[-_LONGEST_NAME:].decode(errors="ignore").lstrip("._")


def _save(file: BinaryIO, path: Path) -> None:
    """Write beside, then replace: a broken upload leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as out:
        shutil.copyfileobj(file, out)
    draft.replace(path)


def _row(row: IngestRow) -> IngestedOut:
    return IngestedOut(
        status=str(row.status), source_ids=tuple(row.source_ids), message=str(row.message)
    )
