"""Text as a terminal may show it."""

from unicodedata import category

EXCERPT = 90


def excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1]}…"


def harmless(text: str) -> str:
    """Without what a terminal would obey, or what would turn the line around: a customer may have written it."""
    return "".join(" " if category(sign) in {"Cc", "Cf"} and sign not in "\n\t\u200d" else sign for sign in text)
