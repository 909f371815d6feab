"""What is past its term goes by itself, once a day, in one process; a wrong clock does no harm."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from service.desk.accounts import AccountContent, Accounts
from service.desk.board.review import Review
from service.desk.intake.triage import TriageDesk
from service.desk.messages import Messages
from service.desk.playbooks.versions import Playbooks
from service.desk.privacy.finish import Finishing
from service.desk.privacy.retention import Purging
from service.domain.playbook import Playbook
from service.domain.retention import Retention
from service.errors import FieldProblem, MissingError, RefusedError, UnreadableError
from service.purger import Purger
from service.storage import confirmed, privacy_records
from service.storage.cases import Filter
from service.storage.database import Database
from service.storage.schema import chores
from tests.service.desk.private import Upkeep
from tests.service.samples import a_confirmed, a_message, a_playbook, playbook_files, prepare

TERMS = Retention(default="730 days", chat="90 days", learned_examples="3 years")
DAY = timedelta(days=1)


def parse(files: Any) -> Playbook:
    return a_playbook().model_copy(update={"retention": TERMS})


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def playbooks(database: Database) -> Playbooks:
    return Playbooks(database, parse)


@pytest.fixture
def purging(database: Database, playbooks: Playbooks, clock: Clock) -> Purging:
    return Purging(database, playbooks, clock)


@pytest.fixture
async def terms(accounts: Accounts, triage_desk: TriageDesk) -> None:
    """The account `club` with one message of either kind and a lesson that was imported."""
    content = AccountContent(playbook_files(), a_playbook(), None, (a_confirmed("lesson-1", body="Dupont s'en va"),))
    await accounts.import_(content, "lead")
    for channel in ("email", "chat"):
        await triage_desk.triage(a_message(f"{channel}-1", channel=channel))


async def channels(messages: Messages) -> list[str]:
    return sorted(one.channel for one in (await messages.list(Filter())).items)


async def test_each_channel_has_its_term_and_counts_from_the_last_thing_done(
    purging: Purging, messages: Messages, clock: Clock, terms: None
) -> None:
    clock.now += 89 * DAY
    assert (await purging.purge("retention", "a")).record is None
    clock.now += 2 * DAY
    (due,) = await purging.plan()
    assert (due.messages["chat"], due.messages["email"], due.lessons, due.reduced) == (1, 0, 0, 0)
    record = (await purging.purge("retention", "a")).record
    assert record is not None
    assert (record.kind, record.by, record.counts["messages"]) == ("purge", "retention", 1)
    assert await channels(messages) == ["email"]


async def test_what_a_person_does_about_a_message_begins_its_term_anew(
    purging: Purging, messages: Messages, clock: Clock, terms: None, database: Database, playbooks: Playbooks
) -> None:
    (chat,) = [one for one in (await messages.list(Filter())).items if one.channel == "chat"]
    clock.now += 80 * DAY
    review = Review(database, playbooks, prepare, clock)
    await review.record_reply(chat.id, "Voici.", "lea", clock.now)
    clock.now += 30 * DAY
    assert (await purging.purge("retention", "a")).record is None
    clock.now += 61 * DAY
    assert (await purging.purge("retention", "a")).record is not None
    with pytest.raises(MissingError):
        await messages.get(chat.id)


async def test_of_a_lesson_the_redacted_text_stays_longer_and_then_it_goes(
    purging: Purging, clock: Clock, terms: None, database: Database
) -> None:
    clock.now += 731 * DAY
    await purging.purge("retention", "a")
    with database.reading() as transaction:
        (lesson,) = confirmed.lessons(transaction, "club")
    assert lesson.confirmed.message.body == "[[PERSONNE_1]] s'en va"
    assert lesson.confirmed.message.sender.address == ""
    assert (await purging.plan())[0].reduced == 0
    clock.now += 400 * DAY
    await purging.purge("retention", "a")
    with database.reading() as transaction:
        assert confirmed.lessons(transaction, "club") == []


async def test_an_import_of_the_same_file_does_not_bring_back_what_was_reduced(
    purging: Purging, clock: Clock, terms: None, database: Database, accounts: Accounts
) -> None:
    clock.now += 731 * DAY
    await purging.purge("retention", "a")
    content = AccountContent(playbook_files(), a_playbook(), None, (a_confirmed("lesson-1", body="Dupont s'en va"),))
    assert (await accounts.import_(content, "lead")).confirmed == 0


async def test_many_processes_purge_once(
    database: Database, playbooks: Playbooks, clock: Clock, terms: None, url: str
) -> None:
    clock.now += 100 * DAY
    others = [Database(url) for _ in range(3)]
    purgings = [Purging(one, Playbooks(one, parse), clock) for one in (database, *others)]
    records = await asyncio.gather(*(one.purge("retention", f"p{at}") for at, one in enumerate(purgings)))
    for one in others:
        one.close()
    assert sum(one.record.counts["messages"] for one in records if one.record) == 1
    with database.reading() as transaction:
        assert transaction.execute(text("SELECT count(*) FROM erasures")).scalar_one() == 1


async def test_a_purge_is_due_once_a_day_whatever_the_clock_does(purging: Purging, clock: Clock, terms: None) -> None:
    assert await purging.due()
    await purging.purge("retention", "a")
    assert not await purging.due()
    clock.now += timedelta(hours=23)
    assert not await purging.due()
    clock.now += timedelta(hours=2)
    assert await purging.due()
    clock.now += 4000 * DAY
    await purging.purge("retention", "a")
    clock.now -= 4000 * DAY
    assert await purging.due()
    await purging.purge("retention", "a")
    assert not await purging.due()


async def test_a_clock_that_steps_back_removes_nothing_and_frees_a_dead_ones_lease(
    purging: Purging, clock: Clock, messages: Messages, terms: None, database: Database
) -> None:
    with database.writing() as transaction:
        late = {"name": "purge", "leased_by": "dead", "leased_until": clock.now.replace(year=2090)}
        transaction.execute(insert(chores), late)
    clock.now -= 3000 * DAY
    assert (await purging.purge("retention", "a")).record is None
    assert await channels(messages) == ["chat", "email"]
    assert not await purging.due()


async def test_the_purger_purges_and_finishes_by_itself(
    database: Database, purging: Purging, clock: Clock, messages: Messages, terms: None, tmp_path: Path
) -> None:
    clock.now += 1200 * DAY
    seen: list[tuple[str, int]] = []
    finishing = Finishing(database, Upkeep(database), clock)
    purger = Purger(
        purging, finishing.finish, finishing.stop, lambda kind, count: seen.append((kind, count)), poll_s=0.01
    )
    purger.start()
    for _ in range(300):
        if seen and not await database.read(privacy_records.unfinished):
            break
        await asyncio.sleep(0.02)
    await purger.stop()
    assert seen[0] == ("purge", 2)
    assert await channels(messages) == []


async def test_an_account_that_cannot_be_purged_keeps_nothing_of_the_others(
    database: Database,
    accounts: Accounts,
    clock: Clock,
    messages: Messages,
    terms: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """`aaa` is looked at first; this program does not take its playbook any more."""
    older = AccountContent(playbook_files("aaa"), a_playbook("aaa"))
    await accounts.import_(older, "lead")

    def refusing(files: Any) -> Playbook:
        if files["account.yaml"].startswith("aaa"):
            raise RefusedError("1 mistake", (FieldProblem("queues/facture.yaml:3", "write something else"),))
        return parse(files)

    purging, failed = Purging(database, Playbooks(database, refusing), clock), list[str]()
    clock.now += 1200 * DAY
    assert [one.account for one in await purging.plan()] == ["club"]
    finishing = Finishing(database, Upkeep(database), clock)
    purger = Purger(purging, finishing.finish, failed=failed.append)
    await purger.look()
    assert await channels(messages) == []
    assert await database.read(privacy_records.unfinished) == []
    assert failed == ["purge"]
    assert "aaa" in [getattr(one, "about", {}).get("account") for one in caplog.records]
    assert await purging.due()
    (error,) = (await purging.purge("dpo", "a")).failed.values()
    assert isinstance(error, UnreadableError)
    assert "queues/facture.yaml:3" in [one.field for one in error.problems]


async def test_an_account_without_terms_keeps_everything(
    database: Database, clock: Clock, messages: Messages, terms: None
) -> None:
    clock.now += 9000 * DAY
    forever = Purging(database, Playbooks(database, lambda files: a_playbook()), clock)
    assert (await forever.purge("retention", "a")).record is None
    assert await forever.plan() == []


@pytest.mark.parametrize("term", ["90", "0 days", "two years", "90 jours", "-1 days", ""])
def test_a_term_that_cannot_be_read_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match="chat"):
        Retention.model_validate({"chat": term})


def test_terms_are_read_at_their_longest() -> None:
    terms = Retention(default="1 year", chat="2 months", sms="unlimited", learned_examples="unlimited")
    assert (terms.of("email"), terms.of("chat"), terms.of("sms")) == (366 * DAY, 62 * DAY, None)
    assert terms.of_lesson("chat") is None
    assert not Retention(default="unlimited").bounded
