"""What all jobs of the studio share: taken up under a lease, brought to an end, followed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import structlog

from assistant.domain.clock import Clock
from assistant.domain.studio_flow import OVER, JobState
from assistant.errors import AssistantError, BadInput, Conflict
from assistant.records.studio_jobs import Held, Job, JobRecords

log = structlog.get_logger()
LEASE = timedelta(seconds=120)
"""Longer than templates take for the longest stream, or a clip to be filmed; each part of a job
begins it anew."""
TRIES = 3
"""So often a job is taken up that nobody brought to an end."""
LOOK = 0.4
"""Seconds between two looks at how far a job is."""
Pause = Callable[[float], Awaitable[object]]


async def work_on_one(
    jobs: JobRecords[Job], clock: Clock, work: Callable[[Held[Job]], Awaitable[None]], failed: str
) -> bool:
    """Work on the oldest job that waits; whether there was one. `failed` says that it went wrong.

    What breaks is taken up again when its lease is over, a few times; what a stop of the service
    ends, as soon as it runs again.
    """
    held = await jobs.take(clock() + LEASE)
    if held is None:
        return False
    try:
        await work(held)
    except asyncio.CancelledError:
        await jobs.release(held)
        raise
    except Conflict:
        log.info("studio_job_lost", job=held.job.id)
    except BadInput as error:
        await _fail(jobs, clock, held, error.message)
    except Exception as error:
        log.exception("studio_job_failed", job=held.job.id, kind=type(error).__name__)
        if held.job.tries >= TRIES:
            told = error.message if isinstance(error, AssistantError) else failed
            await _fail(jobs, clock, held, told)
    return True


async def _fail(jobs: JobRecords[Job], clock: Clock, held: Held[Job], says: str) -> None:
    job = replace(held.job, state=JobState.FAILED, says=says, ended_at=clock())
    await jobs.end(replace(held, job=job))


async def followed(look: Callable[[], Awaitable[Job]], pause: Pause) -> AsyncIterator[Job]:
    """A job each time that it went on, until it is over."""
    last = None
    while True:
        job = await look()
        if job != last:
            yield job
        if job.state in OVER:
            return
        last = job
        await pause(LOOK)
