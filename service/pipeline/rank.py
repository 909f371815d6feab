"""Rank: which canned answers a good reply rests on, from what recall found and what was decided."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from service.domain.answers import CannedAnswer
from service.domain.candidates import Candidates, ScoredAnswer
from service.domain.decision import Decision
from service.domain.playbook import Playbook
from service.learning.answers import SECONDARY, AnswerModel, Catalogue, answer_numbers, answered
from service.learning.learned import Learned
from service.learning.speaker import Speaker

ANSWERS = 10
UNLEARNED = AnswerModel()
MOST_KEPT = 64
"""Accounts whose answers are held ready."""
Places = NDArray[np.intp]


class _Shown(NamedTuple):
    answers: Sequence[CannedAnswer]
    day: date | None
    valid: Places
    catalogue: Catalogue


_kept: dict[int, _Shown] = {}
"""By the identity of a list that is held, so that no other one can have it."""


def rank(
    candidates: Candidates,
    decision: Decision,
    margins: Mapping[str, float],
    speaker: Speaker,
    playbook: Playbook,
    learned: Learned | None,
    now: datetime,
    kept: Collection[str] = (),
) -> Candidates:
    """With the answers that fit best, whatever their queue, and the best one of each queue that is asked for.

    Best first; a score is the probability that a good reply rests on the answer. Out of its validity none is offered.
    `margins` are the classifier's, by answer; answers named in `kept` stay whatever their place, since somebody may
    have cited them already.
    """
    told = candidates.told
    valid, catalogue = _shown(told.answers, now.astimezone(ZoneInfo(playbook.timezone)).date())
    numbers = answer_numbers(
        catalogue,
        _asked(decision, playbook),
        margins,
        answered((one.answers, one.similarity) for one in candidates.neighbours),
        np.array(told.words, dtype=np.float64)[valid],
        np.array(told.vectors, dtype=np.float64)[valid],
        speaker,
        playbook.language,
    )
    scores = (learned.answers if learned else UNLEARNED).scores(numbers)
    order = np.argsort(-scores, kind="stable")
    asked = (decision.queue or decision.guess or "", *decision.secondary)
    wanted = {*kept, *_firsts(catalogue, order, asked)}
    named = (catalogue.places[one] for one in wanted if one in catalogue.places)
    stay = sorted({*order[:ANSWERS].tolist(), *named}, key=lambda at: (-scores[at], at))
    return replace(candidates, answers=tuple(ScoredAnswer(catalogue.answers[at], float(scores[at])) for at in stay))


def _firsts(catalogue: Catalogue, order: Places, queues: Sequence[str]) -> Iterator[str]:
    """The best answer of each of these queues, by its id."""
    groups = catalogue.groups[order]
    for queue in dict.fromkeys(queues):
        if queue in catalogue.queues:
            at = int((groups == catalogue.queues.index(queue)).argmax())
            yield catalogue.answers[int(order[at])].id


def _shown(answers: Sequence[CannedAnswer], today: date) -> tuple[Places, Catalogue]:
    """Which of them may be said today. Made once for as long as search gives the same list, or once a day where one has
    a first or last day: of 10,000 answers it takes longer than all that is reckoned with them."""
    kept = _kept.get(id(answers))
    if kept is None or kept.answers is not answers or kept.day not in (None, today):
        dated = any(answer.valid_from or answer.valid_until for answer in answers)
        valid = np.array([at for at, answer in enumerate(answers) if answer.is_valid(today)], dtype=np.intp)
        kept = _Shown(answers, today if dated else None, valid, Catalogue.of([answers[at] for at in valid.tolist()]))
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[id(answers)] = kept
    return kept.valid, kept.catalogue


def _asked(decision: Decision, playbook: Playbook) -> dict[str, float]:
    """How likely each queue is asked for, first or besides; where nothing was decided all are alike."""
    if not decision.alternatives:
        return dict.fromkeys(playbook.queue_ids, 1 / len(playbook.queue_ids))
    asked = {one.queue: one.probability for one in decision.alternatives}
    return asked | {queue: max(SECONDARY, asked.get(queue, 0.0)) for queue in decision.secondary}
