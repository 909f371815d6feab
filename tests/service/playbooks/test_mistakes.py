from service.playbooks import check
from tests.service.playbooks.account import FILES


def test_where_there_is_none_to_name_the_cure_says_so() -> None:
    files = {name: text for name, text in FILES.items() if name != "flags.yaml"}
    found = check(files | {"examples/resiliation.txt": "je pars || #inconnu\n"})
    (mistake,) = [one for one in found if "« inconnu »" in one.problem]
    assert "Il n'y en a encore aucun" in mistake.cure
