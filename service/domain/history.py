"""What the same sender wrote before, or whoever wrote about the same file, that nobody has answered yet."""

from pydantic import AwareDatetime, Field

from service.domain.value import Value


class Earlier(Value):
    """An earlier message. `queue` is None where it is not known; `same_file`: it names the same file number."""

    at: AwareDatetime = Field(strict=False)
    queue: str | None = None
    same_file: bool = False
