"""The canned answers that drafts rest on, what looks wrong in them, and what advisors make of them."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from service.api.access import ForReview, ForTriage, TheDesk, account_for
from service.api.bodies import as_json
from service.api.problems import Problem
from service.domain.answer_stats import AnswerStats, AnswerStatsList
from service.domain.answers import CannedAnswer
from service.domain.limits import MAX_ID_CHARS
from service.domain.linted import LintReport
from service.domain.value import Value

router = APIRouter(prefix="/v1", tags=["account"])


class AnswerList(Value):
    account: str
    items: list[CannedAnswer]


@router.get("/answers", response_model=AnswerList, summary="The account's canned answers, of one queue or of all")
async def answers(
    key: ForTriage, desk: TheDesk, account: str | None = None, queue: str | None = None, language: str | None = None
) -> Response:
    account = await desk.account(account_for(key, account))
    library = await desk.answers.list(account)
    items = [one for one in library if queue in {None, one.queue} and language in {None, one.language}]
    return as_json(AnswerList(account=account, items=items))


@router.get("/answers/lint", response_model=LintReport, summary="What looks wrong in the account's canned answers")
async def lint(key: ForReview, desk: TheDesk, account: str | None = None) -> Response:
    """Contradictions, unknown facts, ends of validity, promises without condition, twins, dead references."""
    return as_json(await desk.checking.lint(await desk.account(account_for(key, account))))


@router.get("/answers/stats", response_model=AnswerStatsList, summary="What advisors make of each canned answer")
async def all_stats(key: ForReview, desk: TheDesk, account: str | None = None) -> Response:
    """Use, fate of the words, usual edits, and whether customers came back. The most used first."""
    return as_json(await desk.answer_stats.all(await desk.account(account_for(key, account))))


@router.get(
    "/answers/{answer_id}/stats",
    response_model=AnswerStats,
    responses={404: {"model": Problem, "description": "no such canned answer"}},
    summary="What advisors make of one canned answer",
)
async def stats(
    key: ForReview, desk: TheDesk, answer_id: Annotated[str, Path(max_length=MAX_ID_CHARS)], account: str | None = None
) -> Response:
    named = await desk.account(account_for(key, account))
    return as_json(await desk.answer_stats.one(named, answer_id))
