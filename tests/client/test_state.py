"""State: who I am, which rooms I am in, and who is there with me."""

import pytest

from chat.client.state import Room, State


@pytest.fixture
def state() -> State:
    state = State("alice")
    state.enter("#lobby")
    state.enter("#python")
    return state


@pytest.mark.parametrize(
    ("casemapping", "name", "folded"),
    [
        ("ascii", "Bob[Ä]", "bob[Ä]"),
        ("rfc1459", "Bob[]\\~", "bob{}|^"),
        ("strict-rfc1459", "Bob[]\\~", "bob{}|~"),
        ("of-another-planet", "Bob[]", "bob[]"),
    ],
)
def test_fold(casemapping: str, name: str, folded: str) -> None:
    assert State("alice", casemapping=casemapping).fold(name) == folded


@pytest.mark.parametrize(
    ("name", "is_room"),
    [
        ("#lobby", True),
        ("&local", True),
        ("@#lobby", True),
        ("bob", False),
        ("", False),
        ("@", False),
    ],
)
def test_what_is_a_room(name: str, is_room: bool) -> None:
    assert State("alice").is_room(name) is is_room


def test_the_room_entered_last_is_the_current_one(state: State) -> None:
    assert state.current == Room("#python")
    assert state.is_current("#PYTHON")
    assert not state.is_current("#lobby")


def test_a_room_is_found_in_any_spelling(state: State) -> None:
    assert state.room("#Lobby") == Room("#lobby")
    assert state.room("#nowhere") is None


def test_entering_again_keeps_what_is_known(state: State) -> None:
    state.rooms["#lobby"].topic = "Welcome"
    state.enter("#LOBBY")
    assert state.current == Room("#lobby", "Welcome")


def test_leaving_goes_back_to_the_room_before(state: State) -> None:
    state.leave("#Python")
    assert state.current == Room("#lobby")


def test_leaving_the_last_room_leads_nowhere() -> None:
    state = State("alice")
    state.enter("#lobby")
    state.leave("#lobby")
    assert state.current is None
    assert not state.is_current("")


def test_leaving_another_room_changes_nothing_here(state: State) -> None:
    state.leave("#lobby")
    state.leave("#nowhere")
    assert state.current == Room("#python")


def test_who_leaves_is_in_no_room(state: State) -> None:
    state.rooms["#lobby"].members = {"bob": "Bob", "alice": "alice"}
    state.rooms["#python"].members = {"bob": "Bob"}
    state.forget("BOB")
    assert state.rooms["#lobby"].members == {"alice": "alice"}
    assert state.rooms["#python"].members == {}


def test_who_has_spoken_last_is_remembered(state: State) -> None:
    room = state.rooms["#lobby"]
    for key in ("bob", "carol", "dan", "bob"):
        room.speak(key)
    assert list(room.speakers) == ["carol", "dan", "bob"]
    state.forget("Dan")
    state.rename("carol", "Caroline")
    assert list(room.speakers) == ["bob", "caroline"]


def test_where_something_was_said_since(state: State) -> None:
    state.enter("#tea")
    state.rooms["#lobby"].unread = 2
    state.rooms["#python"].unread = 1
    state.rooms["#python"].is_calling = True
    assert [room.name for room in state.unread()] == ["#python", "#lobby"]
    state.enter("#lobby")
    assert [room.name for room in state.unread()] == ["#python"]
    state.leave("#lobby")
    state.leave("#tea")
    assert (state.current, state.unread()) == (Room("#python"), [])


@pytest.mark.parametrize(
    ("text", "names_me"),
    [
        ("alice", True),
        ("Alice: hi", True),
        ("is (ALICE) there?", True),
        ("malice", False),
        ("alice_ is not", False),
        ("alice-bot", False),
        ("alice's", True),
        ("", False),
    ],
)
def test_who_is_meant(text: str, names_me: bool) -> None:
    assert State("Alice").names_me(text) is names_me


def test_a_new_nick_is_known_in_every_room(state: State) -> None:
    state.rooms["#lobby"].members = {"bob": "Bob"}
    state.rename("bob", "Robert")
    assert state.rooms["#lobby"].members == {"robert": "Robert"}
    assert state.rooms["#python"].members == {}
    assert state.nick == "alice"


def test_who_whispered_last_is_known_by_their_new_nick(state: State) -> None:
    state.last_whisperer = "Bob"
    state.rename("bob", "rob")
    assert state.last_whisperer == "rob"


def test_our_own_new_nick(state: State) -> None:
    state.rename("Alice", "al")
    assert state.is_me("AL")
    assert not state.is_me("alice")


@pytest.mark.parametrize(
    ("token", "learnt"),
    [
        ("CASEMAPPING=ascii", State("alice", casemapping="ascii")),
        ("CHANTYPES=#", State("alice", room_marks="#")),
        ("PREFIX=(ov)@+", State("alice", role_marks="@+")),
        ("PREFIX=", State("alice", role_marks="")),
        ("EXTBAN=,m", State("alice", mute_letter="b", mute_form="m:{}")),
        ("EXTBAN=$,arx", State("alice")),
        ("CHANMODES=bq,k", State("alice", mute_letter="q")),
        ("CHANMODES=b,q", State("alice")),
        ("CHATHISTORY=50", State("alice", most_history=50)),
        ("CHATHISTORY=x", State("alice")),
        ("NICKLEN=32", State("alice")),
    ],
)
def test_what_the_server_announces(token: str, learnt: State) -> None:
    state = State("alice")
    state.learn(token)
    assert state == learnt


@pytest.mark.parametrize("keeps_history", [False, True])
@pytest.mark.parametrize("batches", [False, True])
def test_it_can_be_asked_what_was_said(keeps_history: bool, batches: bool) -> None:
    state = State("alice", keeps_history=keeps_history, batches=batches)
    assert state.recalls is (keeps_history and batches)


def test_a_room_is_found_by_its_first_letters() -> None:
    state = State("alice")
    for name in ("#tea", "#teapot", "#lobby"):
        state.enter(name)
    assert next(room.name for room in state.rooms_like("tea")) == "#tea"
    assert [room.name for room in state.rooms_like("#L")] == ["#lobby"]
    assert state.rooms_like("x") == []
