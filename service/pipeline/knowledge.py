"""What one account's messages are triaged with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from retrieval.passages import Vector
from service.domain.cleaned import Cleaned
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.triage import Engine, Versions
from service.domain.votes import Vote, Voter
from service.learning.learned import Learned
from service.learning.trust import UNTRIED, Trust
from service.phrases import Phrases
from service.pipeline.clean import clean
from service.pipeline.prompting.prompter import Prompter
from service.playbooks.matcher import KeywordMatcher
from service.ports import FileReader, History, Model, Search


@dataclass(frozen=True, slots=True)
class Asking:
    """A model, how prompts for it are built, and how long one message may wait for it, in seconds."""

    model: Model
    prompter: Prompter
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Replaced whole when any of it changes. `learned` is None before the first fit; `asking` without a model.

    `silent` voters are not heard, and `clean` may leave a message as it is: measurements ask what each is worth.
    `vector_of` gives the vector of a text just searched for, where the embedder knows meanings and answered; it
    never waits. Without `history` only a message's own thread tells what came before; without `files` no attachment
    is read. `trust` is what people's word says of each model's.
    """

    playbook: Playbook
    matcher: KeywordMatcher
    learned: Learned | None
    phrases: Phrases
    search: Search
    engine: Engine
    versions: Versions
    asking: Asking | None = None
    silent: frozenset[Voter] = frozenset()
    clean: Callable[[Message], Cleaned] = clean
    vector_of: Callable[[str], Vector | None] | None = None
    history: History | None = None
    files: FileReader | None = None
    trust: Mapping[str, Trust] = field(default_factory=dict)

    def trust_in(self, model: str | None) -> Trust:
        return self.trust.get(model or "", UNTRIED)

    def heard(self, *votes: Vote) -> tuple[Vote, ...]:
        return tuple(vote for vote in votes if vote.voter not in self.silent)
