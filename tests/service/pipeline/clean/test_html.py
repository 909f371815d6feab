import pytest

from tests.service.pipeline.clean.letters import cleaned, own, source_of

WORDS = "Je voudrais un double de ma carte."


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- SECRET -->",
        "<script>SECRET</script>",
        "<style>SECRET</style>",
        "<head><title>SECRET</title></head>",
        '<div style="display: none">SECRET<div>SECRET</div></div>',
        '<span style="visibility:hidden">SECRET</span>',
        "<p hidden>SECRET</p>",
        '<p hidden="hidden" class="x">SECRET</p>',
        '<span style="font-size:0">SECRET</span>',
        '<span style="font-size:1px">SECRET</span>',
        '<span style="color:#ffffff">SECRET</span>',
        '<font color="white">SECRET</font>',
        '<p style="color:#fff;background:#fff">SECRET</p>',
        '<div style="background-color: white"><font color="white">SECRET</font></div>',
        '<div style="opacity:0">SECRET</div>',
        '<div style="mso-hide:all">SECRET</div>',
        '<div style="text-indent:-9999px">SECRET</div>',
        "<style>.gone{display:none}</style><div class='a gone'>SECRET</div>",
        "<noscript>SECRET</noscript>",
        "<template>SECRET</template>",
        "<svg><text>SECRET</text></svg>",
        '<a title="x > SECRET">',
        '<img alt="SECRET">',
        '<input type="hidden" value="SECRET">',
        "<![CDATA[SECRET]]>",
        "<?php SECRET ?>",
    ],
)
def test_what_html_hides_from_a_reader_is_hidden_from_us(hidden: str) -> None:
    result = cleaned(f"<p>{WORDS}</p>{hidden}<p>Merci de répondre vite à ma demande.</p>", "html")
    assert "SECRET" not in result.text
    assert result.own == f"{WORDS}\n\nMerci de répondre vite à ma demande."


def test_hidden_words_are_noted() -> None:
    assert cleaned('<p>Bonjour</p><p style="display:none">secret</p>', "html").notes == ("hidden_text",)
    assert cleaned("<style>p{}</style><script>x</script><p>Bonjour</p>", "html").notes == ()


def test_letters_made_visible_again_are_read() -> None:
    newsletter = '<td style="font-size:0"><div style="font-size:13px">Visible</div></td>'
    header = '<td bgcolor="#003366"><span style="color:#fff">Visible</span></td>'
    assert cleaned(newsletter, "html").text == "Visible"
    assert cleaned(header, "html").text == "Visible"


def test_lists_and_tables_keep_their_shape() -> None:
    html = (
        "<p>Voici&nbsp;:</p><ul><li>un</li><li>deux</li></ul><ol><li><p>trois</p></li><li>quatre</li></ol>"
        "<table><tr><th>Valeur</th><td>15&nbsp;900</td></tr><tr><td><p>Franchise</p></td><td>350</td></tr></table>"
    )
    expected = "Voici :\n\n- un\n- deux\n\n1. trois\n2. quatre\n\nValeur\t15 900\nFranchise\t350"
    assert cleaned(html, "html").text == expected


def test_words_of_html_are_found_in_its_source() -> None:
    html = "<p>Je voudrais   r&eacute;silier mon\n <b>contrat</b> &laquo;&nbsp;auto&nbsp;&raquo;</p>"
    result = cleaned(html, "html")
    assert result.text == "Je voudrais résilier mon contrat « auto »"
    assert source_of(result, html, "résilier") == "r&eacute;silier"
    assert source_of(result, html, "contrat") == "contrat"
    assert source_of(result, html, "mon contrat") == "mon\n <b>contrat"


@pytest.mark.parametrize(
    "thread",
    [
        '<div class="gmail_quote">3 mar Service napisał(a):<br><blockquote class="gmail_quote">Non</blockquote></div>',
        '<blockquote type="cite">Votre dossier est clos.<br>Service</blockquote>',
        '<hr><div id="divRplyFwdMsg"><b>Van:</b> Service<br><b>Verzonden:</b> 3 mrt</div><div>Dossier clos.</div>',
        '<div class="yahoo_quoted">Votre dossier est clos.</div>',
        "<div><b>De :</b> Service<br><b>Envoyé :</b> lundi<br><b>Objet :</b> dossier</div><p>Dossier clos.</p>",
    ],
)
def test_the_thread_that_mail_programs_mark_is_quoted(thread: str) -> None:
    assert own(f"<div>Bonjour,</div><div>{WORDS}</div>{thread}", "html") == WORDS


def test_a_marked_signature_signs() -> None:
    assert own(f'<div>{WORDS}</div><div class="gmail_signature">Atelier<br>Les jours pairs</div>', "html") == WORDS


def test_remnants_of_html_leave_plain_text_as_it_was_meant() -> None:
    body = "Bonjour,<br>\n&nbsp;<br><b>perdue</b>, 3 < 5 & 7 > 2 <marie@example.org> &eacute;t&eacute;<br><br>A"
    result = cleaned(body)
    assert result.own == "perdue, 3 < 5 & 7 > 2 <marie@example.org> été\n\nA"
    assert source_of(result, body, "été") == "&eacute;t&eacute;"


def test_a_html_page_sent_as_text_is_read_as_html() -> None:
    assert cleaned(f"<html><head><title>x</title></head><body><p>{WORDS}</p></body></html>").text == WORDS
