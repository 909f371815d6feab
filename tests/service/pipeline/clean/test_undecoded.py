from base64 import b64encode
from textwrap import wrap

import pytest

from tests.service.pipeline.clean.letters import cleaned, own, source_of

WORDS = "Je voudrais résilier mon contrat à l'échéance, dites-moi la marche à suivre."


def test_quoted_printable_that_was_left_in_a_plain_body_is_undone_with_its_way_back() -> None:
    body = (
        "Bonjour,=20\n\nJe voudrais r=C3=A9silier mon contrat =C3=A0 l'=C3=A9ch=C3=A9ance, dites-m=\n"
        "oi la marche =C3=A0 suivre.\n\nCordialement=20\n"
    )
    result = cleaned(body)
    assert result.own == WORDS
    assert source_of(result, body, "résilier") == "r=C3=A9silier"
    assert own("Je souhaite r=E9silier mon adh=E9sion au club.") == "Je souhaite résilier mon adhésion au club."


def test_a_plain_body_of_base64_is_read() -> None:
    assert own("\n".join(wrap(b64encode(f"Bonjour,\n\n{WORDS}".encode()).decode(), 76))) == WORDS


@pytest.mark.parametrize(
    "body",
    [
        "Voir https://example.org/a?x=E9b&y=E8c et https://example.org/b?z=C3=A9",
        "Mon numéro=C3, total=12, et A=E9 une seule fois.",
        "a" * 200,
        b64encode(bytes(range(150))).decode(),
    ],
    ids=["addresses", "once", "letters", "a file"],
)
def test_what_only_looks_encoded_stays_as_it_is(body: str) -> None:
    assert cleaned(body).text == body
