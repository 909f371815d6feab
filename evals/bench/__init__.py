"""How fast, how much and how big: every figure beside an aim or a floor measured in the same run."""
