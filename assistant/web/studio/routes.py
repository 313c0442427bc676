"""All routes of the studio."""

from fastapi import FastAPI

from assistant.web.studio import (
    api,
    clips,
    clips_page,
    files,
    films,
    jobs,
    pages,
    schedule,
    steps,
    templates,
    templates_api,
)

API = (api, steps, jobs, films, files, clips, templates_api)
PAGES = (pages, schedule, templates, clips_page)


def include_studio(app: FastAPI) -> None:
    """Add them to the app."""
    for one in (*API, *PAGES):
        app.include_router(one.router)
