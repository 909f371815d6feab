"""The same in fewer words."""

import pytest

from service.pipeline.check.facts import facts
from service.pipeline.redraft.condense import condensed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nous vous informons que le bassin est vide.", "Le bassin est vide."),
        ("Pour mémoire, la caisse ferme à 18 h.", "La caisse ferme à 18 h."),
        ("Vous aurez une clé dans un délai de 3 jours.", "Vous aurez une clé sous 3 jours."),
        ("Apportez :\n- la carte du club ;\n- un bonnet.", "Apportez :\n- carte du club ;\n- bonnet."),
        ("- la carte est offerte.", "- la carte est offerte."),
        ("Le compte dont l'IBAN se termine par 0187.", "Le compte (IBAN …0187)."),
        ("Je vous prie d'agréer, Madame Petit, mes salutations distinguées.", "Avec mes salutations distinguées."),
        ("Votre casier reste à vous.", "Votre casier reste à vous."),
    ],
)
def test_what_can_be_said_in_fewer_words_is(text: str, expected: str) -> None:
    assert condensed(text) == expected


def test_no_fact_is_lost_by_it() -> None:
    text = "Le casier coûte 12 € par an, dans la limite de 3 clés, du lundi au vendredi de 9 h à 18 h 30."
    before, after = ({(fact.kind, fact.key) for fact in facts(one)} for one in (text, condensed(text)))
    assert before == after
