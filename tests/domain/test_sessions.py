"""Sessions: how one becomes a user's, and how it ceases to be."""

from dataclasses import replace

import pytest

from chat.domain import sessions
from chat.domain.answers import AwayIs, Declined, WatchedAre
from chat.domain.commands import Mark, Setting, Watch
from chat.domain.effects import (
    Attach,
    Close,
    Deliver,
    Keep,
    Seat,
    ToNeighbours,
    ToRoom,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import (
    AwayChanged,
    Departed,
    Entered,
    Joined,
    MarkChanged,
)
from chat.domain.holdings import Link
from chat.domain.presence import NOT_CONNECTED, watch
from chat.domain.records import Audited, Deed, KeptAccount, Line
from chat.domain.refusals import Banned
from chat.domain.roles import Role
from chat.domain.state import Account, State, User
from chat.domain.views import Member, Who
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
    listed,
    logged_in,
    set_up,
    told,
    who,
    with_a_second_session,
    with_a_stranger,
    with_an_account,
)

QUIT = "Quit: bye"


def of_account(nick: str) -> Who:
    return replace(who(nick), account=nick)


def left_alone(house: State, nick: str) -> User:
    """*nick* in the house, who stays though no session is left."""
    user = always_on(house, nick).users[nick]
    for number in list(user.sessions):
        sessions.end(house, number, "bye", NOW)
    return user


def test_one_more_session_of_somebody() -> None:
    house = with_a_stranger(a_house("alice"))
    alice, stranger = house.user("alice"), house.sessions[STRANGER]
    assert sessions.attach(stranger, alice, NOW) == [Attach(STRANGER, 101)]
    assert list(alice.sessions) == [ALICE, STRANGER]
    assert (stranger.user, alice.who) == (alice, who("alice"))


def test_who_was_left_alone_is_back() -> None:
    house = with_a_stranger(logged_in(a_house("alice", lobby="alice"), "alice"))
    alice, stranger = left_alone(house, "alice"), house.sessions[STRANGER]
    stranger.address = "192.0.2.9"
    here = replace(of_account("alice"), host="stranger.host")
    back = AwayChanged(1000, 5000, here, "")
    assert sessions.attach(stranger, alice, NOW) == [
        Attach(STRANGER, 101),
        Deliver(back, to=ToNeighbours(101)),
    ]
    assert (alice.address, alice.away) == ("192.0.2.9", "")
    assert house.lobby.listing()[0].who == here


def test_who_has_left_a_word_is_still_away() -> None:
    house = with_a_stranger(logged_in(a_house("alice"), "alice"))
    house.user("alice").away = "lunch"
    alice, stranger = left_alone(house, "alice"), house.sessions[STRANGER]
    assert sessions.attach(stranger, alice, NOW) == [Attach(STRANGER, 101)]
    assert alice.away == "lunch"


def test_a_session_is_told_where_its_user_is_and_what() -> None:
    house = a_house("alice", tea="alice", lobby="alice")
    alice = in_office(house, "alice").user("alice")
    alice.away = "lunch"
    seen = Member(who("alice"), Role.MEMBER, True, (Mark.OPERATOR,))
    runs_it = replace(seen, role=Role.OPERATOR)
    marked = MarkChanged(1000, 5000, who("alice"), Mark.OPERATOR, on=True)
    tea = Entered(1000, 5000, who("alice"), "#tea", None, (runs_it,))
    lobby = Entered(1000, 5000, who("alice"), "#lobby", None, (seen,))
    session = house.sessions[ALICE]
    assert told(sessions.look_around(house, session, alice, NOW, last="#tea")) == [
        Deliver(marked, to=ToSession(ALICE)),
        Deliver(AwayIs(True), to=ToSession(ALICE)),
        Deliver(lobby, to=ToSession(ALICE)),
        Deliver(tea, to=ToSession(ALICE)),
    ]


def test_who_is_nowhere_is_told_nothing() -> None:
    house = a_house("alice")
    session = house.sessions[ALICE]
    assert sessions.look_around(house, session, house.user("alice"), NOW) == []


def test_who_comes_in_enters_the_room_asked_for() -> None:
    house = a_house("alice bob", lobby="bob")
    alice, session = house.user("alice"), house.sessions[ALICE]
    inside = (Member(who("bob"), Role.MEMBER), Member(who("alice"), Role.MEMBER))
    assert told(sessions.come_in(house, alice, session, "#lobby", NOW)) == [
        Deliver(Joined(1000, 5000, who("alice"), "#lobby"), to=ToRoom(0)),
        Seat(101, 0),
        Deliver(
            Entered(1000, 5000, who("alice"), "#lobby", None, inside), to=ToUser(101)
        ),
    ]


