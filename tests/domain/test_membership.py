"""Membership: who is what in a room, and what of it is remembered."""

import pytest

from chat.domain import membership, rooms
from chat.domain.commands import Change, Join, Leave, SetRoom, Setting
from chat.domain.effects import Deliver, Keep, Seat, ToRoom
from chat.domain.events import Entered, Joined, RoomChanged
from chat.domain.limits import Limits
from chat.domain.moderation import set_room
from chat.domain.records import KeptAccount, KeptRoom
from chat.domain.refusals import Banned, InviteOnly, RoomFull, WrongKey
from chat.domain.remembered import room as remembered
from chat.domain.roles import Role
from chat.domain.rooms import join, leave, recognise
from chat.domain.state import Stamp, State
from tests.domain.people import (
    ALICE,
    BOB,
    NOW,
    a_house,
    in_office,
    kept,
    logged_in,
    said_in,
    set_up,
    told,
)

LATER = Stamp(1001, 5001)
# Rooms stay for a while.
LINGERING = Limits(empty_room=60_000)


def house_of(people: str = "alice bob", **rooms: str) -> State:
    return a_house(people, LINGERING, **rooms)


def role(house: State, nick: str) -> Role:
    return house.room("#tea").members[house.user(nick)]


def raised(*changes: Change) -> Deliver:
    event = RoomChanged(1000, 5000, None, "#tea", changes)
    return Deliver(event, to=ToRoom(201))


def test_who_makes_a_room_with_an_account_runs_it_from_then_on() -> None:
    house = logged_in(house_of("alice"), "alice")
    effects = join(house, ALICE, Join("#tea"), NOW)
    assert house.room("#tea").roles == {301: Role.OPERATOR}
    assert kept(effects, KeptRoom) == [remembered(house.room("#tea"))]


def test_who_makes_a_room_as_a_guest_runs_it_as_long_as_he_is_there() -> None:
    house = house_of("alice")
    join(house, ALICE, Join("#tea"), NOW)
    assert (role(house, "alice"), house.room("#tea").roles) == (Role.OPERATOR, {})


@pytest.mark.parametrize(
    ("setting", "is_role"),
    [(Setting.OPERATOR, Role.OPERATOR), (Setting.VOICE, Role.VOICED)],
)
def test_what_an_account_is_made_is_remembered_until_it_is_taken_away(
    setting: Setting, is_role: Role
) -> None:
    house = logged_in(house_of(tea="alice bob"), "bob")
    tea = house.room("#tea")
    on = SetRoom("#tea", (Change(setting, on=True, value="bob"),))
    effects = set_room(house, ALICE, on, NOW)
    assert (tea.roles, kept(effects, KeptRoom)) == ({301: is_role}, [remembered(tea)])
    off = SetRoom("#tea", (Change(setting, on=False, value="bob"),))
    effects = set_room(house, ALICE, off, NOW)
    assert (tea.roles, kept(effects, KeptRoom)) == ({}, [remembered(tea)])


def test_what_a_guest_is_made_is_not_remembered() -> None:
    house = house_of(tea="alice bob")
    changes = (Change(Setting.VOICE, on=True, value="bob"),)
    set_room(house, ALICE, SetRoom("#tea", changes), NOW)
    assert (role(house, "bob"), house.room("#tea").roles) == (Role.VOICED, {})


@pytest.mark.parametrize(
    ("known", "setting"),
    [(Role.OPERATOR, Setting.OPERATOR), (Role.VOICED, Setting.VOICE)],
)
def test_an_account_is_again_what_it_was_and_those_inside_hear_of_it(
    known: Role, setting: Setting
) -> None:
    house = logged_in(house_of(tea="alice"), "bob")
    house.room("#tea").roles[301] = known
    effects = told(join(house, BOB, Join("#tea"), NOW))
    joined, changed, seat, entered = effects
    assert changed == raised(Change(setting, on=True, value="bob"))
    assert said_in([joined], Joined)
    assert isinstance(seat, Seat)
    assert said_in([entered], Entered)[0].members[1].role is known


