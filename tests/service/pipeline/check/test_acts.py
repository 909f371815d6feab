"""What a draft grants, whoever the sentence makes the doer, needs a source that grants it."""

import pytest

from service.pipeline.check.acts import granted, ungranted
from service.pipeline.check.clauses import clauses, shares

SOURCE = (
    "Vous aurez notre réponse sous 3 jours à compter de la réception du devis. N'engagez rien avant notre accord. "
    "Votre remboursement part ensuite sous 5 jours."
)


def act(text: str) -> str | None:
    (clause,), sources = clauses(text), clauses(SOURCE)
    found = ungranted(clause, shares(clause, sources), ())
    return found and found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On vous dédommage de la gêne.", "dedommage"),
        ("J'annulerai tout, avec un geste pour l'attente.", "un geste"),
        ("La réponse sera un avis favorable sous 3 jours.", "avis favorable"),
        ("Vous aurez notre accord sous 3 jours à compter de la réception du devis.", "notre accord"),
        ("Le virement part ensuite sous 5 jours.", None),
        ("Rien ne sera remboursé.", None),
        ("Si nous acceptons, vous aurez une réponse.", None),
        ("Une fois que vous aurez accepté, écrivez-nous.", None),
        ("Votre règlement doit nous arriver sous 5 jours.", None),
        ("Faut-il que nous vous remboursions ?", None),
    ],
)
def test_an_act_to_the_customers_advantage_needs_a_source_near_by(text: str, expected: str | None) -> None:
    assert act(text) == expected


def test_a_source_that_only_names_a_grant_makes_none() -> None:
    (clause,) = clauses("N'engagez rien avant notre accord.")
    assert [*granted(clause, of_source=True)] == []
