"""Upkeep: every few seconds, whatever happens."""

from chat.domain.claims import Tidy
from chat.net.log import Log
from chat.server.logbook import Logbook
from chat.server.schedule import Schedule
from chat.server.upkeep import EVERY, Upkeep
from tests.fakes import FakeClock


class Days:
    """A clock, what is due by it, and how often the house was tidied."""

    def __init__(self, log: Log | None = None) -> None:
        self.clock = FakeClock()
        self.schedule = Schedule(self.clock)
        self.logbook = Logbook(log, self.schedule)
        self.tidied: list[Tidy] = []

    def go_by(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.schedule.begin_turn()
        self.schedule.run()


def test_the_house_is_tidied_now_and_then() -> None:
    days = Days()
    Upkeep(days.tidied.append, days.schedule, days.logbook)
    days.go_by(EVERY - 0.1)
    assert days.tidied == []
    days.go_by(0.2)
    assert days.tidied == [Tidy()]
    days.go_by(EVERY)
    assert days.tidied == [Tidy(), Tidy()]
