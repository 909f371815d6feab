from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from service.domain.playbook import History, QueueExample
from service.domain.redacted import Redacted
from service.domain.votes import Vote
from service.learning.fit import fit
from service.learning.learned import LAYOUT, Learned, StaleError
from service.learning.linear import fit_held_out, likeness, margins
from service.learning.reading import read
from tests.service.learning.small import answers, examples, playbook, redacted, silent


@pytest.fixture(scope="module")
def learned() -> Learned:
    return fit(examples(), playbook(), answers(), silent)


def best(learned: Learned, text: str) -> str:
    return learned.queues[int(learned.linear(learned.vocabulary(read(redacted(text)))).argmax())]


def test_the_same_data_in_any_order_give_the_same_bytes(learned: Learned) -> None:
    again = fit(list(reversed(examples())), playbook(), answers(), silent)
    assert again.to_bytes() == learned.to_bytes()
    assert again.version == learned.version


def test_what_is_asked_besides_changes_nothing_about_the_queues(learned: Learned) -> None:
    bare = fit(examples(), playbook(), answers(), silent, asides=False)
    assert (bare.pools, bare.threshold, bare.guards) == (learned.pools, learned.threshold, learned.guards)
    assert np.array_equal(bare.linear.coefficients, learned.linear.coefficients)
    assert bare.asides.coefficients.shape == learned.asides.coefficients.shape
    assert len(bare.flag_signals) == len(learned.flag_signals)


def test_other_data_give_another_version(learned: Learned) -> None:
    assert fit(examples()[1:], playbook(), answers(), silent).version != learned.version


def test_what_was_stored_predicts_alike(learned: Learned) -> None:
    loaded = Learned.from_bytes(learned.to_bytes())
    features = learned.vocabulary(read(redacted("je veux arrêter mon contrat")))
    assert np.array_equal(loaded.linear(features), learned.linear(features))
    assert loaded.threshold == learned.threshold
    assert loaded.flag_signals == learned.flag_signals
    assert loaded.version == learned.version
    assert loaded.to_bytes() == learned.to_bytes()


def test_bytes_of_another_layout_are_refused(learned: Learned) -> None:
    with pytest.raises(StaleError):
        Learned.from_bytes(
            learned.to_bytes().replace(f'"layout": {LAYOUT}'.encode(), f'"layout": {LAYOUT + 1}'.encode())
        )


def test_confirmed_messages_teach_their_queue(learned: Learned) -> None:
    assert best(learned, "je quitte votre club") == "depart"
    assert best(learned, "quelqu'un a volé ma voiture") == "vol"


def test_a_queue_without_history_is_known_by_its_definition_and_answers(learned: Learned) -> None:
    assert best(learned, "j'ai déménagé, voici ma nouvelle adresse") == "adresse"


def test_without_any_history_the_playbook_teaches_alone() -> None:
    learned = fit([], playbook(), answers(), silent)
    assert best(learned, "je viens de déménager, nouvelle adresse") == "adresse"
    assert learned.examples == 0
    assert not learned.threshold.promised


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_handful_of_messages_is_enough_to_fit(count: int) -> None:
    assert fit(examples()[:count], playbook(), answers(), silent).examples == count


def test_examples_of_unknown_queues_are_left_out() -> None:
    strange = replace(examples()[0], queue="inconnue", external_id="x")
    assert (
        fit([*examples(), strange], playbook(), answers(), silent).version
        == fit(examples(), playbook(), answers(), silent).version
    )


def test_neighbours_get_a_weight_where_there_are_vectors() -> None:
    labels = [example.queue for example in examples()]
    vectors = np.array([[label == "depart", label == "vol"] for label in labels], dtype=np.float32)
    with_index = fit(examples(), playbook(), answers(), silent, vectors)
    assert with_index.pools["neighbours"] != fit(examples(), playbook(), answers(), silent).pools["neighbours"]


