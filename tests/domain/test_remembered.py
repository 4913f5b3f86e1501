"""What is remembered: rooms, accounts and links as records, and back."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain import remembered
from chat.domain.commands import Change, Join, SetRoom, Setting
from chat.domain.effects import Effect, Keep, Seat
from chat.domain.holdings import Link, Visit
from chat.domain.hub import Hub
from chat.domain.limits import Limits
from chat.domain.moderation import set_room
from chat.domain.names import Name
from chat.domain.records import (
    ForgottenAccount,
    ForgottenLink,
    Kept,
    KeptAccount,
    KeptLink,
    KeptRead,
    KeptRoom,
    KeptVisit,
)
from chat.domain.refusals import WrongKey
from chat.domain.roles import Role
from chat.domain.rooms import join
from chat.domain.state import Account, Stamp, State, fresh
from chat.domain.views import Member, Topic, Who
from tests.domain.babble import Line, Scene, a_babble
from tests.domain.people import ALICE, NOW, a_house, listed, logged_in, refused, set_up

LATER = Stamp(3000, 9000)
ALICES = KeptAccount(301, "Alice", "alice", 3000, "a credential", seen=3500)


def a_tearoom() -> State:
    """A house with a room of which there is much to remember."""
    house = logged_in(a_house("alice bob", tea="alice bob"), "alice")
    set_up(house, "#tea", Setting.KEPT, Setting.OFF_RECORD)
    listed(house, "#tea", Setting.BAN, "m:Carol!*@*", "a:dave")
    listed(house, "#tea", Setting.WELCOME, "*!*@10.0.0.0/8")
    tea = house.room("#tea")
    tea.topic, tea.limit = Topic("Earl Grey", "alice", 4500), 7
    tea.roles.update({301: Role.OPERATOR, 77: Role.VOICED})
    return house


def through_json(kept: KeptRoom) -> KeptRoom:
    return replace(kept, state=json.loads(json.dumps(kept.state)))


def loaded(*records: KeptRoom | KeptAccount | KeptLink) -> tuple[State, list[Effect]]:
    """A house that begins with *records*, and what it does about them."""
    kept = Kept(
        0,
        tuple(each for each in records if isinstance(each, KeptRoom)),
        tuple(each for each in records if isinstance(each, KeptAccount)),
        tuple(each for each in records if isinstance(each, KeptLink)),
    )
    state = fresh(Limits())
    return state, remembered.load(state, kept, LATER)


def test_a_room_is_as_it_was_but_for_those_inside() -> None:
    tea = a_tearoom().room("#tea")
    kept = through_json(remembered.room(tea))
    again = loaded(kept)[0].room("#tea")
    assert (again.id, again.name, again.since) == (201, "#tea", 4000)
    assert (again.topic, again.limit, again.roles) == (tea.topic, 7, tea.roles)
    assert (again.settings, again.masks) == (tea.settings, tea.masks)
    assert (again.members, again.empty_since) == ({}, 9000)
    assert remembered.room(again) == kept


def test_a_record_does_not_change_with_the_room() -> None:
    house = a_tearoom()
    kept = remembered.room(house.room("#tea"))
    before = json.dumps(asdict(kept))
    house.room("#tea").settings.clear()
    house.room("#tea").roles.clear()
    loaded(kept)[0].room("#tea").settings.clear()
    assert json.dumps(asdict(kept)) == before


def test_the_word_that_opens_a_room_is_not_written_down() -> None:
    house = a_tearoom()
    house.room("#tea").key = "sesame"
    assert "sesame" not in json.dumps(asdict(remembered.room(house.room("#tea"))))


def a_keyed_room() -> State:
    """A house with bob in it, and a room that was keyed before the restart."""
    house = a_tearoom()
    house.room("#tea").key = "sesame"
    kept = remembered.room(house.room("#tea"))
    again = a_house("bob alice")
    remembered.load(again, Kept(0, (kept,)), LATER)
    return again


@pytest.mark.parametrize("key", ["", "wrong"])
def test_who_does_not_know_the_word_stays_out_after_a_restart(key: str) -> None:
    house = a_keyed_room()
    with refused(house, WrongKey("#tea")):
        join(house, 1, Join("#tea", key), NOW)


def test_who_knows_the_word_reminds_the_house_of_it() -> None:
    house = a_keyed_room()
    tea = house.room("#tea")
    before = remembered.room(tea)
    assert (tea.key, tea.is_keyed) == ("", True)
    join(house, 1, Join("#tea", "sesame"), NOW)
    assert (tea.key, tea.key_check, remembered.room(tea)) == ("sesame", "", before)
    with refused(house, WrongKey("#tea")):
        join(house, 2, Join("#tea", "wrong"), NOW)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (Change(Setting.KEY, on=False, value="*"), ""),
        (Change(Setting.KEY, on=True, value="milk"), "milk"),
    ],
)
def test_a_word_of_before_can_be_changed_without_knowing_it(
    change: Change, key: str
) -> None:
    house = logged_in(a_keyed_room(), "bob")
    tea = house.room("#tea")
    tea.roles[301] = Role.OPERATOR
    join(house, 1, Join("#tea"), NOW)
    set_room(house, 1, SetRoom("#tea", (change,)), NOW)
    assert (tea.key, tea.key_check) == (key, "")
    assert tea.opens(key)


def test_one_word_is_checked_otherwise_in_each_room() -> None:
    house = a_house("alice", tea="alice", coffee="alice")
    tea, coffee = house.room("#tea"), house.room("#coffee")
    assert tea.check_of("sesame") != coffee.check_of("sesame")


def test_a_room_that_is_sealed_is_no_more() -> None:
    kept = replace(remembered.room(a_tearoom().room("#tea")), is_sealed=True)
    assert list(loaded(kept)[0].rooms) == ["#lobby"]


def test_the_lobby_is_as_it_was_under_the_name_that_it_has_now() -> None:
    house = set_up(a_house("alice"), "#lobby", Setting.MODERATED)
    house.lobby.topic = Topic("Welcome", "alice", 4500)
    house.lobby.since = 4000
    kept = replace(remembered.room(house.lobby), name="#Foyer", fold="#foyer")
    state, effects = loaded(kept)
    assert state.rooms == {"#lobby": state.lobby}
    assert (state.lobby.topic, state.lobby.since) == (house.lobby.topic, 4000)
    assert Setting.MODERATED in state.lobby.settings
    assert state.lobby.empty_since is None
    assert effects == [Keep(remembered.room(state.lobby))]


def test_a_lobby_that_is_known_is_not_written_again() -> None:
    assert loaded(remembered.room(fresh(Limits()).lobby))[1] == []


def test_a_room_whose_name_is_the_lobbys_now_is_sealed() -> None:
    kept = remembered.room(a_tearoom().room("#tea"))
    state = fresh(Limits(), lobby="#Tea")
    effects = remembered.load(state, Kept(0, (kept,)), LATER)
    assert state.rooms == {"#tea": state.lobby}
    assert Keep(replace(kept, is_sealed=True)) in effects


def test_an_account_is_as_it_was() -> None:
    kept = replace(ALICES, is_suspended=True, code="a code")
    state = loaded(kept)[0]
    account = state.accounts["alice"]
    assert (account.name, account.credential, account.code) == (
        *("Alice", "a credential", "a code"),
    )
    assert account.is_suspended
    assert (state.users, remembered.account(account, None)) == ({}, kept)


def test_what_looks_like_an_account_is_known_again() -> None:
    state = loaded(ALICES)[0]
    house = fresh(Limits())
    house.know(Account(301, "Alice", "alice", 3000, ""))
    assert list(state.lookalikes) == list(house.lookalikes) != []
    assert Name("Alice", "alice").fold in state.accounts


def test_who_stays_sits_in_his_rooms_again_and_is_away() -> None:
    tea = remembered.room(a_tearoom().room("#tea"))
    kept = replace(ALICES, is_always_on=True, rooms=(201, 0, 999))
    state, effects = loaded(tea, kept)
    alice = state.users["alice"]
    assert alice.who == Who("Alice", "alice", "not.connected", "Alice", "Alice")
    assert (alice.sessions, alice.away, alice.since) == ({}, "not connected", 9000)
    assert state.room("#tea").listing() == (
        Member(alice.who, Role.OPERATOR, is_away=True),
    )
    assert state.lobby.listing()[0].role is Role.MEMBER
    assert list(alice.rooms) == ["#tea", "#lobby"]
    assert state.room("#tea").empty_since is None
    assert effects[-2:] == [Seat(301, 201), Seat(301, 0)]
    # A room that is no more is none of his.
    account = state.accounts["alice"]
    assert remembered.account(account, alice) == replace(kept, rooms=(201, 0))


def test_who_is_suspended_does_not_stay() -> None:
    tea = remembered.room(a_tearoom().room("#tea"))
    kept = replace(ALICES, is_always_on=True, is_suspended=True, rooms=(201,))
    state, effects = loaded(tea, kept)
    assert (state.users, state.room("#tea").members) == ({}, {})
    assert Seat not in map(type, effects)


def test_a_room_waits_for_who_was_inside_unless_it_is_kept_or_he_stays() -> None:
    house = a_tearoom()
    tea = remembered.room(house.room("#tea"))
    del house.room("#tea").settings[Setting.KEPT]
    ends = remembered.room(house.room("#tea"))
    stays = replace(ALICES, is_always_on=True, rooms=(201,))
    waiting = [loaded(*records)[0].empty for records in ((tea,), (ends, stays))]
    assert waiting == [{}, {}]
    assert list(loaded(ends)[0].empty) == [201]


def test_who_does_not_stay_has_no_rooms_to_remember() -> None:
    house = logged_in(a_house("alice", tea="alice"), "alice")
    alice = house.user("alice")
    assert alice.account is not None
    assert remembered.account(alice.account, alice).rooms == ()


def test_a_link_is_as_it_was() -> None:
    kept = KeptLink(1000, 201, "a digest", "alice", 9999, 3)
    state = loaded(kept)[0]
    link = state.links["a digest"]
    assert link == state.links["a digest"]
    assert isinstance(link, Link)
    assert remembered.link(link) == kept


def test_a_hub_begins_with_what_another_one_kept() -> None:
    hub = Hub(Limits())
    kept = Kept(0, (remembered.room(a_tearoom().room("#tea")),), (ALICES,))
    hub.load(kept, LATER)
    account = hub.account("ALICE")
    assert account is not None
    assert (account.credential, hub.account("bob")) == ("a credential", None)
    assert [room["name"] for room in hub.snapshot()["rooms"]] == ["#lobby", "#tea"]


class Shelf:
    """What a store would hold after all that was to be kept."""

    def __init__(self) -> None:
        self.rooms: dict[int, KeptRoom] = {}
        self.accounts: dict[int, KeptAccount] = {}
        self.links: dict[int, KeptLink] = {}

    def put(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Keep):
                self._put(effect)

    def _put(self, keep: Keep) -> None:
        match keep.record:
            case KeptRoom() as room if room.is_sealed:
                del self.rooms[room.id]
            case KeptRoom() as room:
                self.rooms[room.id] = through_json(room)
            case KeptAccount() as account:
                self.accounts[account.id] = account
            case ForgottenAccount():
                del self.accounts[keep.record.id]
            case KeptLink() as link:
                self.links[link.id] = link
            case ForgottenLink():
                del self.links[keep.record.id]
            case _:
                pass

    def all(self) -> Kept:
        return in_order(
            self.rooms.values(), self.accounts.values(), self.links.values()
        )


def in_order(
    rooms: Iterable[KeptRoom],
    accounts: Iterable[KeptAccount],
    links: Iterable[KeptLink],
) -> Kept:
    return Kept(
        0,
        tuple(sorted(rooms, key=lambda each: each.id)),
        tuple(sorted(accounts, key=lambda each: each.id)),
        tuple(sorted(links, key=lambda each: each.id)),
    )


def what_is_to_be_remembered(state: State) -> Kept:
    rooms = [remembered.room(room) for room in state.rooms.values()]
    accounts = [
        remembered.account(account, state.users.get(account.fold))
        for account in state.accounts.values()
    ]
    links = [remembered.link(link) for link in state.links.values()]
    return in_order(rooms, accounts, links)


@st.composite
def babbles(draw: st.DrawFn) -> list[Line]:
    return a_babble(draw(st.randoms()), draw(st.integers(0, 100)))


@settings(deadline=None)
@given(babbles(), st.sampled_from([0, 200, 10**9]))
def test_what_was_kept_makes_the_same_house_again(
    lines: list[Line], empty_room: int
) -> None:
    limits = Limits(empty_room=empty_room)
    scene, shelf = Scene(Hub(limits)), Shelf()
    shelf.put(scene.hub.load(Kept(), Stamp(0, 0)))
    for session, command in lines:
        shelf.put(scene.effects(session, command))
    known = what_is_to_be_remembered(scene.hub._state)
    assert shelf.all() == known
    again = Hub(limits)
    assert again.load(shelf.all(), LATER) == [
        Seat(account.id, room) for account in known.accounts for room in account.rooms
    ]
    assert what_is_to_be_remembered(again._state) == known


def test_that_is_not_said_of_nothing() -> None:
    scene, shelf = Scene(Hub(Limits())), Shelf()
    shelf.put(scene.hub.load(Kept(), Stamp(0, 0)))
    seen = Kept()
    for session, command in a_babble(Random(2428), 2000):  # noqa: S311 - repeatable
        shelf.put(scene.effects(session, command))
        kept = shelf.all()
        seen = Kept(
            0,
            max(seen.rooms, kept.rooms, key=len),
            max(seen.accounts, kept.accounts, key=len),
            max(seen.links, kept.links, key=len),
        )
    assert min(len(seen.rooms), len(seen.accounts), len(seen.links)) >= 2


def test_who_is_alone_is_remembered_with_his_role() -> None:
    house = logged_in(a_house("alice"), "alice")
    join(house, ALICE, Join("#milk"), NOW)
    kept = remembered.room(house.room("#milk"))
    assert kept.state["roles"] == [[301, "operator"]]


# Visits, and how far somebody has read.

VISIT = KeptVisit(800, 301, 201, since=500, left=600, back=700, read=4000)


def with_visits(
    *visits: KeptVisit, reads: tuple[KeptRead, ...] = (), is_always_on: bool = False
) -> tuple[State, list[Effect]]:
    """A house with #tea and an account, which stays there if it *is always on*."""
    house = a_tearoom()
    account = replace(ALICES, is_always_on=is_always_on, rooms=(201,))
    rooms = (remembered.room(house.room("#tea")),)
    state = fresh(Limits())
    kept = Kept(0, rooms, (account,), visits=visits, reads=reads)
    effects = remembered.load(state, kept, LATER)
    return state, [each for each in effects if not is_room(each)]


