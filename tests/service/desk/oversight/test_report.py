"""The report against the small history that was counted by hand (test_tallying), on either database."""

from datetime import date, timedelta

import pytest

from service.desk.oversight.days import by_week, measured, waiting
from service.desk.oversight.report import Asked, Overseeing
from service.desk.oversight.rows import rows
from service.desk.oversight.tallying import Tallying
from service.desk.people.people import People
from service.desk.people.teams import Teams
from service.desk.playbooks.versions import Playbooks
from service.domain.oversight import DayCost, Measured, Share
from service.domain.playbook import Targets
from service.domain.team import TeamPlan
from service.errors import RefusedError
from service.storage.database import Database
from tests.service.desk.board.test_board import stored
from tests.service.desk.oversight.test_tallying import ARRIVED, HISTORIES, MONDAY, Step, replied, write
from tests.service.samples import ACCOUNT

WEEK_LATER = MONDAY + timedelta(days=7)
RANGE = Asked(ACCOUNT, date(2026, 11, 16), date(2026, 11, 22), "week")


@pytest.fixture
def overseeing(database: Database, playbooks: Playbooks, club: str) -> Overseeing:
    return Overseeing(database, playbooks, Tallying(database), 5.0, lambda: WEEK_LATER)


async def test_the_report_says_what_was_counted_by_hand(
    overseeing: Overseeing, database: Database, playbooks: Playbooks
) -> None:
    people, teams = People(database), Teams(database, playbooks)
    await people.add("Ada", "advisor", "test")
    team = await teams.add(TeamPlan(name="Accueil", site="Lille", levels=(1,)), "test", ["Ada"])
    await teams.add(TeamPlan(name="Zéro", levels=(2,)), "test")
    for name, steps in HISTORIES.items():
        write(database, name, [(at, kind, told | ({"team": team.id} if told.get("team") else {}))
                               for at, kind, told in steps])  # fmt: skip
    stored(database, "facture", hours=-24 * 90)
    report = await overseeing.report(RANGE)
    assert (report.total.received, report.total.handled, report.total.answered) == (5, 2, Share(n=2, of=5, share=0.4))
    assert report.total.within_24h == Share(n=1, of=5, share=0.2)
    assert report.total.within_48h.n == 2
    assert report.chasers.n == 1
    assert [(one.start, one.flow.received, one.abstained, one.corrected) for one in report.periods] == [
        (date(2026, 11, 16), 5, 1, 2)
    ]
    assert (report.routing.triaged, report.routing.routed.n, report.routing.unreviewed) == (4, 3, 1)
    assert (report.routing.error.n, report.routing.error.of) == (1, 2)
    assert [(one.guessed.n, one.guessed.of, one.routed.of) for one in report.accuracy] == [(1, 3, 2)]
    assert (report.to_claim.n, report.to_sent.n) == (1, 2)
    assert report.to_claim.median_h == pytest.approx(1, rel=0.2)
    assert (report.drafts.kept, report.drafts.edited, report.drafts.rewritten, report.drafts.none) == (1, 0, 1, 0)
    assert [(one.calls, one.prompt_tokens, one.cost_usd) for one in report.costs] == [(2, 900, 0.002)]
    assert [(one.value, one.flow.received) for one in report.queues] == [("facture", 3), ("sinistre", 1), ("", 1)]
    assert [(one.value, one.flow.received, one.flow.handled) for one in report.sites] == [("Lille", 1, 1), ("", 4, 1)]
    assert [(one.label, one.flow.handled) for one in report.teams] == [("Accueil", 1), ("", 1)]
    assert [(one.team, one.members, one.signed_in, one.handled, one.from_draft.n) for one in report.use] == [
        ("Accueil", 1, 0, 1, 1), ("Zéro", 0, 0, 0, 0),
    ]  # fmt: skip
    assert (report.backlog.now, report.daily_budget_usd, report.target, report.uncounted) == (1, 5.0, 0.9, 0)


