import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.playbook import Flag, Keyword, Playbook, Precedence, Queue, QueueExample, Thresholds, Tone
from service.domain.situation import DAYS, Addition, Calls, Situation
from service.playbooks import content_version, diff, export, parse
from service.playbooks.expressions import parse_expression
from service.playbooks.rules import prompt_texts
from tests.service.playbooks.account import FILES, changed

QUEUE = "queues/resiliation.yaml"
UNSITUATED = {file: text for file, text in FILES.items() if file != "situations.yaml"}
"""Situations speak of facts."""
UNHURRIED = settings(max_examples=40, deadline=None)

SLUGS = st.from_regex(r"[a-z][a-z0-9_-]{0,12}", fullmatch=True)
PROSE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)
WORDS = st.text(string.ascii_lowercase + "éèçœ", min_size=3, max_size=8)
TERMS = st.one_of(WORDS, WORDS.map(lambda w: f"{w}*"), st.tuples(WORDS, WORDS).map(lambda ws: f'"{ws[0]} {ws[1]} #1"'))
KEYWORDS = st.builds(Keyword, expression=TERMS, weight=st.floats(-10, 10).filter(lambda weight: weight != 0))
FACTS = st.recursive(
    st.one_of(PROSE, st.integers(), st.booleans(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)


def keywords(drawn: list[Keyword]) -> tuple[Keyword, ...]:
    """Without those that mean the same: they could contradict each other."""
    return tuple({parse_expression(keyword.expression).meaning("fr"): keyword for keyword in drawn}.values())


EXAMPLES = st.builds(
    QueueExample,
    text=st.from_regex(r"[a-zé][a-z :'\"é#+|-]{0,20}[a-z]", fullmatch=True).filter(lambda text: " ||" not in text),
    flags=st.one_of(st.none(), st.just(())),
)
QUEUES = st.builds(
    Queue,
    id=SLUGS,
    label=PROSE,
    level=st.integers(1, 3),
    sla_hours=st.integers(1, 500),
    definition=PROSE,
    instructions=st.lists(PROSE, min_size=1, max_size=3).map(tuple),
    keywords=st.lists(KEYWORDS, max_size=4).map(keywords),
    examples=st.lists(EXAMPLES, max_size=3).map(tuple),
    sensitive=st.booleans(),
)
FLAGS = st.builds(Flag, id=SLUGS, definition=PROSE, keywords=st.lists(KEYWORDS, max_size=2).map(keywords))

HOURS = st.sampled_from(["09:00-12:00", "14:00-18:30", "00:00-24:00"])
CALLS = st.builds(
    Calls,
    hours=st.dictionaries(st.sampled_from(DAYS), st.just(("00:00-24:00",)), min_size=1),
    proposed=st.lists(HOURS, min_size=1, max_size=2).map(tuple),
    closed=st.lists(st.dates(), max_size=2).map(tuple),
)
ADDITIONS = st.builds(Addition, place=st.just("opening"), text=st.dictionaries(st.just("fr"), st.tuples(PROSE)))
SITUATIONS = st.builds(
    Situation, id=SLUGS, label=PROSE, flags=st.just(()), add=st.lists(ADDITIONS, max_size=2).map(tuple)
)


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    queues = draw(st.lists(QUEUES, min_size=2, max_size=4, unique_by=lambda queue: queue.id))
    playbook = Playbook(
        account=draw(SLUGS),
        label=draw(PROSE),
        version="",
        queues=tuple(sorted(queues, key=lambda queue: queue.id)),
        precedence=(Precedence(rule=draw(PROSE), winner=queues[0].id, over=("*",)), Precedence(rule=draw(PROSE))),
        flags=tuple(draw(st.lists(FLAGS, max_size=2, unique_by=lambda flag: flag.id))),
        thresholds=Thresholds(routing=draw(st.floats(0.01, 1))),
        tone=Tone(instructions=(draw(PROSE),), signature=draw(PROSE)),
        situations=tuple(
            situation.model_copy(update={"queues": (queues[0].id,)})
            for situation in draw(st.lists(SITUATIONS, max_size=2, unique_by=lambda one: one.id))
        ),
        calls=draw(st.none() | CALLS),
        facts=draw(st.dictionaries(WORDS, FACTS, max_size=3)),
        texts=draw(st.dictionaries(st.sampled_from(prompt_texts()), PROSE, max_size=2)),
        identifiers={"NUMERO": r"\bN\d{4}\b"},
    )
    return playbook.model_copy(update={"version": content_version(playbook)})


@UNHURRIED
@given(playbooks())
def test_what_is_exported_is_read_back_the_same(playbook: Playbook) -> None:
    assert parse(export(playbook)) == playbook


@UNHURRIED
@given(playbooks())
def test_the_order_of_queues_is_no_content(playbook: Playbook) -> None:
    assert content_version(playbook.model_copy(update={"queues": playbook.queues[::-1]})) == content_version(playbook)


@UNHURRIED
@given(playbooks(), playbooks())
def test_there_is_a_difference_exactly_where_the_versions_differ(one: Playbook, other: Playbook) -> None:
    assert diff(one, one) == []
    assert bool(diff(one, other)) == (one.version != other.version)


@pytest.mark.parametrize(
    ("one", "other"),
    [("[1]", "[true]"), ("1", "1.0"), ("[a]", "[a, a]"), ("[a, b]", "[b, a]"), ("{b: 1}", "{b: [1]}"), ("0.0", "-0.0")],
)
def test_facts_that_python_takes_for_equal_still_differ(one: str, other: str) -> None:
    before, after = (parse(UNSITUATED | {"facts.yaml": f"fait: {written}"}) for written in (one, other))
    assert before.version != after.version
    assert diff(before, after)


def test_a_date_and_its_text_are_the_same_fact() -> None:
    before, after = (
        parse(UNSITUATED | {"facts.yaml": f"fait: {written}"}) for written in ("2026-01-01", "'2026-01-01'")
    )
    assert (before.version, diff(before, after)) == (after.version, [])


def test_an_exported_queue_reads_like_one_that_an_advisor_wrote() -> None:
    text = export(parse(FILES))[QUEUE]
    assert "keywords: |\n  résilier ^3\n" in text
    assert "instructions:\n  - Il dit vouloir partir.\n" in text


def _diff(file: str, old: str, new: str, language: str = "fr") -> list[str]:
    return diff(parse(FILES), parse(changed(file, old, new)), language)


def test_an_exported_example_keeps_its_tags() -> None:
    text = export(parse(FILES))["examples/remboursement.txt"]
    assert "toujours pas vu mon chèque ; et comment je pars ? || +resiliation #chaser\n" in text
    assert "rendez-moi mes 40 euros\n" in text


def test_a_difference_of_tags_is_told() -> None:
    money = "queues/remboursement.yaml"
    assert _diff("examples/remboursement.txt", "somme ||", "somme || #urgent", "en") == [
        f"{money}: examples, removed: merci de virer la somme ||",
        f"{money}: examples, added: merci de virer la somme || #urgent",
    ]


def test_a_difference_names_place_field_and_both_values() -> None:
    assert _diff("account.yaml", "routing: 0.8", "routing: 0.9") == ["account.yaml : thresholds.routing : 0.8 → 0.9"]
    assert _diff("facts.yaml", "24 24", "24 25") == [
        "facts.yaml : telephones.accueil : 01 99 00 24 24 → 01 99 00 24 25"
    ]
    assert _diff(QUEUE, "level: 2", "level: 1") == [f"{QUEUE} : level : 2 → 1"]


def test_a_difference_of_keywords_is_told_keyword_by_keyword() -> None:
    assert _diff(QUEUE, "résilier ^3", "résilier ^2") == [f"{QUEUE} : poids de résilier : 3 → 2"]
    assert _diff(QUEUE, "quitter & club", "partir ^2.5") == [
        f"{QUEUE} : mot-clé supprimé : quitter & club",
        f"{QUEUE} : mot-clé ajouté : partir ^2.5",
    ]


def test_a_difference_of_lists_is_told_item_by_item() -> None:
    assert _diff(QUEUE, "  - Il dit vouloir partir.", "  - Il part.", "en") == [
        f"{QUEUE}: instructions, removed: Il dit vouloir partir.",
        f"{QUEUE}: instructions, added: Il part.",
    ]


def test_queues_and_flags_that_come_and_go_are_told() -> None:
    more = FILES | {"queues/devis.yaml": FILES[QUEUE].replace("id: resiliation", "id: devis").replace("^3", "^2")}
    assert diff(parse(FILES), parse(more)) == ["queues/devis.yaml : ajouté"]
    assert diff(parse(more), parse(FILES)) == ["queues/devis.yaml : supprimé"]
