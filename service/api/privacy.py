"""The rights of the people who write: what is held about one of them, and its removal. Only for admins."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status
from pydantic import Field, StringConstraints

from service.api.access import ForAdmin, TheDesk, account_for
from service.api.bodies import as_json, body_of, body_schema
from service.api.examples import ERASING
from service.api.messages import Person
from service.domain.limits import MAX_LINE_CHARS
from service.domain.privacy import Erasure, ErasureList, Export, Plan
from service.domain.value import Value

router = APIRouter(prefix="/v1/privacy", tags=["privacy"])

LANGUAGES = ("fr", "en")
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LINE_CHARS)]


class Erasing(Value):
    """Whose data, and by whom it is said. Without `confirm` nothing is removed: the answer is what would be."""

    sender: Address
    by: Person
    account: str | None = None
    also_numbers: Annotated[tuple[Person, ...], Field(strict=False)] = ()
    also_messages: Annotated[tuple[Person, ...], Field(strict=False)] = ()
    keep_counts: bool = True
    confirm: bool = False


class Erased(Value):
    """`plan` where nothing was confirmed, `erasure` where rows were removed; what its `todo` names is done within
    minutes, and seen in the list."""

    plan: Plan | None = None
    erasure: Erasure | None = None


@router.get("/export", response_model=Export, summary="Everything that is held about a person")
async def export(
    key: ForAdmin,
    desk: TheDesk,
    sender: Annotated[Address, Query(description="the address that the person writes from")],
    account: str | None = None,
    also_number: Annotated[list[Person], Query(description="file numbers that are the person's too")] = [],  # noqa: B006
    also_message: Annotated[list[Person], Query(description="ids of messages that are the person's too")] = [],  # noqa: B006
) -> Response:
    """With an explanation of each part in French and English; what is about others is left out."""
    phrases = {language: desk.phrases(language) for language in LANGUAGES}
    named = account_for(key, account)
    return as_json(await desk.privacy.export(sender, key.name, phrases, named, also_number, also_message))


@router.post(
    "/erase",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Erased,
    openapi_extra=body_schema(Erasing, ERASING),
    summary="Remove everything that is held about a person",
)
async def erase(key: ForAdmin, desk: TheDesk, asked: Annotated[Erasing, Depends(body_of(Erasing))]) -> Response:
    """Rows are gone when this answers; voters are fitted anew without them, and the index made anew, after it."""
    named = account_for(key, asked.account)
    if not asked.confirm:
        plan = await desk.privacy.plan(asked.sender, named, asked.also_numbers, also=asked.also_messages)
        return _accepted(Erased(plan=plan))
    done = await desk.privacy.erase(
        asked.sender, asked.by, named, asked.also_numbers, (), asked.keep_counts, asked.also_messages
    )
    desk.metrics.erased("erasure", done.counts.get("messages", 0))
    desk.purger.wake()
    return _accepted(Erased(erasure=done))


@router.get("/erasures", response_model=ErasureList, summary="What was erased and purged; nobody can be read off it")
async def erasures(key: ForAdmin, desk: TheDesk, account: str | None = None) -> Response:
    return as_json(await desk.privacy.records(account_for(key, account)))


def _accepted(said: Erased) -> Response:
    return Response(said.model_dump_json(), status.HTTP_202_ACCEPTED, media_type="application/json")
