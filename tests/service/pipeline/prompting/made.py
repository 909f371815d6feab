"""Small values that prompts are made of."""

from functools import lru_cache
from pathlib import Path
from tempfile import gettempdir

from service.domain.alignment import Alignment
from service.domain.answers import CannedAnswer
from service.domain.candidates import Candidates, Neighbour, ScoredAnswer
from service.domain.cleaned import Part, Segment
from service.domain.playbook import Flag, Keyword, Playbook, Precedence, Queue, Tone
from service.domain.redacted import Redacted, ours
from service.domain.votes import Vote
from service.pipeline.prompting.prompter import Prompter
from service.pipeline.prompting.texts import load_texts
from service.pipeline.prompting.tokens import TokenCounter
from service.playbooks.matcher import Hit
from service.settings import PROMPTS

QUEUES = ("facture", "resiliation", "sinistre")


@lru_cache
def counter() -> TokenCounter:
    return TokenCounter(Path(gettempdir()) / "aiguilleur-test-tokens")


def prompter(answer_tokens: int = 300) -> Prompter:
    return Prompter(load_texts(PROMPTS), counter(), answer_tokens)


def a_queue(queue_id: str, instructions: int = 3) -> Queue:
    return Queue(
        id=queue_id,
        label=queue_id.title(),
        level=1,
        sla_hours=24,
        definition=f"Ce qui touche à {queue_id}.",
        instructions=tuple(f"Consigne {n} de {queue_id} : lisez la demande." for n in range(1, instructions + 1)),
        keywords=(Keyword(expression=f"{queue_id} & demande", weight=2.0), Keyword(expression="jamais", weight=-1.0)),
    )


def a_playbook(instructions: int = 3) -> Playbook:
    return Playbook(
        account="club",
        label="Le Club",
        version=f"v{instructions}",
        queues=tuple(a_queue(name, instructions) for name in QUEUES),
        precedence=(Precedence(rule="La résiliation l'emporte sur la facture."),),
        flags=(Flag(id="urgent", definition="Il y a urgence."),),
        tone=Tone(instructions=("Soyez bref.",), signature="{conseiller}\nLe Club"),
        facts={"telephone": "04 65 71 10 10"},
    )


def redacted(own: str, quoted: str = "", subject: str = "Ma demande", alignment: Alignment | None = None) -> Redacted:
    text = f"{own}\n{quoted}" if quoted else own
    segments = [Segment(Part.BODY, 0, len(own))]
    if quoted:
        segments.append(Segment(Part.QUOTE, len(own) + 1, len(text)))
    return Redacted(ours(subject), ours(text), tuple(segments), alignment or Alignment.identity(len(text)))


def an_answer(answer_id: str, body: str = "Bonjour {nom},\n\nVoici la suite.", queue: str = "facture") -> CannedAnswer:
    return CannedAnswer(id=answer_id, queue=queue, title=f"Titre {answer_id}", situation="Quand il faut.", body=body)


def candidates(answers: int = 3, examples: int = 4, words: str = "Bonjour, ma demande.") -> Candidates:
    return Candidates(
        tuple(ScoredAnswer(an_answer(f"reponse_{n}", f"{words} {n}"), 1 / n) for n in range(1, answers + 1)),
        tuple(Neighbour(f"m{n}", ours(f"{words} {n}"), QUEUES[n % 3], 1 - n / 100) for n in range(examples)),
    )


def votes() -> tuple[Vote, ...]:
    return (Vote(voter="classifier", scores={"resiliation": 0.6, "facture": 0.4}),)


def hits() -> tuple[Hit, ...]:
    return (Hit("facture", "queue", "facture & demande", 2.0, ()),)
