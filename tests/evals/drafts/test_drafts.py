import sys
from subprocess import run

from click.testing import CliRunner

from evals.drafts.__main__ import main
from evals.drafts.letters import letters
from evals.drafts.making import faithful, faulty, half
from evals.drafts.scoring import measure
from evals.drafts.written import written
from service.domain.answers import CannedAnswer
from service.playbooks import parse_answers, parse_playbook
from service.settings import REFERENCE
from tests.service.pipeline.draft.made import PHRASES
from tests.service.pipeline.redact.made import PLAYBOOK

ANSWER = CannedAnswer(
    id="exemple",
    queue="facture",
    title="Exemple",
    situation="Le client demande son prix.",
    body="Bonjour {nom},\n\nLe prix est de 42,00 € par an, sauf promotion. Vous pouvez appeler le 04 65 71 30 30. "
    "Le retrait est possible sous 14 jours.\n\nÀ bientôt.",
)


def test_every_draft_is_made_the_same_each_time() -> None:
    assert list(faulty(ANSWER)) == list(faulty(ANSWER))
    assert half(ANSWER) in ("developed", "kept")


def test_a_fault_stands_at_its_place_and_a_faithful_draft_has_none() -> None:
    for made in faulty(ANSWER):
        assert made.at is not None
        assert made.text[slice(*made.at)] != made.was
    assert {made.at for made in faithful(ANSWER)} == {None}


def test_letters_of_other_trades_lose_nothing_that_must_stay_and_get_shorter() -> None:
    every = [*letters(PLAYBOOK, PHRASES)]
    assert [one for letter in every for one in letter.needed if one in letter.went] == []
    assert all(letter.saved > 0 for letter in every)


def test_all_families_of_faults_are_planted() -> None:
    assert {made.family for made in faulty(ANSWER)} == {"fact", "commitment", "condition"}


def test_the_tally_holds_each_kind_and_the_family_as_a_whole() -> None:
    tallies = {(tally.family, tally.kind): tally for tally in measure([ANSWER], PLAYBOOK, PHRASES, "all")}
    assert sum(tallies["faithful", "filled"].values) == 0
    assert sum(tallies["fact", "changed_digit"].values) == len(tallies["fact", "changed_digit"].values) > 0
    facts = [len(tally.values) for (family, kind), tally in tallies.items() if family == "fact" and kind != "all"]
    assert len(tallies["fact", "all"].values) == sum(facts)


def test_the_command_explains_itself() -> None:
    assert "interval" in CliRunner().invoke(main, ["--help"]).output


def test_the_set_of_other_trades_brings_its_own_answers_and_names_the_sort_of_each_fault() -> None:
    looked_at, unread = ([*written((), part)] for part in ("trades_developed", "trades"))
    assert {made.group for made in looked_at}.isdisjoint(made.group for made in unread)
    faults = [made for made in (*looked_at, *unread) if made.twin]
    assert {made.kind for made in faults} >= {"lost_if", "lost_unless", "lost_limit", "inverted", "certain", "duty"}
    assert all(made.twin and made.text != made.twin.text for made in faults)


def test_the_set_of_ten_advisors_tells_light_edits_from_free_retellings_and_changes_its_own_facts() -> None:
    answers = parse_answers((REFERENCE / "answers.yaml").read_text("utf-8"), parse_playbook(REFERENCE).queue_ids)
    made = [*written(answers, "advisors"), *written(answers, "advisors_developed")]
    assert {one.style for one in made} == {"light_edit", "free_retelling"}
    assert len([one for one in made if one.family == "faithful"]) >= 60
    assert {one.family for one in made if one.at} == {"condition", "commitment", "fact"}
    assert all(one.text[slice(*one.at)] for one in made if one.at and one.family == "commitment")
    assert len({one.answer.id for one in made}) >= 25


def test_the_sealed_free_retellings_share_no_sentence_with_those_that_may_be_looked_at() -> None:
    answers = parse_answers((REFERENCE / "answers.yaml").read_text("utf-8"), parse_playbook(REFERENCE).queue_ids)
    sealed, looked_at = ([*written(answers, part)] for part in ("hands", "hands_developed"))
    assert {one.group for one in sealed}.isdisjoint(one.group for one in looked_at)
    for made in (sealed, looked_at):
        assert {one.style for one in made} == {"free_retelling"}
        assert sum(one.family == "faithful" for one in made) <= sum(one.at is not None for one in made)


def test_the_command_starts_by_itself() -> None:
    told = run((sys.executable, "-m", "evals.drafts", "--help"), capture_output=True, text=True, check=True, timeout=60)
    assert "advisors" in told.stdout
