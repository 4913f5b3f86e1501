"""Visits: since when somebody may read, when he was away, and how far he has read."""

from dataclasses import asdict
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain import remembered, visits
from chat.domain.claims import Identified, Register
from chat.domain.commands import (
    Change,
    Command,
    Depart,
    Introduce,
    Join,
    Kick,
    Leave,
    Open,
    SetRoom,
    Setting,
)
from chat.domain.effects import Keep
from chat.domain.holdings import Visit
from chat.domain.hub import Hub
from chat.domain.limits import Limits
from chat.domain.records import KeptRead, KeptVisit
from chat.domain.roles import Role
from chat.domain.state import Account, Room, State
from tests.domain.babble import Scene, a_babble
from tests.domain.people import (
    ALICE,
    BOB,
    NOW,
    a_house,
    kept,
    logged_in,
    with_an_account,
)

KEY = (Change(Setting.KEY, on=True, value="sesame"),)
BAN = (Change(Setting.BAN, on=True, value="bob"),)
UNBAN = (Change(Setting.BAN, on=False, value="bob"),)
BAN_CAROL = (Change(Setting.BAN, on=True, value="carol"),)


def a_scene() -> Scene:
    """Alice, who runs #tea, and bob have accounts; whatever was first is written."""
    scene = Scene(Hub(Limits()))
    for session, nick in ((ALICE, "alice"), (BOB, "bob")):
        scene.answers(session, Open(f"{session}.host", f"192.0.2.{session}"))
        scene.answers(session, Register("credential", nick))
        scene.answers(session, Introduce(nick, "u", nick))
    scene.answers(ALICE, Join("#tea"))
    return scene


def the_visit(scene: Scene, session: int, command: Command) -> dict[str, int]:
    """The one visit that is written down, by what of it is not 0."""
    (record,) = kept(scene.effects(session, command), KeptVisit)
    state = scene.hub._state
    tea, bob = state.room("#tea"), state.accounts["bob"]
    assert (record.id, record.account, record.room) == (scene.last, bob.id, tea.id)
    visit = asdict(bob.visits[tea.id])
    assert visit.pop("fold") == "#tea"
    assert visit == {name: getattr(record, name) for name in visit}
    return {name: value for name, value in visit.items() if value}


def test_a_visit_begins_ends_and_begins_anew() -> None:
    scene = a_scene()
    first = scene.last
    assert the_visit(scene, BOB, Join("#tea")) == {"since": first + 1}
    assert the_visit(scene, BOB, Leave("#tea")) == {"left": first + 2}
    again = {"since": first + 3, "left": first + 2, "back": first + 3}
    assert the_visit(scene, BOB, Join("#tea")) == again
    assert the_visit(scene, ALICE, Kick("#tea", "bob")) == {"left": first + 4}


def test_a_disconnect_does_not_end_it() -> None:
    scene = a_scene()
    since = the_visit(scene, BOB, Join("#tea"))["since"]
    left = scene.last + 1
    assert the_visit(scene, BOB, Depart("bye")) == {"since": since, "left": left}
    scene.goes([(BOB, Open("a.host")), (BOB, Identified("bob"))])
    scene.answers(BOB, Introduce("bob", "u", "Bob"))
    back = {"since": since, "left": left, "back": scene.last + 1}
    assert the_visit(scene, BOB, Join("#tea")) == back


def test_a_ban_ends_it_in_a_closed_room() -> None:
    scene = a_scene()
    scene.goes([(BOB, Join("#tea")), (ALICE, SetRoom("#tea", KEY))])
    assert the_visit(scene, ALICE, SetRoom("#tea", BAN)) == {}
    assert kept(scene.effects(ALICE, SetRoom("#tea", BAN_CAROL)), KeptVisit) == []
    begun = {"since": scene.last + 1}
    assert the_visit(scene, ALICE, SetRoom("#tea", UNBAN)) == begun


