"""Messages that nobody should send, by name."""

import base64
import json
from typing import Any

WALL = 20_000


def _nested(opening: str, closing: str, depth: int) -> str:
    return opening * depth + closing * depth


def _mail(headers: str, body: str) -> dict[str, Any]:
    return {"body": f"From: a@example.org\r\nSubject: essai\r\n{headers}\r\n\r\n{body}", "body_format": "mime"}


def _text(body: str, **fields: Any) -> dict[str, Any]:
    return {"body": body} | fields


_TNEF = base64.b64encode(b"\x78\x9f\x3e\x22" + b"\x00\x01" * 300).decode()

STRANGE: dict[str, dict[str, Any]] = {
    "empty": {"body": "", "subject": ""},
    "nothing at all": {},
    "only spaces": _text(" \t\r\n\u00a0\u200b" * 50),
    "NUL": _text("Je veux\x00 résilier\x00.", subject="a\x00b"),
    "control characters": _text("".join(map(chr, range(32))) + "résilier" + "".join(map(chr, range(127, 160)))),
    "one endless word": _text("a" * WALL),
    "wall of spaces": _text(" " * WALL + "résilier"),
    "wall of emoji": _text("😀" * WALL),
    "wall of family emoji": _text("👨‍👩‍👧‍👦" * 2_500),
    "wall of quoted lines": _text("> \n" * (WALL // 3)),
    "wall of deeper quotes": _text(">" * WALL),
    "wall of angle brackets": _text("<" * WALL, body_format="html"),
    "wall of ampersands": _text("&" * WALL, body_format="html"),
    "wall of closing tags": _text("</b>" * (WALL // 4), body_format="html"),
    "wall of combining accents": _text("e" + "\u0301" * WALL),
    "wall of digits": _text("1" * WALL),
    "wall of at signs": _text("@" * WALL),
    "wall of addresses": _text("a@b.fr " * (WALL // 7)),
    "wall of names": _text("Madame Dupont " * (WALL // 14)),
    "wall of dashes": _text("-" * WALL),
    "wall of line ends": _text("\n" * WALL),
    "wall of carriage returns": _text("\r" * WALL),
    "wall of brackets": _text("([{" * (WALL // 3)),
    "wall of placeholders": _text("[[PERSONNE_1]] {civilite} " * 700),
    "wall of forwarded headers": _text("De : a\nEnvoyé : b\nÀ : c\nObjet : d\n" * 500),
    "two million characters": _text("résilier " * 200_000),
    "script and comments": _text(
        "<html><head><style>p{color:red}</style><script>alert(1)</script></head><!-- <b>x</b> -->"
        "<p style='display:none'>caché</p><p>Je veux résilier</p><img src=x onerror=alert(1)></html>",
        body_format="html",
    ),
    "unclosed script": _text("<p>Je résilie</p><script>" + "x" * 1_000, body_format="html"),
    "unclosed comment": _text("<p>Je résilie</p><!-- " + "x" * 1_000, body_format="html"),
    "deep HTML": _text(_nested("<div>", "</div>", 100_000), body_format="html"),
    "deep tables": _text(_nested("<table><tr><td>", "</td></tr></table>", 10_000), body_format="html"),
    "deep lists": _text("<ul><li>" * 30_000, body_format="html"),
    "deep quotes": _text("<blockquote>" * 50_000, body_format="html"),
    "many attributes": _text("<p " + "a=1 " * 50_000 + ">x</p>", body_format="html"),
    "numeric entities out of range": _text("&#x110000;&#0;&#xD800;&#99999999999;x", body_format="html"),
    "subject of several lines": _text("x", subject="a\r\nBcc: b@example.org\r\n\r\nx"),
    "bidi overrides": _text("\u202eresilier\u202c \u2066\u2067\u2068\u2069", subject="\u202egro.elpmaxe"),
    "private use and noncharacters": _text("\ue000\ufffe\uffff\U0010ffff"),
    "sender of several lines": _text("x", sender="a\nb <c@d.fr>\r\nX: y"),
    "sender that is a wall": _text("x", sender={"name": "<" * 2_000, "address": "@" * 2_000}),
    "ten thousand recipients": _text("x", recipient="a@b.fr, " * 250),
    "odd metadata": _text("x", metadata={"": "x"} | {f"clé {n} {{}} $x": "{civilite}" for n in range(50)}),
    "metadata like code": _text("x", metadata={"__class__": "x", "{0.__init__}": "${x}", "nom": "{nom}", "a": ""}),
    "mail with an unknown charset": _mail("Content-Type: text/plain; charset=klingon", "Je résilie"),
    "mail that lies about its charset": _mail("Content-Type: text/plain; charset=utf-16", "Je r\xe9silie"),
    "mail with broken base64": _mail("Content-Transfer-Encoding: base64", "====not base64!!!"),
    "mail with broken quoted-printable": _mail("Content-Transfer-Encoding: quoted-printable", "=E9=ZZ=\r\n="),
    "mail without its boundary": _mail("Content-Type: multipart/mixed; boundary=x", "--y\r\n\r\nJe résilie\r\n--y--"),
    "mail without a boundary": _mail("Content-Type: multipart/mixed", "Je résilie"),
    "mail of many parts": _mail("Content-Type: multipart/mixed; boundary=x", "--x\r\n\r\nz\r\n" * 20_000 + "--x--"),
    "mail of deep parts": {
        "body": "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(3_000)),
        "body_format": "mime",
    },
    "mail in a mail in a mail": {"body": "Content-Type: message/rfc822\r\n\r\n" * 3_000, "body_format": "mime"},
    "mail to ten thousand": _mail("To: " + ",\r\n ".join(f"a{n}@example.org" for n in range(10_000)), "Je résilie"),
    "mail with an endless header": _mail("X-A: " + "=?utf-8?q?a?= " * 20_000, "Je résilie"),
    "mail with odd headers": _mail("Date: yesterday\r\nSubject: =?x?z?y?=\r\n: nothing\r\nMIME-Version: -1", "x"),
    "winmail.dat": _mail(
        "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64", _TNEF
    ),
    "winmail.dat as an attachment": _text(
        "Voir pièce jointe", attachments=[{"filename": "winmail.dat", "content_base64": _TNEF}]
    ),
    "attachment that is not base64": _text("x", attachments=[{"filename": "../../etc/passwd", "content_base64": "é!"}]),
    "earliest date": _text("x", received_at="0001-01-01T00:00:00Z"),
    "earliest date, east": _text("x", received_at="0001-01-01T00:00:00+14:00"),
    "earliest date, here": _text("x", received_at="0001-01-01T00:00:00"),
    "latest date": _text("x", received_at="9999-12-31T23:59:59Z"),
    "latest date, west": _text("x", received_at="9999-12-31T23:59:59-14:00"),
    "hour that summer time skips": _text("x", received_at="2026-03-29T02:30:00"),
    "thread out of time": _text("x", thread=[{"direction": "in", "at": "0001-01-01T00:00:00+14:00", "body": ""}]),
}
"""Wrong or hostile, yet each must get a result, or a refusal that names a field."""

REFUSED: dict[str, tuple[Any, str]] = {
    "unknown field": ({"body": "x", "corps": "y"}, "corps"),
    "unknown field inside": ({"body": "x", "sender": {"nom": "y"}}, "sender.nom"),
    "unknown account": ({"body": "x", "account": "nobody"}, "account"),
    "unknown channel": ({"body": "x", "channel": "pigeon"}, "channel"),
    "unknown format": ({"body": "x", "body_format": "pdf"}, "body_format"),
    "number for a text": ({"body": 5}, "body"),
    "null for a text": ({"body": None}, "body"),
    "list for a text": ({"body": ["x"]}, "body"),
    "text for a list": ({"body": "x", "thread": "y"}, "thread"),
    "object for a list": ({"body": "x", "attachments": {}}, "attachments"),
    "list for metadata": ({"body": "x", "metadata": []}, "metadata"),
    "number in metadata": ({"body": "x", "metadata": {"age": 5}}, "metadata.age"),
    "not a number in metadata": ('{"body": "x", "metadata": {"a": NaN}}', "metadata.a"),
    "infinity for a text": ('{"body": -Infinity}', "body"),
    "huge number for a text": ('{"body": ' + "9" * 5_000 + "}", "body"),
    "huge number for a date": ('{"body": "x", "received_at": ' + "9" * 400 + "}", "received_at"),
    "number with a huge exponent": ('{"body": "x", "received_at": 1e999999}', "received_at"),
    "date that is none": ({"body": "x", "received_at": "2026-02-30T00:00:00Z"}, "received_at"),
    "date out of range": ({"body": "x", "received_at": "10000-01-01T00:00:00Z"}, "received_at"),
    "date as words": ({"body": "x", "received_at": "hier"}, "received_at"),
    "true for a date": ({"body": "x", "received_at": True}, "received_at"),
    "empty external id": ({"body": "x", "external_id": ""}, "external_id"),
    "external id with NUL": ({"body": "x", "external_id": "a\x00b"}, "external_id"),
    "external id that is too long": ({"body": "x", "external_id": "a" * 201}, "external_id"),
    "number for an external id": ({"body": "x", "external_id": 7}, "external_id"),
    "account with a line end": ({"body": "x", "account": "a\nb"}, "account"),
    "long subject": ({"body": "x", "subject": "a" * 2_001}, "subject"),
    "ten thousand recipients in one line": ({"body": "x", "recipient": "a@example.org, " * 10_000}, "recipient"),
    "too many attachments": ({"body": "x", "attachments": [{}] * 21}, "attachments"),
    "too long a thread": ({"body": "x", "thread": [{"direction": "in", "body": "y"}] * 51}, "thread"),
    "thread without a body": ({"body": "x", "thread": [{"direction": "in"}]}, "thread.0.body"),
    "thread with another direction": (
        {"body": "x", "thread": [{"direction": "up", "body": "y"}]},
        "thread.0.direction",
    ),
    "too much metadata": ({"body": "x", "metadata": {f"k{n}": "v" for n in range(101)}}, "metadata"),
    "metadata key with NUL": ({"body": "x", "metadata": {"a\x00": "v"}}, "metadata.a\x00"),
    "lone surrogate": ('{"body": "x\\ud800y"}', "body"),
    "lone surrogate in a name": ('{"body": "x", "metadata": {"\\udfff": "y"}}', "body"),
    "broken UTF-8": (b'{"body": "r\xe9silier"}', "body"),
    "overlong UTF-8": (b'{"body": "\xc0\x80"}', "body"),
    "UTF-16": ('{"body": "x"}'.encode("utf-16"), "body"),
    "deep JSON lists": ('{"body": ' + _nested("[", "]", 100_000) + "}", "body"),
    "deep JSON objects": ('{"metadata": ' + '{"a":' * 100_000 + "1" + "}" * 100_000 + "}", "body"),
    "the same field twice, once wrong": ('{"body": "x", "body": 3}', "body"),
    "two documents": ('{"body": "x"}{"body": "y"}', "body"),
    "a comment": ('{"body": "x" /* y */}', "body"),
}
"""What is sent, and the field that the refusal names."""


def as_sent(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body)).encode()
