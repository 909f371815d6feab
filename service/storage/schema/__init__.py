"""The tables. `METADATA` holds them all; migrations/ makes them, and a test keeps both equal."""

from service.storage.schema.access import api_keys, spend
from service.storage.schema.columns import METADATA
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
from service.storage.schema.work import cases, events, messages, replies, standings, traces, triages

__all__ = [
    "METADATA",
    "accounts",
    "answers",
    "api_keys",
    "cases",
    "collections",
    "confirmed",
    "corrections",
    "events",
    "learned",
    "messages",
    "passage_vectors",
    "passages",
    "playbooks",
    "refits",
    "replies",
    "spend",
    "standings",
    "suggestions",
    "traces",
    "triages",
]
