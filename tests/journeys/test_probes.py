"""Scenes at the door: programs that mean something else, and nobody notices."""

import pytest

from chat.dialects.http import ANSWER
from tests.conftest import SetTable
from tests.dialects.probes import (
    EVIL_POST,
    HELLO_12,
    PROBES,
    PROXY_V2,
    Probe,
)
from tests.journeys.table import Table

ALERT = b"\x15\x03\x01\x00\x02\x02\x28"
STRANGE = ["ERROR :That is no language of this house."]
GREETING = [
    "Welcome to Switchboard, a place to chat. Nobody else is here yet.",
    (
        "What is said in a room is kept, to be read while the room is there,"
        " unless /room says otherwise."
    ),
    "What should we call you?",
]


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.program)
def test_whoever_knocks_nobody_in_the_lobby_notices(table: Table, probe: Probe) -> None:
    (alice,) = table.seat("alice")
    whole, in_pieces = table.connect("whole"), table.connect("in pieces")
    whole.sends(probe.sends)
    for byte in probe.pieces:
        if not in_pieces.is_cut_off():
            in_pieces.sends(byte)
    assert whole.reads() == in_pieces.reads()
    assert whole.is_cut_off() == in_pieces.is_cut_off()
    assert alice.sees() == []


def test_a_web_page_cannot_make_its_visitor_speak(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    browser = table.connect()
    browser.sends(EVIL_POST)
    assert browser.reads() == ANSWER
    assert browser.is_cut_off()
    assert (alice.sees(), bob.sees()) == ([], [])


def test_a_request_line_may_come_in_two(table: Table) -> None:
    browser = table.connect()
    browser.sends(b"POST / HT")
    browser.sends(b"TP/1.1\r\nNICK evil\r\n")
    assert browser.reads() == ANSWER
    assert browser.is_cut_off()


def test_who_presses_enter_is_greeted_at_once(table: Table) -> None:
    alice = table.connect()
    alice.types("")
    assert alice.sees() == GREETING
    table.wait(1)
    alice.types("")
    assert alice.sees() == []
    alice.types("alice")
    assert alice.sees()[0].startswith("-- You are alice.")


def test_a_balancer_that_knocks_twice_is_a_stranger(table: Table) -> None:
    balancer = table.connect()
    balancer.sends(PROXY_V2)
    assert balancer.sees() == [*GREETING, *STRANGE]
    assert balancer.is_cut_off()


# Without the end of a line.


def test_a_tls_client_is_told_so_in_its_own_words(table: Table) -> None:
    client = table.connect()
    client.sends(HELLO_12)
    assert client.reads() == ALERT
    assert client.is_cut_off()


def test_a_tls_client_that_was_greeted_is_told_nothing_more(table: Table) -> None:
    client = table.connect()
    table.wait(1)
    assert client.sees() == GREETING
    client.sends(HELLO_12)
    assert client.reads() == b""
    assert client.is_cut_off()


def test_a_program_that_speaks_in_nuls_is_let_go_at_once(table: Table) -> None:
    program = table.connect()
    program.sends(b"\0\0\0\x08\x04\xd2\x16\x2f")
    assert program.sees() == STRANGE
    assert program.is_cut_off()


def test_where_nobody_is_greeted_tls_need_not_wait_either(set_table: SetTable) -> None:
    client = set_table("greet_after=0").connect()
    client.sends(HELLO_12[:1])
    assert not client.is_cut_off()
    client.sends(HELLO_12[1:])
    assert client.reads() == ALERT
    assert client.is_cut_off()
