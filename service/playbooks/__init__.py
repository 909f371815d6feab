"""An account's playbook: read, checked, compared, written, and its keywords found in messages."""

from service.playbooks.canned import parse_answers
from service.playbooks.content import content_version, export
from service.playbooks.differences import diff
from service.playbooks.history import parse_confirmed
from service.playbooks.matcher import Hit, KeywordMatcher
from service.playbooks.mistakes import Mistake
from service.playbooks.reading import check, parse, parse_playbook, read_folder, version

__all__ = [
    "Hit",
    "KeywordMatcher",
    "Mistake",
    "check",
    "content_version",
    "diff",
    "export",
    "parse",
    "parse_answers",
    "parse_confirmed",
    "parse_playbook",
    "read_folder",
    "version",
]
