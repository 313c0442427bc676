"""All routes of the review desk."""

from fastapi import FastAPI

from assistant.web.review import api, incidents, learned, pages, statistics, workdays


def include_review(app: FastAPI) -> None:
    """Add them to the app."""
    routers = (api.router, incidents.api, learned.api, statistics.api, workdays.api)
    shown = (pages.router, incidents.pages, learned.pages, statistics.pages, workdays.pages)
    for router in (*routers, *shown):
        app.include_router(router)
