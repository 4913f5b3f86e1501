"""State: who is here and where."""

import pytest

from chat.domain.commands import Mark, Setting
from chat.domain.holdings import Link
from chat.domain.limits import Limits
from chat.domain.refusals import (
    NoSuchAccount,
    NoSuchNick,
    NoSuchRoom,
    NotIntroduced,
    Refused,
    RoomNameImpossible,
)
from chat.domain.roles import Role
from chat.domain.state import PAST, Account, Room, User, fresh, is_known_to
from chat.domain.views import Member, Person
from tests.domain.people import (
    ALICE,
    STRANGER,
    a_house,
    held,
    in_office,
    listed,
    refused,
    set_up,
    who,
    with_a_stranger,
    with_an_account,
)


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
    assert list(fresh(Limits()).lobby.settings) == [Setting.NO_OUTSIDERS]


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
    assert tea.listing()[0] is listing[0]
    tea.has_changed()
    assert tea.listing() == listing
    assert tea.listing()[0] is not listing[0]


def test_who_comes_and_goes_leaves_the_others_as_they_are() -> None:
    house = a_house("alice bob carol", tea="alice bob")
    tea, carol = house.room("#tea"), house.user("carol")
    alice, bob = tea.listing()
    tea.members[carol] = Role.MEMBER
    tea.has_changed(carol)
    first, second, third = tea.listing()
    assert first is alice
    assert second is bob
    assert third.who.nick == "carol"
    del tea.members[house.user("bob")]
    tea.has_changed(house.user("bob"))
    assert tea.listing() == (alice, third)


def test_a_member_is_listed_with_what_is_true_of_him() -> None:
    house = in_office(a_house("alice", tea="alice"), "alice")
    house.user("alice").away = "lunch"
    marks = (Mark.OPERATOR,)
    assert house.room("#tea").listing() == (
        Member(who("alice"), Role.OPERATOR, is_away=True, marks=marks),
    )
    assert house.user("alice").person() == Person(who("alice"), True, marks)


def test_who_changes_is_listed_otherwise_in_all_his_rooms() -> None:
    house = a_house("alice", tea="alice", coffee="alice")
    rooms = [house.room("#tea"), house.room("#coffee")]
    before = [room.listing() for room in rooms]
    house.user("alice").away = "lunch"
    assert [room.listing() for room in rooms] == before
    house.user("alice").has_changed()
    assert [room.listing()[0].is_away for room in rooms] == [True, True]


@pytest.mark.parametrize(
    ("settings", "nick", "is_known"),
    [
        pytest.param((), "carol", True, id="open, outsider"),
        pytest.param((Setting.SECRET,), "alice", True, id="secret, operator"),
        pytest.param((Setting.SECRET,), "bob", True, id="secret, member"),
        pytest.param((Setting.SECRET,), "carol", False, id="secret, outsider"),
        pytest.param((Setting.SECRET,), "dave", True, id="secret, runs the house"),
    ],
)
def test_who_may_know_of_a_room(
    settings: tuple[Setting, ...], nick: str, is_known: bool
) -> None:
    house = set_up(a_house("alice bob carol dave", tea="alice bob"), "#tea", *settings)
    user = in_office(house, "dave").user(nick)
    assert is_known_to(house.room("#tea"), user) is is_known
    if is_known:
        assert house.visible_room("#TEA", user) is house.room("#tea")
        return
    # Not "#tea", the room's own spelling: that would tell that it exists.
    with refused(house, NoSuchRoom("#TEA")):
        house.visible_room("#TEA", user)


@pytest.mark.parametrize(
    ("bans", "exempt", "keeps_out", "silences"),
    [
        pytest.param((), (), False, False, id="nothing"),
        pytest.param(("bob!*@*",), (), True, True, id="banned"),
        pytest.param(("m:bob!*@*",), (), False, True, id="muted"),
        pytest.param(("m:zoe!*@*", "zoe!*@*"), (), False, False, id="others"),
        pytest.param(("*!*@192.0.2.2",), (), True, True, id="by address"),
        pytest.param(("m:*!*@*", "bob!*@*"), (), True, True, id="muted and banned"),
        pytest.param(("bob!*@*",), ("*!~bob@*",), False, False, id="exempt"),
        pytest.param(("m:bob!*@*",), ("b*!*@*",), False, False, id="not muted"),
        pytest.param(("bob!*@*",), ("zoe!*@*",), True, True, id="others exempt"),
    ],
)
def test_whom_a_room_keeps_out_and_whom_it_does_not_hear(
    bans: tuple[str, ...], exempt: tuple[str, ...], keeps_out: bool, silences: bool
) -> None:
    house = listed(a_house("alice bob", tea="alice bob"), "#tea", Setting.BAN, *bans)
    tea = listed(house, "#tea", Setting.EXEMPT, *exempt).room("#tea")
    bob = house.user("bob")
    assert (tea.keeps_out(bob), tea.silences(bob)) == (keeps_out, silences)


def test_a_room_does_not_remember_outsiders() -> None:
    house = listed(a_house("alice bob", tea="alice"), "#tea", Setting.BAN, "m:zoe!*@*")
    tea, bob = house.room("#tea"), house.user("bob")
    tea.settings.clear()
    assert tea.hears(bob)
    bob.who = who("zoe")
    bob.has_changed()
    assert not tea.hears(bob)
    assert tea.heard == {}


