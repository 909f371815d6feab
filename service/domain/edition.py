"""A playbook that is being edited, beside the one in force."""

from typing import Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

EditionState = Literal["open", "published", "dropped"]


class Edition(Value):
    """`changes` are the files that are not those of the version `base`, by name; None where the edition has none of
    that name. `published` is the version that it became."""

    id: str
    account: str
    title: str
    author: str
    base: str
    changes: dict[str, str | None]
    state: EditionState = "open"
    created_at: AwareDatetime = Field(strict=False)
    updated_at: AwareDatetime = Field(strict=False)
    updated_by: str
    published: str | None = None


class Edited(Value):
    """An edition's files, whole, and the version that they would be; None while they cannot be read."""

    edition: Edition
    base_files: dict[str, str]
    files: dict[str, str]
    version: str | None
