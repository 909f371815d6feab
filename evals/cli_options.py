"""What the commands of `aiguilleur eval` share: their options, and how they speak."""

import json
import signal
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from service.learning.split import Split

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
NEW_FOLDER = click.Path(file_okay=False, path_type=Path)

dataset_option = click.option(
    "--dataset", type=FILE, multiple=True, required=True, help="Labelled messages; several files."
)
history_option = click.option(
    "--history", type=FILE, multiple=True, help="Learn from these alone; by default what the store holds."
)
split_option = click.option(
    "--split",
    type=click.Choice(get_args(Split)),
    default="all",
    show_default=True,
    help="Measure on the locked fifth of the messages, on the others, or on all.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
gates_option = click.option("--gates", type=FILE, help="A file of gates; exit 1 where one fails.")
against_option = click.option("--against", type=FOLDER, help="The folder of a run to compare with.")


class ManyValues(click.Command):
    """An option that may be given several times takes several values at once, too, as a shell's `*` makes them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        names = {name for one in self.params if getattr(one, "multiple", False) for name in one.opts}
        return super().parse_args(ctx, list(_one_by_one(args, names)))


def _one_by_one(arguments: Iterable[str], names: Collection[str]) -> Iterator[str]:
    """`--dataset a b` as `--dataset a --dataset b`."""
    name, taken = "", False
    for argument in arguments:
        if argument.startswith("-"):
            name = argument.partition("=")[0] if argument.partition("=")[0] in names else ""
            taken = "=" in argument
        elif name and taken:
            yield name
        else:
            taken = True
        yield argument


def run_folder(name: str) -> Path:
    return Path("runs") / f"{datetime.now():%Y%m%d-%H%M%S}-{name}"  # noqa: DTZ005


def say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _as_ctrl_c(*_: object) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # of a command that a script started in the background
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


@contextmanager
def told_to_stop() -> Iterator[None]:
    """SIGTERM, or a terminal that closes, is heard as Ctrl-C is: nothing of the messages is left in temporary
    folders. What the caller chose to ignore (`nohup`) stays ignored."""
    heard = [one for one in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(one) is signal.SIG_DFL]
    for one in heard:
        signal.signal(one, _as_ctrl_c)
    try:
        yield
    finally:
        for one in heard:
            signal.signal(one, signal.SIG_DFL)


def interrupted(folder: Path) -> int:
    say(f"Interrupted. What is done is kept: the same command with --out {folder} goes on from there.")
    return 130


def say_all(lines: Iterable[object]) -> None:
    for line in lines:
        say(str(line))


def failed(gates: Iterable[Any]) -> int:
    """The exit code: 1 where a gate says no."""
    return int(any(gate.passed is False for gate in gates))


def document(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2)


_BLOCKS = {
    "retrieval": ("found_at_1", "found_at_3"),
    "drafts": ("drafted", "grounded", "findings_open", "chrf"),
    "redaction": ("recall", "precision"),
}
"""What is told of the blocks of a summary; they stand whole in summary.json and in the report."""


def in_words(summary: dict[str, Any]) -> str:
    names = ("n", "accuracy", "accuracy_ci95", "macro_f1", "top3_accuracy", "coverage", "routed_accuracy", "ece")
    lines = [f"{name}\t{summary[name]}" for name in names]
    lines += [
        f"{block} {name}\t{value}"
        for block, names in _BLOCKS.items()
        for name in names
        if (value := (summary.get(block) or {}).get(name)) is not None
    ]
    groups = [f"{name}\taccuracy {some['accuracy']} of {some['n']}" for name, some in summary["by_file"].items()]
    return "\n".join([*lines, *groups])
