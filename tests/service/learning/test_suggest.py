"""What is found in a small history, and what a replay says of it."""

import numpy as np
import pytest

from service.domain.alignment import Alignment
from service.domain.cleaned import Part, Segment
from service.domain.playbook import Keyword, Playbook, Precedence, Queue, Tone
from service.domain.redacted import Redacted, ours
from service.domain.votes import Vote
from service.learning.examples import Example
from service.learning.suggest_contradictions import ContradictionFound, suggest_contradictions
from service.learning.suggest_keywords import suggest_keywords
from service.learning.suggest_labels import suggest_labels
from service.learning.suggest_pairs import suggest_pairs
from service.learning.suggest_replay import Held, Reader, Rows, as_lived, hold_out
from service.learning.suggest_terms import Terms
from service.pipeline.votes.keywords import keyword_hits, vote_of

READER = Reader(keyword_hits, vote_of)
SAID = {
    "a": ("La facture de janvier est fausse", "Envoyez la facture du mois", "Ma facture est en double"),
    "b": ("Je quitte le club demain", "Mon départ du club est prévu", "Je veux quitter votre club"),
}


def a_queue(queue_id: str, *instructions: str, keywords: tuple[Keyword, ...] = ()) -> Queue:
    told = instructions or (f"File {queue_id}.",)
    return Queue(
        id=queue_id,
        label=queue_id.upper(),
        level=1,
        sla_hours=1,
        definition=f"Tout ce qui est {queue_id}.",
        instructions=told,
        keywords=keywords,
    )


def a_playbook(*queues: Queue, precedence: tuple[Precedence, ...] = ()) -> Playbook:
    tone = Tone(instructions=("Soyez clair.",), signature="Nous")
    return Playbook(account="x", label="X", version="1", queues=queues, precedence=precedence, tone=tone)


def an_example(external_id: str, text: str, queue: str) -> Example:
    redacted = Redacted(ours(""), ours(text), (Segment(Part.BODY, 0, len(text)),), Alignment.identity(len(text)))
    return Example(external_id, redacted, queue, sender_key=f"from-{external_id}")


def held_of(playbook: Playbook, *more: Example) -> Held:
    told = [
        an_example(f"{queue}{form}{n}", f"{text} {n}", queue)
        for queue, texts in SAID.items()
        for form, text in enumerate(texts)
        for n in range(5)
    ]
    return hold_out([*told, *more], playbook, (), READER)


def guesses_of(held: Held) -> Rows:
    return np.asarray(held.probabilities().argmax(axis=1))


PLAIN = a_playbook(a_queue("a"), a_queue("b"))


def test_probabilities_come_from_folds_that_leave_the_message_out() -> None:
    held = held_of(PLAIN)
    assert held.probabilities().sum(axis=1) == pytest.approx(1)
    assert (guesses_of(held) == held.labels).mean() > 0.9


def test_a_message_may_keep_the_votes_that_it_got_when_it_came_in() -> None:
    held = held_of(PLAIN)
    said = Vote(voter="classifier", scores={"b": 0.95})
    lived = as_lived(held, {"a00": [said]})
    assert guesses_of(held)[0] == 0
    assert guesses_of(lived)[0] == 1
    assert (guesses_of(lived)[1:] == guesses_of(held)[1:]).all()


def test_the_label_that_the_folds_believe_least_is_first() -> None:
    held = held_of(PLAIN, an_example("wrong", "La facture du mois est en double", "b"))
    first = suggest_labels(held, held.probabilities(), 5)[0]
    assert (held.examples[first.row].external_id, first.queue, first.other) == ("wrong", "b", "a")
    assert first.effect.helped == ("wrong",)


def test_a_keyword_is_proposed_with_whom_it_would_hurt() -> None:
    """The word is said in three messages for `b` that look like `a`, and in one that is for `a`."""
    missed = [an_example(f"m{n}", f"Le parapluie de ma facture {word}", "b") for n, word in enumerate(("x", "y", "z"))]
    held = held_of(PLAIN, *missed, an_example("hurt", "Un parapluie, facture", "a"))
    lived = np.where([one.external_id.startswith("m") for one in held.examples], 0, held.labels)
    terms = Terms(held.examples, held.readings, lambda _: False, PLAIN.language)
    rows = [row for row, one in enumerate(held.examples) if one.external_id.startswith("m")]
    found = suggest_keywords(held, terms, lived, rows, 5)
    assert found[0].queue == "b"
    assert "parapluie" in found[0].expression
    assert set(found[0].effect.helped) <= {"m0", "m1", "m2"}
    assert found[0].effect.n == len(held.labels)


