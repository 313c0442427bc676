"""How errors are written into the OpenAPI document."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from assistant.web.problems import MEDIA_TYPE

_REFERENCE = {"schema": {"$ref": "#/components/schemas/Problem"}}

PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {"description": "出错（RFC 9457）", "content": {MEDIA_TYPE: _REFERENCE}}
}
"""Every error of every route is a problem."""

_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "error": {"type": "object", "description": "the same for clients in OpenAI's style"},
    },
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document with the problem's schema; made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = _PROBLEM
        app.openapi_schema = document
    return app.openapi_schema
