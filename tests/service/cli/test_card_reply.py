"""What the card says of a reply: which paragraph answers which ask, what none answers, and where to look."""

from service.cli.card_reply import asks, findings, situations
from service.domain.ask import Ask
from service.domain.draft import Draft, Finding, Paragraph
from service.domain.situation import Situation
from service.phrases import load_phrases
from service.settings import PROMPTS
from tests.service.pipeline.redact.made import playbook

PHRASES = load_phrases(PROMPTS, "fr")
PARTS = (Paragraph(text="Bonjour,", sources=("a",)), Paragraph(text="Voici 12 €.", sources=("a",), asks=(0,)))
BODY = "Bonjour,\n\nVoici 12 €."
DRAFT = Draft(language="fr", subject="Re: x", body=BODY, paragraphs=PARTS, situations=("grief", "gone"))
BILL = Ask(text="Où est\nma facture ?", queue="facture", probability=0.9, answered_by=(1,), answers=("a",))
LEAVE = Ask(text="Et partir ?", queue="depart", probability=0.3, uncovered_reason="À traiter par vous.")


def test_each_ask_stands_on_its_line_with_its_paragraphs_or_why_there_are_none() -> None:
    assert asks((BILL, LEAVE), True, {"facture": "Factures"}, PHRASES).splitlines() == [
        "« Où est ma facture ? » (Factures) → § 2",
        "« Et partir ? » (depart) → À traiter par vous.",
    ]


def test_without_a_draft_the_asks_are_named_and_the_reason_stands_once_elsewhere() -> None:
    assert "→" not in asks((BILL, LEAVE), False, {}, PHRASES)


def test_a_finding_names_its_paragraph_where_it_has_a_place() -> None:
    start = BODY.index("12 €")
    there = Finding(kind="x", text="12 €", start=start, end=start + 4, severity="error", detail="Absent.")
    whole = Finding(kind="language", text="", start=0, end=0, severity="info", detail="À traduire.")
    made = DRAFT.model_copy(update={"findings": (whole, there)})
    assert findings(made, PHRASES).splitlines() == ["À traduire.", "§ 2 « 12 € » Absent."]


def test_what_is_said_of_several_findings_in_a_row_is_said_once() -> None:
    said = [("Payé.", "À vérifier."), ("Clos.", "À vérifier."), ("12 €", "Absent.")]
    found = [Finding(kind="x", text=text, start=0, end=4, severity="info", detail=why) for text, why in said]
    told = findings(DRAFT.model_copy(update={"findings": tuple(found)}), PHRASES).splitlines()
    assert told == ["§ 1 « Payé. »", "§ 1 « Clos. »", "À vérifier.", "§ 1 « 12 € » Absent."]


def test_a_situation_goes_by_its_label_and_one_that_the_playbook_no_longer_has_by_its_id() -> None:
    grief = Situation(id="grief", label="Deuil", queues=("facture",))
    assert situations(DRAFT, playbook(situations=(grief,))) == "Deuil · gone"
