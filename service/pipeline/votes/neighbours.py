"""The voter that looks at the nearest confirmed messages."""

from service.domain.candidates import Candidates
from service.domain.votes import Evidence, Vote
from service.learning.nearest import NEIGHBOURS, shares

SHOWN_CHARS = 200


def vote(candidates: Candidates) -> Vote:
    """Each near message speaks for its queue; abstains where none is near. Evidence: the nearest few.

    Its margin is the similarity of the nearest.
    """
    nearest = candidates.neighbours[:NEIGHBOURS]
    return Vote(
        voter="neighbours",
        scores=shares((one.queue, one.similarity) for one in nearest),
        evidence=tuple(
            Evidence(voter="neighbours", kind="example", text=one.text[:SHOWN_CHARS], queue=one.queue, ref=one.id)
            for one in nearest
            if one.similarity > 0
        ),
        margins=tuple(one.similarity for one in nearest[:1]),
    )
