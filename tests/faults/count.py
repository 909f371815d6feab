"""What came of all messages: nothing lost, nothing doubled."""

from collections import Counter
from dataclasses import astuple, dataclass

from sqlalchemy import text

from service.storage.database import Database
from tests.faults.stage import Stage

PARTS = """
SELECT m.id, m.state, (SELECT count(*) FROM triages t WHERE t.message_id = m.id),
  (SELECT count(*) FROM cases c WHERE c.message_id = m.id),
  (SELECT count(*) FROM deliveries d WHERE d.message_id = m.id AND d.kind = 'message.triaged'),
  (SELECT count(*) FROM events e WHERE e.subject = m.id AND e.kind = 'message_received'),
  (SELECT count(*) FROM events e WHERE e.subject = m.id AND e.kind = 'message_triaged')
FROM messages m
"""


@dataclass(frozen=True)
class Count:
    """`lost`: accepted, and not triaged or not told of. `doubled`: with more than one triage, case, delivery or event
    of its kind, or told under two ids. `repeated`: deliveries that came once more under the same id, which receivers
    leave out."""

    accepted: int = 0
    lost: int = 0
    doubled: int = 0
    repeated: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))


def counted(stage: Stage) -> Count:
    """Of what was accepted since the stage began anew."""
    database = Database(stage.settings.database)
    with database.reading() as transaction:
        rows = {row[0]: tuple(row[1:]) for row in transaction.execute(text(PARTS))}
    database.close()
    heard = [one for one in stage.receiver.heard if one.told["type"] == "message.triaged"]
    told = {(one.told["data"]["id"], one.id) for one in heard}
    ids_of = Counter(message_id for message_id, _ in told)
    accepted = {message_id for message_id, _ in stage.accepted.values()}
    whole = ("triaged", 1, 1, 1, 1, 1)
    lost = [one for one in accepted if one not in rows or rows[one][0] != "triaged" or not ids_of[one]]
    doubled = [one for one in accepted & rows.keys() if any(part > 1 for part in rows[one][1:]) or ids_of[one] > 1]
    broken = [one for one in accepted if one not in lost and one not in doubled and rows[one] != whole]
    return Count(
        accepted=len(accepted),
        lost=len(lost) + len(broken),
        doubled=len(doubled),
        repeated=sum(one.told["data"]["id"] in accepted for one in heard)
        - sum(message_id in accepted for message_id, _ in told),
    )
