"""`GET /v1/queues`: where messages can be routed."""

from fastapi import APIRouter, Response

from service.api.access import ForTriage, TheDesk, account_for
from service.api.bodies import as_json
from service.domain.playbook import Prose
from service.domain.value import Value

router = APIRouter(prefix="/v1", tags=["account"])


class QueueEntry(Value):
    id: str
    label: Prose
    level: int
    sla_hours: int
    definition: Prose
    sensitive: bool
    out_of_scope: bool


class QueueList(Value):
    account: str
    playbook_version: str
    items: list[QueueEntry]


@router.get("/queues", response_model=QueueList, summary="The account's queues, as its playbook in force has them")
async def queues(key: ForTriage, desk: TheDesk, account: str | None = None) -> Response:
    playbook = await desk.playbooks.active(await desk.account(account_for(key, account)))
    shown = set(QueueEntry.model_fields)
    items = [QueueEntry(**queue.model_dump(include=shown)) for queue in playbook.queues]
    return as_json(QueueList(account=playbook.account, playbook_version=playbook.version, items=items))
