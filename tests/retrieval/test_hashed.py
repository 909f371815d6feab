import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.hashed import DIMENSIONS, HashedEmbedder

embedder = HashedEmbedder()


def cosine(one: str, other: str) -> float:
    first, second = embedder.embed([one, other])
    return float(first @ second)


@given(st.text(max_size=300))
def test_any_text_gives_a_unit_vector_or_none_at_all(text: str) -> None:
    (vector,) = embedder.embed([text])
    assert vector.shape == (DIMENSIONS,)
    assert np.isfinite(vector).all()
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5) or not vector.any()


def test_a_text_without_words_gives_a_zero_vector() -> None:
    assert not embedder.embed([" \n… !?"]).any()
    assert embedder.embed([]).shape == (0, DIMENSIONS)


def test_accents_case_and_inflection_hardly_matter() -> None:
    assert cosine("mes clés perdues", "MES CLES PERDUES") == pytest.approx(1.0, abs=1e-5)
    assert cosine("résilier mon contrat", "résiliation du contrat") > 0.5


def test_a_misspelt_word_is_still_near() -> None:
    assert cosine("prélèvement refusé", "prelevemant refusé") > cosine("prélèvement refusé", "panne de moteur") + 0.3


def test_courtesies_count_less_than_the_matter() -> None:
    polite = "Bonjour Madame, Monsieur, je vous remercie de votre réponse. Cordialement. Vol de ma voiture."
    other = "Bonjour Madame, Monsieur, je vous remercie de votre réponse. Cordialement. Changement de RIB."
    assert cosine(polite, "vol de voiture") > 2 * cosine(other, "vol de voiture")


def test_the_same_text_gives_the_same_vector_in_another_process() -> None:
    code = (
        "from retrieval.hashed import HashedEmbedder; import hashlib;"
        "print(hashlib.sha1(HashedEmbedder().embed(['Décès de mon père, résiliation']).tobytes()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_an_endless_text_is_not_read_to_its_end() -> None:
    assert embedder.embed(["mot " * 2_000 + "licorne"])[0] == pytest.approx(embedder.embed(["mot " * 2_000])[0])
