"""`aiguilleur playbook prove`: a changed playbook replayed against the one in force."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import click

from service.cli.options import opened, settings_for
from service.domain.proof import Contrast, Gate, Proof
from service.playbooks import parse_playbook


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def prove(folder: Path, as_json: bool) -> int:
    """Replay the confirmed messages under the playbook in FOLDER, against the one in force; exit 1 where it does worse
    or a gate fails. It changes nothing. About a minute for a thousand messages."""
    playbook = parse_playbook(folder)
    with opened(settings_for(), ready=False) as desk:
        proof = asyncio.run(desk.editor.trials.prove(playbook, _tell)).proof
    click.echo(err=True)
    for line in [proof.model_dump_json()] if as_json else _lines(proof):
        click.echo(line)
    return 0 if proof.passed else 1


def _tell(percent: int) -> None:
    click.echo(f"\r{percent:3d} %", nl=False, err=True)


def _lines(proof: Proof) -> Iterator[str]:
    yield _contrast("history", proof.history)
    yield _contrast("suite", proof.suite)
    for kind in ("broken", "fixed"):
        for one in getattr(proof, kind):
            yield f"{kind}\t{one.id}\t{one.queue}\t{one.before or '-'} -> {one.after or '-'}"
    yield from map(_gate, proof.gates)
    yield f"verdict\t{'passed' if proof.passed else 'not passed'}"


def _contrast(name: str, found: Contrast) -> str:
    sides = "  ".join(
        f"{figure} {_shown(getattr(found.before, figure))} -> {_shown(getattr(found.after, figure))}"
        for figure in ("accuracy", "coverage", "routed_accuracy", "calibration")
    )
    told = f"{found.n} messages, {found.fixed} fixed, {found.broken} broken, p {found.p:g}, smallest {found.smallest:g}"
    return f"{name}\t{found.verdict}\t{told}\t{sides}"


def _gate(gate: Gate) -> str:
    word = {True: "passed", False: "FAILED", None: "too few messages"}[gate.passed]
    name = f"{gate.gate} of {gate.queue}" if gate.queue else gate.gate
    told = gate.verdict or f"{_shown(gate.before)} -> {_shown(gate.after)} (bound {_shown(gate.bound)})"
    return f"gate\t{word}\t{name}\t{told}"


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
