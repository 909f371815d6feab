"""What was put in or taken out of a clause that is its source's otherwise, where no word denies, turns round or ties:
a condition told as a fact, a relative clause or an addition that narrowed it left out, or one thing put for another."""

import re
from collections.abc import Iterator, Sequence, Set

from service.pipeline.check.conditions import bonds_in
from service.pipeline.check.edits import LITERAL, Aligned, Change, Edited, Word, edits, unfilled, weighs
from service.pipeline.check.meaning import meaning

_ALIKE, _KEPT = 0.6, 3
"""Share of what the clause says that its source says in the same order, and how many words of weight that are at
least, from which on it is that source touched up."""
_SETTLING = ("if", "exception", "only", "cause", "even", "deadline")
"""Bonds that tell a condition in another way."""
_TIED = 0.5
"""Share of what a condition ties on that the clause still says where it tells the condition as a fact."""
_NARROWS = 2
"""Words of weight, or a negation, at least, for what was left out to have narrowed the rest."""
_WHOLE = 0.8
"""Share of what the clause says that its source says, too, from which on one thing left out of two is missed."""
_AND = {"et", "and"}
_OR = ("ou", "or")
_LETTERS = 4
_CUT = re.compile(r"[,;:()]")


def touched(found: Sequence[Aligned], told: Set[str], known: Set[str]) -> Edited | None:
    """What was done to the source clause that a clause is but for a few words; None where none is, or nothing of the
    kind was done. `told`: what the draft says round the clause; `known`: all that its sources say."""
    best = max(found, key=lambda one: (one.kept, one.alike), default=None)
    if best is None or best.kept < _KEPT or best.alike < _ALIKE or best.literal < LITERAL:
        return None
    if _is_asserted(best) or any(_is_taken_out(change, best, told) for change in best.changes):
        return Edited("condition_lost", best.source)
    if any(_is_exchanged(change, known) for change in best.changes):
        return Edited("statement", best.source)
    return None


def _is_asserted(best: Aligned) -> bool:
    """Whether a condition is told as a fact: its word is gone, and what it tied on is not."""
    counted = bonds_in(best.clause)
    if any(counted[bond] for bond in _SETTLING) or edits().settled.search(best.clause.text):
        return False
    for change in best.changes:
        for word in change.removed:
            if meaning().bonds["if"].match(best.source.text, word.start):
                end = _CUT.search(best.source.text, word.end)
                tied = best.source.words_between(word.end, end.start() if end else len(best.source.text))
                if tied and sum(name in best.clause.tokens for name in tied) > _TIED * len(tied):
                    return True
    return False


def _is_narrower(change: Change, best: Aligned, told: Set[str]) -> bool:
    """Whether a relative clause without a comma, or an addition after one that says on what terms, was left out."""
    left = change.removed
    if not left or any(map(weighs, unfilled(change))):
        return False
    before = best.source.text[: left[0].start].rstrip()
    added = before.endswith(",")
    if not (edits().apart if added else edits().relative).match(best.source.text, left[0].start):
        return False
    names = [word.name for word in left if weighs(word)]
    narrowing = sum(" " not in name for name in names) + any(word.text in meaning().negations for word in left)
    return narrowing >= _NARROWS and sum(name in told for name in names) < _TIED * len(names)


def _is_taken_out(change: Change, best: Aligned, told: Set[str]) -> bool:
    if _is_narrower(change, best, told) or _is_settled(change):
        return True
    return _is_bared_fact(change, best, told) or (best.alike >= _WHOLE and _is_halved(change, best, told))


def _is_bared_fact(change: Change, best: Aligned, told: Set[str]) -> bool:
    """Whether a fact lost what says when it holds: "7 jours avec l'option", "45 minutes en moyenne"."""
    left = change.removed
    if not left or left[0].text not in edits().qualifying or any(map(weighs, unfilled(change))):
        return False
    before = best.source.text[: left[0].start].rstrip()
    after_fact = any(fact.end - best.source.start == len(before) for fact in best.source.facts)
    names = [word.name for word in left if weighs(word)]
    return after_fact and bool(names) and not any(name in told for name in names)


def _is_halved(change: Change, best: Aligned, told: Set[str]) -> bool:
    """Whether of two things, joined by "et" and named by a word or two, one was left out."""
    left = [word.text for word in change.removed]
    names = [word.name for word in change.removed if weighs(word)]
    if not 0 < len(names) <= _NARROWS or any(map(weighs, unfilled(change))) or any(name in told for name in names):
        return False
    if left[0] in _AND:
        joined = not best.source.text[: change.removed[0].start].rstrip().endswith(",")
        return joined and len(left) > 1 and left[1] in edits().articles
    return left[-1] in _AND or (left[-1] in edits().articles and left[-2] in _AND)


def _is_settled(change: Change) -> bool:
    """Whether of "notre accord ou notre refus" the refusal was left out."""
    left = change.removed
    return bool(left) and left[0].text in _OR and any(word.text.startswith(meaning().refusals) for word in left)


def _is_exchanged(change: Change, known: Set[str]) -> bool:
    """Whether a thing that no source speaks of stands where the source has another one: nouns, that is the words
    right after an article; verbs and adjectives have too many equals."""
    gone = [*_things(change.removed)]
    return bool(gone) and any(word.name.rstrip("!") not in known for word in _things(unfilled(change)))


def _things(said: Sequence[Word]) -> Iterator[Word]:
    before = ""
    for word in said:
        if before in edits().articles and weighs(word) and " " not in word.name and len(word.text) >= _LETTERS:
            yield word
        before = word.text
