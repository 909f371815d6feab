"""The library of canned answers, without scripts: a lead edits it, an advisor proposes, both see what became of it."""

import asyncio
import re
from html import unescape

import pytest
from httpx2 import Response

from service.domain.answers import CannedAnswer
from tests.door import Door
from tests.service.web.browser import Browser, as_person, text_of

ACCOUNT = "club-horizon-auto"
COPY = CannedAnswer(
    id="copie_test",
    queue="adhesion_resiliation",
    title="Copie d'essai",
    situation="Le membre demande une copie.",
    body="Bonjour {civilite} {nom},\n\nVoici votre copie pour 42 €.",
)


@pytest.fixture(scope="module")
def queue(shared_door: Door) -> str:
    return asyncio.run(shared_door.desk.playbooks.active(ACCOUNT)).queues[0].id


@pytest.fixture
def answer(shared_door: Door, queue: str) -> CannedAnswer:
    """A canned answer of the test's own, in its first state or in whatever the tests before left."""
    editing = shared_door.desk.workbench.answers.editing
    names = {one.answer.id for one in asyncio.run(editing.all(ACCOUNT))}
    one = COPY.model_copy(update={"queue": queue, "id": f"copie_{len(names)}"})
    asyncio.run(editing.add(ACCOUNT, one, "test"))
    return one


@pytest.fixture(scope="module")
def lead(shared_door: Door) -> Browser:
    return as_person(shared_door, "lead", "Claire")


def fields_of(answer: CannedAnswer, **other: str) -> dict[str, str]:
    said = {"title": answer.title, "situation": answer.situation, "body": answer.body, "queue": answer.queue}
    return {"account": ACCOUNT, "language": "fr", "audience": "member", "revision": "1", **said, **other}