def test_too_little_history_promises_nothing(learned: Learned) -> None:
    assert not learned.threshold.promised
    assert learned.threshold.value >= 0.95


def test_made_up_examples_teach_a_reason_that_no_message_has_shown() -> None:
    lost = QueueExample(text="le facteur ne me trouve plus")
    adresse = playbook().queue("adresse").model_copy(update={"examples": (lost,) * 3})
    others = [queue for queue in playbook().queues if queue.id != "adresse"]
    taught = playbook().model_copy(update={"queues": (*others, adresse)})
    assert best(fit(examples(), taught, answers(), silent), "le facteur ne trouve plus ma boîte") == "adresse"


def test_keywords_are_weighed_by_messages_that_their_authors_have_not_read() -> None:
    """Keywords that are right wherever their author looked, and wrong elsewhere, earn no weight."""
    read = [replace(one, external_id=f"read-{one.external_id}-{at}") for at in range(9) for one in examples()]
    fresh = [
        replace(one, external_id=f"new-{one.external_id}-{at}", redacted=redacted(one.redacted.text, "fresh"))
        for at in range(3)
        for one in examples()
    ]
    right = {one.redacted.text: one.queue for one in examples()}
    wrong = {"vol": "depart", "depart": "vol"}

    def keywords(of: Redacted) -> Vote:
        queue = right[of.text]
        return Vote(voter="keywords", scores={wrong[queue] if of.subject == "fresh" else queue: 0.9})

    def weight(history: History) -> float:
        ours = playbook().model_copy(update={"history": history})
        return fit([*read, *fresh], ours, answers(), keywords).pools["keywords"].weights[0]

    assert weight(History()) > 0.3
    assert weight(History(studied="^read-")) == 0.0


def test_of_two_rows_that_are_held_out_together_neither_teaches_the_other() -> None:
    """What least squares says of a fold without refitting is what a refit without it says."""
    rng = np.random.default_rng(2)
    given, folds = csr_matrix(rng.random((30, 8))), np.repeat([-1, 0, 1], 10)
    wanted, weights = rng.random((30, 3)) > 0.5, rng.uniform(0.5, 2, 30)
    _, held = fit_held_out(given, wanted, weights, folds, likeness(given))
    for fold in (0, 1):
        rest = folds != fold
        alone, _ = fit_held_out(given[rest], wanted[rest], weights[rest], folds[rest], likeness(given[rest]))
        assert np.allclose(held[~rest], margins(alone, given[~rest]), atol=1e-5)


def test_made_up_examples_stand_in_for_a_history_but_promise_nothing() -> None:
    def told(queue: str) -> tuple[QueueExample, ...]:
        sent = [(at, one) for at, one in enumerate(examples() * 3) if one.queue == queue]
        return tuple(QueueExample(text=f"{one.redacted.text} {at}") for at, one in sent)

    queues = [queue.model_copy(update={"examples": told(queue.id)}) for queue in playbook().queues]
    learned = fit([], playbook().model_copy(update={"queues": tuple(queues)}), answers(), silent)
    plain = fit([], playbook(), answers(), silent)
    assert learned.examples == 0
    assert learned.sharpness != plain.sharpness
    assert learned.threshold == plain.threshold
    assert best(learned, "voiture volée") == "vol"


def test_beyond_what_can_be_compared_with_each_other_messages_are_still_held_out() -> None:
    """Without their likeness the model is an SVM: as right, and as blind to what it holds out."""
    rng = np.random.default_rng(3)
    labels, folds = rng.integers(0, 3, 90), np.arange(90) % 3
    given = csr_matrix(np.eye(3)[labels] + rng.normal(0, 0.1, (90, 3)))
    linear, held = fit_held_out(given, np.eye(3, dtype=bool)[labels], np.ones(90), folds, None)
    assert (margins(linear, given).argmax(axis=1) == labels).all()
    assert (held.argmax(axis=1) == labels).mean() > 0.95
    assert not np.array_equal(held, margins(linear, given))
