"""HTML to text: one pass over the source, so that every character keeps its place in it.

Own tokenizer rather than a parser: html.parser and lxml lose the offsets of what they decode, and this
one reads broken, hostile or endless markup in linear time (docs/adr/0002-clean.md).
"""

import re
from html import unescape

from service.domain.limits import READ_CHARS
from service.pipeline.clean.hidden import DROPPED, RAW, VOID, Hiding
from service.pipeline.clean.layout import Layout
from service.pipeline.clean.readable import Readable
from service.pipeline.clean.tags import BLOCKS, CELLS, INLINE, LISTS, PARAGRAPHS, part_begun, quotes, tight

_HTML = re.compile(
    r"""(?P<text>[^<&]{1,20000})
    |<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:_-]*+)(?P<attributes>(?:[^>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|=)*+)>
    |(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?)
    |(?P<aside><!--|<[!?/])
    |(?P<other>[<&])""",
    re.VERBOSE,
)
# Known elements only: "<marie@example.org>" and "a < b" are words of the customer.
_REMNANTS = re.compile(
    rf"""(?P<text>[^<&]{{1,20000}})
    |<(?P<close>/?)(?P<name>(?:{"|".join(sorted(BLOCKS | CELLS | INLINE | RAW | DROPPED | {"br", "img"}))})(?![\w:@.-]))
     (?P<attributes>\s*/?|\s[^<>]{{0,2000}}=[^<>]{{0,2000}})>
    |(?P<entity>&(?:\#[0-9]{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z][a-zA-Z0-9]{{1,31}});)
    |(?P<aside><!--)
    |(?P<other>[<&])""",
    re.VERBOSE | re.IGNORECASE,
)
_DOCUMENT = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in RAW}
_COMMENT_END = re.compile(r"--!?>")
_ASIDE_END = re.compile(">")
_NEWLINE = re.compile(r"[ \t]*\r?\n")
_SPACES = str.maketrans("\u00a0\t", "  ")
_ATTRIBUTE_CHARS = 4_000
_MOST_TOKENS = 30_000
_MOST_CHARS = READ_CHARS + 1


def from_html(source: str) -> Readable:
    """The text that a reader of this HTML sees, its lists and tables kept as lines, bullets and tabs.

    Notes: `hidden_text` where words were hidden from the reader, `truncated` where reading stopped early.
    """
    return _Reader(source, _HTML).read()


def from_text(source: str) -> Readable:
    """Plain text, without the HTML that forms and mail programs left in it; its lines stay."""
    if _DOCUMENT.match(source):
        return from_html(source)
    reader = _Reader(source, _REMNANTS)
    reader.layout.preserve = 1
    return reader.read()


def has_remnants(source: str) -> bool:
    """Whether plain text holds anything that HTML left in it."""
    return any(found.lastgroup not in {"text", "other"} for found in _REMNANTS.finditer(source))


