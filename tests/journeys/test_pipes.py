r"""Scenes of half-close: ``printf 'alice\nhello' | nc -N HOST PORT``.

Each is played three ways, because where a stream is cut is no business of the
people at its ends: whole, byte by byte, and byte by byte with more behind it.
"""

from collections.abc import Callable

import pytest

from tests.conftest import SetTable
from tests.journeys.table import Person, Table

Way = Callable[[Person, bytes], None]


def whole(person: Person, data: bytes) -> None:
    person.sends(data)
    person.finishes_talking()


def byte_by_byte(person: Person, data: bytes) -> None:
    for index in range(len(data)):
        person.sends(data[index : index + 1])
    person.finishes_talking()


def end_at_once(person: Person, data: bytes) -> None:
    """Data and end arrive together, before the server has turned."""
    person.socket.sendall(data)
    person.finishes_talking()


WAYS = pytest.mark.parametrize("send", [whole, byte_by_byte, end_at_once])


@WAYS
def test_both_lines_count_and_the_last_needs_no_end(table: Table, send: Way) -> None:
    (bob,) = table.seat("bob")
    alice = table.connect()
    send(alice, b"alice\nhello")
    assert bob.sees() == [
        "-- alice is here.",
        "alice: hello",
        "-- alice left (Connection closed).",
    ]
    assert alice.sees() == [
        "Welcome to Switchboard, a place to chat. Here now: bob.",
        (
            "What is said in a room is kept, to be read while the room is there,"
            " unless /room says otherwise."
        ),
        "What should we call you?",
        "-- You are alice. Type to talk; /help helps, /quit leaves.",
        "-- You are in #lobby, with bob.",
        "-- Good-bye: Connection closed.",
    ]
    assert alice.is_cut_off()


@WAYS
def test_a_name_alone_needs_no_end_either(table: Table, send: Way) -> None:
    (bob,) = table.seat("bob")
    alice = table.connect()
    send(alice, b"alice")
    alice.ignores_the_rest()
    assert bob.sees() == ["-- alice is here.", "-- alice left (Connection closed)."]


@WAYS
def test_every_answer_arrives_before_the_end(set_table: SetTable, send: Way) -> None:
    table = set_table("limits.enabled=false")
    alice = table.connect()
    send(alice, b"alice\n" + b"/who\n" * 250)
    assert alice.sees()[5:] == ["-- In #lobby: alice"] * 250 + [
        "-- Good-bye: Connection closed."
    ]
    assert alice.is_cut_off()


def test_a_throttled_script_has_all_of_it_said_before_it_leaves(table: Table) -> None:
    (bob,) = table.seat("bob")
    script = table.connect()
    script.sends(b"cron\n" + b"".join(b"line %d\n" % n for n in range(30)))
    script.finishes_talking()
    assert bob.sees() == ["-- cron is here.", *(f"cron: line {n}" for n in range(19))]
    for number in range(19, 30):
        table.wait(0.2)
        assert bob.sees()[:1] == [f"cron: line {number}"]
    # Only now is it read to its end.
    table.wait(0.2)
    assert bob.sees() == ["-- cron left (Connection closed)."]
    assert script.sees()[-1] == "-- Good-bye: Connection closed."
    assert script.is_cut_off()


@WAYS
def test_an_irc_command_that_was_cut_off_is_not_guessed(
    table: Table, send: Way
) -> None:
    (bob,) = table.seat("bob")
    alice = table.connect()
    send(alice, b"NICK alice\r\nUSER a 0 * :A\r\nJOIN #lobby\r\nPRIVMSG #lobby :hel")
    assert alice.sees()[-1] == "ERROR :Closing link: Connection closed"
    assert bob.sees() == ["-- alice is here.", "-- alice left (Connection closed)."]


@WAYS
def test_nothing_after_good_bye_counts(table: Table, send: Way) -> None:
    (bob,) = table.seat("bob")
    alice = table.connect()
    send(alice, b"alice\n/quit\nstill here\nand here")
    assert alice.sees()[-1] == "-- Good-bye."
    assert bob.sees() == ["-- alice is here.", "-- alice left (Quit)."]


def test_a_peer_who_says_nothing_at_all_is_told_nothing(table: Table) -> None:
    probe = table.connect()
    probe.finishes_talking()
    assert probe.reads() == b""
    assert probe.is_cut_off()


def test_who_has_said_good_bye_may_take_his_time_but_not_for_ever(
    table: Table,
) -> None:
    (alice,) = table.seat("alice")
    alice.types("/quit")
    assert alice.sees() == ["-- Good-bye."]
    # She has not closed her end: the server waits for that, bounded.
    table.wait(4.9)
    alice.types("more")
    table.wait(0.2)
    with pytest.raises(BrokenPipeError):
        alice.types("more")
