"""Messages that fit two queues of the reference account, by the rule of its policy that settles them."""

import pytest

from tests.door import Door

LEAVES = (
    "Bonjour, je souhaite résilier ma garantie Perte financière et me faire rembourser les mois non utilisés.",
    "Merci de mettre fin à mon assurance auto. J'aimerais aussi le remboursement de ce qui a été payé d'avance.",
)
HAS_LEFT = (
    "Vous avez confirmé la fin de mon contrat au 1er mai, j'attends toujours le remboursement du prorata.",
    "Ma résiliation est effective depuis un mois et le trop-perçu ne m'a pas été rendu.",
)


def likeliest(door: Door, body: str) -> str:
    best: str = door.triage(body=body)["alternatives"][0]["queue"]
    return best


@pytest.mark.parametrize("body", LEAVES)
def test_who_leaves_and_asks_for_money_back_leaves(shared_door: Door, body: str) -> None:
    assert likeliest(shared_door, body) == "resiliation"


@pytest.mark.parametrize("body", HAS_LEFT)
def test_who_has_left_and_lacks_his_money_asks_for_it(shared_door: Door, body: str) -> None:
    assert likeliest(shared_door, body) == "remboursement"
