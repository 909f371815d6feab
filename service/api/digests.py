"""`GET /v1/digests`: what came and what waits, a digest for each day or week that has ended."""

from fastapi import APIRouter, Response

from service.api.access import ForReview, TheDesk, account_for
from service.api.bodies import as_json
from service.domain.digest import DigestList, Span

router = APIRouter(prefix="/v1", tags=["oversight"])


@router.get("/digests", response_model=DigestList, summary="Digests of an account by day or week, newest first")
async def digests(key: ForReview, desk: TheDesk, account: str | None = None, span: Span = "day") -> Response:
    """The last 31 days or 27 weeks, as far as they were made; made within minutes after a day or week in Paris, and
    never changed. Nothing is sent."""
    named = await desk.account(account_for(key, account))
    return as_json(DigestList(items=tuple(await desk.digests.list(named, span))))
