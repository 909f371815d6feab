from collections.abc import Iterator

import pytest

from service.connectors.attachments import Limits, Readers


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """One process for the tests of a file."""
    readers = Readers(Limits(seconds=20.0), processes=1)
    yield readers
    readers.close()
