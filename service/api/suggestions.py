"""What the history suggests about the playbook and recorded labels, and a lead's word about it."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from service.api.access import ForAdmin, ForReview, TheDesk, account_for
from service.api.bodies import as_json, body_of, body_schema
from service.api.examples import SETTLEMENT, SUGGESTING
from service.api.messages import Person
from service.api.problems import Problem
from service.desk.learning.suggestions import Settled
from service.domain.limits import MAX_ID_CHARS
from service.domain.suggestion import SuggestionEntry, SuggestionKind, SuggestionList, SuggestionState
from service.domain.value import Value

router = APIRouter(prefix="/v1/suggestions", tags=["learning"])

SuggestionId = Annotated[str, Path(max_length=MAX_ID_CHARS, description="the id of one of the list")]
MOST_DAYS = 3_650
SETTLED: dict[int | str, dict[str, object]] = {
    404: {"model": Problem, "description": "no such suggestion"},
    409: {"model": Problem, "description": "it was settled otherwise, or the playbook is another one by now"},
}


class SuggestionListing(BaseModel):
    """Query parameters of the list."""

    model_config = ConfigDict(extra="forbid")

    account: str | None = None
    kind: SuggestionKind | None = None
    state: SuggestionState = "open"


class Suggest(Value):
    """Whose corrections are looked at: those of the last `days`, or, where it is null, all that the voters miss."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] | None = 7


class Settlement(Value):
    """A lead's word: `accepted` or `refused`; of a label `kept` or `changed`, to `queue` where that is not the one
    suggested. `activate` puts the playbook with an accepted keyword in force."""

    decision: Settled
    by: Person
    queue: Person | None = None
    activate: bool = False


@router.get("", response_model=SuggestionList, summary="What was last suggested, the best of each kind first")
async def listed(key: ForReview, desk: TheDesk, asked: Annotated[SuggestionListing, Query()]) -> Response:
    account = await desk.account(account_for(key, asked.account))
    return as_json(SuggestionList(items=tuple(await desk.suggestions.list(account, asked.kind, asked.state))))


@router.post(
    "",
    response_model=SuggestionList,
    openapi_extra=body_schema(Suggest, SUGGESTING),
    summary="Look for suggestions anew",
)
async def suggest(
    key: ForAdmin, desk: TheDesk, wanted: Annotated[Suggest, Depends(body_of(Suggest))], account: str | None = None
) -> Response:
    """Takes some seconds for a thousand confirmed messages. What was decided does not come back."""
    named = await desk.account(account_for(key, account))
    since = timedelta(days=wanted.days) if wanted.days is not None else None
    return as_json(SuggestionList(items=tuple(await desk.suggestions.make(named, since))))


@router.put(
    "/{suggestion_id}/decision",
    response_model=SuggestionEntry,
    responses=SETTLED,
    openapi_extra=body_schema(Settlement, SETTLEMENT),
    summary="Accept or refuse a suggestion; keep or change a label",
)
async def settle(
    key: ForAdmin,
    desk: TheDesk,
    suggestion_id: SuggestionId,
    said: Annotated[Settlement, Depends(body_of(Settlement))],
    account: str | None = None,
) -> Response:
    """An accepted keyword makes a new version of the playbook, which is in force only where `activate` says so."""
    named = await desk.account(account_for(key, account))
    entry = await desk.suggestions.settle(named, suggestion_id, said.decision, said.by, said.queue, said.activate)
    if said.activate and entry.playbook_version is not None:
        await desk.learning.want(named, said.by)
        desk.refitter.wake()
        desk.shelf.forget()
    return as_json(entry)
