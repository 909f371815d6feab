"""The tables. `METADATA` holds them all; migrations/ makes them, and a test keeps both equal."""

from service.storage.schema.access import api_keys, spend
from service.storage.schema.columns import METADATA
from service.storage.schema.drafts import answer_edits, answer_uses, comparisons, drafts
from service.storage.schema.knowledge import (
    accounts,
    answers,
    collections,
    confirmed,
    learned,
    passage_vectors,
    passages,
    playbooks,
)
from service.storage.schema.learning import corrections, refits, suggestions
from service.storage.schema.people import attempts, journeys, links, people, sessions
from service.storage.schema.privacy import chores, erasures, kept_counts, vault_keys
from service.storage.schema.quality import (
    answer_proposals,
    answer_revisions,
    audit_items,
    audit_labels,
    audits,
    eval_runs,
)
from service.storage.schema.webhooks import deliveries, webhooks
from service.storage.schema.work import cases, events, messages, replies, standings, traces, triages

__all__ = [
    "METADATA",
    "accounts",
    "answer_edits",
    "answer_proposals",
    "answer_revisions",
    "answer_uses",
    "answers",
    "api_keys",
    "attempts",
    "audit_items",
    "audit_labels",
    "audits",
    "cases",
    "chores",
    "collections",
    "comparisons",
    "confirmed",
    "corrections",
    "deliveries",
    "drafts",
    "erasures",
    "eval_runs",
    "events",
    "journeys",
    "kept_counts",
    "learned",
    "links",
    "messages",
    "passage_vectors",
    "passages",
    "people",
    "playbooks",
    "refits",
    "replies",
    "sessions",
    "spend",
    "standings",
    "suggestions",
    "traces",
    "triages",
    "vault_keys",
    "webhooks",
]
