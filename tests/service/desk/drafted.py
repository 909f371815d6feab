"""A message with a draft, and what its drafts are made anew with: one canned answer, a search over it, a model."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from retrieval.hashed import HashedEmbedder
from retrieval.library import Library
from service.connectors.search import RetrievedSearch
from service.desk.answers.passages import answer_passages
from service.desk.drafts.drafting import Drafts
from service.desk.intake.triage import TriageDesk
from service.domain.answers import CannedAnswer
from service.domain.collections import answers_of
from service.domain.draft import Draft, Paragraph
from service.domain.playbook import Tone
from service.domain.triage import Versions
from service.phrases import load_phrases
from service.pipeline.knowledge import Asking, Knowledge
from service.playbooks import KeywordMatcher
from service.settings import PROMPTS
from service.storage import answers
from service.storage.database import Database
from tests.fakes import ScriptedModel
from tests.retrieval.stores import MemoryStore
from tests.service.pipeline.prompting.made import prompter
from tests.service.samples import ACCOUNT, NOW, a_message, a_playbook, a_triage

ASKED = "Bonjour, où en est la facture de mon contrat ? Merci, Anne Petit"
GREETING, SENT = "Bonjour Anne Petit,", "Votre facture de 42 € part sous 3 jours."
THANKS, CLOSING = "Nous espérons que tout va bien.", "Bien cordialement,\n\nLe club"
BLOCKS = (GREETING, SENT, THANKS, CLOSING)
FACTURE = CannedAnswer(
    id="facture_envoi",
    queue="facture",
    title="Envoi de la facture",
    situation="Le client demande où en est sa facture.",
    body="\n\n".join(("Bonjour {nom},", *BLOCKS[1:])),
)


async def drafted(triage_desk: TriageDesk, database: Database, blocks: Sequence[str] = BLOCKS) -> str:
    """Stores a message with that draft, and the library; gives the message's id."""
    message = a_message(body=ASKED, subject="Facture", sender={"name": "Anne Petit", "address": "anne@example.org"})
    parts = tuple(Paragraph(text=text, sources=(FACTURE.id,)) for text in blocks)
    draft = Draft(
        language="fr", subject="Re: Facture", body="\n\n".join(blocks), paragraphs=parts, answers=(FACTURE.id,)
    )
    await database.write(answers.replace, ACCOUNT, [FACTURE], "lead", NOW)
    await triage_desk.keep([(message, a_triage(message, "t-1", draft=draft))])
    return "t-1"


def drafts_of(database: Database, model: ScriptedModel | None = None) -> Drafts:
    """The verbs; with a model, it is asked."""

    async def knowledge_of(_account: str) -> Knowledge:
        asking = Asking(model, prompter(), 60.0) if model else None
        return replace(knowledge(), asking=asking, engine="model" if model else "local")

    return Drafts(database, knowledge_of, partial(load_phrases, PROMPTS), lambda: NOW)


def knowledge() -> Knowledge:
    store = MemoryStore()
    store.put(answers_of(ACCOUNT), answer_passages([FACTURE]))
    tone = Tone(instructions=("Soyez clair.",), signature="Le club")
    playbook = a_playbook().model_copy(update={"tone": tone})
    return Knowledge(
        playbook=playbook,
        matcher=KeywordMatcher(playbook),
        learned=None,
        phrases=load_phrases(PROMPTS, "fr"),
        search=RetrievedSearch.over(Library(store, HashedEmbedder())),
        engine="local",
        versions=Versions(playbook="v1"),
    )


def worded(*paragraphs: str) -> str:
    """A model's answer whose paragraphs rest on the first canned answer; one that is only a number has no source."""
    parts = [{"text": text, "sources": [] if text.startswith("§") else ["R1"]} for text in paragraphs]
    return json.dumps({"language": "fr", "subject": "Facture", "paragraphs": parts})
