"""Builds prompts that never exceed their budget (docs/adr/0005-prompt-budget.md)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from service.domain.answers import CannedAnswer
from service.domain.candidates import Candidates
from service.domain.playbook import Playbook
from service.domain.redacted import EMPTY, Redacted, RedactedText, ours, together
from service.domain.votes import Vote
from service.pipeline.prompting.fence import anonymous, nonce, plain
from service.pipeline.prompting.material import Material, gather
from service.pipeline.prompting.reading import Offered
from service.pipeline.prompting.redrafting import Revision
from service.pipeline.prompting.schema import draft_schema, slot_names, triage_schema
from service.pipeline.prompting.standing import Standing
from service.pipeline.prompting.texts import Texts, Value
from service.pipeline.prompting.tokens import TokenCounter
from service.playbooks.matcher import Hit
from service.ports import Prompt, Turn

EXAMPLE_TOKENS = 160
QUOTED_TOKENS = 600
LEAST_OWN_TOKENS = 40
TURN_TOKENS = 8
_MOST_ECHO_TOKENS = 1_500
_MOST_SCHEMAS = 128
_SHOWN = {"id", "queue", "title", "situation", "language", "body"}


class PromptTooLargeError(Exception):
    """The rules, the schema and a scrap of the message do not fit into the model's context. Stays in the pipeline."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt with what its answer may name. `tokens`: no less than turns, schema and room for the answer take."""

    prompt: Prompt
    offered: Offered
    tokens: int
    limit: int


