"""Every route of an app with what it demands, read from the routes themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

PUBLIC, STAFF = "public", "staff"
"""Nobody must be logged in; anybody who is, whatever their role."""


@dataclass(frozen=True, order=True)
class Way:
    """One method of one path, and the right that it demands."""

    path: str
    method: str
    demands: str


def ways(app: FastAPI) -> list[Way]:
    """All HTTP routes of the app, those in no OpenAPI document too."""
    return sorted(
        Way(route.path, method, _demands(route.dependant))
        for route in _routes(app.routes)
        if isinstance(route, APIRoute)
        for method in route.methods - {"HEAD", "OPTIONS"}
    )


def documented(app: FastAPI) -> set[tuple[str, str]]:
    """(method, path) of the OpenAPI document; a path parameter's converter is left out there."""
    return {
        (method.upper(), path) for path, item in app.openapi()["paths"].items() for method in item
    }


def _routes(routes: Any) -> Iterator[Any]:
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is None:
            yield route
        else:
            yield from _routes(router.routes)


def _demands(dependant: Dependant) -> str:
    found = [*_found(dependant)]
    return found[0] if found else PUBLIC


def _found(dependant: Dependant) -> Iterator[str]:
    for one in dependant.dependencies:
        permission = getattr(one.call, "permission", None)
        if permission is not None:
            yield str(permission)
        elif getattr(one.call, "__name__", "") == "entered":
            yield STAFF
        yield from _found(one)
