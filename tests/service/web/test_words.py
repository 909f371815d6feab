"""What pages say: complete in both languages, and about time as people say it."""

import re
from datetime import datetime, timedelta

import pytest
import yaml

from service.domain.moment import EARLIEST, LATEST
from service.phrases import load_phrases
from service.settings import PROMPTS
from service.web.pages import TEMPLATES, TOLD
from service.web.words import Words
from tests.service.samples import NOW


def names(language: str) -> set[str]:
    def flat(tree: object, prefix: str) -> set[str]:
        if not isinstance(tree, dict):
            return {prefix}
        return {name for key, value in tree.items() for name in flat(value, f"{prefix}.{key}")}

    files = [*(PROMPTS / "phrases").glob(f"web.{language}.yaml"), *(PROMPTS / "phrases").glob(f"web_*.{language}.yaml")]
    return {name for path in files for name in flat(yaml.safe_load(path.read_text("utf-8")), "web")}


def test_both_languages_say_the_same_things() -> None:
    assert names("fr") == names("en")


def test_every_sentence_that_a_template_names_is_there() -> None:
    asked = {
        name for path in TEMPLATES.iterdir() for name in re.findall(r"\bt\('([\w.]+)'[,)]", path.read_text("utf-8"))
    }
    assert len(asked) > 60
    assert {f"web.{name}" for name in asked} <= names("fr")
    assert {f"web.done.{name}" for name in TOLD} <= names("fr")


@pytest.mark.parametrize("at", [EARLIEST, LATEST])
def test_a_moment_at_the_end_of_time_is_told(at: datetime) -> None:
    words = Words(load_phrases(PROMPTS, "fr"), "fr", NOW)
    assert words.moment(at)
    assert words.due(at)
    assert words.pressing(at) in {"late", "calm"}


@pytest.mark.parametrize(
    ("left", "said", "looks"),
    [
        (timedelta(minutes=5), "dans 5 min", "soon"),
        (timedelta(hours=3, minutes=59), "dans 3 h", "calm"),
        (timedelta(hours=47), "dans 47 h", "calm"),
        (timedelta(days=3, hours=2), "dans 3 j", "calm"),
        (timedelta(seconds=-30), "en retard de 1 min", "late"),
        (timedelta(days=-2), "en retard de 2 j", "late"),
    ],
)
def test_a_clock_says_how_long_is_left(left: timedelta, said: str, looks: str) -> None:
    words = Words(load_phrases(PROMPTS, "fr"), "fr", NOW)
    assert words.due(NOW + left) == said
    assert words.pressing(NOW + left) == looks