def test_who_is_kept_out_of_it_is_told_on_that_session() -> None:
    house = listed(a_house("alice"), "#lobby", Setting.BAN, "alice!*@*")
    alice, session = house.user("alice"), house.sessions[ALICE]
    assert sessions.come_in(house, alice, session, "#lobby", NOW) == [
        Deliver(Declined(Banned("#lobby")), to=ToSession(ALICE))
    ]


def test_who_is_held_comes_in_later() -> None:
    house = held(a_house("alice"), "alice")
    alice, session = house.users["alice"], house.sessions[ALICE]
    assert sessions.come_in(house, alice, session, "#lobby", NOW) == []
    assert (alice.wanted, alice.rooms) == ("#lobby", {})


def test_who_is_invited_comes_into_that_room_first() -> None:
    house = set_up(a_house("alice bob", tea="bob"), "#tea", Setting.INVITE_ONLY)
    link = Link(7, 201, "digest", "bob", 9000, 1)
    house.add(link)
    house.sessions[ALICE].link = link
    alice, session = house.user("alice"), house.sessions[ALICE]
    effects = sessions.come_in(house, alice, session, "#lobby", NOW)
    assert list(alice.rooms) == ["#tea", "#lobby"]
    assert house.links == {}
    assert [each.who for each in kept(effects, Audited)] == ["alice"]


def test_the_user_goes_with_the_last_session() -> None:
    house = with_a_second_session(a_house("alice bob", tea="alice bob"), "alice", 7)
    assert sessions.end(house, ALICE, "bye", NOW) == [Close(ALICE, "bye")]
    departed = Departed(1000, 5000, who("alice"), "bye")
    effects = sessions.end(house, 7, "bye", NOW)
    assert told(effects) == [
        Deliver(departed, to=ToNeighbours(101)),
        Unseat(101, 201),
        Close(7, "bye"),
    ]
    assert [line.deed for line in kept(effects, Line)] == [Deed.DEPART]
    assert (list(house.sessions), list(house.users)) == ([BOB], ["bob"])
    assert list(house.past) == [("alice", who("alice"), 5000)]


def test_a_session_without_a_user_just_ends() -> None:
    house = with_a_stranger(a_house())
    assert sessions.end(house, STRANGER, "bye", NOW) == [Close(STRANGER, "bye")]
    assert house.sessions == {}


def test_nobody_hears_the_parting_words_of_who_is_muted() -> None:
    house = a_house("alice bob", tea="bob alice")
    listed(house, "#tea", Setting.BAN, "m:alice!*@*")
    departed = Departed(1000, 5000, who("alice"), "Quit")
    effects = sessions.end(house, ALICE, QUIT, NOW)
    assert Deliver(departed, to=ToNeighbours(101)) in effects
    # But who is heard is.
    heard = Departed(1000, 5000, who("bob"), QUIT)
    effects = sessions.end(house, BOB, QUIT, NOW)
    assert Deliver(heard, to=ToNeighbours(102)) in effects


def test_who_is_held_goes_unnoticed() -> None:
    house = held(a_house("alice bob"), "bob")
    watch(house, ALICE, Watch(("bob",)), NOW)
    departed = Departed(1000, 5000, who("bob"), "bye")
    assert sessions.end(house, BOB, "bye", NOW) == [
        Deliver(departed, to=ToNeighbours(102)),
        Close(BOB, "bye"),
    ]
    assert list(house.past) == []


def test_who_is_always_on_stays_and_is_away() -> None:
    house = logged_in(a_house("alice bob", tea="alice bob"), "alice")
    in_office(always_on(house, "alice"), "alice")
    away = AwayChanged(1000, 5000, of_account("alice"), NOT_CONNECTED)
    assert sessions.end(house, ALICE, "bye", NOW) == [
        Deliver(away, to=ToNeighbours(101)),
        Close(ALICE, "bye"),
    ]
    alice = house.user("alice")
    # Who has the account's password has not shown that he may run the house.
    assert (list(alice.rooms), alice.sessions, alice.marks) == (["#tea"], {}, {})
    assert house.room("#tea").listing()[0].is_away


