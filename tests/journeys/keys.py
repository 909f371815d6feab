"""Keys as an advisor presses them."""

from playwright.sync_api import Locator, Page, Route


def press(page: Page, key: str) -> None:
    """Once the page's own script has come: a key before that is the browser's, and means nothing."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def type_before_the_script_has_come(page: Page, script: str, opens: Locator, field: Locator, text: str) -> None:
    """On a slow line: the page stands, the file that follows what is typed is still on its way."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(script, hold, times=1)
    with page.expect_request(script):
        opens.click()
    field.fill(text)
    held[0].continue_()
