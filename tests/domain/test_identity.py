"""Identity: sessions that open and end, and the users they become."""

import pytest

from chat.domain import snapshot
from chat.domain.answers import (
    HouseIs,
    PeopleAre,
)
from chat.domain.commands import (
    AskHouse,
    AskPeople,
    Depart,
    Introduce,
    Open,
    Rename,
)
from chat.domain.effects import (
    Attach,
    Close,
    Deliver,
    Seat,
    ToNeighbours,
    ToRoom,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import (
    Departed,
    Entered,
    Joined,
    Renamed,
    Welcomed,
)
from chat.domain.identity import (
    ask_house,
    ask_people,
    depart,
    introduce,
    open_,
    rename,
)
from chat.domain.limits import Limits
from chat.domain.refusals import (
    AlreadyIntroduced,
    NickImpossible,
    NickInUse,
    NotIntroduced,
    RoomNameImpossible,
)
from chat.domain.roles import Role
from chat.domain.views import (
    Member,
    Who,
)
from tests.domain.people import (
    ALICE,
    BOB,
    NOW,
    STRANGER,
    a_house,
    refused,
    who,
    with_a_second_session,
    with_a_stranger,
)

ZOE = Who("zoe", "z", "stranger.host", "Zoe Z.")


def test_a_session_opens_without_a_word() -> None:
    house = a_house()
    assert open_(house, 4, Open("a.host"), NOW) == []


def test_an_open_session_is_nobodys_yet() -> None:
    house = a_house()
    open_(house, 4, Open("a.host"), NOW)
    opened = house.sessions[4]
    assert (opened.id, opened.host, opened.user) == (4, "a.host", None)


def test_whoever_says_a_name_is_welcome() -> None:
    house = with_a_stranger(a_house("alice"))
    assert introduce(house, STRANGER, Introduce("zoe", "z", "Zoe Z."), NOW) == [
        Attach(STRANGER, 1000),
        Deliver(Welcomed(1000, 5000, ZOE, users=2), to=ToSession(STRANGER)),
    ]


def test_whoever_is_welcome_can_be_found() -> None:
    house = with_a_stranger(a_house())
    introduce(house, STRANGER, Introduce("Zoe", "z", "Zoe Z."), NOW)
    zoe = house.user("zoe")
    assert (zoe.id, zoe.who.nick, list(zoe.sessions)) == (1000, "Zoe", [STRANGER])


def test_whoever_names_a_room_is_let_in_at_once() -> None:
    house = with_a_stranger(a_house("alice", lobby="alice"))
    inside = (Member(who("alice"), Role.MEMBER), Member(ZOE, Role.MEMBER))
    command = Introduce("zoe", "z", "Zoe Z.", room="#lobby")
    assert introduce(house, STRANGER, command, NOW) == [
        Attach(STRANGER, 1000),
        Deliver(Welcomed(1000, 5000, ZOE, users=2), to=ToSession(STRANGER)),
        Deliver(Joined(1000, 5000, ZOE, "#lobby"), to=ToRoom(0)),
        Seat(1000, 0),
        Deliver(Entered(1000, 5000, ZOE, "#lobby", None, inside), to=ToUser(1000)),
    ]


@pytest.mark.parametrize("nick", ["alice", "ALICE"])
def test_a_nick_is_one_persons(nick: str) -> None:
    house = with_a_stranger(a_house("alice"))
    with refused(house, NickInUse("alice")):
        introduce(house, STRANGER, Introduce(nick, "a", ""), NOW)


def test_a_nick_must_be_possible() -> None:
    house = with_a_stranger(a_house(limits=Limits(nick_length=3)))
    with refused(house, NickImpossible("zoey", "it is longer than 3 bytes")):
        introduce(house, STRANGER, Introduce("zoey", "z", ""), NOW)


def test_a_room_that_cannot_be_keeps_its_visitor_out_altogether() -> None:
    house = with_a_stranger(a_house())
    with refused(house, RoomNameImpossible("tea", "it begins with #")):
        introduce(house, STRANGER, Introduce("zoe", "z", "", room="tea"), NOW)


def test_nobody_says_a_name_twice() -> None:
    house = a_house("alice")
    with refused(house, AlreadyIntroduced()):
        introduce(house, ALICE, Introduce("zoe", "z", ""), NOW)


def test_a_new_nick_is_told_to_its_owner_and_the_neighbours() -> None:
    house = a_house("alice bob", lobby="alice bob")
    renamed = Renamed(1000, 5000, who("alice"), "Zoe")
    assert rename(house, ALICE, Rename("Zoe"), NOW) == [
        Deliver(renamed, to=ToUser(101)),
        Deliver(renamed, to=ToNeighbours(101)),
    ]


def test_a_new_nick_is_found_and_the_old_one_is_free() -> None:
    house = a_house("alice bob")
    rename(house, ALICE, Rename("Zoe"), NOW)
    assert [(user.fold, user.who.nick) for user in house.users.values()] == [
        ("bob", "bob"),
        ("zoe", "Zoe"),
    ]


def test_a_new_nick_changes_nothing_else_about_a_person() -> None:
    house = a_house("alice")
    rename(house, ALICE, Rename("Zoe"), NOW)
    assert house.user("zoe").who == Who(
        "Zoe", "~alice", "alice.host", "alice the person"
    )


def test_a_new_nick_sits_where_the_old_one_sat() -> None:
    house = a_house("alice bob", tea="alice bob")
    rename(house, ALICE, Rename("Zoe"), NOW)
    members = house.room("#tea").listing()
    assert [(member.who.nick, member.role) for member in members] == [
        ("Zoe", Role.OPERATOR),
        ("bob", Role.MEMBER),
    ]


def test_the_same_nick_in_other_letters_is_free_to_take() -> None:
    house = a_house("alice")
    renamed = Renamed(1000, 5000, who("alice"), "Alice")
    assert rename(house, ALICE, Rename("Alice"), NOW) == [
        Deliver(renamed, to=ToUser(101)),
        Deliver(renamed, to=ToNeighbours(101)),
    ]


def test_the_same_nick_in_the_same_letters_is_no_news() -> None:
    house = a_house("alice")
    before = snapshot.of(house)
    assert (rename(house, ALICE, Rename("alice"), NOW), snapshot.of(house)) == (
        [],
        before,
    )


def test_somebody_elses_nick_is_not_free() -> None:
    house = a_house("alice bob")
    with refused(house, NickInUse("bob")):
        rename(house, ALICE, Rename("BOB"), NOW)


def test_a_new_nick_must_be_possible() -> None:
    house = a_house("alice")
    with refused(house, NickImpossible("a!b", "it may not hold !")):
        rename(house, ALICE, Rename("a!b"), NOW)


def test_whoever_has_no_name_cannot_change_it() -> None:
    house = with_a_stranger(a_house())
    with refused(house, NotIntroduced()):
        rename(house, STRANGER, Rename("zoe"), NOW)


def test_a_stranger_leaves_unnoticed() -> None:
    house = with_a_stranger(a_house("alice", lobby="alice"))
    assert depart(house, STRANGER, Depart("bye"), NOW) == [Close(STRANGER, "bye")]


def test_the_neighbours_hear_of_a_departure_before_the_seats_are_empty() -> None:
    house = a_house("alice bob", lobby="alice bob", tea="alice")
    departed = Departed(1000, 5000, who("alice"), "bye")
    assert depart(house, ALICE, Depart("bye"), NOW) == [
        Deliver(departed, to=ToNeighbours(101)),
        Unseat(101, 0),
        Unseat(101, 201),
        Close(ALICE, "bye"),
    ]


def test_nothing_is_left_of_whoever_departs() -> None:
    house = a_house("alice bob", lobby="alice bob", tea="alice")
    depart(house, ALICE, Depart("bye"), NOW)
    assert (
        list(house.sessions),
        list(house.users),
        list(house.rooms),
        [member.who for member in house.lobby.listing()],
    ) == ([BOB], ["bob"], ["#lobby"], [who("bob")])


def test_the_lobby_stays_when_the_last_one_departs() -> None:
    house = a_house("alice", lobby="alice")
    depart(house, ALICE, Depart("bye"), NOW)
    assert house.room("#lobby").members == {}


def test_whoever_has_another_session_stays() -> None:
    house = with_a_second_session(a_house("alice", lobby="alice"), "alice", session=7)
    assert depart(house, ALICE, Depart("bye"), NOW) == [Close(ALICE, "bye")]


def test_only_the_session_goes_of_whoever_has_another() -> None:
    house = with_a_second_session(a_house("alice", lobby="alice"), "alice", session=7)
    depart(house, ALICE, Depart("bye"), NOW)
    assert (list(house.sessions), list(house.user("alice").sessions)) == ([7], [7])


@pytest.mark.parametrize(
    ("mask", "people"),
    [
        pytest.param("bob", (who("bob"),), id="somebody"),
        pytest.param("BOB", (who("bob"),), id="in other letters"),
        pytest.param("zoe", (), id="nobody"),
        pytest.param("b*", (), id="no pattern but the star"),
        pytest.param("*", (who("alice"), who("bob")), id="everybody"),
    ],
)
def test_who_is_here(mask: str, people: tuple[Who, ...]) -> None:
    house = a_house("alice bob")
    assert ask_people(house, ALICE, AskPeople(mask), NOW) == [
        Deliver(PeopleAre(mask, people), to=ToSession(ALICE))
    ]


def test_a_stranger_is_not_told_who_is_here() -> None:
    house = with_a_stranger(a_house("alice"))
    with refused(house, NotIntroduced()):
        ask_people(house, STRANGER, AskPeople("*"), NOW)


def test_a_stranger_is_told_how_many_are_here() -> None:
    house = with_a_stranger(a_house("alice bob", tea="alice", lobby="bob"))
    assert ask_house(house, STRANGER, AskHouse(), NOW) == [
        Deliver(HouseIs(users=2, rooms=2, in_lobby=("bob",)), to=ToSession(STRANGER))
    ]
