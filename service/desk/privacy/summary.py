"""An export as a page that a person can read without any program but a browser."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.domain.privacy import Export
from service.phrases import Phrases

TEMPLATE = "privacy/summary.html.j2"
NAMED_BY = ("external_id", "id", "message_id")


def summary_of(export: Export, phrases: Mapping[str, Phrases], prompts: Path) -> str:
    """HTML, one section a language; the data themselves stand in the first."""
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 - only where a page is made

    pages = Environment(loader=FileSystemLoader(prompts), autoescape=True)
    sections = [_section(export, language, said) for language, said in phrases.items()]
    told = [section | {"full": not at} for at, section in enumerate(sections)]
    return pages.get_template(TEMPLATE).render(sections=told)


def _section(export: Export, language: str, said: Phrases) -> dict[str, Any]:
    return {
        "language": language,
        "title": said("privacy.summary.title", sender=export.sender),
        "made": said("privacy.summary.made", at=f"{export.made_at:%Y-%m-%d %H:%M} UTC"),
        "introduction": export.introduction[language],
        "nothing": said("privacy.summary.nothing"),
        "mentioned": said("privacy.summary.mentioned", count=export.mentioned) if export.mentioned else "",
        "parts": [_part(part, language, said) for part in export.parts],
    }


def _part(part: dict[str, Any], language: str, said: Phrases) -> dict[str, Any]:
    rows = [{"name": _name(row), "text": json.dumps(row, ensure_ascii=False, indent=2)} for row in part["rows"]]
    told = said("privacy.summary.rows", count=len(rows))
    return {"title": part["title"][language], "purpose": part["purpose"][language], "rows": told, "data": rows}


def _name(row: dict[str, Any]) -> str:
    return next((str(row[name]) for name in NAMED_BY if row.get(name)), "…")
