"""The part of a prompt that never changes between messages of one playbook: what providers can cache."""

from typing import Any

import yaml

from service.domain.playbook import Playbook, Queue
from service.pipeline.prompting.texts import Texts
from service.pipeline.prompting.tokens import TokenCounter

DETAIL = ("main instructions", "instructions", "keywords", "facts")
"""What a standing part tells beyond the rules, which always stand; the last is given up first."""

MAIN = 3
MOST_KEYWORDS = 10
FACTS_SHARE = 0.1


class Standing:
    """Standing parts of one set of texts, rendered and counted once for each playbook and level of detail."""

    def __init__(self, texts: Texts, counter: TokenCounter) -> None:
        self._texts = texts
        self._counter = counter
        self._known: dict[tuple[str, str, str, int, int], tuple[str, int]] = {}

    def part(self, kind: str, playbook: Playbook, level: int, limit: int) -> tuple[str, int]:
        """The text and its tokens. `level` is the number of details of `DETAIL` told; facts take a share of `limit`."""
        key = (kind, playbook.account, playbook.version, level, limit)
        if key not in self._known:
            if len(self._known) > 64:
                self._known.clear()
            text = self._texts.render(f"{kind}.system", self._values(playbook, level, limit))
            self._known[key] = (text, self._counter.count(text))
        return self._known[key]

    def _values(self, playbook: Playbook, level: int, limit: int) -> dict[str, Any]:
        told = DETAIL[:level]
        return {
            "account": playbook.label,
            "language": playbook.language,
            "queues": [_queue(queue, told) for queue in playbook.queues],
            "precedence": [rule.rule for rule in playbook.precedence],
            "flags": [{"id": flag.id, "definition": flag.definition} for flag in playbook.flags],
            "tone": list(playbook.tone.instructions),
            "signature": " / ".join(playbook.tone.signature.splitlines()),
            "facts": self._facts(playbook, int(limit * FACTS_SHARE)) if "facts" in told else "",
        }

    def _facts(self, playbook: Playbook, tokens: int) -> str:
        """Whole facts in the order of the file, those left out that no longer fit: a fact cut short is a false one."""
        kept: list[str] = []
        for name, fact in playbook.facts.items():
            line = yaml.safe_dump({name: fact}, allow_unicode=True, sort_keys=False, width=10_000).strip()
            cost = self._counter.count(line) + 1
            if cost <= tokens:
                kept.append(line)
                tokens -= cost
        return "\n".join(kept)


def _queue(queue: Queue, told: tuple[str, ...]) -> dict[str, Any]:
    return {
        "id": queue.id,
        "label": queue.label,
        "level": queue.level,
        "definition": queue.definition,
        "instructions": _instructions(queue, told),
        "keywords": _keywords(queue) if "keywords" in told else "",
    }


def _instructions(queue: Queue, told: tuple[str, ...]) -> list[str]:
    if "instructions" in told:
        return list(queue.instructions)
    return list(queue.instructions[:MAIN]) if "main instructions" in told else []


def _keywords(queue: Queue) -> str:
    """The expressions of most weight that speak for the queue."""
    speaking = sorted((k for k in queue.keywords if k.weight > 0), key=lambda keyword: -keyword.weight)
    return " ; ".join(keyword.expression for keyword in speaking[:MOST_KEYWORDS])
