"""What an audit sample says: agreement of its readers, and how often the program is right."""

from collections import Counter
from collections.abc import Sequence

from service.domain.audited import AuditItem, AuditResult, AuditSample, Figure
from service.learning.agreement import Share, kappa, share


def result_of(audit: AuditSample, items: Sequence[AuditItem]) -> AuditResult:
    """Some milliseconds, and about a second for the interval of kappa: to be run in a thread."""
    both = [one for one in items if one.labels.keys() >= {1, 2}]
    known = [one for one in items if one.truth is not None]
    agreed = kappa([one.labels[1] for one in both], [one.labels[2] for one in both], [one.sender for one in both])
    settled = sum(one.disputed and one.truth is not None for one in items)
    return AuditResult(
        sampled=len(items),
        labelled=(sum(1 in one.labels for one in items), sum(2 in one.labels for one in items)),
        both=len(both),
        disputed=sum(one.disputed for one in items),
        settled=settled,
        known=len(known),
        provisional=len(known) < len(items),
        same=agreed.same,
        kappa=agreed.kappa,
        kappa_interval=(agreed.interval.low, agreed.interval.high) if agreed.interval else None,
        accuracy=_figure(audit, known),
        routed=_figure(audit, [one for one in known if one.outcome == "routed"]),
        by_stratum=_by_stratum(known),
    )


def _figure(audit: AuditSample, known: Sequence[AuditItem]) -> Figure | None:
    """Each message stands for as many of its stratum as there are to each that is known; in a simple sample for one."""
    drawn = Counter(one.stratum for one in known)
    simple = audit.method == "simple"
    weights = [1.0 if simple else audit.strata[one.stratum] / drawn[one.stratum] for one in known]
    found = share([one.truth == one.queue for one in known], weights, [one.sender for one in known])
    return _told(found) if found else None


def _told(found: Share) -> Figure:
    interval = (found.interval.low, found.interval.high)
    return Figure(n=found.n, right=found.right, share=found.share, interval=interval, effective=found.effective)


def _by_stratum(known: Sequence[AuditItem]) -> dict[str, tuple[int, int]]:
    drawn = Counter(one.stratum for one in known)
    right = Counter(one.stratum for one in known if one.truth == one.queue)
    return {name: (right[name], drawn[name]) for name in sorted(drawn)}
