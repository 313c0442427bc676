"""A reviewer at work while the stream is on: approves drafts, which the stage then says."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class Approved:
    """A decision: its question, and when the desk was told (Unix seconds)."""

    question_id: str
    at: float


async def approve(url: str, token: str, wanted: int, quiet: Any) -> list[Approved]:
    """Approve so many drafts, each once `quiet()` returns: nothing is said."""
    key = {"Authorization": f"Bearer {token}"}
    done: list[Approved] = []
    api = f"{url}/api/v1/review"
    async with httpx.AsyncClient(base_url=api, headers=key, trust_env=False, timeout=20) as http:
        rows = (await http.get("/queue")).raise_for_status().json()["rows"]
        for row in rows:
            if len(done) == wanted:
                break
            case = (await http.post(f"/cases/{row['case_id']}/take")).raise_for_status().json()
            if not case["draft"] or case["confirms"]:
                await http.post(f"/cases/{row['case_id']}/release", json={"token": case["token"]})
                continue
            await quiet()
            order = {"token": case["token"], "kind": "approve", "at_once": True}
            began = time.time()
            answer = await http.post(f"/cases/{row['case_id']}/settle", json=order)
            if answer.is_success:
                done.append(Approved(row["question_id"], began))
                await asyncio.sleep(5.0)
    return done
