"""People who sign in: their role, the accounts that they see, how they like their pages."""

import unicodedata
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

Role = Literal["advisor", "lead", "quality", "admin"]
ROLES: tuple[Role, ...] = ("advisor", "lead", "quality", "admin")

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")


class Person(Value):
    """`login` is what `name` is compared by. `accounts` is None where every account may be seen. `subject` names a
    person of the single sign-on. `language` is None where the browser decides, `keys`: whether single keys are
    shortcuts. A password is never here."""

    id: str
    name: str
    login: str
    role: Role
    accounts: Annotated[tuple[str, ...], Field(strict=False)] | None = None
    language: Language | None = None
    theme: Theme = "auto"
    keys: bool = True
    subject: str | None = None
    has_password: bool = False
    created_at: AwareDatetime = Field(strict=False)
    disabled_at: AwareDatetime | None = Field(default=None, strict=False)
    signed_in_at: AwareDatetime | None = Field(default=None, strict=False)

    def sees(self, account: str) -> bool:
        return self.accounts is None or account in self.accounts


class Session(Value):
    """A signed-in browser. `id` is the hash of its secret, which only the browser has."""

    id: str
    person: Person
    via: Literal["password", "link", "single_sign_on"]
    created_at: AwareDatetime = Field(strict=False)
    seen_at: AwareDatetime = Field(strict=False)


class Link(Value):
    """A one-time link, without its secret. `first` lets a first admin choose a name and a password; `password` lets
    the person of `login` choose a password."""

    purpose: Literal["first", "password"]
    person_id: str | None
    name: str | None
    expires_at: AwareDatetime = Field(strict=False)


def login_of(name: str) -> str:
    """What a name is compared by: case, accents' encoding and spaces around it make no other person."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
