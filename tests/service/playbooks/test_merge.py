"""Two leads' changes of one playbook: neither is lost, and only true conflicts are asked about."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.playbooks import parse
from service.playbooks.merge import merge
from service.playbooks.sequences import merge_sequences
from service.playbooks.yaml_edit import Block, typed, with_field
from tests.service.playbooks.account import ACCOUNT, RESILIATION

FILE = "queues/resiliation.yaml"
BASE = {"account.yaml": ACCOUNT, FILE: RESILIATION}


def changed(old: str, new: str, file: str = FILE) -> dict[str, str]:
    assert old in BASE[file]
    return {**BASE, file: BASE[file].replace(old, new)}


def test_a_keyword_and_a_sentence_of_one_queue_are_merged_without_a_question() -> None:
    ours, theirs = changed("  quitter & club\n", "  quitter & club ^2\n"), changed("veut partir.", "s'en va.")
    merged = merge(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert "quitter & club ^2" in merged.files[FILE]
    assert "definition: Le membre s'en va." in merged.files[FILE]
    assert "# le mot même" in merged.files[FILE]


def test_keywords_that_both_add_at_the_same_place_are_all_there() -> None:
    last = "  rembours* !résilier ^-1\n"
    merged = merge(BASE, changed(last, f"{last}  départ ^2\n"), changed(last, f"{last}  adieu\n"))
    assert merged.conflicts == ()
    assert {"départ ^2", "adieu"} <= {line.strip() for line in merged.files[FILE].splitlines()}


def test_a_keyword_that_one_took_out_and_the_other_left_is_out() -> None:
    merged = merge(BASE, changed('  "mettre fin" ^2.5\n', ""), changed("level: 2", "level: 3"))
    assert "mettre fin" not in merged.files[FILE]
    assert "level: 3" in merged.files[FILE]


@pytest.mark.parametrize(
    ("old", "ours", "theirs", "field"),
    [
        ("  résilier ^3\n", "  résilier ^2\n", "  résilier ^4\n", "keywords.résilier"),
        ("  résilier ^3\n", "", "  résilier ^4\n", "keywords.résilier"),
        ("level: 2", "level: 1", "level: 3", "level"),
        ("Il dit vouloir partir.", "Il part.", "Il dit qu'il part.", "instructions.1"),
        ("Le membre veut partir.", "Le membre part.", "Le membre quitte.", "definition.1"),
    ],
)
def test_what_both_changed_otherwise_is_chosen(old: str, ours: str, theirs: str, field: str) -> None:
    first, second = changed(old, ours), changed(old, theirs)
    (conflict,) = merge(BASE, first, second).conflicts
    assert conflict.field == field
    assert "..." not in f"{conflict.base} {conflict.ours} {conflict.theirs}"
    for whose, side in (("ours", first), ("theirs", second)):
        chosen = merge(BASE, first, second, {conflict.key: whose})  # type: ignore[dict-item]
        assert chosen.conflicts == ()
        assert chosen.files[FILE] == side[FILE]


def test_a_queue_that_one_took_out_while_the_other_changed_it_is_asked_about() -> None:
    gone = {"account.yaml": ACCOUNT}
    (conflict,) = merge(BASE, gone, changed("level: 2", "level: 3")).conflicts
    assert (conflict.field, conflict.ours) == ("", None)
    assert FILE not in merge(BASE, gone, changed("level: 2", "level: 3"), {conflict.key: "ours"}).files


def test_files_that_both_bring_are_merged_and_dates_stay_dates() -> None:
    brought = {**BASE, "queues/devis.yaml": RESILIATION.replace("resiliation", "devis")}
    ours = changed("closed: [2026-12-24]", "closed: [2026-12-24, 2026-12-31]", "account.yaml")
    theirs = {**brought, "account.yaml": ACCOUNT.replace("closed: [2026-12-24]", "closed: [2026-12-24, 2027-01-02]")}
    merged = merge(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert merged.files.keys() == brought.keys()
    calls = parse(merged.files).calls
    assert calls is not None
    assert len(calls.closed) == 3


def test_a_file_that_cannot_be_read_is_merged_line_by_line() -> None:
    broken = {FILE: "id: [\nlabel: a\nlevel: 1\n"}
    merged = merge(broken, {FILE: "id: [\nlabel: b\nlevel: 1\n"}, {FILE: "id: [\nlabel: a\nlevel: 2\n"})
    assert merged.files[FILE] == "id: [\nlabel: b\nlevel: 2\n"


lines = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f"]), unique=True, max_size=6)
WORDS = ["partir", "adieu", "clôture", "résilier", "fin", "stop"]
weighed = st.dictionaries(st.sampled_from(WORDS), st.integers(1, 9), max_size=6)


@given(lines, lines, lines)
@settings(max_examples=150, deadline=None)
def test_a_side_that_changed_nothing_takes_the_others_list(base: list[str], ours: list[str], theirs: list[str]) -> None:
    def never(*_: object) -> list[str]:
        raise AssertionError("nothing is to be chosen")

    assert merge_sequences(base, base, theirs, never) == theirs
    assert merge_sequences(base, ours, base, never) == ours
    assert merge_sequences(base, ours, ours, never) == ours


@given(lines, lines, lines)
@settings(max_examples=150, deadline=None)
def test_what_either_added_to_a_list_is_in_it_unless_it_was_asked_about(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    asked: list[str] = []

    def choose(_old: object, mine: list[str], other: list[str]) -> list[str]:
        asked.extend([*mine, *other])
        return list(mine)

    merged = merge_sequences(base, ours, theirs, choose)  # type: ignore[arg-type]
    added = (set(ours) | set(theirs)) - set(base)
    assert added <= set(merged) | set(asked)
    assert set(merged) <= set(base) | set(ours) | set(theirs)


@given(weighed, weighed, weighed)
@settings(max_examples=150, deadline=None)
def test_each_keyword_is_merged_by_itself(base: dict[str, int], ours: dict[str, int], theirs: dict[str, int]) -> None:
    merged = merge({FILE: _queue(base)}, {FILE: _queue(ours)}, {FILE: _queue(theirs)})
    found = {keyword.rpartition(" ^")[0]: int(keyword.rpartition("^")[2]) for keyword in _lines(merged.files[FILE])}
    asked = {conflict.field.rpartition(".")[2] for conflict in merged.conflicts}
    for word in WORDS:
        mine, other, old = ours.get(word), theirs.get(word), base.get(word)
        if mine != other and old not in (mine, other):
            assert word in asked
        else:
            assert word not in asked
            assert found.get(word) == (other if mine == old else mine)


def _queue(weights: dict[str, int]) -> str:
    block = Block("".join(f"{word} ^{weight}\n" for word, weight in weights.items())) if weights else None
    return with_field("id: resiliation\n", "keywords", block)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.startswith("  ")]


@given(st.text(max_size=200))
@example("0\r\r")
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_stays_inside_its_field(text: str) -> None:
    given_ = typed(text)
    block = with_field(RESILIATION, "keywords", Block(given_) if given_.strip() else None)
    assert block.count("\nlevel: 2\n") == 1
    prose = with_field(RESILIATION, "definition", given_)
    files = {**BASE, "queues/devis.yaml": RESILIATION.replace("id: resiliation", "id: devis")}
    if given_.strip():
        found = parse({**files, FILE: prose}).queue("resiliation")
        assert found.definition == given_.strip()
