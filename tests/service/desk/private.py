"""What tests of privacy start from: somebody who wrote, was corrected and answered, and was learned from."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.desk.board.review import Review
from service.desk.intake.triage import TriageDesk
from service.desk.playbooks.versions import Playbooks
from service.desk.privacy.finish import Finishing
from service.desk.privacy.rights import Privacy
from service.domain.message import Message, Sender
from service.domain.triage import Triage
from service.domain.votes import Evidence
from service.errors import UnavailableError
from service.storage import learned
from service.storage.database import Database
from service.storage.learned import BundleVersion
from tests.service.samples import NOW, a_message, a_triage, parse, prepare

WHO = "Zoe.Quillfeather@Example.org"
WORDS = "Je suis Quillfeather et ma facture zorglubienne se fait attendre"
TRACE = "ab" * 16


@dataclass
class Upkeep:
    """A `service.desk.privacy.finish.Upkeep`: a fit is a version of its own; the index is free, or held elsewhere."""

    database: Database
    index_free: bool = True
    away: bool = False
    learned: list[str] = field(default_factory=list)
    forgotten: int = 0

    def learn(self, account: str) -> None:
        if self.away:
            raise UnavailableError("nobody can learn now")
        self.learned.append(account)
        version(self.database, f"after-{len(self.learned)}")

    def stop(self) -> None:
        """Nothing takes long."""

    def forget_index(self) -> bool:
        self.forgotten += self.index_free
        return self.index_free


class Quoting:
    """A pipeline whose evidence quotes the messages `quoted` by id, as neighbours do."""

    def __init__(self) -> None:
        self.quoted: tuple[str, ...] = ()
        self.traces: tuple[str, ...] = ()

    async def __call__(self, message: Message, triage_id: str) -> Triage:
        evidence = tuple(
            Evidence(voter="neighbours", kind="example", text=WORDS, queue="facture", ref=one) for one in self.quoted
        )
        return a_triage(message, triage_id, evidence=evidence, traces=self.traces, joins_until=_end_of_day())


def _end_of_day() -> datetime:
    return NOW.replace(year=2099)


def version(database: Database, name: str, words: str = "") -> None:
    bundle = BundleVersion(name, NOW.replace(year=2098), False, "v1", {})
    with database.writing() as transaction:
        learned.add(transaction, "club", bundle, f"{name} {words}".encode(), "test")
        learned.activate(transaction, "club", name, "test", NOW)


def from_(address: str, external_id: str | None, body: str = WORDS, **fields: Any) -> Message:
    return a_message(external_id, body, sender=Sender(name="Zoé", address=address), received_at=NOW, **fields)


@dataclass
class Written:
    """The desk after `WHO` wrote once, was corrected and answered; then somebody else, whose evidence quotes it."""

    privacy: Privacy
    finishing: Finishing
    upkeep: Upkeep
    triages: TriageDesk
    review: Review
    pipeline: Quoting
    mine: Triage
    other: Triage


async def written(database: Database, data: Any) -> Written:
    """The account `club` has to be there."""
    pipeline, upkeep, playbooks = Quoting(), Upkeep(database), Playbooks(database, parse)
    triages, review = TriageDesk(database, pipeline), Review(database, playbooks, prepare)
    finishing = Finishing(database, upkeep)
    privacy = Privacy(database, playbooks, finishing, data)
    pipeline.traces = (TRACE,)
    mine = await triages.triage(from_(WHO, "crm-77001"))
    await review.correct(mine.id, "resiliation", "Marguerite", "elle part, Quillfeather", flags=())
    await review.record_reply(mine.id, "Bonjour Quillfeather, c'est fait. Marguerite", "Marguerite", NOW)
    version(database, "before", "zorglubienne")
    pipeline.quoted, pipeline.traces = ("crm-77001",), (TRACE,)
    other = await triages.triage(from_("someone@example.net", "crm-2", "Autre chose"))
    return Written(privacy, finishing, upkeep, triages, review, pipeline, mine, other)
