"""Databases for the tests of storage, desk and doors: each such test runs on SQLite and on PostgreSQL; a small door."""

from tests.databases import database, empty_url, kind, migrated, postgres, url
from tests.service.small_door import postgres_door, small_door, small_folder, small_store

__all__ = [
    "database",
    "empty_url",
    "kind",
    "migrated",
    "postgres",
    "postgres_door",
    "small_door",
    "small_folder",
    "small_store",
    "url",
]
