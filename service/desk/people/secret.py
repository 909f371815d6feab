"""Random secrets that somebody carries, and the hashes of them that are kept."""

import hashlib
import hmac
import secrets

SECRET_BYTES = 32
"""256 random bits: a plain SHA-256 of them can be kept, since there is nothing to guess."""


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """SHA-256, in hex."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def proof_of(secret: str, purpose: str) -> str:
    """What only the holder of the secret can show, and what does not give the secret away (HMAC-SHA-256, in hex)."""
    return hmac.new(secret.encode("utf-8", "replace"), purpose.encode(), hashlib.sha256).hexdigest()
