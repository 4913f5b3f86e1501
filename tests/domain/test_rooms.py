"""Rooms: entering, leaving, and what a room is about."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import pytest

from chat.domain import remembered, snapshot
from chat.domain.answers import (
    HouseIs,
    MembersAre,
    RoomIs,
    RoomsAre,
    TopicIs,
)
from chat.domain.commands import (
    AskHouse,
    AskMembers,
    AskRoom,
    AskRooms,
    AskTopic,
    Command,
    Join,
    Leave,
    Rename,
    Setting,
    SetTopic,
)
from chat.domain.effects import (
    Deliver,
    Effect,
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
    Left,
    RoomChanged,
    TopicChanged,
)
from chat.domain.holdings import Link
from chat.domain.identity import ask_house, rename
from chat.domain.limits import Limits
from chat.domain.records import ForgottenLink, KeptRoom, Line
from chat.domain.refusals import (
    Banned,
    CannotTalk,
    InTooManyRooms,
    InviteOnly,
    NoSuchRoom,
    NotAllowed,
    NotAMember,
    NotIntroduced,
    Reason,
    RoomFull,
    RoomNameImpossible,
    WrongKey,
)
from chat.domain.roles import Role
from chat.domain.rooms import (
    MOST_EMPTY,
    ask_members,
    ask_room,
    ask_rooms,
    ask_topic,
    enter,
    is_as_made,
    join,
    leave,
    leave_all,
    recognise,
    set_topic,
)
from chat.domain.state import Room, Stamp, State
from chat.domain.views import (
    Mask,
    Member,
    RoomRow,
    Topic,
)
from tests.domain.people import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    NOW,
    STRANGER,
    a_house,
    in_office,
    invisible,
    kept,
    listed,
    logged_in,
    refused,
    said_in,
    set_up,
    told,
    who,
    with_a_stranger,
)

# Any of the verbs, whatever command it wants.
Verb: TypeAlias = Callable[..., list[Effect]]


def test_those_inside_hear_of_a_newcomer_who_then_sees_the_room() -> None:
    house = a_house("alice bob", tea="alice")
    inside = (Member(who("alice"), Role.OPERATOR), Member(who("bob"), Role.MEMBER))
    assert told(join(house, BOB, Join("#tea"), NOW)) == [
        Deliver(Joined(1000, 5000, who("bob"), "#tea"), to=ToRoom(201)),
        Seat(102, 201),
        Deliver(Entered(1000, 5000, who("bob"), "#tea", None, inside), to=ToUser(102)),
    ]


def test_whoever_enters_first_creates_the_room_and_runs_it() -> None:
    house = a_house("alice")
    inside = (Member(who("alice"), Role.OPERATOR),)
    entered = Entered(1000, 5000, who("alice"), "#Tea", None, inside)
    assert told(join(house, ALICE, Join("#Tea"), NOW)) == [
        Deliver(Joined(1000, 5000, who("alice"), "#Tea"), to=ToRoom(1000)),
        Seat(101, 1000),
        Deliver(entered, to=ToUser(101)),
    ]


def test_a_new_room_knows_when_it_was_made_and_guards_its_topic() -> None:
    house = a_house("alice")
    join(house, ALICE, Join("#Tea"), NOW)
    tea = house.room("#tea")
    assert (tea.id, tea.since, tea.name, tea.fold, list(tea.settings)) == (
        1000,
        5000,
        "#Tea",
        "#tea",
        [Setting.NO_OUTSIDERS, Setting.GUARDS_TOPIC],
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
    assert told(join(house, BOB, Join("#tea"), NOW))[-1] == Deliver(
        entered, to=ToUser(102)
    )


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
    assert told(leave(house, BOB, Leave("#TEA", "bye"), NOW)) == [
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
        (ask_rooms, AskRooms()),
    ],
)
def test_a_stranger_has_to_give_a_name_first(verb: Verb, command: Command) -> None:
    house = with_a_stranger(a_house("alice", tea="alice"))
    with refused(house, NotIntroduced()):
        verb(house, STRANGER, command, NOW)


def test_a_topic_is_told_to_everyone_inside() -> None:
    house = a_house("alice bob", tea="alice bob")
    changed = TopicChanged(1000, 5000, who("alice"), "#tea", "Earl Grey")
    assert told(set_topic(house, ALICE, SetTopic("#TEA", "Earl Grey"), NOW)) == [
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
    assert told(set_topic(house, ALICE, SetTopic("#tea", topic), NOW)) == [
        Deliver(changed, to=ToRoom(201))
    ]


def test_a_guarded_topic_is_for_those_who_run_the_room() -> None:
    house = a_house("alice bob", tea="alice bob")
    with refused(house, NotAllowed("#tea")):
        set_topic(house, BOB, SetTopic("#tea", "Milk?"), NOW)


def test_anybody_inside_changes_the_topic_of_the_lobby() -> None:
    house = a_house("alice bob", lobby="alice bob")
    changed = TopicChanged(1000, 5000, who("bob"), "#lobby", "Hello")
    assert told(set_topic(house, BOB, SetTopic("#lobby", "Hello"), NOW)) == [
        Deliver(changed, to=ToRoom(0))
    ]


@pytest.mark.parametrize("topic", [None, Topic("Earl Grey", by="alice", at=4500)])
def test_what_a_room_is_about_is_told_on_demand(topic: Topic | None) -> None:
    house = a_house("alice bob", tea="alice")
    house.room("#tea").topic = topic
    assert ask_topic(house, BOB, AskTopic("#Tea"), NOW) == [
        Deliver(TopicIs("#tea", topic), to=ToSession(BOB))
    ]


@pytest.mark.parametrize(
    ("session", "key"),
    [
        pytest.param(ALICE, "sesame", id="a member"),
        pytest.param(BOB, "", id="an outsider"),
        pytest.param(CAROL, "sesame", id="who runs the house"),
    ],
)
def test_how_a_room_is_set_up_is_told_on_demand(session: int, key: str) -> None:
    house = in_office(a_house("alice bob carol", tea="alice"), "carol")
    tea = house.room("#tea")
    tea.key, tea.limit = "sesame", 7
    settings = (Setting.NO_OUTSIDERS, Setting.GUARDS_TOPIC, Setting.KEY)
    assert ask_room(house, session, AskRoom("#Tea"), NOW) == [
        Deliver(RoomIs("#tea", settings, key, 7, since=4000), to=ToSession(session))
    ]


def test_a_room_may_be_set_up_simply() -> None:
    house = a_house("alice")
    room_is = RoomIs("#lobby", (Setting.NO_OUTSIDERS,), "", None, since=0)
    assert ask_room(house, ALICE, AskRoom("#lobby"), NOW) == [
        Deliver(room_is, to=ToSession(ALICE))
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


@pytest.mark.parametrize(
    ("verb", "command", "reason"),
    [
        (leave, Leave("#TEA"), NoSuchRoom("#TEA")),
        (set_topic, SetTopic("#TEA", "Milk?"), NoSuchRoom("#TEA")),
        (ask_topic, AskTopic("#TEA"), NoSuchRoom("#TEA")),
        (ask_room, AskRoom("#TEA"), NoSuchRoom("#TEA")),
    ],
)
def test_a_secret_room_is_not_there_for_outsiders(
    verb: Verb, command: Command, reason: Reason
) -> None:
    house = set_up(a_house("alice bob", tea="alice"), "#tea", Setting.SECRET)
    with refused(house, reason):
        verb(house, BOB, command, NOW)


@pytest.mark.parametrize(
    ("session", "nicks"),
    [
        pytest.param(ALICE, "alice bob", id="a member"),
        pytest.param(CAROL, "", id="an outsider"),
        pytest.param(DAVE, "alice bob", id="who runs the house"),
    ],
)
def test_who_is_in_a_secret_room_is_told_insiders(session: int, nicks: str) -> None:
    house = in_office(a_house("alice bob carol dave", tea="alice bob"), "dave")
    set_up(invisible(house, "bob"), "#tea", Setting.SECRET)
    inside = tuple(m for m in house.room("#tea").listing() if m.who.nick in nicks)
    is_known = bool(nicks)
    name = "#tea" if is_known else "#TEA"
    members_are = MembersAre(name, inside, False, "a note", is_secret=is_known)
    assert ask_members(house, session, AskMembers("#TEA", note="a note"), NOW) == [
        Deliver(members_are, to=ToSession(session))
    ]


def test_outsiders_do_not_see_who_is_invisible_inside() -> None:
    house = invisible(a_house("alice bob carol", tea="alice bob"), "alice")
    members_are = MembersAre("#tea", (Member(who("bob"), Role.MEMBER),), False)
    assert ask_members(house, CAROL, AskMembers("#tea"), NOW) == [
        Deliver(members_are, to=ToSession(CAROL))
    ]


@pytest.mark.parametrize(
    ("session", "rooms"),
    [
        pytest.param(ALICE, "#lobby #tea #coffee", id="a member"),
        pytest.param(BOB, "#lobby #coffee", id="an outsider"),
        pytest.param(CAROL, "#lobby #tea #coffee", id="who runs the house"),
    ],
)
def test_a_list_of_rooms_holds_those_that_one_may_know_of(
    session: int, rooms: str
) -> None:
    house = a_house("alice bob carol", lobby="bob", tea="alice", coffee="bob alice")
    house.room("#coffee").topic = Topic("Black", by="bob", at=4500)
    set_up(in_office(house, "carol"), "#tea", Setting.SECRET)
    rows = {
        "#lobby": RoomRow("#lobby", 1, ""),
        "#tea": RoomRow("#tea", 1, ""),
        "#coffee": RoomRow("#coffee", 2, "Black"),
    }
    rooms_are = RoomsAre(tuple(rows[name] for name in rooms.split()))
    assert ask_rooms(house, session, AskRooms(), NOW) == [
        Deliver(rooms_are, to=ToSession(session))
    ]


@pytest.mark.parametrize(
    ("asked", "rooms"),
    [
        pytest.param(AskRooms(), "#lobby #tea #Toast", id="everything"),
        pytest.param(AskRooms(masks=("#t*",)), "#tea #Toast", id="a mask"),
        pytest.param(AskRooms(masks=("#TEA", "*oas*")), "#tea #Toast", id="masks"),
        pytest.param(AskRooms(but=("#t?a",)), "#lobby #Toast", id="but"),
        pytest.param(AskRooms(("#t*",), ("*st",)), "#tea", id="a mask, but"),
        pytest.param(AskRooms(least=1), "#tea #Toast", id="not the empty"),
        pytest.param(AskRooms(least=1, most=1), "#Toast", id="just one"),
        pytest.param(AskRooms(most=0), "#lobby", id="the empty"),
        pytest.param(AskRooms(newer=2), "#tea", id="new"),
        pytest.param(AskRooms(older=10), "#lobby #Toast", id="old"),
        pytest.param(AskRooms(newer=10, older=10), "#Toast", id="of an age"),
        pytest.param(AskRooms(topic_newer=5), "#tea", id="new topic"),
        pytest.param(AskRooms(topic_older=5), "#tea #Toast", id="old topic"),
        pytest.param(AskRooms(topic_older=6), "#Toast", id="older topic"),
        pytest.param(AskRooms(("#none",)), "", id="nothing"),
    ],
)
def test_a_list_of_rooms_holds_what_is_asked_for(asked: AskRooms, rooms: str) -> None:
    house = a_house("alice bob", tea="alice bob", Toast="alice")
    tea, toast = house.room("#tea"), house.rooms["#Toast"]
    toast.fold = "#toast"
    tea.since, toast.since = 99_000, 90_000
    tea.topic = Topic("Earl Grey", by="alice", at=95_000)
    toast.topic = Topic("Marmalade", by="alice", at=50_000)
    effects = ask_rooms(house, BOB, asked, Stamp(1000, 100_000))
    assert [row.room for row in said_in(effects, RoomsAre)[0].rooms] == rooms.split()


@pytest.mark.parametrize(
    ("settings", "bans", "reason"),
    [
        pytest.param((), ("bob!*@*",), Banned("#tea"), id="banned"),
        pytest.param((), ("*!*@192.0.2.0/24",), Banned("#tea"), id="by address"),
        pytest.param((Setting.INVITE_ONLY,), (), InviteOnly("#tea"), id="closed"),
        pytest.param((Setting.KEY,), (), WrongKey("#tea"), id="keyed"),
        pytest.param((Setting.LIMIT,), (), RoomFull("#tea"), id="full"),
        pytest.param(
            (Setting.INVITE_ONLY, Setting.KEY, Setting.LIMIT),
            ("bob!*@*",),
            Banned("#tea"),
            id="all at once",
        ),
    ],
)
def test_who_is_kept_out_comes_in_once_invited(
    settings: tuple[Setting, ...], bans: tuple[str, ...], reason: Reason
) -> None:
    house = listed(a_house("alice bob", tea="alice"), "#tea", Setting.BAN, *bans)
    tea, bob = set_up(house, "#tea", *settings).room("#tea"), house.user("bob")
    tea.key = "sesame" if Setting.KEY in settings else ""
    tea.limit = 1 if Setting.LIMIT in settings else None
    with refused(house, reason):
        join(house, BOB, Join("#TEA", "wrong"), NOW)
    bob.invitations.update({tea.id: None, 7: None})
    assert len(told(join(house, BOB, Join("#TEA"), NOW))) == 3
    # An invitation is for once.
    assert list(bob.invitations) == [7]


@pytest.mark.parametrize(
    ("kind", "mask", "setting"),
    [
        pytest.param(Setting.EXEMPT, "b*!*@*", Setting.BAN, id="exempt"),
        pytest.param(Setting.WELCOME, "b*!*@*", Setting.INVITE_ONLY, id="welcome"),
        pytest.param(Setting.BAN, "m:bob!*@*", Setting.MODERATED, id="only muted"),
    ],
)
def test_who_is_let_in_all_the_same(kind: Setting, mask: str, setting: Setting) -> None:
    house = a_house("alice bob", tea="alice")
    if setting is Setting.BAN:
        listed(house, "#tea", Setting.BAN, "bob!*@*")
    else:
        set_up(house, "#tea", setting)
    listed(house, "#tea", kind, mask)
    assert len(told(join(house, BOB, Join("#tea"), NOW))) == 3


def test_the_right_word_and_an_empty_seat_let_one_in() -> None:
    house = a_house("alice bob", tea="alice")
    tea = house.room("#tea")
    tea.key, tea.limit = "sesame", 2
    assert len(told(join(house, BOB, Join("#tea", "sesame"), NOW))) == 3


def test_a_word_that_nobody_asked_for_is_no_matter() -> None:
    house = a_house("alice bob", tea="alice")
    assert len(told(join(house, BOB, Join("#tea", "sesame"), NOW))) == 3


def test_who_comes_in_away_is_seen_to_be() -> None:
    house = a_house("alice bob", tea="alice")
    house.user("bob").away = "lunch"
    assert told(join(house, BOB, Join("#tea"), NOW))[:3] == [
        Deliver(Joined(1000, 5000, who("bob"), "#tea"), to=ToRoom(201)),
        Deliver(AwayChanged(1000, 5000, who("bob"), "lunch"), to=ToRoom(201)),
        Seat(102, 201),
    ]


@pytest.mark.parametrize(
    ("inside", "also_told"),
    [
        pytest.param("alice bob", [], id="inside"),
        pytest.param("alice", [ToSession(BOB)], id="outside"),
    ],
)
def test_who_runs_the_house_sets_any_topic_and_reads_it_once(
    inside: str, also_told: list[ToSession]
) -> None:
    house = a_house("alice bob", tea=inside)
    set_up(in_office(house, "bob"), "#tea", Setting.SECRET)
    changed = TopicChanged(1000, 5000, who("bob"), "#tea", "Milk?")
    assert told(set_topic(house, BOB, SetTopic("#tea", "Milk?"), NOW)) == [
        Deliver(changed, to=ToRoom(201)),
        *(Deliver(changed, to=to) for to in also_told),
    ]


def test_a_last_word_is_cut_short() -> None:
    house = a_house("alice", limits=Limits(reason_length=6), tea="alice")
    left = Left(1000, 5000, who("alice"), "#tea", "abcde")
    assert told(leave(house, ALICE, Leave("#tea", "abcdeé"), NOW))[-1] == Deliver(
        left, to=ToUser(101)
    )


def test_nobody_is_in_more_rooms_than_the_limit() -> None:
    house = a_house("alice", limits=Limits(rooms_per_user=2), tea="alice", work="alice")
    with refused(house, InTooManyRooms("#More")):
        join(house, ALICE, Join("#More"), NOW)
    assert told(join(house, ALICE, Join("#tea"), NOW)) == []


def test_a_listing_is_made_once_and_never_out_of_date() -> None:
    house = a_house("alice bob", tea="alice bob")
    tea = house.room("#tea")
    assert tea.listing()[0] is tea.listing()[0]
    leave(house, BOB, Leave("#tea"), NOW)
    assert [member.who.nick for member in tea.listing()] == ["alice"]
    rename(house, ALICE, Rename("alicia"), NOW)
    assert [member.who.nick for member in tea.listing()] == ["alicia"]
    join(house, BOB, Join("#tea"), NOW)
    assert [member.who.nick for member in tea.listing()] == ["alicia", "bob"]


# How long an empty room stays, where it does.
A_WHILE = Limits(empty_room=60_000)


def left_alone(*settings: Setting, limits: Limits = A_WHILE) -> State:
    """A room that alice has left alone, and bob, who is elsewhere."""
    house = set_up(a_house("alice bob", limits, tea="alice"), "#tea", *settings)
    leave(house, ALICE, Leave("#tea"), NOW)
    return house


def test_a_room_that_is_gone_is_sealed() -> None:
    house = a_house("alice", tea="alice")
    sealed = replace(remembered.room(house.room("#tea")), is_sealed=True)
    assert kept(leave(house, ALICE, Leave("#tea"), NOW), KeptRoom) == [sealed]


def test_a_room_may_stay_for_a_while_when_it_is_empty() -> None:
    house = left_alone()
    assert (house.room("#tea").empty_since, house.room("#tea").id) == (5000, 201)
    assert house.empty == {201: house.room("#tea")}
    join(house, BOB, Join("#tea"), Stamp(1001, 6000))
    assert (house.room("#tea").empty_since, house.room("#tea").id) == (None, 201)
    assert house.empty == {}


def test_a_room_in_which_nothing_has_been_is_gone_at_once() -> None:
    house = a_house("alice bob", A_WHILE)
    join(house, ALICE, Join("#tea"), NOW)
    assert kept(leave(house, ALICE, Leave("#tea"), NOW), KeptRoom)[-1].is_sealed
    assert (list(house.rooms), house.empty) == (["#lobby"], {})


@pytest.mark.parametrize("what", ["an account", "a topic", "company", "a link"])
def test_a_room_that_somebody_may_come_back_for_stays(what: str) -> None:
    house = a_house("alice bob", A_WHILE)
    if what == "an account":
        logged_in(house, "alice")
    join(house, ALICE, Join("#tea"), NOW)
    tea = house.room("#tea")
    if what == "a topic":
        set_topic(house, ALICE, SetTopic("#tea", "Milk?"), NOW)
    if what == "company":
        join(house, BOB, Join("#tea"), NOW)
        leave(house, BOB, Leave("#tea"), NOW)
    if what == "a link":
        house.add(Link(900, tea.id, "a digest", "alice", 9000, -1))
    leave(house, ALICE, Leave("#tea"), NOW)
    assert house.empty == {1000: tea}


def test_who_makes_room_after_room_ends_the_longest_empty() -> None:
    house = logged_in(a_house("alice bob", A_WHILE), "alice")
    for number in range(MOST_EMPTY):
        join(house, ALICE, Join(f"#{number}"), Stamp(2000 + number, 5000))
        leave(house, ALICE, Leave(f"#{number}"), Stamp(2000 + number, 5000))
    assert len(house.empty) == MOST_EMPTY
    # To enter one that is there makes none.
    assert len(kept(join(house, BOB, Join("#1"), NOW), KeptRoom)) == 0
    leave(house, BOB, Leave("#1"), NOW)
    sealed, made = kept(join(house, BOB, Join("#more"), NOW), KeptRoom)
    assert (sealed.fold, sealed.is_sealed, made.fold) == ("#0", True, "#more")
    assert (len(house.empty), "#0" in house.rooms) == (MOST_EMPTY - 1, False)


def test_a_room_that_is_kept_stays_whatever_the_limits() -> None:
    house = left_alone(Setting.KEPT, limits=Limits())
    assert (house.room("#tea").empty_since, house.empty) == (5000, {})


@pytest.mark.parametrize(
    ("settings", "reason"),
    [((Setting.INVITE_ONLY,), InviteOnly("#tea")), ((), WrongKey("#tea"))],
)
def test_an_empty_room_is_as_closed_as_it_was(
    settings: tuple[Setting, ...], reason: Reason
) -> None:
    house = left_alone(*settings)
    house.room("#tea").key = "sesame"
    with refused(house, reason):
        join(house, BOB, Join("#tea"), NOW)


def test_who_runs_a_room_is_never_kept_out_of_it() -> None:
    house = logged_in(left_alone(Setting.KEPT, Setting.INVITE_ONLY), "alice")
    tea = house.room("#tea")
    tea.roles[301], tea.key, tea.limit = Role.OPERATOR, "sesame", 1
    listed(house, "#tea", Setting.BAN, "*!*@*")
    join(house, ALICE, Join("#tea"), NOW)
    assert tea.members == {house.user("alice"): Role.OPERATOR}


def test_who_was_asked_in_has_only_bans_to_fear() -> None:
    house = left_alone(Setting.INVITE_ONLY)
    house.room("#tea").key = "sesame"
    listed(house, "#tea", Setting.BAN, "bob!*@*")
    with refused(house, Banned("#tea")):
        enter(house, house.user("bob"), "#tea", None, NOW)
    enter(house, house.user("alice"), "#tea", None, NOW)
    assert list(house.room("#tea").members) == [house.user("alice")]


@pytest.mark.parametrize(
    ("settings", "rows"),
    [((), []), ((Setting.KEPT,), [RoomRow("#tea", 0, "")])],
)
def test_an_empty_room_is_listed_and_counted_only_if_it_is_kept(
    settings: tuple[Setting, ...], rows: list[RoomRow]
) -> None:
    house = left_alone(*settings)
    (listing,) = said_in(ask_rooms(house, BOB, AskRooms(), NOW), RoomsAre)
    assert list(listing.rooms) == [RoomRow("#lobby", 0, ""), *rows]
    (counted,) = said_in(ask_house(house, BOB, AskHouse(), NOW), HouseIs)
    assert counted.rooms == 1 + len(rows)


def test_nobody_is_in_an_empty_room() -> None:
    (members,) = said_in(
        ask_members(left_alone(), BOB, AskMembers("#tea"), NOW), MembersAre
    )
    assert members.members == ()


def test_of_an_empty_secret_room_nobody_hears() -> None:
    house = left_alone(Setting.SECRET, Setting.KEPT)
    with refused(house, NoSuchRoom("#tea")):
        ask_topic(house, BOB, AskTopic("#tea"), NOW)


def test_that_a_room_needs_a_word_is_told_when_nobody_knows_it() -> None:
    house = a_house("alice", tea="alice")
    tea = house.room("#tea")
    tea.key_check = tea.check_of("sesame")
    (room_is,) = said_in(ask_room(house, ALICE, AskRoom("#tea"), NOW), RoomIs)
    assert (Setting.KEY in room_is.settings, room_is.key) == (True, "")


def test_what_a_room_is_about_is_written_down() -> None:
    house = a_house("alice", lobby="alice")
    effects = set_topic(house, ALICE, SetTopic("#lobby", "Earl Grey"), NOW)
    assert kept(effects, KeptRoom) == [remembered.room(house.lobby)]


def test_who_leaves_altogether_leaves_every_room() -> None:
    house = a_house("alice bob", tea="bob alice", coffee="alice")
    departed = Departed(1000, 5000, who("alice"), "bye")
    effects = leave_all(house, house.user("alice"), departed)
    assert told(effects) == [
        Deliver(departed, to=ToNeighbours(101)),
        Unseat(101, 201),
        Unseat(101, 202),
    ]
    assert [line.room for line in kept(effects, Line)] == [201, 202]
    assert [room.id for room in kept(effects, KeptRoom)] == [202]
    assert (house.user("alice").rooms, list(house.rooms)) == ({}, ["#lobby", "#tea"])


def test_who_has_an_account_is_recognised_in_each_of_his_rooms() -> None:
    house = logged_in(a_house("alice bob", tea="bob alice", milk="bob alice"), "alice")
    for name in ("#tea", "#milk"):
        house.room(name).roles[301] = Role.VOICED
    effects = recognise(house.user("alice"), NOW)
    assert [each.room for each in said_in(effects, RoomChanged)] == ["#tea", "#milk"]


def test_with_a_room_its_links_are_gone() -> None:
    house = a_house("alice bob", tea="alice", milk="alice bob")
    for number, name in ((900, "#tea"), (901, "#milk")):
        room = house.room(name)
        house.add(Link(number, room.id, name, "alice", 9000, -1))
    effects = leave(house, ALICE, Leave("#tea"), NOW)
    assert kept(effects, ForgottenLink) == [ForgottenLink(900)]
    assert list(house.links) == ["#milk"]


def test_who_is_not_heard_does_not_say_what_a_room_is_about() -> None:
    house = set_up(a_house("alice bob", tea="alice bob"), "#tea", Setting.MODERATED)
    del house.room("#tea").settings[Setting.GUARDS_TOPIC]
    why = "those who run it do not hear you now"
    with refused(house, CannotTalk("#tea", why)):
        set_topic(house, BOB, SetTopic("#tea", "Milk?"), NOW)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("is_fresh", False),
        ("topic", Topic("Milk?", "alice", 4500)),
        ("key", "sesame"),
        ("key_check", "a check"),
        ("limit", 7),
        ("roles", {301: Role.VOICED}),
        ("settings", {Setting.GUARDS_TOPIC: None}),
        ("masks", {Setting.BAN: {"bob!*@*": Mask("bob!*@*", "alice", 4500)}}),
    ],
)
def test_what_makes_a_room_another_than_it_was_made(
    attribute: str, value: object
) -> None:
    room = Room(201, 4000, "#tea", "#tea", is_fresh=True)
    assert is_as_made(room)
    setattr(room, attribute, value)
    assert not is_as_made(room)
