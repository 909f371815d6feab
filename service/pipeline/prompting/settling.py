"""What a model is asked about two queues that are taken for each other: one sentence that tells them apart."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints, ValidationError

from service.domain.playbook import Playbook
from service.domain.redacted import Redacted, RedactedText, ours, together
from service.pipeline.prompting.fence import nonce, plain
from service.pipeline.prompting.texts import Texts, Value
from service.ports import Prompt, Turn

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"sentence": {"type": "string"}},
    "required": ["sentence"],
    "additionalProperties": False,
}
ANSWER_TOKENS = 300
MOST_CHARS = 300
MESSAGE_CHARS = 600

Shown = tuple[str, Redacted]
"""A message's recorded queue, and what may be shown of it."""


class _Answer(BaseModel):
    sentence: Annotated[str, StringConstraints(strip_whitespace=True)]


def settling_prompt(
    texts: Texts, playbook: Playbook, pair: tuple[str, str], sentences: Sequence[str], shown: Sequence[Shown]
) -> Prompt:
    """`sentences` of the playbook speak of the pair already."""
    texts = texts.overridden(playbook.texts)
    said = [(queue, RedactedText(plain(together(one.subject, one.own))[:MESSAGE_CHARS])) for queue, one in shown]
    one, other = (playbook.queue(queue) for queue in pair)
    values: dict[str, Value] = {
        "nonce": nonce(*(text for _, text in said)),
        "one": ours(f"{one.id} : {one.definition}"),
        "other": ours(f"{other.id} : {other.definition}"),
        "sentences": tuple(ours(sentence) for sentence in sentences),
        "messages": tuple({"queue": ours(queue), "text": text} for queue, text in said),
    }
    system = texts.render("settle.system", {"account": ours(playbook.label), "language": ours(playbook.language)})
    words = texts.render("shared.schema", {"schema": ours(json.dumps(SCHEMA))})
    turns = (Turn("system", system), Turn("user", texts.render("settle.message", values)))
    return Prompt(turns, SCHEMA, ANSWER_TOKENS, words)


def sentence_of(answer: str) -> str:
    """The sentence, or nothing where the answer is no use: not as it was asked, too long, or with a placeholder."""
    try:
        said = " ".join(_Answer.model_validate_json(answer).sentence.split())
    except ValidationError:
        return ""
    return "" if len(said) > MOST_CHARS or "[[" in said else said
