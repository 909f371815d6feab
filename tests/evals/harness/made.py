"""Predictions made by hand: only what the figures look at differs."""

from datetime import UTC, datetime
from typing import Any

from evals.harness.predictions import Expected, Prediction
from service.domain.decision import Alternative
from service.domain.draft import Draft, Finding, Paragraph
from service.domain.triage import RoutedQueue, Usage, Versions


def made(right: str, guess: str, confidence: float = 0.9, routed: bool = True, **given: Any) -> Prediction:
    """`expected` in `given`: labels beside the queue; the rest are a Triage's fields."""
    expected = Expected(queue=right, **{"sender": given.get("external_id", "m"), **given.pop("expected", {})})
    fields: dict[str, Any] = {
        "id": "t",
        "external_id": "m",
        "account": "petit",
        "created_at": datetime(2026, 3, 1, tzinfo=UTC),
        "playbook_version": "p",
        "engine": "local",
        "degraded": False,
        "duration_ms": 10.0,
        "outcome": "routed" if routed else "abstained",
        "outcome_reason": "confident" if routed else "unsure",
        "queue": RoutedQueue(id=guess, label=guess, level=1, sla_hours=24) if routed else None,
        "confidence": confidence,
        "alternatives": (Alternative(queue=guess, probability=confidence),),
        "secondary": (),
        "flags": (),
        "language": "fr",
        "evidence": (),
        "reason": "",
        "draft": None,
        "no_draft_reason": None,
        "usage": Usage(),
        "versions": Versions(playbook="p"),
        "message_hash": "h",
    }
    return Prediction(**{**fields, **given}, expected=expected)


def draft(sources: tuple[str, ...] = ("a",), severities: tuple[str, ...] = (), left: tuple[str, ...] = ()) -> Draft:
    findings = tuple(
        Finding(kind="amount", text="5", start=0, end=1, severity=one)  # type: ignore[arg-type]
        for one in severities
    )
    paragraph = Paragraph(text="Bonjour", sources=sources)
    return Draft(
        language="fr", subject="", body="Bonjour", paragraphs=(paragraph,), findings=findings, placeholders_left=left
    )
