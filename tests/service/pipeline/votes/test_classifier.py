import pytest

from service.domain.alignment import Alignment, Run
from service.domain.candidates import Candidates, Neighbour
from service.domain.cleaned import Part, Segment
from service.domain.redacted import Redacted, ours
from service.learning.fit import fit
from service.learning.learned import Learned
from service.pipeline.votes import classifier, neighbours
from tests.service.learning.small import answers, examples, playbook, redacted, silent


@pytest.fixture(scope="module")
def learned() -> Learned:
    return fit(examples(), playbook(), answers(), silent)


def test_the_words_that_weighed_most_are_shown_where_they_stood_in_the_body_as_received(learned: Learned) -> None:
    text = "Bonjour, ma voiture a été volée"
    shifted = Redacted(
        ours(""), ours(text), (Segment(Part.BODY, 0, len(text)),), Alignment([Run(0, len(text), 10, 10 + len(text))])
    )
    piece = classifier.vote(shifted, learned).evidence[0]
    assert piece.start is not None
    assert piece.end is not None
    assert text[piece.start - 10 : piece.end - 10] == piece.text
    assert "vol" in piece.text or "voiture" in piece.text


def test_a_message_without_words_gets_no_vote(learned: Learned) -> None:
    vote = classifier.vote(redacted("?!"), learned)
    assert (vote.scores, vote.reason) == ({}, classifier.EMPTY)


def test_words_in_a_quoted_thread_do_not_vote(learned: Learned) -> None:
    text = "je quitte le club\n> ma voiture a été volée, voiture volée"
    cut = text.index(">")
    segments = (Segment(Part.BODY, 0, cut), Segment(Part.QUOTE, cut, len(text)))
    quoting = Redacted(
        ours(""), ours(text), segments, Alignment.identity(len(text)), recipient=ours("contact@club.example")
    )
    assert classifier.vote(quoting, learned).best == "depart"
    assert classifier.vote(quoting, learned).scores == classifier.vote(redacted(text[:cut]), learned).scores


def test_neighbours_speak_the_louder_the_nearer_they_are() -> None:
    near = Candidates(neighbours=(Neighbour("a", ours("…"), "vol", 0.9), Neighbour("b", ours("…"), "depart", 0.5)))
    vote = neighbours.vote(near)
    assert vote.scores["vol"] > 0.9
    assert [piece.ref for piece in vote.evidence] == ["a", "b"]


def test_without_anything_near_the_neighbours_say_nothing() -> None:
    assert neighbours.vote(Candidates()).scores == {}
    assert neighbours.vote(Candidates(neighbours=(Neighbour("a", ours("…"), "vol", -0.2),))).scores == {}
