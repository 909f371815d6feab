"""`aiguilleur user`: who may sign in to the workbench."""

import click

from service.cli.options import settings_for, with_desk
from service.domain.person import ROLES, Person, Role
from service.settings import Settings
from service.wiring import Desk

BY = "cli"
LOCAL = "http://127.0.0.1:8000"
"""Where `serve` listens unless it is told otherwise."""


@click.group()
def user() -> None:
    """Add, list, disable people; give a role; print a link to choose a password."""


@user.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--account", "accounts", multiple=True, help="Let them see this account alone; may be given again.")
def add(name: str, role: Role, accounts: tuple[str, ...]) -> None:
    """Add a person, and print the one-time link by which they choose a password."""

    async def added(desk: Desk) -> str:
        person = await desk.workbench.people.add(name, role, BY, accounts or None)
        return await desk.workbench.links.for_password(person.name, BY)

    settings = settings_for()
    click.echo(link_to(settings, with_desk(added)))


@user.command("list")
def list_() -> None:
    """Print everybody: name, role, accounts, how they sign in, and when they last did."""
    for one in with_desk(lambda desk: desk.workbench.people.list()):
        click.echo("\t".join((one.name, one.role, ",".join(one.accounts or ("*",)), *_state(one))))


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Keep a person out from now on; what they did stays."""
    person = with_desk(lambda desk: desk.workbench.people.disable(name, BY))
    click.echo(f"{person.name} is disabled.", err=True)


@user.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let a disabled person in again."""
    person = with_desk(lambda desk: desk.workbench.people.enable(name, BY))
    click.echo(f"{person.name} may sign in.", err=True)


@user.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
def role_(name: str, role: Role) -> None:
    """Give a person another role."""
    person = with_desk(lambda desk: desk.workbench.people.give_role(name, role, BY))
    click.echo(f"{person.name} is {person.role}.", err=True)


@user.command()
@click.argument("name")
def link(name: str) -> None:
    """Print a one-time link by which a person chooses a (new) password."""
    settings = settings_for()
    click.echo(link_to(settings, with_desk(lambda desk: desk.workbench.links.for_password(name, BY), settings)))


def link_to(settings: Settings, secret: str, address: str = LOCAL) -> str:
    return f"{settings.public_url.rstrip('/') or address}/link/{secret}"


def _state(person: Person) -> tuple[str, str]:
    if person.disabled_at:
        return "disabled", f"{person.disabled_at:%Y-%m-%d %H:%M}"
    how = "single sign-on" if person.subject else "password" if person.has_password else "no password yet"
    return how, f"{person.signed_in_at:%Y-%m-%d %H:%M}" if person.signed_in_at else "never"
