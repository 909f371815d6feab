"""What journeys share with the tests of the service: a PostgreSQL server of their own."""

from tests.databases import migrated, postgres

__all__ = ["migrated", "postgres"]
