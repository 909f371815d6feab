import pytest

from tests.service.pipeline.clean.letters import cleaned, source_of


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("Ma carte a Ã©tÃ© volÃ©e, dÃ©jÃ\xa0 hier câ€™est sÃ»r", "Ma carte a été volée, déjà hier c’est sûr"),
        ("l\x92assurance \x96 5 \x80", "l’assurance – 5 €"),
        ("re\u0301silier", "résilier"),
        ("rési\u200blier\u202e\u2066\x00\x08 ma\U000e0041\ufeff carte", "résilier ma carte"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("15\u00a0900\u202f€", "15 900 €"),
        ("\ud83dseul\udc00", "seul"),
    ],
)
def test_characters_are_put_right(given: str, text: str) -> None:
    from service.pipeline.clean.characters import mended

    assert mended(given)[0] == text


def test_mended_words_are_found_in_the_source() -> None:
    body = "Ma carte a Ã©tÃ© volÃ©e hier\u200b soir"
    result = cleaned(body)
    assert source_of(result, body, "été") == "Ã©tÃ©"
    assert source_of(result, body, "soir") == "soir"