def body_in(page: Response) -> str:
    area = re.search(r'<textarea id="body"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
    assert area, page.text[:500]
    return unescape(area[1])


def test_the_list_finds_an_answer_and_its_page_shows_what_it_says(lead: Browser, answer: CannedAnswer) -> None:
    page = lead.get(f"/answers?q=copie+essai&queue={answer.queue}")
    assert f"/answers/one/{answer.id}" in page.text
    assert len(page.content) < 200_000
    shown = text_of(lead.get(f"/answers/one/{answer.id}"))
    assert "Bonjour Madame Martin" in shown
    assert "42 €" in shown
    assert "rempli par le programme" in shown


def test_who_reads_sees_until_which_day_of_which_year_an_answer_holds(
    shared_door: Door, lead: Browser, answer: CannedAnswer
) -> None:
    path = f"/answers/one/{answer.id}"
    lead.post(path, page=path, **fields_of(answer, valid_until="2031-12-30"))
    assert "Jusqu'au 30/12/2031" in text_of(as_person(shared_door).get(path))


def test_a_saved_answer_is_what_the_page_then_shows_and_its_former_state_comes_back(
    lead: Browser, answer: CannedAnswer
) -> None:
    path = f"/answers/one/{answer.id}"
    page = lead.post(path, page=path, **fields_of(answer, body="Autre texte, {nom}.\r\n\r\nFin."))
    assert "enregistrée" in text_of(page)
    assert body_in(page) == "Autre texte, {nom}.\n\nFin."
    back = lead.post(f"{path}/restore", account=ACCOUNT, revision="2", wanted="1")
    assert body_in(back) == answer.body
    retired = lead.post(f"{path}/retire", account=ACCOUNT, revision="3")
    assert "retirée" in text_of(retired)


def test_of_two_leads_the_second_sees_both_texts_and_saves_after_all(
    shared_door: Door, lead: Browser, answer: CannedAnswer
) -> None:
    path = f"/answers/one/{answer.id}"
    nadia = as_person(shared_door, "lead")
    lead.get(path)
    nadia.post(path, page=path, **fields_of(answer, body="Le texte de l'autre."))
    page = lead.post(path, **fields_of(answer, body="<b>Mon texte.</b>"))
    assert page.status_code == 409
    assert "Le texte de l'autre." in text_of(page)
    assert body_in(page) == "<b>Mon texte.</b>"
    assert 'name="revision" value="2"' in page.text
    assert "enregistrée" in text_of(lead.post(path, **fields_of(answer, body="Les deux.", revision="2")))


def test_a_mistake_is_named_and_nothing_that_was_typed_is_lost(lead: Browser, answer: CannedAnswer) -> None:
    path = f"/answers/one/{answer.id}"
    page = lead.post(path, page=path, **fields_of(answer, title=" ", body="Gardé.", valid_from="2027-02-30"))
    assert page.status_code == 422
    assert "Donnez un titre" in text_of(page)
    assert "Vérifiez les dates" in text_of(page)
    assert body_in(page) == "Gardé."


def test_the_preview_shows_what_is_typed_before_it_is_kept(lead: Browser, answer: CannedAnswer) -> None:
    fields = fields_of(answer, id=answer.id, body="Bonjour {nom}, {zorglub} : 77 € sous 12 jours.")
    page = lead.post("/answers/preview", page=f"/answers/one/{answer.id}", **fields)
    shown = text_of(page)
    assert "Bonjour Martin" in shown
    assert ">{zorglub}</mark> : 77 € sous 12 jours." in page.text
    assert "aucune autre réponse n'a ce repère" in shown
    assert body_in(page) == fields["body"]


def test_a_proposal_lands_with_the_lead_who_accepts_it(shared_door: Door, lead: Browser, answer: CannedAnswer) -> None:
    lea = as_person(shared_door, "advisor")
    found = shared_door.triage(body="Bonjour, je voudrais une copie de mon contrat, merci.")
    new = fields_of(answer, title=f"Proposée {answer.id}", message=found["id"], note="souvent demandée", revision="")
    assert "attend un responsable" in text_of(
        lea.post("/answers/propose", page=f"/answers/propose?message={found['id']}", **new)
    )
    edit = fields_of(answer, id=answer.id, body="Texte proposé.")
    lea.post("/answers/propose", page=f"/answers/propose?answer={answer.id}", **edit)
    page = lead.get("/answers/proposals")
    assert "souvent demandée" in text_of(page)
    assert "Texte proposé." in text_of(page)
    proposals = asyncio.run(shared_door.desk.workbench.answers.proposals.list(ACCOUNT))
    for one in proposals:
        extra = {"revision": "1"} if one.edits else {}
        lead.post(f"/answers/proposals/{one.id}/accept", account=ACCOUNT, **extra)
    assert body_in(lead.get(f"/answers/one/{answer.id}")) == "Texte proposé."
    assert "Proposée" in text_of(lead.get("/answers?q=proposee"))


def test_an_advisor_reads_answers_and_edits_none(shared_door: Door, answer: CannedAnswer) -> None:
    lea = as_person(shared_door, "advisor")
    page = lea.get(f"/answers/one/{answer.id}")
    assert "<textarea" not in page.text
    assert "Proposer une modification" in text_of(page)
    assert lea.post(f"/answers/one/{answer.id}", **fields_of(answer)).status_code == 403


def test_what_is_missing_is_shown_by_queue(shared_door: Door, lead: Browser) -> None:
    shared_door.triage(body="Bonjour, mon abonnement à la revue ne vient plus. Par ailleurs où est ma facture ?")
    page = lead.get("/answers/gaps")
    assert page.status_code == 200
    assert "derniers messages" in text_of(page)


def test_answers_of_an_account_that_is_not_seen_are_not_there(shared_door: Door) -> None:
    lead = as_person(shared_door, "lead", only=[ACCOUNT])
    assert lead.get("/answers?account=autre").status_code == 404
    assert lead.get("/answers/one/nothing").status_code == 404
