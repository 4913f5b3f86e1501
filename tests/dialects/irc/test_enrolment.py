"""Enrolment: REGISTER and VERIFY, and every way in which they fail."""

from dataclasses import replace

import pytest

from chat.dialects.dialect import Enrol
from chat.dialects.irc.session import Irc
from chat.domain.answers import Redeemed, Registered
from chat.domain.claims import Register
from chat.domain.events import AccountChanged
from chat.domain.refusals import (
    AccountTaken,
    AlreadyLoggedIn,
    Busy,
    LooksLike,
    NickImpossible,
    NickInUse,
    NotEncrypted,
    PasswordImpossible,
    Reason,
    RegistrationClosed,
    TooManyAccounts,
    TooManyGuesses,
    WrongToken,
)
from tests.dialects.irc.clients import ALICE_COMES, a_stranger, alice, hears
from tests.dialects.scenes import ALICE, AT, HOUSE, ID, told, welcomed

LOCKED = replace(HOUSE, password="as it is stored")  # noqa: S106
NAMED = replace(HOUSE, limits=replace(HOUSE.limits, guests="named"))
LOGGED_IN = AccountChanged(ID, AT, ALICE, "alice")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("REGISTER * * milk", id="REGISTER"),
        pytest.param("REGISTER alice * milk", id="by name"),
        pytest.param("REGISTER ALICE a@irc.x :milk", id="in other letters"),
    ],
)
def test_an_account_has_ones_nick(line: str) -> None:
    assert hears(alice(), line) == [Enrol("milk", Register())]


@pytest.mark.parametrize("account", ["*", "bob", "guest-BOB"])
def test_a_named_guest_has_it_without_that_mark(account: str) -> None:
    irc = Irc(NAMED)
    irc.tell(welcomed(replace(ALICE, nick="guest-bob")))
    assert hears(irc, f"REGISTER {account} * milk") == [Enrol("milk", Register())]


def test_900_who_comes_in_may_have_one_already() -> None:
    irc = a_stranger()
    assert hears(irc, "NICK alice", "REGISTER * * :milk and tea") == [
        Enrol("milk and tea", Register(name="alice"))
    ]
    assert told(irc, Registered("alice")) + told(irc, LOGGED_IN) == (
        b":irc.x REGISTER SUCCESS alice :The account is yours.\r\n"
        b":irc.x 900 * *!ualice@alice.host alice :You are logged in as alice.\r\n"
    )
    assert hears(irc, "USER al 0 * :Alice A.") == [ALICE_COMES]


def fails(code: str, command: str = "REGISTER") -> list[bytes]:
    return [f":irc.x FAIL {command} {code}\r\n".encode()]


def test_a_nick_comes_first() -> None:
    answer = fails("NEED_NICK * :Choose a nick first.")
    assert hears(a_stranger(), "REGISTER * * milk") == answer


def test_it_is_ones_own_nick() -> None:
    why = "An account has the name that you go by."
    answer = fails(f"ACCOUNT_NAME_MUST_BE_NICK bob :{why}")
    assert hears(alice(), "REGISTER bob * milk") == answer


def test_it_is_no_way_around_the_password_of_the_house() -> None:
    irc = Irc(LOCKED)
    answer = fails("COMPLETE_CONNECTION_REQUIRED :Come in first.")
    assert hears(irc, "NICK alice", "REGISTER * * milk") == answer
    assert hears(irc, "PASS tea", "REGISTER * * milk") == answer


def test_but_an_invitation_opens_the_house() -> None:
    irc = Irc(LOCKED)
    irc.tell(Redeemed("#tea"))
    assert hears(irc, "NICK alice", "REGISTER * * milk") == [
        Enrol("milk", Register(name="alice", is_invited=True))
    ]
    # As long as it lasts.
    why = "That is no invitation, or it is one no longer."
    assert [irc.refuse(WrongToken())] == fails(f"UNKNOWN_ERROR alice :{why}")
    answer = fails("COMPLETE_CONNECTION_REQUIRED :Come in first.")
    assert hears(irc, "REGISTER * * milk") == answer


def test_one_account_is_enough() -> None:
    irc = alice()
    irc.tell(LOGGED_IN)
    answer = fails("ALREADY_AUTHENTICATED alice :You are logged in.")
    assert hears(irc, "REGISTER * * milk") == answer
    answer = fails("ALREADY_AUTHENTICATED alice :You are logged in.", "VERIFY")
    assert hears(irc, "VERIFY alice 1234") == answer


@pytest.mark.parametrize(
    "line", [pytest.param("VERIFY bob 1234", id="VERIFY"), "verify b\0ob :12 34"]
)
def test_there_is_nothing_to_verify(line: str) -> None:
    answer = fails("INVALID_CODE bob :No account waits for a code.", "VERIFY")
    assert hears(a_stranger(), line) == answer


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (AccountTaken("alice"), "ACCOUNT_EXISTS"),
        (NickInUse("alice"), "ACCOUNT_EXISTS"),
        (LooksLike("alice", "a1ice"), "BAD_ACCOUNT_NAME"),
        (NickImpossible("alice", "no"), "BAD_ACCOUNT_NAME"),
        (AlreadyLoggedIn("alice"), "ALREADY_AUTHENTICATED"),
        (PasswordImpossible("it is long"), "UNACCEPTABLE_PASSWORD"),
        (PasswordImpossible("it is short", is_weak=True), "WEAK_PASSWORD"),
        (RegistrationClosed(), "DISALLOWED"),
        (Busy(), "TEMPORARILY_UNAVAILABLE"),
        (TooManyGuesses(), "TEMPORARILY_UNAVAILABLE"),
        (TooManyAccounts(), "TEMPORARILY_UNAVAILABLE"),
        (NotEncrypted(), "UNKNOWN_ERROR"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_why_there_is_none(reason: Reason, code: str) -> None:
    irc = a_stranger()
    hears(irc, "NICK alice", "REGISTER * * milk")
    refused = irc.refuse(reason).decode()
    assert refused.startswith(f":irc.x FAIL REGISTER {code} alice :")
    # The nick is as good as before, until it is asked for.
    assert hears(irc, "USER al 0 * :Alice A.") == [ALICE_COMES]
