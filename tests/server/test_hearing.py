"""Hearing: what is read from one session, and when, over the whole server."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.config import configured
from chat.dialects.dialect import Heard, Silent
from chat.server.hearing import FLOOD
from chat.server.session import Session
from chat.server.throttle import LINES_A_TURN
from chat.wire.lines import Line
from tests.conftest import SetTable
from tests.fakes import FakeClock
from tests.journeys.table import Table

FREE = "limits.enabled=false"


def session_of(table: Table, name: str) -> Session:
    (found,) = (
        session
        for session in table.server._roster
        if session.connection.host == f"host of {name}"
    )
    return found


def test_twenty_lines_at_once_and_then_five_a_second(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    table.wait(10)
    alice.types(*map(str, range(40)))
    assert bob.sees() == [f"alice: {n}" for n in range(20)]
    table.wait(1)
    assert bob.sees() == [f"alice: {n}" for n in range(20, 25)]
    for _ in range(15):
        table.wait(0.2)
    assert bob.sees() == [f"alice: {n}" for n in range(25, 40)]


def test_nobody_waits_with_the_throttled(table: Table) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.types(*["x"] * 100)
    bob.reads()
    carol.reads()
    bob.types("hello")
    assert carol.sees() == ["bob: hello"]
    alice.ignores_the_rest()


def test_the_throttled_are_not_read_from(table: Table) -> None:
    (alice,) = table.seat("alice")
    alice.types(*["x"] * 100)
    reading = table._poller.statistics()["reading"]
    for _ in range(90):
        table.wait(0.2)
    assert table._poller.statistics()["reading"] == reading + 1


def test_one_turn_hears_a_hundred_lines_of_each(set_table: SetTable) -> None:
    table = set_table(FREE)
    alice, bob = table.seat("alice", "bob")
    alice.socket.sendall(b"x\n" * 250)
    heard = []
    for _ in range(3):
        table.server.turn()
        heard.append(len(bob.sees()))
    assert heard == [LINES_A_TURN, LINES_A_TURN, 50]


def test_a_line_that_asks_for_much_uses_up_the_turn(set_table: SetTable) -> None:
    table = set_table(FREE, "limits.rooms_per_user=1000")
    (alice,) = table.seat_irc("alice")
    many = ",".join(f"#r{n}" for n in range(90))
    more = ",".join(f"#s{n}" for n in range(90))
    alice.socket.sendall(f"JOIN {many}\r\nJOIN {more}\r\nPING x\r\n".encode())
    table.server.turn()
    assert b" PONG " not in alice.reads()
    table.settle()
    assert b" PONG " in alice.reads()


class Ponderous(Silent):
    """A dialect in which each line takes eight milliseconds."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.heard = 0

    def hear(self, _line: Line) -> Heard:
        self._clock.advance(0.008)
        self.heard += 1
        return []


def test_a_turn_is_over_in_time_however_long_each_line_takes(table: Table) -> None:
    (alice,) = table.seat("alice")
    dialect = session_of(table, "alice").dialect = Ponderous(table.clock)
    alice.socket.sendall(b"who is where?\n" * 9)
    heard = []
    for _ in range(5):
        table.server.turn()
        heard.append(dialect.heard)
    assert heard == [2, 4, 6, 8, 9]


def test_keys_that_end_no_line_are_throttled_too(table: Table) -> None:
    (alice,) = table.seat("alice")
    keys = b"\xff\xfd\x01\xff\xfd\x03" + b"a\x7f" * 5000
    alice.sends(keys)
    assert session_of(table, "alice").is_throttled
    before = len(alice.reads())
    for _ in range(100):
        table.wait(0.2)
    # Every key is echoed in the end, only not at once.
    assert before + len(alice.reads()) > 4 * 5000
    assert not session_of(table, "alice").is_throttled


def test_telnet_commands_without_end_are_throttled(table: Table) -> None:
    (alice,) = table.seat("alice")
    alice.sends(b"\xff\xf1" * 8000)
    alice.reads()
    assert session_of(table, "alice").is_throttled


def test_who_is_held_up_for_too_long_is_let_go(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.sends(b"x\n" * 3000)
    for _ in range(152):
        table.wait(1)
    assert bob.sees()[-1] == f"-- alice left ({FLOOD})."
    assert alice.sees()[-1] == f"-- Good-bye: {FLOOD}."


def test_a_long_file_is_said_line_by_line(table: Table) -> None:
    script, bob = table.seat("script", "bob")
    lines = [f"{n:04} " + "x" * 75 for n in range(1500)]
    heard: list[str] = []
    for start in range(0, 1500, 100):
        # The kernel holds back who writes more than we read.
        script.socket.setblocking(True)
        script.socket.sendall(
            "".join(f"{x}\n" for x in lines[start : start + 100]).encode()
        )
        script.socket.setblocking(False)
        for _ in range(20):
            table.wait(1)
        heard += bob.sees()
    assert heard == [f"script: {line}" for line in lines]


@settings(max_examples=30)
@given(st.lists(st.integers(1, 400), max_size=6))
def test_however_much_is_said_all_of_it_is_heard_once(bursts: list[int]) -> None:
    table = Table()
    try:
        alice, bob = table.seat("alice", "bob")
        said = 0
        heard: list[str] = []
        for burst in bursts:
            alice.types(*map(str, range(said, said + burst)))
            said += burst
            for _ in range(burst // 5 + 9):
                table.wait(1)
                heard += bob.sees()
        assert heard == [f"alice: {n}" for n in range(said)]
    finally:
        table.close()


TALK = st.sampled_from(
    [
        *("PRIVMSG #lobby :one", "PRIVMSG #lobby :two", "PRIVMSG #lobby :three"),
        *("PRIVMSG #tea :for tea", "PRIVMSG #nowhere :who?", "PRIVMSG #tea :more"),
        *("PING x", "", "PRIVMSG bob :psst", "JOIN #tea", "PART #tea", "\xff"),
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(TALK, min_size=1, max_size=30), st.booleans())
def test_what_comes_at_once_is_heard_as_if_it_came_line_by_line(
    lines: list[str], is_free: bool
) -> None:
    read = []
    for at_once in (True, False):
        base = configured([f"limits.enabled={str(not is_free).lower()}"])
        table = Table(base=base)
        alice, bob, carol = table.seat_irc("alice", "bob", "carol", caps="server-time")
        carol.types("JOIN #tea")
        table.clear()
        table.wait(10)
        if at_once:
            alice.types(*lines)
        else:
            for line in lines:
                alice.types(line)
        table.wait(10)
        # Each table has a secret of its own, and so other cloaks.
        read.append(
            [
                re.sub(r"@\w+\.cloak", "", "\n".join(person.sees()))
                for person in (alice, bob, carol)
            ]
        )
        table.ignores_everybody()
        table.close()
    assert read[0] == read[1]
