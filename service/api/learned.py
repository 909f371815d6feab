"""Versions of the learned voters: listed, brought back, fitted anew."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response, status
from pydantic import AwareDatetime, StringConstraints

from service.api.access import ForAdmin, ForReview, TheDesk, account_for
from service.api.bodies import as_json, body_of, body_schema
from service.api.examples import ACTIVATION, REFIT
from service.api.messages import Person
from service.api.problems import Problem
from service.domain.limits import MAX_ID_CHARS
from service.domain.value import Value
from service.wiring import Desk

router = APIRouter(prefix="/v1/learned", tags=["learning"])

CHOSEN: dict[int | str, dict[str, object]] = {
    404: {"model": Problem, "description": "no such version"},
    409: {"model": Problem, "description": "it was learned for other queues"},
}


class LearnedVersion(Value):
    """`metrics` say how it did: on messages that its twins had not seen, and against the version before."""

    version: str
    created_at: AwareDatetime
    active: bool
    playbook_version: str
    metrics: dict[str, Any]


class LearnedList(Value):
    """`waiting`: changes of what is confirmed that no version has seen. `held_by` keeps the one in force until
    somebody asks for a refit. `last_refit` is what came of the last one, and `failing` whether it failed."""

    account: str
    items: list[LearnedVersion]
    waiting: int
    held_by: str | None
    last_refit: str
    failing: bool


class Activation(Value):
    """The version to bring back."""

    version: Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_CHARS)]
    by: Person


class Refit(Value):
    """Who wants it."""

    by: Person


@router.get("", response_model=LearnedList, summary="Every version of the learned voters, newest first")
async def learned(key: ForReview, desk: TheDesk, account: str | None = None) -> Response:
    return as_json(await _listed(desk, await desk.account(account_for(key, account))))


@router.put(
    "/active",
    response_model=LearnedList,
    responses=CHOSEN,
    openapi_extra=body_schema(Activation, ACTIVATION),
    summary="Bring a version back, and hold it",
)
async def activate(
    key: ForAdmin,
    desk: TheDesk,
    wanted: Annotated[Activation, Depends(body_of(Activation))],
    account: str | None = None,
) -> Response:
    """It stays in force, whatever is corrected, until somebody asks for a refit."""
    named = await desk.account(account_for(key, account))
    await desk.learning.activate(named, wanted.version, wanted.by)
    desk.shelf.forget()
    return as_json(await _listed(desk, named))


@router.post(
    "/refits",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=LearnedList,
    openapi_extra=body_schema(Refit, REFIT),
    summary="Ask for a refit now; it ends a hold",
)
async def refit(
    key: ForAdmin, desk: TheDesk, wanted: Annotated[Refit, Depends(body_of(Refit))], account: str | None = None
) -> Response:
    """It is done in the background, and goes live unless it does worse on confirmed messages."""
    named = await desk.account(account_for(key, account))
    await desk.learning.want(named, wanted.by)
    desk.refitter.wake()
    return Response(
        (await _listed(desk, named)).model_dump_json(), status.HTTP_202_ACCEPTED, media_type="application/json"
    )


async def _listed(desk: Desk, account: str) -> LearnedList:
    state = await desk.learning.state(account)
    versions = await desk.learning.list(account)
    return LearnedList(
        account=account,
        items=[
            LearnedVersion(
                version=one.version,
                created_at=one.created_at,
                active=one.active,
                playbook_version=one.playbook_version,
                metrics=one.metrics,
            )
            for one in versions
        ],
        waiting=state.changes,
        held_by=state.held_by,
        last_refit=state.outcome,
        failing=bool(state.failures),
    )
