import pytest

from service.playbooks import check, parse
from tests.service.playbooks.account import ACCOUNT, FILES, changed

SITUATIONS = "situations.yaml"
BROKEN = [
    ("account.yaml", '"09:00-12:00", "14:00-17:00"', '"14:00-12:00"', 16, "bad_value"),
    ("account.yaml", '"10:00-11:00", "14:00-15:00"', '"10:00-11:00", "13:30-14:30"', 17, "call_outside_hours"),
    ("account.yaml", "closed: [2026-12-24]", "closed: [Noël]", 18, "not_date"),
    (SITUATIONS, "id: late", "id: departure", 10, "duplicate_id"),
    (SITUATIONS, "  flags: [chaser]\n", "", 10, "situation_never"),
    (SITUATIONS, "queues: [resiliation]", "queues: [depart]", 3, "unknown_queue"),
    (SITUATIONS, "flags: [chaser]", "flags: [chasers]", 12, "unknown_flag"),
    (SITUATIONS, "replaces: [late]", "replaces: [departure]", 4, "unknown_situation"),
    (SITUATIONS, "offers: [depart]", "offers: [reste]", 5, "unknown_answer"),
    (SITUATIONS, "telephones.accueil", "telephones.standard", 16, "unknown_fact"),
    (SITUATIONS, "unless: excuse", "instead: {fr: 'Depuis {facts.ouverture}.'}", 16, "unknown_fact"),
    (SITUATIONS, "place: opening", "place: anywhere", 14, "bad_choice"),
    (SITUATIONS, "fr: Puis-je", "en: Puis-je", 8, "not_in_own_language"),
]


def test_situations_stand_in_the_order_of_the_file_and_a_single_text_is_a_list_of_one() -> None:
    playbook = parse(FILES)
    assert [situation.id for situation in playbook.situations] == ["departure", "late"]
    assert playbook.situations[0].add[0].text == {"fr": ("Puis-je vous appeler {creneaux} ?",)}
    assert playbook.calls is not None
    assert playbook.calls.hours["friday"] == ("09:00-12:00", "14:00-17:00")


@pytest.mark.parametrize(("file", "old", "new", "line", "code"), BROKEN)
def test_each_mistake_is_found_with_its_file_and_line(file: str, old: str, new: str, line: int, code: str) -> None:
    found = [(each.file, each.line, each.code) for each in check(changed(file, old, new))]
    assert (file, line, code) in found


def test_a_call_is_proposed_only_where_it_is_known_when_calls_are_made() -> None:
    mistakes = check(FILES | {"account.yaml": ACCOUNT.partition("calls:")[0]})
    assert [(one.file, one.line, one.code) for one in mistakes] == [(SITUATIONS, 8, "no_calls")]
