from service.domain.playbook import Bursts
from service.domain.redacted import Vault
from service.pipeline.traces import traces
from tests.service.learning.small import playbook

CLUB = playbook().model_copy(update={"bursts": Bursts(numbers=("DOSSIER",))})


def test_a_file_number_leaves_one_trace_however_it_is_written_and_never_itself() -> None:
    (one,) = traces(Vault({"[[DOSSIER_1]]": "PF-26-02290", "[[DOSSIER_2]]": "pf 26 02290"}), CLUB)
    assert "02290" not in one
    assert (one,) == traces(Vault({"[[DOSSIER_7]]": "PF2602290"}), CLUB)


def test_only_the_kinds_that_the_playbook_names_leave_traces_and_each_account_its_own() -> None:
    vault = Vault({"[[DOSSIER_1]]": "PF-26-1", "[[TELEPHONE_1]]": "01 99 00 11 22"})
    assert len(traces(vault, CLUB)) == 1
    assert traces(vault, playbook()) == ()
    assert traces(vault, CLUB) != traces(vault, CLUB.model_copy(update={"account": "autre"}))
