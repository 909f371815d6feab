"""Accounts, playbooks, canned answers and what is learned: imported, listed, brought back."""

from collections.abc import Sequence
from typing import Any

import pytest

from service.desk.accounts import AccountContent, Accounts
from service.desk.answers.library import Answers
from service.desk.learning.confirmed import ConfirmedMessages
from service.desk.learning.versions import Fitted, Learning
from service.desk.playbooks.versions import Playbooks
from service.desk.upkeep.health import Health
from service.domain.collections import answers_of, confirmed_of
from service.domain.playbook import Playbook
from service.errors import MissingError
from service.storage.database import Database
from service.storage.passages import Passages
from tests.service.samples import a_confirmed, a_playbook, an_answer, parse, playbook_files, prepare


def ids(store: Passages, collection: str) -> list[str]:
    return [stored.passage.id for stored in store.read(collection, "any")]


async def test_an_account_comes_in_whole_and_again_changes_nothing(accounts: Accounts, database: Database) -> None:
    answers = (an_answer("b"), an_answer("a"))
    confirmed = tuple(a_confirmed(f"c-{n}") for n in range(5))
    content = AccountContent(playbook_files(), a_playbook(), answers, confirmed)
    imported = await accounts.import_(content, "lead")
    assert (imported.account, imported.answers.added, imported.confirmed) == ("club", ("b", "a"), 5)
    store = Passages(database)
    assert ids(store, answers_of("club")) == ["a", "b"]
    assert ids(store, confirmed_of("club")) == [f"c-{n}" for n in range(5)]
    revisions = [store.revision(answers_of("club")), store.revision(confirmed_of("club"))]
    again = await accounts.import_(content, "lead")
    assert (again.answers.any, again.confirmed) == (False, 0)
    assert [store.revision(answers_of("club")), store.revision(confirmed_of("club"))] == revisions
    assert await accounts.list() == ["club"]


async def test_only_what_changed_is_taken_in_again(database: Database, accounts: Accounts, club: str) -> None:
    messages = ConfirmedMessages(database, prepare)
    first = [a_confirmed("c-1"), a_confirmed("c-2")]
    assert await messages.import_(a_playbook(), first, "lead") == 2
    changed = [a_confirmed("c-1"), a_confirmed("c-2", "sinistre"), a_confirmed("c-3")]
    assert await messages.import_(a_playbook(), changed, "lead") == 2
    assert [one.confirmed.queue for one in await messages.list("club")] == ["facture", "sinistre", "facture"]


async def test_answers_left_out_of_a_library_are_retired_and_can_come_back(database: Database, club: str) -> None:
    answers = Answers(database)
    await answers.import_(club, [an_answer("a"), an_answer("b")], "lead")
    changes = await answers.import_(club, [an_answer("a", "Nouveau texte.")], "lead")
    assert (changes.added, changes.changed, changes.retired) == ((), ("a",), ("b",))
    assert [answer.body for answer in await answers.list(club)] == ["Nouveau texte."]
    assert ids(Passages(database), answers_of(club)) == ["a"]
    back = await answers.import_(club, [an_answer("a", "Nouveau texte."), an_answer("b")], "lead")
    assert (back.added, back.changed) == (("b",), ())
    assert ids(Passages(database), answers_of(club)) == ["a", "b"]


async def test_every_playbook_version_is_kept_and_can_be_brought_back(playbooks: Playbooks, club: str) -> None:
    await playbooks.import_(playbook_files(version="v2"), "sam")
    assert (await playbooks.active(club)).version == "v2"
    assert {one.version: one.active for one in await playbooks.list(club)} == {"v1": False, "v2": True}
    await playbooks.activate(club, "v1", "sam")
    assert (await playbooks.active(club)).version == "v1"
    assert await playbooks.export(club) == playbook_files()
    assert await playbooks.diff(club, "v1", "v2") == []
    for missing in (playbooks.activate(club, "v9", "sam"), playbooks.export("nowhere"), playbooks.active("nowhere")):
        with pytest.raises(MissingError):
            await missing


async def test_a_comment_in_a_file_makes_no_new_version_and_is_kept(playbooks: Playbooks, club: str) -> None:
    commented = playbook_files() | {"queues/facture.yaml": "# vu avec Léa\n"}
    await playbooks.import_(commented, "sam")
    assert [one.version for one in await playbooks.list(club)] == ["v1"]
    assert await playbooks.export(club) == commented


async def test_what_is_learned_is_kept_in_every_version(database: Database, playbooks: Playbooks, club: str) -> None:
    def fit(playbook: Playbook, lessons: Sequence[Any], answers: Sequence[Any]) -> Fitted:
        return Fitted(f"fit-{len(lessons)}", b"\x00bundle", {"examples": len(lessons)})

    learning = Learning(database, playbooks, fit)
    assert await learning.active(club) is None
    first = await learning.learn(club, "lead")
    assert await learning.active(club) == ("fit-0", b"\x00bundle")
    await ConfirmedMessages(database, prepare).import_(a_playbook(), [a_confirmed("c-1")], "lead")
    second = await learning.learn(club, "lead")
    assert (await learning.learn(club, "lead")).version == second.version
    assert await learning.active_version(club) == "fit-1"
    await learning.activate(club, first.version, "lead")
    assert {one.version: one.active for one in await learning.list(club)} == {"fit-0": True, "fit-1": False}
    with pytest.raises(MissingError):
        await learning.activate(club, "fit-9", "lead")


async def test_the_doctor_says_what_is_there_and_what_is_not(database: Database, club: str, empty_url: str) -> None:
    checks = {check.name: check for check in await Health(database, lambda: ("index",)).checks()}
    assert checks["club: playbook"].ok
    assert not checks["club: learned"].ok
    assert (checks["search"].ok, checks["search"].detail) == (False, "index")
    assert await Health(database).ready()
    gone = Database("postgresql://nobody@127.0.0.1:1/none")
    assert not await Health(gone).ready()


async def test_a_database_without_tables_or_accounts_is_not_ready(empty_url: str) -> None:
    empty = Database(empty_url)
    assert not await Health(empty).ready()
    empty.close()


def test_the_sample_playbook_is_what_its_files_say() -> None:
    assert parse(playbook_files("club", "v3")) == a_playbook("club", "v3")