class Prompter:
    """Thinks in tokens of one counter. Everything that repeats between messages is rendered and counted once."""

    def __init__(self, texts: Texts, counter: TokenCounter, answer_tokens: int = 1_500) -> None:
        self._counter = counter
        self._answer_tokens = answer_tokens
        self._texts_of = lru_cache(maxsize=16)(lambda overrides: texts.overridden(dict(overrides)))
        self._standing_of = lru_cache(maxsize=16)(lambda given: Standing(given, counter))
        self._example = lru_cache(maxsize=512)(self._trim_example)
        self._answer = lru_cache(maxsize=1_024)(self._show_answer)
        self._schemas: dict[tuple[str, str, int, bool], tuple[dict[str, Any], RedactedText, int]] = {}

    def build(
        self,
        playbook: Playbook,
        redacted: Redacted,
        candidates: Candidates,
        votes: Sequence[Vote],
        hits: Sequence[Hit],
        limit: int,
        queue: str | None = None,
        revision: Revision | None = None,
    ) -> Asked:
        """What to ask about one message within `limit` tokens, answer included; with a `queue`, only for a draft, and
        with a `revision` for one that takes the place of another.

        Raises PromptTooLargeError where the rules alone do not fit.
        """
        texts: Texts = self._texts_of(tuple(sorted(playbook.texts.items())))
        kind = "triage" if queue is None else "draft"
        material = gather(redacted, candidates, votes, hits, queue)
        material = replace(material, quoted=self._counter.head(material.quoted, QUOTED_TOKENS))
        standing = self._standing_of(texts)
        part = standing.usual(kind, playbook, limit)
        while True:
            schema, words, schema_tokens = self._schema(texts, playbook, len(material.answers), queue)
            user = self._user(texts, material, redacted, playbook, queue, revision)
            fixed = part.tokens + schema_tokens + self._answer_tokens + 3 * TURN_TOKENS
            tokens = fixed + self._counter.most(user, self._known(texts, material))
            if tokens > limit:
                tokens = fixed + self._counter.count(user)
            if tokens <= limit:
                break
            if material.examples or material.answers or material.quoted:
                material = self._cut_optional(material, tokens - limit)
            elif less := standing.poorer(part, kind, playbook, limit):
                part = less
            else:
                material = self._cut_own(material, tokens - limit)
        turns = (Turn("system", part.text), Turn("user", user))
        prompt = Prompt(turns, schema, self._answer_tokens, words, weighed=queue is None)
        return Asked(prompt, self._offered(playbook, material, queue), tokens, limit)

    def repair(self, asked: Asked, playbook: Playbook, answer: str, problem: str | None) -> Prompt | None:
        """The same prompt, the answer, and what is wrong with it (None: it was cut); None where that does not fit."""
        texts: Texts = self._texts_of(tuple(sorted(playbook.texts.items())))
        said = (
            texts.render("shared.repair", {"problem": ours(problem)}) if problem else texts.render("shared.shorten", {})
        )
        request = together(said, EMPTY, asked.prompt.schema_words)
        left = asked.limit - asked.tokens - self._counter.count(request) - 2 * TURN_TOKENS
        if left < 1:
            return None
        # What a model says rests on what it was shown.
        echo = self._counter.head(RedactedText(answer), min(left, _MOST_ECHO_TOKENS))
        turns = (*asked.prompt.turns, Turn("assistant", echo), Turn("user", request))
        return replace(asked.prompt, turns=turns, schema_words=EMPTY)

    def _cut_optional(self, material: Material, excess: int) -> Material:
        """Without examples, then canned answers, then quoted thread, by as much as is too much, the last ones first."""
        if material.examples:
            while material.examples and excess > 0:
                excess -= self._counter.size_known(self._example(material.examples[-1].text))[0]
                material = material.fewer_examples()
            return material
        if material.answers:
            while material.answers and excess > 0:
                excess -= self._counter.size_known(material.answers[-1].answer.body)[0]
                material = material.fewer_answers()
            return material
        kept = self._counter.count(material.quoted) - excess
        return replace(material, quoted=self._counter.head(material.quoted, kept) if kept > 0 else EMPTY)

    def _known(self, texts: Texts, material: Material) -> list[RedactedText]:
        """The texts of a prompt that come back in others: worth remembering how long they are."""
        return [self._example(neighbour.text) for neighbour in material.examples] + self._answers(texts, material)

    def _answers(self, texts: Texts, material: Material) -> list[RedactedText]:
        slots = zip(slot_names(len(material.answers)), material.answers, strict=True)
        return [self._answer(texts, slot, scored.answer) for slot, scored in slots]

    def _cut_own(self, material: Material, excess: int) -> Material:
        kept = self._counter.count(material.own) - excess
        if kept < LEAST_OWN_TOKENS:
            raise PromptTooLargeError
        return replace(material, own=self._counter.middle_out(material.own, kept))

    def _user(
        self,
        texts: Texts,
        material: Material,
        redacted: Redacted,
        playbook: Playbook,
        queue: str | None,
        revision: Revision | None,
    ) -> RedactedText:
        values = self._values(texts, material, redacted, playbook, queue)
        if revision is None:
            return texts.render("triage.message" if queue is None else "draft.message", values)
        code = nonce(material.subject, material.own, material.quoted, *revision.texts)
        return texts.render("redraft.message", {**values, **revision.values(), "nonce": code})

    def _values(
        self, texts: Texts, material: Material, redacted: Redacted, playbook: Playbook, queue: str | None
    ) -> dict[str, Value]:
        decided = playbook.queue(queue) if queue else None
        return {
            "nonce": nonce(material.subject, material.own, material.quoted, *(e.text for e in material.examples)),
            "has_hits": bool(material.hits),
            "hits": tuple({"owner": ours(owner), "expressions": ours(words)} for owner, words in material.hits),
            "hints": ours(", ".join(material.hints)),
            "has_examples": bool(material.examples),
            "examples": tuple({"text": self._example(e.text), "queue": ours(e.queue)} for e in material.examples),
            "answers": ours("\n\n".join(self._answers(texts, material))),
            "decided": ours(f"{decided.id} : {decided.label}. {decided.definition}") if decided else EMPTY,
            "channel": ours(redacted.channel),
            "recipient": plain(redacted.recipient),
            "written_in": ours(redacted.language),
            "subject": material.subject,
            "own": material.own,
            "quoted": material.quoted,
        }

    def _schema(
        self, texts: Texts, playbook: Playbook, answers: int, queue: str | None
    ) -> tuple[dict[str, Any], RedactedText, int]:
        key = (playbook.account, playbook.version, answers, queue is None)
        if key not in self._schemas:
            if len(self._schemas) >= _MOST_SCHEMAS:
                self._schemas.clear()
            slots = slot_names(answers)
            schema = triage_schema(playbook, slots) if queue is None else draft_schema(playbook, slots)
            words = texts.render("shared.schema", {"schema": ours(json.dumps(schema, ensure_ascii=False))})
            self._schemas[key] = (schema, words, self._counter.count(words) + TURN_TOKENS)
        return self._schemas[key]

    def _offered(self, playbook: Playbook, material: Material, queue: str | None) -> Offered:
        shown = [scored.answer.id for scored in material.answers]
        slots = dict(zip(slot_names(len(shown)), shown, strict=True))
        return Offered(playbook.queue_ids, tuple(flag.id for flag in playbook.flags), slots, queue is not None)

    def _trim_example(self, text: RedactedText) -> RedactedText:
        return self._counter.head(plain(anonymous(text)), EXAMPLE_TOKENS)

    def _show_answer(self, texts: Texts, slot: str, answer: CannedAnswer) -> RedactedText:
        shown = {name: ours(text) for name, text in answer.model_dump(include=_SHOWN).items()}
        return texts.render("shared.answer", {"slot": ours(slot), **shown})
