"""`POST /v1/drafts/check`: a draft of anybody's, compared with its sources."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from service.api.access import ForTriage, TheDesk, account_for
from service.api.bodies import as_json, body_of, body_schema
from service.api.examples import DRAFT_CHECK
from service.domain.checked import DraftCheck
from service.domain.draft import Draft

router = APIRouter(prefix="/v1/drafts", tags=["drafts"])


@router.post(
    "/check",
    response_model=Draft,
    openapi_extra=body_schema(DraftCheck, DRAFT_CHECK),
    summary="Compare a draft with its sources",
)
async def check(key: ForTriage, desk: TheDesk, asked: Annotated[DraftCheck, Depends(body_of(DraftCheck))]) -> Response:
    """Every fact, promise and condition that no source holds is a finding. Nothing is stored."""
    return as_json(await desk.checking.check(await desk.account(account_for(key, asked.account)), asked))