def test_names_are_no_words_of_a_keyword() -> None:
    held = held_of(PLAIN, *(an_example(f"m{n}", "Voyez avec Zoltan pour [[PERSONNE_1]] 42", "b") for n in range(3)))
    terms = Terms(held.examples, held.readings, lambda word: word == "voyez", PLAIN.language)
    assert {"zoltan", "voyez", "42", "[[personne]]"}.isdisjoint(terms.surfaces)
    assert "avec" in terms.surfaces


def test_a_confused_pair_comes_with_the_rule_that_names_both() -> None:
    rule = Precedence(rule="Une facture de départ : b.", winner="b", over=("a",))
    held = held_of(a_playbook(a_queue("a"), a_queue("b"), precedence=(rule,)))
    guesses = held.labels.copy()
    guesses[:4] = 1 - guesses[:4]
    terms = Terms(held.examples, held.readings, lambda _: False, PLAIN.language)
    (pair,) = suggest_pairs(held, terms, guesses, [], 5)
    assert (pair.queue, pair.other, len(pair.rows)) == ("a", "b", 4)
    assert (pair.ruled, pair.sentences) == (True, (rule.rule,))
    assert "facture" in pair.words
    assert "club" in pair.other_words


def contradictions(playbook: Playbook) -> list[ContradictionFound]:
    held = held_of(playbook)
    return suggest_contradictions(held, guesses_of(held), 10)


SAME = "Un véhicule vendu pendant le contrat avec remboursement demandé."


def test_two_queues_that_claim_the_same_sentence_contradict_each_other() -> None:
    (found,) = contradictions(a_playbook(a_queue("a", SAME), a_queue("b", SAME)))
    assert (found.reason, found.queue, found.other) == ("same_sentence", "a", "b")


def test_a_sentence_that_sends_to_the_other_queue_agrees_with_it() -> None:
    sending = SAME.removesuffix(".") + " : long_name."
    assert contradictions(a_playbook(a_queue("a", sending), a_queue("b"), a_queue("long_name", SAME))) == []


def test_what_a_precedence_rule_settles_is_no_contradiction_between_keywords() -> None:
    one, other = Keyword(expression="facture", weight=2.5), Keyword(expression="factures", weight=2.0)
    twice = (a_queue("a", keywords=(one,)), a_queue("b", keywords=(other,)))
    (found,) = contradictions(a_playbook(*twice))
    assert (found.reason, found.queue, found.expression) == ("keyword_twice", "b", "factures")
    assert found.effect is not None
    assert found.effect.broken == 0
    rule = Precedence(rule="Les deux : a.", winner="a", over=("b",))
    assert contradictions(a_playbook(*twice, precedence=(rule,))) == []


def test_a_keyword_in_the_rule_that_makes_another_queue_win_is_named() -> None:
    rule = Precedence(rule="Une facture de départ : long_name.", winner="long_name", over=("a",))
    queues = (a_queue("a", keywords=(Keyword(expression="facture", weight=3.0),)), a_queue("b"), a_queue("long_name"))
    (found,) = contradictions(a_playbook(*queues, precedence=(rule,)))
    assert (found.reason, found.queue, found.other) == ("keyword_ruled_out", "a", "long_name")
    assert found.expression == "facture"


def test_courtesies_and_small_words_are_nothing_that_tells_queues_apart() -> None:
    """In an account of two or three queues no count can show that everybody says them."""
    said = "Une fuite au plafond, merci d'avance pour votre réponse"
    polite = [an_example(f"p{n}", said, "b") for n in range(15)]
    held = held_of(PLAIN, *polite, *(an_example(f"q{n}", "Ma facture de mars manque", "a") for n in range(60)))
    terms = Terms(held.examples, held.readings, lambda _: False, PLAIN.language)
    guesses = np.where([one.external_id.startswith("p") for one in held.examples], 0, held.labels)
    found = {one.expression for one in suggest_keywords(held, terms, guesses, range(len(guesses)), 50)}
    assert found == {"fuite"}, "the first of the words that they are about, by the alphabet"
    (pair,) = suggest_pairs(held, terms, guesses, [], 5)
    assert {"fuite", "plafond"} <= {*pair.other_words}
    assert not {*pair.words, *pair.other_words} & {"merci", "avance", "pour", "votre", "une", "je", "du", "la"}


def test_one_message_that_a_sender_sent_many_times_is_one_label_to_look_at() -> None:
    twin = an_example("z0", "Encore une facture en double", "b")
    copies = [Example(f"z{n}", twin.redacted, "b", sender_key="from-z") for n in range(4)]
    other = Example("y", twin.redacted, "b", sender_key="from-y")
    held = held_of(PLAIN, *copies, other)
    probabilities = np.tile([0.9, 0.1], (len(held.labels), 1))
    found = [held.examples[one.row].external_id for one in suggest_labels(held, probabilities, 50)]
    assert {"z0", "y"} <= set(found)
    assert not {"z1", "z2", "z3"} & set(found)
    assert len(suggest_labels(held, probabilities, 2)) == 2
