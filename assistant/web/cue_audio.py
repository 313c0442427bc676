"""`/api/v1/cues/{id}/audio`: what was said on air, to be heard again by who may see the 台账."""

import asyncio

from fastapi import APIRouter, Request, Response

from assistant.access.accounts import Permission, may_at
from assistant.errors import NotFound
from assistant.voice.whole import whole
from assistant.web.console.replay import replay_of
from assistant.web.ledger_in import SeeingLedger
from assistant.web.live.house import room_of
from assistant.web.openapi import PROBLEMS

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)


@router.get(
    "/cues/{cue_id}/audio",
    summary="重听播出的语音",
    response_class=Response,
    responses={200: {"content": {"audio/wav": {}}}},
)
async def cue_audio(request: Request, cue_id: str, account: SeeingLedger) -> Response:
    """The sentences that were heard, with their voice of then, as one WAV file."""
    cue = await replay_of(request).reads.cue(cue_id)
    here = request.app.state.running.assistant
    if cue is None or here.said is None:
        raise NotFound("没有这段播出")
    room = await room_of(request, cue.room_id)
    if not may_at(account, Permission.SEE_LEDGER, room.region, here.regions):
        raise NotFound("没有这段播出")
    producer = here.settings.aigc_producer
    sound = await asyncio.to_thread(whole, here.said, cue.session_id, cue.id, producer)
    if sound is None:
        raise NotFound("没有保存这段语音", hint="当时只有字幕，或已超过保存期限")
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "private, no-cache"})
