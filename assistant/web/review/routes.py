"""All routes of the review desk."""

from fastapi import FastAPI

from assistant.web.review import api, pages


def include_review(app: FastAPI) -> None:
    """Add them to the app."""
    for router in (api.router, pages.router):
        app.include_router(router)
