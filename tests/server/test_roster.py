"""The roster: what is waited for with each session."""

import pytest

from chat.net.poller import SelectPoller
from chat.net.timers import Timers
from chat.server.roster import SWEPT_A_TURN, Roster
from chat.server.session import Session
from chat.wire.outbox import Outbox
from tests.server.test_session import Afar

FD = Afar().descriptor


class Hall:
    """A roster with one session in it."""

    def __init__(self) -> None:
        self.poller = SelectPoller()
        self.roster = Roster(self.poller)
        self.session = Session(1, Afar(), Outbox(100, 100))
        self.roster.add(self.session)

    @property
    def is_read(self) -> bool:
        return FD in self.poller._reading


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_who_is_here_is_read_from(hall: Hall) -> None:
    assert hall.is_read
    assert hall.roster.find(FD) is hall.session
    assert list(hall.roster) == [hall.session]
    assert hall.roster.unfinished() == []


def test_of_who_is_removed_nothing_is_left(hall: Hall) -> None:
    hall.roster.put_off(hall.session)
    hall.roster.block(hall.session)
    hall.roster.remove(hall.session)
    assert (hall.poller._reading, hall.poller._writing) == ({}, {})
    assert hall.roster.find(FD) is None
    assert (len(hall.roster), hall.roster.unfinished()) == (0, [])


def test_who_was_put_off_is_read_from_again_when_his_turn_comes(hall: Hall) -> None:
    hall.roster.stop_reading(hall.session)
    hall.roster.put_off(hall.session)
    assert (hall.is_read, bool(hall.roster.unfinished())) == (False, True)
    assert hall.roster.resume(hall.session)
    assert (hall.is_read, bool(hall.roster.unfinished())) == (True, False)


def test_who_has_finished_talking_is_never_read_from_again(hall: Hall) -> None:
    hall.session.has_finished = True
    hall.roster.stop_reading(hall.session)
    hall.roster.put_off(hall.session)
    assert hall.roster.resume(hall.session)
    assert not hall.is_read


def test_the_muted_are_not_put_off_until_they_are_unmuted(hall: Hall) -> None:
    hall.roster.put_off(hall.session)
    hall.roster.mute(hall.session)
    hall.roster.put_off(hall.session)
    assert (hall.is_read, bool(hall.roster.unfinished())) == (False, False)
    hall.roster.unmute(hall.session)
    assert hall.roster.resume(hall.session)
    assert hall.is_read


def test_the_blocked_are_waited_for_as_writable(hall: Hall) -> None:
    hall.roster.block(hall.session)
    assert (hall.session.is_blocked, list(hall.poller._writing)) == (True, [FD])
    hall.roster.unblock(hall.session)
    assert (hall.session.is_blocked, list(hall.poller._writing)) == (False, [])


def test_one_is_doomed_once_and_for_the_first_reason(hall: Hall) -> None:
    hall.roster.doom(hall.session, "Connection reset")
    hall.roster.doom(hall.session, "Ping timeout")
    assert list(hall.roster.take_doomed()) == [hall.session]
    assert hall.session.doom == "Connection reset"
    assert list(hall.roster.take_doomed()) == []


def test_of_many_doomed_a_turn_takes_the_first(hall: Hall) -> None:
    several = SWEPT_A_TURN + 5
    crowd = [Session(number, Afar(), Outbox(100, 100)) for number in range(several)]
    for session in crowd:
        hall.roster.doom(session)
    assert list(hall.roster.take_doomed()) == crowd[:SWEPT_A_TURN]
    assert hall.roster.is_due()
    doomed = hall.roster.take_doomed()
    assert [next(doomed), next(doomed)] == crowd[SWEPT_A_TURN:][:2]
    assert list(hall.roster.take_doomed()) == crowd[SWEPT_A_TURN:][2:]
    assert not hall.roster.is_due()


