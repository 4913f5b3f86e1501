"""Upkeep: what the house does by itself."""

import pytest

from chat.domain.claims import TellTrouble, Tidy
from chat.domain.commands import Leave, Setting
from chat.domain.effects import Deliver, ToRoom, ToUser
from chat.domain.events import KeepingChanged, Renamed
from chat.domain.holdings import Link
from chat.domain.limits import Limits
from chat.domain.records import ForgottenLink, KeptRoom
from chat.domain.rooms import leave
from chat.domain.state import Room, Stamp, State
from chat.domain.upkeep import tell_trouble, tidy
from tests.domain.people import (
    ALICE,
    NOW,
    a_house,
    in_office,
    kept,
    said_in,
    set_up,
    told,
)


def left_alone(*settings: Setting) -> State:
    """A house where a room has been empty since NOW."""
    house = a_house("alice", Limits(empty_room=1000), tea="alice", lobby="alice")
    set_up(house, "#tea", *settings)
    leave(house, ALICE, Leave("#tea"), NOW)
    leave(house, ALICE, Leave("#lobby"), NOW)
    return house


@pytest.mark.parametrize(("at", "is_gone"), [(5999, False), (6000, True)])
def test_an_empty_room_is_gone_after_a_while(at: int, is_gone: bool) -> None:
    house = left_alone()
    effects = tidy(house, 0, Tidy(), Stamp(1001, at))
    assert ("#tea" not in house.rooms) == is_gone
    sealed = [record.is_sealed for record in kept(effects, KeptRoom)]
    assert (sealed, told(effects)) == ([True] if is_gone else [], [])


def test_a_room_that_is_kept_stays_and_so_does_the_lobby() -> None:
    house = left_alone(Setting.KEPT)
    assert tidy(house, 0, Tidy(), Stamp(1001, 10**15)) == []
    assert sorted(house.rooms) == ["#lobby", "#tea"]


def test_a_room_where_somebody_is_stays() -> None:
    house = a_house("alice", Limits(empty_room=1000), tea="alice")
    assert tidy(house, 0, Tidy(), Stamp(1001, 10**15)) == []


def crowded(rooms: int, links: int = 0) -> State:
    """A house where many rooms are empty, and lead *links* into each."""
    house = a_house("alice", Limits(empty_room=1000))
    for number in range(2000, 2000 + rooms):
        room = Room(number, 4000, f"#{number}", f"#{number}")
        house.rooms[room.fold] = room
        house.is_left(room, 5000)
        for link in range(links):
            digest = f"{number} {link}"
            house.add(Link(link, number, digest, "alice", 6000, -1))
    return house


def test_many_rooms_do_not_end_in_one_turn() -> None:
    house = crowded(450)
    ended = [
        len(kept(tidy(house, 0, Tidy(), Stamp(number, 6000)))) for number in range(4)
    ]
    assert ended == [200, 200, 50, 0]
    assert (list(house.rooms), house.empty) == (["#lobby"], {})


def test_the_longest_empty_end_first() -> None:
    house = crowded(201)
    house.is_left(house.room("#2000"), 5000)
    tidy(house, 0, Tidy(), Stamp(1001, 6000))
    assert list(house.rooms) == ["#lobby", "#2000"]


def test_the_links_into_a_room_take_their_time_as_well() -> None:
    house = crowded(10, links=50)
    tidy(house, 0, Tidy(), Stamp(1001, 6000))
    assert (len(house.empty), len(house.links)) == (6, 300)


def test_many_links_do_not_run_out_in_one_turn() -> None:
    house = crowded(10, links=50)
    house.limits = Limits(empty_room=10**6)
    ended = [
        len(kept(tidy(house, 0, Tidy(), Stamp(number, 6000)))) for number in range(4)
    ]
    assert (ended, house.links, house.links_into) == ([200, 200, 100, 0], {}, {})


def test_who_has_held_anothers_nick_too_long_gets_one_from_the_house() -> None:
    house = a_house("alice")
    house.user("alice").held_until = 6000
    assert tidy(house, 0, Tidy(), Stamp(1001, 5999)) == []
    assert said_in(tidy(house, 0, Tidy(), Stamp(1002, 6000)), Renamed)


@pytest.mark.parametrize(("is_over", "lost"), [(False, 0), (True, 0), (True, 7)])
def test_rooms_hear_of_trouble(is_over: bool, lost: int) -> None:
    house = in_office(a_house("alice bob", tea="bob", coffee="bob"), "alice")
    command = TellTrouble((201, 999), is_over, lost)
    assert tell_trouble(house, 0, command, NOW) == [
        Deliver(KeepingChanged(1000, 5000, "#tea", is_over, lost), to=ToRoom(201))
    ]


def test_of_the_house_only_those_who_run_it_hear() -> None:
    house = in_office(a_house("alice bob", tea="bob"), "alice")
    assert tell_trouble(house, 0, TellTrouble((), lost=7), NOW) == [
        Deliver(KeepingChanged(1000, 5000, "", False, 7), to=ToUser(101))
    ]


def test_what_holds_for_a_link_holds_until_its_time() -> None:
    house = a_house("alice", tea="alice")
    house.add(Link(900, 201, "a digest", "alice", 6000, -1))
    assert tidy(house, 0, Tidy(), Stamp(1001, 5999)) == []
    assert kept(tidy(house, 0, Tidy(), Stamp(1002, 6000))) == [ForgottenLink(900)]
