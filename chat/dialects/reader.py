"""Readers: what kinds of people read on plain, and how a line looks to each.

Two people of one kind read the very same bytes, so a kind is all that can make a
difference to what is said in a room: whether the room has to be named, how wide
the window is, whether lines bear the time and nicks a colour.

A row begins at the left only where a line does; wherever a line that is too long
goes on it is indented, whatever stands before the speaker's name:

    10:14 [#tea] alice: a line that is longer than
        the window

Next: chat/dialects/zones.py
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from zlib import crc32

from chat.dialects import words, zones
from chat.domain.events import (
    Event,
    Happened,
    Invited,
    Joined,
    KeepingChanged,
    Kicked,
    Left,
    RoomChanged,
    Said,
    Speech,
    TopicChanged,
)
from chat.domain.names import fold
from chat.wire.text import harmless, wrap

# Where a line that was wrapped goes on; only speakers and the house stand left.
_INDENT: Final = 4
# ECMA-48, 8.3.117 (SGR): red, green, yellow, blue, magenta, cyan.  Which shades
# those are is the terminal's to know, and whoever sits there has chosen them.
_COLOURS: Final = (31, 32, 33, 34, 35, 36)
# What stands before the nick of whoever a line is about.
_HEADS: Final = ("", "* ", "-", "-- ")


@dataclass(frozen=True, slots=True)
class PlainKind:
    """A reader on plain; with several rooms he must be told which is meant.

    While nobody knows how many columns his window has, nothing is wrapped.  With
    a `zone`, what happens bears the time of day there.
    """

    shows_room: bool = False
    columns: int | None = None
    zone: str = ""
    has_colours: bool = False

    @property
    def echoes(self) -> bool:
        """Never: the terminal has shown the line already."""
        return False

    def render(self, event: Event) -> bytes:
        """*event* as a bystander reads it."""
        if isinstance(event, Speech):
            return b"".join(map(self.render, event.each()))
        tag = f"[{harmless(_room(event))}] " if self.shows_room else ""
        return self.telling(event, words.of_event(event), "" if tag == "[] " else tag)

    def telling(self, event: Event, text: str, tag: str = "") -> bytes:
        """*text*, which tells of *event*, with what this reader has before it."""
        if not text:
            return b""
        if self.zone and isinstance(event, Happened):
            tag = f"{zones.hour(event.at, self.zone)} {tag}"
        who = getattr(event, "who", None) if self.has_colours else None
        return self._drawn(text, tag, who.nick if who else "")

    def earlier(self, event: Event, text: str, mark: str) -> bytes:
        """*text*, which tells of *event*, behind a *mark* that says when it was."""
        who = getattr(event, "who", None) if self.has_colours else None
        return self._drawn(text, mark, who.nick if who else "") if text else b""

    def encoded(self, text: str) -> bytes:
        """*text* as this terminal wants it: UTF-8, CR LF, and wrapped to fit."""
        return self._drawn(text, "", "")

    def at_width(self, columns: int) -> "PlainKind":
        """The same reader in a window of so many columns, or a few less.

        What is said in a room is drawn anew for each width that somebody there
        has, and a crowd of widths would be a way to keep the server busy.
        """
        step = 8 if columns <= 80 else 40
        return replace(self, columns=min(columns // step * step, 160))

    def _drawn(self, text: str, tag: str, nick: str) -> bytes:
        rows: list[str] = []
        for line in text.split("\n"):
            rows += self._rows(tag + line, len(tag), nick)
        return ("\r\n".join(rows) + "\r\n").encode()

    def _rows(self, line: str, start: int, nick: str) -> list[str]:
        # A link is cut like any other word that is too long for a line.  Were it
        # left to the terminal, "bob:" at the link's end could come to stand in the
        # first column, with what follows indented below it, as bob's own lines do.
        rows = [line]
        if self.columns is not None:
            rows = wrap(line, self.columns, indent=_INDENT, keep_links=False)
        # After wrapping, because colours take no columns.
        if nick:
            rows[0] = _painted(rows[0], start, harmless(nick))
        return rows


def _room(event: Event) -> str:
    """Where it happened, if whoever is in several rooms has to be told."""
    match event:
        case (
            Said(room=room)
            | Joined(room=room)
            | Left(room=room)
            | TopicChanged(room=room)
            | RoomChanged(room=room)
            | Kicked(room=room)
            | Invited(room=room)
            | KeepingChanged(room=room)
        ):
            return room
        case _:
            return ""


def _painted(row: str, start: int, nick: str) -> str:
    """*row* with *nick* in its colour, if it stands whole where lines are begun."""
    for head in _HEADS:
        if row.startswith(head + nick, start):
            at = start + len(head)
            return row[:at] + _coloured(nick) + row[at + len(nick) :]
    return row


# As many as talk at the same time.
@lru_cache(maxsize=1024)
def _coloured(nick: str) -> str:
    colour = _COLOURS[crc32(fold(nick).encode()) % len(_COLOURS)]
    return f"\x1b[{colour}m{nick}\x1b[m"
