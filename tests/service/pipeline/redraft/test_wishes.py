"""Wishes that need no model: what is understood, and what each one does to a draft."""

import pytest

from service.errors import RefusedError
from service.phrases import load_phrases
from service.pipeline.redraft.condense import condensed
from service.pipeline.redraft.rework import Setting, reworked
from service.pipeline.redraft.wishes import rules, understood
from service.settings import PROMPTS
from tests.service.pipeline.redraft.made import ANSWERED, CLOSING, COMFORT, GREETING, MATTER, NEEDED, granted, start
from tests.service.samples import a_playbook


@pytest.mark.parametrize(
    ("said", "wishes"),
    [
        ("plus court", ["shorter"]),
        ("PLUS COURT, s'il te plaît !", ["shorter"]),
        ("Peux-tu raccourcir et rendre plus chaleureux ?", ["shorter", "warmer"]),
        ("proposez un rendez-vous, puis plus formel", ["appointment", "formal"]),
        ("en anglais svp", ["english"]),
        ("make it shorter and friendlier please", ["shorter", "warmer"]),
        ("C'est trop long", ["shorter"]),
    ],
)
def test_wishes_are_understood_in_their_order_in_french_and_english(said: str, wishes: list[str]) -> None:
    assert [one.id for one in understood(said, "fr")] == wishes


@pytest.mark.parametrize(
    "said", ["", "merci", "pas plus court", "plus court sans le montant", "ne sois pas plus formel", "42"]
)
def test_what_is_understood_by_half_is_not_granted(said: str) -> None:
    with pytest.raises(RefusedError) as refused:
        understood(said, "fr")
    assert "plus chaleureux" in refused.value.problems[0].message


def test_every_way_to_say_a_wish_is_that_wish_alone() -> None:
    for wish in rules().wishes:
        assert set(wish.names) == {"fr", "en"}
        for name in wish.names.values():
            assert [one.id for one in understood(name, "fr")] == [wish.id]


@pytest.mark.parametrize("sentence", NEEDED)
def test_a_shorter_draft_keeps_what_states_binds_asks_or_answers(sentence: str) -> None:
    texts = granted(start(GREETING, f"{sentence}\n{COMFORT[0]}", CLOSING), "plus court")
    assert texts == [GREETING, condensed(sentence), CLOSING]


@pytest.mark.parametrize("sentence", COMFORT)
def test_a_shorter_draft_leaves_comfort_out(sentence: str) -> None:
    assert granted(start(GREETING, NEEDED[0], sentence, CLOSING), "plus court") == [GREETING, NEEDED[0], CLOSING]


def test_a_shorter_draft_names_what_was_left_out_and_cuts_what_an_action_is_good_for() -> None:
    aimed = "Signez le mandat, afin que le véhicule reste à vous. Envoyez-nous votre RIB."
    setting = Setting(a_playbook(), MATTER, load_phrases(PROMPTS, "fr"))
    made = reworked(start(GREETING, aimed, COMFORT[0], CLOSING), understood("plus court", "fr"), setting)
    assert [part.text for part in made.paragraphs] == [
        GREETING,
        "Signez le mandat. Envoyez-nous votre RIB.",
        CLOSING,
    ]
    assert made.left_out == ("afin que le véhicule reste à vous", COMFORT[0])


OPTIONAL = "Si vous préférez, la boutique du centre imprime aussi ce papier."


def test_a_shorter_draft_leaves_out_what_was_not_asked_about_with_its_condition() -> None:
    assert granted(start(GREETING, NEEDED[0], OPTIONAL, CLOSING), "plus court") == [GREETING, NEEDED[0], CLOSING]


@pytest.mark.parametrize(
    "kept",
    [
        f"{OPTIONAL} Elle ferme à 18 h.",
        "Si vous préférez, vous avez le droit de vous rétracter.",
        "Si vous souhaitez un recours, le médiateur est à l'adresse suivante.",
    ],
)
def test_a_shorter_draft_keeps_rights_and_what_the_next_sentence_speaks_of(kept: str) -> None:
    assert kept in granted(start(GREETING, kept, COMFORT[0], CLOSING), "plus court")


@pytest.mark.parametrize(
    "spare",
    [
        "Nous avons bien reçu votre courrier.",
        "Votre demande du 3 mars 2026 est enregistrée.",
        "Vous recevrez ensuite un e-mail.",
        "Le décompte figure dans votre espace.",
        "Si le colis vous parvient, dites-le-nous.",
        "Si le virement tarde, appelez le 04 65 71 10 10.",
        "If anything is missing, let us know.",
    ],
)
def test_a_shorter_draft_leaves_out_acknowledgements_notices_and_mere_invitations(spare: str) -> None:
    assert granted(start(GREETING, ANSWERED, spare, CLOSING), "plus court") == [GREETING, ANSWERED, CLOSING]


