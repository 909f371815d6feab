"""Keys as an advisor presses them."""

from playwright.sync_api import Page


def press(page: Page, key: str) -> None:
    """Once the page's own script has come: a key before that is the browser's, and means nothing."""
    page.wait_for_load_state()
    page.keyboard.press(key)
