"""An account that is edited, with trials that guess by its keywords, over a real database."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from service.desk.accounts import AccountContent, Accounts
from service.desk.learning.confirmed import ConfirmedMessages
from service.desk.playbooks.editing import Editing
from service.desk.playbooks.editions import Editions
from service.desk.playbooks.proving import Proving
from service.desk.playbooks.trials import Trials
from service.desk.playbooks.versions import Playbooks
from service.domain.edition import Edition
from service.domain.playbook import Playbook
from service.domain.proof import Trial
from service.learning.fit_weighed import STEPS, Step
from service.learning.replay import Replayed
from service.playbooks import parse
from service.settings import PROMPTS
from service.storage.confirmed import Lesson
from service.storage.database import Database
from tests.service.playbooks.account import FILES
from tests.service.samples import NOW, a_confirmed, prepare

ACCOUNT, QUEUE, OTHER = "petit-club", "queues/resiliation.yaml", "queues/remboursement.yaml"
COUNT = 40
GOOD = '"je pars" ^2'


class Time:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Replaying:
    """Under a playbook whose keywords hold `GOOD` all messages find their queue, under one that is `spoiled` none do,
    and else every other one."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(
        self, playbook: Playbook, lessons: Sequence[Lesson], _library: object, step: Step
    ) -> Sequence[Replayed]:
        self.asked.append(playbook.version)
        said = {keyword.expression for keyword in playbook.queue("resiliation").keywords}
        for _ in STEPS:
            step()
        return [
            Replayed(one.id, one.confirmed.queue, self._guess(said, at), 0.9, routed=True)
            for at, one in enumerate(lessons)
        ]

    def _guess(self, said: set[str], at: int) -> str:
        right = '"je pars"' in said or (at % 2 == 0 and "gâté" not in said)
        return "resiliation" if right else "remboursement"


class Stage:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.time = Time()
        self.replaying = Replaying()
        self.playbooks = Playbooks(database, parse, self.time)
        self.trials = Trials(database, self.playbooks, Proving(self.replaying, PROMPTS), self.time)
        self.editions = Editions(database, self.playbooks, self.trials, self.time)
        self.editing = Editing(self.editions)

    async def write(self, edition: Edition, by: str, file: str = QUEUE, **fields: str) -> None:
        """As somebody who has just opened the form, which he changes in these fields."""
        edited = await self.editions.files(await self.editions.find(edition.id))
        was = (await self.editing.sheet(edited, file, "fr")).form
        kept = await self.editing.keep(edition.id, file, fields, was, by, "fr")
        assert not kept.conflicts

    async def begun(self, *lines: str, by: str = "léa") -> Edition:
        edition = await self.editions.begin(ACCOUNT, "Départs", by)
        await self.add(edition, *lines, by=by)
        return edition

    async def add(self, edition: Edition, *lines: str, by: str = "léa") -> None:
        edited = await self.editions.files(await self.editions.find(edition.id))
        keywords = (await self.editing.sheet(edited, QUEUE, "fr")).form["keywords"]
        await self.write(edition, by, keywords="\n".join([keywords.rstrip(), *lines]))

    async def proven(self, edition: Edition) -> Trial:
        trial = await self.editions.prove(edition.id, "léa")
        assert await self.trials.take("a") == trial.id
        assert await self.trials.run(trial.id, "a") == "done"
        return await self.trials.find(trial.id)

    async def active(self) -> str:
        return (await self.playbooks.active(ACCOUNT)).version


@pytest.fixture
async def stage(database: Database) -> Stage:
    stage = Stage(database)
    confirmed = [a_confirmed(f"m-{at:02}", "resiliation", f"Je pars, message {at}") for at in range(COUNT)]
    accounts = Accounts(database, ConfirmedMessages(database, prepare))
    files = {name: text for name, text in FILES.items() if name != "answers.yaml"}
    content = AccountContent(files, parse(files), (), tuple(confirmed))
    await accounts.import_(content, "import")
    return stage
