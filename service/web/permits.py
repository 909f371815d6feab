"""Who may do what: a table that is data (`prompts/access/web.yaml`), asked before each page and each button."""

from functools import lru_cache
from pathlib import Path

from pydantic import model_validator

from service.domain.person import Role
from service.domain.value import Value
from service.yaml_file import read_yaml

ANYONE = "anyone"
"""The right of what is open to people who are not signed in."""


class Permits(Value):
    """`rights`: the roles that have each; `routes`: the right that each page needs, such as `GET /audit`."""

    rights: dict[str, tuple[Role, ...]]
    routes: dict[str, str]

    @model_validator(mode="after")
    def _each_right_is_known(self) -> "Permits":
        if unknown := set(self.routes.values()) - self.rights.keys() - {ANYONE}:
            raise ValueError(f"no role has the right {', '.join(sorted(unknown))}")
        return self

    def right(self, method: str, path: str) -> str | None:
        """The right that this route needs; None: nobody has it."""
        return self.routes.get(f"{method} {path}")

    def allows(self, role: Role, right: str) -> bool:
        return right == ANYONE or role in self.rights.get(right, ())


@lru_cache(maxsize=8)
def load_permits(prompts: Path) -> Permits:
    tree = read_yaml(prompts / "access" / "web.yaml")
    return Permits.model_validate(tree, strict=False)
