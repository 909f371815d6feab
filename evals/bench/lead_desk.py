"""What those who lead have under way in a full store: an edition with its trial, runs, audit samples, proposals, teams
and digests, made by the desk's own verbs."""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta

from service.desk.clock import utc_now
from service.desk.oversight.digests import Digests
from service.desk.quality.auditing import Asked
from service.domain.playbook import Playbook
from service.domain.team import TeamPlan
from service.wiring import Desk

LEAD = "Lead"
READERS = ("Advisor 0", "Advisor 1")
SAMPLE, PROPOSALS, TEAMS, MEASURED = 100, 40, 6, 40
AGREE = 0.85
DIGESTS = 30


async def under_way(desk: Desk, playbook: Playbook, advisors: int) -> Mapping[str, str]:
    """Ids of what the pages are about. The trial and the runs are done once the service runs."""
    account, queue = playbook.account, playbook.queue_ids[0]
    edition = await desk.editor.editions.begin(account, "Bench", by=LEAD)
    name = f"queues/{queue}.yaml"
    text = (await desk.playbooks.export(account))[name]
    changed = text.replace("keywords: |\n", "keywords: |\n  motdubanc\n", 1)
    await desk.editor.editions.save(edition.id, {name: changed}, by=LEAD)
    trial = await desk.editor.editions.prove(edition.id, by=LEAD)
    runs = [await desk.workbench.quality.runs.want(account, "train", "local", MEASURED, by=LEAD) for _ in range(2)]
    await _propose(desk, account)
    await _teams(desk, advisors)
    await _digests(desk)
    audit = await _sampled(desk, account, READERS, playbook.queue_ids)
    mine = await desk.workbench.quality.audits.draw(account, Asked("Open", (LEAD, READERS[0]), SAMPLE), by=LEAD)
    answer = (await desk.workbench.answers.editing.all(account))[0].answer
    ids = {"edition": edition.id, "trial": trial.id, "run": runs[0].id, "other_run": runs[1].id, "audit": audit}
    return ids | {"mine": mine.id, "answer": answer.id, "queue": queue, "account": account}


async def _sampled(desk: Desk, account: str, readers: tuple[str, str], queues: Sequence[str]) -> str:
    """A sample that both have labelled, not always alike."""
    chance, audits = random.Random(5), desk.workbench.quality.audits
    audit = await audits.draw(account, Asked("Done", readers, SAMPLE), by=LEAD)
    for item in (await audits.open(account, audit.id)).items:
        said = item.queue or queues[0]
        other = said if chance.random() < AGREE else chance.choice(queues)
        for reader, queue in zip(readers, (said, other), strict=True):
            await audits.label(account, audit.id, item.message_id, queue, by=reader)
    return audit.id


async def _propose(desk: Desk, account: str) -> None:
    for state in (await desk.workbench.answers.editing.all(account))[:PROPOSALS]:
        better = state.answer.model_copy(update={"title": f"{state.answer.title}, plus clair"})
        await desk.workbench.answers.proposals.propose(account, better, READERS[0], edits=state.answer.id)


async def _teams(desk: Desk, advisors: int) -> None:
    """Half of the advisors are of one: who is of none is shown everything."""
    for number in range(TEAMS):
        members = [f"Advisor {one}" for one in range(advisors // 2, advisors) if one % TEAMS == number]
        plan = TeamPlan(name=f"Team {number}", site=f"Site {number % 2}", levels=(1, 2, 3))
        await desk.workbench.teams.add(plan, LEAD, members)


async def _digests(desk: Desk) -> None:
    """As they were made after each of the last days."""
    for back in range(DIGESTS):
        at = utc_now() - timedelta(days=back)
        await Digests(desk.database, desk.playbooks, desk.workbench.tallying, lambda at=at: at).make()  # type: ignore[misc]
