"""What a person wrote is told from what was there, and finds its place among fresh paragraphs."""

from service.domain.draft import Draft, Paragraph
from service.pipeline.redraft.keeping import Given, Start, blocks, put_back, started, with_paragraphs

TEXTS = (
    "Bonjour,",
    "Votre dossier est ouvert depuis le 3 mars.",
    "Le virement part sous 14 jours.",
    "Cordialement,\n\nLe club",
)
OWN = "Je m'en occupe moi-même dès demain."


def part(text: str, *sources: str) -> Paragraph:
    return Paragraph(text=text, sources=sources or ("a",))


BASE = Draft(language="fr", subject="", body="\n\n".join(TEXTS), paragraphs=tuple(part(text) for text in TEXTS))


def texts(start: Start) -> list[str]:
    return [one.text for one in start.paragraphs]


def test_the_same_text_however_spaced_has_nothing_of_a_persons() -> None:
    start = started(BASE, (), blocks(BASE.body.replace("\n\n", "\n \n\n")))
    assert (start.locked, start.removed) == (frozenset(), ())


def test_an_edited_paragraph_is_the_persons_and_keeps_its_sources() -> None:
    start = started(
        BASE, (), blocks(BASE.body.replace("14 jours", "10 jours").replace("Bonjour,", f"Bonjour,\n\n{OWN}"))
    )
    assert start.locked == {1, 3}
    assert start.paragraphs[1] == Paragraph(text=OWN, sources=())
    assert start.paragraphs[3].sources == ("a",)
    assert start.removed == ()


def test_what_a_person_took_out_is_remembered() -> None:
    start = started(BASE, (), blocks("\n\n".join(TEXTS[:2])))
    assert start.removed[0] == TEXTS[2]


def test_what_was_a_persons_stays_so_and_anything_can_be_locked() -> None:
    given = [Given(text, locked=number == 0) for number, text in enumerate(TEXTS[:3])]
    assert started(BASE, (2,), given).locked == {0, 2}


def test_a_persons_paragraph_stands_after_the_one_that_came_before() -> None:
    start = Start((part(TEXTS[0]), part(TEXTS[1]), part(OWN), part(TEXTS[2])), frozenset({2}))
    fresh = [part("Bonjour Madame,"), part("Votre dossier est bien ouvert depuis le 3 mars."), part("Autre chose.")]
    assert [one.text for one in put_back(fresh, start)] == [*(one.text for one in fresh[:2]), OWN, fresh[2].text]


def test_fresh_paragraphs_that_repeat_a_person_or_what_he_took_out_give_way() -> None:
    start = Start((part(OWN),), frozenset({0}), (TEXTS[2],))
    fresh = [part(OWN.replace("demain", "ce soir")), part(TEXTS[2].replace("14", "15")), part(TEXTS[1])]
    assert [one.text for one in put_back(fresh, start)] == [OWN, TEXTS[1]]


def test_a_draft_of_other_paragraphs_tells_its_placeholders_and_answers() -> None:
    made = with_paragraphs(BASE, [part("Votre {nom}.", "b", "message"), part("Voilà.", "account")])
    assert (made.body, made.placeholders_left, made.answers) == ("Votre {nom}.\n\nVoilà.", ("nom",), ("b",))
