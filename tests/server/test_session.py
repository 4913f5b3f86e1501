"""The session: what a log says of it, and what it waits for."""

import gc
import tracemalloc
from pathlib import Path
from typing import Final

import pytest

import chat
from chat.dialects.dialect import Silent
from chat.dialects.http import Http
from chat.dialects.plain import Plain
from chat.net.connection import Connection
from chat.net.timers import Timers
from chat.server.session import Session
from chat.wire.outbox import Outbox
from tests.dialects.scenes import HOUSE
from tests.journeys.table import Table

# So many idle, and for each of them so many bytes may be kept: with what is not made in
# our own code, and what lies unused in between, the process grows by 8 KiB at most.
PEOPLE: Final = 60
AT_MOST: Final = 6 * 1024
CHAT: Final = Path(chat.__file__).parent


class Afar(Connection):
    """A connection to somebody far away, with no socket to it."""

    def __init__(self) -> None:
        self.descriptor = 12
        self.host = "192.0.2.7"


def a_session() -> Session:
    return Session(3, Afar(), Outbox(soft=100, hard=200))


def test_a_new_session_waits_for_the_longest_first_line() -> None:
    session = a_session()
    assert isinstance(session.dialect, Silent)
    session.lines.feed(b"x" * 8192 + b"\n")
    assert session.lines.take(9) == [b"x" * 8192]


def test_a_session_knows_the_door_it_came_through() -> None:
    behind = Session(3, Afar(), Outbox(soft=100, hard=200), door="irc")
    assert (a_session().door, behind.door) == ("auto", "irc")


def test_a_log_sees_who_it_is_and_how_much_is_waiting() -> None:
    session = a_session()
    session.dialect = Http(was_greeted=False)
    session.outbox.append(b"secret")
    assert session.outbox.size() == 6
    assert repr(session) == (
        "<Session 3 http <Connection 12 192.0.2.7> <Outbox 6/200>>"
    )


@pytest.mark.parametrize(
    "fact", ["is_blocked", "is_closing", "is_lingering", "has_finished"]
)
def test_a_log_sees_how_a_session_ends(fact: str) -> None:
    session = a_session()
    setattr(session, fact, True)
    assert repr(session).endswith(f" <Outbox 0/200> {fact}>")


def test_a_log_sees_why_a_session_is_doomed() -> None:
    session = a_session()
    session.doom = "Connection reset"
    assert repr(session).endswith(" <Outbox 0/200> doomed: Connection reset>")


def test_looking_at_a_session_changes_nothing_of_what_is_waiting() -> None:
    session = a_session()
    session.outbox.append(b"one")
    repr(session)
    session.outbox.append(b"two")
    assert session.outbox.peek() == b"onetwo"


def test_a_new_timer_replaces_the_old_one() -> None:
    session, timers, done = a_session(), Timers(), list[str]()
    session.set_timer(timers.at(1, lambda: done.append("old")))
    session.set_timer(timers.at(1, lambda: done.append("new")))
    timers.run(1)
    assert done == ["new"]


def test_no_timer_replaces_any() -> None:
    session, timers, done = a_session(), Timers(), list[str]()
    session.set_timer(timers.at(1, lambda: done.append("old")))
    session.set_timer(None)
    session.set_timer(None)
    timers.run(1)
    assert (done, session.timer) == ([], None)


def test_an_operator_reads_who_has_gone_and_why() -> None:
    session = a_session()
    session.opened_at = 100.0
    session.doom = "Connection reset"
    assert session.obituary(160.4) == (
        "192.0.2.7 nobody (silent) left after 60 s: Connection reset"
    )
    session.dialect = Plain(HOUSE)
    session.dialect.speaks_for = "alice"
    session.reason = "Quit: bye"
    assert session.obituary(100.0) == ("192.0.2.7 alice (plain) left after 0 s: Quit")


def test_who_is_here_and_says_nothing_costs_little(table: Table) -> None:
    ours = tracemalloc.Filter(inclusive=True, filename_pattern=f"{CHAT}/*")
    # What is made once for everybody is made for the first.
    table.seat_irc("alice")
    gc.collect()
    tracemalloc.start()
    try:
        table.seat_irc(*(f"idler{number}" for number in range(PEOPLE)))
        gc.collect()
        taken = tracemalloc.take_snapshot().filter_traces([ours])
    finally:
        tracemalloc.stop()
    assert sum(trace.size for trace in taken.traces) / PEOPLE < AT_MOST
