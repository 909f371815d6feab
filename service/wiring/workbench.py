"""Puts together what the pages ask of the desk beside its other verbs: who comes in, and what they look at."""

from dataclasses import dataclass

from service.connectors.single_sign_on import OpenIdProvider
from service.desk.answers.finding import FindingAnswers
from service.desk.board.board import Board
from service.desk.board.calls import Calls
from service.desk.board.claiming import Claiming
from service.desk.board.levels import Levels
from service.desk.board.news import News
from service.desk.board.reading import Reading
from service.desk.drafts.handing_over import HandingOver
from service.desk.learning.confirmed import Prepare
from service.desk.learning.disputes import Disputes
from service.desk.oversight.report import Overseeing
from service.desk.oversight.reusing import Reusing
from service.desk.oversight.tallying import Tallying
from service.desk.people.audit import Audit
from service.desk.people.links import Links
from service.desk.people.passwords import Passwords
from service.desk.people.people import People
from service.desk.people.sessions import Sessions
from service.desk.people.signing_in import SigningIn
from service.desk.people.single_sign_on import SingleSignOn, read_mapped
from service.desk.people.teams import Teams
from service.desk.playbooks.versions import Playbooks
from service.desk.search.indexing import Indexing
from service.desk.search.searching import Searching
from service.indexer import Indexer
from service.settings import Settings
from service.storage.database import Database
from service.wiring.improving import AnswerDesk, QualityDesk, answer_desk_of, quality_desk_of


@dataclass(frozen=True, slots=True)
class Workbench:
    """`single_sign_on` is None where none is set."""

    people: People
    sessions: Sessions
    signing_in: SigningIn
    links: Links
    single_sign_on: SingleSignOn | None
    audit: Audit
    board: Board
    calls: Calls
    handing_over: HandingOver
    finding_answers: FindingAnswers
    claiming: Claiming
    teams: Teams
    levels: Levels
    tallying: Tallying
    overseeing: Overseeing
    reusing: Reusing
    reading: Reading
    answers: AnswerDesk
    disputes: Disputes
    quality: QualityDesk
    searching: Searching
    news: News
    indexing: Indexing
    indexer: Indexer


def workbench_of(settings: Settings, database: Database, playbooks: Playbooks, prepare: Prepare) -> Workbench:
    """Raises RefusedError for roles of single sign-on that cannot be read."""
    indexing, tallying = Indexing(database), Tallying(database)
    passwords = Passwords(settings.password_memory_kib)
    return Workbench(
        people=People(database),
        sessions=Sessions(database),
        signing_in=SigningIn(database, passwords),
        links=Links(database, passwords),
        single_sign_on=_single_sign_on(settings, database),
        audit=Audit(database),
        board=Board(database),
        calls=Calls(database, playbooks),
        handing_over=HandingOver(database),
        finding_answers=FindingAnswers(database),
        claiming=Claiming(database),
        teams=Teams(database, playbooks),
        levels=Levels(database, playbooks),
        tallying=tallying,
        overseeing=Overseeing(database, playbooks, tallying, settings.model_daily_budget_usd),
        reusing=Reusing(database),
        reading=Reading(database),
        answers=answer_desk_of(settings, database, playbooks),
        disputes=Disputes(database),
        quality=quality_desk_of(settings, database, playbooks, prepare),
        searching=Searching(database),
        news=News(database),
        indexing=indexing,
        indexer=Indexer(indexing),
    )


def _single_sign_on(settings: Settings, database: Database) -> SingleSignOn | None:
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    provider = OpenIdProvider(settings.oidc_issuer, settings.oidc_client_id, secret)
    return SingleSignOn(database, provider, read_mapped(settings.oidc_roles))
