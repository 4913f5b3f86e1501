"""Custody: what who runs the house may do with other people's accounts."""

from collections.abc import Callable

import pytest

from chat.domain.answers import AccountGone, AccountsAre, Unchanged
from chat.domain.claims import Claim, Forget, Reset, Suspend
from chat.domain.custody import forget, reset, suspend
from chat.domain.effects import Close, Deliver, Effect, ToSession
from chat.domain.holdings import Link
from chat.domain.records import (
    Act,
    Audited,
    ForgottenAccount,
    ForgottenLink,
    KeptAccount,
)
from chat.domain.refusals import NoSuchAccount, NotInOffice
from chat.domain.state import State
from chat.domain.views import AccountRow
from tests.domain.people import (
    ALICE,
    BOB,
    CAROL,
    NOW,
    STRANGER,
    a_house,
    always_on,
    in_office,
    kept,
    logged_in,
    refused,
    told,
    who,
    with_a_second_session,
    with_a_stranger,
)

CONSOLE = STRANGER
SEVEN = 7


def a_guarded_house() -> State:
    """Alice runs it, bob is here on two sessions; there is a console."""
    house = with_a_second_session(a_house("alice bob carol", tea="bob"), "bob", SEVEN)
    logged_in(in_office(with_a_stranger(house), "alice"), "alice", "bob")
    house.sessions[CONSOLE].is_console = True
    return house


def closed(effects: list[Effect]) -> list[int]:
    return [each.session for each in effects if isinstance(each, Close)]


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        (suspend, Suspend("alice", on=True)),
        (forget, Forget("alice")),
        (reset, Reset("alice", "code")),
    ],
)
def test_only_who_runs_the_house_may(
    verb: Callable[..., list[Effect]], command: Claim
) -> None:
    house = a_guarded_house()
    for session in (BOB, CAROL):
        with refused(house, NotInOffice()):
            verb(house, session, command, NOW)


@pytest.mark.parametrize(
    ("verb", "command"),
    [(suspend, Suspend("bob", on=True)), (forget, Forget("bob"))],
)
def test_nobody_comes_in_on_what_the_account_has_handed_out(
    verb: Callable[..., list[Effect]], command: Claim
) -> None:
    house = a_guarded_house()
    for number, by in [(7, "bob"), (8, "alice")]:
        house.add(Link(number, 0, by, by, 9000, -1))
    effects = verb(house, CONSOLE, command, NOW)
    assert kept(effects, ForgottenLink) == [ForgottenLink(7)]
    assert list(house.links) == ["alice"]


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        (suspend, Suspend("zoe", on=True)),
        (forget, Forget("zoe")),
        (reset, Reset("zoe", "code")),
    ],
)
def test_there_has_to_be_an_account(
    verb: Callable[..., list[Effect]], command: Claim
) -> None:
    house = a_guarded_house()
    with refused(house, NoSuchAccount("zoe")):
        verb(house, CONSOLE, command, NOW)


@pytest.mark.parametrize("is_staying", [False, True])
def test_who_is_suspended_is_out(is_staying: bool) -> None:
    house = a_guarded_house()
    house.accounts["bob"].is_always_on = is_staying
    effects = suspend(house, ALICE, Suspend("BOB", on=True), NOW)
    row = AccountRow("bob", 3000, 0, 2, True, is_staying)
    assert told(effects)[0] == Deliver(
        AccountsAre((row,), is_list=False), to=ToSession(ALICE)
    )
    assert closed(effects) == [BOB, SEVEN]
    assert list(house.users) == ["alice", "carol"]
    assert kept(effects, KeptAccount)[-1].is_suspended
    assert kept(effects, Audited) == [
        Audited(1000, 5000, Act.SUSPENDED, "alice", "bob", "192.0.2.1")
    ]


def test_who_was_left_alone_and_is_suspended_goes() -> None:
    house = always_on(a_guarded_house(), "bob")
    house.user("bob").sessions.clear()
    del house.sessions[BOB], house.sessions[SEVEN]
    suspend(house, CONSOLE, Suspend("bob", on=True), NOW)
    assert list(house.users) == ["alice", "carol"]


def test_who_is_let_in_again_is_not_out() -> None:
    house = a_guarded_house()
    house.accounts["bob"].is_suspended = True
    effects = suspend(house, CONSOLE, Suspend("bob", on=False), NOW)
    row = AccountRow("bob", 3000, 0, 2)
    assert told(effects) == [
        Deliver(AccountsAre((row,), is_list=False), to=ToSession(CONSOLE))
    ]
    assert kept(effects, Audited) == [
        Audited(1000, 5000, Act.UNSUSPENDED, "the console", "bob", "")
    ]


@pytest.mark.parametrize("on", [True, False])
def test_what_is_so_already_is_no_news(on: bool) -> None:
    house = a_guarded_house()
    house.accounts["bob"].is_suspended = on
    assert suspend(house, CONSOLE, Suspend("bob", on), NOW) == [
        Deliver(Unchanged(), to=ToSession(CONSOLE))
    ]


def test_who_suspends_himself_is_told_before_he_goes() -> None:
    house = a_guarded_house()
    effects = told(suspend(house, ALICE, Suspend("alice", on=True), NOW))
    assert isinstance(effects[0], Deliver)
    assert closed(effects) == [ALICE]


@pytest.mark.parametrize("session", [ALICE, CONSOLE])
def test_an_account_is_deleted(session: int) -> None:
    house = always_on(a_guarded_house(), "bob")
    effects = forget(house, session, Forget("bob"), NOW)
    assert told(effects)[0] == Deliver(AccountGone("bob"), to=ToSession(session))
    assert closed(effects) == [BOB, SEVEN]
    assert (list(house.accounts), list(house.users)) == (["alice"], ["alice", "carol"])
    assert kept(effects)[-1] == ForgottenAccount(302, words=False)
    assert [each.act for each in kept(effects, Audited)] == [Act.DELETED]
    assert [fold for fold, _, _ in house.past] == ["bob"]


def test_only_the_console_has_words_forgotten() -> None:
    house = a_guarded_house()
    house.past.append(("carol", who("carol"), 4000))
    with refused(house, NotInOffice()):
        forget(house, ALICE, Forget("bob", words=True), NOW)
    effects = forget(house, CONSOLE, Forget("bob", words=True), NOW)
    assert kept(effects)[-1] == ForgottenAccount(302, words=True)
    # Nor is it remembered that he was here.
    assert [fold for fold, _, _ in house.past] == ["carol"]
    assert house.past.maxlen == 500


def test_a_code_opens_the_account_and_nothing_else_does() -> None:
    house = a_guarded_house()
    effects = reset(house, CONSOLE, Reset("Bob", "code"), NOW)
    row = AccountRow("bob", 3000, 0, 2)
    assert told(effects)[0] == Deliver(
        AccountsAre((row,), is_list=False), to=ToSession(CONSOLE)
    )
    assert closed(effects) == [BOB, SEVEN]
    (record,) = kept(effects, KeptAccount)
    assert (record.credential, record.code) == ("", "code")
    assert [each.act for each in kept(effects, Audited)] == [Act.RESET]


def test_who_is_always_on_stays_while_the_password_is_reset() -> None:
    house = always_on(a_guarded_house(), "bob")
    reset(house, CONSOLE, Reset("bob", "code"), NOW)
    assert list(house.user("bob").rooms) == ["#tea"]
