import pytest

from service.domain.redacted import Vault, broken_placeholders, ours, together

VAULT = Vault({"[[PERSONNE_1]]": "Paul Durand", "[[DOSSIER_1]]": "PF-26-02290"})


@pytest.mark.parametrize(
    "said",
    [
        "[[PERSON_1]]",
        "[[personne_1]]",
        "[[ PERSONNE_1 ]]",
        "[[PERSONNE 1]]",
        "[[PERSONNE_1]",
        "[PERSONNE_1]]",
        "[PERSONNE_1]",
        "[Personne 1]",
        "PERSONNE_1]]",
        "PERSONNE_1",
        "[[PERSONNE_9]]",
        "[[Nom du client]]",
        "[[PERSONNE_1",
        "personne_1]]",
    ],
)
def test_a_placeholder_that_a_model_breaks_or_invents_is_seen_as_one(said: str) -> None:
    restored = VAULT.restore(f"Bonjour {said}, merci.")
    assert [found[0] for found in broken_placeholders(restored)], restored


@pytest.mark.parametrize("text", ["Bonjour [[PERSONNE_1]]", "l'[[DOSSIER_1]]", "d'[[PERSONNE_1]]s", "[[DOSSIER_1]]."])
def test_a_true_placeholder_is_restored_wherever_it_stands(text: str) -> None:
    restored = VAULT.restore(text)
    assert "[[" not in restored
    assert list(broken_placeholders(restored)) == []


@pytest.mark.parametrize("text", ["Article [L113-15-2]", "(voir p. 3)", "{nom}", "COVID_19x", "tableau[3]", "à 18_00"])
def test_other_brackets_and_numbers_are_no_placeholder(text: str) -> None:
    assert list(broken_placeholders(text)) == []


def test_redacted_texts_put_together_stand_on_lines_of_their_own() -> None:
    assert together(ours(""), ours("a"), ours("b ")) == "a\nb"
