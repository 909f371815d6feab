"""Versions of a draft: each one kept, a person's words never overwritten; on either database."""

import asyncio

import pytest

from service.desk.board.review import Review
from service.desk.drafts.versions import Wanted
from service.desk.intake.triage import TriageDesk
from service.desk.messages import Messages
from service.domain.triage import Usage
from service.errors import ConflictError, MissingError, RefusedError, UnavailableError
from service.pipeline.redraft.keeping import Given, blocks
from service.ports import Completion
from service.storage.database import Database
from tests.fakes import ScriptedModel
from tests.service.desk.drafted import BLOCKS, CLOSING, GREETING, SENT, THANKS, drafted, drafts_of, worded
from tests.service.samples import a_message, a_triage

OWN = "Je vous la renvoie aujourd'hui même, avec mes excuses."


@pytest.fixture
async def message_id(triage_desk: TriageDesk, database: Database) -> str:
    return await drafted(triage_desk, database)


def text(*parts: str) -> tuple[Given, ...]:
    return tuple(blocks("\n\n".join(parts)))


async def test_the_first_version_is_the_triages_and_a_wish_makes_the_next(
    message_id: str, database: Database, messages: Messages
) -> None:
    drafts = drafts_of(database)
    (first,) = await drafts.list(message_id)
    assert (first.number, first.origin, first.draft.body) == (0, "triage", "\n\n".join(BLOCKS))
    made = await drafts.regenerate(message_id, Wanted("lea", "plus court"))
    assert (made.number, made.base, made.origin, made.wish, made.by) == (1, 0, "wish", "plus court", "lea")
    assert made.draft.body == "\n\n".join((GREETING, SENT, CLOSING))
    assert await drafts.list(message_id) == [first, made]
    last = (await messages.history(message_id))[-1]
    assert (last.kind, last.actor, last.after) == (
        "draft_made", "lea", {"version": 1, "base": 0, "engine": "local", "locked": []},
    )  # fmt: skip


async def test_wishes_follow_each_other(message_id: str, database: Database) -> None:
    drafts = drafts_of(database)
    for wish in ("plus court", "plus chaleureux", "proposer un rendez-vous", "plus formel"):
        made = await drafts.regenerate(message_id, Wanted("lea", wish))
    assert (made.number, len(made.draft.paragraphs)) == (4, 6)
    assert SENT in made.draft.body
    assert THANKS not in made.draft.body
    assert made.draft.placeholders_left == ("creneau",)
    both = await drafts.regenerate(message_id, Wanted("lea", "Refais le brouillon, moins long svp"))
    assert len(both.draft.body) < len(made.draft.body)


