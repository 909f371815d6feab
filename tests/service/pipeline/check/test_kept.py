"""What is read off a clause is read once, and forgotten with the clause."""

import gc
import weakref

from service.pipeline.check.clauses import clauses
from service.pipeline.check.conditions import bonds_in, unconditional
from service.pipeline.check.pieces import pieces

TEXT = "Votre ancienneté est conservée, et l'accès au parking est ouvert si vous payez le loyer."


def test_what_a_clause_says_is_read_once() -> None:
    (clause,) = clauses(TEXT)
    assert pieces(clause) is pieces(clause)
    assert unconditional(clause) is unconditional(clause)
    assert bonds_in(clause) is bonds_in(clause)
    assert bonds_in(clause) == {"if": 1}


def test_the_clauses_of_a_draft_go_with_it() -> None:
    made = clauses(TEXT)
    assert pieces(made[0])
    assert unconditional(made[0])
    held = weakref.ref(made[0])
    del made
    gc.collect()
    assert held() is None
