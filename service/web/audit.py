"""What was done, by whom and when: a page to look through, and a file to keep."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from service.desk.people.audit import KINDS, Asked, Audit
from service.desk.spreadsheet import line_of
from service.domain.event import Event
from service.web.days import midnight
from service.web.guard import desk_of
from service.web.pages import page
from service.web.preferences import person_of

router = APIRouter()

COLUMNS = ("at", "actor", "kind", "account", "subject", "before", "after", "id")


class Wanted(BaseModel):
    """The form's fields; empty ones ask for nothing. Days are Paris days, both inside."""

    model_config = ConfigDict(extra="ignore")

    kind: str = ""
    actor: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""
    cursor: str = ""

    def asked(self, accounts: tuple[str, ...] | None) -> Asked:
        return Asked(
            kind=self.kind or None,
            actor=self.actor or None,
            subject=self.subject or None,
            accounts=accounts,
            since=midnight(self.since, 0),
            until=midnight(self.until, 1),
        )

    def fields(self) -> dict[str, str]:
        """As an address has them, without the page that is shown."""
        return {name: value for name, value in self.model_dump(exclude={"cursor"}).items() if value}


@router.get("/audit")
async def audit(request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
    asked = wanted.asked(person_of(request).accounts)
    found = await desk_of(request).workbench.audit.list(asked, 50, wanted.cursor or None)
    return page(request, "audit.html", found=found, wanted=wanted, kinds=KINDS, shown_as=_shown)


@router.get("/audit.csv")
async def export(request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
    lines = _lines(desk_of(request).workbench.audit, wanted.asked(person_of(request).accounts))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


async def _lines(audit: Audit, asked: Asked) -> AsyncIterator[str]:
    yield "\ufeff" + line_of(COLUMNS)
    async for event in audit.all(asked):
        yield line_of(_cell(event, name) for name in COLUMNS)


def _cell(event: Event, name: str) -> str:
    value = getattr(event, name)
    return value.isoformat() if isinstance(value, datetime) else _shown(value)


def _shown(value: Any) -> str:
    """What changed, on one line."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
