"""What is fuzzed: each target takes any bytes, and raises where a promise is broken."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.domain.limits import READ_CHARS
from service.playbooks import KeywordMatcher, check
from service.playbooks.expressions import SyntaxMistakeError, parse_expression, split_weight
from tests.service.pipeline.clean.letters import cleaned
from tests.service.pipeline.clean.test_properties import covered
from tests.service.playbooks.account import FILES
from tests.service.playbooks.test_matcher import naive, playbook

SLOWEST_S = 3.0
"""Processor time of one input of `LONGEST` bytes, while every branch is counted."""
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Target:
    """`seeds`: where a fuzzer starts from; `words`: what it throws in, since it would hardly find them by chance."""

    try_: Callable[[bytes], None]
    seeds: tuple[str, ...]
    words: tuple[str, ...]


def mime(data: bytes) -> None:
    _cleaned(data, "mime")


def html(data: bytes) -> None:
    _cleaned(data, "html")


def text(data: bytes) -> None:
    _cleaned(data, "text")


def _cleaned(data: bytes, body_format: str) -> None:
    """As bytes that were read as Latin-1, or as the characters that they are."""
    body = data[1:].decode("latin-1" if data[:1] < b"\x80" else "utf-8", "replace")
    began = time.process_time()
    found = cleaned(body, body_format)
    assert time.process_time() - began < SLOWEST_S, "too slow"
    covered(found)
    assert len(found.text) <= READ_CHARS


def keywords(data: bytes) -> None:
    """An expression, and a text: read or named, and found where the definition says and nowhere else."""
    expression, _, said = data.decode("utf-8", "replace").partition("\n")
    try:
        expression, _ = split_weight(expression)
        parse_expression(expression)
    except SyntaxMistakeError:
        return
    hits = KeywordMatcher(playbook(expression)).hits(said)
    assert bool(hits) == naive(expression, said)
    for hit in hits:
        assert all(naive(hit.expression, said[start:end]) for start, end in hit.spans)


def playbooks(data: bytes) -> None:
    """A file of an account: read, or its mistakes named."""
    files = sorted(FILES)
    if data:
        check(FILES | {files[data[0] % len(files)]: data[1:].decode("utf-8", "replace")})


_LETTER = """Bonjour,

Je voudrais résilier. Cordialement
Jeanne Martineau

-----Message d'origine-----
De : Paul
Envoyé : lundi 3 mars
Objet : carte

> Madame, votre carte
"""
_HTML = """<html><head><style>.a{display:none}</style></head><body><p>Bonjour&nbsp;<b>Paul</b></p><!-- x -->
<div class="gmail_quote"><blockquote type="cite">cité<ul><li>un<li>deux</ul></blockquote></div>
<table><tr><td>a<td style="font-size:0">b</table><span class=a>caché</span><font color=#fff>blanc</font></body>"""
_MAIL = """From: Jeanne <jeanne@example.org>
Subject: =?utf-8?q?R=C3=A9siliation?=
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Je veux r=E9silier.
--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PHA+Qm9uam91cjwvcD4=
--b--
""".replace("\n", "\r\n")

TARGETS: Mapping[str, Target] = {
    "mime": Target(
        mime,
        (f"a{_MAIL}", f"é{_MAIL}", f"aContent-Type: message/rfc822\n\n{_MAIL}"),
        ("Content-Type: ", "multipart/mixed; boundary=", "message/rfc822", "text/html", "charset=", "--b", "\r\n\r\n",
         "Content-Transfer-Encoding: ", "quoted-printable", "base64", "=?utf-8?b?", "?=", "Content-Disposition: ",
         "attachment; filename*=", "format=flowed", "x-uuencode", "utf-7", "punycode", "multipart/digest"),
    ),
    "html": Target(
        html,
        (f"a{_HTML}", f"é{_HTML}"),
        ("<!--", "-->", "<style>", "</style>", "<script", "<blockquote", "display:none", "&#x", "&eacute;", "<pre>",
         "<td", "<ol>", "<li>", " hidden", "font-size:0", "color:white", "<![CDATA[", "<template>", "<svg", "style="),
    ),
    "text": Target(
        text,
        (f"a{_LETTER}", f"é{_LETTER}"),
        ("Le 3 mars 2025 à 9:00, Paul a écrit :", "-- \n", "> ", "De : ", "Envoyé de mon iPhone", "Cordialement",
         "\u00ad", "\u202e", "\x00", "Ã©", "e\u0301", "\r\n", "<br>", "<html>", "_____", "On ", " wrote:", "PS : "),
    ),
    "keywords": Target(
        keywords,
        ('"mettre fin" & club !vol ^2.5\nJe veux mettre fin au club.', "rembours* ^-1\nremboursez-moi"),
        ("&", "!", "^", "*", '"', "«", "»", "[[IBAN]]", "[[IBAN_1]]", " club", " & !", "œ", "\u0301", "l'", "^0,5"),
    ),
    "playbooks": Target(
        playbooks,
        tuple(f"{chr(at)}{FILES[name]}" for at, name in enumerate(sorted(FILES))),
        ("keywords: |", "- ", ": ", "&a ", "*a", "<<: ", "!!python/name:", "? ", "[", "{", "~", ".inf", "0x",
         "2026-02-30", "? [", "%TAG ", "---", "'", "|+2", ">-"),
    ),
}  # fmt: skip
