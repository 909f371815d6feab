import pytest

from service.playbooks.expressions import (
    By,
    SyntaxMistakeError,
    Unit,
    parse_expression,
    split_weight,
    without_comment,
)


def test_a_word_is_compared_by_its_stem() -> None:
    assert parse_expression("Résilier").terms == ((Unit(By.STEM, "resilier"),),)


def test_a_phrase_is_compared_word_by_word_as_it_stands() -> None:
    assert parse_expression("« Mettre fin »").terms == ((Unit(By.EXACT, "mettre"), Unit(By.EXACT, "fin")),)


def test_a_prefix_may_end_a_hyphenated_word() -> None:
    assert parse_expression("porte-cl*").terms == ((Unit(By.STEM, "porte"), Unit(By.PREFIX, "cl")),)


@pytest.mark.parametrize("text", ["a & b !c", "a&b & !c", "a !c & b", "!c & a & b", "a & b ! c"])
def test_signs_may_stand_with_or_without_spaces_and_in_any_order(text: str) -> None:
    assert parse_expression(text).meaning() == parse_expression("b & a !c").meaning()


def test_expressions_that_differ_by_inflection_mean_the_same_in_their_language() -> None:
    one, other = parse_expression("résiliation & contrats"), parse_expression("contrat & résilier")
    assert one.meaning() != other.meaning()
    assert one.meaning("fr") == other.meaning("fr")


@pytest.mark.parametrize(
    ("line", "expression", "weight"),
    [
        ("mot", "mot", 1.0),
        ("mot ^2.5", "mot", 2.5),
        ('"deux mots"^-3', '"deux mots"', -3.0),
        ("mot ^ 0,5", "mot", 0.5),
    ],
)
def test_a_weight_stands_at_the_end(line: str, expression: str, weight: float) -> None:
    assert split_weight(line) == (expression, weight)


@pytest.mark.parametrize(
    ("line", "code"),
    [("mot ^beaucoup", "weight_not_a_number"), ("mot ^", "weight_not_a_number"), ("mot ^0", "weight_out_of_range"),
     ("mot ^11", "weight_out_of_range"), ("mot ^2 mot", "weight_not_a_number"), ("mot ^nan", "weight_not_a_number")],
)  # fmt: skip
def test_a_weight_that_is_none_is_refused(line: str, code: str) -> None:
    with pytest.raises(SyntaxMistakeError, match=code):
        split_weight(line)


@pytest.mark.parametrize(
    ("text", "code"),
    [("deux mots", "words_not_joined"), ("a &", "sign_without_word"), ("& a", "sign_without_word"),
     ("a & & b", "sign_without_word"), ("a !", "sign_without_word"), ("a !! b", "sign_without_word"),
     ("!a", "only_negated"), ("a !a", "excludes_itself"), ('"a', "quote_not_closed"), ("a^2", "unexpected_sign"),
     ("r*b", "star_misplaced"), ('"a b*"', "star_misplaced"), ("*", "star_misplaced"), ("r*", "prefix_too_short"),
     ('""', "no_word"), ("--", "no_word"), ("", "empty_expression"), ("a ! & b", "sign_without_word"),
     ("(a & b)", "unexpected_sign"), ("a|b", "unexpected_sign")],
)  # fmt: skip
def test_a_mistake_of_syntax_has_a_code_that_explains_it(text: str, code: str) -> None:
    with pytest.raises(SyntaxMistakeError) as caught:
        parse_expression(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("line", "rest"),
    [("# tout", ""), ("mot # note", "mot"), ('"n° #1" ^2', '"n° #1" ^2'), ("c#", "c#"), ("  mot  ", "mot")],
)
def test_a_comment_starts_with_a_hash_outside_of_quotes(line: str, rest: str) -> None:
    assert without_comment(line) == rest


@pytest.mark.parametrize(
    ("expression", "void"),
    [
        ("facture !fact*", True), ("fact* !fa*", True), ('"facture impayée" !impayé', True),
        ('rib & facture !"facture"', False), ("fact* !facture", False),
        ('facture !"facture impayée"', False), ("payer !pai*", False), ("facture !factures", True),
        ('impayé & facture !"facture impayée"', False),
    ],
)  # fmt: skip
def test_an_expression_is_void_where_what_it_excludes_is_always_there(expression: str, void: bool) -> None:
    assert parse_expression(expression).is_void("fr") is void
