import re
import string
from typing import Any

import pytest

from evals.harness.charts import risk_chart
from evals.harness.comparison import compare_pairs
from evals.harness.folder import Run, Subject
from evals.harness.predictions import Prediction
from evals.harness.promises import promise_of
from evals.harness.report import FOLDER, matrix, render, words, worst_queues
from evals.harness.summary import summarise
from service.domain.decision import Local
from service.domain.playbook import Playbook, Queue, Tone
from service.domain.triage import Usage, Versions
from service.settings import PROMPTS
from tests.evals.harness.made import draft, made

RUN = Run(subject=Subject(account="petit", engine="local", dataset="d", history="h", versions=Versions(playbook="p")))


def playbook(language: str = "fr") -> Playbook:
    queues = tuple(
        Queue(id=name, label=name.upper(), level=1, sla_hours=24, definition="d", instructions=("i",))
        for name in ("b", "a", "c")
    )
    return Playbook(
        account="petit", label="Petit", language=language, version="p", queues=queues,
        tone=Tone(instructions=("Clair.",), signature="s"),
    )  # fmt: skip


def page(*predictions: Prediction, language: str = "fr") -> str:
    return render(summarise(predictions, 1.0), predictions, playbook(language), RUN, PROMPTS)


def leaves(tree: Any, path: str = "") -> dict[str, str]:
    if not isinstance(tree, dict):
        return {path: str(tree)}
    return {name: text for key, one in tree.items() for name, text in leaves(one, f"{path}.{key}").items()}


def test_every_word_is_there_in_both_languages_with_the_same_values() -> None:
    french, english = (leaves(words(PROMPTS / FOLDER, language)) for language in ("fr", "en"))
    assert french.keys() == english.keys()
    for name, text in french.items():
        values = [{field for _, field, _, _ in string.Formatter().parse(one) if field} for one in (text, english[name])]
        assert values[0] == values[1], name


def test_the_page_speaks_the_accounts_language_and_french_where_it_has_no_words() -> None:
    assert "Quality measurement" in page(made("a", "a"), language="en")
    assert "100.0%" in page(made("a", "a"), language="en")
    assert "Mesure de qualité" in page(made("a", "a"), language="de")
    assert "100,0\u202f%" in page(made("a", "a"))


def test_what_a_customer_wrote_cannot_become_markup() -> None:
    evil = "<script>alert(1)</script>"
    shown = page(made("a", "b", expected={"masked_text": evil, "masked_subject": evil}))
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 2


def test_a_run_in_which_nothing_was_routed_or_guessed_has_a_page_too() -> None:
    shown = page(made("a", "b", 0.0, routed=False, alternatives=()))
    assert "Aucun message n&#39;a été routé seul" in shown
    assert not re.search(r"\bNone\b|\bnan\b", shown)


def test_the_worst_queues_come_first_with_the_surest_mistakes() -> None:
    found = worst_queues(
        [
            made("a", "b", 0.6, external_id="1"),
            made("a", "b", 0.9, external_id="2"),
            made("b", "c", 0.9, external_id="3"),
            made("c", "c"),
        ]
    )
    assert [(one.id, one.wrong, one.n) for one in found] == [("a", 2, 2), ("b", 1, 1)]
    assert [one.external_id for one in found[0].shown] == ["2", "1"]


def test_the_matrix_has_a_row_and_a_column_for_each_queue_in_the_playbooks_order() -> None:
    rows = matrix([made("a", "b"), made("a", "a"), made("b", "b")], {"b": "B", "a": "A", "c": "C"})
    assert [(row.id, row.counts, row.n) for row in rows] == [("b", (1, 0), 1), ("a", (1, 1), 2)]


@pytest.mark.parametrize(("wrong", "verdict"), [(2, "held"), (5, "unsure"), (12, "broken")])
def test_a_promise_is_broken_only_where_the_whole_interval_is_above(wrong: int, verdict: str) -> None:
    routed = [made("a", "b" if at < wrong else "a", external_id=str(at)) for at in range(100)]
    found = promise_of(routed, 0.03)
    assert found is not None
    assert (found.verdict, found.error) == (verdict, wrong / 100)


def test_the_risk_chart_has_room_for_curve_and_promise() -> None:
    summary = summarise([made("a", "a", 0.9), made("a", "b", 0.2, routed=False)], 1.0)
    chart = risk_chart(summary, 0.03)
    assert chart.rows[-1].share == 0.6
    assert chart.line == "227.0,222.0 408.0,47.0"
    assert chart.promise == pytest.approx(211.5)
    assert (chart.coverage, chart.error) == (227.0, 222.0)


def test_a_run_that_asked_a_model_says_what_asking_it_less_often_would_have_saved() -> None:
    usage = Usage(model="m", calls=1, prompt_tokens=100, cost_usd=0.01)
    sure = Local(queue="a", confidence=0.9, outcome_reason="confident", standing="agrees")
    unsure = Local(queue="a", confidence=0.5, outcome_reason="unsure", standing="agrees")
    said = [made("a", "a", engine="model", usage=usage, local=local) for local in (sure, unsure)]
    shown = page(*said)
    assert "50,0\u202f% des messages seraient confiés au modèle" in shown
    assert "50,0\u202f% de jetons en moins" in shown
    assert "Le modèle seulement" not in page(made("a", "a"))


def test_a_queue_that_must_not_be_missed_is_accounted_for() -> None:
    first, *others = playbook().queues
    guarded = playbook().model_copy(update={"queues": (first.model_copy(update={"must_not_miss": True}), *others)})
    said = [made("b", "a"), made("b", "b")]
    shown = render(summarise(said, 1.0), said, guarded, RUN, PROMPTS)
    assert "« B » ne doit pas être manquée : sur 2 messages, 1 sont partis seuls" in shown


def test_what_changed_in_drafts_and_what_the_runs_were_made_with_stand_on_the_page() -> None:
    def one_run(version: str, source: str) -> list[Prediction]:
        given: dict[str, Any] = {"versions": Versions(playbook=version), "expected": {"answers": ("right",)}}
        resting = draft().model_copy(update={"answers": (source,)})
        return [made("a", "a", external_id=f"m{at}", draft=resting, **given) for at in range(4)]

    before, after = one_run("one", "right"), one_run("two", "wrong")
    changed = compare_pairs(list(zip(before, after, strict=True)))
    text = render(summarise(after, 1.0), after, playbook(), RUN, PROMPTS, changed)
    assert "-100,00 points (intervalle" in text
    assert "playbook one → two" in text


def test_a_page_without_drafts_or_labelled_personal_data_has_no_empty_table_and_no_dash_for_a_figure() -> None:
    text = page(made("a", "a"))
    assert "Masquées : –" not in text
    assert "le masquage n&#39;est pas mesuré" in text
    drafts = text.partition("<h2>Les brouillons</h2>")[2].partition("</section>")[0]
    assert "<table>" not in drafts


@pytest.mark.parametrize(("n", "unsure"), [(9, True), (400, False)])
def test_a_promise_that_holds_on_few_messages_is_not_said_to_be_certain(n: int, unsure: bool) -> None:
    text = page(*(made("a", "a", external_id=f"m{at}") for at in range(n)))
    assert "La promesse tient" in text
    assert ("plus de messages" in text) is unsure
