"""Rendering: an event as IRC bystanders see it.

A line out holds at most 512 bytes and, before them, at most 4096 of tags that
the server adds.  A longer text is split at code points: every piece is a line,
and the message's id goes with the first.

Next: chat/wire/outbox.py
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, TypeAlias

from chat.dialects.irc.message import escaped
from chat.dialects.irc.modes import PREFIXES, letter_of, written
from chat.dialects.irc.words import LINE_SIZE, fitting, pieces
from chat.domain.commands import Manner
from chat.domain.events import (
    AccountChanged,
    AwayChanged,
    Departed,
    Event,
    Happened,
    Invited,
    Joined,
    KeepingChanged,
    Kicked,
    Left,
    MarkChanged,
    Redescribed,
    Renamed,
    RoomChanged,
    Said,
    Speech,
    TopicChanged,
    Walloped,
    Whispered,
)
from chat.domain.views import Who
from chat.wire.text import for_irc

# https://ircv3.net/specs/extensions/server-time
_TIME: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{3})Z"
)
# How a time ends: to write these takes as long as to find all that is before them.
_THOUSANDTHS: Final = tuple(f".{number:03}Z" for number in range(1000))
# The command that says a text in each manner, and what stands around the text.
# Not asked one by one: to look up an Enum's member takes as long as a dictionary.
_FRAMES: Final = {
    Manner.SAY: ("PRIVMSG", "", "\r\n"),
    Manner.ACTION: ("PRIVMSG", "\x01ACTION ", "\x01\r\n"),
    Manner.NOTICE: ("NOTICE", "", "\r\n"),
}
# What stands around a piece of it: all that is before it, and what ends it.
_Frame: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class IrcKind:
    """An IRC reader, as far as his capabilities change what he reads.

    `chghost` is not among them: nobody's host changes here.
    """

    server_time: bool = False
    message_tags: bool = False
    echoes: bool = False
    away_notify: bool = False
    extended_join: bool = False
    invite_notify: bool = False
    setname: bool = False
    account_notify: bool = False
    account_tag: bool = False
    # The name of the house, which is one and the same for every reader.
    house: str = field(default="", compare=False)

    def render(self, event: Event) -> bytes:  # noqa: C901, PLR0911, PLR0912 - flat
        """*event* in one line, or several; none where IRC shows nothing."""
        # Most of what happens; `match` would take three times as long to see it.
        if isinstance(event, Said):
            for_whom = "" if event.only is None else PREFIXES[event.only]
            return self._spoken(event, for_whom + event.room)
        if isinstance(event, Speech):
            return self._recited(event)
        match event:
            case Whispered():
                return self._spoken(event, event.to)
            case Joined():
                return self._joined(event)
            case Left():
                return self._line(event, f"PART {event.room}", event.reason)
            case Departed():
                return self._line(event, "QUIT", event.reason)
            case Renamed():
                return self._line(event, f"NICK {event.nick}")
            case TopicChanged():
                return self._line(event, f"TOPIC {event.room} :{for_irc(event.topic)}")
            case RoomChanged():
                return self._room_changed(event)
            case Kicked():
                # https://modern.ircdocs.horse/#kick-message: there is always one.
                reason = event.reason or event.who.nick
                return self._line(event, f"KICK {event.room} {event.nick}", reason)
            case Invited():
                return self.invited(event) if self.invite_notify else b""
            case AwayChanged():
                return (
                    self._line(event, "AWAY", event.text) if self.away_notify else b""
                )
            case Redescribed():
                line = f"SETNAME :{for_irc(event.realname)}"
                return self._line(event, line) if self.setname else b""
            case MarkChanged():
                sign = "+" if event.on else "-"
                mode = f"MODE {event.who.nick} {sign}{letter_of(event.mark)}"
                return self._line(event, mode)
            case Walloped():
                return self._line(event, f"WALLOPS :{for_irc(event.text)}")
            case AccountChanged():
                line = f"ACCOUNT {event.account or '*'}"
                return self._line(event, line) if self.account_notify else b""
            case KeepingChanged():
                return self.keeping(event, event.room or "*")
            case _:
                # Answers, which are told to the asker and to nobody else.
                return b""

    def invited(self, event: Invited) -> bytes:
        """An invitation, for the one whom it invites."""
        return self._line(event, f"INVITE {event.nick} {event.room}")

    def _joined(self, event: Joined) -> bytes:
        if not self.extended_join:
            return self._line(event, f"JOIN {event.room}")
        # https://ircv3.net/specs/extensions/extended-join: a star is no account.
        realname, account = for_irc(event.who.realname), event.who.account or "*"
        return self._line(event, f"JOIN {event.room} {account} :{realname}")

    def _room_changed(self, event: RoomChanged) -> bytes:
        who = source(event.who) if event.who else self.house
        head = f":{who} MODE {event.room} "
        tags = self._tags(event).encode()
        lines = written(event.changes, LINE_SIZE - 2 - len(head.encode()))
        return b"".join(tags + fitting(head + line) for line in lines)

    def keeping(self, event: KeepingChanged, target: str) -> bytes:
        """Whether what is said is kept, for *target*."""
        text = "can be kept again" if event.is_kept else "cannot be kept just now"
        if event.lost:
            are_lost = "line is lost" if event.lost == 1 else "lines are lost"
            text += f", but {event.lost} {are_lost}"
        head = f":{self.house} NOTICE {target}"
        return self._tags(event).encode() + fitting(f"{head} :What is said {text}.")

    def _tags(
        self, event: Happened, more: str = "", account: str = "", *, has_id: bool = True
    ) -> str:
        """The tags before *event*'s line, with their ``@`` and space; or none."""
        tags = f"time={time_text(event.at)};" if self.server_time else ""
        if account and self.account_tag:
            # https://ircv3.net/specs/extensions/account-tag
            tags += f"account={escaped(account)};"
        if self.message_tags and has_id:
            tags += f"msgid={event.id:x};"
            if more:
                tags += f"{for_irc(more)};"
        return f"@{tags[:-1]} " if tags else ""

    def _line(self, event: "_Somebodys", body: str, reason: str = "") -> bytes:
        if reason:
            body += f" :{for_irc(reason)}"
        tags = self._tags(event, account=event.who.account)
        return tags.encode() + fitting(f":{source(event.who)} {body}")

    def _spoken(self, event: Said | Whispered, target: str) -> bytes:
        frame = _FRAMES.get(event.manner)
        if frame is None:
            return self._tags_only(event, target)
        command, before, after = frame
        who = event.who
        head = f":{who.nick}!{who.username}@{who.host} {command} {target} :{before}"
        text = for_irc(event.text)
        line = f"{head}{text}{after}".encode()
        if len(line) > LINE_SIZE:
            return self._split(event, (head, after), text)
        if not (self.server_time or self.message_tags or self.account_tag):
            return line
        return self._tags_of(event).encode() + line

    def _recited(self, speech: Speech) -> bytes:
        """All that was said in one breath, line by line."""
        if not (self.server_time or self.message_tags or self.account_tag):
            head = f":{source(speech.who)} PRIVMSG {speech.room} :"
            lines = f"\r\n{head}".join(map(for_irc, speech.texts))
            told = f"{head}{lines}\r\n".encode()
            if len(told) <= LINE_SIZE or max(map(len, told.split(b"\n"))) < LINE_SIZE:
                return told
        return b"".join([self._spoken(said, said.room) for said in speech.each()])

    def _tags_of(self, event: Said | Whispered) -> str:
        more = _bots(event.tags) if event.is_bot else event.tags
        return self._tags(event, more, event.who.account)

    def _split(self, event: Said | Whispered, frame: _Frame, text: str) -> bytes:
        head, after = frame
        first, *others = pieces(text, LINE_SIZE - len(head.encode()) - len(after))
        # The id names the message, not its pieces.
        later = self._tags(event, account=event.who.account, has_id=False)
        lines = [f"{self._tags_of(event)}{head}{first}{after}"]
        lines += [f"{later}{head}{other}{after}" for other in others]
        return "".join(lines).encode()

    def _tags_only(self, event: Said | Whispered, target: str) -> bytes:
        if not self.message_tags:
            return b""
        tags = self._tags_of(event)
        return f"{tags}:{source(event.who)} TAGMSG {target}\r\n".encode()


