"""All routes of the review desk."""

from fastapi import FastAPI

from assistant.web.review import api, learned, pages, workdays


def include_review(app: FastAPI) -> None:
    """Add them to the app."""
    routers = (api.router, learned.api, workdays.api)
    for router in (*routers, pages.router, learned.pages, workdays.pages):
        app.include_router(router)
