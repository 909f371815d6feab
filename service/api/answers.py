"""`GET /v1/answers`: the canned answers that drafts rest on."""

from fastapi import APIRouter, Response

from service.api.access import ForTriage, TheDesk, account_for
from service.api.bodies import as_json
from service.domain.answers import CannedAnswer
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
