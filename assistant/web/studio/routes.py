"""All routes of the studio."""

from fastapi import FastAPI

from assistant.web.studio import (
    api,
    files,
    jobs,
    pages,
    schedule,
    steps,
    templates,
    templates_api,
)


def include_studio(app: FastAPI) -> None:
    """Add them to the app."""
    for router in (api.router, steps.router, jobs.router, files.router, templates_api.router):
        app.include_router(router)
    for router in (pages.router, schedule.router, templates.router):
        app.include_router(router)
