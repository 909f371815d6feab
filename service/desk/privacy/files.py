"""Files that runs and jobs have left: what they say about a person is taken out of them."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from service.domain.message import Message, pseudonym_of
from service.pipeline.clean import address_of
from service.storage.privacy_lookup import names

LINES = {".jsonl"}
WHOLE = {".json", ".html", ".csv", ".txt", ".eml"}
"""A file of these that names the person goes as a whole: reports are made anew from what is left."""
NAMED_BY = ("external_id", "id", "custom_id")
_REF = re.compile(r'"ref": ?"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a person is known: the address, and ids of messages, ours and the caller's."""

    address: str
    ids: frozenset[str] = frozenset()

    def on(self, text: str) -> bool:
        """Whether a file of another kind than lines names the person."""
        if names(text, self.address):
            return True
        return any(f'"{name}"' in text or f">{name}<" in text for name in self.ids)

    def line(self, text: str) -> str | None:
        """What is left of a line of JSON: itself, the same without words of the person's, or nothing."""
        if names(text, self.address):
            return None
        said = _object(text)
        if said is None:
            return text
        if self._is_his(said):
            return None
        if any(ref in self.ids for ref in _REF.findall(text)):
            return json.dumps(without_quotes(said, self.ids), ensure_ascii=False)
        return text

    def _is_his(self, said: dict[str, Any]) -> bool:
        """By the pseudonym of a sender where a line has one, else by its ids."""
        labels = said.get("expected")
        pseudonym = labels.get("sender") if isinstance(labels, dict) else None
        if pseudonym and pseudonym == pseudonym_of(self.address):
            return True
        return any(said.get(name) in self.ids for name in NAMED_BY if said.get(name))

    def learned_from(self, paths: Iterable[Path]) -> "Marks":
        """With the ids of messages that only files know: results name a message by its id alone, and what was handed
        in says whose it is."""
        found = (name for path in paths if path.suffix in LINES for name in self._named_in(path))
        return replace(self, ids=self.ids | frozenset(found))

    def _named_in(self, path: Path) -> Iterator[str]:
        with path.open("rb") as file:
            for raw in file:
                line = raw.decode("utf-8", errors="surrogateescape")
                said = _object(line) if names(line, self.address) else None
                if said is not None and names(_writer(said), self.address):
                    yield from (str(said[name]) for name in NAMED_BY if said.get(name))


def _writer(said: dict[str, Any]) -> str:
    """Whom a message of a file is from."""
    if given := said.get("sender") or said.get("from"):
        return str(given)
    mail = said.get("body_format") == "mime" and isinstance(said.get("body"), str)
    return address_of(Message.model_construct(body=said["body"], body_format="mime")) if mail else ""


def _object(line: str) -> dict[str, Any] | None:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def without_quotes(value: Any, ids: frozenset[str]) -> Any:
    """The same without the words of evidence whose `ref` is one of these."""
    if isinstance(value, list):
        return [without_quotes(one, ids) for one in value]
    if not isinstance(value, dict):
        return value
    gone = value.get("ref") in ids and "text" in value
    return {name: without_quotes(one, ids) for name, one in value.items()} | ({"text": "", "ref": ""} if gone else {})


def files_in(folders: Iterable[Path], leave: Sequence[Path]) -> Iterator[Path]:
    """Those that may say something about a person. `leave` are folders of the program's own stores."""
    for folder in folders:
        found = [folder] if folder.is_file() else sorted(folder.rglob("*"))
        for path in found:
            if path.suffix in LINES | WHOLE and path.is_file() and not any(one in path.parents for one in leave):
                yield path


def count_in_files(paths: Iterable[Path], marks: Marks) -> dict[str, int]:
    return _counted(_change(path, marks, write=False) for path in paths)


def erase_from_files(paths: Iterable[Path], marks: Marks) -> dict[str, int]:
    """Each file is whole at any moment, as before or as after."""
    return _counted(_change(path, marks, write=True) for path in paths)


def _counted(changes: Iterable[tuple[int, int]]) -> dict[str, int]:
    told = list(changes)
    return {"file_lines": sum(lines for lines, _ in told), "files": sum(files for _, files in told)}


def _change(path: Path, marks: Marks, write: bool) -> tuple[int, int]:
    """How many lines and whole files go."""
    if path.suffix in WHOLE:
        named = marks.on(path.read_text("utf-8", errors="surrogateescape"))
        if named and write:
            path.unlink()
        return 0, int(named)
    changed = sum(after != before for before, after in _lines(path, marks))
    if changed and write:
        draft = path.with_name(f".{path.name}.part")
        with draft.open("wb") as out:
            out.writelines(after for _, after in _lines(path, marks))
        draft.chmod(path.stat().st_mode)
        draft.replace(path)
    return changed, 0


def _lines(path: Path, marks: Marks) -> Iterator[tuple[bytes, bytes]]:
    """Each line as it is, and as it will be. Runs may be longer than memory."""
    with path.open("rb") as file:
        for raw in file:
            line = raw.decode("utf-8", errors="surrogateescape")
            left = marks.line(line)
            if left is None or left == line:
                yield raw, b"" if left is None else raw
            else:
                yield raw, f"{left}\n".encode("utf-8", errors="surrogateescape")
