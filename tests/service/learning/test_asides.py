"""Flags and other asks: told sentence by sentence, learned from messages and from tagged made-up ones."""

from dataclasses import replace

import numpy as np
import pytest

from service.domain.playbook import QueueExample
from service.learning.asides import ask_numbers, besides
from service.learning.examples import Example
from service.learning.fit import fit
from service.learning.learned import Learned
from service.learning.linear import Parts, fit_parts_held_out, likeness, margins, matrix
from service.learning.reading import read
from service.learning.sentences import sentences
from service.learning.vocabulary import Features
from service.pipeline.votes import classifier
from tests.service.learning.small import answers, examples, playbook, redacted, silent


def cut(text: str, subject: str = "") -> list[tuple[str, bool]]:
    message = redacted(text, subject)
    return [(" ".join(one.reading.words), one.cue) for one in sentences(message, read(message))]


def test_a_message_is_cut_into_its_subject_and_sentences_and_cues_are_heard() -> None:
    assert cut("On a volé ma voiture. PS : notez ma nouvelle adresse !\nMerci bien à vous", "Vol de voiture") == [
        ("vol de voiture", False),
        ("on a vole ma voiture", False),
        ("notez ma nouvelle adresse", True),
        ("merci bien a vous", False),
    ]


def asking(text: str) -> list[bool]:
    message = redacted(text)
    return [one.asks for one in sentences(message, read(message))]


def test_a_sentence_asks_by_its_mark_or_its_words_unless_it_is_announced_as_another_ask() -> None:
    assert asking("On a volé ma voiture. Vous couvrez le vol ? Je suis bien ennuyé de tout ça.") == [False, True, False]
    assert asking("Dites moi ce qui manque. Il est parti hier. Je vous écris pour la voiture.") == [True, False, True]
    assert asking("Où en est mon dossier volé. Au passage, pouvez vous noter ma nouvelle adresse ?") == [True, False]


def test_short_sentences_are_left_out_unless_there_is_no_other() -> None:
    assert cut("Bonjour. Je veux quitter le club. Merci.") == [("je veux quitter le club", False)]
    assert cut("Vol !") == [("vol", False)]
    assert cut("") == []


def test_a_long_letter_is_read_to_a_bound() -> None:
    assert len(cut("Je veux quitter le club. " * 500)) == 40


@pytest.mark.parametrize("compared", [True, False])
def test_parts_are_judged_by_a_model_that_has_not_seen_their_message(compared: bool) -> None:
    """Of fold 1, what a model without fold 1 says; with least squares that model is never built for it. An SVM is as
    near as its solver."""
    rng = np.random.default_rng(2)
    rows = [Features(np.arange(6, dtype=np.int32), rng.normal(size=6).astype(np.float32)) for _ in range(30)]
    given, folds = matrix(rows, 6), np.array([-1] * 10 + [0, 1] * 10)
    wanted = rng.random((30, 2)) > 0.5
    parts = Parts(matrix(rows[10:], 6), np.arange(10, 30))
    alike = likeness(given) if compared else None
    _, held, apart = fit_parts_held_out(given, wanted, np.ones(30), folds, alike, parts)
    assert np.allclose(apart, held[10:], atol=1e-4)
    rest = folds != 1
    kept = likeness(given[rest]) if compared else None
    alone, _, _ = fit_parts_held_out(given[rest], wanted[rest], np.ones(20), np.full(20, -1), kept, None)
    near = 1e-4 if compared else 0.05
    assert np.allclose(apart[1::2], margins(alone, given[folds == 1]), atol=near)


def test_what_one_sentence_asks_for_besides_counts_however_long_the_message_is() -> None:
    """Two queues, three sentences; the second queue is asked for in the last."""
    beside = np.array([[-0.9, -0.8], [-1.0, -1.0], [-1.0, -0.9], [-0.7, 0.6]])
    said = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]])
    numbers = ask_numbers(np.array([0.5, -0.5]), beside, said, [False, False, True], words=40)
    assert numbers[:, -1].tolist() == [-0.7, 0.6]
    assert numbers[1, :2].tolist() == [-0.5, -0.8]


