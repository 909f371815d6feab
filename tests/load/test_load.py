"""The short form of `make load`: a service that only takes in, and a worker that works, over one store."""

from pathlib import Path

from tests.load.__main__ import filled
from tests.load.scene import TRIAGED, Caller, advisor, page_ms, played

COUNT = 40


def test_what_a_service_without_work_takes_in_a_worker_triages_until_it_is_told_to_stop(tmp_path: Path) -> None:
    filled(tmp_path, "", small=True)
    cookie = advisor(tmp_path, "")
    caller = Caller()
    try:
        with played(tmp_path, "", workers=1) as scene:
            caller.start(scene.port, "/v1/messages", scene.key, COUNT)
            found = caller.result()
            assert page_ms(scene, cookie) > 0
            scene.worked_off(60)
            assert scene.count(TRIAGED) == COUNT
            assert 0 <= scene.in_order() <= 1
    finally:
        caller.close()
    assert found["statuses"] == {"202": COUNT}
    assert 0 < found["p50"] <= found["p95"] <= found["p99"]
