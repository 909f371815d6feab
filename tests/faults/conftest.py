"""PostgreSQL for the faults."""

from tests.databases import postgres

__all__ = ["postgres"]
