"""What HTML elements mean for the lines of a text, and for the parts of a message."""

import re
from functools import lru_cache

from service.pipeline.clean.readable import MarkKind

PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"})
BLOCKS = PARAGRAPHS | frozenset(
    {
        *("address", "article", "aside", "body", "caption", "center", "dd", "details", "div", "dt", "fieldset"),
        *("figure", "footer", "form", "header", "hr", "html", "li", "main", "nav", "section", "summary"),
        *("tbody", "tfoot", "thead", "tr"),
    }
)
CELLS = frozenset({"td", "th"})
LISTS = frozenset({"ul", "ol"})
INLINE = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "big", "button", "cite", "code", "del", "em", "font", "i", "input", "ins"),
        *("kbd", "label", "link", "mark", "meta", "o:p", "q", "s", "samp", "small", "span", "strike", "strong"),
        *("sub", "sup", "tt", "u", "var", "wbr"),
    }
)

_CITED = re.compile(r"""type\s*=\s*["']?cite""", re.IGNORECASE)
_CLASSES = re.compile(r"""class\s*=\s*+["']?([^"'>]*+)""", re.IGNORECASE)
_TIGHT = re.compile(r"MsoNormal|MsoPlainText|margin\s*:\s*0", re.IGNORECASE)
_NAMES = re.compile(r"""\b(?:id|class)\s*=\s*+["']?([^"'>]*+)""", re.IGNORECASE)
_NAMED = re.compile(r"(quote|divRplyFwdMsg|OLK_SRC_BODY|zmail_extra)|signature", re.IGNORECASE)


def quotes(attributes: str) -> bool:
    """Whether a `<blockquote>` holds an earlier message, rather than an indented paragraph."""
    return bool(_CITED.search(attributes)) or any("quote" in found.lower() for found in _CLASSES.findall(attributes))


@lru_cache(maxsize=500)
def tight(attributes: str) -> bool:
    """Whether a paragraph is a plain line, as Outlook writes it."""
    return bool(_TIGHT.search(attributes))


@lru_cache(maxsize=500)
def part_begun(attributes: str) -> MarkKind | None:
    """The part that mail programs mark with an id or a class: an earlier message, or the signature."""
    for names in _NAMES.finditer(attributes):
        if found := _NAMED.search(names[1]):
            return "thread" if found[1] else "signature"
    return None
