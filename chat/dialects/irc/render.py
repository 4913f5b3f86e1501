"""Rendering: an event as IRC bystanders see it.

A line out holds at most 512 bytes and, before them, at most 4096 of tags that
the server adds.  A longer text is split at code points: every piece is a line,
and the message's id goes with the first.

Next: chat/wire/outbox.py
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from chat.domain.commands import Manner
from chat.domain.events import (
    Departed,
    Event,
    Joined,
    Left,
    Renamed,
    Said,
    TopicChanged,
    Whispered,
)
from chat.domain.views import Who
from chat.wire.text import for_irc

# RFC 1459, section 2.3: with its CR LF, and without the tags before it.
LINE_SIZE: Final = 512


@dataclass(frozen=True, slots=True)
class IrcKind:
    """An IRC reader, as far as his capabilities change what he reads."""

    server_time: bool = False
    message_tags: bool = False
    echoes: bool = False

    def render(self, event: Event) -> bytes:  # noqa: PLR0911 - flat
        """*event* in one line, or several; none where IRC shows nothing."""
        match event:
            case Said():
                return self._spoken(event, event.room)
            case Whispered():
                return self._spoken(event, event.to)
            case Joined():
                return self._line(event, f"JOIN {event.room}")
            case Left():
                return self._line(event, f"PART {event.room}", event.reason)
            case Departed():
                return self._line(event, "QUIT", event.reason)
            case Renamed():
                return self._line(event, f"NICK {event.nick}")
            case TopicChanged():
                return self._line(event, f"TOPIC {event.room} :{for_irc(event.topic)}")
            case _:
                # Answers, which are told to the asker and to nobody else.
                return b""

    def _tags(self, event: "Happened", client_only: str = "") -> str:
        """The tags before *event*'s line, with their ``@`` and space; or none."""
        if not (self.server_time or self.message_tags):
            return ""
        tags = []
        if self.server_time:
            tags.append(f"time={time_text(event.at)}")
        if self.message_tags:
            tags.append(f"msgid={event.id:x}")
            if client_only:
                tags.append(for_irc(client_only))
        return f"@{';'.join(tags)} "

    def _line(self, event: "Happened", body: str, reason: str = "") -> bytes:
        if reason:
            body += f" :{for_irc(reason)}"
        tags = self._tags(event)
        return tags.encode() + fitting(f":{source(event.who)} {body}")

    def _spoken(self, event: Said | Whispered, target: str) -> bytes:
        if event.manner is Manner.TAGS:
            return self._tags_only(event, target)
        tags = self._tags(event, event.tags)
        text = for_irc(event.text)
        who = event.who
        command = "NOTICE" if event.manner is Manner.NOTICE else "PRIVMSG"
        head = f":{who.nick}!{who.username}@{who.host} {command} {target} :"
        if event.manner is Manner.ACTION:
            head, tail = f"{head}\x01ACTION ", "\x01\r\n"
        else:
            tail = "\r\n"
        line = f"{head}{text}{tail}".encode()
        if len(line) <= LINE_SIZE:
            return tags.encode() + line if tags else line
        return self._split(event, head, text, tail)

    def _split(self, event: Said | Whispered, head: str, text: str, tail: str) -> bytes:
        room = LINE_SIZE - len(head.encode()) - len(tail)
        first, *others = pieces(text, room)
        # The id names the message, not its pieces.
        later = f"@time={time_text(event.at)} " if self.server_time else ""
        lines = [f"{self._tags(event, event.tags)}{head}{first}{tail}"]
        lines += [f"{later}{head}{other}{tail}" for other in others]
        return "".join(lines).encode()

    def _tags_only(self, event: Said | Whispered, target: str) -> bytes:
        if not self.message_tags:
            return b""
        tags = self._tags(event, event.tags)
        return f"{tags}:{source(event.who)} TAGMSG {target}\r\n".encode()


Happened = Said | Whispered | Joined | Left | Departed | Renamed | TopicChanged


def source(who: Who) -> str:
    """Who sent a message, as IRC writes it: ``nick!user@host``."""
    return f"{who.nick}!{who.username}@{who.host}"


def fitting(line: str) -> bytes:
    """*line* with its end, cut at a code point if it is too long for one."""
    data = line.encode()
    if len(data) > LINE_SIZE - 2:
        data = data[: LINE_SIZE - 2].decode(errors="ignore").encode()
    return data + b"\r\n"


def pieces(text: str, room: int) -> list[str]:
    """*text* in pieces of at most *room* bytes, cut between code points."""
    # A piece holds a character at least.  Names so long that they fill the line,
    # if an operator allows them, make it too long; they must not stop the server.
    room = max(room, 4)
    data = text.encode()
    cut: list[str] = []
    while data:
        piece = data[:room].decode(errors="ignore")
        cut.append(piece)
        data = data[len(piece.encode()) :]
    return cut


@lru_cache(maxsize=8)
def time_text(at: int) -> str:
    """Milliseconds since 1970 as server-time wants them.

    All that happens in one turn has one time, so this is worked out once a turn.
    """
    whole = datetime.fromtimestamp(at // 1000, UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}Z"