@pytest.mark.parametrize(("mask", "is_welcome"), [("bob!*@*", True), ("b!*@*", False)])
def test_whom_a_room_welcomes(mask: str, is_welcome: bool) -> None:
    house = listed(a_house("alice bob", tea="alice"), "#tea", Setting.WELCOME, mask)
    assert house.room("#tea").welcomes(house.user("bob")) is is_welcome


def test_only_so_many_are_remembered_who_have_gone() -> None:
    house = fresh(Limits())
    for number in range(PAST + 2):
        house.past.append((f"p{number}", who(f"p{number}"), number))
    assert (len(house.past), house.past[0][0]) == (500, "p2")


def test_a_room_hears_its_members_unless_it_is_set_up_otherwise() -> None:
    state = a_house("alice bob carol", tea="alice bob carol")
    tea = state.room("#tea")
    alice, bob, carol = (state.users[nick] for nick in ("alice", "bob", "carol"))
    tea.members[carol] = Role.VOICED
    assert [tea.hears(user) for user in (alice, bob, carol)] == [True] * 3
    tea.settings[Setting.MODERATED] = None
    tea.has_changed()
    assert [tea.hears(user) for user in (alice, bob, carol)] == [True, False, True]
    bob.marks[Mark.OPERATOR] = None
    bob.has_changed()
    assert tea.hears(bob)


def test_who_is_held_does_not_pass_for_the_owner_of_the_nick() -> None:
    house = held(a_house("alice bob"), "bob")
    assert (house.found("BOB"), house.found("zoe")) == (None, None)
    assert house.found("Alice") is house.user("ALICE")
    with refused(house, NoSuchNick("Bob")):
        house.user("Bob")


def test_an_account_is_found_by_its_name_however_it_is_spelled() -> None:
    house = with_an_account(a_house(), "Zoe")
    assert house.account("ZOE").name == "Zoe"
    with refused(house, NoSuchAccount("bob")):
        house.account("bob")


def test_an_account_is_known_by_what_looks_like_it() -> None:
    house = with_an_account(a_house(), "PaypaI")
    account = house.account("paypai")
    assert house.lookalikes == {"paypal": account, "paypai": account}
    # Who came first keeps the looks, also when the other one goes.
    other = Account(301, "paypal", "paypal", 3000, "a credential")
    house.know(other)
    house.forget(other)
    assert house.lookalikes == {"paypal": account, "paypai": account}
    house.forget(account)
    assert (house.accounts, house.lookalikes) == ({}, {})


@pytest.mark.parametrize(
    ("key", "check", "word", "opens"),
    [
        pytest.param("", "", "", True, id="no word is needed"),
        pytest.param("", "", "any", True, id="nor does one harm"),
        pytest.param("sesame", "", "sesame", True, id="the word"),
        pytest.param("sesame", "", "Sesame", False, id="another"),
        pytest.param("sesame", "", "", False, id="none"),
        pytest.param("", "sesame", "sesame", True, id="what is checked"),
        pytest.param("", "sesame", "another", False, id="what is checked, and wrong"),
        pytest.param("", "sesame", "", False, id="what is checked, and none"),
        pytest.param("", "sesame", "\ud800", False, id="no text"),
    ],
)
def test_which_word_opens_a_room(key: str, check: str, word: str, opens: bool) -> None:
    tea = a_house("alice", tea="alice").room("#tea")
    tea.key, tea.key_check = key, tea.check_of(check) if check else ""
    assert (tea.opens(word), tea.is_keyed) == (opens, bool(key or check))
    known, checked = tea.key, tea.key_check
    tea.learn(word)
    learnt = bool(check) and opens
    assert (tea.key, tea.key_check) == (("sesame", "") if learnt else (known, checked))


def test_which_rooms_are_told_of() -> None:
    house = a_house("alice", tea="alice", coffee="", milk="")
    set_up(house, "#milk", Setting.KEPT)
    names = [room.name for room in house.rooms.values() if room.is_shown()]
    assert names == ["#lobby", "#tea", "#milk"]


def test_a_room_is_closed_while_not_everybody_may_know_what_is_said() -> None:
    for setting in (Setting.INVITE_ONLY, Setting.OFF_RECORD):
        room = Room(201, 4000, "#tea", "#tea")
        room.settings[setting] = None
        assert room.is_closed
    assert Room(201, 4000, "#tea", "#tea", key="sesame").is_closed
    open_room = Room(201, 4000, "#tea", "#tea", limit=1)
    open_room.settings.update({Setting.SECRET: None, Setting.MODERATED: None})
    assert not open_room.is_closed


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_room_that_is_left_waits_unless_it_is_kept(is_kept: bool) -> None:
    house = a_house("alice", tea="", milk="")
    tea, milk = house.room("#tea"), house.room("#milk")
    for room in (tea, milk, tea):
        house.is_left(room, 5000)
    assert list(house.empty) == [202, 201]
    set_up(house, "#milk", *[Setting.KEPT] * is_kept)
    house.is_left(milk, 5000)
    assert list(house.empty) == ([201] if is_kept else [201, 202])
    house.is_entered(tea)
    assert (tea.empty_since, 201 in house.empty) == (None, False)


def test_who_waits_on_a_link_that_is_no_more_waits_without_it() -> None:
    house = with_a_stranger(a_house("alice bob"))
    link = Link(900, 0, "a digest", "alice", 9000, -1)
    house.add(link)
    for session in house.sessions.values():
        session.link = link
    house.sessions[ALICE].is_counted = True
    assert house.links_into == {0: {"a digest": link}}
    house.drop()
    house.drop(link)
    assert (house.links, house.links_into) == ({}, {})
    assert [each.link for each in house.sessions.values()] == [link, None, None]
