"""A trial: asked for, watched, read, and the edition put in force on the strength of it."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.domain.proof import Proof, Trial
from service.errors import AiguilleurError, MissingError
from service.web.account import labels_of
from service.web.editions import edited_of, refused
from service.web.guard import desk_of
from service.web.pages import away, page
from service.web.playbooks import relearn
from service.web.preferences import person_of
from service.web.visit import visit_of

router = APIRouter(prefix="/playbooks")

Text = Annotated[str, Form()]
FRAGMENT = "x-fragment"
SHOWN = 40
"""Messages of each kind; the counts are of all."""
MOST_WHY = 1_000


@router.post("/editions/{edition_id}/prove")
async def prove(request: Request, edition_id: str) -> Response:
    edited = await edited_of(request, edition_id)
    desk = desk_of(request)
    try:
        trial = await desk.editor.editions.prove(edited.edition.id, person_of(request).name)
    except AiguilleurError as error:
        return await refused(request, edited, error)
    desk.prover.wake()
    return away(f"/playbooks/trials/{trial.id}")


@router.get("/trials/{trial_id}")
async def trial(request: Request, trial_id: str) -> Response:
    """With our script, only what changes while it runs."""
    found = await desk_of(request).editor.trials.find(trial_id, person_of(request).accounts)
    shown: dict[str, Any] = {"trial": found, "left": _left(request, found)}
    if request.headers.get(FRAGMENT) and not found.ended:
        part = page(request, "trial_progress.html", **shown)
        part.headers[FRAGMENT] = "1"
        return part
    return page(request, "trial.html", **shown, **await _read(request, found))


@router.post("/trials/{trial_id}/cancel")
async def cancel(request: Request, trial_id: str) -> Response:
    trials = desk_of(request).editor.trials
    found = await trials.find(trial_id, person_of(request).accounts)
    await trials.cancel(found.id, person_of(request).name)
    return away(f"/playbooks/trials/{trial_id}")


@router.post("/editions/{edition_id}/publish")
async def publish(request: Request, edition_id: str, why: Text = "") -> Response:
    return await _publish(request, edition_id, why, anyway=False)


@router.post("/editions/{edition_id}/publish-anyway")
async def publish_anyway(request: Request, edition_id: str, why: Text = "") -> Response:
    """Although the trial was not passed, for a written reason."""
    return await _publish(request, edition_id, why, anyway=True)


async def _publish(request: Request, edition_id: str, why: str, anyway: bool) -> Response:
    edited = await edited_of(request, edition_id)
    editions, by = desk_of(request).editor.editions, person_of(request).name
    try:
        await editions.publish(edited.edition.id, by, why.strip()[:MOST_WHY], anyway)
    except AiguilleurError as error:
        return await refused(request, edited, error)
    await relearn(request, edited.edition.account)
    return away(f"/playbooks?account={edited.edition.account}", "published")


async def _read(request: Request, found: Trial) -> dict[str, Any]:
    desk, account = desk_of(request), found.account
    active = await desk.playbooks.active(account)
    ids = _ids(found.proof) if found.proof else []
    return {
        "labels": labels_of(await desk.playbooks.version(account, found.against), active),
        "active": active,
        "quotes": await desk.editor.trials.quotes(account, ids),
        "edition": await _edition(request, found),
        "shown": SHOWN,
    }


async def _edition(request: Request, found: Trial) -> Any:
    """That the trial is of, while it is open and its content is still what was proven; else None."""
    if found.edition is None:
        return None
    try:
        edited = await edited_of(request, found.edition)
    except MissingError:
        return None
    return edited.edition if edited.edition.state == "open" and edited.version == found.version else None


def _ids(proof: Proof) -> Sequence[str]:
    return [one.id for turned in (proof.fixed, proof.broken, proof.moved) for one in turned[:SHOWN]]


def _left(request: Request, found: Trial) -> float | None:
    """Seconds, by how long it took so far; None too early to tell."""
    if found.begun_at is None or found.percent < 10:
        return None
    so_far = (visit_of(request).now - found.begun_at).total_seconds()
    return so_far * (100 - found.percent) / found.percent
