"""A small account whose messages say which answer they got."""

from collections.abc import Sequence

from evals.account import Account, Case, as_example
from service.domain.answers import CannedAnswer
from service.domain.confirmed import Confirmed
from service.domain.message import Message, Sender
from tests.service.learning.small import playbook

LIBRARY = tuple(
    CannedAnswer(id=key, queue=queue, title=key, situation=situation, body=f"{situation} Merci {{nom}}.\nAu revoir.")
    for key, queue, situation in (
        ("vente", "depart", "Le membre a vendu sa voiture et part."),
        ("prix", "depart", "Le membre trouve la cotisation trop chère et part."),
        ("plainte", "vol", "Le membre demande comment déclarer un vol."),
    )
)


def case(key: str, *answers: str, queue: str = "depart", body: str = "Bonjour.", unread: bool = True) -> Case:
    message = Message(external_id=key, body=body, sender=Sender(address=f"{key}@example.org"))
    confirmed = Confirmed(message=message, queue=queue, answers=answers)
    return Case(confirmed, as_example(confirmed, playbook()), "usual", unread)


def account(cases: Sequence[Case]) -> Account:
    return Account(playbook(), LIBRARY, cases)


def answered(times: int = 3) -> list[Case]:
    texts = {
        "vente": (
            "ma berline est vendue",
            "berline cédée hier",
            "je vends ma berline",
            "un acheteur a pris ma berline",
        ),
        "prix": ("votre tarif est excessif", "tarif trop lourd", "le tarif ne me va plus", "un tarif pareil, non"),
        "plainte": ("ma voiture a disparu", "plus de voiture ce matin", "voiture envolée", "on a pris ma voiture"),
    }
    queue = {one.id: one.queue for one in LIBRARY}
    return [
        case(f"{key}-{at}", key, queue=queue[key], body=f"{text}, numéro {at}")
        for key, told in texts.items()
        for at, text in enumerate(told * times)
    ]
