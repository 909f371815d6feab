from service.playbooks import check, parse
from tests.service.playbooks.account import FILES


def test_what_yaml_takes_for_another_number_stays_as_it_was_written() -> None:
    told = "ouverture: 18:30\naccueil: 0144556677\ncode: 0x1F\ndelai: 14\nprix: 42.5\noui: true\n"
    facts = parse(FILES | {"facts.yaml": f"{FILES['facts.yaml']}{told}"}).facts
    assert (facts["ouverture"], facts["accueil"], facts["code"]) == ("18:30", "0144556677", "0x1F")
    assert (facts["delai"], facts["prix"], facts["oui"]) == (14, 42.5, True)


def test_bytes_in_a_playbook_are_a_mistake() -> None:
    (mistake,) = check(FILES | {"facts.yaml": f"{FILES['facts.yaml']}logo: !!binary gIGC\n"})
    assert mistake.code == "bad_yaml"
