"""How rows are found by something personal: by the text itself, or by its keyed hash where a key is set."""

import re
from collections.abc import Iterable

from service.storage.database import Transaction
from service.storage.privacy_cipher import HASHED, Keyring, ring_of

TRACE_DIGITS = 32
WORD_DIGITS = 16
HEADS = range(3, 9)
"""Lengths of a word's beginnings that are hashed too, so that it is found by one of them."""


def normalised(address: str) -> str:
    """The form that addresses are kept and looked up in. Plus-tags are not merged: they may be several people's."""
    return address.strip().lower()


def names(text: str, address: str) -> bool:
    """Whether a text names an address, and not only a longer one that it is part of."""
    told, wanted = text.casefold(), normalised(address).casefold()
    if not wanted or wanted not in told:
        return False
    return re.search(rf"(?<![\w.+-]){re.escape(wanted)}(?![\w-]|\.\w)", told) is not None


def kept_address(transaction: Transaction, address: str) -> str:
    """What the column of a sender's address holds."""
    return asked_addresses(transaction, address)[0]


def asked_addresses(transaction: Transaction, address: str) -> list[str]:
    """All that the column may hold for it: under the newest key, under older ones, and from before there was one."""
    plain = normalised(address)
    ring = ring_of(transaction.dialect)
    if ring is None or not plain:
        return [plain]
    named = zip(ring.ids, ring.hashes(plain), strict=True)
    return [*(f"{HASHED}{name}.{digest}" for name, digest in named), plain]


def likely_addresses(transaction: Transaction, address: str) -> list[str]:
    """As `asked_addresses`, the first alone once every row is under the newest key: for what is asked at every
    message. Rights are looked up by all of them."""
    ring = ring_of(transaction.dialect)
    forms = asked_addresses(transaction, address)
    return forms[:1] if ring is not None and ring.alone else forms


def kept_trace(transaction: Transaction, trace: str) -> str:
    """The hash of a file number, hashed once more where a key is set: numbers are few, and could be tried out."""
    return asked_traces(transaction, [trace])[0]


def asked_traces(transaction: Transaction, traces: list[str]) -> list[str]:
    ring = ring_of(transaction.dialect)
    if ring is None:
        return traces
    return [digest[:TRACE_DIGITS] for trace in traces for digest in ring.hashes(trace)] + traces


def kept_words(ring: Keyring, words: Iterable[str]) -> list[str]:
    """Hashes of words and of their beginnings under the newest key, once each, in the order of the hashes."""
    known = {*words}
    heads = {_head(word[:size]) for word in known for size in HEADS if len(word) >= size}
    return sorted(_hashed(ring, one)[0] for one in known | heads)


def asked_words(ring: Keyring, word: str) -> list[str]:
    """All that may be kept for it, as `asked_addresses`, and the word itself from before there was a key."""
    return [*_hashed(ring, word), word]


def asked_heads(ring: Keyring, beginning: str) -> list[str]:
    """As `asked_words`, of every word that begins so; of a long beginning, so far as it is kept."""
    return _hashed(ring, _head(beginning[: HEADS[-1]])) if len(beginning) >= HEADS[0] else []


def _head(beginning: str) -> str:
    return f"{beginning}*"


def _hashed(ring: Keyring, word: str) -> list[str]:
    return [digest[:WORD_DIGITS] for digest in ring.hashes(f"word {word}")]
