"""Puts together what learns: the fits, their exams, and the process that refits."""

import json
import subprocess
from datetime import timedelta

from retrieval.embedding import Embedder
from service.connectors.apart import ONE_THREAD
from service.connectors.counting import uncounted
from service.connectors.metrics import Metrics
from service.desk.accounts import Accounts
from service.desk.answers.suggesting import AnswerSuggesting
from service.desk.learning.fitting import Fitting
from service.desk.learning.refit import Pace, Refits
from service.desk.learning.suggesting import Suggesting
from service.desk.learning.suggestions import Draft, Suggestions
from service.desk.learning.versions import Learning
from service.desk.playbooks.versions import Playbooks
from service.domain.collections import confirmed_of
from service.errors import UnavailableError
from service.pipeline.knowledge import Asking
from service.refitter import COMMAND, Refitter
from service.settings import Settings
from service.storage.database import Database
from service.storage.passages import Passages


def learning_of(settings: Settings, database: Database, playbooks: Playbooks, embedder: Embedder) -> Learning:
    fitting = fitting_of(settings, database, embedder)
    return Learning(database, playbooks, fitting, examine=fitting.examine, most=settings.learn_from)


def suggestions_of(
    settings: Settings, database: Database, playbooks: Playbooks, embedder: Embedder, asking: Asking | None
) -> Suggestions:
    find = Suggesting(fitting_of(settings, database, embedder).read, settings.prompts)
    answers = AnswerSuggesting(settings.prompts)
    return Suggestions(database, playbooks, find, draft=_settling(settings, asking), find_answers=answers)


def _settling(settings: Settings, asking: Asking | None) -> Draft | None:
    """Only with a model is loaded what prompts need."""
    if asking is None:
        return None
    from service.desk.learning.settling import Settling  # noqa: PLC0415
    from service.pipeline.prompting.texts import load_texts  # noqa: PLC0415

    return Settling(asking.model, load_texts(settings.prompts), asking.deadline_s)


def fitting_of(settings: Settings, database: Database, embedder: Embedder) -> Fitting:
    """What search has embedded already is not embedded again."""
    passages = Passages(database)
    return Fitting(embedder, lambda account: passages.read(confirmed_of(account), embedder.name), settings.prompts)


def refits_of(settings: Settings, database: Database, learning: Learning) -> Refits:
    pace = Pace(settings.learn_after, timedelta(seconds=settings.learn_wait_s))
    return Refits(database, learning, pace)


def refitter_of(settings: Settings, refits: Refits, accounts: Accounts, metrics: Metrics) -> Refitter:
    return Refitter(refits, accounts.list, for_refit(settings), metrics.refitted)


def learn_apart(settings: Settings, account: str) -> None:
    """Learns in a process of its own and waits for it: what a fit takes of memory is given back. It ends
    where this process ends meanwhile. Raises UnavailableError."""
    done = subprocess.run(  # noqa: S603 - our own command; an account is an argument of it
        [*COMMAND, account], input=for_refit(settings), stdout=subprocess.PIPE, text=True, check=False,
        env=uncounted() | ONE_THREAD,
    )  # fmt: skip
    if done.returncode:
        said = done.stdout.strip() or f"ended by {done.returncode}"
        raise UnavailableError(f"The voters of {account} could not be learned ({said}); aiguilleur learn tells more.")


def for_refit(settings: Settings) -> str:
    """As JSON. A refit asks no model; the model's key is for an embedder that needs one."""
    secret = {name: getattr(settings, name).get_secret_value() for name in ("model_api_key", "vault_key")}
    return json.dumps(settings.model_dump(mode="json") | secret | {"model": "", "engine": "auto"})
