"""`POST /api/v1/sources`: a file into the knowledge base, from who may edit it.

What is in the knowledge base is said on air: to edit it is to approve.
"""

import asyncio
import re
import shutil
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Depends, Request, UploadFile
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant.access.accounts import Account, Permission
from assistant.errors import BadInput
from assistant.web.access.session import access_of, require
from assistant.web.inputs import cleaned
from assistant.web.openapi import PROBLEMS
from assistant.web.services import IngestRow
from assistant.web.state import Here, Running

UPLOAD_PATH = "/api/v1/sources"
LARGEST_UPLOAD = 32 * 1024 * 1024
_LONGEST_NAME = 200  # bytes; file systems allow 255
_UNSAFE = re.compile(r'[<>:"/\\|?*\s]+')

router = APIRouter(responses=PROBLEMS, tags=["knowledge"])
editing = require(Permission.EDIT_KNOWLEDGE)
Editing = Annotated[Account, Depends(editing)]


class IngestedOut(BaseModel):
    """What became of an uploaded file."""

    status: str = Field(description="created, changed, unchanged …")
    source_ids: tuple[str, ...]
    message: str


@router.post(UPLOAD_PATH, summary="导入一份资料")
async def upload(
    request: Request, here: Here, file: UploadFile, account: Editing
) -> tuple[IngestedOut, ...]:
    """Read a file into the knowledge base. The same name again is a new version."""
    return await taken_in(request, here, file, account)


async def taken_in(
    request: Request, here: Running, file: UploadFile, account: Account
) -> tuple[IngestedOut, ...]:
    """The file in the knowledge base, and in the audit chain who put it there."""
    if here.options.uploads is None:
        raise HTTPException(403)
    path = here.options.uploads / file_name(file.filename)
    await asyncio.to_thread(_save, file.file, path)
    rows = tuple(_row(row) for row in (await here.assistant.ingest([path])).rows)
    await _record(request, account, path.name, rows)
    return rows


async def _record(
    request: Request, account: Account, name: str, rows: tuple[IngestedOut, ...]
) -> None:
    told = [row.model_dump(exclude={"message"}) for row in rows]
    await access_of(request).audit.record(account.id, "knowledge.upload", name, {"rows": told})


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
