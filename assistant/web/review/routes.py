"""All routes of the review desk."""

from fastapi import FastAPI

from assistant.web.review import api, pages, workdays


def include_review(app: FastAPI) -> None:
    """Add them to the app."""
    routers = (api.router, workdays.api)
    for router in (*routers, pages.router, workdays.pages):
        app.include_router(router)
