"""Files that runs and jobs have left: what they say about a person is taken out of them."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LINES = {".jsonl"}
WHOLE = {".json", ".html", ".csv", ".txt", ".eml"}
"""A file of these that names the person goes as a whole: reports are made anew from what is left."""
_REF = re.compile(r'"ref": ?"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a person is known: the address, and ids of messages, ours and the caller's."""

    address: str
    ids: frozenset[str] = frozenset()

    def on(self, text: str) -> bool:
        """Whether a file of another kind than lines names the person."""
        if self.address and self.address.casefold() in text.casefold():
            return True
        return any(f'"{name}"' in text or f">{name}<" in text for name in self.ids)

    def line(self, text: str) -> str | None:
        """What is left of a line of JSON: itself, the same without words of the person's, or nothing."""
        if self.address and self.address.casefold() in text.casefold():
            return None
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return text
        if not isinstance(said, dict):
            return text
        if any(said.get(name) in self.ids for name in ("external_id", "id", "custom_id") if said.get(name)):
            return None
        if any(ref in self.ids for ref in _REF.findall(text)):
            return json.dumps(without_quotes(said, self.ids), ensure_ascii=False)
        return text


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
    text = path.read_text("utf-8", errors="surrogateescape")
    if path.suffix in WHOLE:
        if not marks.on(text):
            return 0, 0
        if write:
            path.unlink()
        return 0, 1
    lines = text.splitlines(keepends=True)
    left = [marks.line(line) for line in lines]
    changed = sum(after != before for before, after in zip(lines, left, strict=True))
    if changed and write:
        draft = path.with_name(f".{path.name}.part")
        kept = (line if line.endswith("\n") else f"{line}\n" for line in left if line is not None)
        draft.write_text("".join(kept), "utf-8", errors="surrogateescape")
        draft.replace(path)
    return changed, 0
