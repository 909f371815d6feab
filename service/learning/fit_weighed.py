"""The local voters fitted and weighed against each other, with what each says of examples that it has not seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.heap import give_back
from service.learning.confidence import best_two, confidence_numbers
from service.learning.cores import at_once
from service.learning.corpus import Corpus
from service.learning.embedded import Embedded
from service.learning.examples import ENOUGH, Example, Vectors, fold_of, named, unread_by_authors
from service.learning.familiarity import Familiarity, familiarity_numbers, weighting
from service.learning.fit_classified import classify, fit_deep, fit_linear
from service.learning.fit_familiarity import familiar_rows, fit_familiarity
from service.learning.fit_pool import fit_pool, fit_weights
from service.learning.fit_views import fit_kindred, fit_views
from service.learning.kindred import Kindred
from service.learning.linear import Linear, Parts, likeness
from service.learning.material import KeywordVoter, Material
from service.learning.nearest import shares_left_out
from service.learning.network import Network
from service.learning.pool import PRIOR, VOTERS, Pool, opinion, softmax, views_of
from service.learning.reading import Reading, read
from service.learning.sentences import Sentence, sentences
from service.learning.signals import Signal, fit_level
from service.learning.vocabulary import Vocabulary
from service.learning.weak import weak_examples

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]
Step = Callable[[], None]
Beside = Callable[[Vocabulary, Material, Array | None], Any]
"""What else learns from the same material. The last is how alike all its rows are, or None."""

FOLDS = 5
FOLDS_OF_MANY = 3
MANY = 4_000
"""From so many messages, made-up ones among them, a third held out leaves enough, and a refit stays short."""
SHARPNESS_PRIOR = 5.0
FULL = (("keywords", "classifier"), VOTERS)
"""Sets of voters that are usual enough to learn corrections and confidence for."""
STEPS = (0.35, 0.6, 0.05)
"""What `weigh` takes for its steps, as shares of its time."""


@dataclass(frozen=True)
class Weighed:
    """`held` [example, queue] and `apart` [sentence, queue] are the linear model's margins out of fold, `beside`
    what was done besides. `fused` [example, queue] and `confidence` [example] are of all voters together, by models,
    weights and signals that have not seen the example."""

    vocabulary: Vocabulary
    material: Material
    linear: Linear
    held: Array
    apart: Array
    beside: tuple[Any, ...]
    sharpness: float
    embedded: Embedded | None
    network: Network | None
    kindred: Kindred
    pools: dict[str, Pool]
    confidences: dict[str, Signal]
    familiarities: dict[str, Familiarity]
    fused: Array
    confidence: Array
    familiar: Rows


def _no_step() -> None:
    """Nobody watches."""


def weigh(
    examples: Sequence[Example],
    playbook: Playbook,
    answers: Sequence[CannedAnswer],
    keywords: KeywordVoter,
    vectors: Vectors | None = None,
    queue_vectors: Vectors | None = None,
    step: Step = _no_step,
    beside: Sequence[Beside] = (),
) -> Weighed:
    """As `service.learning.fit.fit`; examples are all of the playbook's queues. `step` is called after each of
    `STEPS`; `beside` is done at once with the rest."""
    vocabulary, material = _material(examples, playbook, answers, keywords)
    count = len(playbook.queues)
    step()
    given = _stacked(material)
    alike = likeness(given)
    (linear, held, apart), deep, *also, neighbours, (kindred, shared) = at_once(
        [
            lambda: fit_linear(material, given, alike, count),
            lambda: fit_deep(material, given, count) if queue_vectors is None else None,
            *(partial(work, vocabulary, material, alike) for work in beside),
            lambda: _neighbours(material, vectors, count),
            lambda: fit_kindred(material, vocabulary.terms, count),
        ]
    )
    step()
    (sharpness,) = fit_weights([held], material.labels, material.importance, (SHARPNESS_PRIOR,))
    second = classify(material, sharpness * held, held, deep, vectors, queue_vectors)
    classified = _opinions(material, second.scores, playbook)
    opinions = classified | neighbours | fit_views(material, apart, sharpness, shared)
    pooled = _pools(material, opinions, held, playbook)
    step()
    embedded, network, _ = second
    return Weighed(
        vocabulary, material, linear, held, apart, tuple(also), sharpness, embedded, network, kindred, *pooled
    )


def _material(
    examples: Sequence[Example], playbook: Playbook, answers: Sequence[CannedAnswer], keywords: KeywordVoter
) -> tuple[Vocabulary, Material]:
    number = {queue: at for at, queue in enumerate(playbook.queue_ids)}
    readings, cut = _read(examples)
    unread, ordinary = _standing(examples, playbook)
    weak = weak_examples(playbook, answers)
    told = [sentence for each in cut for sentence in each]
    whole = [*readings, *(one.reading for one in weak)]
    vocabulary, given = Corpus([*whole, *(one.reading for one in told)]).vocabulary(len(whole))
    give_back()
    return vocabulary, Material(
        examples=examples,
        readings=readings,
        labels=np.array([number[example.queue] for example in examples], dtype=np.int64),
        importance=np.array([example.weight for example in examples]),
        folds=fold_of(examples, FOLDS if len(whole) < MANY else FOLDS_OF_MANY),
        unread=unread,
        ordinary=ordinary,
        given=given[: len(readings)],
        weak=weak,
        weak_given=given[len(readings) : len(whole)],
        weak_labels=np.array([number[one.queue] for one in weak], dtype=np.int64),
        keyword_votes=[keywords(example.redacted).model_copy(update={"evidence": ()}) for example in examples],
        parts=Parts(given[len(whole) :], np.repeat(np.arange(len(cut)), [len(each) for each in cut])),
        cues=np.array([one.cue for one in told], dtype=bool),
        asks=np.array([one.asks for one in told], dtype=bool),
    )


def _read(examples: Sequence[Example]) -> tuple[list[Reading], list[list[Sentence]]]:
    """Words and sentences. Their places are not kept: of a long history they would take more memory than all else."""
    readings, cut = [], []
    for example in examples:
        reading = read(example.redacted)
        cut.append(sentences(example.redacted, reading))
        readings.append(replace(reading, spans=()))
    return readings, cut


def _standing(examples: Sequence[Example], playbook: Playbook) -> tuple[Rows, Rows]:
    """Who is unread, and who is ordinary as well: see `Material`."""
    unread = unread_by_authors(examples, playbook.history.studied)
    ordinary = unread & (named(examples, playbook.history.ordinary) | (not playbook.history.ordinary))
    return unread, ordinary if ordinary.sum() >= ENOUGH else unread


def _stacked(material: Material) -> Any:
    """The examples, then everything weak."""
    from scipy.sparse import vstack  # noqa: PLC0415  only fitting pays for scipy

    return vstack([material.given, material.weak_given]).tocsr()


def _neighbours(material: Material, vectors: Vectors | None, count: int) -> dict[str, Array]:
    """The neighbours' opinions, where there is an index."""
    if vectors is None or not len(material.labels):
        return {}
    folds = [str(fold) for fold in material.folds]
    return {"neighbours": opinion(shares_left_out(vectors, material.labels, folds, count))}


