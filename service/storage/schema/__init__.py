"""The tables. `METADATA` holds them all; migrations/ makes them, and a test keeps both equal."""

from service.storage.schema.access import api_keys, spend
from service.storage.schema.calls import calls, ready_drafts
from service.storage.schema.columns import METADATA
from service.storage.schema.drafts import answer_edits, answer_uses, comparisons, drafts
from service.storage.schema.editing import editions, trials
from service.storage.schema.finding import findable, flagged, unindexed
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
from service.storage.schema.oversight import figures, uncounted
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
from service.storage.schema.shared import model_answers, model_pace, model_shares, schema_floor
from service.storage.schema.sharing import answer_authors, reuse_days, reuses
from service.storage.schema.teams import escalations, team_members, teams
from service.storage.schema.webhooks import deliveries, webhooks
from service.storage.schema.work import cases, events, messages, replies, standings, traces, triages

__all__ = [
    "METADATA",
    "accounts",
    "answer_authors",
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
    "calls",
    "cases",
    "chores",
    "collections",
    "comparisons",
    "confirmed",
    "corrections",
    "deliveries",
    "drafts",
    "editions",
    "erasures",
    "escalations",
    "eval_runs",
    "events",
    "figures",
    "findable",
    "flagged",
    "journeys",
    "kept_counts",
    "learned",
    "links",
    "messages",
    "model_answers",
    "model_pace",
    "model_shares",
    "passage_vectors",
    "passages",
    "people",
    "playbooks",
    "ready_drafts",
    "refits",
    "replies",
    "reuse_days",
    "reuses",
    "schema_floor",
    "sessions",
    "spend",
    "standings",
    "suggestions",
    "team_members",
    "teams",
    "traces",
    "triages",
    "trials",
    "uncounted",
    "unindexed",
    "vault_keys",
    "webhooks",
]