@pytest.mark.parametrize("wish", ["en vers", "plus court et cite le 14 juillet", "pas plus court", "svp", "en anglais"])
async def test_a_wish_that_cannot_be_granted_is_refused_and_the_known_ones_named(
    message_id: str, database: Database, wish: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        await drafts_of(database).regenerate(message_id, Wanted("lea", wish))
    assert refused.value.problems[0].field == "wish"
    assert "AIGUILLEUR_MODEL" in refused.value.problems[0].message


async def test_what_a_person_wrote_stays_and_is_saved_as_a_version_first(message_id: str, database: Database) -> None:
    drafts = drafts_of(database)
    made = await drafts.regenerate(message_id, Wanted("lea", "plus court", text(GREETING, SENT, OWN, THANKS, CLOSING)))
    own, short = (await drafts.list(message_id))[1:]
    assert (own.origin, own.by, own.locked, own.draft.paragraphs[2].text) == ("advisor", "lea", (2,), OWN)
    assert (short, short.locked, short.base) == (made, (2,), 1)
    assert short.draft.body == "\n\n".join((GREETING, SENT, OWN, CLOSING))
    again = await drafts.regenerate(message_id, Wanted("lea"))
    assert (again.locked, OWN in again.draft.body, again.draft.body.count(SENT)) == ((2,), True, 1)


async def test_what_a_person_took_out_stays_out(message_id: str, database: Database) -> None:
    made = await drafts_of(database).regenerate(message_id, Wanted("lea", "", text(GREETING, SENT, CLOSING)))
    assert THANKS not in made.draft.body


async def test_a_saved_text_comes_back_with_its_findings(message_id: str, database: Database) -> None:
    changed = SENT.replace("42 €", "57 €")
    saved = await drafts_of(database).save(message_id, Wanted("lea", keep=text(GREETING, changed, CLOSING), version=0))
    assert (saved.number, saved.origin, saved.locked) == (1, "advisor", (1,))
    assert ("unsourced_amount", "57 €") in {(one.kind, one.text) for one in saved.draft.findings}
    same = await drafts_of(database).save(message_id, Wanted("lea", keep=text(GREETING, changed, CLOSING), version=1))
    assert same == saved


async def test_what_one_advisor_saves_in_one_sitting_is_one_version(message_id: str, database: Database) -> None:
    drafts = drafts_of(database)
    for number, word in enumerate(("Un", "Un mot", "Un mot de plus")):
        saved = await drafts.save(message_id, Wanted("lea", keep=text(GREETING, word), version=number))
    other = await drafts.save(message_id, Wanted("sam", keep=text(GREETING, "Sam"), version=saved.number))
    assert (saved.number, saved.base, other.base) == (3, 0, 3)
    assert [one.number for one in await drafts.list(message_id)] == [0, 3, 4]


async def test_of_two_advisors_who_save_at_once_one_is_told_and_nothing_is_lost(
    message_id: str, database: Database
) -> None:
    drafts = drafts_of(database)
    wanted = [Wanted(by, keep=text(GREETING, f"De {by}."), version=0) for by in ("lea", "sam", "zoe")]
    found = await asyncio.gather(*(drafts.save(message_id, one) for one in wanted), return_exceptions=True)
    refused = [one for one in found if isinstance(one, ConflictError)]
    assert len(refused) == 2
    (saved,) = [one for one in found if not isinstance(one, BaseException)]
    assert "version 1" in refused[0].detail
    assert refused[0].problems[0].field == "version"
    assert (await drafts.list(message_id))[1:] == [saved]


async def test_the_same_request_again_gives_the_same_version(message_id: str, database: Database) -> None:
    drafts = drafts_of(database)
    once = Wanted("lea", "plus court", version=0)
    first, second = await asyncio.gather(*(drafts.regenerate(message_id, once) for _ in range(2)))
    keyed = Wanted("lea", "plus chaleureux", key="k-1")
    third = await drafts.regenerate(message_id, keyed)
    assert first == second == await drafts.regenerate(message_id, once)
    assert (third.number, await drafts.regenerate(message_id, keyed)) == (2, third)
    with pytest.raises(ConflictError):
        await drafts.regenerate(message_id, Wanted("lea", "plus formel", key="k-1"))
    assert len(await drafts.list(message_id)) == 3


async def test_a_model_words_anew_what_nobody_wrote_and_its_cost_is_kept(message_id: str, database: Database) -> None:
    model = ScriptedModel([worded("Bonjour [[PERSONNE_1]],", "Votre facture de 42 € part vite.", "§3§", "Le club")])
    kept = text(GREETING, SENT, OWN, CLOSING)
    made = await drafts_of(database, model).regenerate(message_id, Wanted("lea", "en deux phrases, Anne Petit", kept))
    assert made.draft.body == "\n\n".join(("Bonjour Anne Petit,", "Votre facture de 42 € part vite.", OWN, "Le club"))
    assert (made.locked, made.engine, made.usage.calls, made.usage.prompt_tokens) == ((2,), "model", 1, 100)
    shown = "\n".join(turn.content for turn in model.prompts[0].turns)
    assert "en deux phrases, [[PERSONNE_1]]" in shown
    assert "Petit" not in shown


async def test_a_model_that_repeats_or_forgets_a_persons_words_changes_nothing_of_them(
    message_id: str, database: Database
) -> None:
    kept = text(GREETING, SENT, OWN, CLOSING)
    for said in (worded("Bonjour,", SENT, OWN.replace("même", ""), "Le club"), worded("Bonjour,", SENT, "Le club")):
        made = await drafts_of(database, ScriptedModel([said])).regenerate(message_id, Wanted("lea", "autrement", kept))
        assert [part.text for part in made.draft.paragraphs].count(OWN) == 1
        assert made.draft.body.count("renvoie") == 1


async def test_a_model_that_invents_an_amount_is_told_on(message_id: str, database: Database) -> None:
    model = ScriptedModel([worded("Bonjour,", "Votre facture de 99 € part sous 3 jours.")])
    made = await drafts_of(database, model).regenerate(message_id, Wanted("lea", "dis 99 €"))
    assert ("unsourced_amount", "99 €") in {(one.kind, one.text) for one in made.draft.findings}


async def test_without_the_models_answer_a_known_wish_is_granted_by_rule(message_id: str, database: Database) -> None:
    away = ScriptedModel([UnavailableError("away"), UnavailableError("away")])
    made = await drafts_of(database, away).regenerate(message_id, Wanted("lea", "plus court"))
    assert (made.engine, THANKS in made.draft.body) == ("local", False)
    nothing = ScriptedModel([Completion(worded(), Usage(model="scripted", calls=1))])
    with pytest.raises(RefusedError):
        await drafts_of(database, nothing).regenerate(message_id, Wanted("lea", "en vers"))


async def test_after_a_correction_a_wish_is_granted_on_the_right_queues_answer(
    message_id: str, database: Database, review: Review
) -> None:
    await review.correct(message_id, "resiliation", "lea")
    with pytest.raises(RefusedError, match="réponse type"):
        await drafts_of(database).regenerate(message_id, Wanted("lea", "plus court"))


async def test_a_text_is_saved_where_no_queue_and_no_draft_is_known(
    triage_desk: TriageDesk, database: Database
) -> None:
    message = a_message("m-9", "Bonjour ?")
    await triage_desk.keep([(message, a_triage(message, "t-9", None, alternatives=()))])
    drafts = drafts_of(database)
    assert await drafts.list("t-9") == []
    saved = await drafts.save("t-9", Wanted("lea", keep=text(GREETING, OWN), version=0))
    assert (saved.number, saved.locked, saved.draft.body) == (1, (0, 1), f"{GREETING}\n\n{OWN}")
    with pytest.raises(RefusedError) as refused:
        await drafts.regenerate("t-9", Wanted("lea", "plus court"))
    assert refused.value.problems[0].field == "id"


async def test_messages_of_others_and_unknown_ones_are_missing(message_id: str, database: Database) -> None:
    for unknown, account in (("no-such-id", None), (message_id, "other")):
        with pytest.raises(MissingError):
            await drafts_of(database).list(unknown, account)
        with pytest.raises(MissingError):
            await drafts_of(database).regenerate(unknown, Wanted("lea"), account)


async def test_a_reply_is_compared_with_the_programs_last_version(
    message_id: str, database: Database, review: Review, messages: Messages
) -> None:
    drafts = drafts_of(database)
    short = await drafts.regenerate(message_id, Wanted("lea", "plus court"))
    edited = text(GREETING, SENT.replace("42 €", "45 €"), CLOSING)
    saved = await drafts.save(message_id, Wanted("lea", keep=edited, version=short.number))
    case = await review.record_reply(message_id, saved.draft.body, "lea")
    assert case.comparison is not None
    assert (case.comparison.version, case.comparison.verdict) == (short.number, "edited")
    assert [(one.kind, one.before, one.after) for one in case.comparison.changes] == [("amount", "42 €", "45 €")]
    assert (await messages.get(message_id)).comparison == case.comparison
    told = (await messages.history(message_id))[-1].after or {}
    assert (told["verdict"], told["changed"], told["version"]) == ("edited", ["amount"], 1)
