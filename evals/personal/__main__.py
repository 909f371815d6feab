"""`python -m evals.personal`: recall and precision of redaction by kind, with 95 % intervals (Wilson 1927).

Columns: all confirmed messages of the reference account, the usual and the unusual ones, those that nobody who wrote
the rules has read (even ids), and made-up hard ones. `--show unread` or `--show hard` lists misses and wrong finds.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from evals.account import is_unread
from evals.personal.making import made
from evals.redaction import RedactionScore, Share, count
from service.domain.confirmed import Confirmed
from service.domain.playbook import Playbook
from service.learning.agreement import wilson
from service.pipeline.clean import clean
from service.pipeline.redact import redact
from service.playbooks import parse_confirmed, parse_playbook
from service.settings import REFERENCE

PARTS = ("all", "usual", "unusual", "unread", "hard")


def scores(playbook: Playbook) -> dict[str, RedactionScore]:
    """By part, and by language of the unread messages (`unread fr`) and of the hard ones (`hard en`)."""
    total: dict[str, RedactionScore] = defaultdict(RedactionScore)
    for style, one in _confirmed(playbook):
        redacted, vault = redact(clean(one.message), one.message, playbook)
        unread = is_unread(one)
        parts = ["all", style, *(("unread", f"unread {_language(one.language)}") if unread else ())]
        for part in parts:
            count(total[part], one, redacted, vault)
    for at, case in enumerate(made()):
        message = case.message.model_copy(update={"external_id": f"{case.shape}-{at}"})
        labels = {label: kind for kind, label in case.personal}
        one = Confirmed(message=message, queue="none", pii=tuple(labels))
        redacted, vault = redact(clean(message), message, playbook)
        for part in ("hard", f"hard {_language(case.language)}", f"hard: {case.shape}"):
            count(total[part], one, redacted, vault, labels)
    return total


def table(total: Mapping[str, RedactionScore]) -> Iterator[str]:
    """One line a kind and part; recall by the kind of what is labelled, precision by the kind of what was replaced."""
    for part in (*PARTS, *sorted(part for part in total if part not in PARTS)):
        score = total[part]
        yield f"\n{part} ({score.messages} messages)"
        for name, whole, by_kind in (
            ("recall", score.recall, score.recall_by_kind),
            ("precision", score.precision, score.precision_by_kind),
        ):
            yield _line(name, "all kinds", whole)
            if part in PARTS:
                yield from (_line(name, kind, share) for kind, share in sorted(by_kind.items()))


def _line(name: str, kind: str, share: Share) -> str:
    if not share.n:
        return f"  {name:<9} {kind:<12} –"
    found = share.right / share.n
    between = wilson(found, share.n)
    return f"  {name:<9} {kind:<12} {found:6.3f}  [{between.low:.3f}, {between.high:.3f}]  {share.right}/{share.n}"


def _confirmed(playbook: Playbook) -> Iterator[tuple[str, Confirmed]]:
    for path in sorted((REFERENCE / "confirmed").glob("*.jsonl")):
        for one in parse_confirmed(path.read_text("utf-8").splitlines(), path.name, playbook.queue_ids):
            yield path.stem.partition("-")[0], one


def _language(code: str) -> str:
    return code if code in ("fr", "en") else "other"


def main(arguments: Sequence[str]) -> None:
    total = scores(parse_playbook(REFERENCE))
    sys.stdout.write("\n".join(table(total)).lstrip() + "\n")
    if "--show" in arguments:
        shown = total[arguments[arguments.index("--show") + 1]]
        for message_id, text in [*shown.missed, ("", ""), *shown.wrong]:
            sys.stderr.write(f"{message_id}\t{text!r}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
