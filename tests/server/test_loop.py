"""The loop, turned by hand: arrivals, ends, and what it leaves behind."""

import os
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from errno import EAGAIN, ECONNRESET, EHOSTUNREACH, EINTR

import pytest

from chat.config import Config, configured
from chat.dialects.dialect import Heard, Silent
from chat.domain.commands import Depart
from chat.domain.extracts import Scope
from chat.domain.ports import Extracted
from chat.domain.questions import Page
from chat.net.address import Address
from chat.net.connection import Connection
from chat.net.listener import Exhausted, Listener
from chat.net.log import Log
from chat.net.poller import Ready
from chat.server import loop
from chat.server.bookmarks import ROUND
from chat.server.ceilings import PATIENCE_SECONDS
from chat.server.door import FULL, REST, TOO_MANY_FROM_YOU
from chat.server.loop import LINGER, READING, Server
from chat.server.machine import Machine
from chat.server.roster import SWEPT_A_TURN
from chat.store.memory import MemoryStore
from chat.wire.lines import Line
from tests.conftest import SetTable
from tests.fakes import IMPATIENT, FakeClock, ImpatientPoller
from tests.journeys.table import Person, Table

# Some people here talk more than anybody may, or come from one address.
FREE = "limits.enabled=false"


@pytest.fixture(params=IMPATIENT)
def poller(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


class House:
    """A server with a real listener on loopback."""

    def __init__(self, seats: int = 1000, poller: str = "select") -> None:
        self.clock = FakeClock()
        self.poller = IMPATIENT[poller]()
        self.listener = Listener(Address("127.0.0.1", 0))
        machine = Machine(self.clock, self.poller, seats)
        self.server = Server(configured([FREE]), [self.listener], machine)

    def dial(self) -> socket.socket:
        """Connect; the kernel has completed it before this returns."""
        address = ("127.0.0.1", self.listener.address.port)
        return socket.create_connection(address, timeout=5)

    def turns(self, count: int = 5) -> None:
        for _ in range(count):
            self.server.turn()


@pytest.fixture
def house(poller: str) -> Iterator[House]:
    house = House(poller=poller)
    yield house
    house.server.close()


def test_a_crowd_is_let_in_within_a_few_turns(house: House) -> None:
    crowd = [house.dial() for _ in range(200)]
    house.turns(4)
    assert len(house.server._roster) == 200
    for peer in crowd:
        peer.close()


def test_who_comes_when_all_seats_are_taken_is_told_so(poller: str) -> None:
    house = House(1, poller)
    with closing(house.server), house.dial() as first, house.dial() as second:
        house.turns()
        assert second.recv(1000) == f"ERROR :{FULL}\r\n".encode()
        assert second.recv(1000) == b""
        first.sendall(b"alice\n")
        house.turns()
        assert b"You are alice" in first.recv(1000)


def test_a_seat_that_is_left_is_free_again() -> None:
    house = House(seats=1)
    with closing(house.server):
        house.dial().close()
        house.turns()
        with house.dial() as second:
            second.sendall(b"bob\n")
            house.turns()
            assert b"You are bob" in second.recv(1000)


def test_who_is_lost_while_the_house_closes_is_closed_once(house: House) -> None:
    with house.dial() as peer:
        peer.sendall(b"alice\n/quit\n")
        house.turns(3)
        assert b"alice" in peer.recv(1000)
        house.turns(3)
        lose(peer)
    house.server.leave()
    house.server.run()
    assert len(house.server._roster) == 0


def lose(peer: socket.socket) -> None:
    """Close *peer* with a reset."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def test_a_turn_that_has_no_time_left_sweeps_but_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "SWEEPING", -1.0)
    crowd = [house.dial() for _ in range(3)]
    house.turns(5)
    for peer in crowd:
        lose(peer)
    for left in (2, 1, 0):
        house.server.turn()
        assert len(house.server._roster) == left


def test_those_who_are_lost_at_once_are_swept_so_many_a_turn(house: House) -> None:
    crowd = [house.dial() for _ in range(2 * SWEPT_A_TURN + 10)]
    with house.dial() as alice:
        for number, peer in enumerate((alice, *crowd)):
            peer.sendall(f"guest{number}\n".encode())
        house.turns(10)
        assert b"and 190 more" in alice.recv(1 << 20)
        for peer in crowd:
            lose(peer)
        house.server.turn()
        assert len(house.server._roster) == 1 + SWEPT_A_TURN + 10
        # Those who are left are not asked about again, and the next turn comes at once.
        assert house.poller.look() == Ready([], [])
        assert house.server._until_next() == 0
        house.turns(2)
        assert len(house.server._roster) == 1
        assert house.server._until_next() != 0
        assert alice.recv(1 << 20).count(b" left (Connection reset)") == len(crowd)


class Crowded(Listener):
    """A listener on a machine without descriptors, as long as it is `full`."""

    full = True

    def accept(self):  # type: ignore[no-untyped-def]
        if self.full:
            raise Exhausted("too many open files")
        return super().accept()


def test_accepting_rests_while_the_machine_has_nothing_left(poller: str) -> None:
    clock, impatient = FakeClock(), IMPATIENT[poller]()
    listener = Crowded(Address("127.0.0.1", 0))
    server = Server(Config(), [listener], Machine(clock, impatient, 1000))
    peer = socket.create_connection(("127.0.0.1", listener.address.port))
    with closing(server), peer:
        server.turn()
        # Readable it still is; the loop does not look until the rest is over.
        server.turn()
        assert not impatient.found_something
        listener.full = False
        clock.advance(REST)
        server.turn()
        server.turn()
        assert len(server._roster) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_end_is_announced_and_awaited(table: Table, number: int) -> None:
    (alice,) = table.seat("alice")
    (bob,) = table.seat_irc("bob")
    table.clear()
    table.server.wakeup.ring(number)
    table.server.run()
    assert alice.sees() == ["-- Good-bye: The server is shutting down."]
    assert bob.sees() == ["ERROR :Closing link: The server is shutting down"]
    assert alice.is_cut_off()
    assert bob.is_cut_off()


def test_another_signal_is_not_the_end(table: Table) -> None:
    (alice,) = table.seat("alice")
    table.server.wakeup.ring(signal.SIGUSR1)
    table.settle()
    alice.types("/who")
    assert alice.sees() == ["-- In #lobby: alice"]


def test_the_end_does_not_wait_for_who_never_reads(
    set_table: SetTable,
) -> None:
    table = set_table(FREE)
    alice, _sleeper = table.seat("alice", "sleeper")
    for _ in range(300):
        alice.types("zzz " * 500)
    table.server.wakeup.ring(signal.SIGTERM)
    table.settle()
    assert len(table.server._roster) == 1
    table.wait(LINGER)
    assert len(table.server._roster) == 0
    alice.ignores_the_rest()
    _sleeper.ignores_the_rest()


def interest(table: Table) -> dict[str, int]:
    """How many descriptors are read from and written to."""
    kinds = table.server.statistics()["poller"]
    return {kind: kinds[kind] for kind in ("reading", "writing")}


def test_nothing_is_left_of_who_has_gone(table: Table) -> None:
    before = interest(table)
    people = table.seat("alice", "bob") + table.seat_irc("carol")
    people[0].types("/quit")
    people[0].socket.close()
    people[1].vanishes()
    people[2].finishes_talking()
    people[2].ignores_the_rest()
    table.settle()
    server = table.server
    assert len(server._roster) == 0
    assert interest(table) == before
    assert server._fanout._readers == {}
    assert server._fanout._rooms == {}
    # Nothing is to be done later but what the house does by itself.
    waiting = server._schedule._timers._heap
    assert sum(timer.action is not None for *_, timer in waiting) == 3


def test_a_reset_in_mid_turn_is_that_connection_only(table: Table) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    # bob's end is gone before the line that is meant for him is sent.
    alice.socket.sendall(b"hello\n")
    bob.socket.close()
    table.settle()
    assert carol.sees() == ["alice: hello", "-- bob left (Connection closed)."]
    assert alice.sees() == ["-- bob left (Connection closed)."]


def test_a_reset_in_the_turn_in_which_lingering_ends(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("/quit")
    table.clock.advance(LINGER)
    # Her farewell unread, alice's end answers with a reset.
    alice.socket.close()
    table.settle()
    bob.types("/who")
    assert bob.sees() == ["-- alice left (Quit).", "-- In #lobby: bob"]


def test_lingering_and_patience_end_in_one_turn(set_table: SetTable) -> None:
    table = set_table(FREE, "limits.outbox_soft=1000", "limits.outbox_hard=10000000")
    alice, bob = table.seat("alice", "bob")
    while not any(s.slow_until for s in table.server._roster):
        bob.types("x" * 2000)
    table.clock.advance(PATIENCE_SECONDS - LINGER)
    for session in table.server._roster:
        if session.slow_until:
            table.server._exchange._handle(session, Depart("Quit"))
    table.settle()
    table.wait(LINGER)
    assert [line for line in bob.sees() if line.startswith("--")] == [
        "-- alice left (Quit)."
    ]
    alice.ignores_the_rest()


def test_a_rest_that_ends_after_the_house_has_closed(set_table: SetTable) -> None:
    table = set_table(FREE)
    alice, sleeper = table.seat("alice", "sleeper")
    listener = Crowded(Address("127.0.0.1", 0))
    table.server._door._listeners[listener.descriptor] = listener
    table.server._poller.read(listener.descriptor)
    while not any(s.is_blocked for s in table.server._roster):
        alice.types("zzz " * 500)
    with socket.create_connection(("127.0.0.1", listener.address.port)):
        table.settle()
    table.server.wakeup.ring(signal.SIGTERM)
    table.settle()
    table.wait(REST)
    assert len(table.server._roster) == 1
    alice.ignores_the_rest()
    sleeper.ignores_the_rest()


class Broken(Silent):
    """A dialect with a bug."""

    def hear(self, _line: Line) -> Heard:
        raise ZeroDivisionError("a bug of ours")


def break_dialect_of(table: Table, nick: str) -> None:
    """Whatever *nick* says next meets a bug."""
    for session in table.server._roster:
        if session.connection.host == f"host of {nick}":
            session.dialect = Broken()


def test_a_fault_of_ours_costs_one_session(set_table: SetTable) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as log, os.fdopen(writing, "wb"):
        table = set_table(log=Log(writing))
        alice, bob, carol = table.seat("alice", "bob", "carol")
        break_dialect_of(table, "alice")
        alice.types("hello")
        bob.types("is anybody there?")
        assert carol.sees() == [
            "-- alice left (An error on our side).",
            "bob: is anybody there?",
        ]
        line = log.readline()
    assert line.startswith(
        "2023-11-14T22:13:20Z FAULT ZeroDivisionError: a bug of ours at "
    )
    assert "test_loop.py" in line
    assert table.server._logbook.faults == 1
    table.clear()
    alice.ignores_the_rest()


def test_without_a_log_a_fault_is_heard_of_at_once(table: Table) -> None:
    (alice,) = table.seat("alice")
    break_dialect_of(table, "alice")
    with pytest.raises(ZeroDivisionError):
        alice.types("hello")


def test_who_is_lost_is_not_listened_to_again_in_the_same_turn(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("are you there?")
    bob.vanishes()
    # The second look of the turn finds the end of the stream behind the reset.
    assert alice.sees() == ["-- bob left (Connection reset)."]


class Chatterbox(ImpatientPoller):
    """A poller under which somebody says more before each second look."""

    def __init__(self, peer: socket.socket, more: bytes) -> None:
        super().__init__()
        self._peer, self._more = peer, more

    def look(self) -> Ready:
        more, self._more = self._more, b""
        self._peer.sendall(more)
        return super().look()


def test_nobody_is_heard_twice_in_one_turn() -> None:
    mine, theirs = socket.socketpair()
    poller = Chatterbox(mine, more=b"/who\n" * 50)
    server = Server(configured([FREE]), [], Machine(FakeClock(), poller, 1000))
    with closing(server), mine:
        server.admit(Connection(theirs, "here"))
        mine.sendall(b"alice\n" + b"/who\n" * 99)
        server.turn()
        assert mine.recv(100_000).count(b"-- In #lobby") == 99
        server.turn()
        assert mine.recv(100_000).count(b"-- In #lobby") == 50


# Another configuration.


def test_other_limits_hold_for_those_who_are_here(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    table.server.configure(
        configured(["limits.nick_length=3", "limits.burst=1", "limits.outbox_soft=9"])
    )
    table.wait(60)
    alice.types("/nick alicia", "one", "two")
    assert alice.sees() == [
        "-- alicia cannot be a name: it is longer than 3 bytes. Try another."
    ]
    assert bob.sees() == []
    table.wait(0.2)
    assert bob.sees() == ["alice: one"]
    table.wait(0.2)
    assert bob.sees() == ["alice: two"]
    assert {session.outbox.soft for session in table.server._roster} == {9}


def test_other_limits_hold_at_the_door(house: House) -> None:
    house.server.configure(configured(["limits.per_address=0"]))
    with house.dial() as peer:
        house.turns()
        assert peer.recv(1000) == f"ERROR :{TOO_MANY_FROM_YOU}\r\n".encode()


def test_other_deadlines_hold_for_whoever_comes(table: Table) -> None:
    table.server.configure(configured(["greet_after=5", "limits.outbox_total=7"]))
    silent = table.connect()
    table.wait(4)
    assert silent.sees() == []
    table.wait(2)
    assert silent.sees()[-1] == "What should we call you?"
    assert table.server._ceilings.total == 7


def test_after_a_restart_with_the_clock_set_back_nothing_is_older_or_the_same() -> None:
    store = MemoryStore()
    places = []
    for day in 20, 19:
        clock = FakeClock(day * 86_400_000)
        server = Server(Config(), [], Machine(clock, ImpatientPoller(), 9, store=store))
        clock.advance(60)
        # A turn in which the house tidies up, of which nothing is written down.
        server.turn()
        places.append(server._exchange._order.reached())
        server.close()
    first, second = places
    assert second.id > first.id
    assert second.at >= first.at


def test_whoever_has_more_to_say_than_a_turn_hears_keeps_nobody_waiting(
    set_table: SetTable,
) -> None:
    table = set_table(FREE)
    flooders = [table.connect(f"f{number}") for number in range(8)]
    for flooder in flooders:
        flooder.types(flooder.name, "/leave")
        flooder.ignores_the_rest()
    (alice,) = table.seat("alice")
    for flooder in flooders:
        flooder.socket.sendall(b"\x01\n" * 8000)
    table.server.turn()
    alice.socket.sendall(b"/who\n")
    for _ in range(3):
        table.server.turn()
    assert alice.sees() == ["-- In #lobby: alice"]


def test_a_signal_is_heeded_in_the_middle_of_a_flood(set_table: SetTable) -> None:
    table = set_table(FREE)
    flooders = [table.connect(f"f{number}") for number in range(8)]
    for flooder in flooders:
        flooder.types(flooder.name)
        flooder.socket.sendall(b"\x01\n" * 8000)
        flooder.ignores_the_rest()
    table.server.turn()
    table.server.wakeup.ring(signal.SIGTERM)
    for _ in range(3):
        table.server.turn()
    assert table.server._is_leaving


# What is read while speaking.


class SlowShelf(MemoryStore):
    """A store that takes its time, by *clock*, to find a page."""

    clock: FakeClock

    def page(self, scope: Scope, page: Page, until: int) -> Extracted:
        self.clock.advance(READING + 0.001)
        return super().page(scope, page, until)


def test_much_that_is_to_be_read_is_read_in_several_turns() -> None:
    shelf = SlowShelf()
    with closing(Table(FREE, store=shelf)) as table:
        shelf.clock = table.clock
        people = table.seat("alice", "bob", "carol")
        people[0].types("milk?")
        table.clear()
        for person in people:
            person.socket.sendall(b"/history #lobby\n")
        read = []
        for _ in range(3):
            table.server.turn()
            read.append([b"milk?" in person.reads() for person in people].count(True))
        assert read == [1, 1, 1]


def test_who_is_lost_while_he_is_told_what_he_has_missed_is_told_again(
    table: Table,
) -> None:
    alice, bob = table.seat("alice", "bob")
    bob.types("/register", "milk and tea", "milk and tea")
    table.clear()
    bob.types("/quit")
    bob.vanishes()
    alice.types("one", "two")
    for kernel_fails in True, False:
        bob = table.connect("bob")
        bob.types("bob")
        bob.reads()
        if kernel_fails:
            bob.kernel.fails("send", ECONNRESET)
            bob.types("milk and tea")
            bob.ignores_the_rest()
        else:
            bob.types("milk and tea")
            told = bob.sees()
            assert [line for line in told if line.endswith(("one", "two"))]
    table.ignores_everybody()


def test_how_far_people_are_is_written_down_every_ten_seconds(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    bob.types("/register", "milk and tea", "milk and tea")
    alice.types("hello")
    table.ignores_everybody()
    account = table.server._exchange._hub.account("bob")
    assert account is not None
    store = table.server._exchange.bookmarks._archive
    before = store.delivered(account.id, "")
    alice.types("hello again")
    table.wait(ROUND)
    bob.types("I have read it")
    table.wait(ROUND)
    table.wait(1)
    assert before is not None
    assert (store.delivered(account.id, "") or 0) > before


# One send to many.


@pytest.fixture
def readers(table: Table) -> list[Person]:
    """Somebody who talks, and three who read nothing but the lobby."""
    return table.seat("alice", "bob", "carol", "dave")


def test_who_takes_part_of_a_sheet_reads_the_rest_in_order(
    readers: list[Person],
) -> None:
    alice, bob, *others = readers
    for mouthfuls in (3,), (3, 2, 1), (1,) * 30:
        bob.kernel.takes(*mouthfuls)
        alice.types("hello", "again")
        alice.types("and again")
        said = ["alice: hello", "alice: again", "alice: and again"]
        assert [person.sees() for person in (bob, *others)] == [said] * 3


@pytest.mark.parametrize("number", [EAGAIN, EINTR])
@pytest.mark.parametrize("times", [1, 2, 5])
def test_who_takes_nothing_of_a_sheet_reads_it_later(
    readers: list[Person], number: int, times: int
) -> None:
    alice, bob, *others = readers
    bob.kernel.fails("send", *[number] * times)
    alice.types("hello")
    alice.types("again")
    said = ["alice: hello", "alice: again"]
    assert [person.sees() for person in (bob, *others)] == [said] * 3
    assert bob.kernel.has_failed_as_told()


def test_what_is_said_on_the_side_is_behind_what_was_put_back(
    readers: list[Person],
) -> None:
    alice, bob, *others = readers
    bob.kernel.takes(4)
    bob.kernel.fails("send", EAGAIN, EAGAIN)
    alice.socket.sendall(b"hello\n")
    alice.types("/msg bob psst", "again")
    assert bob.sees() == ["alice: hello", "alice whispers: psst", "alice: again"]
    for person in (alice, *others):
        person.ignores_the_rest()


def test_who_is_lost_in_a_send_to_many_leaves_with_the_right_words(
    readers: list[Person],
) -> None:
    alice, bob, carol, dave = readers
    carol.kernel.fails("send", EHOSTUNREACH)
    alice.types("hello")
    left = "-- carol left (No route to host)."
    assert alice.sees() == [left]
    assert bob.sees() == dave.sees() == ["alice: hello", left]
    alice.types("still there?")
    assert bob.sees() == dave.sees() == ["alice: still there?"]
    assert carol.reads() == b""


def test_what_was_lost_in_a_send_to_many_has_not_been_told(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    bob.types("/register", "milk and tea", "milk and tea")
    alice.types("told")
    for _ in range(2):
        table.wait(ROUND)
        bob.types("I have read it")
    table.clear()
    bob.kernel.fails("send", ECONNRESET)
    alice.types("lost")
    alice.types("missed")
    bob = table.connect("bob")
    bob.types("bob", "milk and tea")
    told = [line.split()[-1] for line in bob.sees() if " alice: " in line]
    assert told == ["lost", "missed"]
    alice.ignores_the_rest()


# What a terminal answers that sends every key: it echoes nothing, and stays so.
SENDS_EVERY_KEY = b"\xff\xfd\x01\xff\xfd\x03"


@pytest.mark.parametrize("number", [EAGAIN, EINTR])
def test_news_is_dressed_once_for_who_is_typing(table: Table, number: int) -> None:
    seen = []
    for fails in False, True:
        alice, bob = table.seat(f"alice{fails}", f"bob{fails}")
        alice.sends(SENDS_EVERY_KEY)
        alice.sends(b"hel")
        table.clear()
        if fails:
            alice.kernel.fails("send", number)
        bob.types("hi")
        seen.append(alice.reads().replace(str(fails).encode(), b""))
        alice.vanishes()
        bob.vanishes()
    assert seen[0].count(b"hel") == 1
    assert seen[0] == seen[1]