def _opinions(material: Material, classified: Array, playbook: Playbook) -> dict[str, Array]:
    """Opinions [example, queue] on messages that neither voter has learned from; the classifier's scores are given."""
    return {
        "keywords": opinion(_table([vote.scores for vote in material.keyword_votes], playbook.queue_ids)),
        "classifier": opinion(softmax(classified)),
    }


def _pools(
    material: Material, opinions: dict[str, Array], held: Array, playbook: Playbook
) -> tuple[dict[str, Pool], dict[str, Signal], dict[str, Familiarity], Array, Array, Rows]:
    """Pools, confidences and familiarities by set of voters; probabilities and confidence of the largest set out of
    fold, and whether it finds each example familiar."""
    pools: dict[str, Pool] = {}
    confidences: dict[str, Signal] = {}
    familiarities: dict[str, Familiarity] = {}
    fused, sure, familiar = np.zeros((0, 0)), np.zeros(0), np.zeros(0, dtype=bool)
    levels = weighting().made_up if any(one.made_up for one in material.examples) else weighting().confirmed
    for chosen in (one for size in (1, 2, 3) for one in combinations(VOTERS, size)):
        name = "+".join(chosen)
        prior = [PRIOR[view] for view in views_of(chosen)]
        if not set(chosen) <= set(opinions):
            pools[name] = Pool(tuple(prior))
            continue
        given = [opinions[view] for view in views_of(chosen)]
        pools[name] = _pool(material, given, prior, material.unread, corrected=chosen in FULL)
        if chosen in FULL:
            fused = _out_of_fold(material, given, prior)
            numbers = _numbers(material, given, held, fused)
            signal, sure = _confidence(material, numbers, fused)
            confidences |= {name: signal} if signal else {}
            known = _familiarity_numbers(numbers, fused, given[0])
            found = fit_familiarity(chosen, known, material.ordinary & (sure >= playbook.thresholds.routing), levels)
            familiarities |= {name: found} if found else {}
            familiar = familiar_rows(found, known, fused, playbook)
    return pools, confidences, familiarities, fused, sure, familiar


def _pool(material: Material, given: Sequence[Array], prior: Sequence[float], rows: Rows, corrected: bool) -> Pool:
    chosen, labels, importance = [one[rows] for one in given], material.labels[rows], material.importance[rows]
    if corrected:
        return fit_pool(chosen, labels, importance, prior)
    return Pool(fit_weights(chosen, labels, importance, prior))


def _out_of_fold(material: Material, given: Sequence[Array], prior: Sequence[float]) -> Array:
    """Probabilities by pools that have not seen the example either."""
    fused = np.zeros_like(given[0])
    for fold in np.unique(material.folds):
        out = material.folds == fold
        pool = _pool(material, given, prior, ~out & material.unread, corrected=True)
        fused[out] = pool([one[out] for one in given])
    return fused


def _numbers(material: Material, given: Sequence[Array], held: Array, fused: Array) -> Array:
    """Those of confidence, [example, number]."""
    return np.array(
        [
            confidence_numbers(fused[row], [one[row] for one in given], best_two(held[row]), len(reading.words))
            for row, reading in enumerate(material.readings)
        ]
    )


def _familiarity_numbers(numbers: Array, fused: Array, keywords: Array) -> Array:
    rows = zip(numbers.tolist(), fused, keywords, strict=True)
    return np.array([familiarity_numbers(*row) for row in rows])


def _confidence(material: Material, numbers: Array, fused: Array) -> tuple[Signal | None, Array]:
    """The signal, and every example's confidence by a signal that has not seen it."""
    right = fused.argmax(axis=1) == material.labels
    plain = fused.max(axis=1) if len(fused) else np.zeros(0)
    unread = material.unread
    signal = fit_level(numbers[unread], right[unread])
    if signal is None:
        return None, plain
    sure = plain.copy()
    for fold in np.unique(material.folds):
        out = material.folds == fold
        apart = fit_level(numbers[~out & unread], right[~out & unread]) or signal
        sure[out] = [apart(row) for row in numbers[out].tolist()]
    return signal, sure


def _table(scores: Sequence[dict[str, float]], queues: Sequence[str]) -> Array:
    return np.array([[one.get(queue, 0.0) for queue in queues] for one in scores]).reshape(len(scores), len(queues))
