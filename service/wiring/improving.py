"""Puts together what leads and quality ask of the desk: the library of canned answers, runs and audit samples."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from service.desk.answers.editing import AnswerEditing
from service.desk.answers.gaps import AnswerGaps
from service.desk.answers.preview import AnswerPreviews
from service.desk.answers.proposals import AnswerProposals
from service.desk.answers.usage import AnswerUsage
from service.desk.learning.confirmed import Prepare
from service.desk.playbooks.versions import Playbooks
from service.desk.quality.auditing import Auditing
from service.desk.quality.measuring import Measuring
from service.desk.quality.teaching import AuditTeaching
from service.domain.measured import RunEngine
from service.measurer import Measurer, compare_apart
from service.phrases import load_phrases
from service.settings import Settings
from service.storage.database import Database


@dataclass(frozen=True, slots=True)
class AnswerDesk:
    """Everything about canned answers that a page asks for, beside their list, statistics and lint."""

    editing: AnswerEditing
    previews: AnswerPreviews
    proposals: AnswerProposals
    usage: AnswerUsage
    gaps: AnswerGaps


def answer_desk_of(settings: Settings, database: Database, playbooks: Playbooks) -> AnswerDesk:
    return AnswerDesk(
        editing=AnswerEditing(database),
        previews=AnswerPreviews(database, playbooks, partial(load_phrases, settings.prompts)),
        proposals=AnswerProposals(database),
        usage=AnswerUsage(database),
        gaps=AnswerGaps(database),
    )


@dataclass(frozen=True, slots=True)
class QualityDesk:
    """Evaluation runs, with who does them in the background, and audit samples."""

    runs: Measuring
    measurer: Measurer
    audits: Auditing
    teaching: AuditTeaching


def quality_desk_of(settings: Settings, database: Database, playbooks: Playbooks, prepare: Prepare) -> QualityDesk:
    engines: tuple[RunEngine, ...] = ("local", "model", "cascade") if settings.model else ("local",)
    apart = for_run(settings)
    runs = Measuring(database, settings.data.resolve() / "runs", engines, partial(compare_apart, apart))
    audits = Auditing(database, playbooks)
    return QualityDesk(runs, Measurer(runs, apart), audits, AuditTeaching(database, audits, playbooks, prepare))


def for_run(settings: Settings) -> dict[str, Any]:
    """For a process that measures: what it is told on its input, so that no secret is in a command."""
    secret = {name: getattr(settings, name).get_secret_value() for name in ("model_api_key", "vault_key")}
    return settings.model_dump(mode="json") | {"data": str(settings.data.resolve())} | secret