def test_it_ends_when_the_room_is_closed_without_him() -> None:
    scene = a_scene()
    scene.goes([(BOB, Join("#tea")), (BOB, Depart("bye"))])
    left = scene.last
    assert the_visit(scene, ALICE, SetRoom("#tea", KEY)) == {"left": left}
    again = (Change(Setting.KEY, on=True, value="another"),)
    assert kept(scene.effects(ALICE, SetRoom("#tea", again)), KeptVisit) == []


@pytest.mark.parametrize(
    ("mask", "role", "goes_on"),
    [
        pytest.param("bob", None, False, id="banned by name"),
        pytest.param("a:bob", None, False, id="banned by account"),
        pytest.param("eve", None, True, id="somebody else"),
        pytest.param("*!*@192.0.2.2", None, True, id="an address, which may be his"),
        pytest.param("m:bob", None, True, id="only muted"),
        pytest.param("bob", Role.OPERATOR, True, id="he runs the room"),
        pytest.param("bob", Role.VOICED, False, id="he has a voice there"),
    ],
)
def test_a_ban_of_who_is_away_ends_it_if_he_can_be_meant(
    mask: str, role: Role | None, goes_on: bool
) -> None:
    scene = a_scene()
    scene.goes([(BOB, Join("#tea")), (ALICE, SetRoom("#tea", KEY))])
    scene.answers(BOB, Depart("bye"))
    state = scene.hub._state
    tea, bob = state.room("#tea"), state.accounts["bob"]
    if role is not None:
        tea.roles[bob.id] = role
    ban = (Change(Setting.BAN, on=True, value=mask),)
    ended = kept(scene.effects(ALICE, SetRoom("#tea", ban)), KeptVisit)
    assert (bob.visits[tea.id].since > 0) is goes_on
    assert [each.since for each in ended] == ([] if goes_on else [0])


@pytest.mark.parametrize(
    ("changes", "goes_on"),
    [
        pytest.param((("BAN", "*!*@2.host"),), False, id="a host"),
        pytest.param((("BAN", "*!*@192.0.2.2"),), False, id="an address"),
        pytest.param((("BAN", "*!*@3.host"),), True, id="somebody else's"),
        pytest.param((("BAN", "m:*!*@2.host"),), True, id="only muted"),
        pytest.param((("EXEMPT", "a:bob"), ("BAN", "*!*@2.host")), True, id="exempted"),
    ],
)
def test_whoever_is_in_the_house_can_be_told_by_where_he_comes_from(
    changes: tuple[tuple[str, str], ...], goes_on: bool
) -> None:
    scene = a_scene()
    scene.goes([(BOB, Join("#tea")), (ALICE, SetRoom("#tea", KEY))])
    scene.goes([(BOB, Depart("bye")), (BOB, Open("2.host", "192.0.2.2"))])
    scene.goes([(BOB, Identified("bob")), (BOB, Introduce("bob", "u", "Bob"))])
    made = tuple(Change(Setting[each], on=True, value=mask) for each, mask in changes)
    ended = kept(scene.effects(ALICE, SetRoom("#tea", made)), KeptVisit)
    assert [each.since for each in ended] == ([] if goes_on else [0])


HOST = "*!*@2.host"


@pytest.mark.parametrize(
    ("first", "lifted", "goes_on"),
    [
        pytest.param((), HOST, False, id="he was banned until now"),
        pytest.param((("EXEMPT", "a:bob"),), HOST, True, id="he was exempt"),
        pytest.param((("BAN", "*!*@3.host"),), "*!*@3.host", False, id="he still is"),
        pytest.param((("BAN", f"m:{HOST}"),), f"m:{HOST}", False, id="and was muted"),
    ],
)
def test_who_comes_while_his_host_is_banned_begins_anew_after_it(
    first: tuple[tuple[str, str], ...], lifted: str, goes_on: bool
) -> None:
    scene = a_scene()
    scene.goes([(BOB, Join("#tea")), (ALICE, SetRoom("#tea", KEY))])
    scene.answers(BOB, Depart("bye"))
    made = [Change(Setting[each], on=True, value=mask) for each, mask in first]
    made.append(Change(Setting.BAN, on=True, value=HOST))
    assert kept(scene.effects(ALICE, SetRoom("#tea", tuple(made))), KeptVisit) == []
    scene.goes([(BOB, Open("2.host")), (BOB, Identified("bob"))])
    scene.answers(BOB, Introduce("bob", "u", "Bob"))
    unban = (Change(Setting.BAN, on=False, value=lifted),)
    ended = kept(scene.effects(ALICE, SetRoom("#tea", unban)), KeptVisit)
    assert [each.since for each in ended] == ([] if goes_on else [0])


