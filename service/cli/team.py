"""`aiguilleur team`: which messages a team can answer, when it is open, and who is of it."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from service.cli.options import with_desk
from service.desk.clock import utc_now
from service.desk.people.team_hours import opens
from service.domain.situation import DAYS
from service.domain.team import LEVELS, Team, TeamPlan
from service.errors import FieldProblem, RefusedError
from service.wiring import Desk

Command = TypeVar("Command", bound=Callable[..., Any])

BY = "cli"
PLAN = (
    click.option(
        "--level", "levels", multiple=True, type=click.IntRange(LEVELS[0], LEVELS[-1]), help="Of which level."
    ),
    click.option("--site", help="Where it sits."),
    click.option("--language", "languages", multiple=True, help="A two-letter code; without any, every language."),
    click.option("--queue", "queues", multiple=True, help="Only this queue; several times."),
    click.option("--account", "accounts", multiple=True, help="Only this account; several times."),
    click.option("--hours", multiple=True, help="As monday=09:00-12:30; several times. Without any, always open."),
    click.option("--timezone", help="By whose clock; Europe/Paris where it is not said."),
    click.option("--holidays", type=click.Choice(("FR", "none")), help="Closed on this country's holidays."),
    click.option("--closed", multiple=True, help="A closed day as 2026-12-24; several times."),
)


def plan_options(command: Command) -> Command:
    for option in reversed(PLAN):
        command = option(command)
    return command


@click.group()
def team() -> None:
    """Add, change, list and remove teams; who is of them. Without a team everybody answers everything."""


@team.command()
@click.argument("name")
@plan_options
@click.option("--member", "members", multiple=True, help="A person's name; several times.")
def add(name: str, members: tuple[str, ...], **given: Any) -> None:
    """Add the team NAME: messages of its levels and languages are offered to its people first."""
    plan = _plan({"name": name, "levels": (1,)}, given)
    made = with_desk(lambda desk: desk.workbench.teams.add(plan, BY, members))
    click.echo(f"{made.name} can answer level {', '.join(map(str, made.levels))}.", err=True)


@team.command()
@click.argument("name")
@click.option("--name", "renamed", help="Another name for it.")
@plan_options
def change(name: str, renamed: str | None, **given: Any) -> None:
    """Change what is given of the team NAME; the rest stays."""

    async def changed(desk: Desk) -> Team:
        known = await desk.workbench.teams.get(name)
        before = known.plan.model_dump(mode="json") | ({"name": renamed} if renamed else {})
        return await desk.workbench.teams.change(name, _plan(before, given), BY)

    click.echo(f"{with_desk(changed).name} is changed.", err=True)


@team.command("list")
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
def list_(as_json: bool) -> None:
    """Print every team: name, site, levels, languages, whether it is open, and its people."""
    found, now = with_desk(lambda desk: desk.workbench.teams.list()), utc_now()
    if as_json:
        click.echo(json.dumps({"items": [one.model_dump(mode="json") for one in found]}, ensure_ascii=False))
        return
    for one in found:
        levels, languages = ",".join(map(str, one.levels)), ",".join(one.languages) or "*"
        at = opens(one, now)
        state = (
            "nobody" if not one.able else "open" if at == now else f"opens {at:%Y-%m-%d %H:%M} UTC" if at else "closed"
        )
        click.echo("\t".join((one.name, one.site or "-", levels, languages, state, ",".join(one.members))))


@team.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove the team NAME; what it did stays in the figures."""
    gone = with_desk(lambda desk: desk.workbench.teams.remove(name, BY))
    click.echo(f"{gone.name} is removed.", err=True)


@team.command()
@click.argument("name")
@click.argument("people", nargs=-1, required=True)
def join(name: str, people: tuple[str, ...]) -> None:
    """PEOPLE are of the team NAME from now on, too."""
    _members(name, lambda known: [*known, *people])


@team.command()
@click.argument("name")
@click.argument("people", nargs=-1, required=True)
def leave(name: str, people: tuple[str, ...]) -> None:
    """PEOPLE are not of the team NAME any more."""
    gone = {one.casefold() for one in people}
    _members(name, lambda known: [one for one in known if one.casefold() not in gone])


def _members(name: str, changed: Callable[[tuple[str, ...]], list[str]]) -> None:
    async def seated(desk: Desk) -> Team:
        known = await desk.workbench.teams.get(name)
        return await desk.workbench.teams.people(name, changed(known.members), BY)

    found = with_desk(seated)
    click.echo(f"{found.name}: {', '.join(found.members) or 'nobody'}.", err=True)


def _plan(before: dict[str, Any], given: dict[str, Any]) -> TeamPlan:
    """What is given in the place of what was. Raises RefusedError that names each mistake."""
    fields = before | {field: value for field, value in given.items() if value and field != "hours"}
    if given["hours"]:
        fields["hours"] = _hours(given["hours"])
    try:
        return TeamPlan.model_validate(fields)
    except ValidationError as error:
        problems = [FieldProblem(str(mistake["loc"][0]), mistake["msg"]) for mistake in error.errors()]
        raise RefusedError("The team cannot be like that.", tuple(problems)) from error


def _hours(told: tuple[str, ...]) -> dict[str, list[str]]:
    hours: dict[str, list[str]] = {}
    for one in told:
        day, _, span = one.partition("=")
        if day not in DAYS:
            raise RefusedError("There is no such day.", (FieldProblem("hours", "write them as monday=09:00-18:00"),))
        hours.setdefault(day, []).append(span)
    return hours
