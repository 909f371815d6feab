"""`aiguilleur oversight`: the figures as lines or as JSON, and counted anew."""

import json

from tests.door import Door
from tests.service.cli.conftest import Run


def test_figures_are_printed_and_counted_anew(small_door: Door, run: Run) -> None:
    small_door.triage(body="Bonjour, je voudrais une copie de ma facture du mois de mars.")
    data = small_door.desk.settings.data
    lines = run("oversight", "show", data=data).out.splitlines()
    assert lines[0] == "section,of,figure,amount"
    assert "total,,received,1" in lines
    rebuilt = run("oversight", "rebuild", data=data)
    assert (rebuilt.code, rebuilt.err.split()[0]) == (0, "2")
    told = json.loads(run("oversight", "show", "--by", "week", "--json", data=data).out)
    assert (told["total"]["received"], told["grain"], told["backlog"]["now"]) == (1, "week", 1)
    refused = run("oversight", "show", "--from", "2026-02-02", "--to", "2026-02-01", data=data)
    assert (refused.code, "from" in refused.err) == (2, True)
