"""Rows: records as the database holds them, and back."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import fields
from itertools import chain, groupby
from operator import attrgetter
from typing import Any, Final, TypeAlias

from chat.domain.pages import SAID
from chat.domain.ports import Taken
from chat.domain.records import (
    Act,
    Audited,
    Deed,
    Delivered,
    ForgottenAccount,
    ForgottenLink,
    Kept,
    KeptAccount,
    KeptLink,
    KeptRead,
    KeptRoom,
    KeptVisit,
    Line,
    Lines,
)

Row: TypeAlias = tuple[Any, ...]
# All records that are not merely added to what is there.
Standing: TypeAlias = (
    KeptRoom
    | KeptAccount
    | ForgottenAccount
    | KeptLink
    | ForgottenLink
    | KeptVisit
    | KeptRead
    | Delivered
)

_SAY: Final = Deed.SAY.value
# The numbers of what is no event.
_SAID: Final = frozenset(deed.value for deed in SAID)
# Lines that one statement adds, the most first: to begin one costs as much as a line.
_AT_ONCE: Final = 64, 32, 16, 8, 4, 2, 1
# What fails is rolled back by whoever began: with FAIL nothing is copied to undo it.
_ADD_LINES: Final = """
    INSERT OR FAIL INTO messages
        (room, id, at, kind, account, source, text, target, tags, reply_to)
    VALUES {}
"""
_LINE: Final = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# Hardly any line has more to it, and what need not be bound is a quarter of the price.
_SHORT_LINE: Final = "(?, ?, ?, ?, ?, ?, ?, '', '', 0)"
_NO_MORE: Final[Row] = "", "", 0
_SHORT: Final = _SHORT_LINE.count("?")
# By how long a row is.
_ADD: Final = {
    line.count("?"): [
        (most, _ADD_LINES.format(", ".join([line] * most))) for most in _AT_ONCE
    ]
    for line in (_LINE, _SHORT_LINE)
}
_LINE_THERE: Final = """
    SELECT room, id, at, kind, account, source, text, target, tags, reply_to
    FROM places CROSS JOIN messages USING (place, room, id)
    WHERE room = ? AND places.event = ? AND id = ?
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
    AND NOT EXISTS (SELECT 1 FROM places WHERE room = rooms.id)
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
_VISITS: Final = """
    SELECT id, account, room, since, went, back, read FROM visits
    ORDER BY account, room
"""
_PUT_VISIT: Final = """
    REPLACE INTO visits (id, account, room, since, went, back, read)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_FORGET_VISIT: Final = "DELETE FROM visits WHERE (account, room) = (?, ?)"
_FORGET_VISITS_OF_ROOM: Final = "DELETE FROM visits WHERE room = ?"
_READS: Final = "SELECT id, account, peer, at FROM reads ORDER BY account, peer"
_PUT_READ: Final = "REPLACE INTO reads (id, account, peer, at) VALUES (?, ?, ?, ?)"
_FORGET_READ: Final = "DELETE FROM reads WHERE (account, peer) = (?, ?)"
# A session may end after its account; of one that is gone nothing is kept.
_PUT_DELIVERED: Final = """
    INSERT INTO delivered (id, account, device)
    SELECT ?1, ?2, ?3 FROM accounts WHERE id = ?2
    ON CONFLICT (account, device) DO UPDATE SET id = max(id, excluded.id)
