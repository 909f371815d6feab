"""What a library would load with its first call is loaded when somebody uses it."""

from service.connectors.at_need import AtNeed


def test_nothing_is_loaded_until_an_attribute_is_asked_for_and_then_once() -> None:
    loaded: list[str] = []

    def load() -> str:
        loaded.append("once")
        return "text"

    lazy = AtNeed(load)
    assert loaded == []
    assert lazy.upper() == "TEXT"
    assert lazy.title() == "Text"
    assert loaded == ["once"]