def is_room(effect: Effect) -> bool:
    return isinstance(effect, Keep) and isinstance(effect.record, KeptRoom)


def test_whoever_was_inside_when_the_house_ended_has_left_by_then() -> None:
    state, effects = with_visits(VISIT)
    left = Visit("#tea", 500, 3000, 0, 4000)
    assert state.accounts["alice"].visits == {201: left}
    assert effects == [Keep(KeptVisit(3000, 301, 201, 500, 3000, 0, 4000))]


def test_who_stays_there_has_not() -> None:
    state, effects = with_visits(VISIT, is_always_on=True)
    assert state.accounts["alice"].visits == {201: Visit("#tea", 500, 600, 700, 4000)}
    assert effects == [Seat(301, 201)]


def test_who_had_left_before_left_then() -> None:
    state, effects = with_visits(replace(VISIT, since=0, back=0))
    assert state.accounts["alice"].visits == {201: Visit("#tea", 0, 600, 0, 4000)}
    assert effects == []


def test_what_is_known_of_nobody_or_of_no_room_is_forgotten() -> None:
    state, effects = with_visits(replace(VISIT, account=99), replace(VISIT, room=99))
    assert state.accounts["alice"].visits == {}
    assert effects == [
        Keep(KeptVisit(3000, 99, 201, 0)),
        Keep(KeptVisit(3000, 301, 99, 0)),
    ]


