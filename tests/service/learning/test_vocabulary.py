"""Which terms have columns."""

from service.learning.corpus import Corpus
from service.learning.reading import Reading, read_text
from service.learning.vocabulary import FARTHEST, MANY_TEXTS, Vocabulary, joined

FEW = [read_text("une panne rare"), read_text("un remboursement tardif"), read_text("un remboursement promis")]
RARE = FEW[0].stems[-1]
MANY = [*FEW, *(read_text(f"la cotisation {'abcdefghij'[at % 10]}") for at in range(MANY_TEXTS))]


def vocabulary_of(readings: list[Reading]) -> Vocabulary:
    return Corpus(readings).vocabulary(len(readings))[0]


def pairs_of(reading: Reading) -> list[str]:
    """Pairs of stems up to three words apart, those side by side told from the others; none reaches from the
    subject into the body."""
    stems, ends = reading.stems, (reading.subject, len(reading.stems))
    return [
        joined(stems[at], stems[after], near=after == at + 1)
        for at in range(len(stems))
        for after in range(at + 1, min(at + 1 + FARTHEST, ends[at >= ends[0]]))
    ]


def test_of_few_texts_every_term_has_a_column() -> None:
    vocabulary = vocabulary_of(FEW)
    assert RARE in vocabulary.stems
    assert any("rar" in gram for gram in vocabulary.grams)


def test_of_many_texts_what_only_one_has_is_left_out_but_for_words() -> None:
    vocabulary = vocabulary_of(MANY)
    assert RARE in vocabulary.stems
    assert not any("rar" in gram for gram in vocabulary.grams)
    assert any("remb" in gram for gram in vocabulary.grams)
    assert not any(pair.endswith(RARE) for pair in vocabulary.pairs)


def test_a_message_of_terms_without_columns_says_little() -> None:
    vocabulary = vocabulary_of(MANY)
    known, strange = (vocabulary(read_text(text)) for text in ("un remboursement", "un zygote"))
    assert float((strange.values**2).sum()) < float((known.values**2).sum())


def test_a_pair_is_found_under_its_own_name_and_no_other() -> None:
    known = [read_text(text) for text in ("résilier mon contrat auto", "contrat auto résilié hier", "mon auto")]
    vocabulary = vocabulary_of(known)
    at = {pair: column for column, pair in enumerate(vocabulary.pairs, len(vocabulary.stems))}
    for reading in (*known, read_text("auto licorne contrat mon résilier auto"), read_text("licorne"), read_text("")):
        assert vocabulary.columns_of_pairs(reading).tolist() == [at.get(pair, -1) for pair in pairs_of(reading)]


def test_a_misspelt_word_counts_as_the_known_one_that_it_stands_for() -> None:
    vocabulary = vocabulary_of([*FEW, read_text("pane perdue et retrouvée"), read_text("une autre panne")])
    as_meant, misspelt = read_text("un remboursement tardif"), read_text("un rembourssement tardiff")
    assert vocabulary.columns_of_stems(misspelt) == vocabulary.columns_of_stems(as_meant)
    assert vocabulary.columns_of_pairs(misspelt).tolist() == vocabulary.columns_of_pairs(as_meant).tolist()
    assert vocabulary.known_share(misspelt) == 1


def test_a_correct_word_that_nobody_has_used_stays_unknown() -> None:
    vocabulary = vocabulary_of([read_text("la facture")])
    assert vocabulary.columns_of_stems(read_text("le facteur")) == [-1, -1]


def test_words_of_other_languages_are_not_taken_for_misspelt_french() -> None:
    vocabulary = vocabulary_of([read_text("une adresse")])
    assert vocabulary.columns_of_stems(read_text("addresse", "fr")) != [-1]
    assert vocabulary.columns_of_stems(read_text("addresse", "de")) == [-1]
