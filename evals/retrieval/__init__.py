"""How well canned answers are found, by each signal alone and by all together: `python -m evals.retrieval`."""
