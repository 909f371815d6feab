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
from service.errors import FieldProblem, RefusedError
from service.phrases import Phrases
from service.pipeline.draft.slots import call_slots, written
from service.pipeline.prompting.redrafting import MARK, Current, Revision
from service.pipeline.redact.beside import redact_beside
from service.pipeline.redraft.keeping import Start, put_back, with_paragraphs
from service.pipeline.redraft.rework import Setting, reworked
from service.pipeline.redraft.shorter import Matter
from service.pipeline.redraft.wishes import Wish

CALL, NOTHING = "{creneau}", "-"
TRANSLATE = "translate it by hand, or set AIGUILLEUR_MODEL to have it translated"


@dataclass(frozen=True, slots=True)
class Revising:
    """What a new version is made of. `by_rule`: the wishes, where no model is asked; None: a model is, if the account
    has one. `base` is None where there was no draft. `cited`: the canned answers that the draft rests on so far.
    `phrases` are of the draft's language. `sober`: words of sympathy belong to the draft."""

    queue: str
    start: Start
    base: Draft | None
    cited: Sequence[CannedAnswer]
    phrases: Phrases
    now: datetime
    wish: str = ""
    by_rule: tuple[Wish, ...] | None = None
    sober: bool = False

    @property
    def language(self) -> str:
        """The language that the wishes ask for, or ""."""
        return next((one.language for one in self.by_rule or () if one.language), "")

    def redact(self, cleaned: Cleaned, message: Message, playbook: Playbook) -> tuple[Redacted, Vault, Revision | None]:
        """The message as if it were written in the language that is wished for; what a model is shown beside it, None
        where it is not asked."""
        texts = [self.wish or NOTHING, *(part.text for part in self.start.paragraphs)]
        redacted, vault, (wish, *shown) = redact_beside(cleaned, message, playbook, texts)
        if self.by_rule is not None:
            return (replace(redacted, language=self.language) if self.language else redacted), vault, None
        current = tuple(Current(text, at in self.start.locked) for at, text in enumerate(shown) if text)
        return redacted, vault, Revision(wish if self.wish else EMPTY, current)

    def decided(self, decision: Decision) -> Decision:
        """The queue is a person's word."""
        settled = (Alternative(queue=self.queue, probability=1.0),)
        secondary = tuple(queue for queue in decision.secondary if queue != self.queue)
        said = {"outcome": "routed", "outcome_reason": "confident", "queue": self.queue, "confidence": 1.0}
        return decision.model_copy(update={**said, "alternatives": settled, "secondary": secondary})

    def revised(self, proposed: Draft | NoDraft, redacted: Redacted, playbook: Playbook) -> Draft | NoDraft:
        """The draft with the person's own paragraphs. Raises RefusedError where a wish cannot be granted by rule."""
        wishes = [one for one in self.by_rule or () if not one.language]
        if self.language and (isinstance(proposed, NoDraft) or proposed.language != self.language):
            raise _refused(f"No canned answer of this queue is written in that language ({self.language}).", TRANSLATE)
        if wishes and not self.language and self.base is not None:
            return self._reworked(self.start, wishes, self.base, redacted, playbook)
        if isinstance(proposed, NoDraft):
            return proposed
        made = put_back(_placed(proposed.paragraphs, self.start), self.start)
        draft = with_paragraphs(proposed, made) if self.start.locked or self.start.removed else proposed
        start = Start(draft.paragraphs, self.locked_in(draft))
        return self._reworked(start, wishes, draft, redacted, playbook) if wishes else draft

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
        told = [text for one in self.cited for text in (one.title, one.situation)]
        matter = Matter.of(redacted.subject, redacted.own, *told, sober=self.sober)
        done = with_paragraphs(draft, reworked(start, wishes, Setting(playbook, matter, self.phrases, call)).paragraphs)
        computed = dict.fromkeys((*draft.computed, *((when,) if when and when in done.body else ())))
        return done.model_copy(update={"computed": tuple(computed)})


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
    return RefusedError(detail, (FieldProblem("wish", cure),))
