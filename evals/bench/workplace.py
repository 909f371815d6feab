"""Where a run works: a folder of its own, and how long its measurements may be."""

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evals.bench.programs import serving
from service.settings import Settings


@dataclass
class Workplace:
    """`folder` is removed afterwards. `quick`: enough to see that everything can be measured. `given`: a data folder as
    a first start leaves it, so that none is made; how long that takes is not measured then."""

    folder: Path
    quick: bool
    given: Path | None = None

    def amount(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def store(self, name: str) -> Path:
        """A data folder with the reference account imported and learned."""
        assert self.given or self.first_start_s > 0
        return Path(shutil.copytree(self._first, self.folder / name))

    @cached_property
    def first_start_s(self) -> float:
        """Seconds to `/readyz` on an empty data folder. What that start leaves behind, `store` copies."""
        with serving(self._first) as server:
            return server.ready_s

    @property
    def _first(self) -> Path:
        return self.given or self.folder / "first"


def settings(data: Path, **given: object) -> Settings:
    """The defaults; `__main__` has taken the caller's own settings out of the environment."""
    return Settings(_env_file=None, data=data, **given)  # type: ignore[arg-type]