def test_how_far_somebody_has_read_is_known_again() -> None:
    reads = (KeptRead(810, 301, "alice", 3900), KeptRead(820, 99, "alice", 3900))
    state, effects = with_visits(reads=(*reads, KeptRead(830, 301, "guest", 3900)))
    assert state.accounts["alice"].read == {"alice": 3900}
    forgotten = [KeptRead(3000, 99, "alice", 0), KeptRead(3000, 301, "guest", 0)]
    assert effects == [Keep(each) for each in forgotten]


def test_of_what_is_known_there_is_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 1)
    lobby = replace(VISIT, id=700, room=0, since=0, back=0)
    state, effects = with_visits(VISIT, lobby, is_always_on=True)
    assert list(state.accounts["alice"].visits) == [201]
    assert effects == [Seat(301, 201), Keep(KeptVisit(3000, 301, 0, 0))]


def test_of_whom_one_has_read_there_is_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 1)
    state = with_visits()[0]
    account, known = state.accounts["alice"], {"alice": 3, "nobody": 4, "bob": 5}
    kept = remembered.forget_oldest_reads(state, account, known, Stamp(3000, 4000))
    assert known == {"bob": 5}
    assert kept == [Keep(KeptRead(3000, 301, "alice", 0))]


def test_the_oldest_visit_is_the_first_to_be_forgotten() -> None:
    lobby = replace(VISIT, id=700, room=0, since=0, back=0)
    state, _ = with_visits(VISIT, lobby)
    assert list(state.accounts["alice"].visits) == [0, 201]


def test_nothing_of_a_guest_is_written_down() -> None:
    assert remembered.visit(None, 201, Visit("#tea", 500), NOW) == []


def test_a_room_remembers_since_when_it_is_open() -> None:
    house = a_tearoom()
    house.room("#tea").opened = 700
    kept = remembered.room(house.room("#tea"))
    assert loaded(through_json(kept))[0].room("#tea").opened == 700


def test_a_room_from_before_there_was_such_a_thing_was_always_open() -> None:
    kept = remembered.room(a_tearoom().room("#tea"))
    del kept.state["opened"]
    assert loaded(kept)[0].room("#tea").opened == 0
