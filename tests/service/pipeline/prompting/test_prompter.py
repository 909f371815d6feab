"""What prompts hold, in which order, and that they never exceed their budget."""

import json
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.redacted import Redacted
from service.domain.situation import Situation
from service.pipeline.prompting.prompter import Asked, PromptTooLargeError
from service.playbooks.reading import parse_playbook
from service.settings import REFERENCE
from tests.service.pipeline.prompting.made import (
    QUEUES,
    a_playbook,
    candidates,
    counter,
    hits,
    prompter,
    redacted,
    votes,
)

ROOMY = 16_000


def build(
    message: Redacted, limit: int = ROOMY, queue: str | None = None, instructions: int = 3, **found: int
) -> Asked:
    return prompter().build(a_playbook(instructions), message, candidates(**found), votes(), hits(), limit, queue)  # type: ignore[arg-type]


def measured(asked: Asked) -> int:
    """Everything that a provider would count, counted apart from the prompter."""
    turns = sum(counter().count(turn.content) + 4 for turn in asked.prompt.turns)
    schema = max(counter().count(json.dumps(asked.prompt.schema)), counter().count(asked.prompt.schema_words))
    return turns + 3 + schema + asked.prompt.max_tokens


def user(asked: Asked) -> str:
    return asked.prompt.turns[1].content


def test_two_messages_of_one_playbook_share_every_byte_of_the_first_turn_and_of_the_schema() -> None:
    one, other = build(redacted("Ma facture ?")), build(redacted("Je pars. " * 50, "> fil"), examples=1)
    assert one.prompt.turns[0] == other.prompt.turns[0]
    assert json.dumps(one.prompt.schema) == json.dumps(other.prompt.schema)


def test_the_standing_part_tells_rules_queues_precedence_flags_tone_and_facts() -> None:
    system = build(redacted("x")).prompt.turns[0].content
    told = ("## resiliation", "Consigne 3 de facture", "sinistre & demande", "l'emporte", "urgent", "bref", "04 65 71")
    assert [piece for piece in told if piece not in system] == []
    assert "jamais" not in system.split("# Files")[1].split("# Priorités")[0]


def test_the_message_comes_last_after_hits_hints_examples_and_canned_answers() -> None:
    text = user(build(redacted("Le corps du message.", "Le fil cité.")))
    order = ["facture & demande", "resiliation, facture", "<<< exemple", "## R1", "<<< message", "Le corps", "<<< fil"]
    assert [text.index(piece) for piece in order] == sorted(text.index(piece) for piece in order)


def test_examples_come_from_the_competing_queues_in_turn() -> None:
    text = user(build(redacted("x"), examples=6))
    filed = [line.removeprefix("File : ") for line in text.splitlines() if line.startswith("File : ")]
    assert filed[:4] == ["resiliation", "facture", "resiliation", "facture"]


def test_a_draft_is_asked_for_without_queues_to_choose_from() -> None:
    asked = build(redacted("x"), queue="resiliation")
    assert set(asked.prompt.schema["properties"]) == {"language", "subject", "asks", "paragraphs"}
    assert "resiliation : Resiliation" in user(asked)
    assert "<<< exemple" not in user(asked)


def test_only_the_answers_shown_may_be_cited() -> None:
    asked = build(redacted("x"), answers=2)
    paragraph = asked.prompt.schema["properties"]["paragraphs"]["items"]
    assert paragraph["properties"]["sources"]["items"]["enum"] == ["R1", "R2", "message", "account"]
    assert asked.offered.slots == {"R1": "reponse_1", "R2": "reponse_2"}


def test_asks_are_listed_before_the_paragraphs_that_name_them_from_a_fixed_list() -> None:
    properties = build(redacted("x")).prompt.schema["properties"]
    assert list(properties)[-2:] == ["asks", "paragraphs"]
    assert properties["asks"]["items"]["properties"]["queue"]["enum"] == list(QUEUES)
    names = properties["paragraphs"]["items"]["properties"]["asks"]["items"]["enum"]
    assert names == ["D1", "D2", "D3", "D4", "D5", "D6"]


def test_what_the_model_is_to_mind_in_a_situation_stands_with_the_tone() -> None:
    grief = Situation(id="grief", label="Deuil", queues=("sinistre",), instructions=("Restez sobre.",))
    silent = Situation(id="late", label="Relance", queues=("facture",))
    playbook = a_playbook().model_copy(update={"situations": (grief, silent), "version": "grief"})
    for queue in (None, "facture"):
        asked = prompter().build(playbook, redacted("x"), candidates(), votes(), hits(), ROOMY, queue)
        system = asked.prompt.turns[0].content
        assert "- Deuil : Restez sobre." in system
        assert "Relance" not in system


