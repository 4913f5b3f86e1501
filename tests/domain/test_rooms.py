"""Rooms: entering, leaving, and what a room is about."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from chat.domain import snapshot
from chat.domain.answers import (
    MembersAre,
    RoomIs,
    TopicIs,
)
from chat.domain.commands import (
    AskMembers,
    AskRoom,
    AskTopic,
    Command,
    Join,
    Leave,
    Rename,
    SetTopic,
)
from chat.domain.effects import (
    Deliver,
    Effect,
    Seat,
    ToRoom,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import (
    Entered,
    Joined,
    Left,
    TopicChanged,
)
from chat.domain.identity import rename
from chat.domain.limits import Limits
from chat.domain.refusals import (
    InTooManyRooms,
    NoSuchRoom,
    NotAllowed,
    NotAMember,
    NotIntroduced,
    RoomNameImpossible,
)
from chat.domain.roles import Role
from chat.domain.rooms import (
    ask_members,
    ask_room,
    ask_topic,
    join,
    leave,
    set_topic,
)
from chat.domain.state import Stamp
from chat.domain.views import (
    Member,
    Topic,
)
from tests.domain.people import (
    ALICE,
    BOB,
    CAROL,
    NOW,
    STRANGER,
    a_house,
    refused,
    who,
    with_a_stranger,
)

# Any of the verbs, whatever command it wants.
Verb: TypeAlias = Callable[..., list[Effect]]


def test_those_inside_hear_of_a_newcomer_who_then_sees_the_room() -> None:
    house = a_house("alice bob", tea="alice")
    inside = (Member(who("alice"), Role.OPERATOR), Member(who("bob"), Role.MEMBER))
    assert join(house, BOB, Join("#tea"), NOW) == [
        Deliver(Joined(1000, 5000, who("bob"), "#tea"), to=ToRoom(201)),
        Seat(102, 201),
        Deliver(Entered(1000, 5000, who("bob"), "#tea", None, inside), to=ToUser(102)),
    ]


def test_whoever_enters_first_creates_the_room_and_runs_it() -> None:
    house = a_house("alice")
    inside = (Member(who("alice"), Role.OPERATOR),)
    entered = Entered(1000, 5000, who("alice"), "#Tea", None, inside)
    assert join(house, ALICE, Join("#Tea"), NOW) == [
        Deliver(Joined(1000, 5000, who("alice"), "#Tea"), to=ToRoom(1000)),
        Seat(101, 1000),
        Deliver(entered, to=ToUser(101)),
    ]


def test_a_new_room_knows_when_it_was_made_and_guards_its_topic() -> None:
    house = a_house("alice")
    join(house, ALICE, Join("#Tea"), NOW)
    tea = house.room("#tea")
    assert (tea.id, tea.since, tea.name, tea.fold, tea.guards_topic) == (
        1000,
        5000,
        "#Tea",
        "#tea",
        True,
    )


def test_nobody_runs_the_lobby() -> None:
    house = a_house("alice")
    join(house, ALICE, Join("#lobby"), NOW)
    assert house.lobby.listing() == (Member(who("alice"), Role.MEMBER),)


def test_a_newcomer_sees_the_topic() -> None:
    house = a_house("alice bob", tea="alice")
    topic = Topic("Earl Grey", by="alice", at=4500)
    house.room("#tea").topic = topic
    inside = (Member(who("alice"), Role.OPERATOR), Member(who("bob"), Role.MEMBER))
    entered = Entered(1000, 5000, who("bob"), "#tea", topic, inside)
    assert join(house, BOB, Join("#tea"), NOW)[-1] == Deliver(entered, to=ToUser(102))


def test_a_user_knows_the_rooms_in_order_of_entering() -> None:
    house = a_house("alice", tea="alice")
    join(house, ALICE, Join("#Coffee"), NOW)
    join(house, ALICE, Join("#lobby"), NOW)
    assert list(house.user("alice").rooms) == ["#tea", "#coffee", "#lobby"]


@pytest.mark.parametrize("name", ["#tea", "#TEA"])
def test_to_enter_a_room_twice_is_no_news(name: str) -> None:
    house = a_house("alice", tea="alice")
    before = snapshot.of(house)
    assert (join(house, ALICE, Join(name), NOW), snapshot.of(house)) == ([], before)


def test_a_room_must_have_a_possible_name() -> None:
    house = a_house("alice", limits=Limits(room_length=7))
    with refused(house, RoomNameImpossible("#coffees", "it is longer than 7 bytes")):
        join(house, ALICE, Join("#coffees"), NOW)


def test_whoever_leaves_is_unseated_and_everyone_is_told() -> None:
    house = a_house("alice bob", tea="alice bob")
    left = Left(1000, 5000, who("bob"), "#tea", "bye")
    assert leave(house, BOB, Leave("#TEA", "bye"), NOW) == [
        Unseat(102, 201),
        Deliver(left, to=ToRoom(201)),
        Deliver(left, to=ToUser(102)),
    ]


def test_whoever_leaves_is_no_longer_a_member() -> None:
    house = a_house("alice bob", tea="alice bob")
    leave(house, BOB, Leave("#tea"), NOW)
    assert (house.room("#tea").listing(), house.user("bob").rooms) == (
        (Member(who("alice"), Role.OPERATOR),),
        {},
    )


def test_a_room_is_gone_with_its_last_member() -> None:
    house = a_house("alice", tea="alice")
    leave(house, ALICE, Leave("#tea"), NOW)
    assert list(house.rooms) == ["#lobby"]


def test_the_lobby_stays_without_members() -> None:
    house = a_house("alice", lobby="alice")
    leave(house, ALICE, Leave("#lobby"), NOW)
    assert house.room("#lobby").members == {}


def test_a_room_that_comes_again_is_another_one() -> None:
    house = a_house("alice bob", tea="alice")
    leave(house, ALICE, Leave("#tea"), NOW)
    join(house, BOB, Join("#tea"), Stamp(1001, 5001))
    tea = house.room("#tea")
    assert (tea.id, tea.listing()) == (1001, (Member(who("bob"), Role.OPERATOR),))


@pytest.mark.parametrize(
    ("verb", "command"),
    [(leave, Leave("#TEA")), (set_topic, SetTopic("#TEA", "Milk?"))],
)
def test_outside_there_is_nothing_to_leave_or_to_name(
    verb: Verb, command: Command
) -> None:
    house = a_house("alice bob", tea="alice")
    with refused(house, NotAMember("#tea")):
        verb(house, BOB, command, NOW)


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        (leave, Leave("#Tea")),
        (set_topic, SetTopic("#Tea", "Milk?")),
        (ask_topic, AskTopic("#Tea")),
        (ask_room, AskRoom("#Tea")),
    ],
)
def test_a_room_has_to_be_there(verb: Verb, command: Command) -> None:
    house = a_house("alice")
    with refused(house, NoSuchRoom("#Tea")):
        verb(house, ALICE, command, NOW)


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        (join, Join("#tea")),
        (leave, Leave("#tea")),
        (set_topic, SetTopic("#tea", "Milk?")),
        (ask_topic, AskTopic("#tea")),
        (ask_room, AskRoom("#tea")),
        (ask_members, AskMembers("#tea")),
    ],
)
def test_a_stranger_has_to_give_a_name_first(verb: Verb, command: Command) -> None:
    house = with_a_stranger(a_house("alice", tea="alice"))
    with refused(house, NotIntroduced()):
        verb(house, STRANGER, command, NOW)


def test_a_topic_is_told_to_everyone_inside() -> None:
    house = a_house("alice bob", tea="alice bob")
    changed = TopicChanged(1000, 5000, who("alice"), "#tea", "Earl Grey")
    assert set_topic(house, ALICE, SetTopic("#TEA", "Earl Grey"), NOW) == [
        Deliver(changed, to=ToRoom(201))
    ]


def test_a_topic_is_kept_with_who_set_it_and_when() -> None:
    house = a_house("alice", tea="alice")
    set_topic(house, ALICE, SetTopic("#tea", "Earl Grey"), NOW)
    assert house.room("#tea").topic == Topic("Earl Grey", by="alice", at=5000)


def test_an_empty_topic_is_none() -> None:
    house = a_house("alice", tea="alice")
    house.room("#tea").topic = Topic("Earl Grey", by="alice", at=4500)
    set_topic(house, ALICE, SetTopic("#tea", ""), NOW)
    assert house.room("#tea").topic is None


@pytest.mark.parametrize(
    ("topic", "kept"),
    [
        pytest.param("abcdef", "abcdef", id="exactly the limit"),
        pytest.param("abcdefg", "abcdef", id="one over"),
        pytest.param("abcdeé", "abcde", id="between characters"),
        pytest.param("太郎太", "太郎", id="bytes count"),
    ],
)
def test_a_long_topic_is_cut_at_a_character(topic: str, kept: str) -> None:
    house = a_house("alice", Limits(topic_length=6), tea="alice")
    changed = TopicChanged(1000, 5000, who("alice"), "#tea", kept)
    assert set_topic(house, ALICE, SetTopic("#tea", topic), NOW) == [
        Deliver(changed, to=ToRoom(201))
    ]


def test_a_guarded_topic_is_for_those_who_run_the_room() -> None:
    house = a_house("alice bob", tea="alice bob")
    with refused(house, NotAllowed("#tea")):
        set_topic(house, BOB, SetTopic("#tea", "Milk?"), NOW)


def test_anybody_inside_changes_the_topic_of_the_lobby() -> None:
    house = a_house("alice bob", lobby="alice bob")
    changed = TopicChanged(1000, 5000, who("bob"), "#lobby", "Hello")
    assert set_topic(house, BOB, SetTopic("#lobby", "Hello"), NOW) == [
        Deliver(changed, to=ToRoom(0))
    ]


@pytest.mark.parametrize("topic", [None, Topic("Earl Grey", by="alice", at=4500)])
def test_what_a_room_is_about_is_told_on_demand(topic: Topic | None) -> None:
    house = a_house("alice bob", tea="alice")
    house.room("#tea").topic = topic
    assert ask_topic(house, BOB, AskTopic("#Tea"), NOW) == [
        Deliver(TopicIs("#tea", topic), to=ToSession(BOB))
    ]


def test_how_a_room_is_set_up_is_told_on_demand() -> None:
    house = a_house("alice bob", tea="alice")
    room_is = RoomIs("#tea", guards_topic=True, since=4000)
    assert ask_room(house, BOB, AskRoom("#Tea"), NOW) == [
        Deliver(room_is, to=ToSession(BOB))
    ]


@pytest.mark.parametrize("in_detail", [False, True])
def test_who_is_in_a_room_is_told_on_demand(in_detail: bool) -> None:
    house = a_house("alice bob carol", tea="bob alice")
    inside = (Member(who("bob"), Role.OPERATOR), Member(who("alice"), Role.MEMBER))
    members_are = MembersAre("#tea", inside, in_detail)
    assert ask_members(house, CAROL, AskMembers("#Tea", in_detail), NOW) == [
        Deliver(members_are, to=ToSession(CAROL))
    ]


def test_nobody_is_in_a_room_that_is_not_there() -> None:
    house = a_house("alice")
    assert ask_members(house, ALICE, AskMembers("#Tea"), NOW) == [
        Deliver(MembersAre("#Tea", (), in_detail=False), to=ToSession(ALICE))
    ]


def test_questions_change_nothing() -> None:
    house = a_house("alice", tea="alice")
    before = snapshot.of(house)
    ask_topic(house, ALICE, AskTopic("#tea"), NOW)
    ask_room(house, ALICE, AskRoom("#tea"), NOW)
    ask_members(house, ALICE, AskMembers("#nowhere"), NOW)
    assert snapshot.of(house) == before


def test_nobody_is_in_more_rooms_than_the_limit() -> None:
    house = a_house("alice", limits=Limits(rooms_per_user=2), tea="alice", work="alice")
    with refused(house, InTooManyRooms("#More")):
        join(house, ALICE, Join("#More"), NOW)
    assert join(house, ALICE, Join("#tea"), NOW) == []


def test_a_listing_is_made_once_and_never_out_of_date() -> None:
    house = a_house("alice bob", tea="alice bob")
    tea = house.room("#tea")
    assert tea.listing() is tea.listing()
    leave(house, BOB, Leave("#tea"), NOW)
    assert [member.who.nick for member in tea.listing()] == ["alice"]
    rename(house, ALICE, Rename("alicia"), NOW)
    assert [member.who.nick for member in tea.listing()] == ["alicia"]
    join(house, BOB, Join("#tea"), NOW)
    assert [member.who.nick for member in tea.listing()] == ["alicia", "bob"]
