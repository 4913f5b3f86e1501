"""Presence: who is here, who is away, and who wants to hear of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import pytest

from chat.domain import snapshot
from chat.domain.answers import AwayIs, PastIs, PersonIs, PresentAre, TimeIs, WatchedAre
from chat.domain.commands import (
    AskPast,
    AskPerson,
    AskPresent,
    AskTime,
    AskWatched,
    Command,
    Mark,
    SetAway,
    SetMark,
    SetRealname,
    Setting,
    Unwatch,
    Watch,
)
from chat.domain.effects import Deliver, Effect, ToNeighbours, ToSession, ToUser
from chat.domain.events import AwayChanged, MarkChanged, Redescribed
from chat.domain.limits import Limits
from chat.domain.presence import (
    ask_past,
    ask_person,
    ask_present,
    ask_time,
    ask_watched,
    came,
    forget_watcher,
    found,
    set_away,
    set_mark,
    set_realname,
    unwatch,
    watch,
    went,
)
from chat.domain.refusals import (
    NoSuchNick,
    NotInOffice,
    NotIntroduced,
    TooManyWatched,
)
from chat.domain.roles import Role
from chat.domain.views import Person, Who
from tests.domain.people import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    NOW,
    STRANGER,
    a_house,
    held,
    in_office,
    invisible,
    refused,
    set_up,
    who,
    with_a_second_session,
    with_a_stranger,
)

# Any of the verbs, whatever command it wants.
Verb: TypeAlias = Callable[..., list[Effect]]


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        (set_away, SetAway("lunch")),
        (set_realname, SetRealname("Zoe Z.")),
        (set_mark, SetMark(Mark.BOT, on=True)),
        (watch, Watch(("alice",))),
        (unwatch, Unwatch()),
        (ask_watched, AskWatched()),
        (ask_person, AskPerson("alice")),
        (ask_past, AskPast("alice")),
        (ask_present, AskPresent(("alice",))),
    ],
)
def test_a_stranger_has_to_give_a_name_first(verb: Verb, command: Command) -> None:
    house = with_a_stranger(a_house("alice"))
    with refused(house, NotIntroduced()):
        verb(house, STRANGER, command, NOW)


@pytest.mark.parametrize(
    ("before", "text", "is_news"),
    [
        pytest.param("", "lunch", True, id="goes away"),
        pytest.param("lunch", "", True, id="comes back"),
        pytest.param("lunch", "asleep", True, id="is away otherwise"),
        pytest.param("lunch", "lunch", False, id="is away still"),
        pytest.param("", "", False, id="is here still"),
    ],
)
def test_neighbours_hear_who_is_away(before: str, text: str, is_news: bool) -> None:
    house = with_a_second_session(a_house("alice", lobby="alice"), "alice", session=7)
    alice = house.user("alice")
    alice.away = before
    assert house.lobby.listing()[0].is_away is bool(before)
    changed = AwayChanged(1000, 5000, who("alice"), text)
    assert set_away(house, ALICE, SetAway(text), NOW) == [
        Deliver(AwayIs(is_away=bool(text)), to=ToUser(101)),
        *([Deliver(changed, to=ToNeighbours(101))] if is_news else []),
    ]
    assert alice.away == text
    assert house.lobby.listing()[0].is_away is bool(text)


def test_a_word_for_those_who_ask_is_cut_short() -> None:
    house = a_house("alice", limits=Limits(away_length=6))
    set_away(house, ALICE, SetAway("abcdeé"), NOW)
    assert house.user("alice").away == "abcde"


@pytest.mark.parametrize(
    ("realname", "kept"), [("Al", "Al"), ("", ""), ("abcdeé", "abcde")]
)
def test_neighbours_hear_of_another_description(realname: str, kept: str) -> None:
    house = a_house("alice", Limits(realname_length=6), lobby="alice")
    before = house.lobby.listing()
    redescribed = Redescribed(1000, 5000, who("alice"), kept)
    assert set_realname(house, ALICE, SetRealname(realname), NOW) == [
        Deliver(redescribed, to=ToUser(101)),
        Deliver(redescribed, to=ToNeighbours(101)),
    ]
    assert house.user("alice").who == replace(who("alice"), realname=kept)
    assert house.lobby.listing() != before


@pytest.mark.parametrize("mark", [Mark.INVISIBLE, Mark.BOT])
def test_one_is_something_and_then_no_more(mark: Mark) -> None:
    house = a_house("alice", lobby="alice")
    for on, marks in ((True, (mark,)), (False, ())):
        changed = MarkChanged(1000, 5000, who("alice"), mark, on)
        assert set_mark(house, ALICE, SetMark(mark, on), NOW) == [
            Deliver(changed, to=ToUser(101))
        ]
        assert house.lobby.listing()[0].marks == marks
        assert set_mark(house, ALICE, SetMark(mark, on), NOW) == []


def test_nobody_makes_himself_an_operator() -> None:
    house = a_house("alice")
    with refused(house, NotInOffice()):
        set_mark(house, ALICE, SetMark(Mark.OPERATOR, on=True), NOW)


def test_who_runs_the_house_may_cease_to() -> None:
    house = in_office(a_house("alice"), "alice")
    assert set_mark(house, ALICE, SetMark(Mark.OPERATOR, on=True), NOW) == []
    changed = MarkChanged(1000, 5000, who("alice"), Mark.OPERATOR, on=False)
    assert set_mark(house, ALICE, SetMark(Mark.OPERATOR, on=False), NOW) == [
        Deliver(changed, to=ToUser(101))
    ]
    assert not house.user("alice").is_in_office


def answer(
    here: tuple[Who, ...], not_here: tuple[str, ...], *, is_list: bool = False
) -> list[Effect]:
    """What alice is told of whom she watches."""
    return [Deliver(WatchedAre(here, not_here, is_list), to=ToSession(ALICE))]


def test_who_watches_is_told_at_once_who_is_here() -> None:
    house = a_house("alice bob")
    told = watch(house, ALICE, Watch(("BOB", "Zoe", "bob")), NOW)
    assert told == answer((who("bob"),), ("Zoe",))
    assert house.sessions[ALICE].watches == {"bob": "bob", "zoe": "Zoe"}
    assert house.watchers == {"bob": {ALICE: None}, "zoe": {ALICE: None}}


def test_who_watches_somebody_twice_is_told_again() -> None:
    house = a_house("alice bob", limits=Limits(watched=1))
    watch(house, ALICE, Watch(("bob",)), NOW)
    before = snapshot.of(house)
    assert watch(house, ALICE, Watch(("BOB",)), NOW) == answer((who("bob"),), ())
    assert snapshot.of(house) == before


def test_nobody_watches_more_than_the_limit() -> None:
    house = a_house("alice bob", limits=Limits(watched=2))
    watch(house, ALICE, Watch(("bob",)), NOW)
    with refused(house, TooManyWatched(2, ("bob", "zoe", "carol"))):
        watch(house, ALICE, Watch(("bob", "zoe", "carol")), NOW)
    assert list(house.watchers) == ["bob"]


def test_each_session_watches_for_itself() -> None:
    house = with_a_second_session(a_house("alice bob"), "alice", session=7)
    watch(house, ALICE, Watch(("bob",)), NOW)
    assert ask_watched(house, 7, AskWatched(), NOW) == [
        Deliver(WatchedAre((), ()), to=ToSession(7))
    ]


@pytest.mark.parametrize(
    ("nicks", "left"),
    [
        pytest.param(("BOB",), ["zoe"], id="one"),
        pytest.param(("bob", "zoe"), [], id="all, one by one"),
        pytest.param((), [], id="all at once"),
        pytest.param(("carol", ""), ["bob", "zoe"], id="others"),
    ],
)
def test_who_unwatches_is_told_no_more(nicks: tuple[str, ...], left: list[str]) -> None:
    house = a_house("alice bob")
    watch(house, ALICE, Watch(("bob", "zoe")), NOW)
    assert unwatch(house, ALICE, Unwatch(nicks), NOW) == []
    assert list(house.sessions[ALICE].watches) == left
    assert house.watchers == {fold: {ALICE: None} for fold in left}


def test_those_who_watch_hear_who_comes_and_goes_in_the_order_of_sessions() -> None:
    house = a_house("alice bob carol")
    for session in (CAROL, BOB):
        watch(house, session, Watch(("alice",)), NOW)
    seen, gone = WatchedAre((who("alice"),), ()), WatchedAre((), ("Alice",))
    assert came(house, house.user("alice")) == [
        Deliver(seen, to=ToSession(session)) for session in (BOB, CAROL)
    ]
    assert went(house, "alice", "Alice") == [
        Deliver(gone, to=ToSession(session)) for session in (BOB, CAROL)
    ]
    assert went(house, "zoe", "Zoe") == []


def test_a_session_that_is_over_watches_nobody() -> None:
    house = a_house("alice bob")
    watch(house, ALICE, Watch(("zoe", "bob")), NOW)
    watch(house, BOB, Watch(("zoe",)), NOW)
    forget_watcher(house, house.sessions[ALICE])
    assert house.sessions[ALICE].watches == {}
    assert house.watchers == {"zoe": {BOB: None}}


def test_others_go_on_watching() -> None:
    house = a_house("alice bob")
    watch(house, ALICE, Watch(("zoe",)), NOW)
    watch(house, BOB, Watch(("zoe",)), NOW)
    unwatch(house, ALICE, Unwatch(), NOW)
    assert house.watchers == {"zoe": {BOB: None}}


@pytest.mark.parametrize("is_list", [False, True])
def test_whom_one_watches_is_told_on_demand(is_list: bool) -> None:
    house = a_house("alice bob")
    watch(house, ALICE, Watch(("Zoe", "bob")), NOW)
    told = ask_watched(house, ALICE, AskWatched(is_list), NOW)
    assert told == answer((who("bob"),), ("Zoe",), is_list=is_list)


@pytest.mark.parametrize(
    ("session", "rooms", "address"),
    [
        pytest.param(ALICE, "#lobby #tea #attic", "192.0.2.1", id="oneself"),
        pytest.param(BOB, "#lobby #tea #attic", "", id="a neighbour"),
        pytest.param(CAROL, "#lobby #tea", "", id="others"),
        pytest.param(DAVE, "#lobby #tea #attic", "192.0.2.1", id="runs the house"),
    ],
)
def test_all_about_somebody(session: int, rooms: str, address: str) -> None:
    inside = "alice bob"
    house = a_house("alice bob carol dave", lobby=inside, tea=inside, attic=inside)
    set_up(in_office(house, "dave"), "#attic", Setting.SECRET)
    alice = house.user("alice")
    alice.away, alice.spoke = "lunch", 4500
    roles = {"#lobby": Role.MEMBER, "#tea": Role.OPERATOR, "#attic": Role.OPERATOR}
    seen = tuple((name, roles[name]) for name in rooms.split())
    person_is = PersonIs(
        Person(who("alice"), is_away=True), seen, "lunch", 4000, 4500, 5000, address
    )
    assert ask_person(house, session, AskPerson("ALICE"), NOW) == [
        Deliver(person_is, to=ToSession(session))
    ]


@pytest.mark.parametrize(
    ("session", "rooms"),
    [
        pytest.param(ALICE, ["#tea", "#milk"], id="oneself"),
        pytest.param(BOB, ["#tea"], id="a neighbour"),
        pytest.param(CAROL, [], id="others"),
        pytest.param(DAVE, ["#tea", "#milk"], id="runs the house"),
    ],
)
def test_where_the_invisible_are(session: int, rooms: list[str]) -> None:
    house = a_house("alice bob carol dave", tea="alice bob", milk="alice")
    invisible(in_office(house, "dave"), "alice")
    (told,) = ask_person(house, session, AskPerson("alice"), NOW)
    assert isinstance(told, Deliver)
    assert isinstance(told.event, PersonIs)
    assert [name for name, _ in told.event.rooms] == rooms


def test_there_is_nothing_about_nobody() -> None:
    house = a_house("alice")
    with refused(house, NoSuchNick("Zoe")):
        ask_person(house, ALICE, AskPerson("Zoe"), NOW)


@pytest.mark.parametrize(
    ("nick", "most", "times"),
    [
        pytest.param("ZOE", None, [3000, 1000], id="all"),
        pytest.param("zoe", 1, [3000], id="the latest"),
        pytest.param("zoe", 9, [3000, 1000], id="fewer than wanted"),
        pytest.param("zoe", 0, [3000, 1000], id="none is all"),
        pytest.param("zoe", -1, [3000, 1000], id="fewer than none is all"),
        pytest.param("dave", None, [], id="nobody"),
        pytest.param("z*", None, [], id="no masks"),
    ],
)
def test_who_went_by_a_nick(nick: str, most: int | None, times: list[int]) -> None:
    house = a_house("alice")
    for at, past in ((1000, "zoe"), (2000, "carol"), (3000, "zoe")):
        house.past.append((past, who(past), at))
    people = tuple((who("zoe"), at) for at in times)
    assert ask_past(house, ALICE, AskPast(nick, most), NOW) == [
        Deliver(PastIs(nick, people), to=ToSession(ALICE))
    ]


@pytest.mark.parametrize("in_detail", [False, True])
def test_who_of_some_nicks_is_here(in_detail: bool) -> None:
    house = invisible(a_house("alice bob carol"), "carol")
    people = (house.user("carol").person(), house.user("alice").person())
    asked = AskPresent(("CAROL", "zoe", "", "alice"), in_detail)
    assert ask_present(house, BOB, asked, NOW) == [
        Deliver(PresentAre(people, in_detail), to=ToSession(BOB))
    ]


def test_a_stranger_is_told_the_time() -> None:
    house = with_a_stranger(a_house())
    assert ask_time(house, STRANGER, AskTime(), NOW) == [
        Deliver(TimeIs(5000), to=ToSession(STRANGER))
    ]


def test_questions_change_nothing() -> None:
    house = a_house("alice bob", tea="alice")
    before = snapshot.of(house)
    ask_person(house, ALICE, AskPerson("bob"), NOW)
    ask_past(house, ALICE, AskPast("bob"), NOW)
    ask_present(house, ALICE, AskPresent(("bob",)), NOW)
    ask_watched(house, ALICE, AskWatched(), NOW)
    assert snapshot.of(house) == before


def test_who_is_held_is_not_here_to_others() -> None:
    house = held(a_house("alice bob"), "bob")
    with refused(house, NoSuchNick("bob")):
        ask_person(house, ALICE, AskPerson("bob"), NOW)
    (present,) = ask_present(house, ALICE, AskPresent(("bob",)), NOW)
    assert present == Deliver(PresentAre((), in_detail=False), to=ToSession(ALICE))
    (seen,) = watch(house, ALICE, Watch(("bob",)), NOW)
    assert seen == Deliver(WatchedAre((), ("bob",)), to=ToSession(ALICE))
    assert came(house, house.users["bob"]) == []


def test_who_is_held_finds_himself() -> None:
    house = held(a_house("alice bob"), "bob")
    bob = house.users["bob"]
    assert found(house, bob, "BOB") is bob
    assert found(house, house.user("alice"), "BOB") is None
    (present,) = ask_present(house, BOB, AskPresent(("bob",)), NOW)
    expected = PresentAre((bob.person(),), in_detail=False)
    assert present == Deliver(expected, to=ToSession(BOB))
