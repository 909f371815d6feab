from dataclasses import replace

import numpy as np
import pytest

from retrieval.hashed import HashedEmbedder
from service.domain.answers import CannedAnswer
from service.learning.answers import PRIOR, AnswerModel, Catalogue, answer_numbers, answered
from service.learning.examples import Example
from service.learning.fit import fit
from service.learning.learned import Learned
from service.learning.reading import read
from service.learning.speaker import Speaker
from service.learning.spread import spread
from tests.service.learning.small import playbook, redacted, silent


def answer(key: str, queue: str, situation: str) -> CannedAnswer:
    return CannedAnswer(id=key, queue=queue, title=key, situation=situation, body="Bonjour {civilite}.")


LIBRARY = (
    answer("vente", "depart", "Le membre a vendu sa voiture et part."),
    answer("prix", "depart", "Le membre trouve la cotisation trop chère et part."),
    answer("plainte", "vol", "Le membre demande comment déclarer un vol."),
)
TEXTS = {
    "vente": (
        "je vends ma berline",
        "berline cédée hier",
        "ma berline est partie chez un voisin",
        "cession de berline",
    ),
    "prix": ("votre tarif est excessif", "tarif trop lourd", "le tarif ne me va plus", "un tarif pareil, non merci"),
    "plainte": ("ma voiture a disparu", "plus de voiture ce matin", "voiture envolée", "on a pris ma voiture"),
}


def told(times: int = 4) -> list[Example]:
    queue = {one.id: one.queue for one in LIBRARY}
    return [
        Example(f"{key}-{at}", redacted(f"Bonjour, {text} {at}"), queue[key], answers=(key,))
        for key, texts in TEXTS.items()
        for at, text in enumerate(texts * times)
    ]


def fitted(examples: list[Example]) -> Learned:
    embedder = HashedEmbedder()
    vectors = embedder.embed([one.redacted.own for one in examples]) if examples else None
    written = embedder.embed([one.searched for one in LIBRARY])
    return fit(examples, playbook(), LIBRARY, silent, vectors, answer_vectors=written)


@pytest.fixture(scope="module")
def learned() -> Learned:
    return fitted(told())


def margins(learned: Learned, text: str) -> dict[str, float]:
    return learned.answers.margins(spread(learned.vocabulary, read(redacted(text)), []))


@pytest.mark.parametrize(("text", "right"), [("une berline à céder", "vente"), ("quel tarif !", "prix")])
def test_what_messages_were_answered_with_teaches_words_that_no_answer_says(
    learned: Learned, text: str, right: str
) -> None:
    said = margins(learned, text)
    assert max(said, key=said.__getitem__) == right
    unsaid = margins(fitted([]), text)
    assert unsaid[right] == pytest.approx(max(unsaid.values()), abs=0.3)


def test_before_any_message_was_answered_the_answers_own_texts_teach_and_the_prior_ranks() -> None:
    learned = fitted([])
    assert learned.answers.ranker == PRIOR
    said = margins(learned, "la cotisation est trop chère")
    assert max(said, key=said.__getitem__) == "prix"


def test_messages_whose_answer_nobody_told_teach_nothing_about_answers() -> None:
    untold = [replace(one, answers=()) for one in told()]
    assert fitted(untold).answers.ranker == PRIOR


def test_a_few_answered_messages_move_the_weights_little(learned: Learned) -> None:
    few = fitted(told(1)).answers.ranker
    assert few != PRIOR
    assert np.allclose(few.weights, PRIOR.weights, atol=1.0)


def test_an_answer_that_is_no_more_is_left_out_and_the_rest_is_learned() -> None:
    gone = [replace(one, answers=(*one.answers, "retirée")) for one in told()]
    assert fitted(gone).answers.answers == ("plainte", "prix", "vente")


def test_what_was_learned_of_answers_is_kept_as_bytes(learned: Learned) -> None:
    again = Learned.from_bytes(learned.to_bytes())
    assert again.answers.ranker == learned.answers.ranker
    assert margins(again, "une berline à céder") == margins(learned, "une berline à céder")
    assert again.to_bytes() == learned.to_bytes()


def test_nothing_learned_says_nothing() -> None:
    assert AnswerModel().answers == ()
    assert fit([], playbook(), (), silent).answers.margins(spread(fitted([]).vocabulary, read(redacted("x")), [])) == {}


