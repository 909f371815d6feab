from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.pipeline.check.facts import facts


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("10 000 €", "amount", "10000 eur"),
        ("10 000,50 euros", "amount", "10000.5 eur"),
        ("€60,000", "amount", "60000 eur"),
        ("4 centimes", "amount", "0.04 eur"),
        ("trente-cinq euros", "amount", "35 eur"),
        ("12,5 %", "percentage", "12.5"),
        ("vingt pour cent", "percentage", "20"),
        ("1er avril 2024", "date", "2024-04-01"),
        ("01/04/2024", "date", "2024-04-01"),
        ("2024-04-01", "date", "2024-04-01"),
        ("April 1, 2024", "date", "2024-04-01"),
        ("3 mai", "date", "*-05-03"),
        ("avril 2024", "date", "2024-04-*"),
        ("48 h", "delay", "2880 minute"),
        ("lundi-vendredi", "hours", "days 1-5"),
        ("deux jours", "delay", "2880 minute"),
        ("two days", "delay", "2880 minute"),
        ("deux semaines", "delay", "20160 minute"),
        ("14 jours", "delay", "20160 minute"),
        ("1 an", "delay", "12 month"),
        ("5 jours ouvrés", "delay", "5 working day"),
        ("5 working days", "delay", "5 working day"),
        ("dans la semaine", "delay", "10080 minute"),
        ("sous quinzaine", "delay", "21600 minute"),
        ("within the hour", "delay", "60 minute"),
        ("le vingt-cinq du mois", "number", "25"),
        ("à minuit", "hours", "00:00"),
        ("jusqu'à midi", "hours", "12:00"),
        ("24 h/24", "hours", "always 24-24"),
        ("18 h 30", "hours", "18:30"),
        ("6.30 pm", "hours", "18:30"),
        ("du lundi au vendredi", "hours", "days 1-5"),
        ("Monday to Friday", "hours", "days 1-5"),
        ("article L. 113-15-2 du Code", "article", "l113-15-2"),
        ("article 15 du RGPD", "article", "15 rgpd"),
        ("01 99 00 24 24", "phone", "0199002424"),
        ("+33 1 99 00 24 24", "phone", "0199002424"),
        ("GK-118-VZ", "number", "gk118vz"),
        ("12 caractères", "number", "12"),
    ],
)
def test_a_fact_has_one_normal_form(text: str, kind: str, key: str) -> None:
    assert [(fact.kind, fact.key) for fact in facts(f"Voici {text} ici")][-1:] == [(kind, key)]


@pytest.mark.parametrize("text", ["dans la semaine du siège", "cet après-midi", "dans le mois en cours", "un mois"])
def test_a_stretch_of_time_that_is_no_delay_is_none(text: str) -> None:
    assert [fact.key for fact in facts(f"Voici {text}") if fact.kind in ("delay", "hours")] in ([], ["1 month"])


@given(st.text(alphabet="0123456789 .,-/:€%hjL'axmaijour\n@w", max_size=200))
def test_facts_are_in_order_apart_and_never_break(text: str) -> None:
    found = facts(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert facts(text) == found


def test_opening_hours_are_read_as_they_are_written_in_short() -> None:
    long = "au 04 65 71 10 10, du lundi au vendredi de 8 h 30 à 18 h 30 et le samedi de 9 h à 12 h"
    short = "au 04 65 71 10 10 (lundi – vendredi 8h30-18h30, samedi : 9 h–12 h)"
    assert {(fact.kind, fact.key) for fact in facts(short)} == {(fact.kind, fact.key) for fact in facts(long)}
    assert {fact.kind for fact in facts("sous 24 h-48 h")} == {"delay"}
