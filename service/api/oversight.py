"""`GET /v1/oversight`: the figures that the page of the same name shows, for a tool that reports."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.api.access import ForReview, TheDesk, account_for
from service.api.bodies import as_json
from service.desk.oversight.report import Asked
from service.domain.oversight import Grain, Oversight

router = APIRouter(prefix="/v1", tags=["oversight"])

From = Annotated[date | None, Query(alias="from", description="the first day, in Paris; without it, 30 days")]
To = Annotated[date | None, Query(description="the last day, inside; without it, today")]


@router.get("/oversight", response_model=Oversight, summary="Figures of an account by day or week")
async def oversight(
    key: ForReview,
    desk: TheDesk,
    account: str | None = None,
    first: From = None,
    to: To = None,
    grain: Grain = "day",
) -> Response:
    """Every figure is defined in docs/oversight.md. Counts only: nobody is named, and erased messages stay counted."""
    named = await desk.account(account_for(key, account))
    return as_json(await desk.workbench.overseeing.report(Asked(named, first, to, grain)))