def test_what_is_asked_for_together_is_counted_and_drawn_towards_what_is_usual() -> None:
    """Twenty messages of each of three queues; ten of the first ask for the third besides."""
    labels = np.repeat([0, 1, 2], 20)
    rates = besides(labels, [(at, 2) for at in range(10)], np.ones(60), 3)
    assert rates[0, 2] == pytest.approx((10 + 10 / 6) / 30)
    assert rates[1, 2] == pytest.approx(10 / 6 / 30)
    assert not rates[:, :2].any()


def test_what_is_likely_asked_for_besides_goes_by_the_queues_names(taught: Learned) -> None:
    there = taught.besides(("vol", "adresse"), np.array([1.0, 0.0]))
    assert taught.besides(("new", "adresse", "vol"), np.array([0.0, 0.0, 1.0])).tolist() == [0.0, *there[::-1]]
    assert there[1] == pytest.approx(1 / 3)


@pytest.fixture(scope="module")
def taught() -> Learned:
    """Made-up examples alone: a move told beside a theft, thirty times over."""
    both = QueueExample(
        text="On a volé ma voiture hier. Par ailleurs, j'ai déménagé : notez l'adresse.",
        secondary=("adresse",),
        flags=(),
    )
    one = QueueExample(text="On a volé ma voiture hier, urgent !", flags=("urgent",))
    plain = QueueExample(text="On a volé ma voiture hier. Je le signale ce matin.", flags=())
    vol = playbook().queue("vol").model_copy(update={"examples": (both, one, plain) * 30})
    queues = tuple(vol if queue.id == "vol" else queue for queue in playbook().queues)
    return fit([], playbook().model_copy(update={"queues": queues}), answers(), silent)


def test_tagged_examples_teach_flags_and_other_asks_before_there_is_any_history(taught: Learned) -> None:
    vote = classifier.vote(redacted("Ma voiture a été volée. Par ailleurs, j'ai déménagé, notez l'adresse."), taught)
    alone = classifier.vote(redacted("Ma voiture a été volée hier. Je le signale."), taught)
    assert vote.secondary["adresse"] > 0.5 > alone.secondary.get("adresse", 0.0)
    urgent = classifier.vote(redacted("Ma voiture a été volée, urgent !"), taught)
    assert urgent.flags["urgent"] > 2 * alone.flags["urgent"]


def test_untagged_examples_say_nothing_of_flags(taught: Learned) -> None:
    untold = QueueExample(text="On a volé ma voiture hier, urgent !")
    vol = playbook().queue("vol").model_copy(update={"examples": (untold,) * 90})
    queues = tuple(vol if queue.id == "vol" else queue for queue in playbook().queues)
    learned = fit([], playbook().model_copy(update={"queues": queues}), answers(), silent)
    assert classifier.vote(redacted("urgent !"), learned).flags["urgent"] < 0.5


def test_flags_that_nobody_looked_at_teach_nothing_however_many_there_are() -> None:
    """A model that raises every flag on every message; people said the queues alone."""
    raised = [
        replace(one, flags=("urgent",), flags_told=False, asks_told=False) for one in examples() for _ in range(5)
    ]
    believed = [replace(one, flags_told=True, asks_told=True) for one in raised]

    def urgent(more: list[Example]) -> float:
        learned = fit([*examples(), *more], playbook(), answers(), silent)
        return classifier.vote(redacted("ma voiture a été volée"), learned).flags["urgent"]

    assert urgent(raised) == pytest.approx(urgent([]), abs=0.05)
    assert urgent(believed) > urgent(raised) + 0.5


def test_where_a_flag_must_not_be_missed_it_is_raised_sooner() -> None:
    def threshold(must_not_miss: bool) -> float:
        flags = tuple(one.model_copy(update={"must_not_miss": must_not_miss}) for one in playbook().flags)
        doubtful = [one for one in examples() for _ in (1, 2)]
        return (
            fit(doubtful, playbook().model_copy(update={"flags": flags}), answers(), silent).flag_signals[0].threshold
        )

    assert threshold(True) <= threshold(False)
