"""What tests of the desk start from: the account `club`, imported, on either database."""

import pytest

from service.desk.accounts import AccountContent, Accounts
from service.desk.board.review import Review
from service.desk.intake.triage import TriageDesk
from service.desk.learning.confirmed import ConfirmedMessages
from service.desk.messages import Messages
from service.desk.playbooks.versions import Playbooks
from service.storage.database import Database
from tests.service.samples import CountingPipeline, a_playbook, parse, playbook_files, prepare


@pytest.fixture
def pipeline() -> CountingPipeline:
    return CountingPipeline()


@pytest.fixture
def playbooks(database: Database) -> Playbooks:
    return Playbooks(database, parse)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database, ConfirmedMessages(database, prepare))


@pytest.fixture
async def club(accounts: Accounts) -> str:
    await accounts.import_(AccountContent(playbook_files(), a_playbook()), "lead")
    return "club"


@pytest.fixture
def triage_desk(database: Database, pipeline: CountingPipeline, club: str) -> TriageDesk:
    return TriageDesk(database, pipeline)


@pytest.fixture
def messages(database: Database) -> Messages:
    return Messages(database)


@pytest.fixture
def review(database: Database, playbooks: Playbooks) -> Review:
    return Review(database, playbooks, prepare)
