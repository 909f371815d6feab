"""Canned answers, candidates and decisions of the made-up company."""

from service.domain.answers import CannedAnswer
from service.domain.candidates import Candidates, ScoredAnswer
from service.domain.decision import Alternative, Decision
from service.phrases import load_phrases
from service.settings import PROMPTS

PHRASES = load_phrases(PROMPTS, "fr")

FACTURE = CannedAnswer(
    id="facture_echeance",
    queue="facture",
    title="Échéance",
    situation="Le client demande son échéance.",
    body=(
        "Bonjour {civilite} {nom},\n\nVotre demande du {date} porte sur le contrat {numero_contrat}, "
        "plaque {immatriculation}.\n\n"
        "Le prix est de 42,00 € par an :\n- paiement sous 48 h ;\n- rappel au 04 65 71 10 10.\n\n"
        "Bien cordialement,\n\n{conseiller}\nMaison"
    ),
)
DEPART = CannedAnswer(
    id="depart_preavis",
    queue="depart",
    title="Départ",
    situation="Le client s'en va.",
    body=(
        "Bonjour {civilite} {nom},\n\nVotre départ prend effet sous 14 jours, sans frais "
        "(article L113-15-2 du Code des assurances).\n\n"
        "Écrivez à contact@maison.example.\n\nBien cordialement,\n\n{conseiller}\nMaison"
    ),
)
HOW_TO_LEAVE = CannedAnswer(
    id="how_to_leave",
    queue="depart",
    title="Leaving",
    situation="An English speaker leaves.",
    language="en",
    body="Dear {civilite} {nom},\n\nYour contract ends within 14 days.\n\nKind regards,\n\n{conseiller}",
)
AUTRE = CannedAnswer(
    id="autre_poli", queue="autre", title="Autre", situation="Rien.", body="Bonjour,\n\nNous ne pouvons rien."
)


def candidates(*scored: tuple[CannedAnswer, float]) -> Candidates:
    return Candidates(tuple(ScoredAnswer(answer, score) for answer, score in scored))


EVERY = candidates((FACTURE, 0.9), (DEPART, 0.8), (HOW_TO_LEAVE, 0.7), (AUTRE, 0.4))


def decision(queue: str | None, guess: str = "facture", **fields: object) -> Decision:
    """Routed to `queue`, or abstained with that best guess."""
    given: dict[str, object] = {
        "outcome": "routed" if queue else "abstained",
        "outcome_reason": "confident" if queue else "unsure",
        "queue": queue,
        "confidence": 0.9 if queue else 0.4,
        "alternatives": (Alternative(queue=queue or guess, probability=0.4),),
    }
    return Decision(**(given | fields))  # type: ignore[arg-type]
