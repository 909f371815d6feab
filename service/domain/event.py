"""Something that was done, in the past tense. Events are never changed and hold no customer's words."""

from typing import Any, Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

EventKind = Literal[
    "account_created",
    "accounts_changed",
    "answer_added",
    "answer_changed",
    "answer_proposed",
    "answer_restored",
    "answer_retired",
    "answers_imported",
    "audit_adjudicated",
    "audit_drawn",
    "audit_labelled",
    "audit_removed",
    "audit_taught",
    "audit_untaught",
    "bundle_activated",
    "bundle_learned",
    "call_booked",
    "call_settled",
    "case_claimed",
    "case_escalated",
    "case_handed_back",
    "case_joined",
    "case_released",
    "confirmed_imported",
    "correction_contested",
    "correction_undone",
    "digest_made",
    "draft_handed_over",
    "draft_made",
    "draft_saved",
    "draft_taken_back",
    "data_erased",
    "data_exported",
    "data_purged",
    "edition_begun",
    "edition_dropped",
    "edition_merged",
    "edition_published",
    "erasure_begun",
    "flags_confirmed",
    "flags_corrected",
    "key_created",
    "key_revoked",
    "label_changed",
    "label_kept",
    "lesson_accepted",
    "lesson_refused",
    "lesson_reopened",
    "lessons_let_go",
    "link_made",
    "message_received",
    "message_triaged",
    "password_set",
    "person_added",
    "person_disabled",
    "person_enabled",
    "playbook_activated",
    "playbook_imported",
    "preferences_changed",
    "proposal_accepted",
    "proposal_refused",
    "purge_begun",
    "queue_confirmed",
    "queue_corrected",
    "refit_failed",
    "refit_held",
    "reply_recorded",
    "role_changed",
    "sign_in_locked",
    "signed_in",
    "signed_out",
    "run_cancelled",
    "run_removed",
    "run_resumed",
    "run_wanted",
    "suggestion_accepted",
    "suggestion_refused",
    "suggestion_reopened",
    "team_added",
    "team_changed",
    "team_removed",
    "triage_failed",
    "trial_asked",
    "trial_cancelled",
    "trial_ended",
    "triage_retried",
    "webhook_added",
    "webhook_removed",
    "webhook_resent",
]


COUNTED: frozenset[EventKind] = frozenset(
    {
        "message_received",
        "message_triaged",
        "queue_corrected",
        "queue_confirmed",
        "correction_undone",
        "flags_corrected",
        "case_claimed",
        "case_escalated",
        "case_handed_back",
        "reply_recorded",
        "draft_made",
    }
)
"""What the figures of the oversight are counted from."""


class Event(Value):
    """`subject` is the id of what it was done to; `before` and `after` hold what changed of it."""

    id: str
    at: AwareDatetime = Field(strict=False)
    account: str | None
    kind: EventKind
    actor: str
    subject: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
