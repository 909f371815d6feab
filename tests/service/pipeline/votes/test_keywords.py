from service.domain.alignment import Alignment, Run
from service.domain.cleaned import Part, Segment
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted, ours
from service.pipeline.votes.keywords import hits_by_queue, keyword_hits, reading, vote
from service.playbooks import KeywordMatcher, parse
from tests.service.playbooks.account import FILES

PLAYBOOK: Playbook = parse(FILES)
MATCHER = KeywordMatcher(PLAYBOOK)


def redacted(*parts: tuple[Part, str], subject: str = "", shift: int = 0) -> Redacted:
    """The parts one after the other; the body as received has `shift` more characters before them."""
    text, segments = "", []
    for part, words in parts:
        segments.append(Segment(part, len(text), len(text) + len(words)))
        text += f"{words}\n"
    alignment = Alignment([Run(0, len(text), shift, shift + len(text))])
    return Redacted(ours(subject), ours(text), tuple(segments), alignment)


def test_without_a_hit_the_voter_abstains() -> None:
    found = vote(redacted((Part.BODY, "Bonjour, quelle heure est-il ?")), MATCHER)
    assert (found.scores, found.flags, found.evidence) == ({}, {}, ())


def test_the_heavier_queue_wins_and_doubt_remains() -> None:
    found = vote(redacted((Part.BODY, "Je veux résilier, mettre fin à tout ; et le remboursement ?")), MATCHER)
    assert found.best == "resiliation"
    assert found.scores["resiliation"] > found.scores["remboursement"] > 0
    assert sum(found.scores.values()) < 1


def test_more_weight_means_a_higher_score() -> None:
    weak = vote(redacted((Part.BODY, "je quitte le club")), MATCHER).scores["resiliation"]
    strong = vote(redacted((Part.BODY, "je quitte le club, je résilie")), MATCHER).scores["resiliation"]
    assert 0 < weak < strong < 1


def test_a_queue_that_is_spoken_against_has_no_score() -> None:
    found = vote(redacted((Part.BODY, "Remboursez-moi")), MATCHER)
    assert set(found.scores) == {"remboursement"}
    assert hits_by_queue(redacted((Part.BODY, "Remboursez-moi")), MATCHER)["resiliation"] == -1


def test_what_he_quotes_is_not_his_word() -> None:
    own, quote = (Part.BODY, "Merci de me rembourser"), (Part.QUOTE, "> Vous souhaitez résilier")
    assert set(vote(redacted(own, quote, (Part.SIGNATURE, "Résiliation SA")), MATCHER).scores) == {"remboursement"}


def test_what_an_empty_body_forwards_is_read() -> None:
    forwarded = redacted((Part.BODY, "  "), (Part.FORWARDED, "Je veux résilier"))
    assert vote(forwarded, MATCHER).best == "resiliation"


def test_the_subject_counts_but_has_no_place_in_the_body() -> None:
    (evidence,) = vote(redacted((Part.BODY, "Voir objet"), subject="Résiliation"), MATCHER).evidence
    assert (evidence.text, evidence.start, evidence.end) == ("Résiliation", None, None)


def test_words_of_subject_and_body_do_not_make_a_phrase() -> None:
    assert not vote(redacted((Part.BODY, "fin"), subject="mettre"), MATCHER).scores


def test_a_phrase_may_run_over_the_end_of_a_line_but_not_over_a_quote() -> None:
    assert vote(redacted((Part.BODY, "je veux mettre"), (Part.BODY, "fin à tout")), MATCHER).scores
    assert not vote(redacted((Part.BODY, "mettre"), (Part.QUOTE, "> x"), (Part.BODY, "fin")), MATCHER).scores


def test_evidence_points_into_the_body_as_received() -> None:
    (evidence,) = vote(redacted((Part.BODY, "Je résilie"), subject="Bonjour", shift=100), MATCHER).evidence
    assert (evidence.text, evidence.start, evidence.end) == ("résilie", 103, 110)
    assert (evidence.queue, evidence.ref, evidence.kind) == ("resiliation", "résilier", "keyword")


def test_the_same_words_count_once_a_queue() -> None:
    once = redacted((Part.BODY, "je résilie"))
    twice = redacted((Part.BODY, "je résilie, oui, je résilie"))
    assert hits_by_queue(once, MATCHER) == hits_by_queue(twice, MATCHER)
    doubled = parse(FILES | {"queues/resiliation.yaml": FILES["queues/resiliation.yaml"] + "  résil* ^2\n"})
    assert hits_by_queue(once, KeywordMatcher(doubled)) == hits_by_queue(once, MATCHER)


def test_flags_are_raised_by_their_own_keywords() -> None:
    found = vote(redacted((Part.BODY, "Toujours rien !")), MATCHER)
    assert set(found.flags) == {"chaser"}
    assert found.flags["chaser"] > 0.5
    assert not found.scores
    assert (found.evidence[0].queue, found.evidence[0].ref) == ("", 'chaser: "toujours rien"')


def test_the_feature_vector_names_every_queue_in_order() -> None:
    assert list(hits_by_queue(redacted((Part.BODY, "bonjour")), MATCHER).items()) == [
        ("remboursement", 0.0),
        ("resiliation", 0.0),
    ]


def test_hits_for_the_prompt_point_into_what_was_read() -> None:
    message = redacted((Part.BODY, "Je résilie"), subject="Fin")
    (hit,) = keyword_hits(message, MATCHER)
    assert [reading(message)[start:end] for start, end in hit.spans] == ["résilie"]
