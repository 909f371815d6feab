"""One door: only redacted text reaches a model, a search or a log, and few files make it."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MAKERS = {
    "service/domain/redacted.py": "the words of the company; parts of redacted text, put together",
    "service/pipeline/redact/__init__.py": "redaction itself",
    "service/pipeline/redact/beside.py": "redacted text, parted again",
    "service/pipeline/prompting/fence.py": "redacted text without control characters",
    "service/pipeline/prompting/material.py": "pieces of redacted text",
    "service/pipeline/prompting/prompter.py": "what a model answered",
    "service/pipeline/prompting/settling.py": "redacted text cut short",
    "service/pipeline/prompting/texts.py": "the company's texts with redacted values in them",
    "service/pipeline/prompting/tokens.py": "redacted text cut short",
    "service/connectors/search.py": "passages as they were indexed: canned answers and redacted messages",
    "service/storage/redacted_json.py": "what was stored redacted",
    "evals/judging/asking.py": "drafts and messages as a run kept them, redacted",
}
"""Every file that says of a text that it is redacted, with the reason why it may."""

WRONG = {
    "a turn of a prompt": "Turn('user', message.body)",
    "the words of a schema": "Prompt((), {}, 10, schema_words=message.subject)",
    "a value of a prompt's text": "texts.render('shared.repair', {'problem': message.body})",
    "values of a prompt's list": "texts.render('triage.message', {'hits': (message.body, message.subject)})",
    "a search": "search.neighbours_now('club', message.body)",
    "a redacted message": "Redacted(message.subject, message.body, (), Alignment())",
    "an example": "Neighbour('id', message.body, 'queue', 0.5)",
    "a sender": "Redacted(EMPTY, EMPTY, (), Alignment(), sender=message.sender.name)",
    "a log's cause": "log(Said.WORKER_FAILED, cause=message.body)",
    "a log's sentence": "log(message.body)",
    "what a span is about": "Span().tell({'message': message.body})",
    "a span's name": "Tracing().span('client', message.subject)",
}
"""What a raw string must not be handed to."""

SNIPPET = """
from service.connectors.search import RetrievedSearch
from service.connectors.tracing import Span, Tracing
from service.domain.alignment import Alignment
from service.domain.candidates import Neighbour
from service.domain.message import Message
from service.domain.redacted import EMPTY, Redacted, ours
from service.log import Said, log
from service.pipeline.prompting.texts import Texts
from service.ports import Prompt, Turn


def wrong(message: Message, texts: Texts, search: RetrievedSearch) -> None:
"""


def sources() -> list[Path]:
    return sorted(path for package in ("service", "evals") for path in (ROOT / package).rglob("*.py"))


def called(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rpartition(".")[2]
            if ast.unparse(node.func).endswith("cast"):
                yield ast.unparse(node.args[0])


def test_only_files_with_a_reason_say_that_a_text_is_redacted() -> None:
    made = {str(path.relative_to(ROOT)) for path in sources() if {"RedactedText", "Redacted"} & set(called(path))}
    assert made <= MAKERS.keys() | {"service/learning/weak.py"}
    assert MAKERS.keys() <= made


def test_a_type_checker_refuses_a_customers_words_wherever_only_redacted_ones_may_stand(tmp_path: Path) -> None:
    lines = [f"    {code}  # {what}" for what, code in WRONG.items()]
    (tmp_path / "wrong.py").write_text(SNIPPET + "\n".join(lines) + "\n", "utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(tmp_path / "wrong.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    ).stdout
    first = SNIPPET.count("\n") + 1
    refused = Counter(int(line.split(":")[1]) for line in told.splitlines() if "wrong.py:" in line and "error" in line)
    passed = [what for at, what in enumerate(WRONG) if not refused[first + at]]
    assert passed == [], told
    assert min(refused) >= first, told


def test_nothing_in_service_logs_but_by_the_log() -> None:
    allowed = {"service/log.py", "service/connectors/gateway.py"}
    using = {str(p.relative_to(ROOT)) for p in sources() if "getLogger" in set(called(p))}
    assert using <= allowed
    assert [str(p) for p in sources() if "Code" in set(called(p)) and p.name != "log.py"] == []


def test_search_logs_nothing_but_kinds_of_errors() -> None:
    for path in (ROOT / "retrieval").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log."):
                assert all(ast.unparse(told).startswith("type(") for told in node.args[1:]), path
