"""The examples of docs/playbook.md and docs/keywords.md, read as they stand there."""

import re

import pytest

from service.playbooks import KeywordMatcher, check, parse
from service.settings import PROMPTS

DOCS = PROMPTS.parent / "docs"
PLAYBOOK = (DOCS / "playbook.md").read_text(encoding="utf-8")
KEYWORDS = (DOCS / "keywords.md").read_text(encoding="utf-8")
ACCOUNT, QUEUE, PRECEDENCE, FLAGS, SITUATIONS, ANSWERS = re.findall(r"```yaml\n(.*?)```", PLAYBOOK, re.DOTALL)
(EXAMPLES,) = re.findall(r"```text\n(je m'en vais.*?)```", PLAYBOOK, re.DOTALL)
FILES = {
    "account.yaml": ACCOUNT,
    "queues/resiliation.yaml": QUEUE,
    "queues/devis.yaml": QUEUE.replace("id: resiliation", "id: devis").split("keywords:")[0],
    "examples/resiliation.txt": EXAMPLES,
    "precedence.yaml": PRECEDENCE,
    "flags.yaml": FLAGS,
    "situations.yaml": SITUATIONS,
    "facts.yaml": "telephones: {familles: 01 99 00 24 24}",
    "answers.yaml": ANSWERS,
}


def test_the_documented_account_has_no_mistake() -> None:
    assert check(FILES) == []


def test_mistakes_read_as_documented() -> None:
    broken = FILES | {
        "precedence.yaml": PRECEDENCE.replace("winner: resiliation", "winner: resilliation"),
        "queues/resiliation.yaml": QUEUE.replace('"mettre fin"', "mettre fin"),
    }
    assert "\n".join(map(str, check(broken))) + "\n" in PLAYBOOK


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ma RESILIATION", {"résilier"}), ("resilier", {"résilier"}), ("mettre fin", {'"mettre fin"'}),
     ("je mets fin", set()),
     ("mettre une fin", set()), ("remboursements", {"rembours* !résilier"}),
     ("ce club, je le quitte", {"quitter & club"}),
     ("remboursez-moi, je résilie", {"résilier"})],
)  # fmt: skip
def test_keywords_meet_what_is_documented(text: str, expected: set[str]) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", KEYWORDS, re.DOTALL)
    playbook = parse(FILES | {"queues/resiliation.yaml": QUEUE.split("keywords:")[0] + block})
    assert {hit.expression for hit in KeywordMatcher(playbook).hits(text)} == expected
