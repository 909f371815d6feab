from evals.asks.waits import asked, table


def test_what_was_in_sight_is_found_and_nothing_is_invented() -> None:
    tried = asked("tried")
    assert sum(one.found == one.names for one in tried) >= 0.95 * len(tried)


def test_both_halves_are_told_apart() -> None:
    lines = list(table())
    assert [line.split()[0] for line in lines[1:]] == ["tried", "kept"]
    assert not {one.text for one in asked("tried")} & {one.text for one in asked("kept")}
