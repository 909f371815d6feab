"""A model that is no use is left alone for seconds at a time, and believed as soon as it is of use."""

from service.connectors.rest import FAILURES, REST_S, Rest

HOUR = 3600
MODEL = "openai/first"


class Hour:
    """A message a second for an hour; `useful` tells by the second whether the answer would be of use."""

    def __init__(self) -> None:
        self.now = 0.0
        self.rest = Rest(lambda: self.now)
        self.asked: list[float] = []

    def message(self, useful: bool) -> None:
        self.now += 1.0
        if self.rest.left(MODEL):
            return
        self.asked.append(self.now)
        self.rest.answered(MODEL)  # it answers, each time
        self.rest.judged(MODEL, useful)


def test_an_hour_of_rubbish_costs_a_fifth_of_the_questions_and_ends_within_seconds_of_a_good_answer() -> None:
    hour = Hour()
    for _ in range(HOUR):
        hour.message(useful=False)
    assert len(hour.asked) <= FAILURES + HOUR / REST_S
    for _ in range(20):
        hour.message(useful=True)
    assert len([second for second in hour.asked if second > HOUR + REST_S]) >= 20 - REST_S


def test_one_that_is_of_use_now_and_then_is_not_left_alone() -> None:
    hour = Hour()
    for number in range(HOUR):
        hour.message(useful=number % FAILURES == 0)
    assert len(hour.asked) == HOUR


def test_an_answer_without_use_that_was_under_way_ends_no_rest() -> None:
    hour = Hour()
    for _ in range(FAILURES):
        hour.message(useful=False)
    hour.rest.answered(MODEL)
    assert hour.rest.left(MODEL) == REST_S
    hour.rest.judged(MODEL, True)
    hour.rest.answered(MODEL)
    assert not hour.rest.left(MODEL)


def test_it_is_told_beside_what_was_answered() -> None:
    told: list[str] = []
    rest = Rest(lambda: 0.0)
    rest.tell = lambda _model, outcome: told.append(outcome)
    rest.answered(MODEL)
    rest.judged(MODEL, False)
    assert told == ["answered", "unusable"]
