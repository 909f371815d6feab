"""Puts together what leads and quality ask of the desk: the library of canned answers."""

from dataclasses import dataclass
from functools import partial

from service.desk.answers_editing import AnswerEditing
from service.desk.answers_gaps import AnswerGaps
from service.desk.answers_preview import AnswerPreviews
from service.desk.answers_proposals import AnswerProposals
from service.desk.answers_usage import AnswerUsage
from service.desk.playbooks import Playbooks
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
