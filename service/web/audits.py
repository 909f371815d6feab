"""Audit samples: drawn, labelled blind, settled, read, learned from."""

from typing import Annotated, Any, get_args

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response as AnyResponse

from service.desk.quality.auditing import Asked, Opened
from service.desk.spreadsheet import line_of
from service.domain.audited import NO_QUEUE, AuditItem, Method
from service.errors import AiguilleurError, ConflictError, MissingError, RefusedError
from service.web.account import account_of, labels_of, seen_accounts
from service.web.days import midnight
from service.web.guard import NotAllowed, desk_of
from service.web.pages import away, page, words_of
from service.web.preferences import person_of
from service.web.whole_numbers import whole

router = APIRouter(prefix="/quality")

Text = Annotated[str, Form()]
KEYS = "123456789abcefghimpqrstvwxyz"
"""One key a queue, in the playbook's order; `0` says that none fits, `u` takes the last label back."""
SHOWN_CHARS = 12_000
COLUMNS = ("message", "stratum", "outcome", "program", "confidence", "label_1", "label_2", "settled", "right")


class Sent(BaseModel):
    """The form by which a sample is drawn. Days are Paris days, both inside."""

    model_config = ConfigDict(extra="ignore")

    account: str = ""
    name: str
    first: str = ""
    second: str = ""
    method: Method
    wanted: str = ""
    since: str = ""
    until: str = ""
    seed: str = ""

    def asked(self) -> Asked:
        period = (midnight(self.since, 0), midnight(self.until, 1))
        return Asked(self.name, (self.first, self.second), whole(self.wanted) or 0, self.method, *period, self.seed)


@router.get("/labels")
async def mine(request: Request) -> AnyResponse:
    """The samples that wait for this person's labels."""
    person, audits = person_of(request), desk_of(request).workbench.quality.audits
    found = []
    for account in await seen_accounts(request):
        samples, progress = await audits.list(account)
        found += [
            (one, progress[one.id].get(0, 0), progress[one.id].get(seat, 0))
            for one in samples
            if (seat := one.seat_of(person.name)) is not None
        ]
    return page(request, "audits_mine.html", found=found)


@router.get("/audits")
async def audits(request: Request, account: str = "") -> AnyResponse:
    return await _list(request, await account_of(request, account))


@router.post("/audits")
async def draw(request: Request, sent: Annotated[Sent, Form()]) -> AnyResponse:
    named, by = await account_of(request, sent.account), person_of(request).name
    try:
        audit = await desk_of(request).workbench.quality.audits.draw(named, sent.asked(), by)
    except (RefusedError, MissingError) as error:
        return await _list(request, named, error)
    return away(f"/quality/audits/{audit.id}", "audit_drawn")


@router.get("/audits/{audit_id}")
async def one(request: Request, audit_id: str) -> AnyResponse:
    return await _one(request, await _opened(request, audit_id))


