"""Looks over drafts and canned answers on request; nothing is stored."""

from collections.abc import Callable

from service.desk.answers.library import Answers
from service.desk.clock import utc_now
from service.desk.playbooks.versions import Playbooks
from service.domain.checked import DraftCheck
from service.domain.draft import Draft
from service.domain.linted import LintReport
from service.domain.message import Message
from service.errors import FieldProblem, RefusedError
from service.phrases import Phrases
from service.pipeline.check import check
from service.pipeline.check.lint import lint
from service.pipeline.clean import clean, opened

_OTHERS = frozenset({"message", "account"})


class Checking:
    def __init__(self, answers: Answers, playbooks: Playbooks, phrases: Callable[[str], Phrases]) -> None:
        self._answers, self._playbooks, self._phrases = answers, playbooks, phrases

    async def check(self, account: str, asked: DraftCheck) -> Draft:
        """The draft with its findings. Raises RefusedError where it is empty, or rests on unknown answers."""
        draft = asked.as_draft()
        named = {source for part in draft.paragraphs for source in part.sources}
        library = await self._answers.named(account, named)
        _refuse(draft, named, named - library.keys() - _OTHERS)
        playbook = await self._playbooks.active(account)
        message = opened(asked.message or Message())
        offered = [library[source] for source in sorted(named & library.keys())]
        checked = check(draft, offered, clean(message), message, playbook, self._phrases(playbook.language))
        language = draft.language or (offered[0].language if offered else playbook.language)
        return checked.model_copy(update={"language": language, "answers": tuple(answer.id for answer in offered)})

    async def lint(self, account: str) -> LintReport:
        """What looks wrong in the account's canned answers."""
        library, playbook = await self._answers.list(account), await self._playbooks.active(account)
        found = lint(library, playbook, utc_now().date(), self._phrases(playbook.language))
        return LintReport(account=account, answers=len(library), items=tuple(found))


def _refuse(draft: Draft, named: set[str], unknown: set[str]) -> None:
    problems = []
    if not draft.body.strip():
        problems.append(FieldProblem("draft", "there is no text in it; give the reply to check"))
    elif not named:
        problems.append(FieldProblem("answers", "name the canned answers that it rests on"))
    elif unknown:
        listed = ", ".join(sorted(unknown))
        problems.append(FieldProblem("answers", f"not in the library: {listed}; `answers list` shows what is"))
    if problems:
        raise RefusedError("This draft cannot be checked.", tuple(problems))
