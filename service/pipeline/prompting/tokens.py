"""Counts tokens, always offline."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import tiktoken

from service.domain.redacted import RedactedText

VOCABULARIES = {
    "o200k_base": (
        "fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k_base": (
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
    "p50k_base": (
        "ec7223a39ce59f226a68acc30dc1af2788490e15",
        "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
    ),
}
"""Encoding to the file name that tiktoken looks for, and the SHA-256 of that file. All of them are provided,
also those that we do not count in: litellm counts in them for some providers, and tiktoken goes online for
a file that it does not find."""

_SHIPPED = Path("litellm_core_utils") / "tokenizers"
_REMEMBERED = 2_048
_MARK = " […] "


class TokenCounter:
    """Counts in one encoding. Other models' tokenizers differ by some per cent: callers keep a margin.

    Vocabularies are copied once from the installed litellm into `folder`, because tiktoken deletes a
    file that it does not like and then goes online. Loading takes about half a second; construct it once.
    Raises RuntimeError where no sound vocabulary is installed.
    """

    def __init__(self, folder: Path, encoding: str = "o200k_base") -> None:
        for name, digest in VOCABULARIES.values():
            _provide(folder, name, digest)
        os.environ["TIKTOKEN_CACHE_DIR"] = os.environ["CUSTOM_TIKTOKEN_CACHE_DIR"] = str(folder)
        self._encoding = tiktoken.get_encoding(encoding)
        self._encoding._mergeable_ranks.clear()  # the 27 MB that it was built from, which only copying it would need
        self.size_known = lru_cache(maxsize=_REMEMBERED)(self._size)

    def count(self, text: str) -> int:
        """Tokens of a text; what looks like a control token counts as the text that it is."""
        return len(self._encode(text))

    def most(self, text: str, known: Iterable[str]) -> int:
        """No fewer than the tokens of `text`, which holds the `known` texts: those are counted once and
        remembered, of the rest each byte counts as a token. Several times faster than counting."""
        sizes = [self.size_known(piece) for piece in known]
        rest = len(text.encode("utf-8", "replace")) - sum(length for _, length in sizes)
        return rest + sum(tokens for tokens, _ in sizes)

    def _size(self, text: str) -> tuple[int, int]:
        """Tokens and bytes."""
        return self.count(text), len(text.encode("utf-8", "replace"))

    def head(self, text: RedactedText, tokens: int) -> RedactedText:
        """The beginning of a text, at most so many tokens, ending between two words where it can."""
        return RedactedText(self._end_of(text, self._encode(text), tokens, from_start=True))

    def middle_out(self, text: RedactedText, tokens: int) -> RedactedText:
        """The text without its middle, at most so many tokens: three fifths of them its head, the rest its tail."""
        encoded = self._encode(text)
        if len(encoded) <= tokens:
            return text
        room = tokens - self.size_known(_MARK)[0] - 2
        if room < 2:
            return RedactedText(self._end_of(text, encoded, tokens, from_start=True))
        first = self._end_of(text, encoded, room * 3 // 5, from_start=True)
        last = self._end_of(text, encoded, room - room * 3 // 5, from_start=False)
        return RedactedText(f"{first}{_MARK}{last}")

    def _end_of(self, text: str, encoded: list[int], tokens: int, *, from_start: bool) -> str:
        if len(encoded) <= tokens:
            return text
        for size in range(tokens, 0, -1):
            kept = encoded[:size] if from_start else encoded[-size:]
            cut = _at_word(self._encoding.decode(kept, errors="ignore"), from_start)
            if self.count(cut) <= tokens:
                return cut
        return ""

    def _encode(self, text: str) -> list[int]:
        return self._encoding.encode(text, disallowed_special=())


def _at_word(cut: str, from_start: bool) -> str:
    """Without the broken word at the cut, unless that would cost a quarter of it."""
    if from_start:
        space = max(cut.rfind(" "), cut.rfind("\n"))
        return cut[:space] if space > len(cut) * 3 // 4 else cut
    spaces = [at for at in (cut.find(" "), cut.find("\n")) if at >= 0]
    return cut[min(spaces) + 1 :] if spaces and min(spaces) < len(cut) // 4 else cut


def _provide(folder: Path, name: str, digest: str) -> None:
    target = folder / name
    if target.is_file() and _digest(target) == digest:
        return
    spec = find_spec("litellm")  # finds the folder without importing the package
    roots = (spec.submodule_search_locations or ()) if spec else ()
    shipped = [Path(root) / _SHIPPED / name for root in roots]
    source = next((path for path in shipped if path.is_file() and _digest(path) == digest), None)
    if source is None:
        raise RuntimeError("litellm is installed without its token vocabulary: reinstall it with `make setup`.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as copy:
        copy.write(source.read_bytes())
    Path(copy.name).replace(target)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
