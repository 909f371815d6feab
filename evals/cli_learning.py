"""`aiguilleur eval stream` and `eval ablate`: how an account learns, and what each step of the pipeline is worth."""

import click


@click.command()
def stream() -> int:
    return 0


@click.command()
def ablate() -> int:
    return 0
