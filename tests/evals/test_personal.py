"""What redaction finds in made-up hard messages, under another seed than the one that it was developed with."""

from functools import lru_cache

from evals.personal.__main__ import PARTS, table
from evals.personal.making import made
from evals.redaction import RedactionScore, count
from service.domain.confirmed import Confirmed
from service.pipeline.clean import clean
from service.pipeline.redact import redact
from service.playbooks import parse_playbook
from service.settings import REFERENCE

SEED = 20261122


@lru_cache(maxsize=1)
def scored() -> RedactionScore:
    playbook, total = parse_playbook(REFERENCE), RedactionScore()
    for at, case in enumerate(made(SEED)):
        message = case.message.model_copy(update={"external_id": f"{case.shape}-{at}"})
        labels = {label: kind for kind, label in case.personal}
        one = Confirmed(message=message, queue="none", pii=tuple(labels))
        count(total, one, *redact(clean(message), message, playbook), labels)
    return total


def test_hard_personal_data_of_every_kind_is_found() -> None:
    found = {kind: share.right / share.n for kind, share in scored().recall_by_kind.items()}
    assert len(found) == 10
    assert min(found.values()) >= 0.94, (found, scored().missed)
    assert (scored().recall.value or 0) >= 0.98


def test_what_only_looks_like_personal_data_stays() -> None:
    assert (scored().precision.value or 0) >= 0.99, scored().wrong
    assert [one for one in scored().wrong if one[0].startswith("near miss")] == []


def test_the_same_seed_makes_the_same_messages() -> None:
    assert [one.message.body for one in made(3)] == [one.message.body for one in made(3)]


def test_each_share_is_told_with_its_interval() -> None:
    lines = table({part: scored() for part in PARTS})
    whole = [line.split() for line in lines if line.endswith(f"/{scored().recall.n}")]
    assert len(whole) == len(PARTS)
    for told in whole:
        found, low, high = (float(one.strip("[],")) for one in told[-4:-1])
        assert low <= found <= high
