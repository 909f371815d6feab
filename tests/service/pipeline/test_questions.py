import time

import pytest

from service.pipeline.clean import clean
from service.pipeline.questions import mentions, questions
from service.pipeline.redact import redact
from tests.service.pipeline.redact.made import PLAYBOOK, message


def asked(body: str, *taken: str) -> list[str]:
    """The questions beside the sentences that asks were read from."""
    mail = message(body)
    found, _ = redact(clean(mail), mail, PLAYBOOK)
    places = [(found.text.index(said), found.text.index(said) + len(said)) for said in taken]
    return [found.text[start:end] for start, end in questions(found, places)]


def test_each_sentence_with_a_question_mark_is_one_in_the_customers_words() -> None:
    body = "Ma facture est fausse. Quand sera-t-elle corrigée ? J'attends. Et qui paie les frais ?"
    assert asked(body) == ["Quand sera-t-elle corrigée ?", "Et qui paie les frais ?"]
    assert asked(body, "Quand sera-t-elle corrigée ?") == ["Et qui paie les frais ?"]


@pytest.mark.parametrize(
    ("said", "second"),
    [
        ("Suis-je couvert en voyage, et la remorque aussi ?", "la remorque aussi ?"),
        ("Combien coûte le contrat et puis-je le payer en deux fois ?", "puis-je le payer en deux fois ?"),
        ("Am I covered abroad, and what about my trailer?", "what about my trailer?"),
    ],
)
def test_of_a_sentence_that_an_ask_stands_for_what_is_joined_to_it_is_another(said: str, second: str) -> None:
    assert asked(said, said) == [second]
    assert asked(said) == [said]


@pytest.mark.parametrize(
    "said",
    [
        "Puis-je payer en une fois ?",
        "Pouvez-vous corriger et renvoyer ma facture ?",
        "Où en sont le dossier du garage et la facture ?",
    ],
)
def test_one_question_is_not_cut_in_two(said: str) -> None:
    assert asked(said, said) == []


def test_two_asks_of_one_sentence_leave_no_third_one() -> None:
    said = "Quand finit le contrat, et combien me rendez-vous ?"
    assert asked(said, said, said) == []


def test_what_is_quoted_and_what_is_too_short_asks_nothing() -> None:
    assert asked("Et alors ? Voilà.\n\nLe 3 mai 2026, Maison a écrit :\n> Avez-vous reçu notre lettre ?") == []


@pytest.mark.parametrize(
    "said", ["Comment dois-je faire ?", "Que se passe-t-il ensuite ?", "Est-ce que c'est possible ?"]
)
def test_a_question_that_says_nothing_by_itself_belongs_to_what_was_asked_before(said: str) -> None:
    assert asked(f"Je veux partir. {said}", "Je veux partir.") == []


def test_a_paragraph_mentions_a_question_where_it_says_half_of_its_telling_words() -> None:
    parts = ["Le préavis est de deux mois.", "Votre franchise est de 30 € par événement."]
    assert mentions("Quel est le préavis ?", parts, "fr") == (0,)
    assert mentions("Et quelle franchise pour cet évènement ?", parts, "fr") == (1,)
    assert mentions("Puis-je aller en Espagne avec ?", parts, "fr") == ()
    assert mentions("Et alors, c'est bien ?", parts, "fr") == ()


def test_a_question_of_thousands_of_words_takes_no_time() -> None:
    said = f"Puis-je partir{' et a' * 3_900} x ?"
    questions_of = asked(said, said)
    began = time.process_time()
    assert asked(said, said) == questions_of
    assert time.process_time() - began < 0.5