def test_alone_one_is_told_of_by_nobody() -> None:
    house = logged_in(house_of(tea="bob"), "bob")
    house.room("#tea").roles[301] = Role.OPERATOR
    leave(house, BOB, Leave("#tea"), NOW)
    assert said_in(join(house, BOB, Join("#tea"), LATER), RoomChanged) == []
    assert role(house, "bob") is Role.OPERATOR


@pytest.mark.parametrize(
    ("roles", "settings", "becomes"),
    [
        pytest.param({}, (), Role.OPERATOR, id="nobody's"),
        pytest.param({7: Role.VOICED}, (), Role.OPERATOR, id="nobody runs it"),
        pytest.param({7: Role.OPERATOR}, (), Role.MEMBER, id="somebody runs it"),
        pytest.param({}, (Setting.KEPT,), Role.MEMBER, id="kept, though nobody's"),
    ],
)
def test_who_finds_a_room_empty_runs_it_only_if_nobody_does(
    roles: dict[int, Role], settings: tuple[Setting, ...], becomes: Role
) -> None:
    house = set_up(house_of(tea="alice"), "#tea", *settings)
    house.room("#tea").roles.update(roles)
    leave(house, ALICE, Leave("#tea"), NOW)
    join(house, BOB, Join("#tea"), LATER)
    assert role(house, "bob") is becomes


def test_who_has_a_voice_and_finds_it_empty_runs_it_for_good() -> None:
    house = logged_in(house_of(tea="alice"), "bob")
    house.room("#tea").roles[301] = Role.VOICED
    leave(house, ALICE, Leave("#tea"), NOW)
    join(house, BOB, Join("#tea"), LATER)
    assert house.room("#tea").roles == {301: Role.OPERATOR}


@pytest.mark.parametrize(
    ("has", "known", "becomes", "changes"),
    [
        (Role.MEMBER, None, None, ""),
        (Role.MEMBER, Role.VOICED, Role.VOICED, "+VOICE"),
        (Role.MEMBER, Role.OPERATOR, Role.OPERATOR, "+OPERATOR"),
        (Role.VOICED, None, Role.VOICED, ""),
        (Role.VOICED, Role.VOICED, Role.VOICED, ""),
        (Role.VOICED, Role.OPERATOR, Role.OPERATOR, "+OPERATOR -VOICE"),
        (Role.OPERATOR, None, Role.OPERATOR, ""),
        (Role.OPERATOR, Role.VOICED, Role.OPERATOR, ""),
        (Role.OPERATOR, Role.OPERATOR, Role.OPERATOR, ""),
    ],
)
def test_who_logs_in_inside_is_the_more_of_what_both_were(
    has: Role, known: Role | None, becomes: Role | None, changes: str
) -> None:
    house = logged_in(house_of(tea="alice bob"), "bob")
    tea, bob = house.room("#tea"), house.user("bob")
    tea.members[bob] = has
    if known:
        tea.roles[301] = known
    effects = recognise(bob, NOW)
    assert role(house, "bob") is (becomes or Role.MEMBER)
    assert tea.roles == ({301: becomes} if becomes else {})
    assert tea.listing()[1].role is role(house, "bob")
    made = tuple(
        Change(Setting[each[1:]], on=each[0] == "+", value="bob")
        for each in changes.split()
    )
    assert told(effects) == ([raised(*made)] if made else [])
    assert kept(effects) == ([remembered(tea)] if known is not becomes else [])


def test_a_guest_is_recognised_as_nobody() -> None:
    house = house_of(tea="alice")
    assert recognise(house.user("alice"), NOW) == []


def test_a_ban_of_the_account_is_felt_once_it_is_known() -> None:
    house = house_of(tea="alice bob")
    tea, bob = house.room("#tea"), house.user("bob")
    changes = (Change(Setting.BAN, on=True, value="m:a:bob"),)
    set_room(house, ALICE, SetRoom("#tea", changes), NOW)
    assert tea.hears(bob)
    logged_in(house, "bob")
    recognise(bob, NOW)
    assert not tea.hears(bob)


