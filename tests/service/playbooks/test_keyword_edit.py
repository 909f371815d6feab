"""A keyword is added to a queue's file, and nothing else of it changes."""

import pytest

from service.domain.playbook import Keyword
from service.errors import ConflictError
from service.playbooks.keyword_edit import with_keyword

KEYWORD = Keyword(expression='"péage" & badge', weight=1.5)
LINE = '"péage" & badge ^1.5'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("id: a\nkeywords: |\n  b ^2\n  c\n", f"id: a\nkeywords: |\n  b ^2\n  c\n  {LINE}\n"),
        (
            "keywords: | # ours\n    b\n\n# end\nsensitive: true\n",
            f"keywords: | # ours\n    b\n    {LINE}\n\n# end\nsensitive: true\n",
        ),
        ("id: a\r\nkeywords: |\r\n  b\r\n", f"id: a\r\nkeywords: |\r\n  b\r\n  {LINE}\r\n"),
        ("id: a\nkeywords: |-\n  b", f"id: a\nkeywords: |-\n  b\n  {LINE}"),
        ("keywords: |\nid: a\n", f"keywords: |\n  {LINE}\nid: a\n"),
        ("id: a\n", f"id: a\nkeywords: |\n  {LINE}\n"),
    ],
)
def test_the_line_stands_last_in_the_block(before: str, after: str) -> None:
    assert with_keyword(before, KEYWORD, "queues/a.yaml") == after


@pytest.mark.parametrize("written", ["keywords: facture\n", "keywords: >\n  facture\n", 'keywords: ""\n'])
def test_keywords_in_another_form_are_left_to_their_author(written: str) -> None:
    with pytest.raises(ConflictError):
        with_keyword(written, KEYWORD, "queues/a.yaml")
