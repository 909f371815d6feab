"""A model's sentence for two confused queues: redacted words in, one usable sentence out, or none."""

import json

import pytest

from service.desk.learning.settling import Settling
from service.domain.suggestion import Suggestion
from service.errors import UnavailableError
from service.pipeline.prompting.texts import load_texts
from service.settings import PROMPTS
from service.storage.confirmed import Lesson
from tests.fakes import ScriptedModel
from tests.service.samples import a_confirmed, a_message, a_playbook, prepare

PAIR = Suggestion(
    id="confusion-1",
    kind="confusion",
    queue="facture",
    other="sinistre",
    sentences=("Un sinistre payé : facture.",),
    messages=("m-1", "gone"),
    text="Deux files.",
)
LABEL = Suggestion(id="label-1", kind="label", queue="facture", other="sinistre", messages=("m-1",))
SENTENCE = "Une facture après un sinistre : facture ; sinon sinistre."


async def drafted(*answers: str | Exception) -> tuple[ScriptedModel, list[Suggestion]]:
    model = ScriptedModel(answers)
    one = a_confirmed("m-1", "facture", "Ma facture, Dupont, pour ce sinistre")
    lesson = Lesson(one, prepare(a_message("m-1", one.message.body), a_playbook()))
    settling = Settling(model, load_texts(PROMPTS), 5.0)
    return model, list(await settling(a_playbook(), [LABEL, PAIR], [lesson]))


async def test_only_confusions_are_asked_about_and_names_do_not_leave() -> None:
    model, found = await drafted(json.dumps({"sentence": SENTENCE}))
    assert found == [LABEL, PAIR.model_copy(update={"drafted": SENTENCE})]
    (prompt,) = model.prompts
    asked = "\n".join(turn.content for turn in prompt.turns)
    assert "[[PERSONNE_1]]" in asked
    assert "Dupont" not in asked
    assert PAIR.sentences[0] in asked


@pytest.mark.parametrize(
    "answer",
    [
        "Une facture.",
        '{"sentence": 3}',
        json.dumps({"sentence": "Comme [[PERSONNE_1]]."}),
        json.dumps({"sentence": "a" * 301}),
        UnavailableError("The model does not answer."),
    ],
)
async def test_without_a_usable_answer_the_suggestion_stays_as_it_is(answer: str | Exception) -> None:
    _, found = await drafted(answer)
    assert found == [LABEL, PAIR]
