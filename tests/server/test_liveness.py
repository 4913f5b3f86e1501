"""Liveness: who is too far behind, and for how long."""

from chat.net.timers import Timer, Timers
from chat.server.liveness import PATIENCE_SECONDS, TOO_SLOW, Act, Liveness
from chat.server.session import Session
from chat.wire.outbox import Outbox
from tests.server.test_session import Afar

SOFT, HARD = 100, 1000


class Watch:
    """Liveness over one reader, with a clock that is set by hand."""

    def __init__(self) -> None:
        self.timers = Timers()
        self.session = Session(1, Afar(), Outbox(SOFT, HARD))
        self.liveness = Liveness(self._later, self._doom)

    def waiting(self, size: int) -> None:
        """From now on *size* bytes are waiting."""
        outbox = self.session.outbox
        while outbox.peek():
            outbox.taken(len(outbox.peek()))
        outbox.append(b"x" * size)
        self.liveness.weigh(self.session)

    def at(self, seconds: float) -> str:
        """Let it be so late; why the reader is doomed, if he is."""
        self.liveness.now = seconds
        self.timers.run(seconds)
        return self.session.doom

    def _later(self, seconds: float, act: Act, session: Session) -> Timer:
        return self.timers.at(self.liveness.now + seconds, lambda: act(session))

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
    watch.liveness.now = PATIENCE_SECONDS
    # More for him arrives just before the timer is run.
    watch.waiting(SOFT + 2)
    assert watch.session.doom == TOO_SLOW


def test_one_timer_is_enough() -> None:
    watch = Watch()
    for _ in range(100):
        watch.waiting(SOFT + 1)
        watch.waiting(0)
    assert len(watch.timers._heap) == 1
