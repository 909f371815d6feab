import numpy as np
import pytest

from service.learning.fit import fit
from service.learning.learned import Learned, StaleError
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
        Learned.from_bytes(learned.to_bytes().replace(b'"layout": 2', b'"layout": 0'))


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
    from dataclasses import replace

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