@pytest.mark.parametrize(
    "kept",
    [
        "Nous avons bien reçu 40 € de votre part.",
        "Votre demande est enregistrée sous le numéro 4471.",
        "Vous recevrez ensuite une facture de 40 €.",
        "Si vous n'êtes pas à l'origine de cette demande, appelez sans attendre le 04 65 71 10 10.",
        "Si le colis vous parvient, ne l'ouvrez pas.",
        "Si le colis est perdu, nous vous remboursons.",
        "Si votre banque refuse, envoyez-nous un RIB.",
        "S'il est en retard, écrivez-nous sous 10 jours.",
        "La pièce manquante, celle du 3 mars, est bien utile.",
        "Si le virement tarde, appelez-nous. Cela arrive en août.",
    ],
)
def test_a_shorter_draft_keeps_conditions_that_bind_and_what_was_filled_in(kept: str) -> None:
    assert condensed(kept).partition(". ")[0] in "\n".join(
        granted(start(GREETING, ANSWERED, kept, COMFORT[0], CLOSING), "plus court")
    )


def test_a_signature_with_a_name_in_it_is_never_left_out() -> None:
    playbook = a_playbook()
    tone = playbook.tone.model_copy(update={"signature": "{conseiller}\nLe club"})
    setting = Setting(playbook.model_copy(update={"tone": tone}), MATTER, load_phrases(PROMPTS, "fr"))
    before = start(GREETING, ANSWERED, COMFORT[0], "Bonne route,", "Lucie\nLe club")
    made = reworked(before, understood("plus court", "fr"), setting)
    assert [part.text for part in made.paragraphs] == [GREETING, ANSWERED, "Bonne route,", "Lucie\nLe club"]


def test_sympathy_stays_where_the_matter_is_sensitive() -> None:
    before = start(GREETING, "Je vous présente mes condoléances.", COMFORT[1], CLOSING)
    assert granted(before, "plus court", sober=True) == [GREETING, before.paragraphs[1].text, CLOSING]


def test_a_warmer_draft_has_an_opening_and_an_end_and_a_sober_one_no_more_than_an_opening() -> None:
    phrases = load_phrases(PROMPTS, "fr")
    warm = granted(start(GREETING, NEEDED[0], CLOSING), "plus chaleureux")
    assert warm == [GREETING, phrases("wishes.warm.opening"), NEEDED[0], phrases("wishes.warm.closing"), CLOSING]
    sober = granted(start(GREETING, NEEDED[0], CLOSING), "plus chaleureux", sober=True)
    assert sober == [GREETING, phrases("wishes.warm.opening_sober"), NEEDED[0], CLOSING]


@pytest.mark.parametrize(
    ("greeting", "formal"),
    [
        ("Bonjour Madame Petit,", "Madame Petit,"),
        ("Bonjour {civilite} {nom},", "{civilite} {nom},"),
        ("Bonjour Anne Petit,", "Madame, Monsieur,"),
        ("Bonjour !", "Madame, Monsieur,"),
    ],
)
def test_a_more_formal_draft_greets_and_closes_like_a_letter(greeting: str, formal: str) -> None:
    first, middle, last = granted(start(greeting, "C'est fait !", CLOSING), "plus formel")
    assert (first, middle) == (formal, "C'est fait.")
    assert last.endswith("{conseiller}\nLe club")
    assert "agréer" in last


def test_an_appointment_is_offered_at_the_accounts_times_or_left_to_fill_in() -> None:
    before = start(GREETING, NEEDED[0], CLOSING)
    assert "{creneau}" in granted(before, "proposer un rendez-vous")[2]
    assert granted(before, "proposer un rendez-vous", call="Mardi ?")[2] == "Mardi ?"


@pytest.mark.parametrize("wish", ["plus court", "plus chaleureux", "plus formel", "proposer un rendez-vous"])
def test_no_wish_touches_what_a_person_wrote(wish: str) -> None:
    own = ("Bonjour chère amie !", "Nous espérons que tout va bien !", "Cordialement !")
    texts = granted(start(*own[:2], "Voilà !", own[2], locked=(0, 1, 3)), wish)
    assert [text for text in texts if text in own] == list(own)


@pytest.mark.parametrize("wish", ["plus court", "plus chaleureux", "proposer un rendez-vous", "plus formel"])
def test_a_wish_that_changes_nothing_says_so(wish: str) -> None:
    once = granted(start(GREETING, NEEDED[0], COMFORT[0], CLOSING), wish)
    with pytest.raises(RefusedError):
        granted(start(*once), wish)


def test_a_shorter_draft_leaves_out_parts_of_a_sentence_that_only_comfort_or_explain_and_keeps_a_law() -> None:
    law = "Vous demandez l'effacement de vos données (article 17 du RGPD)."
    texts = granted(
        start(GREETING, f"Cela arrive ; le club ne facture aucuns frais de rejet. {law}", CLOSING), "plus court"
    )
    assert texts == [GREETING, f"Le club ne facture aucuns frais de rejet. {law}", CLOSING]
