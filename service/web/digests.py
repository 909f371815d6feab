"""Digests by day and week, for those who lead: what came and what waits, as it was kept."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from service.domain.digest import Span
from service.web.account import seen_accounts
from service.web.guard import desk_of
from service.web.numbers import Numbers
from service.web.pages import page, words_of

router = APIRouter()


@router.get("/oversight/digests")
async def digests(request: Request, account: str = "", span: Annotated[Span, Query()] = "day") -> Response:
    """Of the account that is asked for, or the first that this person sees."""
    desk, words = desk_of(request), words_of(request)
    accounts = await seen_accounts(request)
    chosen = account or next(iter(accounts), "")
    known = chosen in accounts
    return page(
        request,
        "digests.html",
        200 if known or not account else 422,
        digests=await desk.digests.list(chosen, span) if known else (),
        told=[] if known or not account else [words("problem.no_such_account")],
        accounts=accounts,
        account=chosen,
        span=span,
        say=Numbers(words),
    )
