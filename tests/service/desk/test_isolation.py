"""One account never sees another's."""

import pytest

from service.desk.accounts import AccountContent, Accounts
from service.desk.intake.triage import TriageDesk
from service.desk.messages import Messages
from service.domain.collections import answers_of, confirmed_of
from service.errors import MissingError, RefusedError
from service.storage import answers, confirmed
from service.storage.cases import Filter
from service.storage.database import Database
from service.storage.passages import Passages
from tests.service.samples import a_confirmed, a_message, a_playbook, an_answer, playbook_files


@pytest.fixture
async def two(accounts: Accounts) -> tuple[str, str]:
    for name in ("club", "other"):
        content = AccountContent(playbook_files(name), a_playbook(name), (an_answer(name),), (a_confirmed("c-1"),))
        await accounts.import_(content, "lead")
    return "club", "other"


async def test_the_same_ids_in_two_accounts_are_two_things(
    two: tuple[str, str], triage_desk: TriageDesk, messages: Messages, database: Database
) -> None:
    ids = [(await triage_desk.triage(a_message(account=account))).id for account in two]
    for account, own, foreign in zip(two, ids, ids[::-1], strict=True):
        assert [case.id for case in (await messages.list(Filter(account=account))).items] == [own]
        assert (await messages.get(own, account)).account == account
        for look in (messages.get(foreign, account), messages.history(foreign, account)):
            with pytest.raises(MissingError) as missing:
                await look
            assert foreign not in missing.value.detail
        with database.reading() as transaction:
            assert [answer.id for answer in answers.library(transaction, account)] == [account]
            assert len(confirmed.lessons(transaction, account)) == 1
        store = Passages(database)
        assert [one.passage.id for one in store.read(answers_of(account), "any")] == [account]
        assert [one.passage.id for one in store.read(confirmed_of(account), "any")] == ["c-1"]


@pytest.mark.parametrize("limit", [0, -1, 201])
async def test_pages_of_an_odd_length_are_refused(messages: Messages, limit: int) -> None:
    with pytest.raises(RefusedError):
        await messages.list(Filter(), limit)


@pytest.mark.parametrize("cursor", ["", "x" * 36, "' OR 1=1 --", "\x00" * 36])
async def test_a_cursor_that_no_page_gave_is_refused(messages: Messages, cursor: str) -> None:
    with pytest.raises(RefusedError):
        await messages.list(Filter(), cursor=cursor)


@pytest.mark.parametrize("message_id", ["", "x" * 5_000, "\x00", "é", "\ud800", "01' OR 1=1"])
async def test_an_odd_id_is_a_missing_message(messages: Messages, message_id: str) -> None:
    with pytest.raises(MissingError):
        await messages.get(message_id)
