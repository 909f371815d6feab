"""Sentences that people read, from `prompts/phrases/<topic>.<language>.yaml`. None stands in Python.

A topic with many has several files: `web_answers.fr.yaml` is of the topic `web` too.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Template

from service.yaml_file import read_yaml

FIRST_LANGUAGE = "fr"


class Phrases:
    """`phrases("decisions.unsure", best="Résiliation")` fills `$best`; raises KeyError for an unknown name."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = dict(sentences)
        self._plain = {name: sentence.strip() for name, sentence in sentences.items() if "$" not in sentence}

    def __call__(self, name: str, /, **values: object) -> str:
        plain = self._plain.get(name)  # most are: a page says thousands
        if plain is not None:
            return plain
        return Template(self._sentences[name]).substitute({key: str(value) for key, value in values.items()}).strip()

    def __contains__(self, name: str) -> bool:
        return name in self._sentences

    def names(self) -> frozenset[str]:
        return frozenset(self._sentences)


@lru_cache(maxsize=32)
def load_phrases(prompts: Path, language: str) -> Phrases:
    """Every topic in that language; where a topic lacks it, in French."""
    sentences: dict[str, str] = {}
    folder = prompts / "phrases"
    for wanted in (FIRST_LANGUAGE, language):
        for path in sorted(folder.glob(f"*.{wanted}.yaml")):
            topic = path.name.split(".")[0].partition("_")[0]
            sentences.update(_flat(topic, read_yaml(path) or {}))
    return Phrases(sentences)


def _flat(prefix: str, tree: Mapping[str, object]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{prefix}.{key}"
        flat.update(_flat(name, value) if isinstance(value, Mapping) else {name: str(value)})
    return flat