def test_a_mute_that_ends_says_nothing_of_who_is_away() -> None:
    scene = a_scene()
    scene.goes([(BOB, Join("#tea")), (ALICE, SetRoom("#tea", KEY))])
    scene.goes([(BOB, Depart("bye")), (BOB, Open("2.host"))])
    scene.goes([(BOB, Identified("bob")), (BOB, Introduce("bob", "u", "Bob"))])
    for on in (True, False):
        mute = (Change(Setting.BAN, on=on, value=f"m:{HOST}"),)
        assert kept(scene.effects(ALICE, SetRoom("#tea", mute)), KeptVisit) == []


def test_nobody_is_told_by_a_guest_who_has_his_nick() -> None:
    scene = a_scene()
    scene.goes([(BOB, Join("#tea")), (ALICE, SetRoom("#tea", KEY))])
    scene.goes([(BOB, Depart("bye")), (3, Open("3.host"))])
    scene.answers(3, Introduce("bob", "u", "Not Bob", may_be_held=True))
    ban = (Change(Setting.BAN, on=True, value="*!*@3.host"),)
    assert kept(scene.effects(ALICE, SetRoom("#tea", ban)), KeptVisit) == []


def test_nothing_ends_in_an_open_room() -> None:
    scene = a_scene()
    scene.answers(BOB, Join("#tea"))
    assert kept(scene.effects(ALICE, SetRoom("#tea", BAN)), KeptVisit) == []


def test_what_opens_a_room_is_remembered_with_it() -> None:
    scene = a_scene()
    tea = scene.hub._state.room("#tea")
    scene.answers(ALICE, SetRoom("#tea", KEY))
    assert tea.opened == 0
    scene.answers(ALICE, SetRoom("#tea", (Change(Setting.KEY, on=False),)))
    assert tea.opened == scene.last
    scene.answers(ALICE, SetRoom("#tea", BAN))
    assert tea.opened == scene.last - 1


def a_visited(room: str = "#tea", visit: Visit | None = None) -> State:
    """Bob, with an account, is in #tea, perhaps with a visit."""
    house = logged_in(a_house("alice bob", tea="alice bob"), "bob")
    if visit is not None:
        house.accounts["bob"].visits[house.room(room).id] = visit
    return house


def test_who_is_somewhere_without_a_visit_has_none_to_end() -> None:
    house = a_visited()
    bob, tea = house.user("bob"), house.room("#tea")
    assert visits.leave(bob, tea, NOW, for_good=True) == []
    tea.key = "sesame"
    made = [*KEY]
    assert visits.reckon(house, tea, made, NOW, was_closed=False) == []


def test_a_guests_visits_are_not_written_down() -> None:
    house = a_house("alice bob", tea="alice")
    bob, tea = house.user("bob"), house.room("#tea")
    assert visits.is_first(bob, tea)
    assert visits.enter(house, bob, tea, NOW) == []
    assert not visits.is_first(bob, tea)
    assert bob.visits == {201: Visit("#tea", 1000)}


# A guest who logs in.


def handed_over(own: Visit | None, guests: Visit) -> Visit:
    house = a_house("bob", tea="bob")
    bob, account = house.user("bob"), Account(300, "bob", "bob", 3000, "")
    bob.visits[201] = guests
    if own is not None:
        account.visits[201] = own
    effects = visits.hand_over(house, bob, account, NOW)
    visit = account.visits[201]
    parts = (visit.since, visit.left, visit.back, visit.read)
    assert effects == [Keep(KeptVisit(1000, 300, 201, *parts))]
    assert bob.visits == {}
    return visit


