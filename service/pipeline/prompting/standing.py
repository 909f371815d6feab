"""The part of a prompt that never changes between messages of one playbook: what providers can cache."""

from dataclasses import dataclass

import yaml

from service.domain.playbook import Playbook, Queue
from service.domain.redacted import EMPTY, RedactedText, ours
from service.pipeline.prompting.texts import Texts, Value
from service.pipeline.prompting.tokens import TokenCounter

SHARE = 0.55
"""Of the limit that the standing part may take, so that canned answers and examples keep their room."""

FACTS_SHARE = 0.1
MOST_KEYWORDS = 10
_MOST_KNOWN = 128


@dataclass(frozen=True, slots=True)
class Detail:
    """What is told beyond the rules and definitions, which always stand: the first so many instructions of
    each queue, its keywords, the account's facts."""

    instructions: int
    keywords: bool
    facts: bool

    def less(self) -> "Detail | None":
        """One step poorer: facts go first, then keywords, then the last instruction of each queue; None at the end."""
        if self.facts:
            return Detail(self.instructions, self.keywords, False)
        if self.keywords:
            return Detail(self.instructions, False, False)
        return Detail(self.instructions - 1, False, False) if self.instructions else None


@dataclass(frozen=True, slots=True)
class Part:
    text: RedactedText
    tokens: int
    detail: Detail


class Standing:
    """Standing parts of one set of texts, rendered and counted once for each playbook and detail."""

    def __init__(self, texts: Texts, counter: TokenCounter) -> None:
        self._texts = texts
        self._counter = counter
        self._parts: dict[tuple[str, str, str, int, Detail], Part] = {}
        self._usual: dict[tuple[str, str, str, int], Part] = {}

    def usual(self, kind: str, playbook: Playbook, limit: int) -> Part:
        """The part that every message gets: as much detail as fits into its share of `limit` tokens."""
        key = (kind, playbook.account, playbook.version, limit)
        if key not in self._usual:
            asks_queue = kind == "triage"
            most = max(len(queue.instructions) for queue in playbook.queues) if asks_queue else 0
            part = self._part(kind, playbook, limit, Detail(most, asks_queue, True))
            while part.tokens > limit * SHARE and (less := self.poorer(part, kind, playbook, limit)):
                part = less
            if len(self._usual) >= _MOST_KNOWN:
                self._usual.clear()
            self._usual[key] = part
        return self._usual[key]

    def poorer(self, part: Part, kind: str, playbook: Playbook, limit: int) -> Part | None:
        """The part with less detail, for a message that needs more room; None where only the rules are left."""
        detail = part.detail.less()
        return self._part(kind, playbook, limit, detail) if detail else None

    def _part(self, kind: str, playbook: Playbook, limit: int, detail: Detail) -> Part:
        key = (kind, playbook.account, playbook.version, limit, detail)
        if key not in self._parts:
            if len(self._parts) >= _MOST_KNOWN:
                self._parts.clear()
            text = self._texts.render(f"{kind}.system", self._values(playbook, detail, limit))
            self._parts[key] = Part(text, self._counter.count(text), detail)
        return self._parts[key]

    def _values(self, playbook: Playbook, detail: Detail, limit: int) -> dict[str, Value]:
        return {
            "account": ours(playbook.label),
            "language": ours(playbook.language),
            "queues": tuple(_queue(queue, detail) for queue in playbook.queues),
            "precedence": tuple(ours(rule.rule) for rule in playbook.precedence),
            "flags": tuple({"id": ours(flag.id), "definition": ours(flag.definition)} for flag in playbook.flags),
            "tone": tuple(map(ours, playbook.tone.instructions)),
            "situations": tuple(
                {"label": ours(one.label), "how": ours(" ".join(one.instructions))}
                for one in playbook.situations
                if one.instructions
            ),
            "signature": ours(" / ".join(playbook.tone.signature.splitlines())),
            "facts": self._facts(playbook, int(limit * FACTS_SHARE)) if detail.facts else EMPTY,
        }

    def _facts(self, playbook: Playbook, tokens: int) -> RedactedText:
        """Whole facts in the order of the file, those left out that no longer fit: a fact cut short is a false one."""
        kept: list[str] = []
        for name, fact in playbook.facts.items():
            line = yaml.safe_dump({name: fact}, allow_unicode=True, sort_keys=False, width=10_000).strip()
            cost = self._counter.count(line) + 1
            if cost <= tokens:
                kept.append(line)
                tokens -= cost
        return ours("\n".join(kept))


def _queue(queue: Queue, detail: Detail) -> dict[str, Value]:
    return {
        "id": ours(queue.id),
        "label": ours(queue.label),
        "level": queue.level,
        "definition": ours(queue.definition),
        "instructions": tuple(map(ours, queue.instructions[: detail.instructions])),
        "keywords": _keywords(queue) if detail.keywords else EMPTY,
    }


def _keywords(queue: Queue) -> RedactedText:
    """The expressions of most weight that speak for the queue."""
    speaking = sorted((k for k in queue.keywords if k.weight > 0), key=lambda keyword: -keyword.weight)
    return ours(" ; ".join(keyword.expression for keyword in speaking[:MOST_KEYWORDS]))
