"""What pages say: sentences by name, moments and spans of time as people write them, refusals in their words."""

import re
from datetime import datetime, timedelta

from service.domain.moment import PARIS, in_utc
from service.errors import AiguilleurError, ConflictError, MissingError, RefusedError, UnavailableError
from service.phrases import Phrases

FAMILIES = {
    MissingError: "missing",
    ConflictError: "conflict",
    RefusedError: "refused",
    UnavailableError: "unavailable",
}


GAP = "\u2063"
PROCESS = re.compile(r"[\w.-]+:\d+(?::[0-9a-f]+)?")
"""What a process calls itself: its machine and number."""


class Words:
    """The sentences of `prompts/phrases/web.<language>.yaml`, called without their `web.`."""

    def __init__(self, phrases: Phrases, language: str, now: datetime) -> None:
        self._phrases = phrases
        self.language = language
        self._now = now

    def __call__(self, name: str, **values: object) -> str:
        """Raises KeyError for a name that is not there."""
        return self._phrases(f"web.{name}", **values)

    def around(self, name: str, **values: object) -> tuple[str, str]:
        """What a sentence says before and after its `$said`, which the page marks as somebody's words."""
        before, _, after = self(name, said=GAP, **values).partition(GAP)
        return before, after

    def maybe(self, name: str, otherwise: str = "") -> str:
        """The sentence of a code that may be newer than the sentences."""
        return self._phrases(f"web.{name}") if f"web.{name}" in self._phrases else otherwise

    def who(self, name: str) -> str:
        """A person's name; of what the program itself did, which part of it or when."""
        process = PROCESS.fullmatch(name) is not None
        return self("who.program") if process else self.maybe(f"who.{name.replace(' ', '_')}", name)

    def note(self, code: str) -> str:
        """What could not be read of a message, or what answered from a fallback."""
        return self._other(f"card.note.{code}", code)

    def flag(self, code: str) -> str:
        return self._other(f"card.flag.{code}", code)

    def evidence(self, kind: str) -> str:
        return self._other(f"card.kind.{kind}", kind)

    def _other(self, name: str, otherwise: str) -> str:
        return self._phrases(name) if name in self._phrases else otherwise

    def moment(self, at: datetime) -> str:
        """In Paris; a moment that no calendar there has, in UTC."""
        try:
            there = at.astimezone(PARIS)
        except OverflowError:
            there = in_utc(at)
        return there.strftime(self("format.moment"))

    def span(self, seconds: float) -> str:
        """A length of time to the next smaller unit, never below a minute."""
        minutes = max(1, int(abs(seconds) // 60))
        if minutes < 60:
            return self("span.minutes", n=minutes)
        if minutes < 48 * 60:
            return self("span.hours", n=minutes // 60)
        return self("span.days", n=minutes // (24 * 60))

    def seconds(self, seconds: int) -> str:
        return self("span.seconds", n=seconds) if seconds < 60 else self.span(seconds)

    def due(self, at: datetime) -> str:
        """`dans 3 h`, or `en retard de 3 h`."""
        left = (at - self._now).total_seconds()
        return self("due.late" if left < 0 else "due.left", span=self.span(left))

    def age(self, since: datetime) -> str:
        """How long a message waits that nothing is promised for yet."""
        return self("due.since", span=self.span((self._now - since).total_seconds()))

    def pressing(self, at: datetime | None) -> str:
        """How a clock looks: `late`, `soon` (two hours) or `calm`."""
        if at is None:
            return "calm"
        left = at - self._now
        return "late" if left < timedelta() else "soon" if left < timedelta(hours=2) else "calm"

    def refusal(self, error: AiguilleurError) -> list[str]:
        """What went wrong and how to mend it, a sentence each."""
        told = [self.maybe(f"problem.{problem.code}") for problem in error.problems if problem.code]
        family = next((name for kind, name in FAMILIES.items() if isinstance(error, kind)), "refused")
        return [sentence for sentence in told if sentence] or [self(f"problem.{family}")]
