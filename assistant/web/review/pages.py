"""The pages of the review desk."""

from fastapi import APIRouter, Request, Response

from assistant.web.access.pages import staff_page
from assistant.web.review.access import Approving

router = APIRouter(prefix="/console/review", include_in_schema=False)


@router.get("")
async def desk_page(request: Request, account: Approving) -> Response:
    """The queue and the case that is open; its script reads the API."""
    del account  # their right is all that matters
    return await staff_page(request, "console/review.html")
