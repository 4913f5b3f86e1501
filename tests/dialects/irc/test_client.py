"""The client: what one session remembers."""

from dataclasses import replace

import pytest

from chat.dialects.irc.client import Client, Failed, Newcomer, Wrong
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


def test_what_has_failed_has_a_code_and_parameters() -> None:
    failed = Failed("INVALID_PARAMS", "x", "Invalid parameters")
    assert (failed.code, failed.params) == (
        "INVALID_PARAMS",
        ("x", "Invalid parameters"),
    )


def test_a_standard_reply_ends_in_words() -> None:
    assert Client(HOUSE).standard("FAIL", "X", "a b", ":c", "Oh no.") == (
        b":irc.x FAIL X ab c :Oh no.\r\n"
    )


def test_no_two_batches_have_one_name() -> None:
    client = Client(HOUSE)
    assert [client.next_batch() for _ in range(3)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("password", "is_invited", "needs"),
    [("", True, False), ("stored", True, True), ("stored", False, False)],
)
def test_an_invitation_is_needed_where_nothing_else_opens_the_house(
    password: str, is_invited: bool, needs: bool
) -> None:
    client = Client(replace(HOUSE, password=password))
    client.newcomer.is_invited = is_invited
    assert client.needs_invitation is needs


@pytest.mark.parametrize(("guests", "name"), [("open", "guest-al"), ("named", "al")])
def test_a_guest_who_is_marked_as_one_is_called_without_it(
    guests: str, name: str
) -> None:
    client = Client(replace(HOUSE, limits=replace(HOUSE.limits, guests=guests)))
    client.speaks_for = "guest-al"
    assert client.own_name == name
