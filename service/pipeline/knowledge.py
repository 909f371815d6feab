"""What one account's messages are triaged with."""

from dataclasses import dataclass

from service.domain.playbook import Playbook
from service.domain.triage import Engine, Versions
from service.learning.learned import Learned
from service.phrases import Phrases
from service.pipeline.prompting.prompter import Prompter
from service.playbooks.matcher import KeywordMatcher
from service.ports import Model, Search


@dataclass(frozen=True, slots=True)
class Asking:
    """A model, how prompts for it are built, and how long one message may wait for it, in seconds."""

    model: Model
    prompter: Prompter
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Replaced whole when any of it changes. `learned` is None before the first fit; `asking` without a model."""

    playbook: Playbook
    matcher: KeywordMatcher
    learned: Learned | None
    phrases: Phrases
    search: Search
    engine: Engine
    versions: Versions
    asking: Asking | None = None
