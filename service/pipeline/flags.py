"""Which flags are up: by text and keywords together, with what came before, or by a model's word."""

from collections.abc import Iterator, Mapping
from math import expm1

from service.domain.playbook import Playbook
from service.domain.votes import Vote
from service.learning.fit_signals import FLAG_PRIOR
from service.learning.learned import Learned
from service.learning.signals import Signal, log_odds
from service.pipeline.fusion import SURE
from service.pipeline.votes.keywords import FLAG_TEMPERATURE
from service.playbooks.rules import STRONG

SAID = 2.5
"""Log-odds that a model's word adds to what text and keywords say: as of one that raises a flag twelve times oftener
where it is right. Believed outright, a model that is wrong about three messages in a hundred would spoil more flags
than it finds: each of them is rare (docs/routing.md)."""
DECIDES = -expm1(-STRONG / FLAG_TEMPERATURE)
"""What keywords say whose weights sum to that of one that decides alone."""


def flags_up(
    by_voter: Mapping[str, Vote], playbook: Playbook, learned: Learned | None, language: str | None
) -> tuple[str, ...]:
    """In the playbook's order. `language` is the message's, None for the account's own. One that must not be missed is
    up where its keywords decide, whatever the text says: of words that no message has shown yet only they know. A
    model's word is weighed against the text where people have taught it, and believed where the text can say little."""
    by_text = by_voter["classifier"].flags if "classifier" in by_voter else {}
    by_keyword = by_voter["keywords"].flags if "keywords" in by_voter else {}
    by_history = by_voter["history"].flags if "history" in by_voter else {}
    by_model = by_voter["model"].flags if "model" in by_voter else {}
    foreign = language not in (None, playbook.language)
    known = dict(zip(learned.flags, learned.flag_signals, strict=True)) if learned else {}
    raised = []
    for flag in playbook.flags:
        given = (log_odds(by_text.get(flag.id, 0.0)), by_keyword.get(flag.id, 0.0))
        before = log_odds(by_history[flag.id]) if flag.id in by_history else 0.0
        surest = max(_beyond(one, given) for one in _heard(known.get(flag.id), given[1], foreign=foreign))
        said = by_model.get(flag.id, 0.0) >= SURE
        weighed = not foreign and "classifier" in by_voter and known.get(flag.id, FLAG_PRIOR) != FLAG_PRIOR
        decided = (flag.must_not_miss and given[1] >= DECIDES) or (said and not weighed)
        if decided or surest + before + SAID * said >= 0:
            raised.append(flag.id)
    return tuple(raised)


def _heard(learned: Signal | None, keywords: float, *, foreign: bool) -> Iterator[Signal]:
    """History tells how far text and keywords are to be believed in the account's own language, in which nearly all
    of it is written. Of another one the text says little either way, so keywords count as they do without history."""
    if learned is None or (foreign and keywords > 0):
        yield FLAG_PRIOR
    if learned is not None:
        yield learned


def _beyond(signal: Signal, given: tuple[float, float]) -> float:
    """Log-odds above those from which the flag is up."""
    return log_odds(signal(given)) - log_odds(signal.threshold)
