"""All routes of the live rooms."""

from fastapi import FastAPI

from assistant.web.live import push, pushes, stage, viewers


def include_live(app: FastAPI) -> None:
    """Add them to the app."""
    for router in (stage.router, push.router, viewers.router, pushes.router):
        app.include_router(router)
