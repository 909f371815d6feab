"""A playbook's content: its version, and its files."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import yaml

from service.domain.playbook import Flag, Keyword, Playbook, Queue
from service.playbooks.example_files import EXAMPLES
from service.playbooks.sheets import ACCOUNT, FACTS, FLAGS, PRECEDENCE, QUEUES, SITUATIONS, Account

VERSION_DIGITS = 12


def content_version(playbook: Playbook) -> str:
    """SHA-256 of the playbook's canonical JSON, cut to 12 hex digits. Blind to the order of queues."""
    unset = {"targets"} if playbook.targets is None else set()  # a playbook of before keeps its version
    content = playbook.model_dump(mode="json", exclude={"version"} | unset)
    content["queues"].sort(key=lambda queue: queue["id"])
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:VERSION_DIGITS]


def export(playbook: Playbook) -> dict[str, str]:
    """Files that parse to an equal playbook, laid out as an advisor would write them."""
    account = Account(**{name: getattr(playbook, name) for name in Account.model_fields})
    files = {
        ACCOUNT: as_yaml(_without_none(account.model_dump(mode="json"))),
        PRECEDENCE: as_yaml([rule.model_dump(mode="json", exclude_none=True) for rule in playbook.precedence]),
        FLAGS: as_yaml([_with_block(flag) for flag in playbook.flags]),
        FACTS: as_yaml(playbook.facts),
    }
    if playbook.situations:
        files[SITUATIONS] = as_yaml([situation.model_dump(mode="json") for situation in playbook.situations])
    files |= {f"{QUEUES}/{queue.id}.yaml": as_yaml(_with_block(queue)) for queue in playbook.queues}
    return files | {f"{EXAMPLES}/{queue.id}.txt": _lines(queue) for queue in playbook.queues if queue.examples}


def written(keyword: Keyword) -> str:
    """A keyword as its line in a playbook."""
    if keyword.weight == 1:
        return keyword.expression
    return f"{keyword.expression} ^{shortest(keyword.weight)}"


def shortest(weight: float) -> str:
    """The shortest decimal that reads back as the same weight."""
    return f"{Decimal(repr(weight)).normalize():f}"


class _Dumper(yaml.SafeDumper):
    """Block style, texts of several lines as `|`, lists indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def as_yaml(data: object) -> str:
    """Laid out as an advisor would write it."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def _without_none(account: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in account.items() if value is not None}
    return {name: _without_none(value) if name == "retention" else value for name, value in kept.items()}


def _with_block(owner: Queue | Flag) -> dict[str, Any]:
    data = owner.model_dump(mode="json", exclude={"examples"})
    return data | {"keywords": "".join(f"{written(keyword)}\n" for keyword in owner.keywords)}


def _lines(queue: Queue) -> str:
    return "".join(f"{example.line()}\n" for example in queue.examples)
