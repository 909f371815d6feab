"""The bench of the workbench opens every page that there is."""

from evals.bench.desk_pages import ADVISED, DOWNLOADED, LED, OUTSIDE
from service.web.app import routes


def test_every_page_is_opened_and_no_other() -> None:
    pages = {path for method, path in routes() if method == "GET"}
    opened = {what.partition(",")[0] for what in (*LED, *DOWNLOADED)}
    assert pages - opened == ADVISED | OUTSIDE
    assert {one for one in opened - pages if not one.startswith("/v1/")} == set()
