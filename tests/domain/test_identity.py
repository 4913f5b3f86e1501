"""Identity: sessions that open and end, and the users they become."""

from dataclasses import replace

import pytest

from chat.domain import snapshot
from chat.domain.answers import (
    Declined,
    HouseIs,
    NickWanted,
    PeopleAre,
    WatchedAre,
)
from chat.domain.commands import (
    AskHouse,
    AskPeople,
    Depart,
    Introduce,
    Open,
    Rename,
    Setting,
    Watch,
)
from chat.domain.effects import (
    Attach,
    Close,
    Deliver,
    Recall,
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
from chat.domain.extracts import ReadDigest, ReadMissed, ReadPrivate, Scope
from chat.domain.holdings import Link
from chat.domain.identity import (
    ask_house,
    ask_people,
    depart,
    introduce,
    open_,
    rename,
)
from chat.domain.limits import Limits
from chat.domain.presence import watch
from chat.domain.refusals import (
    AlreadyIntroduced,
    Banned,
    GuestsStayOut,
    InviteOnly,
    LooksLike,
    NameFixed,
    NickHeld,
    NickImpossible,
    NickInUse,
    NickReserved,
    NotIntroduced,
    Reason,
    RoomNameImpossible,
    WrongToken,
)
from chat.domain.roles import Role
from chat.domain.state import Stamp, State
from chat.domain.views import (
    Member,
    Who,
)
from tests.domain.people import (
    ALICE,
    BOB,
    CAROL,
    NOW,
    STRANGER,
    a_house,
    always_on,
    held,
    in_office,
    invisible,
    listed,
    logged_in,
    refused,
    set_up,
    told,
    who,
    with_a_second_session,
    with_a_stranger,
    with_an_account,
)

ZOE = Who("zoe", "z", "stranger.host", "Zoe Z.")


def test_a_session_opens_without_a_word() -> None:
    house = a_house()
    assert open_(house, 4, Open("a.host"), NOW) == []


def test_an_open_session_is_nobodys_yet() -> None:
    house = a_house()
    open_(house, 4, Open("a.host", "192.0.2.4"), NOW)
    opened = house.sessions[4]
    assert (opened.id, opened.host, opened.address, opened.user) == (
        4,
        "a.host",
        "192.0.2.4",
        None,
    )


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
    assert (zoe.since, zoe.spoke, zoe.away, zoe.marks) == (5000, 5000, "", {})


def test_whoever_names_a_room_is_let_in_at_once() -> None:
    house = with_a_stranger(a_house("alice", lobby="alice"))
    inside = (Member(who("alice"), Role.MEMBER), Member(ZOE, Role.MEMBER))
    command = Introduce("zoe", "z", "Zoe Z.", room="#lobby")
    assert told(introduce(house, STRANGER, command, NOW)) == [
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
    assert told(rename(house, ALICE, Rename("Zoe"), NOW)) == [
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
    assert told(depart(house, ALICE, Depart("bye"), NOW)) == [
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
    ("mask", "nicks"),
    [
        pytest.param("bob", "bob", id="somebody"),
        pytest.param("BOB", "bob", id="in other letters"),
        pytest.param("zoe", "", id="nobody"),
        pytest.param("b*", "bob", id="nicks"),
        pytest.param("~c*", "carol", id="user names"),
        pytest.param("*.HOST", "alice bob carol", id="hosts"),
        pytest.param("*the person", "alice bob carol", id="descriptions"),
        pytest.param("192.0.2.*", "", id="never addresses"),
        pytest.param("*", "alice bob carol", id="everybody"),
        pytest.param("dave", "dave", id="invisible, by nick"),
        pytest.param("dav*", "", id="invisible, by mask"),
    ],
)
def test_who_is_here(mask: str, nicks: str) -> None:
    house = invisible(a_house("alice bob carol dave", tea="dave"), "dave")
    people = tuple(house.user(nick).person() for nick in nicks.split())
    assert ask_people(house, ALICE, AskPeople(mask, "a note"), NOW) == [
        Deliver(PeopleAre(mask, people, "a note"), to=ToSession(ALICE))
    ]


@pytest.mark.parametrize(
    ("nick", "is_found"),
    [
        pytest.param("alice", True, id="by himself"),
        pytest.param("bob", True, id="by a neighbour"),
        pytest.param("carol", False, id="by others"),
        pytest.param("dave", True, id="by who runs the house"),
    ],
)
def test_who_finds_the_invisible(nick: str, is_found: bool) -> None:
    house = a_house("alice bob carol dave", tea="alice bob", coffee="carol dave")
    invisible(in_office(house, "dave"), "alice")
    session = next(iter(house.user(nick).sessions))
    people = (house.user("alice").person(),) if is_found else ()
    assert ask_people(house, session, AskPeople("al*"), NOW) == [
        Deliver(PeopleAre("al*", people), to=ToSession(session))
    ]


def test_a_stranger_is_not_told_who_is_here() -> None:
    house = with_a_stranger(a_house("alice"))
    with refused(house, NotIntroduced()):
        ask_people(house, STRANGER, AskPeople("*"), NOW)


def test_a_stranger_is_told_how_many_are_here() -> None:
    house = with_a_stranger(a_house("alice bob", tea="alice", lobby="bob"))
    house.most_users = 7
    in_office(house, "alice")
    house_is = HouseIs(2, 2, ("bob",), operators=1, most_users=7, unknown=1)
    assert ask_house(house, STRANGER, AskHouse(), NOW) == [
        Deliver(house_is, to=ToSession(STRANGER))
    ]


def test_a_stranger_is_told_of_nobody_invisible_and_of_nothing_secret() -> None:
    house = a_house("alice bob", tea="alice", lobby="bob alice")
    set_up(invisible(with_a_stranger(house), "bob"), "#tea", Setting.SECRET)
    house_is = HouseIs(2, 1, ("alice",), invisible=1, unknown=1)
    assert ask_house(house, STRANGER, AskHouse(), NOW) == [
        Deliver(house_is, to=ToSession(STRANGER))
    ]


def test_a_stranger_is_not_told_who_is_in_a_secret_lobby() -> None:
    house = with_a_stranger(a_house("alice", lobby="alice"))
    set_up(house, "#lobby", Setting.SECRET)
    assert ask_house(house, STRANGER, AskHouse(), NOW) == [
        Deliver(HouseIs(1, 0, (), unknown=1), to=ToSession(STRANGER))
    ]


def test_it_is_remembered_how_many_there_have_been() -> None:
    house = with_a_stranger(a_house("alice"))
    introduce(house, STRANGER, Introduce("zoe", "z", ""), NOW)
    depart(house, STRANGER, Depart("bye"), NOW)
    assert house.most_users == 2


def test_whoever_is_described_at_length_is_cut_short() -> None:
    house = with_a_stranger(a_house(limits=Limits(realname_length=6)))
    introduce(house, STRANGER, Introduce("zoe", "z", "Zoe Zoe"), NOW)
    assert house.user("zoe").who.realname == "Zoe Zo"


@pytest.mark.parametrize(
    ("settings", "bans", "reason"),
    [
        pytest.param((), ("zoe!*@*",), Banned("#lobby"), id="banned"),
        pytest.param((), ("*!*@198.51.100.0/24",), Banned("#lobby"), id="by address"),
        pytest.param((Setting.INVITE_ONLY,), (), InviteOnly("#lobby"), id="closed"),
    ],
)
def test_who_is_kept_out_of_the_lobby_has_a_name_all_the_same(
    settings: tuple[Setting, ...], bans: tuple[str, ...], reason: Reason
) -> None:
    house = with_a_stranger(a_house("alice", lobby="alice"))
    house.sessions[STRANGER].address = "198.51.100.7"
    set_up(listed(house, "#lobby", Setting.BAN, *bans), "#lobby", *settings)
    command = Introduce("zoe", "z", "Zoe Z.", room="#lobby")
    assert introduce(house, STRANGER, command, NOW) == [
        Attach(STRANGER, 1000),
        Deliver(Welcomed(1000, 5000, ZOE, users=2), to=ToSession(STRANGER)),
        Deliver(Declined(reason), to=ToSession(STRANGER)),
    ]
    assert (list(house.user("zoe").rooms), len(house.lobby.members)) == ([], 1)


MUTED = "m:alice!*@*"


@pytest.mark.parametrize(
    ("mask", "role", "may_rename"),
    [
        pytest.param(MUTED, Role.MEMBER, False, id="muted"),
        pytest.param("alice!*@*", Role.MEMBER, False, id="banned"),
        pytest.param("zoe!*@*", Role.MEMBER, True, id="another is banned"),
        pytest.param(MUTED, Role.VOICED, True, id="muted with a voice"),
        pytest.param(MUTED, Role.OPERATOR, True, id="muted and runs the room"),
    ],
)
def test_who_is_not_heard_keeps_the_nick(
    mask: str, role: Role, may_rename: bool
) -> None:
    house = listed(a_house("alice bob", tea="bob alice"), "#tea", Setting.BAN, mask)
    house.room("#tea").members[house.user("alice")] = role
    if may_rename:
        assert len(told(rename(house, ALICE, Rename("Zoe"), NOW))) == 2
        return
    with refused(house, NickHeld("alice", "#tea")):
        rename(house, ALICE, Rename("Zoe"), NOW)
    # The same nick is no way round anything.
    assert rename(house, ALICE, Rename("alice"), NOW) == []


def test_who_runs_the_house_is_held_by_no_ban() -> None:
    house = listed(a_house("alice", lobby="alice"), "#lobby", Setting.BAN, MUTED)
    effects = rename(in_office(house, "alice"), ALICE, Rename("Zoe"), NOW)
    assert len(told(effects)) == 2


def watched(here: tuple[Who, ...], not_here: tuple[str, ...]) -> list[Deliver]:
    """What bob and carol are told, who watch."""
    seen = WatchedAre(here, not_here)
    return [Deliver(seen, to=ToSession(BOB)), Deliver(seen, to=ToSession(CAROL))]


def a_watched_house() -> State:
    """Bob and carol watch alice and zoe; carol began it."""
    house = a_house("alice bob carol")
    for session in (CAROL, BOB):
        watch(house, session, Watch(("alice", "ZOE")), NOW)
    return house


def test_who_watches_is_told_who_comes() -> None:
    house = with_a_stranger(a_watched_house())
    effects = introduce(house, STRANGER, Introduce("zoe", "z", "Zoe Z."), NOW)
    assert effects[2:] == watched((ZOE,), ())


def test_who_watches_is_told_who_has_another_nick() -> None:
    house = a_watched_house()
    zoe = replace(who("alice"), nick="Zoe")
    effects = rename(house, ALICE, Rename("Zoe"), NOW)
    assert effects[2:] == [*watched((), ("alice",)), *watched((zoe,), ())]


def test_who_watches_is_not_told_of_other_letters() -> None:
    house = a_watched_house()
    assert len(rename(house, ALICE, Rename("Alice"), NOW)) == 2
    assert list(house.past) == []


def test_who_watches_is_told_who_goes() -> None:
    house = a_watched_house()
    departed = Departed(1000, 5000, who("alice"), "bye")
    assert depart(house, ALICE, Depart("bye"), NOW) == [
        Deliver(departed, to=ToNeighbours(101)),
        *watched((), ("alice",)),
        Close(ALICE, "bye"),
    ]


def test_who_goes_is_told_nothing_more() -> None:
    house = a_house("alice")
    watch(house, ALICE, Watch(("alice", "zoe")), NOW)
    effects = depart(house, ALICE, Depart("bye"), NOW)
    assert [type(effect) for effect in effects] == [Deliver, Close]
    assert house.watchers == {}


def test_a_stranger_who_goes_leaves_no_past() -> None:
    house = with_a_stranger(a_house())
    depart(house, STRANGER, Depart("bye"), NOW)
    assert list(house.past) == []


def test_who_went_by_a_nick_is_remembered() -> None:
    house = a_house("alice")
    rename(house, ALICE, Rename("Zoe"), NOW)
    depart(house, ALICE, Depart("bye"), Stamp(1001, 6000))
    zoe = replace(who("alice"), nick="Zoe")
    assert list(house.past) == [("alice", who("alice"), 5000), ("zoe", zoe, 6000)]


def test_a_reason_is_cut_short() -> None:
    house = a_house("alice", limits=Limits(reason_length=6))
    assert depart(house, ALICE, Depart("abcdeé"), NOW) == [
        Deliver(Departed(1000, 5000, who("alice"), "abcde"), to=ToNeighbours(101)),
        Close(ALICE, "abcde"),
    ]


# Accounts.


def in_accounts_name(nick: str) -> Who:
    """Whoever comes in from the stranger's session under an account's name."""
    return Who(nick, "z", "stranger.host", "Zoe Z.", nick)


def test_who_is_logged_in_comes_in_under_the_accounts_name() -> None:
    house = with_a_stranger(with_an_account(a_house("alice"), "Zoe"))
    house.sessions[STRANGER].account = house.accounts["zoe"]
    zoe = in_accounts_name("Zoe")
    effects = introduce(house, STRANGER, Introduce("whoever", "z", "Zoe Z."), NOW)
    assert effects == [
        Attach(STRANGER, 1000),
        Deliver(Welcomed(1000, 5000, zoe, users=2), to=ToSession(STRANGER)),
        Recall(STRANGER, ReadDigest((), 300, "Zoe"), 1000),
        Recall(STRANGER, ReadPrivate(300), 1000),
    ]
    assert house.user("zoe").account is house.accounts["zoe"]


def test_who_is_here_already_is_told_where() -> None:
    house = a_house("alice", tea="alice", lobby="alice")
    with_a_stranger(logged_in(house, "alice"))
    house.sessions[STRANGER].account = house.accounts["alice"]
    alice = replace(who("alice"), account="alice")
    tea = Entered(1000, 5000, alice, "#tea", None, (Member(alice, Role.OPERATOR),))
    lobby = Entered(1000, 5000, alice, "#lobby", None, (Member(alice, Role.MEMBER),))
    command = Introduce("whoever", "z", "Zoe Z.", room="#TEA")
    scopes = (Scope("#tea", 201, is_new=True), Scope("#lobby", 0, is_new=True))
    missed = [ReadMissed(replace(scope, is_new=False)) for scope in scopes]
    assert introduce(house, STRANGER, command, NOW) == [
        Attach(STRANGER, 101),
        Deliver(Welcomed(1000, 5000, alice, users=1), to=ToSession(STRANGER)),
        Recall(STRANGER, ReadDigest(scopes, 301, "alice"), 1000),
        Recall(STRANGER, ReadPrivate(301), 1000),
        # The one asked for comes last, because there one is then.
        Deliver(lobby, to=ToSession(STRANGER)),
        Recall(STRANGER, missed[1], 1000),
        Deliver(tea, to=ToSession(STRANGER)),
        Recall(STRANGER, missed[0], 1000),
    ]
    assert list(house.user("alice").sessions) == [ALICE, STRANGER]


def test_a_guest_who_came_between_is_put_off_the_nick() -> None:
    house = with_a_stranger(held(a_house("bob"), "bob"))
    house.sessions[STRANGER].account = house.accounts["bob"]
    introduce(house, STRANGER, Introduce("bob", "z", "Zoe Z."), NOW)
    assert house.users["guest-1000"].sessions == {1: None}
    assert house.users["bob"].who == in_accounts_name("bob")


def test_a_guest_on_an_accounts_nick_is_held() -> None:
    limits = Limits(held_nick=30_000)
    house = with_a_stranger(with_an_account(a_house("alice", limits), "zoe"))
    watch(house, ALICE, Watch(("zoe",)), NOW)
    command = Introduce("zoe", "z", "Zoe Z.", room="#lobby")
    assert introduce(house, STRANGER, command, NOW) == [
        Attach(STRANGER, 1000),
        Deliver(Welcomed(1000, 5000, ZOE, users=2), to=ToSession(STRANGER)),
        Deliver(NickWanted("zoe", 30), to=ToSession(STRANGER)),
    ]
    zoe = house.users["zoe"]
    assert (zoe.held_until, zoe.wanted, zoe.rooms) == (35_000, "#lobby", {})


def test_an_owner_who_is_here_cannot_be_taken_for_another() -> None:
    house = with_a_stranger(logged_in(a_house("alice"), "alice"))
    with refused(house, NickReserved("alice")):
        introduce(house, STRANGER, Introduce("ALICE", "z", ""), NOW)


def test_a_guest_does_not_look_like_who_has_an_account() -> None:
    house = with_a_stranger(with_an_account(a_house(), "bob"))
    with refused(house, LooksLike("b0b", "bob")):
        introduce(house, STRANGER, Introduce("b0b", "z", ""), NOW)


def test_where_guests_are_named_it_shows() -> None:
    house = with_a_stranger(a_house(limits=Limits(guests="named")))
    introduce(house, STRANGER, Introduce("Zoe", "z", ""), NOW)
    assert house.user("guest-zoe").who.nick == "guest-Zoe"


@pytest.mark.parametrize("is_invited", [False, True])
def test_where_no_guests_are_only_the_invited_come_in(is_invited: bool) -> None:
    house = with_a_stranger(a_house("alice", Limits(guests="none"), tea="alice"))
    if not is_invited:
        with refused(house, GuestsStayOut()):
            introduce(house, STRANGER, Introduce("zoe", "z", ""), NOW)
        return
    link = Link(7, 201, "digest", "alice", 9000, -1)
    house.add(link)
    house.sessions[STRANGER].link = link
    introduce(house, STRANGER, Introduce("zoe", "z", ""), NOW)
    assert list(house.user("zoe").rooms) == ["#tea"]


def with_a_link(house: State, session: int, uses: int = 1) -> Link:
    """A link into the lobby that holds until 9000, and *session* has shown."""
    link = Link(7, 0, "digest", "alice", 9000, uses)
    house.add(link)
    house.sessions[session].link = link
    return link


def test_where_no_guests_are_a_link_that_has_run_out_lets_nobody_in() -> None:
    house = with_a_stranger(a_house(limits=Limits(guests="none")))
    with_a_link(house, STRANGER)
    with refused(house, GuestsStayOut()):
        introduce(house, STRANGER, Introduce("zoe", "z", ""), Stamp(1000, 9000))


INVITED = Introduce("zoe", "z", "", is_invited=True)


@pytest.mark.parametrize("end", ["none was shown", "run out", "gone", "another's"])
def test_who_was_asked_for_no_password_needs_a_link_that_holds(end: str) -> None:
    house = with_a_stranger(a_house("alice"))
    link, stamp = with_a_link(house, STRANGER), NOW
    match end:
        case "none was shown":
            house.sessions[STRANGER].link = None
        case "run out":
            stamp = Stamp(1000, 9000)
        case "gone":
            house.links.clear()
        case _:
            house.sessions[ALICE].link = link
            house.sessions[STRANGER].link = None
    with refused(house, WrongToken()):
        introduce(house, STRANGER, INVITED, stamp)


def test_so_does_who_is_logged_in() -> None:
    house = with_an_account(with_a_stranger(a_house()), "zoe")
    house.sessions[STRANGER].account = house.accounts["zoe"]
    with refused(house, WrongToken()):
        introduce(house, STRANGER, INVITED, NOW)


def test_a_link_that_holds_is_counted_as_somebody_comes_in() -> None:
    house = with_a_stranger(a_house("alice"))
    with_a_link(house, STRANGER)
    introduce(house, STRANGER, INVITED, NOW)
    assert (house.links, list(house.user("zoe").rooms)) == ({}, ["#lobby"])


def test_so_it_is_for_who_holds_an_accounts_nick_and_he_enters_later() -> None:
    house = with_an_account(with_a_stranger(a_house("alice")), "zoe")
    with_a_link(house, STRANGER)
    introduce(house, STRANGER, INVITED, NOW)
    assert (house.links, house.users["zoe"].rooms) == ({}, {})
    rename(house, STRANGER, Rename("zak"), NOW)
    assert list(house.user("zak").rooms) == ["#lobby"]


def test_a_guest_does_not_take_an_accounts_nick_later() -> None:
    house = with_an_account(a_house("alice"), "zoe")
    with refused(house, NickReserved("Zoe")):
        rename(house, ALICE, Rename("Zoe"), NOW)


def test_who_is_held_does_not_become_the_owner_in_other_letters() -> None:
    house = held(a_house("bob"), "bob")
    with refused(house, NickReserved("Bob")):
        rename(house, 1, Rename("Bob"), NOW)
    assert rename(house, 1, Rename("bob"), NOW) == []


def test_who_is_held_is_free_under_another_nick() -> None:
    house = held(a_house("bob"), "bob")
    house.users["bob"].wanted = "#lobby"
    rename(house, 1, Rename("zoe"), NOW)
    assert list(house.user("zoe").rooms) == ["#lobby"]


@pytest.mark.parametrize(
    ("nick", "reason"),
    [
        ("zoe", NameFixed("paypal")),
        ("guest-7", NameFixed("paypal")),
        ("a!b", NickImpossible("a!b", "it may not hold !")),
    ],
)
def test_who_is_logged_in_keeps_the_name(nick: str, reason: Reason) -> None:
    house = logged_in(a_house("paypal"), "paypal")
    with refused(house, reason):
        rename(house, 1, Rename(nick), NOW)


def test_who_is_logged_in_may_write_it_otherwise() -> None:
    house = logged_in(a_house("paypal"), "paypal")
    rename(house, 1, Rename("PayPal"), NOW)
    assert house.user("paypal").who.nick == "PayPal"


def test_no_account_is_written_so_that_it_looks_like_another() -> None:
    house = with_an_account(logged_in(a_house("paypai"), "paypai"), "paypal")
    with refused(house, LooksLike("paypaI", "paypal")):
        rename(house, 1, Rename("paypaI"), NOW)


def test_who_is_always_on_does_not_depart_with_the_last_session() -> None:
    house = always_on(logged_in(a_house("alice"), "alice"), "alice")
    depart(house, ALICE, Depart("bye"), NOW)
    assert (house.sessions, list(house.users)) == ({}, ["alice"])


@pytest.mark.parametrize("asker", [ALICE, BOB])
def test_who_is_held_is_found_by_nobody_but_himself(asker: int) -> None:
    house = held(a_house("alice bob"), "bob")
    for mask in ("bob", "bo*"):
        (answer,) = ask_people(house, asker, AskPeople(mask), NOW)
        people = (house.users["bob"].person(),) if asker == BOB else ()
        assert answer == Deliver(PeopleAre(mask, people), to=ToSession(asker))


@pytest.mark.parametrize(
    ("limits", "is_here"),
    [
        (Limits(), True),
        (Limits(), False),
        (Limits(guests="named"), False),
        (Limits(guests="none"), False),
    ],
)
def test_who_can_be_asked_for_the_password_is_not_held(
    limits: Limits, is_here: bool
) -> None:
    state = logged_in(a_house("alice", limits), "alice")
    if not is_here:
        depart(state, ALICE, Depart("Quit"), NOW)
    open_(state, STRANGER, Open("h"), NOW)
    owner = Introduce("Alice", "plain", "Alice", may_be_held=False)
    with refused(state, NickReserved("Alice")):
        introduce(state, STRANGER, owner, NOW)
