"""A small account, whole and in order, that tests break in one place each."""

ACCOUNT = """\
account: petit-club
label: Petit Club
language: fr
timezone: Europe/Paris
thresholds:
  routing: 0.8
tone:
  signature: Le Petit Club
  instructions:
    - Vouvoyez.
identifiers:
  ADHERENT: '\\bA\\d{6}\\b'
calls:
  hours:
    tuesday: ["09:00-12:00"]
    friday: ["09:00-12:00", "14:00-17:00"]
  proposed: ["10:00-11:00", "14:00-15:00"]
  closed: [2026-12-24]
"""

RESILIATION = """\
id: resiliation
label: Résiliation
level: 2
sla_hours: 24
retention: true
definition: Le membre veut partir.
instructions:
  - Il dit vouloir partir.
keywords: |
  # le mot même
  résilier ^3
  "mettre fin" ^2.5
  quitter & club
  rembours* !résilier ^-1
"""

REMBOURSEMENT = """\
id: remboursement
label: Remboursement
level: 1
sla_hours: 48
definition: Le membre attend de l'argent.
instructions:
  - Il attend un virement.
keywords: |
  rembours* ^3
"""

EXAMPLES = """\
# l'argent d'abord
rendez-moi mes 40 euros

toujours pas vu mon chèque ; et comment je pars ? || +resiliation #chaser
merci de virer la somme ||
"""

PRECEDENCE = """\
- rule: Partir l'emporte.
  winner: resiliation
  over: [remboursement]
- rule: Sinon, la demande principale.
"""

FLAGS = """\
- id: chaser
  definition: Il relance.
  keywords: |
    "toujours rien" ^2
- id: urgent
  definition: C'est pressé.
"""

SITUATIONS = """\
- id: departure
  label: Départ
  queues: [resiliation]
  replaces: [late]
  offers: [depart]
  add:
    - place: closing
      text:
        fr: Puis-je vous appeler {creneaux} ?
- id: late
  label: Relance
  flags: [chaser]
  add:
    - place: opening
      unless: excuse
      text:
        fr: ["Pardon depuis le {date_precedente}.", "Pardon ; l'accueil est au {facts.telephones.accueil}."]
"""

FACTS = """\
nom: Petit Club
telephones:
  accueil: 01 99 00 24 24
"""

ANSWERS = """\
answers:
  - id: depart
    queue: resiliation
    title: Départ
    situation: Le membre part.
    body: |
      Bonjour {nom},

      Votre contrat finit le {date}.
    placeholders: [nom, date]
"""

FILES = {
    "account.yaml": ACCOUNT,
    "queues/resiliation.yaml": RESILIATION,
    "queues/remboursement.yaml": REMBOURSEMENT,
    "examples/remboursement.txt": EXAMPLES,
    "precedence.yaml": PRECEDENCE,
    "flags.yaml": FLAGS,
    "situations.yaml": SITUATIONS,
    "facts.yaml": FACTS,
    "answers.yaml": ANSWERS,
}


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The account with one piece of one file replaced."""
    assert FILES[file].count(old) == 1, f"{old!r} stands {FILES[file].count(old)} times in {file}"
    return FILES | {file: FILES[file].replace(old, new)}
