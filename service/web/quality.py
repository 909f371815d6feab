"""Evaluation runs: started, watched, ended, opened, compared, removed."""

from typing import Annotated, Any, get_args

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import Response as AnyResponse

from service.domain.measured import RunEngine, RunSplit
from service.errors import AiguilleurError, ConflictError, RefusedError
from service.web.account import account_of, seen_accounts
from service.web.guard import desk_of
from service.web.pages import away, page, words_of
from service.web.preferences import person_of
from service.web.whole_numbers import whole

router = APIRouter(prefix="/quality")

Text = Annotated[str, Form()]
MOST = 100_000

ALONE = "; ".join(
    ("default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "form-action 'none'", "frame-ancestors 'none'")
)
"""A report is one page with its styles inside and nothing else: no script runs in it, and it reaches nothing."""
REPORT_POLICY = f"sandbox; {ALONE}"


@router.get("")
async def quality(request: Request, account: str = "") -> AnyResponse:
    return await _runs(request, await account_of(request, account))


@router.post("/runs")
async def begin(
    request: Request,
    split: Annotated[RunSplit, Form()],
    engine: Annotated[RunEngine, Form()],
    account: Text = "",
    most: Text = "",
) -> AnyResponse:
    """Without a number, all messages of the split."""
    named, by = await account_of(request, account), person_of(request).name
    quality = desk_of(request).workbench.quality
    try:
        await quality.runs.want(named, split, engine, _most(most), by)
    except RefusedError as error:
        return await _runs(request, named, error)
    quality.measurer.wake()
    return away(f"/quality?account={named}", "run_wanted")


@router.post("/runs/{run_id}/cancel")
async def cancel(request: Request, run_id: str, account: Text = "") -> AnyResponse:
    named = await account_of(request, account)
    await desk_of(request).workbench.quality.runs.cancel(named, run_id, person_of(request).name)
    return away(f"/quality?account={named}", "run_cancelled")


@router.post("/runs/{run_id}/resume")
async def resume(request: Request, run_id: str, account: Text = "") -> AnyResponse:
    named = await account_of(request, account)
    quality = desk_of(request).workbench.quality
    await quality.runs.resume(named, run_id, person_of(request).name)
    quality.measurer.wake()
    return away(f"/quality?account={named}", "run_wanted")


@router.post("/runs/{run_id}/remove")
async def remove(request: Request, run_id: str, account: Text = "") -> AnyResponse:
    named = await account_of(request, account)
    await desk_of(request).workbench.quality.runs.remove(named, run_id, person_of(request).name)
    return away(f"/quality?account={named}", "run_removed")


@router.get("/runs/{run_id}/report")
async def report(request: Request, run_id: str, account: str = "") -> AnyResponse:
    named = await account_of(request, account)
    content = await desk_of(request).workbench.quality.runs.report(named, run_id)
    headers = {"Content-Security-Policy": REPORT_POLICY}
    return Response(content, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/compare")
async def compare(request: Request, first: str = "", second: str = "", account: str = "") -> AnyResponse:
    """The second run against the first. Takes some seconds the first time."""
    named = await account_of(request, account)
    runs = desk_of(request).workbench.quality.runs
    try:
        found = await runs.compare(named, first, second)
    except RefusedError as error:
        return await _runs(request, named, error)
    both = [await runs.get(named, run_id) for run_id in (first, second)]
    return page(request, "quality_compare.html", found=found, both=both, account=named)


async def _runs(request: Request, account: str, error: AiguilleurError | None = None) -> AnyResponse:
    runs = desk_of(request).workbench.quality.runs
    found = await runs.list(account)
    shown: dict[str, Any] = {
        "account": account,
        "accounts": await seen_accounts(request),
        "found": found,
        "busy": any(run.under_way for run in found),
        "done_runs": [run for run in found if run.state == "done"],
        "splits": get_args(RunSplit),
        "engines": runs.engines,
        "told": words_of(request).refusal(error) if error else [],
    }
    status = 409 if isinstance(error, ConflictError) else 422 if error else 200
    return page(request, "quality.html", status, **shown)


def _most(text: str) -> int | None:
    wanted = whole(text)
    return None if wanted is None else min(max(1, wanted), MOST)
