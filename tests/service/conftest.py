"""Databases for the tests of storage, desk and doors: each such test runs on SQLite and on PostgreSQL."""

from tests.databases import database, empty_url, kind, migrated, postgres, url

__all__ = ["database", "empty_url", "kind", "migrated", "postgres", "url"]
