"""Hashes of the file numbers that a message names: they find its kin, and tell nothing to whoever lacks the number."""

import re
from hashlib import sha256

from service.domain.playbook import Playbook
from service.domain.redacted import Vault

DIGITS = 32
_PLACEHOLDER = re.compile(r"\[\[([A-Z_]+)_\d+\]\]")


def traces(vault: Vault, playbook: Playbook) -> tuple[str, ...]:
    """Of the kinds of number that the playbook says are a file's, each once; blind to case, spaces and punctuation."""
    found = {
        _named(playbook.account, kind[1], value)
        for placeholder, value in vault.values.items()
        if (kind := _PLACEHOLDER.fullmatch(placeholder)) and kind[1] in playbook.bursts.numbers
    }
    return tuple(_hashed(each) for each in sorted(found))


def traces_of(number: str, playbook: Playbook) -> tuple[str, ...]:
    """What a number's trace may be: one for each kind that is a file's."""
    return tuple(_hashed(_named(playbook.account, kind, number)) for kind in playbook.bursts.numbers)


def _named(account: str, kind: str, number: str) -> str:
    return f"{account}\0{kind}\0{re.sub(r'[^0-9A-Z]', '', number.upper())}"


def _hashed(named: str) -> str:
    return sha256(named.encode()).hexdigest()[:DIGITS]
