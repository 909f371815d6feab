"""Something that was done, in the past tense. Events are never changed and hold no customer's words."""

from typing import Any, Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

EventKind = Literal[
    "account_created",
    "accounts_changed",
    "answers_imported",
    "bundle_activated",
    "bundle_learned",
    "case_claimed",
    "case_joined",
    "case_released",
    "confirmed_imported",
    "correction_contested",
    "correction_undone",
    "draft_made",
    "draft_saved",
    "data_erased",
    "data_exported",
    "data_purged",
    "erasure_begun",
    "key_created",
    "key_revoked",
    "label_changed",
    "label_kept",
    "lesson_accepted",
    "lesson_refused",
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
    "suggestion_accepted",
    "suggestion_refused",
    "triage_failed",
    "triage_retried",
    "webhook_added",
    "webhook_removed",
    "webhook_resent",
]


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
