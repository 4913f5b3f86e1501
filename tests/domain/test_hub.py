"""The hub: command in, effects out, whatever the commands."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chat.domain.commands import (
    AskHouse,
    AskMasks,
    AskMembers,
    AskPast,
    AskPeople,
    AskPerson,
    AskPresent,
    AskRoom,
    AskRooms,
    AskTime,
    AskTopic,
    AskWatched,
    Change,
    Command,
    Configure,
    Depart,
    Introduce,
    Invite,
    Join,
    Kick,
    Kill,
    Leave,
    Mark,
    Open,
    Rename,
    Say,
    SetAway,
    SetMark,
    SetRealname,
    SetRoom,
    Setting,
    SetTopic,
    TakeOffice,
    Unwatch,
    Wallops,
    Watch,
    Whisper,
)
from chat.domain.effects import Attach, Close, Deliver, Effect, Seat, ToSession, Unseat
from chat.domain.hub import Hub
from chat.domain.limits import Limits
from chat.domain.refusals import NickImpossible, NotIntroduced, Refused
from chat.domain.state import Account, Stamp, State
from tests.domain.babble import SESSIONS, Line, Scene, a_babble, a_command
from tests.domain.people import CAROL, a_house, set_up
from tests.domain.vocabularies import words

ROOT = Path(__file__).parents[2]

ANSWERS: list[tuple[Command, list[str]]] = [
    (Say("#lobby", "hi"), ["Said"]),
    (Whisper("alice", "psst"), ["Whispered"]),
    (Open("a.host"), []),
    (Introduce("carol", "c", "Carol"), ["Attach", "Welcomed"]),
    (Rename("zoe"), ["Renamed", "Renamed"]),
    (Join("#coffee"), ["Joined", "Seat", "Entered"]),
    (Leave("#lobby"), ["Unseat", "Left", "Left"]),
    (SetTopic("#lobby", "Hello"), ["TopicChanged"]),
    (AskTopic("#lobby"), ["TopicIs"]),
    (AskRoom("#lobby"), ["RoomIs"]),
    (AskMembers("#lobby"), ["MembersAre"]),
    (AskPeople("bob"), ["PeopleAre"]),
    (AskHouse(), ["HouseIs"]),
    (SetRoom("#tea", (Change(Setting.MODERATED, on=True),)), ["RoomChanged"]),
    (Kick("#tea", "bob"), ["Unseat", "Kicked", "Kicked"]),
    (Invite("bob", "#lobby"), ["Inviting", "Invited", "Invited"]),
    (SetAway("lunch"), ["AwayIs", "AwayChanged"]),
    (SetRealname("Alice A."), ["Redescribed", "Redescribed"]),
    (SetMark(Mark.BOT, on=True), ["MarkChanged"]),
    (TakeOffice(), ["MarkChanged"]),
    (Kill("bob", "spam"), ["Departed", "Unseat", "Close"]),
    (Wallops("hello"), ["Walloped"]),
    (Watch(("bob",)), ["WatchedAre"]),
    (Unwatch(), []),
    (AskWatched(), ["WatchedAre"]),
    (AskRooms(), ["RoomsAre"]),
    (AskMasks("#tea", Setting.BAN), ["MasksAre"]),
    (AskPerson("bob"), ["PersonIs"]),
    (AskPast("bob"), ["PastIs"]),
    (AskPresent(("bob",)), ["PresentAre"]),
    (AskTime(), ["TimeIs"]),
    (Depart("bye"), ["Departed", "Unseat", "Unseat", "Close"]),
    (Configure(Limits(nick_length=3)), []),
]


def what_it_says(effect: Effect) -> str:
    """The event that is delivered, or else what is to be done."""
    said = effect.event if isinstance(effect, Deliver) else effect
    return type(said).__name__


@pytest.mark.parametrize(
    ("command", "says"),
    [pytest.param(*row, id=type(row[0]).__name__) for row in ANSWERS],
)
def test_every_command_is_carried_out(command: Command, says: list[str]) -> None:
    scene = Scene(Hub(Limits()))
    alice, other, bob = 1, 2, 3
    for session in (alice, other, bob):
        scene.answers(session, Open(f"{session}.host"))
    scene.answers(alice, Introduce("alice", "a", "Alice", room="#lobby"))
    scene.answers(alice, Join("#tea"))
    scene.answers(bob, Introduce("bob", "b", "Bob", room="#tea"))
    if isinstance(command, (Kill, Wallops)):
        scene.answers(alice, TakeOffice())
    # Alice has a name and a session, so these two are somebody else's to ask.
    session = other if isinstance(command, (Introduce, Open)) else alice
    effects = scene.hub.handle(session, command, Stamp(1000, 5000))
    assert [what_it_says(effect) for effect in effects] == says


def test_no_command_is_forgotten_above() -> None:
    assert {type(command) for command, _ in ANSWERS} == set(words(Command))


def test_a_refusal_comes_out_of_the_hub() -> None:
    hub = Hub(Limits())
    hub.handle(1, Open("a.host"), Stamp(1, 1))
    with pytest.raises(Refused) as declined:
        hub.handle(1, Join("#tea"), Stamp(2, 2))
    assert declined.value.reason == NotIntroduced()


def test_other_limits_hold_from_then_on() -> None:
    scene = Scene(Hub(Limits()))
    hello = Introduce("alice", "a", "Alice")
    scene.goes([(1, Open("a.host")), (1, Configure(Limits(nick_length=3)))])
    assert isinstance(scene.answers(1, hello), NickImpossible)
    scene.answers(1, Configure(Limits()))
    assert isinstance(scene.answers(1, hello), list)


def test_the_lobby_has_the_name_and_the_age_it_was_given() -> None:
    hub = Hub(Limits(), lobby="#Foyer", since=4000)
    lobby = hub.snapshot()["rooms"][0]
    assert (lobby["name"], lobby["since"]) == ("#Foyer", 4000)


def test_the_shell_may_ask_from_where_somebody_is_logged_in() -> None:
    hub = Hub(Limits())
    bob, eve = (Account(id, name, name, 0, "") for id, name in ((7, "bob"), (8, "eve")))
    hub._state.accounts = {"bob": bob, "eve": eve}
    for number, account in enumerate((bob, None, eve, bob), start=1):
        hub.handle(number, Open("cloak", f"192.0.2.{number}"), Stamp(number, 0))
        hub._state.sessions[number].account = account
    assert hub.addresses("BOB") == ["192.0.2.1", "192.0.2.4"]
    assert hub.addresses("nobody") == []


def test_a_restored_hub_keeps_its_lobby() -> None:
    hub = Hub.restore(Hub(Limits(), lobby="#Foyer", since=4000).snapshot(), Limits())
    assert hub.snapshot() == Hub(Limits(), lobby="#Foyer", since=4000).snapshot()


def what_a_run_prints(hash_seed: str) -> str:
    """What Python prints about one long babble if it hashes with *hash_seed*."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.domain.babble"],
        cwd=ROOT,
        env={"PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return run.stdout


@pytest.mark.slow
def test_the_same_commands_have_the_same_effects_in_every_run() -> None:
    runs = {what_a_run_prints(hash_seed) for hash_seed in ("0", "1", "12345")}
    assert len(runs) == 1
    assert len(runs.pop().splitlines()) == 2001


@st.composite
def babbles(draw: st.DrawFn) -> list[Line]:
    """A babble that hypothesis can make shorter and simpler."""
    return a_babble(draw(st.randoms()), length=draw(st.integers(0, 40)))


def test_the_babble_knows_every_word() -> None:
    lines = a_babble(Random(2428), length=2000)  # noqa: S311 - to be repeatable
    assert {type(command) for _, command in lines} == set(words(Command))


@settings(deadline=None)
@given(babbles())
def test_a_refusal_changes_nothing(lines: list[Line]) -> None:
    scene = Scene(Hub(Limits()))
    for session, command in lines:
        before = scene.hub.snapshot()
        answer = scene.answers(session, command)
        assert isinstance(answer, list) or scene.hub.snapshot() == before


@settings(deadline=None)
@given(babbles())
def test_a_snapshot_goes_through_json_and_back(lines: list[Line]) -> None:
    scene = Scene(Hub(Limits()))
    scene.goes(lines)
    saved = json.loads(json.dumps(scene.hub.snapshot()))
    assert Hub.restore(saved, Limits()).snapshot() == saved


@settings(deadline=None)
@given(babbles(), st.integers(0, 40))
def test_a_restored_hub_goes_on_as_if_nothing_had_been(
    lines: list[Line], pause: int
) -> None:
    before, after = lines[:pause], lines[pause:]
    scene = Scene(Hub(Limits()))
    scene.goes(before)
    saved = json.loads(json.dumps(scene.hub.snapshot()))
    restored = Scene(Hub.restore(saved, Limits()), last=scene.last)
    assert restored.goes(after) == scene.goes(after)
    assert restored.hub.snapshot() == scene.hub.snapshot()


@settings(deadline=None)
@given(st.randoms())
def test_no_question_tells_an_outsider_of_a_secret_room(random: Random) -> None:
    people = "alice bob carol"
    without = Scene(Hub(Limits()), last=1000)
    without.hub._state = a_house(people, lobby=people)
    secret = Scene(Hub(Limits()), last=1000)
    secret.hub._state = a_house(people, lobby=people, tea="alice bob")
    set_up(secret.hub._state, "#tea", Setting.SECRET)
    command = a_command(random)
    # But whoever goes there finds out.
    assume(not isinstance(command, Join))
    assert secret.answers(CAROL, command) == without.answers(CAROL, command)


def check(state: State) -> None:
    """What is true of every house at every time."""
    for fold, user in state.users.items():
        assert user.fold == fold
        assert user.sessions
        assert all(state.sessions[number].user is user for number in user.sessions)
        for name, room in user.rooms.items():
            assert state.rooms[name] is room
            assert user in room.members
    for fold, room in state.rooms.items():
        assert room.fold == fold
        assert room.members or room is state.lobby
        for member in room.members:
            assert state.users[member.fold] is member
            assert member.rooms[fold] is room
    for number, session in state.sessions.items():
        assert session.id == number
        assert session.user is None or number in session.user.sessions
        assert session.user is None or session.user in state.users.values()
    assert state.rooms[state.lobby.fold] is state.lobby
    watched = {
        (fold, number)
        for number, session in state.sessions.items()
        for fold in session.watches
    }
    assert watched == {
        (fold, number) for fold, them in state.watchers.items() for number in them
    }
    assert all(state.watchers.values())


@settings(deadline=None)
@given(babbles())
def test_nobody_is_named_after_the_end(lines: list[Line]) -> None:
    scene = Scene(Hub(Limits()))
    for session, command in lines:
        closed = set()
        for effect in scene.effects(session, command):
            if isinstance(effect, Close):
                closed.add(effect.session)
            if isinstance(effect, Deliver) and isinstance(effect.to, ToSession):
                assert effect.to.id not in closed


@settings(deadline=None)
@given(babbles())
def test_what_is_cached_about_a_room_is_true(lines: list[Line]) -> None:
    scene = Scene(Hub(Limits()))
    for session, command in lines:
        scene.answers(session, command)
        for room in scene.hub._state.rooms.values():
            listing, silenced = room.listing(), dict(room._silenced)
            room.has_changed()
            assert room.listing() == listing
            assert {user: room.silences(user) for user in silenced} == silenced


@settings(deadline=None)
@given(babbles())
def test_whoever_is_somewhere_is_known_there(lines: list[Line]) -> None:
    scene = Scene(Hub(Limits()))
    for session, command in lines:
        scene.answers(session, command)
        check(scene.hub._state)


@settings(deadline=None)
@given(babbles())
def test_who_sits_where_can_be_told_from_the_effects(lines: list[Line]) -> None:
    scene = Scene(Hub(Limits()))
    seats: set[tuple[int, int]] = set()
    for session, command in lines:
        for effect in scene.effects(session, command):
            match effect:
                case Seat(user, room):
                    assert (user, room) not in seats
                    seats.add((user, room))
                case Unseat(user, room):
                    seats.remove((user, room))
                case _:
                    pass
    rooms = scene.hub.snapshot()["rooms"]
    assert seats == {
        (user, room["id"]) for room in rooms for user, _ in room["members"]
    }


@settings(deadline=None)
@given(babbles())
def test_whose_session_it_is_can_be_told_from_the_effects(lines: list[Line]) -> None:
    scene = Scene(Hub(Limits()))
    owners: dict[int, int | None] = {}
    for session, command in lines:
        if isinstance(command, Open):
            owners[session] = None
        for effect in scene.effects(session, command):
            if isinstance(effect, Attach):
                owners[effect.session] = effect.user
            if isinstance(effect, Close):
                del owners[effect.session]
    rows = scene.hub.snapshot()["sessions"]
    assert owners == {row["id"]: row["user"] for row in rows}


@settings(deadline=None)
@given(babbles())
def test_everybody_can_depart_and_leaves_an_empty_house(lines: list[Line]) -> None:
    scene = Scene(Hub(Limits()))
    scene.goes(lines)
    for session in SESSIONS:
        if session in scene.hub._state.sessions:
            scene.answers(session, Depart("good night"))
    known = scene.hub.snapshot()
    assert (known["sessions"], known["users"]) == ([], [])
    assert [room["members"] for room in known["rooms"]] == [[]]
