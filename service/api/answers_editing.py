"""Canned answers one by one, for an integrator who keeps them elsewhere: read, written, retired, and their history."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field

from service.api.access import ForAdmin, ForReview, TheDesk, account_for
from service.api.bodies import as_json, body_of, body_schema
from service.api.conditions import TAGGED, IfMatch, started_from
from service.api.examples import ANSWER
from service.api.messages import Person
from service.api.problems import Problem, Problematic
from service.desk.answers.typed import LONGEST_BODY, LONGEST_ID, MOST_FACTS, TypedAnswer, answer_of
from service.domain.answers import AnswerRevision, AnswerState, Audience
from service.domain.limits import MAX_ID_CHARS
from service.domain.value import Value
from service.errors import FieldProblem

router = APIRouter(prefix="/v1/answers", tags=["account"])

AnswerId = Annotated[str, Path(max_length=LONGEST_ID, description="the id that the list shows, or a new one")]
Revision = Annotated[int, Field(ge=0, lt=1_000_000_000)]
MISSING: dict[int | str, dict[str, object]] = {404: {"model": Problem, "description": "no such canned answer"}}
OVERTAKEN: dict[int | str, dict[str, object]] = {
    **MISSING,
    **TAGGED,
    409: {"model": Problem, "description": "somebody changed it meanwhile, or the name of a new one is taken"},
}


class AnswerWanted(Value):
    """A canned answer as it should be from now on. `revision`: the state that you started from, which `If-Match` says
    as well; 0, or neither, for a new one.
    Placeholders are read off the `body`, where they stand in braces."""

    by: Person
    revision: Revision | None = None
    queue: str
    title: str
    situation: str
    language: str = "fr"
    audience: Audience = "member"
    body: Annotated[str, Field(max_length=2 * LONGEST_BODY)]
    facts: Annotated[tuple[str, ...], Field(strict=False, max_length=MOST_FACTS)] = ()
    valid_from: date | None = Field(default=None, strict=False)
    valid_until: date | None = Field(default=None, strict=False)

    def typed(self, answer_id: str) -> TypedAnswer:
        """As the form of the workbench has it, which is checked alike."""
        said = self.model_dump(mode="json", exclude={"by", "revision", "facts"})
        return TypedAnswer(
            **{name: text or "" for name, text in said.items()}, id=answer_id, facts="\n".join(self.facts)
        )


class AnswerHistory(Value):
    """Newest first."""

    items: tuple[AnswerRevision, ...]


@router.get(
    "/{answer_id}",
    response_model=AnswerState,
    responses={**MISSING, **TAGGED},
    summary="One canned answer and its state",
)
async def one(key: ForReview, desk: TheDesk, answer_id: AnswerId, account: str | None = None) -> Response:
    """A retired one too. Its `revision` is what a change starts from; the `ETag` says it as well."""
    named = await desk.account(account_for(key, account))
    return _tagged(await desk.workbench.answers.editing.get(named, answer_id))


@router.get(
    "/{answer_id}/history", response_model=AnswerHistory, responses=MISSING, summary="Every state of a canned answer"
)
async def history(key: ForReview, desk: TheDesk, answer_id: AnswerId, account: str | None = None) -> Response:
    """Newest first; nothing is ever lost."""
    editing, named = desk.workbench.answers.editing, await desk.account(account_for(key, account))
    state = await editing.get(named, answer_id)
    return as_json(AnswerHistory(items=tuple(await editing.history(named, state.answer.id))))


@router.put(
    "/{answer_id}",
    response_model=AnswerState,
    responses=OVERTAKEN,
    openapi_extra=body_schema(AnswerWanted, ANSWER),
    summary="Write a canned answer, new or changed",
)
async def write(
    key: ForAdmin,
    desk: TheDesk,
    answer_id: AnswerId,
    wanted: Annotated[AnswerWanted, Depends(body_of(AnswerWanted))],
    account: str | None = None,
    if_match: IfMatch = None,
) -> Response:
    """In the next draft it is used as it says now; a retired one is in force again. The same again changes nothing."""
    playbook = await desk.playbooks.active(await desk.account(account_for(key, account)))
    answer, editing = answer_of(wanted.typed(answer_id), playbook.queue_ids), desk.workbench.answers.editing
    revision = started_from(wanted.revision, if_match, "revision")
    if not revision:
        return _tagged(await editing.add(playbook.account, answer, wanted.by))
    return _tagged(await editing.save(playbook.account, answer, revision, wanted.by))


@router.delete("/{answer_id}", response_model=AnswerState, responses=OVERTAKEN, summary="Retire a canned answer")
async def retire(
    key: ForAdmin,
    desk: TheDesk,
    answer_id: AnswerId,
    by: Annotated[str, Query(min_length=1, max_length=MAX_ID_CHARS)],
    revision: Annotated[int | None, Query(ge=1, lt=1_000_000_000, description="the state that you looked at")] = None,
    account: str | None = None,
    if_match: IfMatch = None,
) -> Response:
    """No new draft rests on it; nothing is deleted, and writing it again brings it back."""
    seen = started_from(revision, if_match, "revision")
    if seen is None:
        cure = FieldProblem("revision", 'give the revision that you looked at, or `If-Match: "3"`')
        raise Problematic(422, "Which state is retired is not said.", cure)
    named = await desk.account(account_for(key, account))
    return _tagged(await desk.workbench.answers.editing.retire(named, answer_id, seen, by))


def _tagged(state: AnswerState) -> Response:
    response = as_json(state)
    response.headers["ETag"] = f'"{state.revision}"'
    return response
