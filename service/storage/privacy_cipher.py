"""Texts sealed at rest, and the keyed hashes by which they are still found. Off where no key is set."""

import hmac
import secrets
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from service.errors import FieldProblem, RefusedError, UnavailableError

KEY_BYTES = 32
MOST_KEYS = 3
SEALED = "\x01s1."
"""Begins every sealed text. A control character, so that no customer's words are taken for one."""
HASHED = "\x01h1."
SETTING = "AIGUILLEUR_VAULT_KEY"
_NONCE_BYTES = 12
_CURE = "give keys of 32 bytes in base64, the newest first, separated by commas; `aiguilleur privacy new-key` makes one"


class Keyring:
    """Keys of 32 random bytes, the newest first: it seals, the others only open.

    AES-256-GCM (NIST SP 800-38D) with a random nonce, for at most 2**32 texts a key; what seals and what hashes are
    keys of their own, derived by HMAC-SHA-256 (NIST SP 800-108). A sealed text opens only in the place it was made for.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - only where a key is set

        self.ids = tuple(sha256(b"id" + key).hexdigest()[:8] for key in keys)
        self._ciphers = {name: AESGCM(_derived(key, b"seal")) for name, key in zip(self.ids, keys, strict=True)}
        self._hashing = [_derived(key, b"hash") for key in keys]
        self.alone = False
        """Whether every stored text is known to be under the newest key."""

    @property
    def newest(self) -> str:
        return self.ids[0]

    @property
    def mark(self) -> str:
        """What texts begin with that the newest key sealed."""
        return f"{SEALED}{self.newest}."

    def seal(self, text: str, place: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self.newest].encrypt(nonce, text.encode(), place.encode())
        return self.mark + b2a_base64(nonce + sealed, newline=False).decode()

    def open(self, sealed: str, place: str) -> str:
        """Raises UnavailableError where the key is not among these, or the text is not what was sealed."""
        name, _, content = sealed.removeprefix(SEALED).partition(".")
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise locked(name)
        try:
            raw = a2b_base64(content)
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode()).decode()
        except Exception as error:
            raise UnavailableError(f"A stored text ({place}) is not what the key {name} sealed.") from error

    def hashes(self, text: str) -> tuple[str, ...]:
        """Under each key, the newest first: 64 hex digits that tell nothing to whoever lacks the key."""
        return tuple(hmac.digest(key, text.encode(), "sha256").hex() for key in self._hashing)


def keyring_of(written: str) -> Keyring | None:
    """The keys that a setting or a file holds; None for none. Raises RefusedError."""
    keys = [_key(one) for one in written.replace(",", " ").split()]
    if len(keys) > MOST_KEYS:
        raise RefusedError("There are too many keys.", (FieldProblem(SETTING, f"give at most {MOST_KEYS}"),))
    return Keyring(keys) if keys else None


def new_key() -> str:
    """A key as the setting takes it."""
    return b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def locked(name: str) -> UnavailableError:
    """Nothing is lost: the same texts open again once the key is set."""
    return UnavailableError(f"Stored texts are sealed with the key {name}, which {SETTING} (or _FILE) does not hold.")


def sealed(ring: Keyring | None, text: str, place: str) -> str:
    """An empty text stays as it is: it tells nothing."""
    if ring is not None and text:
        return ring.seal(text, place)
    return text.replace("\x01", "\ufffd") if text.startswith("\x01") else text


def opened(ring: Keyring | None, stored: str, place: str) -> str:
    """Texts of before a key was set are read as they are. Raises UnavailableError."""
    if not stored.startswith(SEALED):
        return stored
    if ring is None:
        raise locked(stored.removeprefix(SEALED).partition(".")[0])
    return ring.open(stored, place)


def ring_of(dialect: Any) -> Keyring | None:
    """The keys of the database that a statement goes to; `Database` puts them there."""
    ring: Keyring | None = getattr(dialect, "aiguilleur_keyring", None)
    return ring


def give_ring(dialect: Any, ring: Keyring | None) -> None:
    dialect.aiguilleur_keyring = ring


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, b"aiguilleur " + purpose, "sha256")


def _key(written: str) -> bytes:
    try:
        key = b64decode(written, validate=True)
    except (BadBase64, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise RefusedError("A key of the vault cannot be used.", (FieldProblem(SETTING, _CURE),))
    return key
