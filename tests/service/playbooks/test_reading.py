from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.playbook import QueueExample
from service.errors import MissingError, RefusedError
from service.playbooks import check, parse, parse_playbook, read_folder, version
from service.playbooks.mistakes import phrases
from service.settings import REFERENCE
from tests.service.playbooks.account import FILES, RESILIATION, changed


def test_a_good_account_has_no_mistake() -> None:
    assert check(FILES) == []


def test_a_playbook_holds_what_its_files_say() -> None:
    playbook = parse(FILES)
    assert playbook.queue_ids == ("remboursement", "resiliation")
    assert [(k.expression, k.weight) for k in playbook.queue("resiliation").keywords] == [
        ("résilier", 3.0),
        ('"mettre fin"', 2.5),
        ("quitter & club", 1.0),
        ("rembours* !résilier", -1.0),
    ]
    assert playbook.precedence[0].over == ("remboursement",)
    assert playbook.facts["telephones"]["accueil"] == "01 99 00 24 24"
    assert playbook.thresholds.accepted_error == 0.03


QUEUE = "queues/resiliation.yaml"
MONEY = "queues/remboursement.yaml"
SAID = "examples/remboursement.txt"
BROKEN = [
    ("account.yaml", "account: petit-club", "account: Petit Club", 1, "bad_id"),
    ("account.yaml", "language: fr", "language: fra", 3, "bad_language"),
    ("account.yaml", "Europe/Paris", "Europe/Pari", 4, "unknown_timezone"),
    ("account.yaml", "routing: 0.8", "routing: 1.2", 6, "not_less_than_equal"),
    ("account.yaml", "routing: 0.8", "routing: '0.8'", 6, "not_number"),
    ("account.yaml", "routing: 0.8", "routin: 0.8", 6, "unknown_field"),
    ("account.yaml", "signature: Le Petit Club", "signature:", 8, "empty_field"),
    ("account.yaml", "    - Vouvoyez.", "    - ''", 10, "empty_field"),
    ("account.yaml", "'\\bA\\d{6}\\b'", "'('", 12, "bad_regex"),
    ("account.yaml", "'\\bA\\d{6}\\b'", "'\\d*'", 12, "regex_matches_nothing"),
    ("account.yaml", "'\\bA\\d{6}\\b'", "'(?:\\d+ ?)+K'", 12, "regex_endless"),
    ("account.yaml", "tone:", "history:\n  ordinary: '^(a+)+$'\ntone:", 8, "regex_endless"),
    ("account.yaml", "ADHERENT", "adhérent 1", 12, "bad_kind"),
    ("account.yaml", "label: Petit Club", "label: Petit: Club", 2, "bad_yaml"),
    ("account.yaml", "timezone", "language", 4, "duplicate_field"),
    ("account.yaml", "identifiers:", "texts:\n  triage.sistem: x\nidentifiers:", 12, "unknown_text"),
    ("account.yaml", "identifiers:", "texts:\n  triage.system: ''\nidentifiers:", 12, "empty_field"),
    (QUEUE, "id: resiliation", "id: resilier", 1, "id_is_not_file_name"),
    (QUEUE, "id: resiliation", "id: remboursement", 1, "duplicate_id"),
    (QUEUE, "level: 2", "level: 4", 3, "not_less_than_equal"),
    (QUEUE, "level: 2", "level: deux", 3, "not_integer"),
    (QUEUE, "sla_hours: 24", "sla: 24", 4, "unknown_field"),
    (QUEUE, "sla_hours: 24", "sla: 24", 1, "missing_field"),
    (QUEUE, "retention: true", "retention: oui", 5, "not_boolean"),
    (QUEUE, "definition: Le membre veut partir.", "definition: '  '", 6, "empty_field"),
    (QUEUE, "\n  - Il dit vouloir partir.", " Il dit vouloir partir.", 7, "not_list"),
    (QUEUE, "  - Il dit vouloir partir.", "  -", 8, "empty_field"),
    (QUEUE, "\n  - Il dit vouloir partir.", " []", 7, "no_instructions"),
    (QUEUE, "keywords: |", "keywords: >", 9, "keywords_not_a_block"),
    (QUEUE, "  résilier ^3", "  résilier vite ^3", 11, "words_not_joined"),
    (QUEUE, "  résilier ^3", "  résilier !résilier", 11, "excludes_itself"),
    (QUEUE, "  résilier ^3", "  résilier !résiliation", 11, "excludes_itself"),
    (QUEUE, "  résilier ^3", "  résilier !rés*", 11, "excludes_itself"),
    (QUEUE, '"mettre fin" ^2.5', '"mettre fin" !mettre', 12, "excludes_itself"),
    (QUEUE, "quitter & club", "quitter & [[IBANN]]", 13, "unknown_marker"),
    (QUEUE, '"mettre fin"', '"mettre fin', 12, "quote_not_closed"),
    (QUEUE, "quitter & club", "résilier ^-2", 13, "keyword_contradicts"),
    (QUEUE, "quitter & club", "RESILIER ^2", 13, "keyword_two_weights"),
    (QUEUE, "quitter & club", "RESILIER ^3", 13, "keyword_twice"),
    (QUEUE, "quitter & club", "résiliation", 13, "keyword_inflected"),
    (QUEUE, "quitter & club", "rembours* ^3", 13, "keyword_strong_twice"),
    (QUEUE, "level: 2", "level: 0", 3, "not_greater_than_equal"),
    (QUEUE, "label: Résiliation", "label: 12", 2, "not_text"),
    (QUEUE, "quitter & club", "quitter club", 13, "words_not_joined"),
    (QUEUE, "quitter & club", "quitter &", 13, "sign_without_word"),
    (QUEUE, "quitter & club", "!club", 13, "only_negated"),
    (QUEUE, "quitter & club", "^2", 13, "empty_expression"),
    (QUEUE, "quitter & club", '"!?"', 13, "no_word"),
    (QUEUE, "quitter & club", "q*", 13, "prefix_too_short"),
    (QUEUE, "quitter & club", "qui*er", 13, "star_misplaced"),
    (QUEUE, "quitter & club", "quitter ^2 ^3", 13, "unexpected_sign"),
    (QUEUE, "quitter & club", "quitter ^fort", 13, "weight_not_a_number"),
    (QUEUE, "quitter & club", "quitter ^12", 13, "weight_out_of_range"),
    ("account.yaml", "routing: 0.8", "accepted_error: 0", 6, "not_greater_than"),
    ("account.yaml", "tone:", "bursts:\n  numbers: [ADHERANT]\ntone:", 8, "unknown_number"),
    ("account.yaml", "routing: 0.8", "certainty: 1.0", 6, "not_less_than"),
    ("account.yaml", "thresholds:\n  routing: 0.8", "thresholds: 0.8", 5, "not_fields"),
    ("answers.yaml", "    placeholders", "    valid_from: 2026-02-01 10:30:00\n    placeholders", 10, "not_date"),
    (
        "precedence.yaml",
        "- rule: Sinon,",
        "- rule: x\n  winner: remboursement\n  over: [resiliation]\n- rule: Sinon,",
        6,
        "precedence_opposed",
    ),
    ("answers.yaml", "    placeholders", "    valid_from: bientôt\n    placeholders", 10, "not_date"),
    ("answers.yaml", "    placeholders", "    audience: tous\n    placeholders", 10, "bad_choice"),
    (
        "answers.yaml",
        "    placeholders",
        "    valid_from: 2026-02-01\n    valid_until: 2026-01-01\n    placeholders",
        11,
        "never_valid",
    ),
    ("precedence.yaml", "winner: resiliation", "winner: resilliation", 2, "unknown_queue"),
    (MONEY, "keywords: |", "examples: []\nkeywords: |", 8, "examples_elsewhere"),
    (SAID, "+resiliation", "+resilliation", 4, "unknown_queue"),
    (SAID, "+resiliation", "+remboursement", 4, "tag_of_own_queue"),
    (SAID, "#chaser", "#chasser", 4, "unknown_flag"),
    (SAID, "#chaser", "chaser", 4, "bad_tag"),
    (SAID, "#chaser", "#Chaser", 4, "bad_id"),
    (SAID, "merci de virer la somme ||", "|| #chaser", 5, "empty_field"),
    ("precedence.yaml", "over: [remboursement]", "over:\n    - remboursements", 4, "unknown_queue"),
    ("precedence.yaml", "  over: [remboursement]\n", "", 1, "winner_and_over"),
    ("precedence.yaml", "over: [remboursement]", "over: [resiliation]", 3, "wins_over_itself"),
    ("flags.yaml", "id: urgent", "id: chaser", 5, "duplicate_id"),
    ("flags.yaml", '"toujours rien" ^2', "toujours rien ^2", 4, "words_not_joined"),
    ("flags.yaml", "definition: C'est pressé.", "definitions: C'est pressé.", 6, "unknown_field"),
    ("answers.yaml", "id: depart", "id: départ", 2, "bad_id"),
    ("answers.yaml", "queue: resiliation", "queue: resiliations", 3, "unknown_queue"),
    ("answers.yaml", "le {date}", "le {jour}", 9, "undeclared_placeholder"),
    ("answers.yaml", "le {date}", "le {jour}", 10, "unused_placeholder"),
    ("answers.yaml", "le {date}", "le {date", 9, "brace_alone"),
    ("answers.yaml", "    placeholders", "    placeholder", 10, "unknown_field"),
    ("answers.yaml", "answers:", "reponses:", 1, "no_answers"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "code"), BROKEN)
