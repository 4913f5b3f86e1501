"""Standing: what somebody asks about an account, and about his sessions."""

from collections.abc import Callable

import pytest

from chat.domain.answers import AccountsAre, AlwaysOnIs, SessionsAre
from chat.domain.claims import (
    AskAccount,
    AskAccounts,
    AskSessions,
    Claim,
    EndSession,
    Ghost,
    SetAlwaysOn,
)
from chat.domain.effects import (
    Close,
    Deliver,
    Effect,
    ToNeighbours,
    ToSession,
    ToUser,
)
from chat.domain.events import Departed, Renamed
from chat.domain.records import Act, Audited, KeptAccount
from chat.domain.refusals import (
    NickInUse,
    NoSuchAccount,
    NoSuchNick,
    NoSuchSession,
    NotInOffice,
    NotIntroduced,
    NotLoggedIn,
    Reason,
)
from chat.domain.standing import (
    ask_account,
    ask_accounts,
    ask_sessions,
    check_runs_the_house,
    end_session,
    ghost,
    own,
    set_always_on,
)
from chat.domain.state import State
from chat.domain.views import AccountRow, SessionRow
from tests.domain.people import (
    ALICE,
    BOB,
    NOW,
    STRANGER,
    a_house,
    always_on,
    held,
    in_office,
    kept,
    logged_in,
    refused,
    said_in,
    told,
    who,
    with_a_second_session,
    with_a_stranger,
    with_an_account,
)

SEVEN = 7


def a_house_of_alices() -> State:
    """Alice is here on two sessions; bob and carol are others."""
    house = with_a_second_session(a_house("alice bob carol"), "alice", SEVEN)
    house.sessions[SEVEN].since = 4500
    return logged_in(house, "alice", "bob")


def at_the_console(house: State) -> State:
    """The same house, where the stranger's session is the console."""
    with_a_stranger(house).sessions[STRANGER].is_console = True
    return house


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        (set_always_on, SetAlwaysOn(on=True)),
        (ask_sessions, AskSessions()),
        (end_session, EndSession(0)),
        (ghost, Ghost("bob")),
        (ask_account, AskAccount("")),
    ],
)
def test_a_guest_has_no_account_to_do_that_with(
    verb: Callable[..., list[Effect]], command: Claim
) -> None:
    house = a_house("alice bob")
    with refused(house, NotLoggedIn()):
        verb(house, ALICE, command, NOW)


def test_who_is_logged_in_has_one() -> None:
    house = a_house_of_alices()
    assert own(house, SEVEN) is house.accounts["alice"]


@pytest.mark.parametrize("on", [True, False])
def test_an_account_is_always_on_or_not(on: bool) -> None:
    house = logged_in(a_house("alice", tea="alice"), "alice")
    effects = set_always_on(house, ALICE, SetAlwaysOn(on), NOW)
    assert told(effects) == [Deliver(AlwaysOnIs(on), to=ToSession(ALICE))]
    (record,) = kept(effects, KeptAccount)
    assert (record.is_always_on, record.rooms) == (on, (201,) if on else ())


def test_who_was_left_alone_goes_when_he_is_not_always_on_any_more() -> None:
    house = with_a_stranger(always_on(logged_in(a_house("alice"), "alice"), "alice"))
    house.user("alice").sessions.clear()
    del house.sessions[ALICE]
    house.sessions[STRANGER].account = house.accounts["alice"]
    effects = set_always_on(house, STRANGER, SetAlwaysOn(on=False), NOW)
    assert [each.reason for each in said_in(effects, Departed)] == ["Not connected"]
    assert house.users == {}


def test_from_where_somebody_is_logged_in() -> None:
    rows = (
        SessionRow(ALICE, "192.0.2.1", 0, False),
        SessionRow(SEVEN, "192.0.2.99", 4500, True),
    )
    assert ask_sessions(a_house_of_alices(), SEVEN, AskSessions(), NOW) == [
        Deliver(SessionsAre("alice", rows), to=ToSession(SEVEN))
    ]


@pytest.mark.parametrize("number", [0, ALICE])
def test_another_session_of_ones_own_is_ended(number: int) -> None:
    house = a_house_of_alices()
    rows = (SessionRow(SEVEN, "192.0.2.99", 4500, True),)
    effects = end_session(house, SEVEN, EndSession(number), NOW)
    assert told(effects) == [
        Close(ALICE, "Ended from elsewhere"),
        Deliver(SessionsAre("alice", rows), to=ToSession(SEVEN)),
    ]
    assert list(house.user("alice").sessions) == [SEVEN]
    about = "session 1" if number else "all others"
    assert kept(effects) == [
        Audited(1000, 5000, Act.ENDED, "alice", about, "192.0.2.99")
    ]


def test_where_there_are_no_others_nothing_is_written_down() -> None:
    house = logged_in(a_house("alice"), "alice")
    assert kept(end_session(house, ALICE, EndSession(0), NOW)) == []