def test_an_account_may_put_its_own_text_in_the_place_of_ours() -> None:
    playbook = a_playbook().model_copy(update={"texts": {"draft.system": "Écrivez pour {{{account}}}."}})
    asked = prompter().build(playbook, redacted("x"), candidates(), votes(), hits(), ROOMY, "facture")
    assert asked.prompt.turns[0].content == "Écrivez pour Le Club."


def test_what_is_cut_goes_in_the_promised_order() -> None:
    message = redacted("Mes propres mots. " * 150, "Le fil cité. " * 80)
    seen = []
    for limit in range(9_000, 1_500, -100):
        try:
            asked = build(message, limit, answers=3, examples=4, instructions=8)
        except PromptTooLargeError:
            break
        text = user(asked)
        system = asked.prompt.turns[0].content
        left = (text.count("<<< exemple"), text.count("## R"), text.count("Le fil cité."), text.count("Mes propres"))
        seen.append((*left, system.count("Consigne")))
    for before, after in pairwise(seen):
        examples, answers, thread, own, _ = after
        assert answers == before[1] or examples == 0
        assert thread == before[2] or examples + answers == 0
        assert own == before[3] or examples + answers + thread + after[4] == 0
    assert seen[0][:4] == (4, 3, 80, 150)
    assert seen[-1][:3] == (0, 0, 0)
    assert 0 < seen[-1][3] < 150


def test_a_message_without_its_middle_keeps_its_beginning_and_its_end() -> None:
    asked = build(redacted("DÉBUT " + "mot " * 5_000 + "FIN"), 3_000)
    assert "DÉBUT" in user(asked)
    assert "FIN" in user(asked)
    assert " […] " in user(asked)


def test_rules_and_schema_that_do_not_fit_are_an_error_and_never_cut() -> None:
    with pytest.raises(PromptTooLargeError):
        build(redacted("x"), 1_200)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    own=st.text(max_size=300).flatmap(lambda text: st.integers(1, 40).map(lambda times: text * times)),
    quoted=st.text(max_size=200),
    subject=st.text(max_size=80),
    words=st.text(min_size=1, max_size=200),
    answers=st.integers(0, 8),
    examples=st.integers(0, 10),
    limit=st.integers(2_000, 8_000),
    queue=st.sampled_from([None, "facture"]),
)
def test_prompt_and_answer_never_exceed_the_limit(
    own: str, quoted: str, subject: str, words: str, answers: int, examples: int, limit: int, queue: str | None
) -> None:
    message = redacted(own, quoted, subject)
    known = candidates(answers, examples, f"Mots {words}")
    try:
        asked = prompter().build(a_playbook(), message, known, votes(), hits(), limit, queue)
    except PromptTooLargeError:
        assert limit < 2_600
        return
    assert measured(asked) <= asked.tokens <= limit
    repaired = prompter().repair(asked, a_playbook(), own * 20, "queue: inconnue")
    if repaired is not None:
        turns = sum(counter().count(turn.content) + 4 for turn in repaired.turns)
        assert turns + 3 + repaired.max_tokens <= limit


def test_the_reference_account_fits_with_all_its_detail_into_32000_tokens() -> None:
    playbook = parse_playbook(REFERENCE)
    long = redacted("Bonjour, ma voiture est en panne. " * 100, "Le fil cité. " * 100)
    asked = prompter(1_500).build(playbook, long, candidates(6, 6, "Votre dossier est ouvert. " * 60), (), (), 32_000)
    assert measured(asked) <= asked.tokens <= 32_000
    assert len(asked.offered.slots) == 6
    assert playbook.queues[-1].instructions[-1] in asked.prompt.turns[0].content


def test_a_repair_shows_the_answer_and_what_is_wrong_with_it() -> None:
    asked = build(redacted("x"))
    repaired = prompter().repair(asked, a_playbook(), '{"queue": "autre"}', "queue: 'autre' is not one of facture")
    assert repaired is not None
    assert [turn.role for turn in repaired.turns] == ["system", "user", "assistant", "user"]
    assert repaired.turns[2].content == '{"queue": "autre"}'
    assert "'autre' is not one of facture" in repaired.turns[3].content
    assert '"enum": ["facture", "resiliation", "sinistre"]' in repaired.turns[3].content
