"""Lines that mail programs break: what they change is measured, and bounded."""

from pathlib import Path

from evals.account import Account, read_account
from evals.asks.wrapping import TOLD, WAYS, broken, measured, table
from evals.harness.workbench import Material
from service.domain.message import Message
from service.learning.reading import read
from service.learning.sentences import sentences
from service.pipeline.clean import clean
from service.pipeline.clean.step import POSTED
from service.pipeline.redact import redact
from service.settings import Settings
from tests.service.small_account import write_account

EVERY = 8
"""Of the reference account's messages each eighth is looked at, which takes a second."""
MOST = 0.1


def test_lines_are_broken_as_mail_programs_do() -> None:
    assert broken("un deux trois quatre cinq six sept huit neuf dix onze douze treize", "60").count("\n") == 1
    quoted = broken("> " + "mot " * 30, "72").split("\n")
    assert len(quoted) == 2
    assert all(line.startswith("> ") for line in quoted)
    assert broken("mot " * 30, "flowed").split("\n")[0].endswith(" ")


def cut(message: Message, account: Account) -> list[tuple[str, ...]]:
    redacted, _ = redact(clean(message), message, account.playbook)
    return [one.reading.words for one in sentences(redacted, read(redacted))]


def test_sentences_are_cut_alike_wherever_a_mail_program_breaks_their_lines() -> None:
    account = read_account()
    messages = [case.confirmed.message for case in account.cases if case.confirmed.message.channel not in POSTED]
    compared = [
        cut(message, account) == cut(message.model_copy(update={"body": body}), account)
        for at, message in enumerate(messages[::EVERY])
        if (body := broken(message.body, WAYS[at % len(WAYS)])) != message.body
    ]
    assert len(compared) > 100
    assert compared.count(False) <= MOST * len(compared)


def test_what_changes_is_told_of_the_messages_with_a_line_to_break(tmp_path: Path) -> None:
    account = read_account(write_account(tmp_path / "petit", "petit"))
    history = [case.confirmed for case in account.cases]
    material = Material(account.files, account.playbook, account.answers, history)
    found = measured(material, Settings(_env_file=None, engine="local", data=tmp_path / "data"))
    assert all(not told[name] for told in found.values() for name in ("messages", *TOLD))
    assert [line.split()[0] for line in table(found)] == ["broken", *WAYS]
