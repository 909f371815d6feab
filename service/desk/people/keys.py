"""API keys: made, listed, revoked, verified. A secret is shown once; only its hash is kept."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from service.desk.clock import Clock, utc_now
from service.domain.access import SCOPES, Key, Scope, allows
from service.errors import FieldProblem, MissingError, RefusedError
from service.storage import accounts, keys
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id

__all__ = ["Key", "Keys", "Scope", "allows"]

PREFIX_BYTES = 5
SECRET_BYTES = 24
"""192 random bits: a plain SHA-256 of them can be kept, since there is nothing to guess."""

USE_NOTED = timedelta(hours=1)
"""How often `last_used_at` is brought up to date: a write a request would be too many."""


class Keys:
    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def create(self, name: str, scope: Scope, account: str | None = None, by: str = "") -> tuple[Key, str]:
        """The key and its secret, `aig_<prefix>_<random>`, which is not kept. Raises RefusedError."""
        if scope not in SCOPES:
            raise RefusedError("There is no such scope.", (FieldProblem("scope", "give " + ", ".join(SCOPES)),))
        if not name.strip():
            raise RefusedError("The key needs a name.", (FieldProblem("name", "say who or what will use it"),))
        prefix = secrets.token_hex(PREFIX_BYTES)
        secret = f"aig_{prefix}_{secrets.token_hex(SECRET_BYTES)}"
        now = self._clock()
        key = Key(id=new_id(), name=name.strip(), prefix=prefix, scope=scope, account=account, created_at=now)
        await self._database.write(_create, key, _hash(secret), by)
        return key, secret

    async def list(self) -> list[Key]:
        """All, revoked ones too, oldest first."""
        return await self._database.read(keys.all_keys)

    async def revoke(self, id_or_prefix: str, by: str = "") -> Key:
        """Ends a key at once; a revoked one stays so. Raises MissingError."""
        return await self._database.write(_revoke, id_or_prefix, by, self._clock())

    async def verify(self, secret: str) -> Key | None:
        """The key of that secret, or None where there is none, or it was revoked."""
        parts = secret.split("_")
        if len(parts) != 3 or parts[0] != "aig" or not parts[1].isalnum() or not parts[1].isascii():
            return None
        found = await self._database.glance(keys.by_prefix, parts[1])
        kept = found[1] if found else "0" * 64
        if not hmac.compare_digest(kept, _hash(secret)) or found is None or found[0].revoked_at is not None:
            return None
        await self._note_use(found[0])
        return found[0]

    async def _note_use(self, key: Key) -> None:
        now = self._clock()
        if key.last_used_at is None or now - key.last_used_at > USE_NOTED:
            await self._database.write(keys.used, key.id, now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _create(transaction: Transaction, key: Key, hash_: str, by: str) -> None:
    if key.account is not None and key.account not in accounts.ids(transaction):
        raise RefusedError("There is no such account.", (FieldProblem("account", "name an account, or none for all"),))
    keys.add(transaction, key, hash_)
    about = {"name": key.name, "prefix": key.prefix, "scope": key.scope}
    record(transaction, new_event("key_created", key.id, key.created_at, key.account, by, after=about))


def _revoke(transaction: Transaction, id_or_prefix: str, by: str, now: datetime) -> Key:
    for key in keys.all_keys(transaction):
        if id_or_prefix in {key.id, key.prefix}:
            if not keys.revoke(transaction, key.id, now):
                return key
            record(transaction, new_event("key_revoked", key.id, now, key.account, by))
            return key.model_copy(update={"revoked_at": now})
    raise MissingError("There is no such key.", (FieldProblem("prefix", "give one that `aiguilleur key list` shows"),))