"""
# What an account has read, and how far others have read what it said to them: who
# has its name next is somebody else.
_FORGET_READING: Final = (
    "DELETE FROM visits WHERE account = ?",
    "DELETE FROM reads WHERE account = ?",
    "DELETE FROM reads WHERE peer = (SELECT fold FROM accounts WHERE id = ?)",
    "DELETE FROM delivered WHERE account = ?",
)


_all_of: Final[Callable[[Line], Row]] = attrgetter(
    "room",
    "id",
    "at",
    # As `value`, which costs as much as all others together.
    "deed._value_",
    "account",
    "source",
    "text",
    "target",
    "tags",
    "reply_to",
)


def of_line(line: Line) -> Row:
    """*line* as a row of its room; a short one, if no more belongs to it."""
    row = _all_of(line)
    return row if row[_SHORT:] != _NO_MORE else row[:_SHORT]


def of_lines(breaths: Iterable[Lines]) -> list[Row]:
    """What was said in each of *breaths* as rows of its room: short ones."""
    return [
        (said.room, number, at, _SAY, said.account, said.source, text)
        for said in breaths
        for number, at, text in zip(said.ids, said.times, said.texts, strict=True)
    ]


def whole(row: Row) -> Row:
    """*row* as the database has it, short or not."""
    return row if len(row) > _SHORT else row + _NO_MORE


def in_conversation(row: Row, conversation: int) -> Row:
    """*row* as one of a *conversation*."""
    return (conversation, *row[1:])


def add_lines(connection: sqlite3.Connection, lines: Iterable[Row]) -> None:
    """Add *lines*, of which none is there, in their order."""
    for length, alike in groupby(lines, len):
        values = [*chain.from_iterable(alike)]
        start = 0
        for most, statement in _ADD[length]:
            while len(values) - start >= most * length:
                end = start + most * length
                connection.execute(statement, values[start:end])
                start = end


def once(lines: Iterable[Row]) -> list[Row]:
    """*lines*, but for those that are among them already.

    Raises:
        Taken: two of them would have one place.
    """
    found: dict[Row, Row] = {}
    for line in lines:
        _must_be(line, found.setdefault(_key(line), line))
    return [*found.values()]


def is_there(connection: sqlite3.Connection, line: Row) -> bool:
    """Whether *line* is there.

    Raises:
        Taken: another one is.
    """
    there = connection.execute(_LINE_THERE, _key(line)).fetchone()
    if there is None:
        return False
    _must_be(whole(line), there)
    return True


def _key(line: Row) -> Row:
    """What makes a line one: where, whether it only happened, and its id."""
    return line[0], line[3] not in _SAID, line[1]


def _must_be(line: Row, there: Row) -> None:
    if line != there:
        raise Taken(f"there is a line {line[1]} already")


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


def line(row: Row, peer: int = 0) -> Line:
    """What *row* says, a whole one: room, id, at, kind and so on, as they are added.

    In a conversation the account *peer* was spoken to.
    """
    room, number, at, kind, account, source, text, target, tags, reply_to = row
    return Line(
        number,
        at,
        0 if peer else room,
        Deed(kind),
        source,
        text,
        account=account,
        peer=peer,
        target=target,
        tags=tags,
        reply_to=reply_to,
    )


def put(  # noqa: C901, PLR0912 - flat
    connection: sqlite3.Connection, record: Standing
) -> None:
    """Have *record* replace what was there."""
    match record:
        case KeptRoom():
            connection.execute(_PUT_ROOM, _of_room(record))
            if record.is_sealed:
                connection.execute(_FORGET_VISITS_OF_ROOM, [record.id])
                forget_empty(connection, record.id)
        case KeptAccount():
            connection.execute(_PUT_ACCOUNT, _of_account(record))
        case ForgottenAccount(account, words):
            if words:
                connection.execute(_FORGET_WORDS, [account])
                connection.execute(_FORGET_WHO, [account])
                connection.execute(_FORGET_WHOM, [account])
            for statement in (*_FORGET_READING, _FORGET_ACCOUNT):
                connection.execute(statement, [account])
        case KeptLink(number, room, digest, by, until, uses):
            row = number, room, digest, by, until, uses
            connection.execute(_PUT_LINK, row)
        case ForgottenLink(number):
            connection.execute(_FORGET_LINK, [number])
        case KeptVisit(_, account, room, since=0, left=0, back=0, read=0):
            connection.execute(_FORGET_VISIT, [account, room])
        case KeptRead(_, account, peer, at=0):
            connection.execute(_FORGET_READ, [account, peer])
        case KeptVisit() | KeptRead() | Delivered():
            connection.execute(_PUT[type(record)], _in_order(record))


# Each is written as it is, in the order of its fields.
_PUT: Final[dict[type, str]] = {
    KeptVisit: _PUT_VISIT,
    KeptRead: _PUT_READ,
    Delivered: _PUT_DELIVERED,
}


def _in_order(record: KeptVisit | KeptRead | Delivered) -> Row:
    return tuple(getattr(record, each.name) for each in fields(record))


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
        tuple(KeptVisit(*row) for row in connection.execute(_VISITS)),
        tuple(KeptRead(*row) for row in connection.execute(_READS)),
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