@pytest.mark.parametrize(
    ("own", "guests", "both"),
    [
        pytest.param(
            None,
            Visit("#tea", 900),
            Visit("#tea", 900),
            id="it was never there",
        ),
        pytest.param(
            Visit("#tea", read=70),
            Visit("#tea", 900, read=60),
            Visit("#tea", 900, read=70),
            id="and only read of it",
        ),
        pytest.param(
            Visit("#tea", 500, left=600),
            Visit("#tea", 900, read=60),
            Visit("#tea", 500, 600, 900, 60),
            id="it was disconnected",
        ),
        pytest.param(
            Visit("#tea", 0, left=600),
            Visit("#tea", 900),
            Visit("#tea", 900, 600, 900),
            id="it had left",
        ),
        pytest.param(
            Visit("#tea", 0, left=600),
            Visit("#tea", 800, 850, 900),
            Visit("#tea", 800, 600, 900),
            id="the guest had been away as well",
        ),
        pytest.param(
            Visit("#tea", 500, left=600),
            Visit("#tea", 0, left=900, read=60),
            Visit("#tea", 500, 600, 0, 60),
            id="the guest had left",
        ),
    ],
)
def test_a_guest_hands_his_visits_over(own: Visit, guests: Visit, both: Visit) -> None:
    assert handed_over(own, guests) == both


def test_a_guest_hands_over_how_far_he_has_read() -> None:
    house = with_an_account(a_house("bob"), "eve")
    bob, account = house.user("bob"), Account(300, "bob", "bob", 3000, "")
    bob.read = {"eve": 70, "zoe": 70, "guest": 70}
    account.read = {"eve": 60, "zoe": 80}
    assert visits.hand_over(house, bob, account, NOW) == [
        Keep(KeptRead(1000, 300, "eve", 70))
    ]
    assert bob.read == {}
    assert account.read == {"eve": 70, "zoe": 80, "guest": 70}


def test_who_logs_in_inside_goes_on_where_he_is() -> None:
    scene = a_scene()
    scene.goes([(3, Open("3.host")), (3, Introduce("carol", "u", "c"))])
    scene.answers(3, Join("#tea"))
    since = scene.last
    (record,) = kept(scene.effects(3, Register("credential")), KeptVisit)
    assert (record.since, record.account) == (since, scene.last)


# There is an end to how much is remembered.


def test_rooms_that_are_no_more_are_forgotten_first() -> None:
    house = a_visited()
    bob, tea = house.user("bob"), house.room("#tea")
    known = house.accounts["bob"].visits
    for number in range(500, 500 + remembered.MOST - 1):
        name = f"#r{number}"
        known[number] = Visit(name, 100)
        if number != 700:
            house.rooms[name] = Room(number, 0, name, name)
    # Another room has the name now.
    house.rooms["#r800"] = Room(9000, 0, "#r800", "#r800")
    visits.enter(house, bob, tea, NOW)
    assert len(known) == remembered.MOST
    visits.enter(house, bob, house.lobby, NOW)
    assert len(known) == remembered.MOST - 1
    assert 500 in known
    assert not {700, 800} & set(known)


def test_then_those_that_were_seen_longest_ago() -> None:
    house = a_visited()
    bob, tea = house.user("bob"), house.room("#tea")
    known = house.accounts["bob"].visits
    visits.enter(house, bob, tea, NOW)
    for number in range(500, 500 + remembered.MOST - 1):
        known[number] = Visit(f"#r{number}", 100)
        house.rooms[f"#r{number}"] = Room(number, 0, "", "")
    visits.mark(house, bob, tea, 70, NOW)
    visits.enter(house, bob, house.lobby, NOW)
    assert len(known) == remembered.MOST
    assert 500 not in known
    assert list(known)[-2:] == [201, 0]


