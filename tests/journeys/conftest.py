"""What journeys share with the tests of the service: a PostgreSQL server of their own, a small account."""

from tests.databases import migrated, postgres
from tests.service.small_door import small_folder, small_store

__all__ = ["migrated", "postgres", "small_folder", "small_store"]
