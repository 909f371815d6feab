"""Where search keeps an account's passages."""


def answers_of(account: str) -> str:
    """The collection of its canned answers."""
    return f"{account}/answers"


def confirmed_of(account: str) -> str:
    """The collection of its confirmed messages."""
    return f"{account}/confirmed"
