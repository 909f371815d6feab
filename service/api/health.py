"""Whether the process lives, whether it can work, and what it counted."""

from contextlib import suppress
from datetime import datetime

from fastapi import APIRouter, Response

from service.api.access import TheDesk
from service.api.problems import problem
from service.connectors.metrics import CONTENT_TYPE
from service.desk.clock import utc_now
from service.desk.upkeep.check import Check
from service.domain.value import Value
from service.errors import FieldProblem, UnavailableError

router = APIRouter(tags=["health"])


class State(Value):
    status: str


class CheckState(Value):
    """As a line of `aiguilleur doctor`: where it is not `ok`, since when, as far as that is known, and what to do."""

    name: str
    ok: bool
    required: bool
    detail: str
    since: datetime | None = None
    cure: str = ""


def _state_of(check: Check) -> CheckState:
    state = CheckState(name=check.name, ok=check.ok, required=check.required, detail=check.detail)
    return state if check.ok else state.model_copy(update={"since": check.since, "cure": check.cure})


class Readiness(Value):
    status: str
    checks: list[CheckState]


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", response_model=State, summary="The process lives")
async def healthz() -> State:
    return State(status="alive")


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", response_model=Readiness, summary="What is needed to work is there; 503 names what is not")
async def readyz(desk: TheDesk) -> Response:
    checks = await desk.health.checks()
    missing = tuple(
        FieldProblem(check.name, f"{check.detail}; {check.cure}" if check.cure else check.detail)
        for check in checks
        if check.required and not check.ok
    )
    if missing:
        return problem(503, "Something that is needed is not there.", missing, {"Retry-After": "5"})
    return Response(
        Readiness(status="ready", checks=[_state_of(check) for check in checks]).model_dump_json(),
        media_type="application/json",
    )


@router.get(
    "/metrics",
    summary="Counts and durations for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(desk: TheDesk) -> Response:
    desk.metrics.breakers(desk.health.breakers())
    desk.metrics.reached(database=False)
    with suppress(UnavailableError):  # what this process counted is told without the database, too
        found, now = await desk.backlog.standing(), utc_now()
        ages = [(now - one.oldest).total_seconds() if one.oldest else 0.0 for one in found]
        desk.metrics.standing(
            (one.account, one.waiting, one.failed, max(0.0, age)) for one, age in zip(found, ages, strict=True)
        )
        desk.metrics.deliveries(await desk.webhooks.counts())
        told = await desk.mixing.shifts()
        desk.metrics.shifted((one.account, one.days, one.shift.index, one.shift.by_chance) for one in told)
        desk.metrics.reached(database=True)
    return Response(desk.metrics.exposition(), media_type=CONTENT_TYPE)
