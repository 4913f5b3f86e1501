"""Scenes with many people, and with people who do not read."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from chat.dialects.irc.render import IrcKind
from chat.dialects.reader import PlainKind
from chat.wire.outbox import OFFER
from tests.conftest import SetTable
from tests.journeys.table import Table

# Some people here talk more than anybody may.
FREE = "limits.enabled=false"


@dataclass
class Renderings:
    """Which kinds of reader an event was drawn for."""

    kinds: list[Any]


@pytest.fixture
def renderings(monkeypatch: pytest.MonkeyPatch) -> Renderings:
    """Count how often anything is drawn, and draw it all the same."""
    counted = Renderings([])
    for kind in (IrcKind, PlainKind):
        render = kind.render

        def counting(self: Any, event: Any, render: Any = render) -> bytes:
            counted.kinds.append(self)
            drawn: bytes = render(self, event)
            return drawn

        monkeypatch.setattr(kind, "render", counting)
    return counted


def test_two_hundred_people_and_one_line(
    set_table: SetTable, renderings: Renderings
) -> None:
    table = set_table(FREE)
    plain = table.seat(*(f"p{n}" for n in range(100)))
    bare = table.seat_irc(*(f"b{n}" for n in range(50)))
    tagged = table.seat_irc(*(f"t{n}" for n in range(50)), caps="server-time")
    table.clear()
    renderings.kinds.clear()

    plain[0].types("hello, everybody")

    # Drawn once for each kind of reader...
    assert renderings.kinds == [
        PlainKind(),
        IrcKind(),
        IrcKind(server_time=True),
    ]
    # ... and delivered 199 times.
    assert [person.sees() for person in plain[1:]] == [["p0: hello, everybody"]] * 99
    for person in bare:
        (line,) = person.sees()
        assert line.startswith(":p0!plain@")
        assert line.endswith(" PRIVMSG #lobby :hello, everybody")
    for person in tagged:
        (line,) = person.sees()
        # Each of those who came before was given a time of his own.
        assert line.startswith("@time=2023-11-14T22:13:20.")
        assert line.partition(" ")[2].startswith(":p0!plain@")
        assert line.endswith(" PRIVMSG #lobby :hello, everybody")
    assert plain[0].sees() == []


def test_a_flood_of_lines_waits_its_turn(set_table: SetTable) -> None:
    table = set_table(FREE)
    alice, bob = table.seat("alice", "bob")
    alice.socket.sendall(b"".join(b"%d\n" % n for n in range(1000)))
    table.server.turn()
    # One turn, one share: the loop belongs to everybody.
    assert bob.sees() == [f"alice: {n}" for n in range(100)]
    table.settle()
    assert bob.sees() == [f"alice: {n}" for n in range(100, 1000)]


def test_who_never_reads_is_dropped_and_nobody_else_loses(
    set_table: SetTable,
) -> None:
    table = set_table(FREE, "limits.outbox_soft=20000", "limits.outbox_hard=100000")
    alice, bob, _sleeper = table.seat("alice", "bob", "sleeper")
    heard: list[str] = []
    said: list[str] = []
    while "-- sleeper left (Reads too slowly (SendQ exceeded))." not in heard:
        assert len(said) < 10_000, "the sleeper is never dropped"
        said.append("zzz " * 200 + str(len(said)))
        alice.types(said[-1])
        heard += bob.sees()
    assert [line for line in heard if not line.startswith("--")] == [
        f"alice: {text}" for text in said
    ]
    alice.ignores_the_rest()
    _sleeper.ignores_the_rest()


def test_who_is_too_slow_for_thirty_seconds_is_dropped(
    set_table: SetTable,
) -> None:
    table = set_table(FREE, "limits.outbox_soft=20000", "limits.outbox_hard=10000000")
    alice, sleeper = table.seat("alice", "sleeper")
    for _ in range(1000):
        alice.types("zzz " * 200)
    table.wait(29.0)
    assert alice.sees() == []
    table.wait(1.5)
    assert alice.sees() == ["-- sleeper left (Reads too slowly (SendQ exceeded))."]
    sleeper.ignores_the_rest()


def test_who_was_slow_and_has_caught_up_may_stay(set_table: SetTable) -> None:
    table = set_table(FREE, "limits.outbox_soft=20000", "limits.outbox_hard=10000000")
    alice, bob = table.seat("alice", "bob")
    for _ in range(1000):
        alice.types("zzz " * 200)
    table.wait(29.0)
    seen: list[str] = []
    while len(seen) < 1000:
        seen += bob.reads().decode().split("\r\n")[:-1]
        table.settle()
    # A little later he falls behind again, and has thirty seconds again.
    for _ in range(1000):
        alice.types("zzz " * 200)
    table.wait(29.0)
    assert alice.sees() == []
    # Nobody hears him before he has read what is waiting for him.
    bob.types("I am here")
    assert alice.sees() == []
    while bob.reads():
        table.settle()
    assert alice.sees() == ["bob: I am here"]
    bob.ignores_the_rest()


def test_a_long_answer_never_drops_its_asker(set_table: SetTable) -> None:
    table = set_table(FREE, "limits.outbox_soft=2000", "limits.outbox_hard=4000")
    people = table.seat_irc(*(f"somebody{n:03}" for n in range(300)))
    asker = people[0]
    asker.types(*["WHO #lobby"] * 40)
    answer = asker.reads().count(b" 352 ")
    while answer < 300 * 40:
        table.settle()
        more = asker.reads().count(b" 352 ")
        assert more, "the answer has stopped"
        answer += more
    asker.types("PING :still here")
    assert asker.sees()[-1] == ":switchboard.local PONG switchboard.local :still here"
    for person in people:
        person.ignores_the_rest()


def test_too_long_a_line_is_refused_once_and_talk_goes_on(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("x" * 4097, "y" * 4096)
    assert alice.sees() == [
        "-- That line was too long and nobody saw it. Try it in pieces."
    ]
    assert bob.sees() == ["alice: " + "y" * 4096]


def test_a_line_without_an_end_ends_the_conversation(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.sends(b"x" * 70_000)
    assert alice.sees() == [
        "-- That line was too long and nobody saw it. Try it in pieces.",
        "-- Good-bye: a line without an end.",
    ]
    assert alice.is_cut_off()
    assert bob.sees() == ["-- alice left (a line without an end)."]


def test_a_long_line_reaches_irc_in_pieces_with_one_id(table: Table) -> None:
    (alice,) = table.seat("alice")
    (bob,) = table.seat_irc("bob", caps="message-tags")
    table.clear()
    text = "æøå " * 500
    alice.types(text)
    lines = bob.sees()
    assert [line.startswith("@msgid=") for line in lines] == [True] + [False] * (
        len(lines) - 1
    )
    assert "".join(line.partition(" :")[2].partition(" :")[2] for line in lines[:1])
    bodies = [line.rpartition("PRIVMSG #lobby :")[2] for line in lines]
    assert "".join(bodies) == text
    assert max(len(line.partition(":")[2].encode()) for line in lines) <= 509


def test_patience_begins_anew_with_each_time_of_being_slow(
    set_table: SetTable,
) -> None:
    table = set_table(FREE, "limits.outbox_soft=10000", "limits.outbox_hard=10000000")
    alice, bob = table.seat("alice", "bob")
    for _ in range(300):
        alice.types("zzz " * 500)
    while bob.reads():
        table.settle()
    table.wait(29.0)
    for _ in range(300):
        alice.types("zzz " * 500)
    table.wait(2.0)
    assert alice.sees() == []
    bob.ignores_the_rest()


def test_who_does_not_read_his_answers_is_not_heard(set_table: SetTable) -> None:
    table = set_table(FREE)
    asker, *others = table.seat_irc(*(f"somebody{n:02}" for n in range(60)))
    with suppress(BlockingIOError):
        for _ in range(1000):
            asker.sends(b"WHO #lobby\r\n" * 200)
    (session,) = [s for s in table.server._roster if s.is_blocked]
    assert session.outbox.size() < 2 * OFFER
    assert len(session.outbox._queue or ()) <= 100
    # He is not punished: as soon as he reads, he is heard again.
    while asker.reads():
        table.settle()
    asker.types("PING :here")
    while not (last := asker.reads()).endswith(b":here\r\n"):
        assert last, "he is not heard"
        table.settle()
    for person in others:
        person.ignores_the_rest()
    asker.ignores_the_rest()


def test_commas_do_not_multiply_a_question(table: Table) -> None:
    (alice,) = table.seat_irc("alice")
    alice.types("NAMES #tea,#tea,#tea,#tea,#tea")
    assert alice.sees() == [
        ":switchboard.local 407 alice #tea,#tea,#tea,#tea,#tea :Too many targets."
    ]


def test_nobody_is_in_more_rooms_than_he_may_be(set_table: SetTable) -> None:
    table = set_table("limits.rooms_per_user=2")
    alice, bob = table.seat("alice", "bob")
    alice.types("/join tea", "/join work")
    assert alice.sees() == [
        "-- You are in #tea, with nobody else yet.",
        "-- You are in too many rooms for #work; /leave one first.",
    ]
    assert bob.sees() == []


def test_a_line_is_as_long_as_it_is_however_it_arrives(table: Table) -> None:
    (alice,) = table.seat("alice")
    bob, carol = table.connect("bob"), table.connect("carol")
    bob.sends(b"bob\n" + b"x" * 5000 + b"\n")
    carol.sends(b"carol\n")
    carol.sends(b"x" * 5000 + b"\n")
    complaint = "-- That line was too long and nobody saw it. Try it in pieces."
    assert complaint in bob.sees()
    assert complaint in carol.sees()
    assert alice.sees() == ["-- bob is here.", "-- carol is here."]
    table.clear()


def test_a_web_page_does_not_speak_in_its_visitors_name(table: Table) -> None:
    (alice,) = table.seat("alice")
    browser = table.connect("browser")
    path = b"POST /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: here\r\n\r\n"
    browser.sends(path + b"mallory\r\nI am the visitor\r\n")
    assert browser.sees() == ["ERROR :That is no language of this house."]
    assert browser.is_cut_off()
    assert alice.sees() == []


def test_who_keeps_up_is_heard_though_something_is_always_waiting(
    set_table: SetTable,
) -> None:
    table = set_table(FREE)
    alice, bob = table.seat("alice", "bob")
    (session,) = [
        s for s in table.server._roster if s.connection.host.endswith("alice")
    ]
    # A small pipe, and a little more in it than it holds, all the time.
    session.connection._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
    while not session.outbox.size():
        bob.types("x" * 500)
    alice.types("I can hear you")
    assert session.is_blocked
    assert bob.sees() == ["alice: I can hear you"]
    alice.ignores_the_rest()
