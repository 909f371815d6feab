from service.domain.draft import Draft, Finding, Paragraph
from service.domain.votes import Evidence
from service.pipeline.redact.veil import VEIL, veiled
from tests.service.pipeline.redact.made import message, redacted
from tests.service.samples import a_triage

BODY = "Je suis Paul Durand, appelez le 06 12 34 56 78, dossier DX-4821."


def test_a_veiled_triage_holds_none_of_its_messages_personal_data_and_its_offsets_stay_true() -> None:
    given = message(BODY, metadata={"numero_adherent": "4071172"}, external_id="m-1")
    _, vault = redacted(BODY)
    text = "Bonjour Monsieur Durand,\n\nNous vous rappelons au 0612345678 pour DX-4821, adhérent 4071172."
    at = text.index("DX-4821")
    finding = Finding(kind="fact", text="DX-4821", start=at, end=at + 7, severity="warning", nearest="DX-4821")
    parts = (Paragraph(text=text, sources=("message",)),)
    draft = Draft(language="fr", subject="Re: Paul Durand", body=text, paragraphs=parts, findings=(finding,))
    evidence = Evidence(voter="keywords", kind="keyword", text="Paul Durand, appelez", start=8, end=28, queue="facture")
    triage = a_triage(given, "t-1", draft=draft, evidence=(evidence,), reason="Paul Durand veut être rappelé.")
    hidden = veiled(triage, given, vault)
    told = hidden.model_dump_json()
    for personal in ("Durand", "0612345678", "DX-4821", "4071172", "Paul"):
        assert personal not in told
    assert hidden.draft is not None
    assert len(hidden.draft.body) == len(text)
    assert hidden.draft.body[at : at + 7] == VEIL * 7
    assert hidden.draft.body.startswith("Bonjour Monsieur")
    assert (hidden.id, hidden.queue, hidden.evidence[0].start) == (triage.id, triage.queue, 8)


def test_a_triage_of_a_message_without_personal_data_stays_as_it_is() -> None:
    given = message("Où en est ma facture ?", name="", address="")
    _, vault = redacted("Où en est ma facture ?", name="")
    triage = a_triage(given, "t-1")
    assert veiled(triage, given, type(vault)({})) == triage
