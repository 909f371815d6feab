"""What became of a draft in the reply that was sent."""

import pytest

from service.domain.comparison import Change, Comparison
from service.domain.draft import Draft, Paragraph
from service.domain.playbook import Playbook
from service.pipeline.compare import compare
from service.pipeline.compare.content import MOST_WORDS
from tests.service.samples import a_playbook

GREETING = "Bonjour {civilite} {nom},"
OPENED = "Votre dossier {numero_dossier} est ouvert depuis le {date}."
PRICE = "Le remboursement est de 42,00 €, versé sous 14 jours, sauf si le contrat est suspendu."
CALL = "Pour toute question, appelez le 04 65 71 20 20 du lundi au vendredi."
BODY = (GREETING, OPENED, PRICE, CALL, "Bien cordialement,\n\n{conseiller}\nLe club")
FILLED = ("Bonjour Madame Petit,", "Votre dossier PF-26-118 est ouvert depuis le 3 mars 2026.", PRICE, CALL)


@pytest.fixture
def playbook() -> Playbook:
    return a_playbook()


def a_draft(*texts: str, language: str = "fr") -> Draft:
    parts = tuple(Paragraph(text=text, sources=(f"answer_{number}",)) for number, text in enumerate(texts))
    return Draft(language=language, subject="", body="\n\n".join(texts), paragraphs=parts)


def sent(playbook: Playbook, *blocks: str, locked: tuple[int, ...] = ()) -> Comparison:
    return compare(a_draft(*BODY), "\n\n".join(blocks), playbook, 0, locked)


def test_greeting_signature_white_space_and_filled_placeholders_are_no_edits(playbook: Playbook) -> None:
    found = sent(
        playbook, "Madame,", *FILLED[1:3], CALL.replace(", ", " ,\n"), "Bien à vous,\nLéa Martin\nService clients"
    )
    assert (found.verdict, found.kept, found.taken, found.edits, found.changes) == ("kept", 1.0, 1.0, (), ())
    assert [one.fate for one in found.paragraphs] == ["kept", "kept", "kept"]


def test_the_thread_quoted_below_a_reply_is_not_the_reply(playbook: Playbook) -> None:
    quoted = "Le 3 mars 2026 à 10:12, Anne Petit <anne@example.org> a écrit :\n> Où en est mon dossier ?\n> Merci"
    assert sent(playbook, *FILLED, "Bien cordialement,\nLéa", quoted).verdict == "kept"


def test_a_changed_amount_is_an_edit_that_names_both(playbook: Playbook) -> None:
    found = sent(playbook, *FILLED[:2], PRICE.replace("42,00 €", "45 €"), CALL)
    assert found.verdict == "edited"
    assert Change(kind="amount", before="42,00 €", after="45 €") in found.changes
    (edit,) = found.edits
    assert edit.sources == ("answer_2",)
    assert "45 €" in edit.after


@pytest.mark.parametrize(
    ("kind", "was", "now"),
    [
        ("delay", "sous 14 jours", "sous 30 jours"),
        ("phone", "04 65 71 20 20", "04 65 71 30 30"),
        ("condition_lost", ", sauf si le contrat est suspendu", ""),
        ("negation_added", "est de 42,00 €", "n'est pas de 42,00 €"),
        ("promise", "Pour toute question", "Ce geste est gratuit. Pour toute question"),
        ("tone", "Pour toute question", "Nous sommes désolés. Pour toute question"),
    ],
)
def test_what_was_changed_is_told_by_kind(playbook: Playbook, kind: str, was: str, now: str) -> None:
    found = sent(playbook, *(block.replace(was, now) for block in FILLED))
    assert found.verdict == "edited"
    assert kind in {change.kind for change in found.changes}


def test_the_same_amount_written_otherwise_is_an_edit_without_a_changed_fact(playbook: Playbook) -> None:
    found = sent(playbook, *(block.replace("42,00 €", "42 euros") for block in FILLED))
    assert (found.verdict, found.changes) == ("edited", ())


def test_paragraphs_are_kept_edited_dropped_or_moved(playbook: Playbook) -> None:
    found = sent(playbook, FILLED[0], CALL, "Votre dossier PF-26-118 est ouvert depuis hier, le 3 mars.")
    assert {one.index: one.fate for one in found.paragraphs} == {1: "edited", 2: "dropped", 3: "kept"}
    assert found.paragraphs[1].sources == ("answer_2",)
    swapped = sent(playbook, FILLED[0], FILLED[3], FILLED[1], FILLED[2])
    assert (swapped.verdict, swapped.kept) == ("edited", 1.0)
    assert {one.index: one.fate for one in swapped.paragraphs} == {1: "kept", 2: "kept", 3: "moved"}
    assert not [change for change in found.changes if change.kind == "amount"]


def test_another_text_is_rewritten_although_small_words_are_equal(playbook: Playbook) -> None:
    text = "Nous avons bien reçu le devis de votre garage et vous répondrons dès que notre expert l'aura lu."
    found = sent(playbook, "Bonjour,", text, "Cordialement,\nLéa")
    assert (found.verdict, found.taken < 0.2) == ("rewritten", True)


def test_a_reply_in_another_language_says_so(playbook: Playbook) -> None:
    found = sent(playbook, "Dear Ms Petit, your file is open and we will pay you within fourteen days of today.")
    assert (found.verdict, found.changes) == ("rewritten", (Change(kind="language", before="fr", after="en"),))


def test_what_an_advisor_wrote_into_the_draft_counts_for_nothing(playbook: Playbook) -> None:
    own = "Je vous envoie ce jour une copie de la police signée par mes soins."
    drafted = a_draft(*BODY[:3], own, BODY[4])
    found = compare(drafted, "\n\n".join((*FILLED[:3], own)), playbook, 2, {3})
    assert (found.verdict, found.version, found.paragraphs[-1].fate) == ("kept", 2, "advisor")


def test_an_empty_reply_and_an_endless_one_are_compared(playbook: Playbook) -> None:
    assert sent(playbook, " ").verdict == "rewritten"
    assert sent(playbook, "a b " * MOST_WORDS).verdict == "rewritten"


def test_a_fact_that_takes_the_place_of_another_is_named_also_where_the_draft_has_it_elsewhere(
    playbook: Playbook,
) -> None:
    stolen, lost = "Clés volées : prévenez-nous sous 2 jours.", "Clés perdues : prévenez-nous sous 5 jours."
    draft = a_draft(GREETING, stolen, lost, "Cordialement")
    once = compare(draft, f"Bonjour,\n\n{stolen.replace('2', '5')}\n\n{lost}\n\nCordialement", playbook, 0, ())
    assert once.changes == (Change(kind="delay", before="2 jours", after="5 jours"),)
    swapped = f"Bonjour,\n\n{stolen.replace('2', '5')}\n\n{lost.replace('5', '2')}\n\nCordialement"
    both = compare(draft, swapped, playbook, 0, ())
    assert {(one.before, one.after) for one in both.changes} == {("2 jours", "5 jours"), ("5 jours", "2 jours")}


def test_a_postscript_counts(playbook: Playbook) -> None:
    found = sent(playbook, *FILLED, "Cordialement,\nLéa", "PS : nous vous remboursons aussi la totalité du taxi.")
    assert found.verdict == "edited"
    assert [one.kind for one in found.changes] == ["promise"]
