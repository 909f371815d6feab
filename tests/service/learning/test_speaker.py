import pytest

from service.domain.alignment import Alignment
from service.domain.cleaned import Part, Segment
from service.domain.redacted import Redacted, ours
from service.learning.speaker import Speaker, speaker_of


def message(own: str, quoted: str = "", language: str = "fr") -> Redacted:
    text = ours(f"{own}\n{quoted}")
    segments = (Segment(Part.BODY, 0, len(own)), Segment(Part.QUOTE, len(own) + 1, len(text)))
    return Redacted(ours("Question"), text, segments, Alignment.identity(len(text)), language=language)


@pytest.mark.parametrize(
    "own",
    [
        "Ci-joint NOTRE DEVIS pour l'embrayage.",
        "Chargée de la succession de feu X,",
        "We write on behalf of our client.",
    ],
)
def test_a_professional_is_told_by_his_own_words(own: str) -> None:
    assert speaker_of(message(own), {}).audience == "professional"


@pytest.mark.parametrize("own", ["Mon garage attend votre accord.", "Le notaire réclame un papier.", ""])
def test_of_a_member_who_speaks_of_professionals_nothing_is_known(own: str) -> None:
    assert speaker_of(message(own), {}) == Speaker("fr", None)


def test_what_is_quoted_tells_nothing_of_the_sender() -> None:
    assert speaker_of(message("merci", quoted="notre garage, SIRET 1"), {}).audience is None


def test_what_the_crm_knows_counts_more_than_words() -> None:
    assert speaker_of(message("notre garage"), {"audience": "Member"}).audience == "member"
    assert speaker_of(message("bonjour", language="de"), {"audience": "professional"}) == Speaker("de", "professional")
    assert speaker_of(message("notre garage"), {"audience": "autre"}).audience == "professional"
