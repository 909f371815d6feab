"""Puts together what leads edit playbooks with, and the process that proves them."""

from dataclasses import dataclass

from retrieval.embedding import Embedder
from service.desk.playbooks.editing import Editing
from service.desk.playbooks.editions import Editions
from service.desk.playbooks.previewing import Prepare, Previewing
from service.desk.playbooks.proving import Proving
from service.desk.playbooks.trials import Trials
from service.desk.playbooks.versions import Playbooks
from service.desk.shelf import Shelf
from service.pipeline.run import triage
from service.prover import Prover
from service.settings import Settings
from service.storage.database import Database
from service.wiring.learning import fitting_of, for_refit


@dataclass(frozen=True, slots=True)
class Editor:
    editions: Editions
    editing: Editing
    trials: Trials
    previewing: Previewing


def editor_of(
    settings: Settings, database: Database, playbooks: Playbooks, embedder: Embedder, shelf: Shelf, prepare: Prepare
) -> Editor:
    proving = Proving(fitting_of(settings, database, embedder).replay, settings.prompts)
    trials = Trials(database, playbooks, proving)
    editions = Editions(database, playbooks, trials)
    previewing = Previewing(database, playbooks, shelf.of, triage, prepare)
    return Editor(editions, Editing(editions), trials, previewing)


def prover_of(settings: Settings, editor: Editor) -> Prover:
    return Prover(editor.trials, for_refit(settings))
