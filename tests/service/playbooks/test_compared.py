"""What changed between two playbooks, as a person reads it."""

from service.playbooks import parse
from service.playbooks.compared import Changed, Part, compared, words_between
from tests.service.playbooks.account import FILES

QUEUE = "queues/resiliation.yaml"


def changed(old: str, new: str, file: str = QUEUE) -> list[Part]:
    assert old in FILES[file]
    return compared(parse(FILES), parse({**FILES, file: FILES[file].replace(old, new)}))


def only(parts: list[Part]) -> Changed:
    ((change,),) = (part.changes for part in parts)
    return change


def test_equal_playbooks_have_no_part_that_changed() -> None:
    assert compared(parse(FILES), parse(FILES)) == []


def test_keywords_come_go_and_change_their_weight_one_by_one() -> None:
    (part,) = changed('  résilier ^3\n  "mettre fin" ^2.5\n', "  résilier ^2\n  adieu ^4\n")
    assert (part.kind, part.name, part.label) == ("queue", "resiliation", "Résiliation")
    said = [(one.kind, one.words[0].text, one.before, one.after) for one in part.changes]
    assert said == [
        ("weight", "résilier", "3", "2"),
        ("removed", '"mettre fin" ^2.5', "", ""),
        ("added", "adieu ^4", "", ""),
    ]


def test_a_sentence_that_was_reworded_is_shown_word_by_word() -> None:
    change = only(changed("Il dit vouloir partir.", "Il dit bien vouloir partir."))
    assert (change.field, change.kind) == ("instructions", "reworded")
    assert "".join(word.text for word in change.words if word.kind != "new") == "Il dit vouloir partir."
    assert [word.text.strip() for word in change.words if word.kind == "new"] == ["bien"]


def test_a_sentence_that_has_nothing_of_the_old_one_is_another() -> None:
    (part,) = changed("Il dit vouloir partir.", "Résiliation, clôture, fin du contrat.")
    assert {one.kind for one in part.changes} == {"added", "removed"}


def test_a_queue_that_was_added_or_taken_out_is_named_once() -> None:
    more = {**FILES, "queues/vol.yaml": FILES[QUEUE].replace("id: resiliation", "id: vol").replace("résilier", "vol")}
    (part,) = compared(parse(FILES), parse(more))
    assert (part.name, part.state) == ("vol", "added")
    assert [one.state for one in compared(parse(more), parse(FILES))] == ["removed"]


def test_the_words_of_both_sides_are_all_there() -> None:
    words = list(words_between("un deux trois", "un quatre trois"))
    assert "".join(word.text for word in words if word.kind != "new") == "un deux trois"
    assert "".join(word.text for word in words if word.kind != "gone") == "un quatre trois"


def test_a_fact_that_counts_nothing_is_seen_to_come_and_go() -> None:
    told = {**FILES, "facts.yaml": f"{FILES['facts.yaml']}frais: 0\n"}
    assert only(compared(parse(told), parse(FILES))).kind == "removed"
    assert only(compared(parse(FILES), parse(told))).kind == "added"
