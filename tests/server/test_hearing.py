"""Hearing: what is read from one session, and when, over the whole server."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.config import configured
from chat.dialects.dialect import Heard, Silent
from chat.domain.effects import Attach, Seat
from chat.server.fanout import FanOut
from chat.server.hearing import DRAWN, FLOOD
from chat.server.session import Session
from chat.server.throttle import LINES_A_TURN
from chat.store.memory import MemoryStore
from chat.wire.lines import Line
from tests.conftest import SetTable
from tests.fakes import FakeClock
from tests.journeys.table import Table
from tests.server.readers import Pen, a_session

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


# What alice says: all of it several times in a row, or once.
TALK = [
    *(b"PRIVMSG #lobby :one", b"PRIVMSG #lobby :two two", b"PRIVMSG #LOBBY :case"),
    *(b"PRIVMSG #tea :for tea", b"PRIVMSG #tea :more tea", b"PRIVMSG #nowhere :who?"),
    *(b"PRIVMSG #mute :hush", b"PRIVMSG #off :off", b"PRIVMSG #secret :where?"),
    *(b"PRIVMSG @#lobby :ops", b"PRIVMSG +#tea :voices", b"PRIVMSG #lobby,#tea :both"),
    *(b"PRIVMSG #lobby :", b"PRIVMSG #lobby", b"PRIVMSG #lobby : :", b"PRIVMSG # :x"),
    *(b"PRIVMSG  #lobby :far", b"PRIVMSG #lobby  :far", b"PRIVMSG bob :psst"),
    b"PRIVMSG #lobby :\x01ACTION waves\x01",
    b"PRIVMSG #lobby :\x01VERSION\x01",
    b"@label=a PRIVMSG #lobby :labelled",
    b"@+x=1 PRIVMSG #lobby :tagged",
    b"NOTICE #lobby :beep",
    b"PRIVMSG #lobby :\xff",
    b"PRIVMSG #lobby :\xc3",
    b"PRIVMSG #lobby :a\rb\x00c\x1bd\x0be",
    b"PRIVMSG #lobby :\xe2\x80\xa8x\xc2\x85",
    b"PRIVMSG #lobby :\r",
    b"PRIVMSG #lobby :end\r",
    b"PRIVMSG #lobby :" + b"x" * 493,
    b"PRIVMSG #lobby :" + b"y" * 494,
    b"PRIVMSG #lobby :" + b"z" * 495,
    b"PRIVMSG #lobby :" + "é".encode() * 240,
    *(b"PING x", b"", b"\xff", b"JOIN #tea", b"PART #tea", b"AWAY :gone", b"AWAY"),
    *(b"NICK alicia", b"NICK alice", b"MODE alice +B", b"x" * 600),
    *(b"CAP REQ :echo-message", b"CAP REQ :-echo-message", b"CAP REQ :server-time"),
    b"CAP REQ :labeled-response batch",
    b"CHATHISTORY LATEST #lobby * 3",
]
# Mostly what is heard in breaths.
RUNS = st.lists(
    st.tuples(
        st.sampled_from(TALK[:9]) | st.sampled_from(TALK),
        st.sampled_from([1, 2, 5, 22]),
    ),
    min_size=1,
    max_size=8,
)
CAPS = ["", "server-time", "echo-message server-time message-tags"]


class Scene:
    """Alice, who talks, and who hears her, whatever they read."""

    def __init__(self, caps: str, *, is_free: bool) -> None:
        self.store = MemoryStore()
        base = configured([f"limits.enabled={str(not is_free).lower()}"])
        self.table = Table(base=base, store=self.store)
        self.alice, bob = self.table.seat_irc("alice", "bob", caps=caps)
        (carol,) = self.table.seat_irc("carol", caps="server-time message-tags")
        self.people = (self.alice, bob, carol, *self.table.seat("dave"))
        rooms = ("#tea", "#mute", "#off", "#secret")
        for line in (*(f"JOIN {room}" for room in rooms), "MODE #mute +m"):
            carol.types(line)
        carol.types("MODE #secret +s")
        self.table.wait(20)
        self.alice.types("JOIN #mute", "JOIN #off")
        self.table.wait(20)
        self.table.clear()

    def sends(self, data: bytes) -> None:
        self.alice.sends(data)

    def ends(self) -> list[object]:
        """What everybody has read, what is kept, and what alice may still say."""
        for _ in range(4):
            self.table.wait(10)
        # Each table has a secret of its own, and so other cloaks.
        read = [
            re.sub(rb"@\w+\.cloak", b"", person.reads()).decode()
            for person in self.people
        ]
        kept = [
            replace(line, source=line.source.partition("@")[0])
            for line in self.store.lines()
        ]
        session = session_of(self.table, "alice")
        allowed = (round(session.tokens, 6), session.is_throttled, len(session.lines))
        self.table.close()
        return [read, kept, allowed]


def by_the_table(line: bytes) -> bytes:
    """The same line in small letters, which is never heard in a breath."""
    return b"privmsg" + line[7:] if line.startswith(b"PRIVMSG") else line


@settings(deadline=None, max_examples=300)
@given(RUNS, st.booleans(), st.sampled_from(CAPS))
def test_what_comes_at_once_is_heard_as_if_it_came_line_by_line(
    runs: list[tuple[bytes, int]], is_free: bool, caps: str
) -> None:
    lines = [line + b"\r\n" for line, count in runs for _ in range(count)][:70]
    at_once, one_by_one, in_small_letters = (
        Scene(caps, is_free=is_free) for _ in range(3)
    )
    at_once.sends(b"".join(lines))
    for line in lines:
        one_by_one.sends(line)
    in_small_letters.sends(b"".join(map(by_the_table, lines)))
    heard = at_once.ends()
    assert heard == one_by_one.ends()
    assert heard == in_small_letters.ends()


class Listener(Silent):
    """A dialect that counts how many lines it is asked for at once, and takes none."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def breath(self, lines: list[Line]) -> None:
        self.asked.append(len(lines))


