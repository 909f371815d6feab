"""What speaks against learning a correction."""

from collections.abc import Mapping

import pytest

from service.desk.learning.objections import against_neighbours, against_policy
from service.domain.candidates import Neighbour
from service.domain.confirmed import Confirmed
from service.domain.message import Sender
from service.domain.playbook import Keyword, Playbook, Precedence
from service.domain.redacted import Redacted, ours
from service.storage.confirmed import Lesson, Source
from tests.service.samples import a_message, a_playbook, a_queue, prepare


def said(lesson_id: str, queue: str, sender: str = "", source: Source = "import", by: str = "cli") -> Lesson:
    message = a_message(lesson_id, f"Texte {lesson_id}", sender=Sender(name="", address=sender or f"{lesson_id}@x.fr"))
    return Lesson(Confirmed(message=message, queue=queue), prepare(message, a_playbook()), source, by)


def near(*lessons: Lesson, same_text: bool = False) -> tuple[list[Neighbour], Mapping[str, Lesson]]:
    found = [
        Neighbour(one.id, ours("Texte" if same_text else f"Texte {one.id}"), one.confirmed.queue, 0.6)
        for one in lessons
    ]
    return found, {one.id: one for one in lessons}


def test_three_near_messages_that_agree_on_another_queue_object() -> None:
    objection = against_neighbours(*near(*(said(f"c-{n}", "facture") for n in range(3))), "sinistre", "lea")
    assert objection is not None
    assert (objection.kind, objection.queue, objection.refs) == ("neighbours", "facture", ("c-0", "c-1", "c-2"))


@pytest.mark.parametrize(
    "lessons",
    [
        [],
        [said("c-1", "facture"), said("c-2", "facture")],
        [said("c-1", "facture"), said("c-2", "facture"), said("c-3", "facture"), said("c-4", "sinistre")],
        [said("c-1", "facture"), said("c-2", "facture"), said("c-3", "facture"), said("c-4", "resiliation")],
        [said(f"c-{n}", "facture", sender="one@x.fr") for n in range(9)],
        [said(f"c-{n}", "facture", source="correction", by="lea") for n in range(9)],
    ],
    ids=["none", "too few", "one on our side", "divided", "one sender", "the same advisor before"],
)
def test_fewer_voices_do_not(lessons: list[Lesson]) -> None:
    assert against_neighbours(*near(*lessons), "sinistre", "lea") is None


def test_one_text_from_many_senders_is_one_voice() -> None:
    lessons = [said(f"c-{n}", "facture") for n in range(9)]
    assert against_neighbours(*near(*lessons, same_text=True), "sinistre", "lea") is None


def test_a_message_that_is_found_and_not_confirmed_any_more_has_no_voice() -> None:
    found, _ = near(*(said(f"c-{n}", "facture") for n in range(3)))
    assert against_neighbours(found, {}, "sinistre", "lea") is None


def strict() -> Playbook:
    """`deces` must not be missed, `sinistre` wins over `facture`, `reclamation` over everything."""
    deces = a_queue("deces").model_copy(
        update={"must_not_miss": True, "keywords": (Keyword(expression="décès", weight=4),)}
    )
    sinistre = a_queue("sinistre").model_copy(update={"keywords": (Keyword(expression="choc", weight=5),)})
    facture = a_queue("facture").model_copy(update={"keywords": (Keyword(expression="facture", weight=1),)})
    reclamation = a_queue("reclamation").model_copy(update={"keywords": (Keyword(expression="avocat", weight=4),)})
    rules = (
        Precedence(rule="Un choc d'abord.", winner="sinistre", over=("facture",)),
        Precedence(rule="Une réclamation ensuite.", winner="reclamation", over=("*",)),
    )
    queues = (deces, sinistre, facture, reclamation)
    return a_playbook().model_copy(update={"queues": queues, "precedence": rules})


@pytest.mark.parametrize(
    ("body", "queue", "against"),
    [
        ("Suite au décès de mon père", "facture", "deces"),
        ("Suite au décès de mon père, la facture", "facture", None),
        ("Suite au décès de mon père", "deces", None),
        ("Un choc à l'arrière", "facture", "sinistre"),
        ("Mon avocat vous écrit", "sinistre", "reclamation"),
        ("Mon avocat vous écrit après le choc", "sinistre", None),
        ("Rien de tout cela", "facture", None),
    ],
)
def test_the_playbooks_keywords_object_where_they_go_first(body: str, queue: str, against: str | None) -> None:
    objection = against_policy(heard(body), strict(), queue)
    assert (objection.queue if objection else None) == against
    assert objection is None or objection.kind == "policy"


def test_the_keywords_that_occur_are_named() -> None:
    objection = against_policy(heard("Suite au décès"), strict(), "facture")
    assert objection is not None
    assert objection.refs == ("décès",)


def heard(body: str) -> Redacted:
    return prepare(a_message(body=body), a_playbook())
