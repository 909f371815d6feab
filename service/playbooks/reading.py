"""Files to a playbook, by the one parser that the command line, the editor and the import share."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from service.domain.playbook import Playbook
from service.errors import MissingError
from service.phrases import FIRST_LANGUAGE
from service.playbooks.canned import check_answers
from service.playbooks.content import content_version
from service.playbooks.example_files import is_examples
from service.playbooks.mistakes import Mistake, Mistakes, phrases
from service.playbooks.refusals import refuse_errors
from service.playbooks.rules import check_rules
from service.playbooks.sheets import ANSWERS, Sheets, read_sheets
from service.playbooks.situations import check_offers

YAML = {".yaml", ".yml"}


def parse(files: Mapping[str, str], language: str = "fr") -> Playbook:
    """The playbook in these files (path inside the account's folder to text).

    Raises RefusedError that names file, line and cure of every error, in `language`. Canned answers
    and confirmed messages have a life of their own: mistakes in them do not count here.
    """
    mistakes = Mistakes(language)
    sheets = _read({file: text for file, text in files.items() if file != ANSWERS}, mistakes)
    refuse_errors(mistakes)
    return _playbook(sheets)


def parse_playbook(folder: Path) -> Playbook:
    """As `parse`, from an account's folder. Raises MissingError where there is none."""
    return parse(read_folder(folder))


def check(files: Mapping[str, str], language: str = "fr") -> list[Mistake]:
    """Every mistake in playbook and canned answers, found in one pass, in order of file and line."""
    mistakes = Mistakes(language)
    note_mistakes(files, mistakes)
    return mistakes.all


def note_mistakes(files: Mapping[str, str], mistakes: Mistakes) -> tuple[str, ...]:
    """Notes what `check` finds; the ids of the queues that can be read."""
    sheets = _read(files, mistakes)
    if ANSWERS in files:
        answers = check_answers(files[ANSWERS], mistakes, sheets.queue_ids)
        check_offers(sheets, [answer.id for answer in answers], mistakes)
    return tuple(sheets.queue_ids)


def version(files: Mapping[str, str]) -> str:
    """12 hex digits of the content: blind to comments, formatting, the order of files, canned answers."""
    return parse(files).version


def read_folder(folder: Path) -> dict[str, str]:
    """The playbook's files in an account's folder. Bytes that are not UTF-8 become U+FFFD, which `check` names."""
    if not folder.is_dir():
        raise MissingError(phrases(FIRST_LANGUAGE)("playbook.no_folder", folder=folder))
    return {
        file: path.read_bytes().decode("utf-8", errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (is_examples(file := path.relative_to(folder).as_posix()) or path.suffix in YAML)
    }


def _read(files: Mapping[str, str], mistakes: Mistakes) -> Sheets:
    sheets = read_sheets(files, mistakes)
    check_rules(sheets, mistakes)
    return sheets


def _playbook(sheets: Sheets) -> Playbook:
    assert sheets.account is not None  # noqa: S101 - a missing account is an error, noted before
    examples = {
        PurePosixPath(file).stem: tuple(example for _, example in placed) for file, placed in sheets.examples.items()
    }
    queues = sorted((sheet.part for sheet in sheets.queues), key=lambda queue: queue.id)
    playbook = Playbook(
        **dict(sheets.account.part),
        version="",
        queues=tuple(queue.model_copy(update={"examples": examples.get(queue.id, ())}) for queue in queues),
        precedence=tuple(sheet.part for sheet in sheets.precedence),
        flags=tuple(sheet.part for sheet in sheets.flags),
        situations=tuple(sheet.part for sheet in sheets.situations),
        facts=sheets.facts,
    )
    return playbook.model_copy(update={"version": content_version(playbook)})