def test_the_nearest_messages_speak_for_what_they_got_the_first_one_loudest() -> None:
    share = answered([(("a", "b"), 0.8), (("b",), 0.4), ((), 0.4)])
    assert 0 < share["b"] < share["a"] < 1
    assert share["b"] > answered([(("a", "b"), 0.8)])["b"] / 2


def test_messages_that_are_far_away_hardly_speak() -> None:
    assert answered([(("a",), 0.02)])["a"] < answered([(("a",), 0.3)])["a"] / 2
    assert answered([]) == {}


def test_where_nobody_knows_how_near_they_are_their_order_counts() -> None:
    share = answered([(("a",), 0.0), (("b",), 0.0)])
    assert 0 < share["b"] < share["a"]


def test_each_number_of_an_answer_is_in_its_place() -> None:
    catalogue = Catalogue.of([*LIBRARY, LIBRARY[0].model_copy(update={"id": "sale", "language": "en"})])
    numbers = answer_numbers(
        catalogue,
        {"depart": 0.7, "vol": 0.3},
        {"vente": 0.1, "plainte": -1.0, "sale": 0.1},
        {"prix": 0.4},
        np.array([0.0, 4.0, 2.0, 0.0]),
        np.array([-0.1, 0.2, 0.1, 0.0]),
        Speaker("de"),
        "fr",
    )
    assert numbers.shape == (4, len(PRIOR.weights))
    assert numbers[:, 0] == pytest.approx(np.log([0.703, 0.703, 0.303, 0.703]))
    assert numbers[2, 1] == pytest.approx(np.log(1.001))
    assert numbers[1, 2] == pytest.approx(0.1), "an answer too new to be learned stands in the middle of its queue's"
    assert numbers[:, 3].tolist() == [0.0, 0.4, 0.0, 0.0]
    assert numbers[:, 4].tolist() == [0.0, 1.0, 0.5, 0.0]
    assert numbers[:, 5].tolist() == [0.0, 1.0, 0.5, 0.0]
    assert numbers[:, 6].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert numbers[:, 7].tolist() == [0.0, 0.0, 0.0, 1.0]
    assert numbers[:, 8].tolist() == [0.0, 0.0, 0.0, 0.0]


CALLS = ("rappelez-moi", "on peut me rappeler", "merci de me téléphoner", "j'attends votre appel", "un coup de fil svp")


def unanswerable(times: int = 2, *, said: bool = True) -> list[Example]:
    """Messages of a queue that none of its answers fits, as `said` by whoever recorded them."""
    return [
        Example(f"appel-{at}", redacted(f"Bonjour, {text} {at}"), "depart", answers_told=said)
        for at, text in enumerate(CALLS * times)
    ]


def best_of(learned: Learned, text: str) -> float:
    """Score of the best answer of its queue, by the words alone."""
    catalogue = Catalogue.of(LIBRARY)
    none = np.zeros(len(LIBRARY))
    numbers = answer_numbers(
        catalogue, {"depart": 0.95, "vol": 0.05}, margins(learned, text), {}, none, none, Speaker("fr"), "fr"
    )
    return float(learned.answers.scores(numbers).max())


def test_what_no_answer_ever_fitted_is_offered_none() -> None:
    ours = [replace(one, answers_told=True) for one in told(2)]
    silent_history, history = fitted([*ours, *unanswerable(said=False)]), fitted([*ours, *unanswerable()])
    assert best_of(history, "rappelez-moi demain") < best_of(silent_history, "rappelez-moi demain") / 2
    assert best_of(history, "je vends ma berline demain") > 0.5


def test_a_history_that_hardly_names_answers_says_nothing_where_it_names_none() -> None:
    few = [replace(one, answers_told=True) for one in told(1)]
    rarely = fitted([*few, *unanswerable(4)])
    assert rarely.answers.answers == fitted([*few, *unanswerable(4, said=False)]).answers.answers


def test_a_history_that_names_answers_is_learned_from_when_all_answers_are_gone() -> None:
    ours = [replace(one, answers_told=True) for one in [*told(1), *unanswerable()]]
    learned = fit(ours, playbook(), (), silent, HashedEmbedder().embed([one.redacted.own for one in ours]))
    assert learned.answers.answers == ()
    assert learned.answers.ranker == PRIOR
