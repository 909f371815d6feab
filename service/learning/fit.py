"""Learns everything anew from an account's confirmed messages, its playbook and its canned answers."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.learning.examples import ENOUGH, Example, Vectors
from service.learning.fit_answers import Texts, fit_answers, learn_answers
from service.learning.fit_promise import careful_guards, fit_promises
from service.learning.fit_signals import Asides, Heard, fit_asides, learn_asides
from service.learning.fit_weighed import Beside, Weighed, weigh
from service.learning.learned import Learned
from service.learning.material import KeywordVoter, Material
from service.learning.pool import PRIOR, VOTERS, Pool, softmax
from service.learning.promise import Threshold
from service.learning.vocabulary import Vocabulary
from service.learning.weak import as_messages

FAMILIAR_QUANTILE = 0.005


def fit(
    examples: Sequence[Example],
    playbook: Playbook,
    answers: Sequence[CannedAnswer],
    keywords: KeywordVoter,
    vectors: Vectors | None = None,
    queue_vectors: Vectors | None = None,
    answer_vectors: Vectors | None = None,
    asides: bool = True,
) -> Learned:
    """`vectors` are the examples' unit vectors, one a row, or None without an index. `queue_vectors` are those of what
    `weak.described` says of the playbook's queues, where vectors tell what means the same, so that the classifier
    learns from them as well. `answer_vectors` are the answers', in their order. `asides`: flags and other asks are
    learned too; they change no queue.

    The same data give the same result, whatever their order. Examples of queues that the playbook does
    not have are left out. Works from no examples at all: the playbook and the answers teach alone then.
    """
    order = sorted(range(len(examples)), key=lambda at: examples[at].external_id)
    kept = [at for at in order if examples[at].queue in set(playbook.queue_ids)]
    made_up = as_messages(playbook)
    if len(kept) < ENOUGH <= len(made_up):
        return _rehearsed([examples[at] for at in kept], made_up, playbook, answers, keywords, asides)
    rows = None if vectors is None else vectors[kept]
    texts = Texts(rows, answer_vectors)
    return _fitted([examples[at] for at in kept], playbook, answers, keywords, texts, queue_vectors, asides)


def _rehearsed(
    examples: Sequence[Example],
    made_up: Sequence[Example],
    playbook: Playbook,
    answers: Sequence[CannedAnswer],
    keywords: KeywordVoter,
    asides: bool,
) -> Learned:
    """Made-up examples stand in for a history that is too short to learn from how far each voter is right.

    They are more varied than mail, so that confidence stays careful; but they promise nothing, and what makes a
    real message's confidence is not learned from them.
    """
    bare = tuple(queue.model_copy(update={"examples": ()}) for queue in playbook.queues)
    history = sorted([*examples, *made_up], key=lambda one: one.external_id)
    learned = _fitted(history, playbook.model_copy(update={"queues": bare}), answers, keywords, Texts(), None, asides)
    known = learned.pools["keywords+classifier"].weights
    return replace(
        learned,
        examples=len(examples),
        pools={**learned.pools, "+".join(VOTERS): Pool((*known, PRIOR["neighbours"]))},
        confidences={},
        threshold=Threshold(playbook.thresholds.routing, promised=False),
        guards=careful_guards(playbook, learned.guards),
    ).sealed()


def _fitted(
    examples: Sequence[Example],
    playbook: Playbook,
    answers: Sequence[CannedAnswer],
    keywords: KeywordVoter,
    texts: Texts,
    queue_vectors: Vectors | None,
    asides: bool,
) -> Learned:
    works = _works(playbook, answers, asides)
    found = weigh(examples, playbook, answers, keywords, texts.examples, queue_vectors, beside=works)
    *heard, learnt = found.beside
    beside = _beside(found, playbook, *heard)
    promises = fit_promises(found, playbook)
    return Learned(
        queues=playbook.queue_ids,
        flags=tuple(flag.id for flag in playbook.flags),
        playbook_version=playbook.version,
        examples=len(examples),
        vocabulary=found.vocabulary,
        linear=found.linear,
        asides=beside.linear,
        sharpness=found.sharpness,
        pools=found.pools,
        confidences=found.confidences,
        familiarities=found.familiarities,
        threshold=promises.threshold,
        guards=promises.guards,
        text_signals=beside.text_signals,
        flag_signals=beside.flag_signals,
        ask_signal=beside.ask_signal,
        secondary=beside.secondary,
        together=tuple(tuple(row) for row in np.round(beside.together, 6).tolist()),
        familiar=_familiar(found.material, found.vocabulary),
        embedded=found.embedded,
        network=found.network,
        kindred=found.kindred,
        answers=fit_answers(learnt, found.material, playbook, answers, found.fused, texts),
    ).sealed()


def _works(playbook: Playbook, answers: Sequence[CannedAnswer], asides: bool) -> list[Beside]:
    works: list[Beside] = [lambda vocabulary, material, _: learn_answers(vocabulary, material, answers)]
    if asides:
        works.insert(0, lambda _, material, alike: learn_asides(material, playbook, alike))
    return works


def _beside(found: Weighed, playbook: Playbook, heard: Heard | None = None) -> Asides:
    if heard is None:
        return Asides.untaught(playbook, found.vocabulary.size)
    apart = softmax(found.sharpness * found.apart)
    return fit_asides(found.material, playbook, heard, found.held, apart, found.fused)


def _familiar(material: Material, vocabulary: Vocabulary) -> float:
    """The share of known words that nearly every confirmed message has."""
    if len(material.readings) < 1 / FAMILIAR_QUANTILE:
        return 0.0
    shares = [vocabulary.known_share(reading) for reading in material.readings]
    return round(float(np.quantile(shares, FAMILIAR_QUANTILE)), 4)