async def test_the_backlog_is_reckoned_back_from_now(overseeing: Overseeing, database: Database) -> None:
    for _ in range(3):
        stored(database, "facture", hours=0)
    write(database, "gone", HISTORIES["kept"])
    report = await overseeing.report(Asked(ACCOUNT))
    assert report.backlog.now == 3
    assert report.backlog.days[-1].amount == 3
    assert (report.backlog.backlog_ahead, report.backlog.history_days) == (None, 0)


async def test_a_long_history_is_forecast(overseeing: Overseeing, database: Database) -> None:
    for back in range(100):
        for _ in range(1 + (back % 7 == 0)):
            arrived = (MONDAY - timedelta(days=back)).isoformat()
            told = ARRIVED[2] | {"received_at": arrived}
            answered: Step = (-24 * back, "reply_recorded", replied(-24 * back)[2])
            write(database, "old", [(-24 * back, "message_received", told), answered])
    ahead = (await overseeing.report(RANGE)).backlog.received_ahead
    assert ahead is not None or (await overseeing.report(RANGE)).uncounted
    await Tallying(database).count()
    report = await overseeing.report(RANGE)
    assert report.backlog.received_ahead is not None
    assert len(report.backlog.received_ahead.days) == 14
    assert report.backlog.history_days >= 100


async def test_the_account_sets_its_own_target(
    overseeing: Overseeing, database: Database, playbooks: Playbooks
) -> None:
    book = await playbooks.active(ACCOUNT)
    playbooks._parsed[ACCOUNT, book.version] = book.model_copy(update={"targets": Targets(answered=0.75)})
    assert (await overseeing.report(Asked(ACCOUNT))).target == 0.75


async def test_the_rows_of_the_export_are_the_reports_numbers(overseeing: Overseeing, database: Database) -> None:
    for name, steps in HISTORIES.items():
        write(database, name, steps)
    told = {(section, of, figure): amount for section, of, figure, amount in rows(await overseeing.report(RANGE))}
    assert told["total", "", "received"] == 5
    assert told["total", "", "answered.share"] == 0.4
    assert told["periods", "2026-11-16", "flow.within_48h.n"] == 2
    assert told["channels", "email", "flow.received"] == 5
    assert told["costs", "2026-11-16", "cost_usd"] == 0.002
    assert told["target", "", "target"] == 0.9


@pytest.mark.parametrize(
    "asked",
    [
        Asked(ACCOUNT, date(2026, 11, 2), date(2026, 11, 1)),
        Asked(ACCOUNT, date(2000, 1, 1)),
        Asked(ACCOUNT, date(2026, 1, 1), date(9999, 1, 1)),
    ],
)
async def test_days_that_cannot_be_are_refused(overseeing: Overseeing, asked: Asked) -> None:
    with pytest.raises(RefusedError):
        await overseeing.report(asked)


def test_an_interval_is_wilsons_and_nothing_is_said_of_nothing() -> None:
    assert measured(0, 0) == Measured(n=0, of=0, share=None, low=None, high=None)
    one = measured(1, 10)
    assert one.low == pytest.approx(0.0179, abs=1e-4)  # Wilson's interval of 1 in 10
    assert one.high == pytest.approx(0.4042, abs=1e-4)


def test_waiting_times_are_read_off_their_classes() -> None:
    assert waiting({}).median_h is None
    told = waiting({"023": 2.0, "030": 8.0})  # 54 to 64 minutes, and 3 h 01 to 3 h 35
    assert told.n == 10
    assert told.median_h == pytest.approx(3.0 + 0.23, abs=0.1)
    assert told.p90_h == pytest.approx(3.5, abs=0.1)


def test_costs_are_summed_under_the_monday_of_their_week() -> None:
    days = [
        DayCost(day=date(2026, 3, day), calls=day, prompt_tokens=10, completion_tokens=1, cost_usd=0.5, unpriced=0)
        for day in (1, 2, 8)
    ]
    assert [(one.day, one.calls, one.prompt_tokens, one.cost_usd) for one in by_week(days)] == [
        (date(2026, 2, 23), 1, 10, 0.5), (date(2026, 3, 2), 10, 20, 1.0),
    ]  # fmt: skip
