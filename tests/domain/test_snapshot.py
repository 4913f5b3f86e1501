"""Snapshots: the state as plain values, and back."""

import json
from typing import Any

import pytest

from chat.domain import snapshot
from chat.domain.commands import Mark, Setting, Watch
from chat.domain.holdings import Link, Visit
from chat.domain.limits import Limits
from chat.domain.presence import watch
from chat.domain.roles import Role
from chat.domain.state import Account, State
from chat.domain.views import Mask, Topic
from tests.domain.people import (
    ALICE,
    BOB,
    NOW,
    STRANGER,
    a_house,
    logged_in,
    who,
    with_a_second_session,
    with_a_stranger,
)

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
            "settings": ["NO_OUTSIDERS"],
            "key": "",
            "key_check": "",
            "limit": None,
            "masks": {"BAN": [], "EXEMPT": [], "WELCOME": []},
            "topic": None,
            "opened": 0,
            "roles": [],
            "empty_since": None,
            "is_fresh": False,
            "members": [],
        }
    ],
    "empty": [],
    "accounts": [],
    "links": [],
    "past": [],
    "most_users": 0,
}


def a_full_house() -> State:
    """One of everything: sessions with and without a user, rooms, a topic."""
    house = a_house("alice bob", lobby="bob alice", tea="alice bob", coffee="bob")
    tea, alice, bob = house.room("#tea"), house.user("alice"), house.user("bob")
    tea.topic = Topic("Earl Grey", by="alice", at=4500)
    tea.settings[Setting.MODERATED] = None
    tea.key, tea.limit = "sesame", 7
    for kind in tea.masks:
        tea.masks[kind] = {"carol!*@*": Mask("Carol!*@*", "alice", 4600)}
    tea.members[bob] = Role.VOICED
    alice.away, alice.spoke = "lunch", 4700
    alice.marks.update({Mark.BOT: None, Mark.OPERATOR: None})
    bob.invitations.update({201: None, 0: None})
    watch(house, ALICE, Watch(("Zoe", "bob")), NOW)
    watch(house, BOB, Watch(("zoe",)), NOW)
    house.past.append(("carol", who("Carol"), 4100))
    house.most_users = 12
    with_a_stranger(with_a_second_session(house, "alice", session=7))
    bob.visits[201] = Visit("#tea", 800)
    logged_in(house, "alice")
    house.accounts["alice"].visits[201] = Visit("#tea", 700, 750, 760, read=4800)
    house.accounts["alice"].read["bob"] = 4900
    tea.opened, house.sessions[ALICE].told = 720, 301
    return house


def there_and_back(state: State) -> State:
    saved: dict[str, Any] = json.loads(json.dumps(snapshot.of(state)))
    return snapshot.state(saved, state.limits)


def test_an_empty_house() -> None:
    assert snapshot.of(a_house()) == EMPTY


def test_a_session_is_written_with_its_users_id() -> None:
    house = logged_in(with_a_stranger(a_house("alice")), "alice")
    house.sessions[STRANGER].is_console = True
    assert snapshot.of(house)["sessions"] == [
        {
            "id": 1,
            "host": "alice.host",
            "address": "192.0.2.1",
            "user": 101,
            "since": 0,
            "is_console": False,
            "account": "alice",
            "link": None,
            "is_counted": False,
            "has_used_link": False,
            "has_registered": False,
            "told": 0,
            "watches": {},
        },
        {
            "id": 9,
            "host": "stranger.host",
            "address": "",
            "user": None,
            "since": 0,
            "is_console": True,
            "account": "",
            "link": None,
            "is_counted": False,
            "has_used_link": False,
            "has_registered": False,
            "told": 0,
            "watches": {},
        },
    ]


def test_an_account_is_written_whole() -> None:
    house = logged_in(a_house("alice"), "alice")
    assert snapshot.of(house)["accounts"] == [
        {
            "id": 301,
            "name": "alice",
            "fold": "alice",
            "since": 3000,
            "credential": "a credential",
            "code": "",
            "seen": 0,
            "is_suspended": False,
            "is_always_on": False,
            "visits": [],
            "read": {},
        }
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
                "account": "",
            },
            "sessions": [1, 7],
            "rooms": ["#tea", "#lobby"],
            "address": "192.0.2.1",
            "since": 4000,
            "spoke": 4000,
            "away": "",
            "marks": [],
            "invitations": [],
            "account": "",
            "visits": [],
            "read": {},
            "held_until": None,
            "wanted": "",
            "is_waiting": False,
        }
    ]


def test_a_room_is_written_with_its_members_and_their_roles() -> None:
    house = a_house("alice bob", tea="bob alice")
    house.room("#tea").topic = Topic("Earl Grey", by="bob", at=4500)
    house.room("#tea").roles[301] = Role.OPERATOR
    assert snapshot.of(house)["rooms"][1] == {
        "id": 201,
        "since": 4000,
        "name": "#tea",
        "fold": "#tea",
        "settings": ["NO_OUTSIDERS", "GUARDS_TOPIC"],
        "key": "",
        "key_check": "",
        "limit": None,
        "masks": {"BAN": [], "EXEMPT": [], "WELCOME": []},
        "opened": 0,
        "roles": [[301, "operator"]],
        "empty_since": None,
        "is_fresh": False,
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
        house.user("bob"): Role.VOICED,
    }


