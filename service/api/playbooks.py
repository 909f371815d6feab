"""`GET /v1/playbooks`: what an account's advisors wrote, in every version, with what its trials showed."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, Field

from service.api.access import ForReview, TheDesk, account_for
from service.api.bodies import as_json
from service.api.problems import Problem
from service.domain.limits import MAX_ID_CHARS
from service.domain.proof import Trial
from service.domain.value import Value

router = APIRouter(prefix="/v1/playbooks", tags=["account"])

Version = Annotated[str, Path(max_length=MAX_ID_CHARS, description="the version of one of the list")]
MISSING: dict[int | str, dict[str, object]] = {404: {"model": Problem, "description": "no such version"}}


class PlaybookEntry(Value):
    """`active` is the one in force; `why` it was put in force last, and the id of the `trial` on which it was."""

    version: str
    recorded_at: AwareDatetime = Field(strict=False)
    recorded_by: str
    active: bool
    why: str | None
    trial: str | None


class PlaybookList(Value):
    account: str
    items: list[PlaybookEntry]


class PlaybookFiles(Value):
    """`files` by name, as `aiguilleur playbook export` writes them; `trials` of this content, newest first."""

    account: str
    version: str
    files: dict[str, str]
    trials: list[Trial]


@router.get("", response_model=PlaybookList, summary="Every version of the account's playbook, newest first")
async def listed(key: ForReview, desk: TheDesk, account: str | None = None) -> Response:
    named = await desk.account(account_for(key, account))
    items = [
        PlaybookEntry(
            version=one.version,
            recorded_at=one.imported_at,
            recorded_by=one.imported_by,
            active=one.active,
            why=one.why,
            trial=one.trial,
        )
        for one in await desk.playbooks.list(named)
    ]
    return as_json(PlaybookList(account=named, items=items))


@router.get("/{version}", response_model=PlaybookFiles, responses=MISSING, summary="A version's files and its trials")
async def one(key: ForReview, desk: TheDesk, version: Version, account: str | None = None) -> Response:
    named = await desk.account(account_for(key, account))
    files = await desk.playbooks.export(named, version)
    trials = list(await desk.editor.trials.of(named, version))
    return as_json(PlaybookFiles(account=named, version=version, files=files, trials=trials))