def test_each_mistake_is_found_with_its_file_and_line(file: str, old: str, new: str, line: int, code: str) -> None:
    found = [(each.file, each.line, each.code) for each in check(changed(file, old, new))]
    assert (file, line, code) in found


def test_all_mistakes_of_a_folder_are_named_in_one_pass() -> None:
    one_a_place = {(file, old): (new, line, code) for file, old, new, line, code in BROKEN if "\n" not in old + new}
    together = [
        ("account.yaml", "account: petit-club"),
        ("account.yaml", "routing: 0.8"),
        (QUEUE, "level: 2"),
        (QUEUE, '"mettre fin"'),
        (QUEUE, "quitter & club"),
        ("precedence.yaml", "winner: resiliation"),
        ("flags.yaml", "id: urgent"),
        ("answers.yaml", "queue: resiliation"),
    ]
    broken = dict(FILES)
    for file, old in together:
        broken[file] = broken[file].replace(old, one_a_place[file, old][0])
    found = {(mistake.file, mistake.line, mistake.code) for mistake in check(broken)}
    assert {(file, *one_a_place[file, old][1:]) for file, old in together} <= found


@pytest.mark.parametrize(
    ("wrong", "right"), [("retentions", "retention"), ("definitoin", "definition"), ("sla_hour", "sla_hours")]
)
def test_an_unknown_field_is_told_the_nearest_known_name(wrong: str, right: str) -> None:
    mistakes = check(FILES | {QUEUE: f"{wrong}: 1\n{RESILIATION}"})
    assert [right in mistake.cure for mistake in mistakes if mistake.code == "unknown_field"] == [True]