def add_kinds(fanout: FanOut, count: int) -> None:
    """Have so many more kinds of readers; where they are nobody talks."""
    for number in range(1000, 1000 + count):
        fanout.open(a_session(number, Pen(f"colour {number}")))
        fanout.carry_out(Attach(number, number))
        fanout.carry_out(Seat(number, 1000))
    fanout.take_dirty()


@pytest.mark.parametrize(
    ("kinds", "lines"), [(1, 20), (10, 20), (11, 18), (100, 2), (101, 1), (300, 1)]
)
def test_a_breath_is_short_where_there_are_many_kinds_of_readers(
    set_table: SetTable, kinds: int, lines: int
) -> None:
    table = set_table(FREE)
    (alice,) = table.seat("alice")
    dialect = session_of(table, "alice").dialect = Listener()
    fanout = table.server._exchange.fanout
    add_kinds(fanout, kinds - 1)
    assert fanout.kinds() == kinds
    alice.socket.sendall(b"hello\n" * 50)
    table.server.turn()
    assert max(dialect.asked) == lines
    assert lines == 1 or lines * kinds <= DRAWN


class Chameleon(Listener):
    """The same; and when it is asked, there are a hundred more kinds of readers."""

    def __init__(self, fanout: FanOut) -> None:
        super().__init__()
        self.fanout = fanout

    def breath(self, lines: list[Line]) -> None:
        if not self.asked:
            add_kinds(self.fanout, 100)
        super().breath(lines)


def test_kinds_of_readers_that_come_up_in_a_turn_make_a_breath_short_in_it(
    set_table: SetTable,
) -> None:
    table = set_table(FREE)
    alice, bob = table.seat("alice", "bob")
    fanout = table.server._exchange.fanout
    session_of(table, "alice").dialect = Chameleon(fanout)
    dialect = session_of(table, "bob").dialect = Listener()
    alice.socket.sendall(b"hello\n" * 50)
    bob.socket.sendall(b"hello\n" * 50)
    table.server.turn()
    assert fanout.kinds() > DRAWN // 2
    assert max(dialect.asked) == 1
