"""State: who is here and where."""

import pytest

from chat.domain.limits import Limits
from chat.domain.refusals import (
    NoSuchNick,
    NoSuchRoom,
    NotIntroduced,
    Refused,
    RoomNameImpossible,
)
from chat.domain.roles import Role
from chat.domain.state import User, fresh
from chat.domain.views import Member
from tests.domain.people import ALICE, STRANGER, a_house, refused, who, with_a_stranger


def test_an_empty_house_has_a_lobby_and_nobody_in_it() -> None:
    house = fresh(Limits(), "#Foyer", since=4000)
    lobby = house.room("#foyer")
    assert (lobby.id, lobby.since, lobby.name, lobby.fold, lobby.members) == (
        0,
        4000,
        "#Foyer",
        "#foyer",
        {},
    )


def test_an_empty_house_has_no_other_room() -> None:
    house = fresh(Limits())
    assert (list(house.rooms), house.users, house.sessions) == (["#lobby"], {}, {})


def test_nobody_runs_the_lobby_so_its_topic_is_open() -> None:
    assert not fresh(Limits()).lobby.guards_topic


def test_a_lobby_must_have_a_possible_name() -> None:
    with pytest.raises(Refused) as declined:
        fresh(Limits(), "lobby")
    assert declined.value.reason == RoomNameImpossible("lobby", "it begins with #")


def test_members_are_listed_in_order_of_arrival() -> None:
    house = a_house("alice bob carol", tea="carol alice bob")
    assert house.room("#tea").listing() == (
        Member(who("carol"), Role.OPERATOR),
        Member(who("alice"), Role.MEMBER),
        Member(who("bob"), Role.MEMBER),
    )


def test_a_session_leads_to_its_user() -> None:
    house = a_house("alice bob")
    assert house.introduced(ALICE).who == who("alice")


def test_a_session_may_have_no_user_yet() -> None:
    house = with_a_stranger(a_house("alice"))
    with refused(house, NotIntroduced()):
        house.introduced(STRANGER)


@pytest.mark.parametrize("name", ["#tea", "#TEA", "#\uff34ea"])
def test_a_room_is_found_by_its_fold(name: str) -> None:
    assert a_house("alice", tea="alice").room(name).name == "#tea"


@pytest.mark.parametrize("name", ["#coffee", "tea", "", "alice", "#te\0a"])
def test_a_room_that_is_not_there_is_not_found(name: str) -> None:
    house = a_house("alice", tea="alice")
    with refused(house, NoSuchRoom(name)):
        house.room(name)


@pytest.mark.parametrize("nick", ["alice", "ALICE", "\uff21lice"])
def test_a_user_is_found_by_the_fold(nick: str) -> None:
    assert a_house("alice").user(nick).who == who("alice")


@pytest.mark.parametrize("nick", ["bob", "", "#lobby", "al\0ice"])
def test_a_user_who_is_not_there_is_not_found(nick: str) -> None:
    house = a_house("alice")
    with refused(house, NoSuchNick(nick)):
        house.user(nick)


def test_two_users_with_the_same_facts_are_still_two() -> None:
    assert User(1, "alice", who("alice")) != User(1, "alice", who("alice"))


def test_a_listing_is_the_same_until_somebody_changes() -> None:
    tea = a_house("alice bob", tea="alice bob").room("#tea")
    listing = tea.listing()
    assert [member.who.nick for member in listing] == ["alice", "bob"]
    assert tea.listing() is listing
    tea.has_changed()
    assert tea.listing() == listing
    assert tea.listing() is not listing