def test_an_unknown_queue_is_told_the_nearest_one() -> None:
    mistake = check(changed("precedence.yaml", "winner: resiliation", "winner: resilliation"))[0]
    assert "« resiliation »" in mistake.cure


def test_a_warning_refuses_nothing_and_an_error_refuses_all() -> None:
    doubled = changed(QUEUE, "quitter & club", "RESILIER ^3")
    assert [mistake.severity for mistake in check(doubled)] == ["warning"]
    assert parse(doubled)
    with pytest.raises(RefusedError) as caught:
        parse(changed(QUEUE, "level: 2", "level: 4"))
    assert caught.value.problems[0].field == f"{QUEUE}:3"
    assert "3" in caught.value.problems[0].message


def test_mistakes_in_canned_answers_do_not_keep_a_playbook_from_being_read() -> None:
    assert parse(changed("answers.yaml", "queue: resiliation", "queue: nulle"))


def test_a_missing_account_and_too_few_queues_are_named() -> None:
    assert {mistake.code for mistake in check({})} == {"missing_file", "too_few_queues"}


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty_file"), ("[" * 100_000, "too_deep"), ("a: &x 1\nb: *x", "alias"), ("a: &x [*x]", "alias"),
     ("!!python/object:os.system {}", "not_list"), ("a: !!python/name:os.system ''", "bad_yaml"), ("\x00", "bad_yaml"),
     ("a: b\n---\nc: d", "bad_yaml"), ("{[1]: 2}", "bad_field_name"), ("a: 2026-13-45", "bad_yaml"),
     ("a: \ufffd", "not_utf8")],
)  # fmt: skip
def test_hostile_yaml_is_a_mistake_and_no_more(text: str, code: str) -> None:
    codes = {mistake.code for mistake in check(FILES | {"precedence.yaml": text})}
    assert codes & {code, "not_a_list_of_entries"}


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("abé:-|>#\n \"'[]{}&*!^%@`,?0.")))
def test_whatever_is_written_is_read_or_named(text: str) -> None:
    for file in FILES:
        check(FILES | {file: text})


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from('aé"*&!^2.- #'), max_size=12))
def test_whatever_stands_on_a_keyword_line_is_read_or_named_with_its_line(line: str) -> None:
    files = changed(QUEUE, "  quitter & club", f"  {line.strip()}")
    assert all((mistake.file, mistake.line) == (QUEUE, 13) for mistake in check(files))


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    for file, text in FILES.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    (tmp_path / QUEUE).write_bytes(RESILIATION.encode("latin-1"))
    (tmp_path / "queues" / "vieux.yml").write_text("", encoding="utf-8")
    mistakes = check(read_folder(tmp_path))
    assert (QUEUE, 2, "not_utf8") in [(mistake.file, mistake.line, mistake.code) for mistake in mistakes]
    assert ("queues/vieux.yml", "unknown_file") in [(mistake.file, mistake.code) for mistake in mistakes]


