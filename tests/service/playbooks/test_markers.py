"""A warning of `[[IBANN]]` is only right while the list of kinds is what the redaction writes."""

import re

from service.domain.message import Message
from service.pipeline.clean import clean
from service.pipeline.redact import redact
from service.playbooks import parse
from service.playbooks.markers import built_in
from tests.service.playbooks.account import FILES

BODY = """\
Je m'appelle Jeanne Martineau, née le 12 mars 1961, 12 rue des Lilas, 29200 Brest, tél. 06 12 34 56 78,
jeanne@example.org, voiture AB-123-CD, IBAN FR76 3000 6000 0112 3456 7890 189, carte 4970 1012 3456 7893,
sécurité sociale 2 61 03 29 019 123 45, dossier n° 88-4512-77, voir https://example.org/u/jeanne et [[PLAQUE_9]].
"""


def test_the_kinds_that_keywords_may_name_are_those_that_are_redacted() -> None:
    message = Message(body=BODY)
    redacted, _ = redact(clean(message), message, parse(FILES))
    found = set(re.findall(r"\[\[([A-Z]+)_\d+\]\]", redacted.text))
    assert found - {"ADHERENT"} <= built_in()
    assert found >= {"ADRESSE", "EMAIL", "IBAN", "NAISSANCE", "PERSONNE", "PLAQUE", "TELEPHONE", "DOSSIER"}
