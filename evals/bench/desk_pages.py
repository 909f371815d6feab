"""Every page of the workbench by its route, as those who lead open it; a test keeps the list whole."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

Paths = Mapping[str, Sequence[str]]
"""By what is opened."""

ADVISED = frozenset({"/", "/news", "/messages/{message_id}"})
"""What advisors open all day, measured apart."""

OUTSIDE = frozenset({"/sign-in", "/sign-in/company", "/sign-in/company/back", "/link/{secret}", "/static/{name}"})
"""Before anybody is in, and what no database stands behind."""

LED: Paths = {
    "/list": ("/list", "/list?stage=answered"),
    "/messages/{message_id}/answers": ("/messages/{message}/answers?asked=facture",),
    "/answers": ("/answers", "/answers?order=used", "/answers?q=facture"),
    "/answers/one/{answer_id}": ("/answers/one/{answer}",),
    "/answers/new": ("/answers/new?queue={queue}",),
    "/answers/propose": ("/answers/propose?answer={answer}",),
    "/answers/proposals": ("/answers/proposals",),
    "/answers/gaps": ("/answers/gaps",),
    "/corrections": ("/corrections",),
    "/corrections/suggestions": ("/corrections/suggestions",),
    "/corrections/labels": ("/corrections/labels",),
    "/corrections/decided": ("/corrections/decided",),
    "/playbooks": ("/playbooks",),
    "/playbooks/read": ("/playbooks/read?name=queues/{queue}.yaml",),
    "/playbooks/versions": ("/playbooks/versions",),
    "/playbooks/compare": ("/playbooks/compare",),
    "/playbooks/editions/{edition_id}": ("/playbooks/editions/{edition}",),
    "/playbooks/editions/{edition_id}/file": ("/playbooks/editions/{edition}/file?name=queues/{queue}.yaml",),
    "/playbooks/editions/{edition_id}/preview": ("/playbooks/editions/{edition}/preview",),
    "/playbooks/editions/{edition_id}/merge": ("/playbooks/editions/{edition}/merge",),
    "/playbooks/trials/{trial_id}": ("/playbooks/trials/{trial}",),
    "/quality": ("/quality",),
    "/quality/compare": ("/quality/compare?first={run}&second={other_run}",),
    "/quality/runs/{run_id}/report": ("/quality/runs/{run}/report",),
    "/quality/audits": ("/quality/audits",),
    "/quality/audits/{audit_id}": ("/quality/audits/{audit}",),
    "/quality/audits/{audit_id}/disputes": ("/quality/audits/{audit}/disputes",),
    "/quality/audits/{audit_id}/export.csv": ("/quality/audits/{audit}/export.csv",),
    "/quality/labels": ("/quality/labels",),
    "/quality/audits/{audit_id}/label": ("/quality/audits/{mine}/label",),
    "/oversight": ("/oversight", "/oversight?grain=week"),
    "/oversight, half a year": ("/oversight?grain=week&since={half_a_year_ago}",),
    "/oversight, half a year by day": ("/oversight?since={half_a_year_ago}",),
    "/oversight.csv": ("/oversight.csv?since={half_a_year_ago}",),
    "/v1/oversight, half a year": ("/v1/oversight?account={account}&from={half_a_year_ago}",),
    "/oversight/digests": ("/oversight/digests",),
    "/teams": ("/teams",),
    "/people": ("/people",),
    "/audit": ("/audit",),
    "/audit, filtered": ("/audit?kind=queue_corrected", "/audit?actor=Lead", "/audit?since={a_week_ago}"),
    "/me": ("/me",),
    "/keyboard": ("/keyboard",),
}  # fmt: skip

DOWNLOADED = {"/audit.csv": ("/audit.csv?since={a_week_ago}",)}
"""Files of any length, for which nobody sits and waits."""


def filled_in(paths: Paths, found: Mapping[str, str]) -> Paths:
    today = datetime.now(UTC).date()
    days = {"half_a_year_ago": today - timedelta(days=181), "a_week_ago": today - timedelta(days=7)}
    return {what: [path.format(**found, **days) for path in each] for what, each in paths.items()}
