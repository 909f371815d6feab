"""`aiguilleur user`: people, and the links by which they come in; samples for a first look."""

import asyncio
from pathlib import Path

import pytest

from service.cli.samples import hand_in_samples, read_samples
from service.log import configure
from service.settings import PROMPTS
from service.storage.cases import Filter
from tests.conftest import GivenSettings
from tests.door import Door
from tests.service.cli.conftest import Run


@pytest.fixture
def user(run: Run, tmp_path: Path) -> Run:
    """The command, over an empty store."""
    return lambda *arguments: run("user", *arguments, data=tmp_path / "store")


def test_somebody_is_added_and_gets_a_link(user: Run) -> None:
    added = user("add", "Noé Lambert", "--role", "advisor")
    assert added.code == 0
    assert added.out.startswith("http://127.0.0.1:8000/link/")
    assert user("list").out == "Noé Lambert\tadvisor\t*\tno password yet\tnever\n"
    assert user("link", "noé lambert").out != added.out


def test_the_link_has_the_address_that_people_use(user: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_PUBLIC_URL", "https://aiguilleur.example.org/")
    assert user("add", "Ada", "--role", "admin").out.startswith("https://aiguilleur.example.org/link/")


def test_roles_and_doors_are_changed(user: Run) -> None:
    user("add", "Bob", "--role", "advisor")
    assert user("role", "bob", "lead").code == 0
    assert user("disable", "BOB").code == 0
    assert user("list").out.startswith("Bob\tlead\t*\tdisabled\t")
    refused = user("link", "bob")
    assert (refused.code, "enable" in refused.err) == (2, True)
    assert user("enable", "bob").code == 0
    assert user("link", "bob").code == 0


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("add", "Bob", "--role", "boss"), "--role"),
        (("add", "Bob"), "--role"),
        (("add", "", "--role", "lead"), "name"),
        (("add", "Bob", "--role", "lead", "--account", "nowhere"), "account"),
        (("disable", "nobody"), "name"),
    ],
)
def test_what_is_wrong_is_named(user: Run, arguments: tuple[str, ...], named: str) -> None:
    done = user(*arguments)
    assert (done.code, done.out) == (2, "")
    assert named in done.err
    assert "Traceback" not in done.err


def test_the_shipped_samples_are_messages_of_many_kinds() -> None:
    found = read_samples(PROMPTS / "samples" / "club-horizon-auto.yaml", "club-horizon-auto")
    assert len(found) == 40
    assert len({message.channel for message in found}) == 6
    assert [message.received_at for message in found] == sorted(message.received_at for message in found)
    assert all(message.sender.address == "" or message.sender.address.endswith(".example") for message in found)


def test_samples_are_triaged_where_there_is_no_message_and_fill_no_log(
    data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from service.wiring import open_desk

    configure("lines")
    desk = open_desk(GivenSettings(data=data_folder), index=False)
    assert asyncio.run(hand_in_samples(desk)) == 40
    assert asyncio.run(desk.messages.list(Filter(state="received"), 1)).items == ()
    assert capsys.readouterr().err == ""
    assert asyncio.run(hand_in_samples(desk)) == 0
    desk.close()


def test_samples_never_join_real_messages(door: Door) -> None:
    door.triage(body="Je souhaite résilier mon adhésion.")
    assert asyncio.run(hand_in_samples(door.desk)) == 0
