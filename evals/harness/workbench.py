"""A desk of its own for a run: the account's playbook and answers, a history, and nothing of the user's store."""

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from retrieval.embedding import Embedder, Vectors
from service.cli.options import opened
from service.connectors.embedders import embedder_of
from service.desk.accounts import AccountContent, Accounts
from service.desk.learning.confirmed import ConfirmedMessages, Prepare
from service.desk.learning.fitting import Fitting
from service.desk.learning.versions import Learning
from service.domain.answers import CannedAnswer
from service.domain.confirmed import Confirmed
from service.domain.playbook import Playbook
from service.errors import FieldProblem, RefusedError
from service.playbooks.folder import read_account
from service.settings import REFERENCE, Settings
from service.wiring import Desk, open_desk, prepare
from service.wiring.knowing import TOKENS


@dataclass(frozen=True, slots=True)
class Material:
    """What an account is measured with. `shipped`: the store was empty, so it is the reference account's."""

    files: dict[str, str]
    playbook: Playbook
    answers: Sequence[CannedAnswer]
    history: Sequence[Confirmed]
    shipped: bool = False


def material_of(settings: Settings, account: str | None) -> Material:
    """The account's active playbook, canned answers and confirmed messages. Only reads; raises RefusedError."""
    if settings.database_url or (settings.data / "aiguilleur.db").exists():
        with opened(settings.model_copy(update={"engine": "local"}), ready=False) as desk:
            found = asyncio.run(_stored(desk, account))
        if found is not None:
            return found
    return _shipped(account)


async def _stored(desk: Desk, named: str | None) -> Material | None:
    if not await desk.accounts.list():
        return None
    account = await desk.account(named)
    lessons = await ConfirmedMessages(desk.database, prepare).list(account)
    return Material(
        await desk.playbooks.export(account),
        await desk.playbooks.active(account),
        await desk.answers.list(account),
        [lesson.confirmed for lesson in lessons],
    )


def _shipped(named: str | None) -> Material:
    found = read_account(REFERENCE)
    if named not in (None, found.playbook.account):
        problem = FieldProblem("account", "the store is empty; import this account's playbook first")
        raise RefusedError(f"There is no account {named!r}.", (problem,))
    return Material(found.files, found.playbook, found.answers or (), found.messages, shipped=True)


@contextmanager
def desk_with(
    material: Material, history: Sequence[Confirmed], settings: Settings, prepared_by: Prepare = prepare
) -> Iterator[Desk]:
    """A desk on a temporary data folder that learned from this history and from nothing else."""
    with TemporaryDirectory(prefix="aiguilleur-eval-") as folder, desk_in(Path(folder), settings) as desk:
        asyncio.run(learn(desk, material, history, prepared_by))
        yield desk


@contextmanager
def desk_in(folder: Path, settings: Settings, *, bulk: bool = True) -> Iterator[Desk]:
    """A desk over what is stored in that folder alone. `bulk`: what it stores is seen within a second, not at once."""
    _bring_tokens(settings.data / TOKENS, folder / TOKENS)
    update = {"data": folder, "database_url": "", "chroma_url": ""}
    desk = open_desk(settings.model_copy(update=update), index=False, bulk=bulk, ready=False)
    try:
        yield desk
    finally:
        desk.close()


async def learn(
    desk: Desk, material: Material, history: Sequence[Confirmed], prepared_by: Prepare = prepare
) -> Learning:
    """Takes the account in with this history, learns, and gives what learns."""
    content = AccountContent(material.files, material.playbook, material.answers, history)
    await Accounts(desk.database, ConfirmedMessages(desk.database, prepared_by)).import_(content, by="eval")
    learning = learning_of(desk)
    await learning.learn(material.playbook.account, by="eval")
    return learning


def learning_of(desk: Desk) -> Learning:
    """Without the exam that a live account's refit has to pass: here it is the measurement that tells."""
    return Learning(desk.database, desk.playbooks, fitting_of(desk))


def fitting_of(desk: Desk) -> Fitting:
    return Fitting(RememberingEmbedder(embedder_of(desk.settings)))


class RememberingEmbedder:
    """Embeds each text once, however often everything is learned anew."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        return self._embedder.name

    def embed(self, texts: Sequence[str]) -> Vectors:
        lacking = [text for text in dict.fromkeys(texts) if text not in self._known]
        if lacking:
            self._known |= dict(zip(lacking, self._embedder.embed(lacking), strict=True))
        return np.stack([self._known[text] for text in texts])


def _bring_tokens(known: Path, folder: Path) -> None:
    """The tokenizer's vocabulary, where the user's data folder has it."""
    if known.is_dir() and not folder.exists():
        shutil.copytree(known, folder)
