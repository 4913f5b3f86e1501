"""The archive: what is remembered, read from outside the house.

Reading needs no server and minds none: a reader of the store sees what had been
written when it began.  What other people wrote comes out harmless, as text and as
JSON, for it is likely to end on a terminal.  Times are UTC.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chat.domain.records import Audited, Deed, Line
from chat.store.reader import Told
from chat.wire.text import harmless

# What is done, of whom (nick), to whom or into what (target), and the words.
_IN_WORDS: Final = {
    Deed.SAY: "<{nick}> {text}",
    Deed.ACTION: "* {nick} {text}",
    Deed.NOTICE: "-{nick}- {text}",
    Deed.JOIN: "-- {nick} has come in.",
    Deed.LEAVE: "-- {nick} has left ({text}).",
    Deed.DEPART: "-- {nick} has gone ({text}).",
    Deed.KICK: "-- {nick} has put {target} out ({text}).",
    Deed.RENAME: "-- {nick} is {target} from now on.",
    Deed.TOPIC: "-- {nick} has changed the topic: {text}",
    Deed.SETTINGS: "-- {nick} has changed the room: {text}",
    Deed.GAP: "-- Here are missing so many lines: {text}.",
}


def moment(since: datetime | timedelta | None, now: int) -> int:
    """*since* in milliseconds: a moment, or how long before *now*; 0 for ever."""
    match since:
        case datetime():
            return int(since.timestamp() * 1000)
        case timedelta():
            return now - since // timedelta(milliseconds=1)
        case None:
            return 0


def exported(lines: Iterable[Told], *, is_json: bool) -> Iterator[str]:
    """What was said, each line with its room; tags say nothing to people."""
    for told in lines:
        room, line = told.room, told.line
        if is_json:
            yield _json(_fields_of_line(room, line))
        elif line.deed in _IN_WORDS:
            yield f"{_date(line.at)} {harmless(room)} {_in_words(line)}"


def audited(rows: Iterable[Audited], *, is_json: bool) -> Iterator[str]:
    """Who did what, about whom or what, and from which address."""
    for row in rows:
        yield _json(_fields_of_audit(row)) if is_json else _of_audit(row)


def _in_words(line: Line) -> str:
    nick = line.source.partition("!")[0]
    words = _IN_WORDS[line.deed]
    if not line.text:
        # Not everybody gives a reason.
        words = words.replace(" ({text})", "")
    return words.format(
        nick=harmless(nick), target=harmless(line.target), text=harmless(line.text)
    )


def _fields_of_line(room: str, line: Line) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": f"{line.id:x}",
        "time": _date(line.at),
        "room": room,
        "kind": line.deed.name.lower(),
        "source": line.source,
        "text": line.text,
        "target": line.target,
        "tags": line.tags,
        "reply_to": f"{line.reply_to:x}" if line.reply_to else "",
    }
    # Most lines have no target, and are easier to read without.
    return {name: value for name, value in fields.items() if value != ""}


def _of_audit(row: Audited) -> str:
    about = f": {harmless(row.about)}" if row.about else ""
    address = f" from {harmless(row.address)}" if row.address else ""
    return f"{_date(row.at)} {harmless(row.who)} {row.act.value}{about}{address}"


def _fields_of_audit(row: Audited) -> dict[str, Any]:
    return {
        "time": _date(row.at),
        "act": row.act.name.lower(),
        "who": row.who,
        "about": row.about,
        "address": row.address,
    }


def _json(fields: dict[str, Any]) -> str:
    # All that is not ASCII is escaped: nothing in it is obeyed by a terminal.
    return json.dumps(fields)


def _date(at: int) -> str:
    when = datetime.fromtimestamp(at / 1000, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
