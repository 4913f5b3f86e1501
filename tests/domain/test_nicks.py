"""Nicks: who may go by which, and what follows when somebody goes by another."""

from dataclasses import replace

import pytest

from chat.domain import nicks
from chat.domain.answers import Declined, WatchedAre
from chat.domain.claims import Identified, LogOut, Register
from chat.domain.commands import (
    AskPeople,
    Command,
    Depart,
    Join,
    Rename,
    Say,
    SetAway,
    Setting,
    Watch,
    Whisper,
)
from chat.domain.effects import (
    Deliver,
    Seat,
    ToNeighbours,
    ToRoom,
    ToSession,
    ToUser,
)
from chat.domain.events import Entered, Joined, Renamed
from chat.domain.limits import Limits
from chat.domain.names import Name
from chat.domain.presence import watch
from chat.domain.records import Deed, Line
from chat.domain.refusals import (
    Banned,
    InviteOnly,
    LooksLike,
    NickHeld,
    NickImpossible,
    NickInUse,
    NickReserved,
    Unproven,
)
from chat.domain.roles import Role
from chat.domain.state import Stamp
from chat.domain.views import Member
from tests.domain.people import (
    ALICE,
    BOB,
    NOW,
    STRANGER,
    a_house,
    held,
    in_office,
    kept,
    listed,
    logged_in,
    refused,
    set_up,
    told,
    who,
    with_a_stranger,
    with_an_account,
)


@pytest.mark.parametrize(
    "command",
    [
        Say("#tea", "hi"),
        Whisper("alice", "hi"),
        Join("#tea"),
        SetAway("lunch"),
        LogOut(),
    ],
    ids=lambda command: type(command).__name__,
)
def test_who_is_held_does_nothing_that_is_noticed(command: Command) -> None:
    house = held(a_house("alice bob"), "bob")
    with refused(house, Unproven("bob")):
        nicks.check_may_be_noticed(house, BOB, type(command))


@pytest.mark.parametrize(
    "command",
    [Rename("zoe"), Identified("bob"), Register(""), Depart("bye"), AskPeople("*")],
    ids=lambda command: type(command).__name__,
)
def test_who_is_held_does_what_nobody_notices(command: Command) -> None:
    nicks.check_may_be_noticed(held(a_house("bob"), "bob"), 1, type(command))


@pytest.mark.parametrize("session", [ALICE, STRANGER, 77])
def test_others_do_what_they_like(session: int) -> None:
    house = with_a_stranger(held(a_house("alice bob"), "bob"))
    nicks.check_may_be_noticed(house, session, Say)


def test_a_nick_is_free_that_nobody_goes_by() -> None:
    house = a_house("alice bob")
    nicks.check_is_free(house, Name("Zoe", "zoe"), for_=None)
    nicks.check_is_free(house, Name("ALICE", "alice"), for_=house.user("alice"))


def test_a_nick_is_not_free_that_somebody_goes_by() -> None:
    house = a_house("alice bob")
    with refused(house, NickInUse("bob")):
        nicks.check_is_free(house, Name("BOB", "bob"), for_=house.user("alice"))


def test_a_nick_is_its_owners_who_is_here() -> None:
    house = logged_in(a_house("alice bob"), "bob")
    with refused(house, NickReserved("bob")):
        nicks.check_is_free(house, Name("BOB", "bob"), for_=None)


@pytest.mark.parametrize("nick", ["b0b", "B0B", "b\u03bfb"])
def test_no_guest_looks_like_who_has_an_account(nick: str) -> None:
    house = with_an_account(a_house(), "bob")
    with refused(house, LooksLike(nick, "bob")):
        nicks.for_guest(house, nick, for_=None, stamp=NOW)


def test_an_accounts_nick_is_no_lookalike() -> None:
    house = with_an_account(a_house(), "bob")
    assert nicks.for_guest(house, "BOB", for_=None, stamp=NOW) == Name("BOB", "bob")


def test_nobody_is_his_own_lookalike() -> None:
    house = with_an_account(a_house(), "paypal")
    own = house.accounts["paypal"]
    nicks.check_is_no_lookalike(house, Name("paypa1", "paypa1"), but=own)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        pytest.param("Bob", "guest-Bob", id="a nick"),
        pytest.param("guest-bob", "guest-bob", id="of a guest already"),
        pytest.param("Guest-bob", "Guest-bob", id="in large letters"),
        pytest.param("x" * 16, "guest-" + "x" * 10, id="cut to fit"),
        pytest.param("\u05e9\u05dc\u05d5\u05dd", "guest-1000", id="from right to left"),
    ],
)
def test_where_guests_are_named_it_shows(asked: str, given: str) -> None:
    house = a_house(limits=Limits(guests="named", nick_length=16))
    name = nicks.for_guest(house, asked, for_=None, stamp=NOW)
    assert name == Name(given, given.lower())


def test_a_named_guest_is_one_persons_too() -> None:
    house = a_house("guest-bob", limits=Limits(guests="named"))
    with refused(house, NickInUse("guest-bob")):
        nicks.for_guest(house, "bob", for_=None, stamp=NOW)


def test_an_impossible_nick_is_impossible_for_a_named_guest() -> None:
    house = a_house(limits=Limits(guests="named"))
    with refused(house, NickImpossible("a!b", "it may not hold !")):
        nicks.for_guest(house, "a!b", for_=None, stamp=NOW)


@pytest.mark.parametrize(
    ("limit", "nick"),
    [(32, "guest-1002"), (9, "guest1002"), (5, "g1002"), (4, "1002"), (1, "1002")],
)
def test_the_house_finds_a_nick_for_a_guest(limit: int, nick: str) -> None:
    # As few digits as the limit allows are others' already.
    taken = f"{nick[:-1]}0"
    house = with_an_account(a_house(taken), f"{nick[:-1]}1")
    house.limits = Limits(nick_length=limit)
    assert nicks.free_guest(house, NOW) == Name(nick, nick)


