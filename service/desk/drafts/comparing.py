"""A sent reply beside the draft that was shown, ready to be stored and learned from: without personal data."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from service.domain.comparison import Comparison, ParagraphFate
from service.domain.draft import Draft
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.version import DraftVersion
from service.pipeline.clean import clean, opened
from service.pipeline.compare import compare
from service.pipeline.compare.content import content_of_reply
from service.pipeline.prompting.fence import anonymous
from service.pipeline.redact.beside import redact_beside
from service.storage.replies import Compared, EditMade

MOST_EDITS = 40


def shown(versions: Sequence[DraftVersion], number: int | None = None) -> DraftVersion | None:
    """The last version that the program made, up to the one of that number: what a person saved is his own."""
    known = [one for one in versions if one.origin != "advisor" and (number is None or one.number <= number)]
    return known[-1] if known else None


def compared(message: Message, playbook: Playbook, version: DraftVersion | None, reply: str) -> Compared:
    """Some milliseconds of work, to be done in a thread."""
    found = compare(version.draft, reply, playbook, version.number, version.locked) if version else None
    content = content_of_reply(reply, playbook.tone.signature).text.strip()
    edits = list(_edits(found)) if found and found.verdict != "rewritten" else []
    message = opened(message)
    texts = [content, *(text for edit in edits for text in (edit.before, edit.after))]
    _, _, redacted = redact_beside(clean(message), message, playbook, texts)
    whole, *rest = (anonymous(text) for text in redacted)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    made = [
        EditMade(edit.answer, before if edit.before else "", after if edit.after else "")
        for edit, (before, after) in zip(edits, pairs, strict=True)
    ]
    fates = _fates(found, version.draft) if found and version else {}
    return Compared(found, whole if content else "", fates, [one for one in made if one.before != one.after])


def _edits(found: Comparison) -> Iterator[EditMade]:
    """What was changed in sentences that rest on one canned answer."""
    for edit in found.edits[:MOST_EDITS]:
        answers = [source for source in edit.sources if source not in {"message", "account"}]
        if len(answers) == 1:
            yield EditMade(answers[0], edit.before, edit.after)


def _fates(found: Comparison, draft: Draft) -> dict[str, tuple[str, float]]:
    """By canned answer; one whose paragraphs a person had written has none."""
    resting: dict[str, list[ParagraphFate]] = defaultdict(list)
    for one in found.paragraphs:
        for source in one.sources:
            if source in draft.answers and one.fate != "advisor":
                resting[source].append(one)
    return {answer: (_fate(parts, found.verdict), _share(parts)) for answer, parts in resting.items()}


def _fate(parts: Sequence[ParagraphFate], verdict: str) -> str:
    fates = {part.fate for part in parts}
    if fates <= {"dropped"}:
        return "dropped"
    if verdict == "rewritten":
        return "rewritten"
    return "kept" if fates <= {"kept", "moved"} else "edited"


def _share(parts: Sequence[ParagraphFate]) -> float:
    return round(sum(part.kept for part in parts) / len(parts), 4)
