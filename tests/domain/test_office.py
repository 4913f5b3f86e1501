"""Office: what those may do who run the whole house."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from chat.domain.answers import Unchanged, WatchedAre
from chat.domain.commands import Command, Kill, Mark, TakeOffice, Wallops, Watch
from chat.domain.effects import (
    Close,
    Deliver,
    Effect,
    ToNeighbours,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import Departed, MarkChanged, Walloped
from chat.domain.limits import Limits
from chat.domain.office import kill, take_office, wallops
from chat.domain.presence import watch
from chat.domain.records import Act, Audited
from chat.domain.refusals import NoSuchNick, NotInOffice, NotIntroduced
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
    kept,
    logged_in,
    refused,
    told,
    who,
    with_a_second_session,
    with_a_stranger,
)

# Any of the verbs, whatever command it wants.
Verb: TypeAlias = Callable[..., list[Effect]]


def test_who_takes_office_is_told_and_runs_the_house() -> None:
    house = a_house("alice", lobby="alice")
    changed = MarkChanged(1000, 5000, who("alice"), Mark.OPERATOR, on=True)
    assert told(take_office(house, ALICE, TakeOffice(), NOW)) == [
        Deliver(changed, to=ToUser(101))
    ]
    assert house.user("alice").is_in_office
    assert house.lobby.listing()[0].marks == (Mark.OPERATOR,)


def test_to_take_office_twice_is_no_news() -> None:
    house = in_office(a_house("alice"), "alice")
    assert take_office(house, ALICE, TakeOffice(), NOW) == [
        Deliver(Unchanged(), to=ToSession(ALICE))
    ]


@pytest.mark.parametrize(
    ("verb", "command"),
    [(take_office, TakeOffice()), (kill, Kill("alice", "")), (wallops, Wallops("hi"))],
)
def test_a_stranger_has_to_give_a_name_first(verb: Verb, command: Command) -> None:
    house = with_a_stranger(a_house("alice"))
    with refused(house, NotIntroduced()):
        verb(house, STRANGER, command, NOW)


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        pytest.param(kill, Kill("bob", ""), id="kill"),
        pytest.param(kill, Kill("alice", ""), id="kill oneself"),
        pytest.param(kill, Kill("zoe", ""), id="kill nobody"),
        pytest.param(wallops, Wallops("hi"), id="wallops"),
    ],
)
def test_only_those_who_run_the_house_do_it(verb: Verb, command: Command) -> None:
    house = a_house("alice bob", lobby="alice bob")
    with refused(house, NotInOffice()):
        verb(house, ALICE, command, NOW)


@pytest.mark.parametrize(
    ("why", "reason"),
    [("spam", "Put out by alice: spam"), ("", "Put out by alice")],
)
def test_who_is_put_out_of_the_house_departs(why: str, reason: str) -> None:
    house = in_office(a_house("alice bob", lobby="alice bob", tea="bob"), "alice")
    departed = Departed(1000, 5000, who("bob"), reason)
    assert told(kill(house, ALICE, Kill("BOB", why), NOW)) == [
        Deliver(departed, to=ToNeighbours(102)),
        Unseat(102, 0),
        Unseat(102, 201),
        Close(BOB, reason),
    ]
    assert (list(house.users), list(house.rooms)) == (["alice"], ["#lobby"])


def test_who_puts_out_somebody_from_elsewhere_reads_it_too() -> None:
    house = in_office(a_house("alice bob", lobby="alice", tea="bob"), "alice")
    departed = Departed(1000, 5000, who("bob"), "Put out by alice")
    assert told(kill(house, ALICE, Kill("bob", ""), NOW)) == [
        Deliver(departed, to=ToNeighbours(102)),
        Unseat(102, 201),
        Close(BOB, "Put out by alice"),
        Deliver(departed, to=ToSession(ALICE)),
    ]


def test_all_sessions_end_and_none_is_named_after_its_end() -> None:
    house = with_a_second_session(a_house("alice bob carol"), "bob", session=7)
    for session in (BOB, 7, CAROL):
        watch(house, session, Watch(("bob",)), NOW)
    reason = "Put out by alice: spam"
    departed = Departed(1000, 5000, who("bob"), reason)
    assert told(kill(in_office(house, "alice"), ALICE, Kill("bob", "spam"), NOW)) == [
        Close(BOB, reason),
        Deliver(departed, to=ToNeighbours(102)),
        Deliver(WatchedAre((), ("bob",)), to=ToSession(CAROL)),
        Close(7, reason),
        Deliver(departed, to=ToSession(ALICE)),
    ]
    assert (list(house.sessions), list(house.watchers)) == ([ALICE, CAROL], ["bob"])


def test_who_puts_himself_out_is_told_nothing_more() -> None:
    house = in_office(a_house("alice"), "alice")
    departed = Departed(1000, 5000, who("alice"), "Put out by alice")
    assert told(kill(house, ALICE, Kill("alice", ""), NOW)) == [
        Deliver(departed, to=ToNeighbours(101)),
        Close(ALICE, "Put out by alice"),
    ]


def test_nobody_cannot_be_put_out() -> None:
    house = in_office(a_house("alice"), "alice")
    with refused(house, NoSuchNick("Zoe")):
        kill(house, ALICE, Kill("Zoe", "spam"), NOW)


def test_who_is_held_is_put_out_though_nobody_else_can_see_him() -> None:
    house = held(in_office(a_house("alice bob carol"), "alice"), "bob")
    watch(house, CAROL, Watch(("bob",)), NOW)
    departed = Departed(1000, 5000, who("bob"), "Put out by alice")
    assert told(kill(house, ALICE, Kill("BOB", ""), NOW)) == [
        Deliver(departed, to=ToNeighbours(102)),
        Close(BOB, "Put out by alice"),
        Deliver(departed, to=ToSession(ALICE)),
    ]
    assert list(house.users) == ["alice", "carol"]


def test_why_somebody_is_put_out_is_cut_short() -> None:
    house = in_office(a_house("alice bob", limits=Limits(reason_length=19)), "alice")
    effects = kill(house, ALICE, Kill("bob", "éé"), NOW)
    assert Close(BOB, "Put out by alice: ") in effects


def test_all_who_run_the_house_hear_each_other() -> None:
    house = a_house("alice bob carol")
    in_office(in_office(house, "alice"), "carol")
    walloped = Walloped(1000, 5000, who("carol"), "hello")
    assert wallops(house, CAROL, Wallops("hello"), NOW) == [
        Deliver(walloped, to=ToUser(101)),
        Deliver(walloped, to=ToUser(103)),
    ]


def test_it_is_written_down_who_took_office_and_as_whom() -> None:
    house = a_house("alice")
    effects = take_office(house, ALICE, TakeOffice("admin"), NOW)
    assert kept(effects) == [
        Audited(1000, 5000, Act.TOOK_OFFICE, "alice", "admin", "192.0.2.1")
    ]


def test_it_is_written_down_who_put_out_whom() -> None:
    house = in_office(logged_in(a_house("alice bob"), "alice", "bob"), "alice")
    effects = kill(always_on(house, "bob"), ALICE, Kill("bob", "spam"), NOW)
    assert kept(effects, Audited) == [
        Audited(1000, 5000, Act.KILLED, "alice", "bob", "192.0.2.1")
    ]
    # Also who stays without a session is gone.
    assert list(house.users) == ["alice"]