def test_who_is_put_out_goes_though_he_is_always_on() -> None:
    house = with_a_second_session(a_house("alice bob", tea="alice bob"), "alice", 7)
    always_on(logged_in(house, "alice"), "alice")
    departed = Departed(1000, 5000, of_account("alice"), "out")
    effects = sessions.put_out(house, house.user("alice"), "out", NOW)
    assert told(effects) == [
        Close(ALICE, "out"),
        Deliver(departed, to=ToNeighbours(101)),
        Unseat(101, 201),
        Close(7, "out"),
    ]
    assert kept(effects, KeptAccount)[-1].rooms == ()


def test_who_has_been_left_alone_is_put_out_as_well() -> None:
    house = logged_in(a_house("alice bob"), "alice")
    watch(house, BOB, Watch(("alice",)), NOW)
    departed = Departed(1000, 5000, of_account("alice"), "out")
    alice = left_alone(house, "alice")
    assert told(sessions.put_out(house, alice, "out", NOW)) == [
        Deliver(departed, to=ToNeighbours(101)),
        Deliver(WatchedAre((), ("alice",)), to=ToSession(BOB)),
    ]
    assert list(house.users) == ["bob"]


def a_house_with_three_of_alices() -> State:
    """Alice is here on two sessions, logged in on a third; bob is somebody else."""
    house = logged_in(a_house("alice bob", tea="alice bob"), "alice", "bob")
    with_a_stranger(with_a_second_session(house, "alice", 7))
    for number in (7, STRANGER):
        house.sessions[number].account = house.accounts["alice"]
    return house


def test_an_account_has_sessions_and_perhaps_a_user() -> None:
    house = a_house_with_three_of_alices()
    alice = house.accounts["alice"]
    assert [each.id for each in sessions.of(house, alice)] == [1, 7, 9]
    assert sessions.present(house, alice) is house.user("alice")


@pytest.mark.parametrize("house", [a_house(), a_house("alice")])
def test_an_account_may_have_no_user_though_somebody_has_the_nick(
    house: State,
) -> None:
    account = Account(301, "alice", "alice", 3000, "a credential")
    assert sessions.present(house, account) is None


@pytest.mark.parametrize("but", [0, ALICE, 7, STRANGER])
def test_the_others_are_thrown_out(but: int) -> None:
    house = a_house_with_three_of_alices()
    account = house.accounts["alice"]
    effects = sessions.throw_out(house, account, "new password", NOW, but=but)
    closed = [each.session for each in effects if isinstance(each, Close)]
    assert closed == [number for number in (1, 7, 9) if number != but]
    assert (sessions.present(house, account) is not None) == (but in (ALICE, 7))


@pytest.mark.parametrize("is_suspended", [False, True])
def test_whoever_is_always_on_stays_unless_nobody_may_log_in(
    is_suspended: bool,
) -> None:
    house = a_house_with_three_of_alices()
    account = always_on(house, "alice").accounts["alice"]
    account.is_suspended = is_suspended
    sessions.throw_out(house, account, "out", NOW)
    assert (sessions.present(house, account) is None) == is_suspended


def test_who_was_left_alone_goes_when_nobody_may_log_in() -> None:
    house = logged_in(a_house("alice", lobby="alice"), "alice")
    alice = left_alone(house, "alice")
    assert alice.account is not None
    alice.account.is_suspended = True
    departed = Departed(1000, 5000, of_account("alice"), "out")
    effects = sessions.throw_out(house, alice.account, "out", NOW)
    assert told(effects) == [Deliver(departed, to=ToNeighbours(101)), Unseat(101, 0)]


def test_an_account_is_written_down_with_the_rooms_it_stays_in() -> None:
    house = always_on(logged_in(a_house("alice", tea="alice"), "alice"), "alice")
    account = house.accounts["alice"]
    assert sessions.keep(house, account) == Keep(
        KeptAccount(
            *(301, "alice", "alice", 3000, "a credential"),
            is_always_on=True,
            rooms=(201,),
        )
    )


def test_an_account_that_is_not_here_is_written_down_as_well() -> None:
    house = with_an_account(a_house(), "alice")
    record = sessions.keep(house, house.accounts["alice"]).record
    assert record == KeptAccount(300, "alice", "alice", 3000, "a credential")


def test_who_stays_without_a_session_is_listed_as_away() -> None:
    house = always_on(logged_in(a_house("alice bob", tea="alice bob"), "bob"), "bob")
    tea = house.room("#tea")
    assert [member.is_away for member in tea.listing()] == [False, False]
    sessions.end(house, BOB, QUIT, NOW)
    assert [member.is_away for member in tea.listing()] == [False, True]
