"""Rank: which canned answers a good reply rests on, from what recall found and what was decided."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from service.domain.candidates import Candidates, ScoredAnswer
from service.domain.decision import Decision
from service.domain.playbook import Playbook
from service.learning.answers import SECONDARY, AnswerModel, Catalogue, answer_numbers, answered
from service.learning.learned import Learned
from service.learning.speaker import Speaker

ANSWERS = 10
UNLEARNED = AnswerModel()


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
    today = now.astimezone(ZoneInfo(playbook.timezone)).date()
    told = candidates.told
    valid = [at for at, answer in enumerate(told.answers) if answer.is_valid(today)]
    catalogue = Catalogue.of([told.answers[at] for at in valid])
    numbers = answer_numbers(
        catalogue,
        _asked(decision, playbook),
        catalogue.by_id(margins, np.nan),
        answered((one.answers, one.similarity) for one in candidates.neighbours),
        np.array([told.words[at] for at in valid]),
        np.array([told.vectors[at] for at in valid]),
        speaker,
        playbook.language,
    )
    scores = (learned.answers if learned else UNLEARNED).scores(numbers)
    order = np.argsort(-scores, kind="stable").tolist()
    best = {catalogue.answers[at].queue: at for at in reversed(order)}
    asked = (decision.queue or decision.guess or "", *decision.secondary)
    named = (at for at in order if catalogue.answers[at].id in kept)
    stay = {*order[:ANSWERS], *(best[queue] for queue in asked if queue in best), *named}
    ranked = (ScoredAnswer(catalogue.answers[at], float(scores[at])) for at in order if at in stay)
    return replace(candidates, answers=tuple(ranked))


def _asked(decision: Decision, playbook: Playbook) -> dict[str, float]:
    """How likely each queue is asked for, first or besides; where nothing was decided all are alike."""
    if not decision.alternatives:
        return dict.fromkeys(playbook.queue_ids, 1 / len(playbook.queue_ids))
    asked = {one.queue: one.probability for one in decision.alternatives}
    return asked | {queue: max(SECONDARY, asked.get(queue, 0.0)) for queue in decision.secondary}
