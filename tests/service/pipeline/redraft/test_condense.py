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
        ("Votre compte, dont l'IBAN se termine par 0187, est clos.", "Votre compte (IBAN …0187) est clos."),
        ("La note, d'un montant de 12 €, est réglée.", "La note, 12 €, est réglée."),
        ("Veuillez nous envoyer la clé.", "Envoyez-nous la clé."),
        (
            "Je vous invite à vérifier la date et à la noter ici.",
            "Je vous invite à vérifier la date et à la noter ici.",
        ),
        ("Merci de recommander la piscine.", "Merci de recommander la piscine."),
        ("À l'issue des travaux, dans les 3 jours.", "Après les travaux, sous 3 jours."),
        ("Payez dans les 3 jours suivant le vol.", "Payez dans les 3 jours suivant le vol."),
        ("Sans réponse de votre part, il part.", "Sans réponse, il part."),
        ("Rien ne vaut accord de votre part ni de la nôtre.", "Rien ne vaut accord de votre part ni de la nôtre."),
        (
            "Au 01 99 00 24 24, du lundi au vendredi de 9 h à 18 h : dites-le.",
            "Au 01 99 00 24 24 (lundi-vendredi 9 h-18 h) : dites-le.",
        ),
        ("Ouvert du lundi au vendredi de 9 h à 18 h.", "Ouvert du lundi au vendredi de 9 h à 18 h."),
        ("- la carte ;\n- après un vol : la plainte.", "- la carte ;\n- après un vol : la plainte."),
        ("- la carte et le bonnet.", "- la carte et le bonnet."),
        ("Votre casier reste à vous.", "Votre casier reste à vous."),
    ],
)
def test_what_can_be_said_in_fewer_words_is(text: str, expected: str) -> None:
    assert condensed(text) == expected


def test_no_fact_is_lost_by_it() -> None:
    text = (
        "Le casier coûte 12 € par an, dans la limite de 3 clés. Appelez le 01 99 00 24 24, du lundi au vendredi "
        "de 8 h 30 à 18 h 30 et le samedi de 9 h à 12 h."
    )
    before, after = ({(fact.kind, fact.key) for fact in facts(one)} for one in (text, condensed(text)))
    assert before == after
    assert len(condensed(text)) < len(text) - 20
