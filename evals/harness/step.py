"""The steps that can be left out of the pipeline, by name. Costs nothing to import: the command line lists them."""

from typing import Literal, get_args

Step = Literal[
    "clean", "keywords", "examples", "instructions", "precedence", "answers", "classifier", "neighbours", "model"
]
STEPS: tuple[Step, ...] = get_args(Step)
