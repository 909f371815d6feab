"""What is held about a person is handed out whole, and removed whole; nobody else's goes with it."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text, update

from service.desk.clock import utc_now
from service.desk.messages import Messages
from service.desk.privacy.finish import LEASE, Finishing
from service.domain.collections import confirmed_of
from service.domain.message import Message, pseudonym_of
from service.errors import FieldProblem, MissingError, RefusedError
from service.phrases import load_phrases
from service.settings import PROMPTS
from service.storage import learned
from service.storage.accounts import ensure
from service.storage.database import Database
from service.storage.passages import Passages
from service.storage.schema import METADATA
from service.storage.schema import messages as messages_table
from tests.service.desk.private import WHO, Upkeep, Written, from_, written

ROOT = Path(__file__).parents[4]
PHRASES = {language: load_phrases(PROMPTS, language) for language in ("fr", "en")}
SECRETS = ("quillfeather", "zorglub", "crm-77001")


@pytest.fixture
async def there(database: Database, club: str, tmp_path: Path) -> Written:
    return await written(database, tmp_path / "data")


def everything(database: Database) -> str:
    """All rows of all tables, as text."""
    with database.reading() as transaction:
        rows = [str(transaction.execute(table.select()).all()) for table in METADATA.sorted_tables]
    return "\n".join(rows).casefold()


async def test_an_erased_person_is_in_no_table_any_more_and_others_stay(
    there: Written, database: Database, messages: Messages
) -> None:
    assert all(word in everything(database) for word in SECRETS)
    done = await there.privacy.erase(WHO.lower(), "dpo")
    assert (done.counts["messages"], done.counts["confirmed"], done.counts["replies"]) == (1, 1, 1)
    assert await there.privacy.finish() == []
    left = everything(database)
    assert [word for word in SECRETS if word in left] == []
    assert (await messages.get(there.other.id)).triage is not None
    with pytest.raises(MissingError):
        await messages.get(there.mine.id)
    assert Passages(database).read(confirmed_of("club"), "any") == []


async def test_the_same_external_id_is_a_new_message_after_it(there: Written) -> None:
    await there.privacy.erase(WHO, "dpo")
    again = await there.triages.triage(from_(WHO, "crm-77001"))
    assert again.id != there.mine.id


async def test_plus_tags_and_other_accounts_are_other_people(there: Written, database: Database) -> None:
    with database.writing() as transaction:
        ensure(transaction, "other-account", "Autre", "test", utc_now())
    assert (await there.privacy.plan("zoe.quillfeather+bis@example.org")).empty
    assert (await there.privacy.plan(WHO, account="other-account")).empty
    assert not (await there.privacy.plan(f"  {WHO.upper()} ", account="club")).empty
    with pytest.raises(RefusedError):
        await there.privacy.plan("  ")


async def test_of_an_account_that_is_not_there_nobody_is_told_that_nothing_is_held(there: Written) -> None:
    for verb in (there.privacy.plan(WHO, "clbu"), there.privacy.erase(WHO, "dpo", "clbu")):
        with pytest.raises(RefusedError, match="no account 'clbu'") as refused:
            await verb
        assert refused.value.problems == (FieldProblem("account", "name one of: club"),)
    assert not (await there.privacy.plan(WHO)).empty


async def test_a_plan_removes_nothing_and_names_what_would_go(there: Written, database: Database) -> None:
    await there.triages.triage(from_("else@example.net", "crm-3", f"Mon ex ({WHO}) vous écrit aussi"))
    before = everything(database)
    plan = await there.privacy.plan(WHO)
    assert (plan.counts["messages"], plan.counts["replies"], plan.counts["confirmed"]) == (1, 1, 1)
    assert len(plan.mentioned) == 1
    assert everything(database) == before


async def test_voters_that_learned_from_it_are_replaced_and_every_older_version_goes(
    there: Written, database: Database
) -> None:
    await there.privacy.erase(WHO, "dpo")
    await there.privacy.finish()
    assert there.upkeep.learned == ["club"]
    assert there.upkeep.forgotten == 1
    with database.reading() as transaction:
        assert [(one.version, one.active) for one in learned.versions(transaction, "club")] == [("after-1", True)]


async def test_what_cannot_be_done_now_waits_and_is_done_later(there: Written, database: Database) -> None:
    there.upkeep.away, there.upkeep.index_free = True, False
    await there.privacy.erase(WHO, "dpo")
    (left,) = await there.privacy.finish()
    assert (left.rows_done, left.todo.refit, left.todo.index, left.todo.quoted) == (True, ("club",), True, {})
    there.upkeep.away, there.upkeep.index_free = False, True
    assert await there.privacy.finish() == []
    (record,) = (await there.privacy.records()).items
    assert record.finished_at is not None


async def test_records_and_counts_stay_and_tell_nobody(there: Written, database: Database) -> None:
    await there.privacy.erase(WHO, "dpo")
    await there.privacy.finish()
    with database.reading() as transaction:
        kept = transaction.execute(text("SELECT channel, messages, corrected, replied FROM kept_counts")).all()
        kinds = transaction.execute(text("SELECT kind, actor FROM events ORDER BY id")).all()
    assert [tuple(row) for row in kept] == [("email", 1, 1, 1)]
    assert ("erasure_begun", "dpo") in [tuple(row) for row in kinds]
    assert ("data_erased", "dpo") in [tuple(row) for row in kinds]
    (record,) = (await there.privacy.records()).items
    assert "quillfeather" not in record.model_dump_json().casefold()


async def test_counts_are_left_out_where_that_is_asked(there: Written, database: Database) -> None:
    await there.privacy.erase(WHO, "dpo", keep_counts=False)
    with database.reading() as transaction:
        assert transaction.execute(text("SELECT count(*) FROM kept_counts")).scalar_one() == 0


async def test_a_case_whose_first_message_goes_is_led_by_the_next(there: Written, messages: Messages) -> None:
    there.pipeline.traces = ("cd" * 16,)
    one, *others = [
        await there.triages.triage(from_(address, f"case-{address}"))
        for address in ("first@example.net", "second@example.net", "third@example.net")
    ]
    assert {(await messages.get(its.id)).case_id for its in (one, *others)} == {one.id}
    await there.privacy.erase("first@example.net", "dpo")
    assert {(await messages.get(its.id)).case_id for its in others} == {others[0].id}


async def test_an_export_holds_everything_readably_and_nothing_of_others(there: Written) -> None:
    export = await there.privacy.export(WHO, "dpo", PHRASES)
    parts = {part["name"]: part for part in export.parts}
    assert {"messages", "triages", "cases", "replies", "corrections", "confirmed", "events"} <= parts.keys()
    assert parts["messages"]["rows"][0]["content"]["sender"]["address"] == WHO
    assert parts["corrections"]["rows"][0]["by"] == "advisor"
    assert parts["cases"]["rows"][0]["flagged_by"] == "advisor"
    assert parts["confirmed"]["rows"][0]["learned_from"] == ["before"]
    assert all(part["title"].keys() == {"fr", "en"} for part in export.parts)
    others = await there.privacy.export("someone@example.net", "dpo", PHRASES)
    evidence = next(part for part in others.parts if part["name"] == "triages")["rows"][0]["content"]["evidence"]
    assert [(one["text"], one["ref"]) for one in evidence] == [("", "")]


async def test_a_file_number_finds_messages_of_other_addresses_only_when_asked(
    database: Database, club: str, there: Written
) -> None:
    export = await there.privacy.export(WHO, "dpo", PHRASES, numbers=["123"])
    assert len(next(part for part in export.parts if part["name"] == "messages")["rows"]) == 1


async def test_run_folders_lose_the_lines_about_a_person_and_keep_the_rest(there: Written, tmp_path: Path) -> None:
    run, further = tmp_path / "data" / "runs" / "one", tmp_path / "elsewhere"
    run.mkdir(parents=True)
    further.mkdir()
    odd = '{"external_id": "x-3", "said": "a\u2028b"}\n'
    quoting = '{"external_id": "x-2", "evidence": [{"text": "ma facture zorglubienne", "ref": "crm-77001"}]}\n'
    lines = '{"external_id": "crm-77001", "queue": "facture"}\n{"external_id": "x-1"}\n' + quoting + odd
    (run / "predictions.jsonl").write_text(lines, "utf-8")
    (run / "report.html").write_text("<td>crm-77001</td>", "utf-8")
    (run / "summary.json").write_text('{"n": 3}', "utf-8")
    (further / "in.jsonl").write_text('{"id": "a", "from": "Zoé <zoe.quillfeather@example.org>"}\n', "utf-8")
    plan = await there.privacy.plan(WHO, runs=[further])
    assert (plan.counts["file_lines"], plan.counts["files"]) == (3, 1)
    await there.privacy.erase(WHO, "dpo", runs=[further])
    left = (run / "predictions.jsonl").read_text("utf-8")
    assert [line.split('"')[3] for line in left.split("\n")[:-1]] == ["x-1", "x-2", "x-3"]
    assert [word for word in SECRETS if word in left] == []
    assert (sorted(path.name for path in run.iterdir()), (further / "in.jsonl").read_text()) == (
        ["predictions.jsonl", "summary.json"],
        "",
    )


async def test_results_that_name_a_message_by_its_id_alone_go_with_what_was_handed_in(
    there: Written, tmp_path: Path
) -> None:
    runs = tmp_path / "data" / "runs"
    runs.mkdir(parents=True)
    handed = '{"external_id": "b-1", "sender": {"name": "Zoé", "address": "%s"}}\n{"external_id": "b-2"}\n'
    (runs / "in.jsonl").write_text(handed % WHO, "utf-8")
    (runs / "out.jsonl").write_text('{"external_id": "b-1", "draft": "Bonjour Zoé"}\n{"external_id": "b-2"}\n', "utf-8")
    scored = '{"external_id": "%s", "expected": {"sender": "%s"}}\n'
    (runs / "predictions.jsonl").write_text(
        scored % ("e-1", pseudonym_of(WHO)) + scored % ("e-2", pseudonym_of("x@y.example")), "utf-8"
    )
    await there.privacy.erase(WHO, "dpo")
    left = {path.name: path.read_text("utf-8") for path in runs.iterdir()}
    assert left["in.jsonl"] == left["out.jsonl"] == '{"external_id": "b-2"}\n'
    assert '"e-2"' in left["predictions.jsonl"]
    assert '"e-1"' not in left["predictions.jsonl"]


async def test_a_longer_address_that_ends_or_begins_alike_is_somebody_elses(there: Written, tmp_path: Path) -> None:
    others = (f"marie-{WHO}", f"{WHO}.uk", f"x.{WHO}")
    kept = tmp_path / "data" / "others.jsonl"
    kept.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f'{{"id": "o-{at}", "from": "{one}"}}\n' for at, one in enumerate(others))
    kept.write_text(lines, "utf-8")
    for at, one in enumerate(others):
        await there.triages.triage(from_(one, f"crm-9{at}", "Ma facture svp"))
    assert (await there.privacy.plan(WHO)).mentioned == ()
    await there.privacy.erase(WHO, "dpo")
    assert kept.read_text("utf-8") == lines
    for one in others:
        assert (await there.privacy.plan(one)).counts["messages"] == 1


async def test_a_raw_mail_without_a_sender_is_its_headers_senders(there: Written, database: Database) -> None:
    mail = f"From: =?utf-8?q?Zo=C3=A9?= <{WHO}>\nSubject: Facture\n\nMa zorglubienne facture\n"
    for at in range(2):
        raw = Message(external_id=f"raw-{at}", account="club", body=mail, body_format="mime")
        await there.triages.triage(raw)
    with database.writing() as transaction:  # as it was stored before
        transaction.execute(update(messages_table).where(messages_table.c.external_id == "raw-0").values(sender=""))
    export = await there.privacy.export(WHO, "dpo", PHRASES)
    assert len(next(part for part in export.parts if part["name"] == "messages")["rows"]) == 3
    assert export.mentioned == 0
    await there.privacy.erase(WHO, "dpo")
    await there.privacy.finish()
    assert [word for word in SECRETS if word in everything(database)] == []


async def test_a_message_that_a_form_sent_for_somebody_goes_where_it_is_named(there: Written) -> None:
    form = await there.triages.triage(from_("form@site.example", "crm-4", f"E-mail : {WHO}, ma facture"))
    (mentioned,) = (await there.privacy.plan(WHO)).mentioned
    assert mentioned == form.id
    plan = await there.privacy.plan(WHO, also=[mentioned])
    assert (plan.counts["messages"], plan.mentioned) == (2, ())
    export = await there.privacy.export(WHO, "dpo", PHRASES, also=[mentioned])
    assert len(next(part for part in export.parts if part["name"] == "messages")["rows"]) == 2
    await there.privacy.erase(WHO, "dpo", also=[mentioned])
    assert (await there.privacy.plan("form@site.example")).empty


def begin_and_kill(url: str, data: Path, patience: int) -> None:
    command = [sys.executable, "-m", "tests.service.desk.erase_slowly", url, str(data)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(patience):
        process.stdout.readline()
    process.kill()
    process.stdout.close()
    process.wait()


async def test_killed_at_any_moment_an_erasure_is_whole_when_it_is_asked_for_again(
    database: Database, url: str, club: str, there: Written, tmp_path: Path
) -> None:
    for number in range(12):
        await there.triages.triage(from_(WHO, f"more-{number}", f"{number} zorglubienne"))
    for patience in (2, 5, 9):
        await asyncio.to_thread(begin_and_kill, url, tmp_path, patience)
    await there.privacy.erase(WHO, "dpo")
    upkeep = Upkeep(database)
    dead = datetime.now(UTC) + 2 * LEASE
    later = Finishing(database, upkeep, lambda: dead)
    assert await later.finish() == []
    assert [word for word in SECRETS if word in everything(database)] == []
    records = (await there.privacy.records()).items
    assert all(one.finished_at is not None for one in records)
    assert sum(one.counts.get("messages", 0) for one in records) == 13
