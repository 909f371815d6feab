"""Audit samples: what two people who label blind say of the program, for a BI tool."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from service.api.access import ForReview, TheDesk, account_for
from service.api.bodies import as_json
from service.api.problems import Problem
from service.domain.audited import AuditList, AuditReport
from service.domain.limits import MAX_ID_CHARS

router = APIRouter(prefix="/v1/audits", tags=["quality"])


@router.get("", response_model=AuditList, summary="Audit samples of triaged messages, newest first")
async def listed(key: ForReview, desk: TheDesk, account: str | None = None) -> Response:
    named = await desk.account(account_for(key, account))
    samples, _ = await desk.workbench.quality.audits.list(named)
    return as_json(AuditList(items=tuple(samples)))


@router.get(
    "/{audit_id}",
    response_model=AuditReport,
    responses={404: {"model": Problem, "description": "no such audit sample"}},
    summary="What an audit sample says: agreement, true accuracy, each with its interval",
)
async def one(
    key: ForReview, desk: TheDesk, audit_id: Annotated[str, Path(max_length=MAX_ID_CHARS)], account: str | None = None
) -> Response:
    """`provisional` until both readers are done and what they disagreed on is settled."""
    named = account_for(key, account)
    return as_json(await desk.workbench.quality.audits.report(named, audit_id))
