"""How much a message may look like a queue that must not be missed, and still be routed to another.

The share of such a queue's messages that are routed elsewhere never falls as the ceiling rises. So the highest
ceiling whose upper confidence bound is accepted keeps its promise with that confidence: Bates, Angelopoulos,
Lei, Malik and Jordan, "Distribution-free, risk-controlling prediction sets" (2021), the bound by Clopper and
Pearson (1934). It takes fewer messages to keep the promise on average over histories than with a certainty:
Angelopoulos, Bates, Fisch, Lei and Schuster, "Conformal risk control" (2022). Both hold as long as the queue's
confirmed messages resemble those to come.
"""

from dataclasses import dataclass
from math import floor
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from service.learning.promise import error_bound, fewest_for

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]
Support = Literal["certain", "average", "none"]

CEILINGS = 1 / (1 + np.exp(np.arange(7.0, -0.01, -0.1)))
"""That are tried, the strictest first: from one in a thousand to one in two, where the queue is the best itself."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A message goes to another queue without an advisor only where this queue's probability is below `ceiling`.

    `support`: whether the accepted share of missed messages holds with the certainty asked for, on average, or is
    a careful guess. `messages` of the queue were there to tell, `lacking` more are needed for the certainty;
    `missed` is the share of them that would have gone elsewhere. `held`: share of all messages kept back for it.
    """

    queue: str
    ceiling: float
    support: Support = "none"
    messages: int = 0
    lacking: int = 0
    missed: float = 0.0
    held: float = 0.0


def choose_guard(queue: str, likely: Array, own: Rows, elsewhere: Rows, accepted: float, certainty: float) -> Guard:
    """`likely`: the queue's probability for each message; `own`: whether it is the queue's; `elsewhere`: whether it
    would be routed to another one. All of it by voters that had not seen the message.

    Where the messages are too few to tell, none that was seen may be missed, and no message is routed elsewhere that
    is likelier to be the queue's than the share that is accepted.
    """
    count = int(own.sum())
    missed_at = [(float(at), int((own & elsewhere & (likely < at)).sum())) for at in CEILINGS]
    certain = [at for at, missed in missed_at if error_bound(missed, count, certainty) <= accepted]
    average = [at for at, missed in missed_at if (missed + 1) / (count + 1) <= accepted]
    guessed = [min(at, accepted) for at, missed in missed_at if not missed]
    support: Support = "certain" if certain else "average" if average else "none"
    chosen = max(certain or average or guessed or [float(CEILINGS[0])])
    ceiling = floor(10_000 * chosen) / 10_000
    return Guard(
        queue,
        ceiling,
        support,
        count,
        0 if certain else max(1, fewest_for(0, accepted, certainty) - count),
        round(float((elsewhere & (likely < ceiling))[own].mean()), 4) if count else 0.0,
        round(float((elsewhere & (likely >= ceiling)).mean()), 4) if len(likely) else 0.0,
    )
