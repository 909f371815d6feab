"""What a mail program's line breaks change: the same messages triaged as they are and with their lines broken.
Chats and text messages are left out: nothing wraps them."""

import asyncio
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.account import halves
from evals.harness.workbench import Material, desk_with
from service.domain.message import Message
from service.domain.triage import Triage
from service.pipeline.clean import clean, opened
from service.pipeline.clean.step import POSTED
from service.pipeline.knowledge import Knowledge
from service.pipeline.redact import redact
from service.pipeline.run import triage
from service.settings import Settings
from service.storage.ids import new_id

FLOWED = 72
WAYS = ("60", "72", "78", "flowed")
"""Columns at which lines are broken; `flowed` (RFC 3676) leaves a space at the end of each broken line."""
TOLD = ("queue", "flags", "secondary", "redacted", "placeholders")


@dataclass(frozen=True, slots=True)
class Concluded:
    """What should not hang on line breaks. `redacted` is the text without them."""

    queue: str | None
    flags: frozenset[str]
    secondary: frozenset[str]
    redacted: str
    placeholders: frozenset[str]


def measured(material: Material, settings: Settings) -> dict[str, dict[str, list[str]]]:
    """Of the account's messages with even numbers, learned from those with odd ones."""
    account = material.playbook.account
    known, asked = halves(material.history)
    messages = [one.message.model_copy(update={"account": account}) for one in asked]
    with desk_with(material, known, settings) as desk:
        return asyncio.run(differing(messages, asyncio.run(desk.shelf.of(account))))


def broken(body: str, way: str) -> str:
    """With its long lines broken as mail programs do, quoted ones behind their mark."""
    width = FLOWED if way == "flowed" else int(way)
    soft = " \n" if way == "flowed" else "\n"
    return "\n".join(soft.join(_lines(line, width)) for line in body.split("\n"))


def _lines(line: str, width: int) -> list[str]:
    mark = line[: len(line) - len(line.lstrip("> "))] if line.startswith(">") else ""
    if len(line) <= width:
        return [line]
    return textwrap.wrap(
        line[len(mark) :],
        width,
        initial_indent=mark,
        subsequent_indent=mark,
        break_long_words=False,
        break_on_hyphens=False,
    )


async def differing(messages: Sequence[Message], knowledge: Knowledge) -> dict[str, dict[str, list[str]]]:
    """By way, of the messages that it changes: the ids of those about which each thing is told otherwise."""
    messages = [one for one in messages if one.channel not in POSTED]
    plain = [await concluded(one, knowledge) for one in messages]
    found: dict[str, dict[str, list[str]]] = {}
    for way in WAYS:
        found[way] = {"messages": [], **{name: [] for name in TOLD}}
        for message, before in zip(messages, plain, strict=True):
            body = broken(message.body, way)
            if body == message.body:
                continue
            found[way]["messages"].append(str(message.external_id))
            after = await concluded(message.model_copy(update={"body": body}), knowledge)
            for name in TOLD:
                if getattr(before, name) != getattr(after, name):
                    found[way][name].append(str(message.external_id))
    return found


async def concluded(message: Message, knowledge: Knowledge) -> Concluded:
    result = await triage(message, knowledge, new_id(), message.received_at)
    read = opened(message)
    redacted, _ = redact(clean(read), read, knowledge.playbook)
    return of(result, redacted.text)


def of(result: Triage, text: str) -> Concluded:
    return Concluded(
        queue=result.queue.id if result.queue else None,
        flags=frozenset(result.flags),
        secondary=frozenset(result.secondary),
        redacted=" ".join(word for word in text.split() if word != ">"),
        placeholders=frozenset(result.draft.placeholders_left if result.draft else ()),
    )


def table(found: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[str]:
    """Shares of the messages that have a line to break."""
    yield f"{'broken at':12s}{'messages':>10s}" + "".join(f"{name:>14s}" for name in TOLD)
    for way, told in found.items():
        count = len(told["messages"])
        shares = "".join(f"{len(told[name]) / max(1, count):14.4f}" for name in TOLD)
        yield f"{way:12s}{count:10d}{shares}"
