from datetime import date

import pytest

from service.domain.answers import CannedAnswer
from service.domain.linted import LintFinding
from service.pipeline.check.lint import lint
from service.playbooks import parse_answers, parse_playbook
from service.settings import REFERENCE
from tests.service.pipeline.draft.made import DEPART, FACTURE, PHRASES

PLAYBOOK = parse_playbook(REFERENCE)
LIBRARY = parse_answers((REFERENCE / "answers.yaml").read_text("utf-8"), PLAYBOOK.queue_ids)
TODAY = date(2026, 11, 22)


def found(*changed: CannedAnswer) -> list[LintFinding]:
    """What is said of the shipped library with these answers in it, or in the place of theirs."""
    kept = [answer for answer in LIBRARY if answer.id not in {one.id for one in changed}]
    return lint([*kept, *changed], PLAYBOOK, TODAY, PHRASES)


def answer(name: str, **changes: object) -> CannedAnswer:
    return next(one for one in LIBRARY if one.id == name).model_copy(update=changes)


def test_the_shipped_answers_are_left_alone() -> None:
    assert found() == []


def test_a_fact_that_the_account_does_not_have_is_told_with_the_nearest() -> None:
    body = answer("pieces_cles").body.replace("800 €", "850 €")
    (finding,) = found(answer("pieces_cles", body=body, facts=()))
    assert (finding.kind, finding.answer, finding.text) == ("unknown_fact", "pieces_cles", "850 €")
    assert "garantie cles" in finding.why
    assert finding.cure


def test_two_answers_with_two_delays_for_one_thing_contradict_each_other() -> None:
    said = "Le colis de bienvenue est renvoyé gratuitement sous {} jours ouvrés après votre signalement."
    one, other = (
        DEPART.model_copy(update={"id": f"colis_{days}", "queue": "avantages", "body": said.format(days)})
        for days in (7, 10)
    )
    kinds = {(finding.kind, finding.answer, finding.other) for finding in found(one, other)}
    assert ("contradicts_answer", "colis_7", "colis_10") in kinds


@pytest.mark.parametrize(
    ("changes", "kind", "severity"),
    [
        ({"valid_until": date(2026, 11, 21)}, "expired", "error"),
        ({"valid_until": date(2026, 12, 1)}, "expiring", "warning"),
        ({"valid_from": date(2026, 12, 1)}, "not_yet_valid", "info"),
        ({"facts": ("sous 12 ans",)}, "missing_fact", "warning"),
        ({"body": "Bonjour,\n\nNous vous remboursons. Merci."}, "unconditional", "warning"),
        ({"body": "Votre dossier {numero_dosier} est ouvert."}, "unfillable", "warning"),
    ],
)
def test_what_is_wrong_with_one_answer_is_told(changes: dict[str, object], kind: str, severity: str) -> None:
    (finding,) = found(answer("pieces_cles", **{"facts": (), **changes}))
    assert (finding.kind, finding.severity, finding.answer) == (kind, severity, "pieces_cles")


def test_twins_and_queues_without_an_answer_are_told() -> None:
    twin = FACTURE.model_copy(update={"id": "echeance_bis"})
    kinds = {finding.kind for finding in lint([FACTURE, twin], PLAYBOOK, TODAY, PHRASES)}
    assert {"twin", "empty_queue"} <= kinds


def test_of_one_answer_the_same_is_told_as_of_all() -> None:
    said = "Le colis de bienvenue est renvoyé gratuitement sous {} jours ouvrés après votre signalement."
    colis = [DEPART.model_copy(update={"id": f"colis_{days}", "body": said.format(days)}) for days in (7, 7.5, 10)]
    misspelt = DEPART.model_copy(update={"id": "misspelt", "body": "Votre dossier {numero_dosier} est ouvert."})
    library = [colis[0], *LIBRARY, *colis[1:], misspelt, FACTURE, FACTURE.model_copy(update={"id": "echeance_bis"})]
    every = lint(library, PLAYBOOK, TODAY, PHRASES)
    assert {"contradicts_answer", "twin", "unfillable"} <= {finding.kind for finding in every}
    for one in library:
        mine = [finding for finding in every if one.id in {finding.answer, finding.other}]
        told = lint(library, PLAYBOOK, TODAY, PHRASES, one.id)
        assert sorted(map(str, told)) == sorted(map(str, mine))


def test_an_offer_that_no_answer_makes_is_a_dead_reference() -> None:
    offered = {offer for situation in PLAYBOOK.situations for offer in situation.offers}
    kept = [one for one in LIBRARY if one.id not in offered]
    dead = {finding.text for finding in lint(kept, PLAYBOOK, TODAY, PHRASES) if finding.kind == "dead_reference"}
    assert dead == offered
