"""Files as forms and back: what is typed comes out as it went in, and everything else stays as it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.playbooks import check, parse, version
from service.playbooks.form import WHOLE, form_of, new_queue, placed, with_form
from tests.service.playbooks.account import ACCOUNT, EXAMPLES, FILES, RESILIATION

QUEUE = "queues/resiliation.yaml"


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_form_that_nobody_changed_changes_no_byte(file: str) -> None:
    assert with_form(file, FILES[file], form_of(file, FILES[file])) == FILES[file]


def test_one_field_is_written_and_the_rest_keeps_its_comments() -> None:
    text = with_form(QUEUE, RESILIATION, {"level": "3", "must_not_miss": "yes", "retention": ""})
    queue = parse({**FILES, QUEUE: text}).queue("resiliation")
    assert (queue.level, queue.must_not_miss, queue.retention) == (3, True, False)
    assert "# le mot même" in text
    assert with_form(QUEUE, text, {"level": "2", "must_not_miss": "", "retention": "yes"}).count("level: 2\n") == 1


def test_keywords_are_shown_with_their_comments_and_kept_as_typed() -> None:
    form = form_of(QUEUE, RESILIATION)
    assert form["keywords"].startswith("# le mot même\nrésilier ^3\n")
    text = with_form(QUEUE, RESILIATION, {"keywords": "  résilier ^2\r\n\r\n# fin\r\nadieu"})
    assert form_of(QUEUE, text)["keywords"] == "résilier ^2\n\n# fin\nadieu"
    assert "keywords" not in with_form(QUEUE, RESILIATION, {"keywords": " \n"})


def test_nested_fields_of_the_account_are_written() -> None:
    typed = {"thresholds.routing": "0,9", "tone.instructions": "Vouvoyez.\nSoyez bref.", "thresholds.missed": ""}
    text = with_form("account.yaml", ACCOUNT, typed)
    found = parse({**FILES, "account.yaml": text})
    assert (found.thresholds.routing, found.tone.instructions) == (0.9, ("Vouvoyez.", "Soyez bref."))
    assert "\\bA\\d{6}\\b" in text
    text = with_form("account.yaml", text, {"texts.triage.system": "Tu tries.\nVite."})
    assert parse({**FILES, "account.yaml": text}).texts == {"triage.system": "Tu tries.\nVite."}
    assert version({**FILES, "account.yaml": with_form("account.yaml", text, {"texts.triage.system": ""})}) == version(
        {**FILES, "account.yaml": with_form("account.yaml", ACCOUNT, typed)}
    )


def test_a_file_without_fields_is_edited_as_it_stands() -> None:
    file = "examples/remboursement.txt"
    assert form_of(file, EXAMPLES) == {WHOLE: EXAMPLES}
    assert with_form(file, EXAMPLES, {WHOLE: "un\r\ndeux\n"}) == "un\ndeux\n"
    assert form_of(QUEUE, "id: [")[WHOLE] == "id: ["


@pytest.mark.parametrize(
    ("form", "field", "line"),
    [
        ({"keywords": "résilier ^3\nmettre fin"}, "keywords", 2),
        ({"keywords": "résilier ^3\n\n\nvol !vol"}, "keywords", 4),
        ({"level": "9"}, "level", 0),
        ({"sla_hours": "vite"}, "sla_hours", 0),
        ({"label": ""}, "", 0),
    ],
)
def test_a_mistake_is_shown_beside_its_field(form: dict[str, str], field: str, line: int) -> None:
    text = with_form(QUEUE, RESILIATION, form)
    mistakes = [placed(QUEUE, text, one) for one in check({**FILES, QUEUE: text}) if one.file == QUEUE]
    assert (mistakes[0].field, mistakes[0].line) == (field, line)


def test_a_new_queue_says_what_it_lacks() -> None:
    codes = {one.code for one in check({**FILES, "queues/vol.yaml": new_queue("vol", "Vol: voiture")})}
    assert "bad_yaml" not in codes
    assert codes


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_whatever_is_typed_is_shown_again(definition: str, keywords: str, label: str) -> None:
    form = {"definition": definition, "keywords": keywords, "label": label}
    text = with_form(QUEUE, RESILIATION, form)
    found = form_of(QUEUE, text)
    assert WHOLE not in found
    assert with_form(QUEUE, text, found) == text
    assert found["level"] == "2"
    assert form_of(QUEUE, with_form(QUEUE, text, form)) == found
