"""What reading a message's files does to its routing: `python -m evals.attachments`.

Learned from the reference account's odd messages, measured on the even ones, each sent in several ways: as it is;
with papers that say other things; and with its words moved into a file. The papers are in documents.yaml.
"""

import asyncio
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from evals.account import halves
from evals.harness.workbench import desk_with, material_of
from service.desk.clock import utc_now
from service.domain.confirmed import Confirmed
from service.domain.message import Attachment, Message
from service.learning.paired import mcnemar_p
from service.pipeline.knowledge import Knowledge
from service.pipeline.run import triage
from service.settings import Settings
from service.storage.ids import new_id
from service.yaml_file import read_yaml

DOCUMENTS = Path(__file__).with_name("documents.yaml")
REFERS = "\nVous trouverez le document ci-joint."
COVER = "Bonjour,\n\nVeuillez trouver ci-joint mon courrier.\n\nCordialement"
SHORT = 10
"""Words of a message that is cut short."""

Way = Callable[[Message], Message]


def ways(documents: Mapping[str, str]) -> dict[str, Way]:
    """By name, how a message is sent."""
    found: dict[str, Way] = {"as it is": lambda message: message}
    for name, text in documents.items():
        found[f"and {name}"] = partial(_sent, text=text)
        found[f"and {name}, referred to"] = partial(_sent, text=text, body=lambda body: body + REFERS)
        found[f"cut short, and {name}, referred to"] = partial(_sent, text=text, body=_short, subject="")
    found["cut short, the whole in a file"] = partial(_sent, body=_short, subject="")
    found["in a file, subject kept"] = partial(_sent, body=lambda _: COVER)
    found["in a file"] = partial(_sent, body=lambda _: COVER, subject="")
    return found


def _sent(
    message: Message, text: str | None = None, body: Callable[[str], str] = str, subject: str | None = None
) -> Message:
    """With a file that holds `text`, or what the message says."""
    file = Attachment(filename="document.txt", content_type="text/plain", text=text or message.body)
    changed = {"attachments": (file,), "body": body(message.body)}
    return message.model_copy(update=changed if subject is None else changed | {"subject": subject})


def _short(body: str) -> str:
    return " ".join(re.findall(r"\S+", body)[:SHORT]) + REFERS


async def measure(
    knowledge: Knowledge, measured: Sequence[Confirmed], found: Mapping[str, Way]
) -> dict[str, dict[str, list[bool]]]:
    """By way and by whether files are read: right or wrong, message by message."""
    unread = replace(knowledge, files=None)
    results: dict[str, dict[str, list[bool]]] = {name: {} for name in found}
    for name, way in found.items():
        for heading, known in (("read", knowledge), ("unread", unread)):
            results[name][heading] = [await _right(way(one.message), one.queue, known) for one in measured]
    return results


async def _right(message: Message, queue: str, knowledge: Knowledge) -> bool:
    result = await triage(message, knowledge, new_id(), utc_now())
    return bool(result.alternatives) and result.alternatives[0].queue == queue


def table(results: Mapping[str, Mapping[str, Sequence[bool]]]) -> Iterable[str]:
    yield f"{'accuracy of the best guess':44s}{'unread':>8s}{'read':>8s}{'won':>6s}{'lost':>6s}{'p':>10s}"
    for name, told in results.items():
        read, unread = told["read"], told["unread"]
        won = sum(a and not b for a, b in zip(read, unread, strict=True))
        lost = sum(b and not a for a, b in zip(read, unread, strict=True))
        shares = f"{sum(unread) / len(unread):8.4f}{sum(read) / len(read):8.4f}"
        yield f"{name:44s}{shares}{won:6d}{lost:6d}{mcnemar_p(won, lost):10.2g}"


def main() -> int:
    settings = Settings(engine="local", model="")
    material = material_of(settings, None)
    by_id = sorted(material.history, key=lambda one: str(one.message.external_id))
    odd, even = halves(by_id)
    documents = read_yaml(DOCUMENTS)
    click.echo(f"learned from {len(odd)} odd messages, measured on {len(even)} even ones", err=True)
    with desk_with(material, odd, settings) as desk:
        knowledge = asyncio.run(desk.shelf.of(material.playbook.account))
        click.echo("\n".join(table(asyncio.run(measure(knowledge, even, ways(documents))))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
