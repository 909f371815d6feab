"""What the list of canned answers is asked for, as its address says it."""

from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

from service.web.whole_numbers import page_number

A_PAGE = 50


class Wanted(BaseModel):
    """The filter form's fields; empty ones ask for nothing. Retired answers are shown where they are asked for."""

    model_config = ConfigDict(extra="ignore")

    account: str = ""
    q: str = ""
    queue: str = ""
    language: str = ""
    standing: str = ""
    order: str = "title"
    page: str = ""

    @property
    def number(self) -> int:
        return page_number(self.page)

    def address(self, **other: str) -> str:
        fields = self.model_dump() | other
        given = {name: value for name, value in fields.items() if value and (name, value) != ("order", "title")}
        return f"/answers?{urlencode(given)}" if given else "/answers"
