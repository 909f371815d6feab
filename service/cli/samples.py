"""Made-up messages for a first look at the workbench."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from service.desk.clock import utc_now
from service.domain.message import Message
from service.log import only_warnings
from service.storage.cases import Filter
from service.wiring import Desk
from service.yaml_file import read_yaml


async def hand_in_samples(desk: Desk) -> int:
    """Hands in each account's samples, `prompts/samples/<account>.yaml`, where the store has no message at all. When
    this returns they are triaged: the first look is at a desk with work on it. With a model, which takes seconds a
    message, a worker does it once one runs. Returns how many."""
    if (await desk.messages.list(Filter(), 1)).items:
        return 0
    found = [(account, desk.settings.prompts / "samples" / f"{account}.yaml") for account in await desk.accounts.list()]
    messages = [message for account, path in found if path.exists() for message in read_samples(path, account)]
    received = [await desk.intake.receive(message) for message in messages]
    if not desk.settings.model:
        with only_warnings():
            for receipt in received:
                await desk.triages.finish(receipt.id)
    return len(messages)


def read_samples(path: Path, account: str) -> list[Message]:
    """In the order of their arrival. Raises ValueError for what is no message."""
    return [_message(given, account) for given in read_yaml(path)]


def _message(given: dict[str, Any], account: str) -> Message:
    fields = {name: value for name, value in given.items() if name != "hours_ago"}
    at = utc_now() - timedelta(hours=given["hours_ago"])
    return Message.model_validate(fields | {"account": account, "received_at": at})
