"""The client: what one session remembers."""

import pytest

from chat.dialects.irc.client import Client, Newcomer, Wrong
from chat.dialects.irc.render import IrcKind
from tests.dialects.scenes import HOUSE


def test_it_begins_with_nothing() -> None:
    client = Client(HOUSE)
    assert client.newcomer == Newcomer()
    assert (client.speaks_for, client.me, client.doing) == ("", "*", "")
    assert (client.caps, client.marks, client.rooms) == (frozenset(), frozenset(), {})
    assert (client.kind, client.kind.house) == (IrcKind(), "irc.x")


def test_numerics_are_told_to_the_nick() -> None:
    client = Client(HOUSE)
    assert client.numeric("431", "No.") == b":irc.x 431 * :No.\r\n"
    client.speaks_for = "alice"
    assert client.numeric("431", "No.") == b":irc.x 431 alice :No.\r\n"


def test_what_the_house_says_is_one_line() -> None:
    assert Client(HOUSE).from_house("PONG a\rb\n :c") == b":irc.x PONG ab :c\r\n"


@pytest.mark.parametrize(
    ("doing", "must_not"), [("NOTICE", True), ("PRIVMSG", False), ("", False)]
)
def test_only_a_notice_is_never_answered(doing: str, must_not: bool) -> None:
    client = Client(HOUSE)
    client.doing = doing
    assert client.must_not_be_answered is must_not


def test_what_is_wrong_has_a_number_and_parameters() -> None:
    wrong = Wrong("461", "JOIN", "Not enough parameters.")
    assert (wrong.number, wrong.params) == ("461", ("JOIN", "Not enough parameters."))
