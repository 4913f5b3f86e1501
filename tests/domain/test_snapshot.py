"""Snapshots: the state as plain values, and back."""

import json
from typing import Any

import pytest

from chat.domain import snapshot
from chat.domain.limits import Limits
from chat.domain.roles import Role
from chat.domain.state import State
from chat.domain.views import Topic
from tests.domain.people import a_house, with_a_second_session, with_a_stranger

EMPTY = {
    "lobby": "#lobby",
    "sessions": [],
    "users": [],
    "rooms": [
        {
            "id": 0,
            "since": 0,
            "name": "#lobby",
            "fold": "#lobby",
            "guards_topic": False,
            "topic": None,
            "members": [],
        }
    ],
}


def a_full_house() -> State:
    """One of everything: sessions with and without a user, rooms, a topic."""
    house = a_house("alice bob", lobby="bob alice", tea="alice bob", coffee="bob")
    house.room("#tea").topic = Topic("Earl Grey", by="alice", at=4500)
    return with_a_stranger(with_a_second_session(house, "alice", session=7))


def there_and_back(state: State) -> State:
    saved: dict[str, Any] = json.loads(json.dumps(snapshot.of(state)))
    return snapshot.state(saved, state.limits)


def test_an_empty_house() -> None:
    assert snapshot.of(a_house()) == EMPTY


def test_a_session_is_written_with_its_users_id() -> None:
    assert snapshot.of(with_a_stranger(a_house("alice")))["sessions"] == [
        {"id": 1, "host": "alice.host", "user": 101},
        {"id": 9, "host": "stranger.host", "user": None},
    ]


def test_a_user_is_written_with_sessions_and_rooms_in_their_order() -> None:
    house = a_house("alice", tea="alice", lobby="alice")
    assert snapshot.of(with_a_second_session(house, "alice", 7))["users"] == [
        {
            "id": 101,
            "fold": "alice",
            "who": {
                "nick": "alice",
                "username": "~alice",
                "host": "alice.host",
                "realname": "alice the person",
            },
            "sessions": [1, 7],
            "rooms": ["#tea", "#lobby"],
        }
    ]


def test_a_room_is_written_with_its_members_and_their_roles() -> None:
    house = a_house("alice bob", tea="bob alice")
    house.room("#tea").topic = Topic("Earl Grey", by="bob", at=4500)
    assert snapshot.of(house)["rooms"][1] == {
        "id": 201,
        "since": 4000,
        "name": "#tea",
        "fold": "#tea",
        "guards_topic": True,
        "topic": {"text": "Earl Grey", "by": "bob", "at": 4500},
        "members": [[102, "operator"], [101, "member"]],
    }


@pytest.mark.parametrize("house", [a_house(), a_full_house()], ids=["empty", "full"])
def test_a_snapshot_goes_through_json_and_back(house: State) -> None:
    assert snapshot.of(there_and_back(house)) == snapshot.of(house)


def test_what_was_one_thing_is_one_thing_again() -> None:
    house = there_and_back(a_full_house())
    alice = house.user("alice")
    assert house.sessions[1].user is house.sessions[7].user is alice
    assert alice in house.lobby.members
    assert alice.rooms["#lobby"] is house.rooms["#lobby"] is house.lobby


def test_a_role_is_a_role_again() -> None:
    house = there_and_back(a_full_house())
    assert house.room("#tea").members == {
        house.user("alice"): Role.OPERATOR,
        house.user("bob"): Role.MEMBER,
    }


def test_a_topic_is_a_topic_again() -> None:
    house = there_and_back(a_full_house())
    assert house.room("#tea").topic == Topic("Earl Grey", by="alice", at=4500)


def test_a_house_is_held_to_new_limits() -> None:
    restored = snapshot.state(snapshot.of(a_full_house()), Limits(nick_length=5))
    assert restored.limits == Limits(nick_length=5)


def test_a_snapshot_does_not_change_with_the_house() -> None:
    house = a_house()
    before = snapshot.of(house)
    house.lobby.topic = Topic("Earl Grey", by="alice", at=4500)
    house.sessions.clear()
    with_a_stranger(house)
    assert before == EMPTY
