"""429 at the doors: with Retry-After, and a problem document that names the cure."""

from service.desk.intake.pressure import Backpressure, Gate, Rates
from tests.door import Door, problem_of

MESSAGE = {"body": "Bonjour, je souhaite une copie de ma facture."}


def test_what_is_too_much_is_refused_with_the_time_to_come_back_after(quiet_door: Door) -> None:
    desk = quiet_door.desk
    desk.intake._pressure = Backpressure(desk.database, 1)
    assert quiet_door.post("/v1/messages", MESSAGE).status_code == 202
    full = quiet_door.post("/v1/messages", MESSAGE)
    assert problem_of(full, 429)["errors"][0]["field"] == "Retry-After"
    assert full.headers["retry-after"] == "60"

    desk.gate = Gate(0)
    closed = quiet_door.post("/v1/triage", MESSAGE)
    assert "POST /v1/messages" in problem_of(closed, 429)["errors"][0]["message"]
    assert closed.headers["retry-after"] == "1"

    desk.rates = Rates(0.01, 1)
    assert quiet_door.get("/v1/messages").status_code == 200
    often = quiet_door.get("/v1/messages")
    assert problem_of(often, 429)["errors"][0]["field"] == "Authorization"
    assert often.headers["retry-after"] == "100"
    assert quiet_door.get("/v1/messages", scope="triage").status_code == 200
