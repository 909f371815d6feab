"""The command line. Each command's module is loaded only when it is called, so that `--help` is quick."""

import errno
import importlib
import os
import sys
from typing import Any

import click

from service.errors import AiguilleurError, UnavailableError
from service.log import catch_uncaught, configure, crashed

COMMANDS = {
    "serve": ("service.cli.serve:serve", "Serve the workbench and the API."),
    "worker": ("service.cli.worker:worker", "Do the work of `serve` without answering calls, on more machines."),
    "triage": ("service.cli.triage:triage", "Triage one message: .eml, .txt or JSON; `-` reads standard input."),
    "bulk": ("service.cli.bulk:bulk", "Triage a file of messages, one JSON object a line; resumable."),
    "playbook": ("service.cli.playbook:playbook", "Import, export, check, list, diff, activate playbooks."),
    "answers": ("service.cli.answers:answers", "Import, export, list canned answers; rebuild their index."),
    "drafts": ("service.cli.drafts:drafts", "Versions of a draft; another one by a wish; your own text."),
    "learn": ("service.cli.learn:learn", "Refit the learned voters from the confirmed messages."),
    "eval": ("evals.cli:eval_", "Measure on labelled messages, compare, gate; learning curves, ablations, batches."),
    "messages": ("service.cli.messages:messages", "Messages whose triage failed: list them, try again."),
    "privacy": ("service.cli.privacy:privacy", "Answer requests of access and erasure; terms; encryption at rest."),
    "webhook": ("service.cli.webhook:webhook", "Tell other programs what happens to messages; dead letters."),
    "key": ("service.cli.key:key", "Create, list and revoke API keys."),
    "user": ("service.cli.user:user", "Who may sign in: add, list, disable, give a role, print a link."),
    "oversight": ("service.cli.oversight:oversight", "Figures by day, queue and site; counting them anew."),
    "team": ("service.cli.team:team", "Teams: levels, languages, hours, people: add, change, list, remove."),
    "backup": ("service.cli.backup:backup", "Write the whole store into one file, while the service runs."),
    "restore": ("service.cli.backup:restore", "Make the store of a backup, on SQLite or PostgreSQL."),
    "doctor": ("service.cli.doctor:doctor", "What is configured, reachable and healthy."),
}

FOR_THE_OWNER = 0o077
"""Whatever a command makes may hold customers' words: results, runs, the data folder. Others read none of it."""


class LazyGroup(click.Group):
    """Knows its commands by name and help, and imports one when it is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name][0].split(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above names commands only
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aiguilleur")
def cli() -> None:
    """Aiguilleur: a customer's message in, a queue and a grounded draft out. It can send nothing."""


def main(arguments: list[str] | None = None) -> None:
    """Runs a command. Exit codes: 0 done, 1 a gate or health check says no, 2 wrong input or options."""
    configure("words")
    if arguments is None:
        os.umask(FOR_THE_OWNER)
        catch_uncaught()
    try:
        code: Any = cli.main(arguments, standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BrokenPipeError:
        _end_quietly()
    except Exception as error:
        _end(error)
    sys.exit(code if isinstance(code, int) else 0)


def _end_quietly() -> None:
    """Whoever read our output (`| head`) has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def _end(error: Exception) -> None:
    """Ends with our own errors, and the file system's, in words; anything else is a bug, and told without its words."""
    if isinstance(error, OSError) and error.filename is not None:
        click.echo(f"aiguilleur: {error.filename}: {error.strerror}; see that it is there and yours to use.", err=True)
        sys.exit(2)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        click.echo(f"aiguilleur: {error.strerror}; make room, and start it again.", err=True)
        sys.exit(1)
    if not isinstance(error, AiguilleurError):
        crashed(error)
        sys.exit(1)
    click.echo(f"aiguilleur: {error.detail}", err=True)
    for mistake in error.problems:
        click.echo(f"  {mistake.field}: {mistake.message}", err=True)
    sys.exit(1 if isinstance(error, UnavailableError) else 2)
