"""Clauses that join several of a source are compared piece by piece."""

import pytest

from service.pipeline.check.clauses import clauses, shares
from service.pipeline.check.pieces import against, pieces

SOURCE = (
    "Pendant la pause, vous ne payez plus de loyer pour ce box. Votre ancienneté est conservée. "
    "L'accès au parking continue. Vous pouvez arrêter la pause à tout moment."
)


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("Votre ancienneté est conservée, et l'accès au parking est ouvert.", 2),
        ("Votre ancienneté est conservée.", 0),
        ("Nous réglons le plombier, l'électricien et le peintre.", 1),
        ("Le casier est à 1 250,50 € par an, sans aucun frais de dossier.", 1),
    ],
)
def test_a_clause_has_the_pieces_that_say_something(text: str, many: int) -> None:
    (clause,) = clauses(text)
    assert len(pieces(clause)) == many


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        (
            "Pendant la pause, vous ne payez plus de loyer pour ce box, votre ancienneté est perdue, et l'accès au "
            "parking continue.",
            "votre anciennete est perdue",
        ),
        (
            "Vous ne payez plus de loyer, et il ne vous est plus possible d'arrêter la pause.",
            "il ne vous est plus possible d'arreter la pause.",
        ),
        ("Vous ne payez plus de loyer pour ce box, votre ancienneté est gardée, et l'accès au parking continue.", None),
    ],
)
def test_a_piece_that_says_the_contrary_of_its_source_is_found(text: str, piece: str | None) -> None:
    (clause,), sources = clauses(text), clauses(SOURCE)
    found = against(clause, shares(clause, sources), sources, frozenset())
    assert (found and found[0].text.strip()) == piece
