"""The hub: command in, effects out, whatever the commands."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chat.domain.claims import (
    AskAccount,
    AskAccounts,
    AskLinks,
    AskSessions,
    EndSession,
    Forget,
    Ghost,
    Identified,
    LogOut,
    MakeLink,
    Redeem,
    Register,
    Reset,
    Revoke,
    SetAlwaysOn,
    SetCredential,
    Suspend,
    TellTrouble,
    Tidy,
    Unregister,
)
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
from chat.domain.effects import (
    Attach,
    Close,
    Deliver,
    Detach,
    Effect,
    Keep,
    Seat,
    ToNeighbours,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.hub import Hub
from chat.domain.limits import Limits
from chat.domain.names import Name, appearances
from chat.domain.questions import (
    AskHistory,
    AskRead,
    AskTargets,
    CatchUp,
    MarkRead,
    Search,
)
from chat.domain.records import Kept, KeptRoom
from chat.domain.refusals import NickImpossible, NotIntroduced, Refused
from chat.domain.state import Account, Stamp, State
from tests.domain.babble import SESSIONS, Line, Scene, a_babble, a_command
from tests.domain.people import CAROL, a_house, held, set_up
from tests.domain.vocabularies import words

ROOT = Path(__file__).parents[2]

ON_LOGGING_IN = ["Bind", "AccountChanged", "AccountChanged", "Recall", "Recall"]
# Somebody who is alone in two rooms leaves both, and comes as somebody else.
A_GUEST_AGAIN = [
    *("Bind", "Left", "Left", "Renamed", "Departed", "Unseat", "Unseat"),
    *("Detach", "Attach", "AccountChanged"),
]
# What each command leads to in the house below; what is only kept is not shown.
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
    (Register("credential"), ["Registered", *ON_LOGGING_IN]),
    (Identified("dave"), ["Bind", "Renamed", "Renamed", *ON_LOGGING_IN[1:]]),
    (LogOut(), A_GUEST_AGAIN),
    (SetCredential("credential"), ["CredentialSet"]),
    (Unregister(), ["AccountGone", *A_GUEST_AGAIN]),
    (SetAlwaysOn(on=True), ["AlwaysOnIs"]),
    (AskSessions(), ["SessionsAre"]),
    (EndSession(0), ["SessionsAre"]),
    (Ghost("alice"), ["SessionsAre"]),
    (AskAccount("dave"), ["AccountsAre"]),
    (AskAccounts(), ["AccountsAre"]),
    (MakeLink("#tea", 60, 0, "sb-1"), ["LinkIs"]),
    (AskLinks("#tea"), ["LinksAre"]),
    (Revoke("#tea", 19), ["LinksAre"]),
    (Redeem("sb-tea"), ["Redeemed"]),
    (Suspend("dave", on=True), ["AccountsAre"]),
    (Forget("dave"), ["AccountGone"]),
    (Reset("dave", "code"), ["AccountsAre"]),
    (AskHistory("#tea"), ["Recall"]),
    (AskTargets(0, 9000), ["Recall"]),
    (Search("tea"), ["Recall"]),
    (CatchUp(), ["Recall"]),
    (AskRead("#tea"), ["ReadIs"]),
    (MarkRead("#tea", 4000), ["ReadChanged"]),
    (Tidy(), []),
    (TellTrouble((0,)), ["KeepingChanged"]),
]
IN_OFFICE = (Kill, Wallops, AskAccounts, Suspend, Forget, Reset)
LOGGED_IN = (
    *(LogOut, SetCredential, Unregister, SetAlwaysOn),
    *(AskSessions, EndSession, Ghost, MakeLink, Revoke, Redeem),
)


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
    alice, other, bob, dave = 1, 2, 3, 4
    scene.goes([(session, Open(f"{session}.host")) for session in (1, 2, 3, 4)])
    scene.goes([(dave, Register("credential", "dave")), (dave, Depart("bye"))])
    scene.answers(alice, Introduce("alice", "a", "Alice", room="#lobby"))
    scene.answers(alice, Join("#tea"))
    scene.answers(bob, Introduce("bob", "b", "Bob", room="#tea"))
    if isinstance(command, IN_OFFICE):
        scene.answers(alice, TakeOffice())
    if isinstance(command, LOGGED_IN):
        scene.answers(alice, Register("credential"))
    if isinstance(command, (Revoke, Redeem)):
        scene.last = 18
        scene.answers(alice, MakeLink("#tea", 60, 0, "sb-tea"))
    # Alice has a name and a session, so these two are somebody else's to ask.
    session = other if isinstance(command, (Introduce, Open)) else alice
    effects = scene.hub.handle(session, command, Stamp(1000, 5000))
    told = [effect for effect in effects if not isinstance(effect, Keep)]
    assert [what_it_says(effect) for effect in told] == says


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
    bob, eve = Account(7, "bob", "bob", 0, ""), Account(8, "eve", "eve", 0, "")
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
    limits = scene.hub._state.limits
    restored = Scene(Hub.restore(saved, limits), last=scene.last)
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
        assert user.sessions or (user.account and user.account.is_always_on)
        assert all(state.sessions[number].user is user for number in user.sessions)
        for name, room in user.rooms.items():
            assert state.rooms[name] is room
            assert user in room.members
    for fold, room in state.rooms.items():
        assert room.fold == fold
        assert room.members or room is state.lobby or room.empty_since is not None
        for member in room.members:
            assert state.users[member.fold] is member
            assert member.rooms[fold] is room
    for number, session in state.sessions.items():
        assert session.id == number
        assert session.user is None or number in session.user.sessions
        assert session.user is None or session.user in state.users.values()
    assert state.rooms[state.lobby.fold] is state.lobby
    waiting = [
        room
        for room in state.rooms.values()
        if room.empty_since is not None and Setting.KEPT not in room.settings
    ]
    assert {room.id: room for room in waiting} == state.empty
    assert not any(room.members for room in waiting)
    links = [link for into in state.links_into.values() for link in into.values()]
    assert {link.digest: link for link in links} == state.links
    assert all(state.links_into.values())
    check_accounts(state)
    watched = {
        (fold, number)
        for number, session in state.sessions.items()
        for fold in session.watches
    }
    assert watched == {
        (fold, number) for fold, them in state.watchers.items() for number in them
    }
    assert all(state.watchers.values())


def check_accounts(state: State) -> None:
    """What is true of accounts: one name, one user, and a guest on it is held."""
    for fold, account in state.accounts.items():
        assert account.fold == fold
    for fold, user in state.users.items():
        assert user.account is None or user.account is state.accounts[fold]
        assert user.who.account == (user.account.name if user.account else "")
        is_held = user.held_until is not None
        assert is_held == (user.account is None and fold in state.accounts)
        assert not (is_held and user.rooms)
        assert is_held or user.is_waiting or not user.wanted
    for session in state.sessions.values():
        own = session.account
        assert session.user is None or session.user.account is own
        assert own is None or state.accounts[own.fold] is own
        assert own is None or not own.is_suspended
    for looks, account in state.lookalikes.items():
        assert state.accounts[account.fold] is account
        assert looks in appearances(Name(account.name, account.fold))


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


@pytest.mark.parametrize("seed", range(4))
def test_what_is_cached_about_a_room_is_true(seed: int) -> None:
    # A short babble hardly ever has somebody muted, or away without a session.
    lines = a_babble(Random(seed), length=4000)  # noqa: S311 - to be repeatable
    scene = Scene(Hub(Limits()))
    for session, command in lines:
        scene.answers(session, command)
        for room in scene.hub._state.rooms.values():
            # Not made anew each time: what one change leaves, the next goes on from.
            assert room.listing() == tuple(map(room._member, room.members))
            heard = dict(room.heard)
            room.heard.clear()
            # All are asked, so that of each something can be out of date.
            found = {user: room.hears(user) for user in room.members}
            assert heard.items() <= found.items()


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
                assert owners[effect.session] is None
                owners[effect.session] = effect.user
            if isinstance(effect, Detach):
                assert owners[effect.session] is not None
                owners[effect.session] = None
            if isinstance(effect, Close):
                del owners[effect.session]
    rows = scene.hub.snapshot()["sessions"]
    assert owners == {row["id"]: row["user"] for row in rows}


@settings(deadline=None)
@given(babbles())
def test_nobody_has_an_account_without_a_proof(lines: list[Line]) -> None:
    scene = Scene(Hub(Limits()))
    proven: dict[int, str] = {}
    for session, command in lines:
        answer = scene.answers(session, command)
        for number, opened in scene.hub._state.sessions.items():
            is_news = opened.account is not None and number not in proven
            if is_news and number == session and isinstance(answer, list):
                assert isinstance(command, (Identified, Register))
                proven[number] = opened.account.fold if opened.account else ""
            if opened.account is None:
                proven.pop(number, None)
            else:
                assert proven[number] == opened.account.fold
        here = scene.hub._state.sessions
        proven = {number: fold for number, fold in proven.items() if number in here}


# Whoever says these things is free, or makes others so.
FREEING = (Identified, Register, Rename, Redeem, Tidy, TellTrouble)


@settings(deadline=None)
@given(babbles(), st.randoms())
def test_nobody_notices_a_guest_who_goes_by_an_accounts_nick(
    lines: list[Line], random: Random
) -> None:
    scene, owner, guest = Scene(Hub(Limits())), 8, 9
    scene.goes([(owner, Open("8.host")), (owner, Register("credential", "bob"))])
    scene.goes([(owner, Depart("bye")), *lines])
    scene.goes([(1, Configure(Limits())), (guest, Open("9.host"))])
    scene.answers(guest, Introduce("bob", "b", "Bob", room="#lobby"))
    user = scene.hub._state.users.get("bob")
    if user is None or user.held_until is None or guest not in user.sessions:
        # His rooms, or his rival, were quicker.
        return
    command = a_command(random)
    assume(not isinstance(command, FREEING))
    for effect in scene.effects(guest, command):
        assert isinstance(effect, (Deliver, Close))
        if isinstance(effect, Deliver):
            mine = (ToSession(guest), ToUser(user.id), ToNeighbours(user.id))
            assert effect.to in mine
    assert user.rooms == {}


@settings(deadline=None)
@given(babbles())
def test_everybody_can_depart_and_leaves_an_empty_house(lines: list[Line]) -> None:
    scene = Scene(Hub(Limits()))
    scene.goes(lines)
    for session in SESSIONS:
        if session in scene.hub._state.sessions:
            scene.answers(session, Depart("good night"))
    state = scene.hub._state
    assert state.sessions == {}
    # But for those who stay because their accounts are always on.
    assert not any(user.sessions for user in state.users.values())
    staying = [user.account for user in state.users.values()]
    assert all(account and account.is_always_on for account in staying)


def test_a_guest_who_is_held_is_not_heard_in_one_breath_either() -> None:
    hub = Hub(Limits())
    hub._state = held(a_house("alice bob", lobby="alice bob"), "bob")
    with pytest.raises(Refused, match="Unproven"):
        hub.say_all(2, "#lobby", ["a", "b"], (range(1, 3), [1, 2]))
    assert hub.say_all(1, "#lobby", ["a", "b"], (range(1, 3), [1, 2]))


def test_a_hub_without_a_past_begins_with_the_lobby() -> None:
    (keep,) = Hub(Limits(), "#hall").load(Kept(), Stamp(1, 1))
    assert isinstance(keep, Keep)
    assert isinstance(keep.record, KeptRoom)
    assert (keep.record.id, keep.record.name) == (0, "#hall")
