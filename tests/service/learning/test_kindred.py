from dataclasses import replace

import numpy as np
import pytest

from service.domain.playbook import Playbook, QueueExample
from service.learning.fit import fit
from service.learning.fit_views import fit_kindred
from service.learning.fit_weighed import weigh
from service.learning.kindred import NEAREST, Kindred, shares
from service.learning.learned import Learned
from service.learning.reading import read
from service.learning.spread import spread
from service.learning.views import ANYWHERE, ASKED, KINDRED, OPENING, anywhere, asked
from service.learning.weak import as_messages
from service.pipeline.votes import classifier
from tests.service.learning.small import answers, examples, playbook, redacted, silent

ODD = "mon chien a mangé la carte verte du véhicule"


def taught() -> Playbook:
    """A queue that no message is of has one made-up example of an odd case."""
    queues = playbook().queues
    made_up = queues[2].model_copy(update={"examples": (QueueExample(text=ODD),)})
    return playbook().model_copy(update={"queues": (*queues[:2], made_up)})


@pytest.fixture(scope="module")
def learned() -> Learned:
    return fit(examples(), taught(), answers(), silent)


def test_a_text_that_is_alike_in_rare_words_speaks_for_its_queue(learned: Learned) -> None:
    said = classifier.vote(redacted("le chien du voisin a mangé ma carte"), learned).views[KINDRED]
    assert max(said, key=lambda queue: said[queue]) == "adresse"


def test_a_message_without_a_word_in_common_is_told_nothing(learned: Learned) -> None:
    assert classifier.vote(redacted("xylophone zébré"), learned).views[KINDRED] == {}
    assert not Kindred()(np.array([0, 1]), np.ones(2, dtype=np.float32), 3).any()


def test_the_nearest_speak_and_the_others_are_silent_however_many() -> None:
    alike = np.concatenate([[0.9, 0.8], np.full(NEAREST - 2, 0.31), np.full(900, 0.3)])
    labels = np.concatenate([[0, 1], np.full(NEAREST - 2, 3), np.full(900, 2)]).astype(np.int32)
    voices = np.ones(len(labels), dtype=np.float32)
    voices[1] = 0.5
    said = shares(alike, labels, voices, 4)
    assert said[2] == 0
    assert np.isclose(said[0] / said[1], 0.9**4 / (0.5 * 0.8**4), rtol=1e-3)


def test_what_was_fitted_is_what_is_said_of_a_new_message() -> None:
    found = weigh(sorted(examples(), key=lambda one: one.external_id), taught(), answers(), silent)
    material, vocabulary = found.material, found.vocabulary
    kindred, shared = fit_kindred(material, vocabulary.terms, 3)
    for row, example in enumerate(material.examples):
        reading = read(example.redacted)
        given = spread(vocabulary, reading, [])
        live = kindred(given.columns, given.values[0], 3)
        assert np.allclose(shared[row], live, atol=1e-5)


def test_a_made_up_example_that_stands_in_for_history_is_not_asked_about_itself() -> None:
    queues = [
        queue.model_copy(update={"examples": tuple(QueueExample(text=f"{queue.definition} {at}") for at in range(3))})
        for queue in playbook().queues
    ]
    full = playbook().model_copy(update={"queues": tuple(queues)})
    bare = full.model_copy(update={"queues": playbook().queues})
    lonely = replace(as_messages(full)[0], redacted=redacted("xylophone zébré"))
    found = weigh([lonely, *as_messages(full)[1:]], bare, answers(), silent)
    _, shared = fit_kindred(found.material, found.vocabulary.terms, 3)
    row = [one.external_id for one in found.material.examples].index(lonely.external_id)
    assert not shared[row].any()


def test_some_sentence_is_enough_however_many_others_there_are() -> None:
    said = np.array([[0.8, 0.1, 0.1], [0.8, 0.1, 0.1], [0.05, 0.05, 0.9]])
    assert anywhere(said)[2] > said.mean(axis=0)[2]
    assert np.isclose(anywhere(said).sum(), 1)


def test_the_opening_is_the_subject_where_there_is_one(learned: Learned) -> None:
    vote = classifier.vote(redacted("ma voiture a été volée hier soir", "je veux quitter le club"), learned)
    assert max(vote.views[OPENING], key=lambda queue: vote.views[OPENING][queue]) == "depart"
    assert {"depart", "vol"} <= vote.views[ANYWHERE].keys()


STORY = "Ma voiture a été volée hier, plainte déposée. Je voudrais quitter le club. Au passage, ma nouvelle adresse ?"


def test_what_is_told_is_kept_apart_from_what_is_asked(learned: Learned) -> None:
    vote = classifier.vote(redacted(STORY), learned)
    assert max(vote.views[ASKED], key=lambda queue: vote.views[ASKED][queue]) == "depart"
    assert vote.views[ASKED].get("vol", 0) < vote.views[ANYWHERE]["vol"]
    assert vote.views[ASKED].get("adresse", 0) < vote.views[ANYWHERE]["adresse"]


def test_a_message_that_asks_nothing_is_heard_whole() -> None:
    said = np.array([[0.8, 0.2], [0.3, 0.7]])
    assert np.allclose(asked(said, [False, False]), anywhere(said))
    assert np.allclose(asked(said, [False, True]), said[1])


def test_it_is_stored_with_the_rest(learned: Learned) -> None:
    again = Learned.from_bytes(learned.to_bytes())
    assert all(np.array_equal(a, b) for a, b in zip(again.kindred.arrays, learned.kindred.arrays, strict=True))
    assert len(learned.kindred.labels) > 0
