"""Snapshots: the state as plain values, and back.

What is written is what `State` holds and no more, in an order that the state
itself has, so that two equal states give equal snapshots.
"""

from dataclasses import asdict
from typing import Any

from chat.domain.commands import Mark, Setting
from chat.domain.holdings import Link, Visit
from chat.domain.limits import Limits
from chat.domain.roles import Role
from chat.domain.state import Account, Room, Session, State, User
from chat.domain.views import (
    Mask,
    Topic,
    Who,
)


def of(state: State) -> dict[str, Any]:
    """*state* as dicts, lists, text and numbers."""
    return {
        "lobby": state.lobby.name,
        "sessions": [_session(session) for session in state.sessions.values()],
        "users": [_user(user) for user in state.users.values()],
        "rooms": [_room(room) for room in state.rooms.values()],
        "empty": [room.fold for room in state.empty.values()],
        "accounts": [_account(account) for account in state.accounts.values()],
        "links": [asdict(link) for link in state.links.values()],
        "past": [[fold, asdict(who), at] for fold, who, at in state.past],
        "most_users": state.most_users,
    }


def state(saved: dict[str, Any], limits: Limits) -> State:
    """The state that *saved* was taken of, held to *limits* from now on."""
    rooms = {row["fold"]: _saved_room(row) for row in saved["rooms"]}
    lobby = next(room for room in rooms.values() if room.name == saved["lobby"])
    restored = State(limits, lobby, rooms=rooms)
    for row in saved["accounts"]:
        visits = _saved_visits(row["visits"])
        restored.know(Account(**{**row, "visits": visits, "read": dict(row["read"])}))
    users = _restore_users(restored, saved)
    for row in saved["links"]:
        restored.add(Link(**row))
    restored.empty = {rooms[fold].id: rooms[fold] for fold in saved["empty"]}
    restored.most_users = saved["most_users"]
    restored.past.extend((fold, Who(**who), at) for fold, who, at in saved["past"])
    for row in saved["sessions"]:
        _restore_session(restored, row, users)
    return restored


def _restore_users(state: State, saved: dict[str, Any]) -> dict[int, User]:
    """Let everybody in again, each to his rooms; they are told by their ids."""
    for row in saved["users"]:
        user = state.users[row["fold"]] = _saved_user(row)
        user.account = _saved_account(row, state)
        user.rooms.update((fold, state.rooms[fold]) for fold in row["rooms"])
    by_id = {user.id: user for user in state.users.values()}
    for row in saved["rooms"]:
        members = state.rooms[row["fold"]].members
        members.update((by_id[user], Role(role)) for user, role in row["members"])
    return by_id


def _restore_session(state: State, row: dict[str, Any], users: dict[int, User]) -> None:
    session = Session(row["id"], row["host"], row["address"])
    session.user = users.get(row["user"])
    session.since, session.is_console = row["since"], row["is_console"]
    session.account = _saved_account(row, state)
    session.link = _saved_link(row["link"], state)
    session.is_counted = row["is_counted"]
    session.has_used_link = row["has_used_link"]
    session.has_registered = row["has_registered"]
    session.told = row["told"]
    session.watches.update(row["watches"])
    state.sessions[session.id] = session
    for fold in session.watches:
        state.watchers.setdefault(fold, {})[session.id] = None


def _saved_account(row: dict[str, Any], state: State) -> Account | None:
    return state.accounts.get(row["account"])


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "host": session.host,
        "address": session.address,
        "user": session.user.id if session.user else None,
        "since": session.since,
        "is_console": session.is_console,
        "account": session.account.fold if session.account else "",
        "link": asdict(session.link) if session.link else None,
        "is_counted": session.is_counted,
        "has_used_link": session.has_used_link,
        "has_registered": session.has_registered,
        "told": session.told,
        "watches": dict(session.watches),
    }


def _account(account: Account) -> dict[str, Any]:
    return {**asdict(account), "visits": _visits(account.visits)}


def _visits(visits: dict[int, Visit]) -> list[Any]:
    """Their keys are numbers, and JSON knows no such keys."""
    return [[room, asdict(visit)] for room, visit in visits.items()]


def _saved_visits(rows: list[Any]) -> dict[int, Visit]:
    return {room: Visit(**row) for room, row in rows}


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "fold": user.fold,
        "who": asdict(user.who),
        "sessions": list(user.sessions),
        "rooms": list(user.rooms),
        "address": user.address,
        "since": user.since,
        "spoke": user.spoke,
        "away": user.away,
        "marks": [mark.name for mark in user.marks],
        "invitations": list(user.invitations),
        "account": user.account.fold if user.account else "",
        "visits": _visits(user.visits),
        "read": dict(user.read),
        "held_until": user.held_until,
        "wanted": user.wanted,
        "is_waiting": user.is_waiting,
    }


def _room(room: Room) -> dict[str, Any]:
    return {
        "id": room.id,
        "name": room.name,
        "fold": room.fold,
        **set_up(room),
        "empty_since": room.empty_since,
        "is_fresh": room.is_fresh,
        "members": [[user.id, role.value] for user, role in room.members.items()],
    }


def set_up(room: Room) -> dict[str, Any]:
    """How *room* is set up, and all that is true of it whoever is inside."""
    return {
        "since": room.since,
        "settings": [setting.name for setting in room.settings],
        "key": room.key,
        "key_check": room.key_check,
        "limit": room.limit,
        "masks": {
            kind.name: [asdict(mask) for mask in listed.values()]
            for kind, listed in room.masks.items()
        },
        "topic": asdict(room.topic) if room.topic else None,
        "opened": room.opened,
        "roles": [[account, role.value] for account, role in room.roles.items()],
    }


def _saved_user(row: dict[str, Any]) -> User:
    sessions = dict.fromkeys(row["sessions"])
    return User(
        row["id"],
        row["fold"],
        Who(**row["who"]),
        sessions,
        address=row["address"],
        since=row["since"],
        spoke=row["spoke"],
        away=row["away"],
        marks={Mark[name]: None for name in row["marks"]},
        invitations=dict.fromkeys(row["invitations"]),
        visits=_saved_visits(row["visits"]),
        read=dict(row["read"]),
        held_until=row["held_until"],
        wanted=row["wanted"],
        is_waiting=row["is_waiting"],
    )


def _saved_room(row: dict[str, Any]) -> Room:
    room = Room(row["id"], 0, row["name"], row["fold"])
    set_up_again(room, row)
    room.empty_since, room.is_fresh = row["empty_since"], row["is_fresh"]
    return room


def set_up_again(room: Room, saved: dict[str, Any]) -> None:
    """Set *room* up as the one was of which `set_up` made *saved*."""
    room.since = saved["since"]
    room.topic = Topic(**saved["topic"]) if saved["topic"] else None
    room.settings = {Setting[name]: None for name in saved["settings"]}
    room.key = saved["key"]
    room.key_check = saved["key_check"]
    room.limit = saved["limit"]
    room.masks = {
        Setting[kind]: {mask["text"].lower(): Mask(**mask) for mask in listed}
        for kind, listed in saved["masks"].items()
    }
    # Written down by an older house it says nothing of this.
    room.opened = saved.get("opened", 0)
    room.roles = {account: Role(role) for account, role in saved["roles"]}


def _saved_link(row: dict[str, Any] | None, state: State) -> Link | None:
    """What a session came in on, which may be used up by now."""
    if row is None:
        return None
    out = state.links.get(row["digest"])
    return out if out is not None and out.id == row["id"] else Link(**row)
