"""`aiguilleur learn suggest`, `suggestions`, `settle`: what the history suggests, and a lead's word about it."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, get_args

import click

from service.cli.options import account_option, with_desk
from service.desk.learning.suggestions import LABEL, OTHER, Settled
from service.domain.suggestion import SuggestionEntry, SuggestionKind, SuggestionList, SuggestionState
from service.wiring import Desk

KINDS = get_args(SuggestionKind)
STATES = get_args(SuggestionState)

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
kind_option = click.option("--kind", type=click.Choice(KINDS), help="Only these.")


class Since(click.ParamType[timedelta | None]):
    """`7d`, `2w`, or `all`."""

    name = "while"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta | None:
        if isinstance(value, timedelta) or value == "all":
            return value if isinstance(value, timedelta) else None
        found = re.fullmatch(r"(\d{1,3})([dw])", str(value))
        if found is None:
            self.fail(f"{value!r} is not a while; write 7d, 2w or all.", param, ctx)
        return int(found[1]) * timedelta(days=1 if found[2] == "d" else 7)


@click.command()
@account_option
@click.option("--since", type=Since(), default="7d", show_default=True, help="Whose corrections; all: what is missed.")
@kind_option
@json_option
@click.pass_obj
def suggest(
    outer: str | None, account: str | None, since: timedelta | None, kind: SuggestionKind | None, as_json: bool
) -> None:
    """Look for keywords that would have helped, contradictions, confused queues and labels that look wrong, each with
    its effect on the confirmed messages. Some seconds for a thousand."""

    async def make(desk: Desk) -> None:
        named = await desk.account(account or outer)
        await desk.suggestions.make(named, since)
        _print(await desk.suggestions.list(named, kind), as_json)

    with_desk(make)


@click.command()
@account_option
@kind_option
@click.option("--state", type=click.Choice(STATES), default="open", show_default=True)
@json_option
@click.pass_obj
def suggestions(
    outer: str | None, account: str | None, kind: SuggestionKind | None, state: SuggestionState, as_json: bool
) -> None:
    """Print what was last suggested, without looking anew."""

    async def listed(desk: Desk) -> None:
        _print(await desk.suggestions.list(await desk.account(account or outer), kind, state), as_json)

    with_desk(listed)


@click.command()
@click.argument("suggestion_id")
@click.argument("decision", type=click.Choice([*OTHER, *LABEL]))
@account_option
@click.option("--by", required=True, help="The lead who says so.")
@click.option("--queue", help="Of a label that is changed, where it is not the one suggested.")
@click.option("--activate", is_flag=True, help="Put the playbook with the accepted keyword in force, and refit.")
@click.pass_obj
def settle(
    outer: str | None,
    suggestion_id: str,
    decision: Settled,
    account: str | None,
    by: str,
    queue: str | None,
    activate: bool,
) -> None:
    """Accept or refuse a suggestion; of a label: kept or changed. It does not come back."""

    async def put(desk: Desk) -> None:
        named = await desk.account(account or outer)
        entry = await desk.suggestions.settle(named, suggestion_id, decision, by, queue, activate)
        click.echo(f"{entry.suggestion.id}\t{entry.state}\t{entry.playbook_version or ''}".rstrip())
        if entry.playbook_version is not None and activate:
            await desk.learning.learn(named, by=by)
        elif entry.playbook_version is not None:
            click.echo(f"`aiguilleur playbook activate {entry.playbook_version}` puts it in force.", err=True)

    with_desk(put)


def _print(entries: Sequence[SuggestionEntry], as_json: bool) -> None:
    if as_json:
        click.echo(SuggestionList(items=tuple(entries)).model_dump_json(indent=2))
        return
    for one in entries:
        click.echo(f"{one.suggestion.id}\t{one.suggestion.text}\t{one.suggestion.drafted}".rstrip())
    if not entries:
        click.echo("Nothing to suggest.", err=True)
