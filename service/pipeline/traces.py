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
        f"{playbook.account}\0{kind[1]}\0{re.sub(r'[^0-9A-Z]', '', value.upper())}"
        for placeholder, value in vault.values.items()
        if (kind := _PLACEHOLDER.fullmatch(placeholder)) and kind[1] in playbook.bursts.numbers
    }
    return tuple(sha256(each.encode()).hexdigest()[:DIGITS] for each in sorted(found))
