import pytest

from service.domain.draft import Draft
from service.domain.message import Sender
from service.pipeline.draft import draft
from service.pipeline.draft.opening import is_closing, is_greeting
from service.pipeline.redact import redact
from tests.service.pipeline.draft.made import FACTURE, HOW_TO_LEAVE, PHRASES, candidates, decision
from tests.service.pipeline.redact.made import PLAYBOOK, cleaned, message

BARE = FACTURE.model_copy(
    update={"body": "{civilite} {nom},\n\nVoici.\n\nJe vous prie d'agréer, {civilite} {nom}, mes salutations."}
)


def first_words(name: str, body: str = "Ma facture ?", **fields: object) -> tuple[str, str, str]:
    """How the French answer, the English one and one without a greeting word address that sender."""
    mail = message(body, **fields).model_copy(  # type: ignore[arg-type]
        update={"sender": Sender(name=name, address="k.destremau@example.org")}
    )
    found, vault = redact(cleaned(mail), mail, PLAYBOOK)
    opened = []
    for answer in (FACTURE, HOW_TO_LEAVE, BARE):
        decided = decision(answer.queue)
        made = draft(decided, candidates((answer, 0.9)), found, vault, mail, PLAYBOOK, None, PHRASES)
        assert isinstance(made, Draft)
        assert not {"civilite", "nom"} & set(made.placeholders_left)
        opened.append(made.paragraphs[0].text)
    return opened[0], opened[1], opened[2]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mme Claire Durand", ("Bonjour Madame Durand,", "Dear Ms Durand,", "Madame Durand,")),
        ("Claire Durand", ("Bonjour Claire Durand,", "Dear Claire Durand,", "Madame, Monsieur,")),
        ("claire durand", ("Bonjour Claire Durand,", "Dear Claire Durand,", "Madame, Monsieur,")),
        (
            "M. et Mme Durand",
            ("Bonjour Madame et Monsieur Durand,", "Dear Mr and Mrs Durand,", "Madame et Monsieur Durand,"),
        ),
        ("", ("Bonjour,", "Dear Sir or Madam,", "Madame, Monsieur,")),
        ("k.destremau", ("Bonjour,", "Dear Sir or Madam,", "Madame, Monsieur,")),
    ],
)
def test_a_sender_is_addressed_by_what_is_known_of_him(name: str, expected: tuple[str, str, str]) -> None:
    assert first_words(name) == expected


def test_a_civility_without_a_name_is_enough() -> None:
    metadata = {"civilite": "Madame"}
    assert first_words("", metadata=metadata) == ("Bonjour Madame,", "Dear Madame,", "Madame,")


def test_the_formula_at_the_end_takes_the_same_form() -> None:
    mail = message("Ma facture ?", name="Claire Durand")
    found, vault = redact(cleaned(mail), mail, PLAYBOOK)
    made = draft(decision("facture"), candidates((BARE, 0.9)), found, vault, mail, PLAYBOOK, None, PHRASES)
    assert isinstance(made, Draft)
    assert made.paragraphs[-1].text == "Je vous prie d'agréer, Madame, Monsieur, mes salutations."


@pytest.mark.parametrize("line", ["Bonjour Madame Durand,", "{civilite} {nom},", "Dear Sir or Madam,", "Bonjour !"])
def test_greetings_are_known(line: str) -> None:
    assert is_greeting(line)
    assert not is_closing(line)


@pytest.mark.parametrize(
    "line", ["Bien cordialement,", "Bon courage, nous nous occupons de vous,", "{conseiller}\nMaison"]
)
def test_closings_are_known(line: str) -> None:
    assert is_closing(line)
    assert not is_greeting(line)


@pytest.mark.parametrize("block", ["Voici la suite.", "Pour cela :\n- un,\n- deux,", "Bonjour Madame,\nVoici."])
def test_what_a_letter_says_is_neither(block: str) -> None:
    assert not is_greeting(block)
    assert not is_closing(block)


def test_a_formula_ends_a_letter_also_behind_a_last_thank_you_and_a_request_does_not() -> None:
    assert is_closing("Je vous remercie de votre patience, et vous prie d'agréer, Madame, mes salutations distinguées.")
    assert is_closing("Veuillez agréer, Maître, l'expression de mes sentiments.")
    assert not is_closing("Veuillez nous envoyer votre contrat avant la fin du mois et le garder ensuite.")
    assert not is_closing("Je vous prie de nous excuser de cette attente.")
