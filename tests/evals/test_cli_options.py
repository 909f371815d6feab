from evals.cli_options import in_words

PLAIN = ("n", "accuracy", "accuracy_ci95", "macro_f1", "top3_accuracy", "coverage", "routed_accuracy", "ece")


def test_a_run_tells_of_answers_drafts_and_redaction_what_it_could_measure() -> None:
    summary = dict.fromkeys(PLAIN, 0.5) | {
        "by_file": {"set": {"accuracy": 0.5, "n": 2}},
        "retrieval": None,
        "drafts": {"drafted": 2, "grounded": 1, "findings_open": 0, "chrf": None},
        "redaction": {"recall": 1.0, "precision": 0.9},
    }
    told = in_words(summary).split("\n")
    assert told[len(PLAIN) :] == [
        "drafts drafted\t2",
        "drafts grounded\t1",
        "drafts findings_open\t0",
        "redaction recall\t1.0",
        "redaction precision\t0.9",
        "set\taccuracy 0.5 of 2",
    ]
