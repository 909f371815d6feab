"""Puts together what removes and what seals."""

import subprocess
from pathlib import Path
from typing import Any

from retrieval.generations import Generations
from retrieval.library import Library
from service.connectors.counting import uncounted
from service.connectors.metrics import Metrics
from service.desk.playbooks.versions import Playbooks
from service.desk.privacy.finish import Finishing
from service.desk.privacy.retention import Purging
from service.desk.privacy.rights import Privacy
from service.desk.privacy.sealing import Sealing
from service.domain.collections import answers_of, confirmed_of
from service.errors import FieldProblem, RefusedError, UnavailableError
from service.purger import Purger
from service.refitter import COMMAND
from service.settings import Settings
from service.storage import accounts
from service.storage.database import Database
from service.storage.privacy_cipher import Keyring, keyring_of
from service.wiring.finding import CHROMA
from service.wiring.learning import for_refit


def keyring(settings: Settings) -> Keyring | None:
    """The keys that the settings name, or None. Raises RefusedError that names the setting."""
    return keyring_of(vault_keys(settings))


def vault_keys(settings: Settings) -> str:
    """As they are written, those of the setting before those of the file."""
    written = settings.vault_key.get_secret_value()
    if not settings.vault_key_file:
        return written
    try:
        return f"{written} {Path(settings.vault_key_file).read_text('utf-8')}"
    except OSError as error:
        problem = FieldProblem("AIGUILLEUR_VAULT_KEY_FILE", f"{error.strerror}; give a file that can be read")
        raise RefusedError("The file with the vault's key cannot be read.", (problem,)) from error


class Outside:
    """A `service.desk.privacy.finish.Upkeep`. `holds`: this process keeps an index, so that it can make it anew."""

    def __init__(self, settings: Settings, database: Database, library: Library, holds: bool) -> None:
        self._settings = settings
        self._database = database
        self._library = library
        self._holds = holds
        self._learning: subprocess.Popen[str] | None = None

    def learn(self, account: str) -> None:
        """In a process of its own, which `stop` ends. Raises UnavailableError."""
        with subprocess.Popen(  # noqa: S603 - our own command; an account is an argument of it
            [*COMMAND, account], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=uncounted()
        ) as process:
            self._learning = process
            said, _ = process.communicate(for_refit(self._settings))
            self._learning = None
        if process.returncode:
            raise UnavailableError(f"The voters of {account} could not be learned ({said.strip() or 'ended'}).")

    def stop(self) -> None:
        """What is being learned is learned another time."""
        if self._learning is not None:
            self._learning.kill()

    def forget_index(self) -> bool:
        """An embedded index that nobody holds is dropped: the next server makes it anew, from the database alone."""
        if self._holds and self._rebuilt():
            return True
        folder = self._settings.data / CHROMA
        if self._settings.chroma_url:
            return False
        if not folder.exists():
            return True
        generations = Generations(folder)
        if not generations.acquire():
            return False
        try:
            generations.next()
        finally:
            generations.release()
        return True

    def _rebuilt(self) -> bool:
        """Every collection is named first: of a Chroma server only what is known can be dropped."""
        with self._database.reading() as transaction:
            known = accounts.ids(transaction)
        for account in known:
            for collection in (answers_of(account), confirmed_of(account)):
                self._library.prepare(collection)
        return self._library.settled() and self._library.rebuild()


def protecting(
    settings: Settings, database: Database, playbooks: Playbooks, library: Library, holds: bool, metrics: Metrics
) -> dict[str, Any]:
    """The verbs about personal data, by their names in the Desk."""
    finishing = Finishing(database, Outside(settings, database, library, holds))
    privacy, purging = Privacy(database, playbooks, finishing, settings.data), Purging(database, playbooks)
    return {
        "privacy": privacy,
        "purging": purging,
        "purger": Purger(purging, privacy.finish, privacy.stop, metrics.erased, metrics.duty_failed),
        "sealing": Sealing(database),
    }
