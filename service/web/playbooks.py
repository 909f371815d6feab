"""The playbook in force, to read; its versions, compared and brought back; editions, to begin."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.desk.playbooks.versions import PlaybookVersion
from service.domain.proof import Trial
from service.errors import MissingError
from service.playbooks.compared import compared
from service.playbooks.form import WHOLE, fields_of, form_of
from service.web.account import account_of, labels_of, playbook_of, seen_accounts
from service.web.guard import desk_of
from service.web.pages import away, page
from service.web.preferences import person_of

router = APIRouter(prefix="/playbooks")

Text = Annotated[str, Form()]
MOST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Shown:
    """A version with the trial on which it was put in force."""

    version: PlaybookVersion
    trial: Trial | None


@router.get("")
async def overview(request: Request, account: str = "") -> Response:
    playbook = await playbook_of(request, account)
    desk = desk_of(request)
    shown: dict[str, Any] = {
        "editions": await desk.editor.editions.list(playbook.account),
        "versions": (await desk.playbooks.list(playbook.account))[:5],
        "accounts": await seen_accounts(request),
    }
    return page(request, "playbooks.html", playbook=playbook, **shown)


@router.get("/read")
async def read(request: Request, account: str = "", name: str = "") -> Response:
    """A file of the playbook in force. Raises MissingError."""
    playbook = await playbook_of(request, account)
    files = await desk_of(request).playbooks.export(playbook.account)
    if name not in files:
        raise MissingError(f"There is no {name}.")
    form = form_of(name, files[name])
    whole = form.get(WHOLE)
    fields = [field for field in fields_of(name) if form.get(field.name)]
    return page(request, "playbook_read.html", playbook=playbook, name=name, form=form, fields=fields, whole=whole)


@router.get("/versions")
async def versions(request: Request, account: str = "") -> Response:
    """Newest first, each with when, who, why and its trial."""
    named, desk = await account_of(request, account), desk_of(request)
    found = [Shown(one, await _trial(request, one.trial)) for one in await desk.playbooks.list(named)]
    return page(request, "playbook_versions.html", account=named, versions=found)


@router.get("/compare")
async def compare(request: Request, account: str = "", before: str = "", after: str = "") -> Response:
    """Between any two versions of the account."""
    named = await account_of(request, account)
    playbooks = desk_of(request).playbooks
    first, second = await playbooks.version(named, before), await playbooks.version(named, after)
    listed = await playbooks.list(named)
    active = (await playbooks.active(named)).version
    parts = compared(first, second)
    shown: dict[str, Any] = {
        "before": before,
        "after": after,
        "versions": listed,
        "active": active,
        "labels": labels_of(first, second),
    }
    return page(request, "playbook_compare.html", account=named, parts=parts, **shown)


@router.post("/restore")
async def restore(request: Request, account: Text = "", version: Text = "", why: Text = "") -> Response:
    """An old version in force again; the learned voters follow in the background."""
    named, desk, by = await account_of(request, account), desk_of(request), person_of(request).name
    await desk.playbooks.activate(named, version, by, why.strip()[:1000])
    await relearn(request, named)
    return away(f"/playbooks/versions?account={named}", "restored")


@router.post("/editions")
async def begin(request: Request, account: Text = "", title: Text = "", base: Text = "") -> Response:
    named, by = await account_of(request, account), person_of(request).name
    editions = desk_of(request).editor.editions
    edition = await editions.begin(named, title.strip()[:MOST_TITLE], by, base or None)
    return away(f"/playbooks/editions/{edition.id}")


async def relearn(request: Request, account: str) -> None:
    """What was put in force is followed at once by messages, and soon by the learned voters."""
    desk = desk_of(request)
    await desk.learning.want(account, person_of(request).name)
    desk.refitter.wake()
    desk.shelf.forget()


async def _trial(request: Request, trial_id: str | None) -> Trial | None:
    if trial_id is None:
        return None
    try:
        return await desk_of(request).editor.trials.find(trial_id)
    except MissingError:
        return None
