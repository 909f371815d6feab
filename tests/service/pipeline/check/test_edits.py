"""Clauses that are a source's but for a few words, however little they say."""

import pytest

from service.pipeline.check.clauses import clauses, shares
from service.pipeline.check.edits import beside, edited

SOURCE = (
    "La garantie s'applique une fois passé le délai de carence de 15 jours. "
    "Le dossier reste ouvert, sauf si vous y renoncez. "
    "Il lui manque une pièce, que seul {tiers} peut nous fournir. Le duplicata est envoyé sans frais le {date}. "
    "Vous pouvez emprunter 10 documents, 2 nouveautés au maximum. "
    "Le compte est bloqué, et vous n'avez plus rien à faire."
)


def done(text: str, told: frozenset[str] = frozenset()) -> str | None:
    (clause,) = clauses(text)
    found = edited(beside(clause, shares(clause, clauses(SOURCE))), told)
    return found and found.kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("La garantie s'applique.", "condition_lost"),
        ("Le dossier reste ouvert.", "condition_lost"),
        ("Vous pouvez emprunter 10 documents, 2 nouveautés.", "condition_lost"),
        ("Il lui manque une pièce, que seul votre assureur ne peut pas nous fournir.", "negation_added"),
        ("Le duplicata est envoyé avec frais le 3 mars 2026.", "opposite"),
        ("Vous devez emprunter 10 documents, 2 nouveautés au maximum.", "opposite"),
    ],
)
def test_a_negation_put_in_a_word_turned_round_or_a_condition_left_out_is_seen(text: str, kind: str) -> None:
    assert done(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Le duplicata est envoyé gratuitement le 3 mars 2026.",
        "Vous pouvez emprunter dix documents, 2 nouveautés au plus.",
        "Il lui manque une pièce, que seul votre assureur peut nous fournir.",
        "Le compte est bloqué.",
        "Nous vous souhaitons une bonne journée.",
    ],
)
def test_other_words_for_the_same_and_what_is_left_out_without_a_condition_are_not(text: str) -> None:
    assert done(text) is None


def test_a_condition_that_is_told_beside_it_is_not_lost() -> None:
    (beside,) = clauses("Le délai de carence de 15 jours doit être passé.")
    assert done("La garantie s'applique.", frozenset(beside.tokens)) is None
