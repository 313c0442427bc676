"""All routes of the review desk."""

from fastapi import FastAPI

from assistant.web.review import api, learned, pages, statistics, workdays


def include_review(app: FastAPI) -> None:
    """Add them to the app."""
    routers = (api.router, learned.api, statistics.api, workdays.api)
    for router in (*routers, pages.router, learned.pages, statistics.pages, workdays.pages):
        app.include_router(router)