@router.get("/audits/{audit_id}/export.csv")
async def export(request: Request, audit_id: str) -> AnyResponse:
    """A line a message; nothing of what the customers wrote. Cells that a spreadsheet would run are quoted."""
    found = await _labels_open(request, audit_id)
    lines = [line_of(COLUMNS), *(line_of(_cells(item)) for item in found.items)]
    headers = {"Content-Disposition": 'attachment; filename="audit-sample.csv"'}
    return Response("\ufeff" + "".join(lines), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/audits/{audit_id}/label")
async def next_one(request: Request, audit_id: str, last: str = "") -> AnyResponse:
    """The next message of a reader's, with nothing of what the program or the other reader says."""
    found = await _opened(request, audit_id)
    seat = found.audit.seat_of(person_of(request).name)
    if seat is None:
        raise NotAllowed
    left = found.left_for(seat)
    desk = desk_of(request)
    playbook = await desk.playbooks.active(found.audit.account)
    shown: dict[str, Any] = {"audit": found.audit, "count": len(found.items), "left": len(left), "last": last}
    if left:
        sheet = await desk.workbench.reading.sheet(left[0].message_id, (found.audit.account,))
        queues = [(KEYS[at] if at < len(KEYS) else "", queue) for at, queue in enumerate(playbook.queues)]
        shown |= {"sheet": sheet, "item": left[0], "queues": queues, "shown_chars": SHOWN_CHARS}
    return page(request, "audit_label.html", **shown)


@router.post("/audits/{audit_id}/label")
async def label(request: Request, audit_id: str, message: Text, queue: Text) -> AnyResponse:
    found = await _opened(request, audit_id)
    chosen = NO_QUEUE if queue == "-" else queue
    audits, by = desk_of(request).workbench.quality.audits, person_of(request).name
    await audits.label(found.audit.account, audit_id, message, chosen, by)
    return away(f"/quality/audits/{audit_id}/label?last={message}")


@router.post("/audits/{audit_id}/unlabel")
async def unlabel(request: Request, audit_id: str, message: Text) -> AnyResponse:
    found = await _opened(request, audit_id)
    audits, by = desk_of(request).workbench.quality.audits, person_of(request).name
    await audits.unlabel(found.audit.account, audit_id, message, by)
    return away(f"/quality/audits/{audit_id}/label")


@router.get("/audits/{audit_id}/disputes")
async def disputes(request: Request, audit_id: str) -> AnyResponse:
    """What the readers disagree on, without the program's word."""
    found = await _labels_open(request, audit_id)
    desk = desk_of(request)
    playbook = await desk.playbooks.active(found.audit.account)
    open_ = [item for item in found.items if item.disputed and item.truth is None][:10]
    sheets = [await desk.workbench.reading.sheet(item.message_id, (found.audit.account,)) for item in open_]
    shown: dict[str, Any] = {
        "audit": found.audit,
        "pairs": list(zip(open_, sheets, strict=True)),
        "left": sum(item.disputed and item.truth is None for item in found.items),
        "settles": found.audit.seat_of(person_of(request).name) is None,
    }
    return page(request, "audit_disputes.html", labels=labels_of(playbook), **shown)


@router.post("/audits/{audit_id}/settle")
async def settle(request: Request, audit_id: str, message: Text, queue: Text) -> AnyResponse:
    found = await _opened(request, audit_id)
    chosen = NO_QUEUE if queue == "-" else queue
    audits, by = desk_of(request).workbench.quality.audits, person_of(request).name
    await audits.settle(found.audit.account, audit_id, message, chosen, by)
    return away(f"/quality/audits/{audit_id}/disputes", "audit_settled")


@router.post("/audits/{audit_id}/teach")
async def teach(request: Request, audit_id: str) -> AnyResponse:
    found, quality = await _opened(request, audit_id), desk_of(request).workbench.quality
    try:
        await quality.teaching.teach(found.audit.account, audit_id, person_of(request).name)
    except ConflictError as error:
        return await _one(request, found, error)
    return away(f"/quality/audits/{audit_id}", "audit_taught")


@router.post("/audits/{audit_id}/unteach")
async def unteach(request: Request, audit_id: str) -> AnyResponse:
    found, quality = await _opened(request, audit_id), desk_of(request).workbench.quality
    await quality.teaching.unteach(found.audit.account, audit_id, person_of(request).name)
    return away(f"/quality/audits/{audit_id}", "audit_untaught")


@router.post("/audits/{audit_id}/remove")
async def remove(request: Request, audit_id: str) -> AnyResponse:
    found = await _opened(request, audit_id)
    audits, account = desk_of(request).workbench.quality.audits, found.audit.account
    await audits.remove(account, audit_id, person_of(request).name)
    return away(f"/quality/audits?account={account}", "audit_removed")


async def _opened(request: Request, audit_id: str) -> Opened:
    """Raises MissingError, also for a sample of an account that this person does not see."""
    found = await desk_of(request).workbench.quality.audits.open(None, audit_id)
    await account_of(request, found.audit.account)
    return found


async def _labels_open(request: Request, audit_id: str) -> Opened:
    """A reader sees nobody's labels before both are done. Raises NotAllowed."""
    found = await _opened(request, audit_id)
    if not found.open_to(person_of(request).name):
        raise NotAllowed
    return found


async def _one(request: Request, found: Opened, error: AiguilleurError | None = None) -> AnyResponse:
    desk, person = desk_of(request), person_of(request)
    playbook = await desk.playbooks.active(found.audit.account)
    told = await desk.workbench.quality.audits.report(found.audit.account, found.audit.id)
    shown: dict[str, Any] = {
        "audit": found.audit,
        "result": told.result,
        "open": found.open_to(person.name),
        "finished": found.finished,
        "seat": found.audit.seat_of(person.name),
        "labels": labels_of(playbook),
        "told": words_of(request).refusal(error) if error else [],
    }
    return page(request, "audit_sample.html", 409 if error else 200, **shown)


async def _list(request: Request, account: str, error: AiguilleurError | None = None) -> AnyResponse:
    desk = desk_of(request)
    found, progress = await desk.workbench.quality.audits.list(account)
    people = [one for one in await desk.workbench.people.list() if one.sees(account) and one.disabled_at is None]
    shown: dict[str, Any] = {
        "account": account,
        "accounts": await seen_accounts(request),
        "found": found,
        "progress": progress,
        "people": people,
        "methods": tuple(reversed(get_args(Method))),
        "told": words_of(request).refusal(error) if error else [],
    }
    return page(request, "audits.html", 422 if error else 200, **shown)


def _cells(item: AuditItem) -> list[Any]:
    labels = [item.labels.get(seat) for seat in (1, 2, 3)]
    said = ["" if one is None else one or "-" for one in labels]
    right = "" if item.truth is None else int(item.truth == item.queue)
    conclusion = (item.message_id, item.stratum, item.outcome, item.queue or "", f"{item.confidence:.3f}")
    return [*conclusion, *said, right]
