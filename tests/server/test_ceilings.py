"""Ceilings: who is too far behind, and for how long; and all of them together."""

from chat.net.clock import Moment
from chat.net.timers import Timer
from chat.server.ceilings import PATIENCE_SECONDS, TOO_SLOW, Act, Ceilings
from chat.server.schedule import Schedule
from chat.server.session import Session
from chat.wire.outbox import Outbox
from tests.fakes import StoppedClock
from tests.server.test_session import Afar

SOFT, HARD = 100, 1000


class Watch:
    """Ceilings over one reader, with a clock that is set by hand."""

    def __init__(self, total: int = 1_000_000) -> None:
        self.schedule = Schedule(StoppedClock(Moment(0.0, 0)))
        self.session = Session(1, Afar(), Outbox(SOFT, HARD))
        self.ceilings = Ceilings(total, self.schedule, self._later, self._doom)

    def waiting(self, size: int) -> None:
        """From now on *size* bytes are waiting."""
        outbox = self.session.outbox
        while outbox.peek():
            outbox.taken(len(outbox.peek()))
        outbox.append(b"x" * size)
        self.ceilings.weigh(self.session)

    def at(self, seconds: float) -> str:
        """Let it be so late; why the reader is doomed, if he is."""
        self.schedule.now = Moment(seconds, 0)
        self.schedule.run()
        return self.session.doom

    def _later(self, seconds: float, act: Act, session: Session) -> Timer:
        return self.schedule.later(seconds, lambda: act(session))

    def _doom(self, session: Session, reason: str) -> None:
        session.doom = reason


def test_up_to_the_soft_ceiling_he_may_stay() -> None:
    watch = Watch()
    watch.waiting(SOFT)
    assert watch.at(1000) == ""


def test_above_the_hard_ceiling_he_goes_at_once() -> None:
    watch = Watch()
    watch.waiting(HARD + 1)
    assert watch.at(0) == TOO_SLOW


def test_above_the_soft_ceiling_patience_ends() -> None:
    watch = Watch()
    watch.waiting(SOFT + 1)
    assert watch.at(PATIENCE_SECONDS - 0.1) == ""
    assert watch.at(PATIENCE_SECONDS) == TOO_SLOW


def test_who_catches_up_has_all_patience_again() -> None:
    watch = Watch()
    watch.waiting(SOFT + 1)
    watch.at(20)
    watch.waiting(SOFT)
    watch.at(25)
    watch.waiting(SOFT + 1)
    assert watch.at(25 + PATIENCE_SECONDS - 0.1) == ""
    assert watch.at(25 + PATIENCE_SECONDS) == TOO_SLOW


def test_he_is_weighed_while_patience_lasts_and_after() -> None:
    watch = Watch()
    watch.waiting(SOFT + 1)
    watch.schedule.now = Moment(PATIENCE_SECONDS, 0)
    # More for him arrives just before the timer is run.
    watch.waiting(SOFT + 2)
    assert watch.session.doom == TOO_SLOW


def test_one_timer_is_enough() -> None:
    watch = Watch()
    for _ in range(100):
        watch.waiting(SOFT + 1)
        watch.waiting(0)
    assert len(watch.schedule._timers._heap) == 1


def test_who_has_caught_up_weighs_nothing() -> None:
    watch = Watch()
    watch.waiting(SOFT + 1)
    assert watch.ceilings.statistics() == {
        "blocked": 1,
        "bytes": SOFT + 1,
        "largest": SOFT + 1,
        "ceiling": 1_000_000,
    }
    watch.ceilings.forget(watch.session)
    watch.ceilings.forget(watch.session)
    assert watch.ceilings.weight == 0
    assert watch.at(PATIENCE_SECONDS) == ""


def test_together_they_may_hold_so_much_and_the_largest_goes_first() -> None:
    watch = Watch(total=250)
    sizes = [80, 100, 70, 90, 20]
    crowd = [Session(number, Afar(), Outbox(SOFT, HARD)) for number in range(5)]
    for session, size in zip(crowd, sizes, strict=True):
        session.outbox.append(b"x" * size)
        watch.ceilings.weigh(session)
    # 80, 100 and 70 fit.  For the 90 the 100 go, and for the 20 the 90.
    assert [session.doom for session in crowd] == ["", TOO_SLOW, "", TOO_SLOW, ""]
    assert watch.ceilings.weight == 170


def test_he_is_weighed_again_by_what_he_holds_now() -> None:
    watch = Watch(total=250)
    for _ in range(10):
        watch.waiting(90)
    assert watch.ceilings.weight == 90
    assert watch.session.doom == ""
