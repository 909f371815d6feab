"""Every test of storage runs on both databases."""

from tests.databases import database, empty_url, kind, migrated, postgres, url

__all__ = ["database", "empty_url", "kind", "migrated", "postgres", "url"]
