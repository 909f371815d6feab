"""What a sender's HTML hides from the person who reads it. It must never become the customer's words."""

import re
from functools import lru_cache

DROPPED = frozenset(
    {"applet", "audio", "canvas", "datalist", "map", "math", "noscript", "object", "select", "svg", "template", "video"}
)
"""Elements whose content is not text of the message."""

RAW = frozenset({"iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"})
"""Elements whose content is no markup: it ends at the closing tag only."""

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)

_SUSPECT = re.compile(r"hid|none|font-size|opacity|color|indent|left|height|class", re.IGNORECASE)
# Nothing is given back: a run of spaces takes a time that grows with its square otherwise.
_STYLE = re.compile(
    r"""(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all
    |opacity\s*:\s*+0*+(?:\.0++)?\s*+(?:[;"'!]|$)
    |(?:text-indent|left|top)\s*:\s*-\d{3,}
    |max-height\s*:\s*0(?:px)?\s*(?:[;"'!]|$))""",
    re.IGNORECASE | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""(?:^|[\s"'/])hidden(?=\s|/|=|$)""", re.IGNORECASE)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_TINY = re.compile(
    r"""font-size\s*:\s*+(?:0*(?:\.0+)?(?:px|pt|r?em|%)?|[01](?:\.\d+)?(?:px|pt))\s*+(?:[;"'!]|$)""", re.IGNORECASE
)
_SIZED = re.compile(r"font-size\s*:", re.IGNORECASE)
_PALE = re.compile(
    r"""(?<![-\w])color\s*[:=]\s*+["']?\s*+(?:\#fff(?:fff)?\b|white\b|transparent\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))""",
    re.IGNORECASE,
)
_COLOURED = re.compile(r"(?<![-\w])color\s*[:=]", re.IGNORECASE)
# Pale letters can be read on any but a pale one.
_BACKGROUND = re.compile(
    r"""(?:background(?:-\w+)?|bgcolor)\s*+[:=]\s*+["']?+\s*+
    (?!\#fff(?:fff)?\b|(?:white|none|transparent|initial|inherit)\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))""",
    re.IGNORECASE | re.VERBOSE,
)
_CLASS = re.compile(r"""\bclass\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CLASS_NAME = re.compile(r"\.([\w-]+)\s*(?=,|$)")
_STYLE_CHARS = 50_000


@lru_cache(maxsize=500)
def _hides(attributes: str) -> bool:
    if _STYLE.search(attributes):
        return True
    return "hidden" in attributes.lower() and bool(_ATTRIBUTE.search(_QUOTED.sub('""', attributes)))


@lru_cache(maxsize=500)
def _tiny(attributes: str) -> bool:
    return _TINY.search(attributes) is not None


@lru_cache(maxsize=500)
def _pale(attributes: str) -> bool:
    return _PALE.search(attributes) is not None


class Hiding:
    """Follows which elements are hidden while a document is read.

    `total` hidden elements hide all that they hold; `partial` ones (tiny or white letters) until an
    element inside sets the size or the colour anew, as newsletters do.
    """

    __slots__ = ("_classes", "_dark")

    def __init__(self) -> None:
        self._classes: set[str] = set()
        self._dark = False

    def learn(self, stylesheet: str) -> None:
        """Takes note of the classes that a style sheet hides."""
        for rule in stylesheet[:_STYLE_CHARS].split("}"):
            selectors, _, properties = rule.rpartition("{")
            if _INVISIBLE.search(properties):
                self._classes.update(_CLASS_NAME.findall(selectors.rpartition("{")[2].strip()))

    def total(self, name: str, attributes: str) -> bool:
        """Whether an element is hidden with all that it holds."""
        if name in DROPPED:
            return True
        if not attributes or not _SUSPECT.search(attributes):
            return False
        return _hides(attributes) or self._by_class(attributes)

    def partial(self, attributes: str) -> bool:
        """Whether an element's own letters cannot be seen."""
        if _BACKGROUND.search(attributes):
            self._dark = True
        return bool(attributes) and (_tiny(attributes) or (not self._dark and _pale(attributes)))

    @staticmethod
    def shows_again(attributes: str) -> bool:
        """Whether an element sets size or colour anew."""
        return bool(_SIZED.search(attributes) or _COLOURED.search(attributes))

    def _by_class(self, attributes: str) -> bool:
        if not self._classes or (found := _CLASS.search(attributes)) is None:
            return False
        names = next(group for group in (*found.groups(), "") if group is not None)
        return not self._classes.isdisjoint(names.split())
