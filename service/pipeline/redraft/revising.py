"""A message's way gone again for another draft: a person has settled the queue, and wrote some of the words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.answers import CannedAnswer
from service.domain.cleaned import Cleaned
from service.domain.decision import Alternative, Decision
from service.domain.draft import Draft, NoDraft, Paragraph
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.redacted import EMPTY, Redacted, Vault
from service.domain.triage import Triage
from service.errors import FieldProblem, RefusedError
from service.phrases import Phrases
from service.pipeline.draft import BLANK_LINE, findings
from service.pipeline.draft.slots import call_slots, written
from service.pipeline.knowledge import Knowledge
from service.pipeline.prompting.redrafting import MARK, Current, Revision
from service.pipeline.redact.beside import redact_beside
from service.pipeline.redraft.keeping import Start, put_back, with_paragraphs
from service.pipeline.redraft.rework import Setting, reworked
from service.pipeline.redraft.shorter import Matter
from service.pipeline.redraft.wishes import Wish, understood

SHORTER = "shorter"
CALL, NOTHING = "{creneau}", "-"
TRANSLATE = "translate it by hand, or set AIGUILLEUR_MODEL to have it translated"


@dataclass(frozen=True, slots=True)
class Revising:
    """What a new version is made of. `decision`: the queue, as a person's word. `by_rule`: the wishes, where no model
    is asked; None: a model is, if the account has one. `base` is None where there was no draft. `cited`: the canned
    answers that the draft rests on so far. `phrases` are of the draft's language. `sober`: words of sympathy belong
    to the draft."""

    decision: Decision
    start: Start
    base: Draft | None
    cited: Sequence[CannedAnswer]
    phrases: Phrases
    now: datetime
    wish: str = ""
    by_rule: tuple[Wish, ...] | None = None
    sober: bool = False

    def redact(self, cleaned: Cleaned, message: Message, playbook: Playbook) -> tuple[Redacted, Vault, Revision | None]:
        """The message as if it were written in the language that is wished for; what a model is shown beside it, None
        where it is not asked."""
        texts = [self.wish or NOTHING, *(part.text for part in self.start.paragraphs)]
        redacted, vault, (wish, *shown) = redact_beside(cleaned, message, playbook, texts)
        if self.by_rule is not None:
            language = language_of(self.by_rule)
            return (replace(redacted, language=language) if language else redacted), vault, None
        current = tuple(Current(text, at in self.start.locked) for at, text in enumerate(shown) if text)
        return redacted, vault, Revision(wish if self.wish else EMPTY, current)

    def revised(
        self, proposed: Draft | NoDraft, redacted: Redacted, knowledge: Knowledge, by_model: bool
    ) -> Draft | NoDraft:
        """The draft with the person's own paragraphs. What a model was to grant and did not is granted by rule where
        it can be. Raises RefusedError where a wish cannot be granted."""
        asked = self.by_rule
        if asked is None:
            asked = understood(self.wish, knowledge.playbook.language) if self.wish and not by_model else ()
        wishes, language = [one for one in asked if not one.language], language_of(asked)
        if language and (isinstance(proposed, NoDraft) or proposed.language != language):
            raise _refused(f"No canned answer of this queue is written in that language ({language}).", TRANSLATE)
        if wishes and not language and self.base is not None and self._is_of_queue(self.base):
            return self._reworked(self.start, wishes, self.base, redacted, knowledge.playbook)
        if isinstance(proposed, NoDraft):
            return proposed
        draft = self._with_own(proposed, knowledge.phrases)
        start = Start(draft.paragraphs, self.locked_in(draft))
        return self._reworked(start, wishes, draft, redacted, knowledge.playbook) if wishes else draft

    def _is_of_queue(self, draft: Draft) -> bool:
        """Whether the draft is for the queue that is in force; one that rests on no answer is the person's own."""
        queues = {one.queue for one in self.cited if one.id in draft.answers}
        return not queues or self.decision.queue in queues

    def _with_own(self, proposed: Draft, phrases: Phrases) -> Draft:
        placed = _placed(proposed.paragraphs, self.start)
        if not (self.start.locked or self.start.removed) and len(placed) == len(proposed.paragraphs):
            return proposed
        draft = with_paragraphs(proposed, put_back(placed, self.start))
        found = (*findings.lasting(proposed.findings, bool(self.start.locked)), *findings.tokens(draft.body, phrases))
        return draft.model_copy(update={"findings": found})

    def locked_in(self, draft: Draft) -> frozenset[int]:
        """Where the person's own paragraphs stand in a draft."""
        own = {self.start.paragraphs[index].text for index in self.start.locked}
        return frozenset(at for at, part in enumerate(draft.paragraphs) if part.text in own)

    def _reworked(
        self, start: Start, wishes: Sequence[Wish], draft: Draft, redacted: Redacted, playbook: Playbook
    ) -> Draft:
        slots = call_slots(playbook.calls, playbook.timezone, self.now) if playbook.calls else ()
        when = written(slots, draft.language)
        call = self.phrases("wishes.appointment.call").replace(CALL, when) if when else ""
        matter = Matter.of((redacted.subject, redacted.own), self.cited, sober=self.sober)
        made = reworked(start, wishes, Setting(playbook, matter, self.phrases, call))
        done = with_paragraphs(draft, made.paragraphs)
        computed = dict.fromkeys((*draft.computed, *((when,) if when and when in done.body else ())))
        kept = findings.lasting(draft.findings, bool(start.locked))
        gone = [*kept, *findings.left_out(made.left_out, self.phrases, "shorter")]
        if [one.id for one in wishes] == [SHORTER]:
            before = BLANK_LINE.join(part.text for part in start.paragraphs)
            gone += findings.barely_shorter(before, done.body, self.phrases)
        return done.model_copy(update={"computed": tuple(computed), "findings": tuple(gone)})


def language_of(wishes: Sequence[Wish]) -> str:
    """The language that they ask for, or ""."""
    return next((one.language for one in wishes if one.language), "")


def settled(triage: Triage, queue: str | None) -> Decision:
    """What was concluded, with that queue as a person's word; without one, as it was concluded."""
    if queue is None:
        return Decision(
            outcome=triage.outcome,
            outcome_reason=triage.outcome_reason,
            queue=None,
            confidence=triage.confidence,
            alternatives=triage.alternatives,
            flags=triage.flags,
        )
    return Decision(
        outcome="routed",
        outcome_reason="confident",
        queue=queue,
        confidence=1.0,
        alternatives=(Alternative(queue=queue, probability=1.0),),
        secondary=tuple(other for other in triage.secondary if other != queue and len(triage.asks) != 1),
        flags=triage.flags,
    )


def _placed(paragraphs: Sequence[Paragraph], start: Start) -> list[Paragraph]:
    """The model's paragraphs, with what it names by number in its place."""
    made: list[Paragraph] = []
    for part in paragraphs:
        named = MARK.match(part.text)
        index = int(named[1]) - 1 if named else None
        if index is None:
            made.append(part)
        elif index in start.locked and not any(one is start.paragraphs[index] for one in made):
            made.append(start.paragraphs[index])
    return made


def _refused(detail: str, cure: str) -> RefusedError:
    return RefusedError(detail, (FieldProblem("wish", cure, "wish_language"),))
