from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

import pytest

from service.domain.cleaned import Part
from tests.service.pipeline.clean.letters import cleaned, own, part, source_of

WORDS = "Je voudrais résilier mon contrat à l'échéance."


def mail(**content: Any) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Résiliation à l'échéance"
    message["From"] = "Jeanne <jeanne@example.org>"
    message.set_content(f"Bonjour,\n\n{WORDS}\n\nCordialement\nJeanne\n", **content)
    return message


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "cp1252", "iso-8859-15"])
@pytest.mark.parametrize("cte", ["quoted-printable", "base64"])
def test_every_usual_encoding_is_read(cte: str, charset: str, line_end: str) -> None:
    body = mail(cte=cte, charset=charset).as_string().replace("\n", line_end)
    result = cleaned(body, "mime")
    assert (result.own, result.subject, result.notes) == (WORDS, "Résiliation à l'échéance", ())


def test_the_subject_of_the_message_wins_over_the_headers() -> None:
    assert cleaned(mail().as_string(), "mime", subject="Autre").subject == "Autre"


@pytest.mark.parametrize("header", ["=?utf£-8?q?R=C3=A9siliation?=", "=?é?b?eA==?=", "=?utf-8?b?e?="])
def test_a_header_in_a_charset_that_cannot_be_one_is_read_as_it_stands(header: str) -> None:
    inner = f"Subject: {header}\nContent-Type: text/plain\n\n{WORDS}"
    assert cleaned(inner, "mime").subject == header
    assert WORDS in cleaned(f"Content-Type: message/rfc822\n\n{inner}", "mime").text


def test_quoted_printable_words_are_found_in_the_source() -> None:
    body = mail(cte="quoted-printable").as_string()
    assert source_of(cleaned(body, "mime"), body, "résilier") == "r=C3=A9silier"


def test_bytes_read_as_latin_1_get_their_charset_back() -> None:
    raw = f"Content-Type: text/plain; charset=utf-8\n\n{WORDS}".encode().decode("latin-1")
    assert own(raw, "mime") == WORDS
    assert own(f"Content-Type: text/plain; charset=utf-8\n\n{WORDS}", "mime") == WORDS


def test_an_unknown_charset_is_noted_and_read_all_the_same() -> None:
    body = "Content-Type: text/plain; charset=x-marsien\nContent-Transfer-Encoding: quoted-printable\n\nd=E9j=E0"
    result = cleaned(body, "mime")
    assert result.text == "déjà"
    assert "unknown_charset" in result.notes


def test_plain_text_is_preferred_and_html_read_where_it_is_empty() -> None:
    both, empty = mail(), EmailMessage()
    both.add_alternative("<p>HTML</p>", subtype="html")
    empty.set_content(" \n")
    empty.add_alternative(f"<p>{WORDS}</p>", subtype="html")
    assert own(both.as_string(), "mime") == WORDS
    assert own(empty.as_string(), "mime") == WORDS


def test_html_is_read_where_the_plain_text_is_empty_whatever_stands_above() -> None:
    told, letter = EmailMessage(), MIMEMultipart("mixed")
    told.set_content(" \n")
    told.add_alternative(f"<p>{WORDS}</p>", subtype="html")
    letter.attach(MIMEText("Message reçu sur notre site."))
    letter.attach(told)
    assert WORDS in cleaned(letter.as_string(), "mime").text


def test_attached_files_are_noted_and_not_read() -> None:
    message = mail()
    message.add_attachment("SECRET", filename="notes.txt")
    message.add_attachment(b"SECRET", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    result = cleaned(message.as_string(), "mime")
    assert "SECRET" not in result.text
    assert result.notes == ("attachment_unread", "winmail_dat")


def test_an_attached_message_is_forwarded_and_read_where_nothing_else_is() -> None:
    with_words, bare = mail(), EmailMessage()
    with_words.add_attachment(mail())
    bare.set_content("\n")
    bare.add_attachment(mail())
    assert part(cleaned(with_words.as_string(), "mime"), Part.FORWARDED).strip().startswith("Bonjour")
    assert own(with_words.as_string(), "mime") == WORDS
    assert own(bare.as_string(), "mime") == WORDS


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "\n",
        "pas un en-tête",
        "Subject: seul",
        "Content-Type: multipart/mixed; boundary=a\n\nrien",
        "Content-Type: multipart/mixed\n\nrien",
        'Content-Type: text/plain; charset="\n\nrien',
        "Content-Transfer-Encoding: base64\n\n%%%",
        "Content-Type: text/plain; charset=punycode\n\nrien",
        "Subject: =?utf-8?b?!!!?=\n\nrien",
        "Subject: =?x-marsien?q?a?=\n\nrien",
        "Content-Type: message/rfc822\n\n" * 2_000,
    ],
)
def test_broken_mail_never_raises(broken: str) -> None:
    cleaned(broken, "mime")


def test_an_unfinished_multipart_is_read_to_its_end() -> None:
    body = f"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/plain\n\n{WORDS}"
    assert own(body, "mime") == WORDS


@pytest.mark.parametrize("named", ["; boundary=elsewhere", ""], ids=["another", "none"])
def test_a_multipart_is_read_by_the_boundary_that_is_drawn_where_the_named_one_is_not(named: str) -> None:
    body = f"Content-Type: multipart/mixed{named}\n\n--a\nContent-Type: text/plain\n\n{WORDS}\n--a--\n"
    assert own(body, "mime") == WORDS


def test_a_multipart_without_any_boundary_is_plain_text() -> None:
    result = cleaned(f"Content-Type: multipart/mixed; boundary=a\n\n{WORDS}", "mime")
    assert (result.own, result.notes) == (WORDS, ())


NOTICE = "Votre logiciel de messagerie ne prend pas en charge le format HTML."


@pytest.mark.parametrize("said", [NOTICE, "This is a MIME message, view it with another program."])
def test_a_plain_text_that_only_says_it_cannot_show_the_letter_is_not_the_letter(said: str) -> None:
    message = mail()
    message.set_content(said)
    message.add_alternative(f"<p>Bonjour,</p><p>{WORDS} J'ai déménagé en mai et vendu la voiture.</p>", subtype="html")
    assert own(message.as_string(), "mime").startswith(WORDS)


def test_a_short_plain_text_that_the_html_repeats_is_the_letter() -> None:
    message = mail()
    message.add_alternative(
        f"<p>Bonjour,</p><p>{WORDS}</p><p>Cordialement</p><p>Publicité : nos offres</p>", subtype="html"
    )
    assert own(message.as_string(), "mime") == WORDS
