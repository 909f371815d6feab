"""An edition's files as forms: what somebody typed is kept, merged with what another typed meanwhile, and checked."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from service.desk.playbooks.editions import Editions
from service.domain.edition import Edited, Edition
from service.errors import FieldProblem, MissingError, RefusedError
from service.playbooks.example_files import is_examples
from service.playbooks.form import Placed, form_of, new_queue, placed, with_form
from service.playbooks.merge import Conflict, merge
from service.playbooks.mistakes import Mistake
from service.playbooks.reading import check
from service.playbooks.sheets import ANSWERS, is_queue

Form = Mapping[str, str]
MOST_CHARS = 2_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of an edition. `base` is the form of the version it comes from, empty for a file that is new; `seen`
    names the text as it stands."""

    file: str
    form: Form
    base: Form
    seen: str
    mistakes: Sequence[Placed]
    elsewhere: Sequence[Mistake] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of what was typed. Of `conflicts` the other's text was kept: `ours` is what could not be."""

    edition: Edition
    sheet: Sheet
    conflicts: Sequence[Conflict] = ()


class Editing:
    def __init__(self, editions: Editions) -> None:
        self._editions = editions

    async def sheet(self, edited: Edited, file: str, language: str) -> Sheet:
        """Raises MissingError for a file that the edition does not have."""
        text = edited.files.get(file)
        if text is None:
            raise MissingError(f"There is no {file}.")
        mistakes = await self.mistakes(edited, language, file)
        base = form_of(file, edited.base_files[file]) if file in edited.base_files else {}
        own = [placed(file, text, one) for one in mistakes if one.file == file]
        return Sheet(file, form_of(file, text), base, _name(text), own, [one for one in mistakes if one.file != file])

    async def mistakes(self, edited: Edited, language: str, file: str = "") -> Sequence[Mistake]:
        """Of the edition. Examples that nobody changed are not read again, unless they may be what is wrong; nor are
        any while another file is worked on."""
        whole = not file and edited.version is None
        changed = edited.edition.changes if not file else (file,)
        files = {
            name: text
            for name, text in edited.files.items()
            if name != ANSWERS and (whole or not is_examples(name) or name in changed)
        }
        return await asyncio.to_thread(check, files, language)

    async def keep(
        self, edition_id: str, file: str, now: Form, was: Form, by: str, language: str, seen: str = ""
    ) -> Kept:
        """Keeps what was typed into a form that showed `was`, or the text that was `seen`. Raises MissingError,
        ConflictError, RefusedError."""
        if sum(map(len, now.values())) > MOST_CHARS:
            raise RefusedError("The text is too long.", (FieldProblem("text", f"at most {MOST_CHARS} characters"),))
        edited = await self._editions.texts(await self._editions.find(edition_id))
        text = edited.files.get(file)
        if text is None:
            raise MissingError(f"There is no {file}.")
        older = edited.base_files.get(file, text) if seen and seen != _name(text) else text
        shown = with_form(file, older, was)
        sides = ({file: shown}, {file: with_form(file, shown, now)}, {file: text})
        conflicts = merge(*sides).conflicts
        merged = merge(*sides, {one.key: "theirs" for one in conflicts})
        edition = await self._editions.save(edition_id, {file: merged.files[file]}, by)
        sheet = await self.sheet(await self._editions.texts(edition), file, language)
        return Kept(edition, sheet, conflicts)

    async def add_queue(self, edition_id: str, queue: str, label: str, by: str) -> str:
        """The new file's name. Raises RefusedError for a name that cannot be one, or is one already."""
        edited = await self._editions.texts(await self._editions.find(edition_id))
        file = f"queues/{queue}.yaml"
        if not queue.isascii() or not queue.isidentifier() or queue != queue.lower() or file in edited.files:
            problem = FieldProblem("queue", "lower case letters, digits and _; no queue has it yet", "queue_name")
            raise RefusedError(f"{queue!r} cannot be a new queue's id.", (problem,))
        await self._editions.save(edition_id, {file: new_queue(queue, label.strip() or queue)}, by)
        return file

    async def remove_queue(self, edition_id: str, file: str, by: str) -> None:
        """Its examples go with it."""
        examples = f"examples/{file.removeprefix('queues/').removesuffix('.yaml')}.txt"
        if is_queue(file):
            await self._editions.save(edition_id, {file: None, examples: None}, by)

    async def undo(self, edition_id: str, file: str, by: str) -> None:
        """The file as it is in the version that the edition comes from."""
        edited = await self._editions.texts(await self._editions.find(edition_id))
        await self._editions.save(edition_id, {file: edited.base_files.get(file)}, by)


def _name(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
