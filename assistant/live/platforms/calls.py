"""Calls of a platform's HTTP API: JSON in, JSON out, errors without addresses or secrets."""

from typing import Any

import httpx

from assistant.live.platforms.supervise import LinkFailed

TIMEOUT = httpx.Timeout(10.0)


async def call(http: httpx.AsyncClient, request: httpx.Request, what: str) -> dict[str, Any]:
    """The JSON object that answers. Raises LinkFailed, whose words begin with `what`."""
    try:
        answer = await http.send(request)
    except httpx.TimeoutException:
        raise LinkFailed(f"{what}：平台没有应答") from None
    except httpx.HTTPError as error:
        raise LinkFailed(f"{what}：网络连接失败（{type(error).__name__}）") from None
    return _object(answer, what)


def _object(answer: httpx.Response, what: str) -> dict[str, Any]:
    try:
        read = answer.json()
    except ValueError:
        raise LinkFailed(f"{what}：平台答复 {answer.status_code}，不是 JSON") from None
    if not isinstance(read, dict):
        raise LinkFailed(f"{what}：平台的答复不是对象")
    if not answer.is_success:
        rest = 30.0 if answer.status_code == 429 else 0.0
        raise LinkFailed(f"{what}：平台答复 {answer.status_code}", rest=rest)
    return read
