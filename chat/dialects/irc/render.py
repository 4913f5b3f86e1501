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
# In ms.
_DAY: Final = 86_400_000
# What stands around a text: tags, everything else before it, and what ends it.
_Frame: TypeAlias = tuple[str, str, str]


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
        match event:
            case Said():
                if event.only is None:
                    return self._spoken(event, event.room)
                return self._spoken(event, PREFIXES[event.only] + event.room)
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

    def _tags(self, event: Happened, more: str = "", account: str = "") -> str:
        """The tags before *event*'s line, with their ``@`` and space; or none."""
        tags = self._of_every_piece(event, account)
        if self.message_tags:
            tags.append(f"msgid={event.id:x}")
            if more:
                tags.append(for_irc(more))
        return f"@{';'.join(tags)} " if tags else ""

    def _of_every_piece(self, event: Happened, account: str) -> list[str]:
        """When it was, and who is logged in that did it."""
        tags = [f"time={time_text(event.at)}"] if self.server_time else []
        if account and self.account_tag:
            # https://ircv3.net/specs/extensions/account-tag
            tags.append(f"account={escaped(account)}")
        return tags

    def _line(self, event: "_Somebodys", body: str, reason: str = "") -> bytes:
        if reason:
            body += f" :{for_irc(reason)}"
        tags = self._tags(event, account=event.who.account)
        return tags.encode() + fitting(f":{source(event.who)} {body}")

    def _spoken(self, event: Said | Whispered, target: str) -> bytes:
        if event.manner is Manner.TAGS:
            return self._tags_only(event, target)
        tags = self._tags_of(event)
        who = event.who
        text = for_irc(event.text)
        command = "NOTICE" if event.manner is Manner.NOTICE else "PRIVMSG"
        head = f":{who.nick}!{who.username}@{who.host} {command} {target} :"
        if event.manner is Manner.ACTION:
            head, tail = f"{head}\x01ACTION ", "\x01\r\n"
        else:
            tail = "\r\n"
        line = f"{head}{text}{tail}".encode()
        if len(line) <= LINE_SIZE:
            return tags.encode() + line if tags else line
        return self._split(event, (tags, head, tail), text)

    def _tags_of(self, event: Said | Whispered) -> str:
        more = _bots(event.tags) if event.is_bot else event.tags
        return self._tags(event, more, event.who.account)

    def _split(self, event: Said | Whispered, line: _Frame, text: str) -> bytes:
        tags, head, tail = line
        first, *others = pieces(text, LINE_SIZE - len(head.encode()) - len(tail))
        # The id names the message, not its pieces.
        repeated = self._of_every_piece(event, event.who.account)
        later = f"@{';'.join(repeated)} " if repeated else ""
        lines = [f"{tags}{head}{first}{tail}"]
        lines += [f"{later}{head}{other}{tail}" for other in others]
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


@lru_cache(maxsize=8)
def time_text(at: int) -> str:
    """Milliseconds since 1970 as server-time wants them.

    All that happens in one turn has one time, so this is worked out once a turn.
    """
    days, rest = divmod(at, _DAY)
    seconds, thousandths = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_day(days)}T{hour:02}:{minute:02}:{second:02}.{thousandths:03}Z"


@lru_cache(maxsize=8)
def _day(number: int) -> str:
    """A day by its number since 1970: a page of history has few, but many times."""
    return datetime.fromtimestamp(number * _DAY // 1000, UTC).date().isoformat()