def test_what_is_forgotten_is_forgotten_in_the_store_as_well() -> None:
    house = a_visited()
    bob, account = house.user("bob"), house.accounts["bob"]
    visits.enter(house, bob, house.room("#tea"), NOW)
    for number in range(500, 500 + remembered.MOST - 1):
        account.visits[number] = Visit(f"#r{number}", 100)
        house.rooms[f"#r{number}"] = Room(number, 0, "", "")
    nothing = Keep(KeptVisit(NOW.id, account.id, 201, 0))
    assert visits.enter(house, bob, house.lobby, NOW)[1:] == [nothing]
    house.rooms.pop("#r700")
    nothing = Keep(KeptVisit(NOW.id, account.id, 700, 0))
    assert visits.mark(house, bob, house.room("#tea"), 70, NOW)[1:] == [nothing]


def test_so_many_are_known_with_whom_one_has_read() -> None:
    house = a_visited()
    bob, known = house.user("bob"), house.accounts["bob"].read
    for number in range(remembered.MOST):
        visits.mark_with(house, bob, f"n{number}", 70, NOW)
    visits.mark_with(house, bob, "n0", 80, NOW)
    visits.mark_with(house, bob, "zoe", 70, NOW)
    assert len(known) == remembered.MOST
    assert "n1" not in known
    assert list(known)[-2:] == ["n0", "zoe"]


def test_only_of_people_with_accounts_it_is_written_down() -> None:
    house = with_an_account(a_visited(), "Zoe")
    bob, account = house.user("bob"), house.accounts["bob"]
    (first,) = visits.mark_with(house, bob, "zoe", 70, NOW)
    assert first == Keep(KeptRead(NOW.id, account.id, "zoe", 70))
    for number in range(remembered.MOST - 1):
        assert visits.mark_with(house, bob, f"n{number}", 70, NOW) == []
    forgotten = Keep(KeptRead(NOW.id, account.id, "zoe", 0))
    assert visits.mark_with(house, bob, "eve", 70, NOW) == [forgotten]
    assert "zoe" not in account.read


def test_a_guest_can_hand_over_no_more_than_that() -> None:
    house = with_an_account(a_house("bob"), "m7")
    bob, account = house.user("bob"), Account(300, "bob", "bob", 3000, "")
    for number in range(remembered.MOST):
        house.rooms[f"#r{number}"] = Room(number, 0, "", "")
        bob.visits[number] = Visit(f"#r{number}", 100)
        bob.read[f"n{number}"] = 70
        account.visits[5000 + number] = Visit("#gone", 100)
        account.read[f"m{number}"] = 70
    effects = visits.hand_over(house, bob, account, NOW)
    assert list(account.visits) == list(range(remembered.MOST))
    assert list(account.read) == [f"n{number}" for number in range(remembered.MOST)]
    gone = [each.room for each in kept(effects, KeptVisit) if not each.since]
    assert gone == list(range(5000, 5000 + remembered.MOST))
    assert kept(effects, KeptRead) == [KeptRead(NOW.id, 300, "m7", 0)]


# What is written down is what is known.


@settings(deadline=None)
@given(st.randoms(), st.integers(0, 80))
def test_what_is_kept_is_what_is_known(random: Random, length: int) -> None:
    scene = Scene(Hub(Limits()))
    written: dict[tuple[int, int], KeptVisit] = {}
    read: dict[tuple[int, str], int] = {}
    for session, command in a_babble(random, length):
        effects = scene.effects(session, command)
        for record in kept(effects, KeptVisit):
            written[record.account, record.room] = record
        for mark in kept(effects, KeptRead):
            read[mark.account, mark.peer] = mark.at
        for account in scene.hub._state.accounts.values():
            for room, visit in account.visits.items():
                last = written[account.id, room]
                parts = (visit.since, visit.left, visit.back, visit.read)
                assert (last.since, last.left, last.back, last.read) == parts
            for peer, at in account.read.items():
                # A mark from before there was such an account is not written down.
                assert read.get((account.id, peer), at) == at


@settings(deadline=None)
@given(st.randoms(), st.integers(0, 80))
def test_who_is_inside_has_a_visit(random: Random, length: int) -> None:
    scene = Scene(Hub(Limits()))
    for session, command in a_babble(random, length):
        scene.answers(session, command)
        for user in scene.hub._state.users.values():
            for room in user.rooms.values():
                visit = visits.of(user)[room.id]
                assert visit.is_inside or not visit.since