def test_who_is_muted_keeps_the_nick() -> None:
    house = a_house("alice bob", tea="bob alice", coffee="alice")
    listed(house, "#tea", Setting.BAN, "m:alice!*@*")
    with refused(house, NickHeld("alice", "#tea")):
        nicks.check_may_rename(house.user("alice"))


@pytest.mark.parametrize("is_heard", ["in office", "with a voice"])
def test_who_is_heard_all_the_same_may_rename(is_heard: str) -> None:
    house = a_house("alice bob", tea="bob alice")
    listed(house, "#tea", Setting.BAN, "m:alice!*@*")
    if is_heard == "in office":
        in_office(house, "alice")
    else:
        house.room("#tea").members[house.user("alice")] = Role.VOICED
    nicks.check_may_rename(house.user("alice"))


def test_a_new_nick_is_kept_and_told() -> None:
    house = a_house("alice bob", lobby="alice bob")
    watch(house, BOB, Watch(("alice", "zoe")), NOW)
    renamed, zoe = (
        Renamed(1000, 5000, who("alice"), "Zoe"),
        replace(who("alice"), nick="Zoe"),
    )
    effects = nicks.go_by(house, house.user("alice"), Name("Zoe", "zoe"), NOW)
    assert [(line.deed, line.target) for line in kept(effects, Line)] == [
        (Deed.RENAME, "Zoe")
    ]
    assert told(effects) == [
        Deliver(renamed, to=ToUser(101)),
        Deliver(renamed, to=ToNeighbours(101)),
        Deliver(WatchedAre((), ("alice",)), to=ToSession(BOB)),
        Deliver(WatchedAre((zoe,), ()), to=ToSession(BOB)),
    ]
    assert list(house.past) == [("alice", who("alice"), 5000)]


def test_the_same_nick_is_no_news() -> None:
    house = a_house("alice")
    assert nicks.go_by(house, house.user("alice"), Name("alice", "alice"), NOW) == []


def test_other_letters_are_the_same_nick_to_who_watches() -> None:
    house = a_house("alice bob")
    watch(house, BOB, Watch(("alice",)), NOW)
    effects = nicks.go_by(house, house.user("alice"), Name("Alice", "alice"), NOW)
    assert len(told(effects)) == 2
    assert list(house.past) == []


def test_who_was_held_comes_from_nowhere() -> None:
    house = held(a_house("alice bob"), "bob")
    watch(house, ALICE, Watch(("bob", "zoe")), NOW)
    zoe = replace(who("bob"), nick="zoe")
    effects = nicks.go_by(house, house.users["bob"], Name("zoe", "zoe"), NOW)
    # That he went by bob is nobody's business: bob is somebody else.
    assert told(effects)[2:] == [Deliver(WatchedAre((zoe,), ()), to=ToSession(ALICE))]
    assert list(house.past) == []
    assert house.user("zoe").held_until is None


def test_who_is_held_too_long_is_put_off_the_nick() -> None:
    house = held(a_house("alice bob carol", lobby="alice"), "bob", until=5000)
    held(house, "carol", until=5001)
    house.users["bob"].wanted = "#lobby"
    renamed = Renamed(1000, 5000, who("bob"), "guest-1000")
    guest = replace(who("bob"), nick="guest-1000")
    inside = (Member(who("alice"), Role.MEMBER), Member(guest, Role.MEMBER))
    assert told(nicks.release_held(house, NOW)) == [
        Deliver(renamed, to=ToUser(102)),
        Deliver(renamed, to=ToNeighbours(102)),
        Deliver(Joined(1000, 5000, guest, "#lobby"), to=ToRoom(0)),
        Seat(102, 0),
        Deliver(Entered(1000, 5000, guest, "#lobby", None, inside), to=ToUser(102)),
    ]
    assert list(house.users) == ["alice", "carol", "guest-1000"]
    assert house.users["guest-1000"].wanted == ""


def test_of_several_who_are_put_off_one_is_let_in_at_a_time() -> None:
    house = held(a_house("alice bob carol", lobby="alice"), "bob", until=5000)
    held(house, "carol", until=5000)
    for nick in ("bob", "carol"):
        house.users[nick].wanted = "#lobby"
    first = nicks.release_held(house, NOW)
    assert len(kept(first, Line)) == 1
    assert list(house.users) == ["alice", "guest-1000", "guest-1001"]
    second = nicks.release_held(house, Stamp(1002, 6000))
    assert len(kept(second, Line)) == 1
    assert nicks.release_held(house, Stamp(1003, 7000)) == []


def test_who_is_kept_out_of_the_room_he_wanted_is_told() -> None:
    house = set_up(a_house("alice bob", lobby="alice"), "#lobby", Setting.INVITE_ONLY)
    house.user("bob").wanted = "#lobby"
    assert nicks.let_in(house, house.user("bob"), NOW) == [
        Deliver(Declined(InviteOnly("#lobby")), to=ToUser(102))
    ]


def test_who_wanted_nothing_enters_nothing() -> None:
    house = a_house("bob")
    assert nicks.let_in(house, house.user("bob"), NOW) == []


def test_who_is_banned_has_a_name_all_the_same() -> None:
    house = listed(a_house("bob", lobby=""), "#lobby", Setting.BAN, "bob!*@*")
    assert nicks.shown_in(house, house.user("bob"), "#lobby", ToSession(7), NOW) == [
        Deliver(Declined(Banned("#lobby")), to=ToSession(7))
    ]
