"""The short form of `make load`: a service that only takes in, and a worker that comes once much has gathered."""

import os
from pathlib import Path

from tests.load.__main__ import filled
from tests.load.scene import TRIAGED, WAITING, Caller, advisor, page_ms, played, working

COUNT = 40


def test_what_a_service_without_work_took_in_a_worker_triages_in_the_order_it_is_due(tmp_path: Path) -> None:
    filled(tmp_path, small=True)
    cookie = advisor(tmp_path, "")
    caller = Caller()
    try:
        with played(tmp_path, workers=0) as scene:
            caller.start(scene.port, "/v1/messages", scene.key, COUNT)
            found = caller.result()
            assert (scene.count(WAITING), scene.count(TRIAGED)) == (COUNT, 0)
            with working(tmp_path) as worker:
                assert os.getpriority(os.PRIO_PROCESS, worker) > os.getpriority(os.PRIO_PROCESS, scene.process)
                assert page_ms(scene, cookie) > 0
                scene.worked_off(60)
            assert (scene.count(WAITING), scene.count(TRIAGED)) == (0, COUNT)
            assert scene.out_of_order() < 0.2, "those that are worked on at a time end in any order"
    finally:
        caller.close()
    assert found["statuses"] == {"202": COUNT}
    assert 0 < found["p50"] <= found["p95"] <= found["p99"]