# What somebody did, rather than perhaps the house itself.
_Somebodys: TypeAlias = (
    Joined
    | Left
    | Departed
    | Renamed
    | TopicChanged
    | Kicked
    | Invited
    | AwayChanged
    | Redescribed
    | MarkChanged
    | Walloped
    | AccountChanged
)


def _bots(tags: str) -> str:
    """*tags*, and before them what https://ircv3.net/specs/extensions/bot-mode adds."""
    return f"bot;{tags}" if tags else "bot"


def source(who: Who) -> str:
    """Who sent a message, as IRC writes it: ``nick!user@host``."""
    return f"{who.nick}!{who.username}@{who.host}"


def moment(at: int) -> str:
    """Milliseconds since 1970 as a person reads them."""
    return f"{datetime.fromtimestamp(at // 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def time_of(text: str) -> int | None:
    """What `time_text` makes, as milliseconds again; None if *text* is nothing such.

    Before 1970 nothing was said.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, seconds, thousandths = map(int, found.groups())
    try:
        whole = datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None
    # A second 60 is one that was put in.
    at = (int(whole.timestamp()) + seconds) * 1000 + thousandths
    return max(0, at) if seconds <= 60 else None


def time_text(at: int) -> str:
    """Milliseconds since 1970 as server-time wants them."""
    second, thousandths = divmod(at, 1000)
    return _second(second) + _THOUSANDTHS[thousandths]


@lru_cache(maxsize=64)
def _second(number: int) -> str:
    """A second by its number since 1970, for all that is said in it."""
    return datetime.fromtimestamp(number, UTC).isoformat()[: len("2026-11-20T10:14:00")]
