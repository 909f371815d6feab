"""What a prompt says about one message, chosen and in order of use; the prompter decides how much of it fits."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from service.domain.candidates import Candidates, Neighbour, ScoredAnswer
from service.domain.cleaned import Part
from service.domain.redacted import Redacted, RedactedText, together
from service.domain.votes import Vote
from service.pipeline.prompting.fence import disarm, plain
from service.playbooks.matcher import Hit

MOST_ANSWERS = 6
MOST_EXAMPLES = 6
MOST_HITS = 12
MOST_HINTS = 3
_OWN = frozenset({Part.GREETING, Part.BODY, Part.CLOSING, Part.SIGNATURE})
_QUOTED = frozenset({Part.QUOTE, Part.FORWARDED, Part.ATTACHED})


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that may go into one prompt; each list is in the order in which it is kept longest."""

    subject: RedactedText
    own: RedactedText
    quoted: RedactedText
    answers: tuple[ScoredAnswer, ...]
    examples: tuple[Neighbour, ...]
    hints: tuple[str, ...]
    hits: tuple[tuple[str, str], ...]

    def fewer_examples(self) -> "Material":
        return replace(self, examples=self.examples[:-1])

    def fewer_answers(self) -> "Material":
        return replace(self, answers=self.answers[:-1])


def gather(
    redacted: Redacted, candidates: Candidates, votes: Sequence[Vote], hits: Sequence[Hit], queue: str | None
) -> Material:
    """For a draft, whose `queue` is decided, its canned answers go first and nothing is said of other queues."""
    hints = () if queue else likely(votes)
    own, quoted = words(redacted)
    return Material(
        subject=plain(RedactedText(" ".join(redacted.subject.split()))),
        own=own,
        quoted=quoted,
        answers=tuple(sorted(candidates.answers, key=lambda scored: scored.answer.queue != queue))[:MOST_ANSWERS],
        examples=() if queue else telling(candidates.neighbours, hints),
        hints=hints,
        hits=() if queue else grouped(hits),
    )


def words(redacted: Redacted) -> tuple[RedactedText, RedactedText]:
    """The customer's own words with greeting and signature (they tell a professional from a member), and the
    rest that he quotes or attaches. Where he wrote nothing himself, what he forwards is his message."""
    text = disarm(redacted.text, redacted.alignment)
    parts = {segment.part for segment in redacted.segments}
    own = _OWN if Part.BODY in parts else _OWN | ({Part.FORWARDED} if Part.FORWARDED in parts else {Part.QUOTE})

    def joined(wanted: frozenset[Part]) -> RedactedText:
        pieces = (RedactedText(text[s.start : s.end].strip()) for s in redacted.segments if s.part in wanted)
        return plain(together(*(piece for piece in pieces if piece)))

    return joined(own), joined(_QUOTED - own)


def likely(votes: Sequence[Vote]) -> tuple[str, ...]:
    """The queues that the local voters find likeliest together, best first."""
    totals: Counter[str] = Counter()
    for vote in votes:
        totals.update({queue: score for queue, score in vote.scores.items() if score > 0})
    return tuple(sorted(totals, key=lambda queue: (-totals[queue], queue))[:MOST_HINTS])


def telling(neighbours: Sequence[Neighbour], hints: Sequence[str]) -> tuple[Neighbour, ...]:
    """The examples that tell the competing queues apart: the nearest of each in turn, then the rest by nearness."""
    by_queue: dict[str, list[Neighbour]] = defaultdict(list)
    for neighbour in neighbours:
        by_queue[neighbour.queue].append(neighbour)
    rivals = [by_queue.pop(queue) for queue in hints if queue in by_queue]
    in_turn = (neighbour for row in zip_longest(*rivals) for neighbour in row if neighbour is not None)
    others = (neighbour for neighbour in neighbours if neighbour.queue in by_queue)
    return tuple([*in_turn, *others][:MOST_EXAMPLES])


def grouped(hits: Sequence[Hit]) -> tuple[tuple[str, str], ...]:
    """Each queue or flag with its keywords that occur, those of most weight first."""
    strongest = sorted((hit for hit in hits if hit.weight > 0), key=lambda hit: -hit.weight)[:MOST_HITS]
    return tuple((owner, ", ".join(_of(owner, strongest))) for owner in dict.fromkeys(hit.owner for hit in strongest))


def _of(owner: str, hits: Iterable[Hit]) -> list[str]:
    return [hit.expression for hit in hits if hit.owner == owner]
