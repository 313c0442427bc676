"""FastAPI app: routes, pages, static files."""