def test_a_folder_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        parse_playbook(tmp_path / "nulle-part")


def test_the_version_is_blind_to_comments_formatting_and_order_of_files() -> None:
    other = {file: f"# note\n{text}" for file, text in reversed(FILES.items())}
    other["facts.yaml"] = 'nom: "Petit Club"\ntelephones: {accueil: 01 99 00 24 24}\n'
    del other["answers.yaml"]
    assert version(other) == version(FILES)
    assert len(version(FILES)) == 12


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [(QUEUE, "résilier ^3", "résilier ^2"), (QUEUE, "level: 2", "level: 1"), ("facts.yaml", "24 24", "24 25"),
     ("account.yaml", "Vouvoyez", "Tutoyez"),
     ("flags.yaml", "pressé", "urgent"), ("precedence.yaml", "Sinon", "Enfin")],
)  # fmt: skip
def test_any_change_of_content_changes_the_version(file: str, old: str, new: str) -> None:
    assert version(changed(file, old, new)) != version(FILES)


ELSEWHERE = {
    *("alias", "too_deep", "empty_file", "bad_field_name", "not_utf8", "not_a_list_of_entries"),  # hostile YAML
    *("missing_file", "too_few_queues", "unknown_file"),  # folders
    *("bad_value", "bad_term"),  # test_shapes
    *("situation_never", "unknown_situation", "unknown_answer", "unknown_fact"),  # test_situations
    *("call_outside_hours", "no_calls", "not_in_own_language"),  # test_situations
    *("bad_json", "not_an_object", "bad_line"),  # test_history
}


def test_no_phrase_is_untried() -> None:
    known = {name.split(".")[2] for name in phrases("fr").names() if name.startswith("playbook.mistakes.")}
    assert {code for *_, code in BROKEN} | ELSEWHERE == known


def test_mistakes_can_be_read_in_english() -> None:
    mistake = check(changed(QUEUE, "level: 2", "level: 4"), language="en")[0]
    assert str(mistake) == f"{QUEUE}:3: “level” is 4. Give a value of at most 3."


def test_the_shipped_account_has_no_error() -> None:
    assert [str(mistake) for mistake in check(read_folder(REFERENCE)) if mistake.severity == "error"] == []


def test_the_shipped_account_is_whole() -> None:
    playbook = parse_playbook(REFERENCE)
    policy = yaml.safe_load((REFERENCE / "answers.yaml").read_text(encoding="utf-8"))
    assert {answer["queue"] for answer in policy["answers"]} <= set(playbook.queue_ids)
    assert len(playbook.queues) == 22
    assert all(queue.instructions and queue.keywords for queue in playbook.queues)
    assert {flag.id for flag in playbook.flags} == {"chaser", "urgent", "sensitive", "legal_threat", "callback"}


def test_tags_tell_what_is_true_of_an_example_and_only_of_those_that_somebody_looked_at() -> None:
    assert parse(FILES).queue("remboursement").examples == (
        QueueExample(text="rendez-moi mes 40 euros"),
        QueueExample(
            text="toujours pas vu mon chèque ; et comment je pars ?", secondary=("resiliation",), flags=("chaser",)
        ),
        QueueExample(text="merci de virer la somme", flags=()),
    )


def test_examples_of_no_queue_are_named_with_the_queue_that_was_meant() -> None:
    (mistake,) = check(FILES | {"examples/resilliation.txt": "je pars"})
    assert (mistake.code, mistake.file, mistake.line) == ("unknown_queue", "examples/resilliation.txt", 1)
    assert "resiliation" in mistake.cure
