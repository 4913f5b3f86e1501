"""Rows: records as the database holds them, and back."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from chat.domain.records import (
    Act,
    Audited,
    Deed,
    ForgottenAccount,
    ForgottenLink,
    Kept,
    KeptAccount,
    KeptLink,
    KeptRoom,
    Line,
)

Row: TypeAlias = tuple[Any, ...]
# All records that are not merely added to what is there.
Standing: TypeAlias = (
    KeptRoom | KeptAccount | ForgottenAccount | KeptLink | ForgottenLink
)

# Which kind of conflict does no harm is said, or any would be passed over.
ADD_LINE: Final = """
    INSERT INTO messages
        (room, id, at, kind, account, source, target, text, tags, reply_to)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (room, id) DO NOTHING
"""
# Asks for one that is there, with the same in it.
_HAS_LINE: Final = """
    SELECT 1 FROM messages WHERE (room, id) = (?, ?)
    AND (at, kind, account, source, target, text, tags, reply_to)
        = (?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_AUDITED: Final = """
    INSERT INTO audit (id, at, act, who, about, address) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id, act, who, about) DO NOTHING
"""
# Columns are named, so that later ones do not matter here.
_ROOMS: Final = "SELECT id, name, fold, state, sealed FROM rooms ORDER BY id"
OPEN_ROOMS: Final = """
    SELECT id, name, fold, state, sealed FROM rooms WHERE NOT sealed ORDER BY id
"""
_PUT_ROOM: Final = """
    REPLACE INTO rooms (id, name, fold, state, sealed) VALUES (?, ?, ?, ?, ?)
"""
# Nobody will ask what a room was called in which nothing is told to have happened.
_FORGET_EMPTY_ROOM: Final = """
    DELETE FROM rooms WHERE id = ? AND sealed
    AND NOT EXISTS (SELECT 1 FROM messages WHERE room = rooms.id)
"""
_ACCOUNTS: Final = """
    SELECT id, name, fold, since, credential, seen, suspended, always_on, code, rooms
    FROM accounts ORDER BY id
"""
_PUT_ACCOUNT: Final = """
    REPLACE INTO accounts
        (id, name, fold, since, credential, seen, suspended, always_on, code, rooms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_FORGET_ACCOUNT: Final = "DELETE FROM accounts WHERE id = ?"
# That something was done stays; by whom, to whom and from where does not.
_FORGET_WHO: Final = """
    UPDATE OR REPLACE audit SET who = '', address = ''
    WHERE who = (SELECT name FROM accounts WHERE id = ?)
"""
_FORGET_WHOM: Final = """
    UPDATE OR REPLACE audit SET about = ''
    WHERE about = (SELECT name FROM accounts WHERE id = ?)
"""
_FORGET_WORDS: Final = """
    INSERT INTO forgetting (account, reached) VALUES (?, 0)
    ON CONFLICT (account) DO NOTHING
"""
_LINKS: Final = "SELECT id, room, digest, by, until, uses FROM links ORDER BY id"
_PUT_LINK: Final = """
    REPLACE INTO links (id, room, digest, by, until, uses) VALUES (?, ?, ?, ?, ?, ?)
"""
_FORGET_LINK: Final = "DELETE FROM links WHERE id = ?"


def of_line(line: Line, room: int) -> Row:
    """*line* as a row of *room*, which may be a conversation."""
    return (
        room,
        line.id,
        line.at,
        line.deed.value,
        line.account,
        line.source,
        line.target,
        line.text,
        line.tags,
        line.reply_to,
    )


def missing(connection: sqlite3.Connection, lines: Iterable[Row]) -> list[int]:
    """The ids of those *lines* that are not there, or are others there."""
    return [
        line[1] for line in lines if not connection.execute(_HAS_LINE, line).fetchone()
    ]


def of_audited(audited: Audited) -> Row:
    """*audited* as a row."""
    return (
        audited.id,
        audited.at,
        # Words can be changed; the name stays.
        audited.act.name,
        audited.who,
        audited.about,
        audited.address,
    )


def audited(row: Row) -> Audited:
    """What *row* says: id, at, act, who, about, address."""
    return Audited(row[0], row[1], Act[row[2]], *row[3:])


def line(row: Row) -> Line:
    """What *row* says: room, id, at, kind, and the rest in the order of `of_line`."""
    room, number, at, kind, account, source, target, text, tags, reply_to = row
    return Line(
        number,
        at,
        room,
        Deed(kind),
        source,
        text,
        account=account,
        target=target,
        tags=tags,
        reply_to=reply_to,
    )


def put(connection: sqlite3.Connection, record: Standing) -> None:
    """Have *record* replace what was there."""
    match record:
        case KeptRoom():
            connection.execute(_PUT_ROOM, _of_room(record))
            if record.is_sealed:
                forget_empty(connection, record.id)
        case KeptAccount():
            connection.execute(_PUT_ACCOUNT, _of_account(record))
        case ForgottenAccount(account, words):
            if words:
                connection.execute(_FORGET_WORDS, [account])
                connection.execute(_FORGET_WHO, [account])
                connection.execute(_FORGET_WHOM, [account])
            connection.execute(_FORGET_ACCOUNT, [account])
        case KeptLink(number, room, digest, by, until, uses):
            row = number, room, digest, by, until, uses
            connection.execute(_PUT_LINK, row)
        case ForgottenLink(number):
            connection.execute(_FORGET_LINK, [number])


def kept(connection: sqlite3.Connection) -> Kept:
    """What a house begins with."""
    last_id, last_at = connection.execute(
        "SELECT last_id, last_at FROM meta"
    ).fetchone()
    links = connection.execute(_LINKS)
    return Kept(
        last_id,
        tuple(map(_room, connection.execute(OPEN_ROOMS))),
        tuple(accounts(connection)),
        tuple(KeptLink(*row) for row in links),
        last_at,
    )


def rooms(connection: sqlite3.Connection) -> list[KeptRoom]:
    """All rooms, sealed ones among them, in the order of their ids."""
    return [_room(row) for row in connection.execute(_ROOMS)]


def accounts(connection: sqlite3.Connection) -> list[KeptAccount]:
    """All accounts, in the order of their ids."""
    return [_account(row) for row in connection.execute(_ACCOUNTS)]


def forget_empty(connection: sqlite3.Connection, room: int) -> None:
    """Forget *room*, if it is sealed and none of its messages are there."""
    connection.execute(_FORGET_EMPTY_ROOM, [room])


def _room(row: Row) -> KeptRoom:
    number, name, fold, state, sealed = row
    return KeptRoom(number, name, fold, json.loads(state), bool(sealed))


def _of_room(room: KeptRoom) -> Row:
    state = json.dumps(room.state, ensure_ascii=False)
    return room.id, room.name, room.fold, state, room.is_sealed


def _of_account(account: KeptAccount) -> Row:
    return (
        account.id,
        account.name,
        account.fold,
        account.since,
        account.credential,
        account.seen,
        account.is_suspended,
        account.is_always_on,
        account.code,
        json.dumps(account.rooms),
    )


def _account(row: Row) -> KeptAccount:
    *head, suspended, always_on, code, inside = row
    values = [*head, bool(suspended), bool(always_on), code, tuple(json.loads(inside))]
    return KeptAccount(*values)