class _Reader:
    """One pass over a document. `_skipped` and `_unseen` are elements hidden wholly or in part, with their depth."""

    def __init__(self, source: str, token: re.Pattern[str]) -> None:
        self.source = source
        self.layout = Layout()
        self._token = token
        self._plain = token is _REMNANTS
        self._endless: set[re.Pattern[str]] = set()
        self._hiding = Hiding()
        self._notes: dict[str, None] = {}
        self._position = 0
        self._skipped_name, self._skipped_depth = "", 0
        self._unseen_name, self._unseen_depth = "", 0
        self._lists: list[int | None] = []
        self._rows: list[bool] = [True]
        self._blockquotes: list[bool] = []

    def read(self) -> Readable:
        end = len(self.source)
        for _ in range(_MOST_TOKENS):
            if self._position >= end or self.layout.written.length >= _MOST_CHARS:
                break
            found = self._token.match(self.source, self._position)
            assert found is not None, "the last alternatives take any character"  # noqa: S101
            self._position = found.end()
            self._take(found)
        if self._position < end and not self.source[self._position :].isspace():
            self._notes["truncated"] = None
        written = self.layout.written
        return Readable(written.text, written.alignment, tuple(self.layout.marks), tuple(self._notes))

    def _take(self, found: re.Match[str]) -> None:
        match found.lastgroup:
            case "text":
                self._text(found.start(), found.end())
            case "entity":
                self._entity(found)
            case "attributes":
                self._tag(found)
            case "aside":
                self._aside(found)
            case _ if not self._ends_in_a_tag(found):
                self._text(found.start(), found.end())

    def _text(self, start: int, end: int) -> None:
        if not self._skipped_name and not self._unseen_name:
            self.layout.text(self.source, start, end)
        elif self._skipped_name not in DROPPED and not self.source[start:end].isspace():
            self._notes["hidden_text"] = None

    def _entity(self, found: re.Match[str]) -> None:
        text = unescape(found.group())
        if text == found.group() or self._skipped_name or self._unseen_name:
            self._text(found.start(), found.end())
        else:
            self.layout.entity(text.translate(_SPACES), found.start(), found.end())

    def _aside(self, found: re.Match[str]) -> None:
        """Comments, declarations and processing instructions; one that never ends hides the rest."""
        ending = self._ending(_COMMENT_END if found.group() == "<!--" else _ASIDE_END, found.end())
        if ending:
            self._position = ending.end()
        elif self._plain:
            self._text(found.start(), found.end())
        else:
            self._position = len(self.source)

    def _ending(self, pattern: re.Pattern[str], start: int) -> re.Match[str] | None:
        """The pattern's next match; once there was none, none is looked for again."""
        found = None if pattern in self._endless else pattern.search(self.source, start)
        if found is None:
            self._endless.add(pattern)
        return found

    def _ends_in_a_tag(self, found: re.Match[str]) -> bool:
        """A tag that never ends hides the rest, as in a browser: so each scan to the end is the last one."""
        follows = self.source[found.end() : found.end() + 1]
        if self._plain or found.group() != "<" or not (follows.isascii() and follows.isalpha()):
            return False
        self._notes["truncated"] = None
        self._position = len(self.source)
        return True

    def _tag(self, found: re.Match[str]) -> None:
        name, attributes = found["name"].lower(), found["attributes"][:_ATTRIBUTE_CHARS]
        if self._skipped_name:
            self._pass_by(name, closing=bool(found["close"]))
            if self._skipped_name or found["close"]:
                return
        if found["close"]:
            self._seen_again(name, closing=True)
            self._close(name)
        elif name in RAW:
            self._raw(name)
        elif self._hiding.total(name, attributes) and name not in VOID:
            self._skipped_name, self._skipped_depth = name, 1
        else:
            self._see(name, attributes)
            self._open(name, attributes)

    def _pass_by(self, name: str, closing: bool) -> None:
        """Follows the depth of the hidden element; a paragraph also ends where any block begins or ends."""
        if self._skipped_name == "p" and name in BLOCKS:
            self._skipped_name = ""
        elif name == self._skipped_name:
            self._skipped_depth += -1 if closing else 1
            if not self._skipped_depth:
                self._skipped_name = ""

    def _see(self, name: str, attributes: str) -> None:
        """Follows letters that cannot be seen: tiny or white ones."""
        if self._unseen_name and self._hiding.shows_again(attributes):
            self._unseen_name = ""
        self._seen_again(name, closing=False)
        if not self._unseen_name and name not in VOID and self._hiding.partial(attributes):
            self._unseen_name, self._unseen_depth = name, 1

    def _seen_again(self, name: str, closing: bool) -> None:
        if name == self._unseen_name:
            self._unseen_depth += -1 if closing else 1
            if not self._unseen_depth:
                self._unseen_name = ""

    def _raw(self, name: str) -> None:
        ending = self._ending(_RAW_END[name], self._position)
        end = ending.start() if ending else len(self.source)
        if name == "style":
            self._hiding.learn(self.source[self._position : end])
        if ending or not self._plain:
            self._position = end

    def _open(self, name: str, attributes: str) -> None:
        if name == "br":
            self._br()
        elif name in CELLS:
            self.layout.cell(first=self._rows[-1])
            self._rows[-1] = False
        elif name == "li":
            self._item()
        elif name in BLOCKS:
            self._block(name, attributes)
        if attributes and (kind := part_begun(attributes)):
            self.layout.mark(kind)

    def _br(self) -> None:
        self.layout.line_break()
        if self._plain and (newline := _NEWLINE.match(self.source, self._position)):
            self._position = newline.end()

    def _item(self) -> None:
        number = self._lists[-1] if self._lists else None
        if number is None:
            self.layout.bullet("- ")
        else:
            self._lists[-1] = number + 1
            self.layout.bullet(f"{number + 1}. ")

    def _block(self, name: str, attributes: str) -> None:
        self.layout.block(2 if name in PARAGRAPHS and not tight(attributes) else 1)
        if name in LISTS:
            self._lists.append(0 if name == "ol" else None)
        elif name == "table":
            self._rows.append(True)
        elif name == "tr":
            self._rows[-1] = True
        elif name == "pre":
            self.layout.preserve += 1
        elif name == "blockquote":
            self._blockquotes.append(quotes(attributes))
            self.layout.quotes += self._blockquotes[-1]

    def _close(self, name: str) -> None:
        if name in LISTS and self._lists:
            self._lists.pop()
        elif name == "table" and len(self._rows) > 1:
            self._rows.pop()
        elif name == "pre" and self.layout.preserve > self._plain:
            self.layout.preserve -= 1
        elif name == "blockquote" and self._blockquotes:
            self.layout.quotes -= self._blockquotes.pop()
        if name in BLOCKS:
            self.layout.block(2 if name in PARAGRAPHS and name != "p" else 1)