def test_nothing_is_waited_for_with_the_doomed(hall: Hall) -> None:
    # They may not be closed in this turn, and a poller would tell of a loss each time.
    timers = Timers()
    hall.session.set_timer(timers.at(1.0, hall.roster.unmute, hall.session))
    hall.roster.block(hall.session)
    hall.roster.put_off(hall.session)
    hall.roster.doom(hall.session)
    assert (hall.poller._reading, hall.poller._writing) == ({}, {})
    assert hall.roster.unfinished() == []
    assert timers.until_next(0.0) is None
    hall.roster.remove(hall.session)
    assert hall.roster.find(FD) is None


def test_the_doomed_are_not_gone_on_with(hall: Hall) -> None:
    hall.roster.doom(hall.session)
    hall.roster.put_off(hall.session)
    assert hall.roster.unfinished() == []


def test_an_operator_sees_how_many_are_how(hall: Hall) -> None:
    hall.roster.mute(hall.session)
    hall.roster.block(hall.session)
    assert hall.roster.statistics() == {
        "all": 1,
        "unfinished": 0,
        "decided": 0,
        "blocked": 1,
        "muted": 1,
        "throttled": 0,
        "closing": 0,
    }


def test_who_reads_again_has_not_been_held_up_by_us(hall: Hall) -> None:
    hall.session.held_up_since = 1000.0
    hall.roster.mute(hall.session)
    hall.roster.unmute(hall.session)
    assert hall.session.held_up_since is None


# Who is aside.


def test_nobody_is_aside_at_first(hall: Hall) -> None:
    assert list(hall.roster.aside) == []


def test_the_blocked_are_aside_until_they_are_unblocked(hall: Hall) -> None:
    hall.roster.block(hall.session)
    hall.roster.block(hall.session)
    assert list(hall.roster.aside) == [hall.session.id]
    hall.roster.unblock(hall.session)
    assert list(hall.roster.aside) == []


def test_those_whose_line_is_edited_are_aside(hall: Hall) -> None:
    hall.roster.edit(hall.session, on=True)
    assert (hall.session.is_edited, list(hall.roster.aside)) == (True, [1])
    hall.roster.edit(hall.session, on=True)
    assert list(hall.roster.aside) == [1]
    hall.roster.edit(hall.session, on=False)
    assert (hall.session.is_edited, list(hall.roster.aside)) == (False, [])


def test_the_doomed_are_aside_for_good(hall: Hall) -> None:
    hall.roster.doom(hall.session)
    assert list(hall.roster.aside) == [1]
    hall.roster.block(hall.session)
    hall.roster.unblock(hall.session)
    hall.roster.edit(hall.session, on=True)
    hall.roster.edit(hall.session, on=False)
    assert list(hall.roster.aside) == [1]


def test_who_is_aside_for_two_reasons_is_until_both_are_gone(hall: Hall) -> None:
    hall.roster.block(hall.session)
    hall.roster.edit(hall.session, on=True)
    hall.roster.unblock(hall.session)
    assert list(hall.roster.aside) == [1]
    hall.roster.block(hall.session)
    hall.roster.edit(hall.session, on=False)
    assert list(hall.roster.aside) == [1]
    hall.roster.unblock(hall.session)
    assert list(hall.roster.aside) == []


def test_the_others_are_not_aside_with_one(hall: Hall) -> None:
    another = Session(2, Afar(), Outbox(100, 100))
    another.connection.descriptor = FD + 1
    hall.roster.add(another)
    hall.roster.block(another)
    hall.roster.edit(hall.session, on=True)
    assert list(hall.roster.aside) == [2, 1]
    hall.roster.remove(another)
    assert list(hall.roster.aside) == [1]


def test_of_who_is_removed_nothing_is_left_aside(hall: Hall) -> None:
    hall.roster.block(hall.session)
    hall.roster.edit(hall.session, on=True)
    hall.roster.doom(hall.session)
    hall.roster.remove(hall.session)
    assert list(hall.roster.aside) == []