def test_a_topic_is_a_topic_again() -> None:
    house = there_and_back(a_full_house())
    assert house.room("#tea").topic == Topic("Earl Grey", by="alice", at=4500)


def test_a_room_is_set_up_as_before() -> None:
    tea = there_and_back(a_full_house()).room("#tea")
    assert (list(tea.settings), tea.key, tea.limit, tea.masks[Setting.EXEMPT]) == (
        [Setting.NO_OUTSIDERS, Setting.GUARDS_TOPIC, Setting.MODERATED],
        "sesame",
        7,
        {"carol!*@*": Mask("Carol!*@*", "alice", 4600)},
    )


def test_a_person_is_as_before() -> None:
    house = there_and_back(a_full_house())
    alice = house.user("alice")
    assert (alice.away, alice.spoke, list(alice.marks), alice.address) == (
        "lunch",
        4700,
        [Mark.BOT, Mark.OPERATOR],
        "192.0.2.1",
    )
    assert list(house.user("bob").invitations) == [201, 0]


def test_who_is_what_in_a_room_while_he_is_not_there() -> None:
    house = a_full_house()
    tea = house.room("#tea")
    tea.roles.update({301: Role.VOICED})
    tea.key, tea.key_check, tea.empty_since = "", tea.check_of("sesame"), 4700
    again = there_and_back(house).room("#tea")
    assert (again.roles, again.empty_since) == ({301: Role.VOICED}, 4700)
    assert again.opens("sesame")


def test_rooms_end_in_the_order_in_which_they_were_left() -> None:
    house = a_house("bob", tea="bob", milk="bob", sugar="bob")
    for name in ("#sugar", "#tea"):
        house.is_left(house.room(name), 4700)
    house.room("#milk").is_fresh = True
    again = there_and_back(house)
    assert list(again.empty.values()) == [again.room("#sugar"), again.room("#tea")]
    assert again.room("#milk").is_fresh


def test_a_link_is_the_one_that_somebody_waits_with() -> None:
    house = a_full_house()
    out = Link(900, 201, "a digest", "alice", 9000, -1)
    used_up = Link(901, 201, "another", "alice", 9000, 0)
    house.add(out)
    house.sessions[STRANGER].link = out
    house.sessions[BOB].link, house.sessions[BOB].has_used_link = used_up, True
    again = there_and_back(house)
    assert again.sessions[STRANGER].link is again.links["a digest"]
    assert "another" not in again.links
    assert again.links_into == {201: again.links}
    link = again.sessions[BOB].link
    assert link is not None
    assert (link.id, link.uses, again.sessions[BOB].has_used_link) == (901, 0, True)


def test_who_watches_is_told_again() -> None:
    house = there_and_back(a_full_house())
    assert house.sessions[ALICE].watches == {"zoe": "Zoe", "bob": "bob"}
    assert house.watchers == {"zoe": {ALICE: None, BOB: None}, "bob": {ALICE: None}}


def test_what_has_been_is_remembered() -> None:
    house = there_and_back(a_full_house())
    assert (list(house.past), house.past.maxlen, house.most_users) == (
        [("carol", who("Carol"), 4100)],
        500,
        12,
    )


def test_whose_a_session_is_is_known_again() -> None:
    house = there_and_back(a_full_house())
    alice = house.accounts["alice"]
    assert house.user("alice").account is house.sessions[7].account is alice
    assert house.lookalikes["alice"] is alice
    assert house.user("bob").account is house.sessions[BOB].account is None


def test_who_is_held_is_held_again() -> None:
    house = a_house("alice bob")
    house.know(Account(301, "Bob", "bob", 3000, "a credential", "a code", 4000))
    house.users["bob"].held_until, house.users["bob"].wanted = 35_000, "#lobby"
    bob = there_and_back(house).users["bob"]
    assert (bob.held_until, bob.wanted) == (35_000, "#lobby")


def test_a_link_with_the_token_of_one_that_is_used_up_is_another() -> None:
    house = a_house("bob")
    house.add(Link(402, 201, "digest", "alice", 9000, 1))
    house.sessions[1].link = Link(401, 201, "digest", "alice", 9000, 0)
    link = there_and_back(house).sessions[1].link
    assert link is not None
    assert link.id == 401


def test_a_restored_house_does_not_change_what_was_saved() -> None:
    saved = snapshot.of(a_full_house())
    before = json.dumps(saved)
    watch(snapshot.state(saved, Limits()), ALICE, Watch(("dave",)), NOW)
    assert json.dumps(saved) == before


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