def test_who_ends_the_session_he_asks_on_is_told_nothing_more() -> None:
    house = a_house_of_alices()
    effects = end_session(house, SEVEN, EndSession(SEVEN), NOW)
    assert told(effects) == [Close(SEVEN, "Ended from elsewhere")]
    assert [each.about for each in kept(effects, Audited)] == ["session 7"]


@pytest.mark.parametrize("number", [BOB, 77])
def test_nobody_ends_a_session_of_others(number: int) -> None:
    house = a_house_of_alices()
    with refused(house, NoSuchSession(number)):
        end_session(house, ALICE, EndSession(number), NOW)


def test_a_ghost_of_oneself_goes() -> None:
    house = a_house_of_alices()
    effects = ghost(house, SEVEN, Ghost("ALICE"), NOW)
    assert told(effects)[0] == Close(ALICE, "Ended from elsewhere")
    assert list(house.user("alice").sessions) == [SEVEN]
    assert [each.act for each in kept(effects, Audited)] == [Act.ENDED]


def test_a_guest_is_put_off_ones_nick() -> None:
    house = with_a_stranger(held(a_house("bob"), "bob"))
    house.sessions[STRANGER].account = house.accounts["bob"]
    rows = (SessionRow(STRANGER, "", 0, True),)
    renamed = Renamed(1000, 5000, who("bob"), "guest-1000")
    effects = ghost(house, STRANGER, Ghost("bob"), NOW)
    assert told(effects) == [
        Deliver(renamed, to=ToUser(101)),
        Deliver(renamed, to=ToNeighbours(101)),
        Deliver(SessionsAre("bob", rows), to=ToSession(STRANGER)),
    ]
    assert kept(effects) == [Audited(1000, 5000, Act.PUT_OFF, "bob", "bob", "")]


@pytest.mark.parametrize(
    ("nick", "reason"),
    [
        ("Carol", NickInUse("carol")),
        ("bob", NickInUse("bob")),
        ("Zoe", NoSuchNick("Zoe")),
    ],
)
def test_others_are_no_ghosts(nick: str, reason: Reason) -> None:
    house = a_house_of_alices()
    with refused(house, reason):
        ghost(house, ALICE, Ghost(nick), NOW)


WHOLE = AccountRow("alice", 3000, 4800, 2, False, True)
LITTLE = AccountRow("alice", 3000, 0, 1)


@pytest.mark.parametrize(
    ("session", "name", "row"),
    [
        pytest.param(SEVEN, "alice", WHOLE, id="oneself"),
        pytest.param(SEVEN, "", WHOLE, id="oneself, unnamed"),
        pytest.param(STRANGER, "ALICE", WHOLE, id="the console"),
        pytest.param(BOB, "alice", WHOLE, id="who runs the house"),
        pytest.param(3, "Alice", LITTLE, id="others"),
        pytest.param(3, "zoe", AccountRow("zoe", 3000, 0, 0), id="not here"),
    ],
)
def test_what_is_told_of_an_account(session: int, name: str, row: AccountRow) -> None:
    house = with_an_account(at_the_console(a_house_of_alices()), "zoe")
    always_on(in_office(house, "bob"), "alice").accounts["alice"].seen = 4800
    assert ask_account(house, session, AskAccount(name), NOW) == [
        Deliver(AccountsAre((row,), is_list=False), to=ToSession(session))
    ]


def test_who_is_logged_in_and_has_not_come_in_may_ask() -> None:
    house = with_a_stranger(a_house_of_alices())
    house.sessions[STRANGER].account = house.accounts["bob"]
    (answer,) = ask_account(house, STRANGER, AskAccount("alice"), NOW)
    assert answer == Deliver(
        AccountsAre((AccountRow("alice", 3000, 0, 1),), is_list=False),
        to=ToSession(STRANGER),
    )


def test_a_stranger_may_not_find_out_who_has_an_account() -> None:
    house = with_a_stranger(a_house_of_alices())
    with refused(house, NotIntroduced()):
        ask_account(house, STRANGER, AskAccount("alice"), NOW)


def test_nothing_is_told_of_an_account_that_is_not() -> None:
    house = a_house("alice bob")
    with refused(house, NoSuchAccount("bob")):
        ask_account(house, ALICE, AskAccount("bob"), NOW)


@pytest.mark.parametrize("session", [BOB, STRANGER])
def test_who_runs_the_house_is_told_which_accounts_there_are(session: int) -> None:
    house = in_office(at_the_console(a_house_of_alices()), "bob")
    rows = (AccountRow("alice", 3000, 0, 2), AccountRow("bob", 3000, 0, 1))
    assert ask_accounts(house, session, AskAccounts(), NOW) == [
        Deliver(AccountsAre(rows), to=ToSession(session))
    ]


@pytest.mark.parametrize("session", [ALICE, STRANGER])
def test_nobody_else_is(session: int) -> None:
    house = with_a_stranger(a_house_of_alices())
    with refused(house, NotInOffice()):
        ask_accounts(house, session, AskAccounts(), NOW)


def test_who_runs_the_house_is_let_through() -> None:
    house = in_office(a_house("alice"), "alice")
    assert check_runs_the_house(house, ALICE) is house.sessions[ALICE]
