"""The reference account's store, built once a session and copied for each test that wants one; who runs which test."""

import fcntl
import os
import re
import shutil
import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from pydantic_settings import SettingsConfigDict
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from service.heap import few_heaps
from service.settings import REFERENCE, Settings
from tests.door import Door, let_go, open_door

for _name in [name for name in os.environ if name.startswith("AIGUILLEUR_") and "_TESTS_" not in name]:
    del os.environ[_name]  # what a developer has set for himself decides no test

for _one in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_one) is signal.SIG_IGN:  # started in the background of a script, or by nohup
        signal.signal(_one, signal.default_int_handler)  # else the programs that tests start would ignore it too

few_heaps()  # as `serve` does: what a closed desk took is there for the next one

ROOT = Path(__file__).parent.parent
DATABASE = "aiguilleur.db"

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no fault
hypothesis.settings.load_profile("patient")


class GivenSettings(Settings):
    """Settings from their arguments alone: neither the environment nor a `.env` file is read."""

    model_config = SettingsConfigDict(env_prefix="AIGUILLEUR_NEVER_SET_", env_file=None)

    password_memory_kib: int = 1_024  # as little as a setting allows: tests guess no passwords


WAITING = ("tests/soak/", "tests/load/", "tests/faults/", "tests/journeys/")
"""What mostly waits, or takes long by itself: begun first, so that nobody waits for it alone at the end."""

SHARES = re.compile(r'scope="(?:module|class)"|\b(?:shared_door|postgres_door)\b')
"""What a file says whose tests share a start: run by one worker, the start is paid once."""


@cache
def shares(file: str) -> bool:
    return SHARES.search((ROOT / file).read_text("utf-8")) is not None


class ByTestOrFile(LoadScopeScheduling):  # type: ignore[misc]
    """One test after the other to whichever worker is free, but files that share a start to one, the longest first.
    `--dist loadgroup` would do, did pytest 9 heed what pytest-xdist 3.8 writes behind a test's name."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if shares(file) else nodeid


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(WAITING))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByTestOrFile:
    return ByTestOrFile(config, log)


@pytest.fixture(scope="module", autouse=True)
def _desks_are_let_go() -> Iterator[None]:
    yield
    let_go()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """What a test's clock shall not count is made before it starts, outermost of all that stands around a test."""
    if "reference_store" in getattr(item, "fixturenames", ()):
        made(item.config)
    return (yield)


def made(config: pytest.Config) -> Path:
    """A data folder after its first start, with nobody at it: forty seconds of thinking, once for all workers."""
    from service.domain.collections import answers_of, confirmed_of
    from service.wiring import open_desk

    mine: Path = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    everyones = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine
    folder = everyones / "reference"
    with (everyones / "reference.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            desk = open_desk(GivenSettings(data=everyones / "making"), index=False)
            for collection in (answers_of(REFERENCE.name), confirmed_of(REFERENCE.name)):
                desk.library.prepare(collection)  # vectors too are made once
            desk.close()
            (everyones / "making").rename(folder)
    return folder


@pytest.fixture(scope="session")
def reference_store(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What `made` has made. Its playbook and what was learned stay at hand: the next desk need not read them."""
    from service.wiring import open_desk

    folder = made(pytestconfig)
    at_hand = open_desk(GivenSettings(data=copied(folder, tmp_path_factory.mktemp("known") / "data")), index=False)
    at_hand.close()
    yield folder
    del at_hand


@pytest.fixture
def data_folder(reference_store: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own, with the reference account in it."""
    return copied(reference_store, tmp_path / "data")


@pytest.fixture
def door(data_folder: Path) -> Iterator[Door]:
    """The API over a store of the test's own."""
    with open_door(GivenSettings(data=data_folder)) as door:
        yield door


@pytest.fixture(scope="module")
def shared_door(reference_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The API over a store that the tests of a file share: for those that leave nothing which another sees."""
    folder = copied(reference_store, tmp_path_factory.mktemp("shared") / "data")
    with open_door(GivenSettings(data=folder)) as door:
        yield door


def copied(store: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copyfile(store / DATABASE, folder / DATABASE)
    return folder
