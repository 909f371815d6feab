from evals.redaction import kind_of, score, summary
from service.domain.confirmed import Confirmed
from tests.service.pipeline.redact.made import PLAYBOOK, message


def confirmed(body: str, *pii: str) -> Confirmed:
    return Confirmed(message=message(body, external_id="m-1"), queue="facture", pii=pii)


def test_a_labelled_string_counts_as_found_only_where_all_of_it_is_replaced() -> None:
    total = score([confirmed("Tel 06 12 34 56 78, code Zanzibar", "06 12 34 56 78", "Zanzibar")], PLAYBOOK)
    assert (total.recall.right, total.recall.n) == (1, 2)
    assert total.missed == [("m-1", "Zanzibar")]
    assert total.recall_by_kind["phone"].value == 1.0


def test_what_is_replaced_without_being_labelled_lowers_precision() -> None:
    total = score([confirmed("Tel 06 12 34 56 78 et AB-123-CD", "AB-123-CD")], PLAYBOOK)
    assert total.precision.value == 0.5
    assert total.wrong == [("m-1", "TELEPHONE: 06 12 34 56 78")]
    assert summary(total)["recall"] == 1.0


def test_labels_are_sorted_by_their_shape() -> None:
    labels = ["a@b.fr", "06 12 34 56 78", "AB-123-CD", "3 rue X, 75001 Paris", "Mme Roux", "HA-4071172", "03/09/1957"]
    assert [kind_of(label) for label in labels] == ["email", "phone", "plate", "address", "name", "number", "date"]