def test_who_stays_is_written_down_with_the_rooms_where_he_is() -> None:
    house = logged_in(house_of(tea="alice", coffee="alice"), "bob")
    account = house.user("bob").account
    assert account is not None
    account.is_always_on = True
    (row,) = kept(join(house, BOB, Join("#tea"), NOW), KeptAccount)
    assert row.rooms == (201,)
    (row,) = kept(join(house, BOB, Join("#coffee"), NOW), KeptAccount)
    assert row.rooms == (201, 202)
    (row,) = kept(leave(house, BOB, Leave("#tea"), NOW), KeptAccount)
    assert row.rooms == (202,)


def test_who_does_not_stay_is_not_written_down_for_every_room() -> None:
    house = logged_in(house_of(tea="alice"), "bob")
    assert kept(join(house, BOB, Join("#tea"), NOW), KeptAccount) == []


def test_nobody_runs_the_lobby_by_coming_first() -> None:
    house = logged_in(house_of("alice"), "alice")
    join(house, ALICE, Join("#lobby"), NOW)
    assert (list(house.lobby.members.values()), house.lobby.roles) == (
        [Role.MEMBER],
        {},
    )


def test_who_is_made_something_in_the_lobby_is_that_again() -> None:
    house = logged_in(in_office(house_of(lobby="alice bob"), "alice"), "bob")
    changes = (Change(Setting.OPERATOR, on=True, value="bob"),)
    set_room(house, ALICE, SetRoom("#lobby", changes), NOW)
    leave(house, BOB, Leave("#lobby"), NOW)
    rooms.join(house, BOB, Join("#lobby"), LATER)
    assert house.lobby.members[house.user("bob")] is Role.OPERATOR


def test_what_is_told_of_somebody_who_had_a_voice() -> None:
    assert membership.raised("bob", Role.VOICED, Role.OPERATOR) == (
        Change(Setting.OPERATOR, on=True, value="bob"),
        Change(Setting.VOICE, on=False, value="bob"),
    )


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        pytest.param(Change(Setting.BAN, on=True, value="bob"), Banned, id="banned"),
        pytest.param(Change(Setting.INVITE_ONLY, on=True), InviteOnly, id="closed"),
        pytest.param(Change(Setting.KEY, on=True, value="x"), WrongKey, id="keyed"),
        pytest.param(Change(Setting.LIMIT, on=True, value="1"), RoomFull, id="full"),
    ],
)
def test_what_keeps_somebody_out(setting: Change, reason: type[Banned]) -> None:
    house = logged_in(house_of(tea="alice"), "bob")
    bob, tea = house.user("bob"), house.room("#tea")
    assert membership.obstacle(tea, bob, key="") is None
    set_room(house, ALICE, SetRoom("#tea", (setting,)), NOW)
    assert membership.obstacle(tea, bob, key="") == reason("#tea")
    # Who was asked in has only bans to fear, who was invited not even these.
    is_banned = reason is Banned
    assert (membership.obstacle(tea, bob, key=None) is not None) is is_banned
    assert membership.is_banned(tea, bob) is is_banned
    bob.invitations[tea.id] = None
    assert membership.obstacle(tea, bob, key="") is None
    bob.invitations.clear()
    tea.roles[301] = Role.OPERATOR
    assert membership.obstacle(tea, bob, key="") is None
    assert not membership.is_banned(tea, bob)


def test_keeping_comes_before_telling() -> None:
    house = logged_in(house_of(), "bob")
    kinds = [type(each) for each in join(house, BOB, Join("#tea"), NOW)]
    # The room, the visit, the line.
    assert kinds == [Keep, Keep, Keep, Deliver, Seat, Deliver]


@pytest.mark.parametrize(
    ("roles", "made"),
    [
        ({}, (Change(Setting.KEPT, on=False),)),
        ({300: Role.VOICED}, (Change(Setting.KEPT, on=False),)),
        ({300: Role.OPERATOR}, ()),
    ],
)
def test_a_room_that_no_account_runs_is_kept_no_longer(
    roles: dict[int, Role], made: tuple[Change, ...]
) -> None:
    room = set_up(a_house("alice", tea="alice"), "#tea", Setting.KEPT).room("#tea")
    room.roles.update(roles)
    assert membership.let_lapse(room) == made
    assert (Setting.KEPT in room.settings) is (not made)
    assert membership.let_lapse(room) == ()
