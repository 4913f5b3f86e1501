"""Talk on IRC: PRIVMSG, NOTICE and TAGMSG, to a room, a person, or several.

https://modern.ircdocs.horse/#privmsg-message; CTCP ACTION is
https://modern.ircdocs.horse/ctcp#action, and which tags are relayed is said by
https://ircv3.net/specs/extensions/message-tags.
"""

import re
from collections.abc import Sequence
from typing import Final

from chat.dialects.dialect import Breath, Heard
from chat.dialects.irc import nickserv
from chat.dialects.irc.client import Client, Wrong
from chat.dialects.irc.isupport import MOST_TARGETS
from chat.dialects.irc.message import Message, escaped
from chat.dialects.irc.modes import PREFIXES
from chat.domain.commands import Command, Manner, Say, Whisper
from chat.wire.lines import Line

_ACTION: Final = "\x01ACTION "
# Most of what anybody says: a text for one room, as all clients write it.
_TO_ROOM: Final = re.compile(rb"PRIVMSG (#[^ ,]*) :")
# What begins with the first may be CTCP, and the second, at the end, is no part of it.
_CTCP, _CR = b"\x01\r"
_STANDINGS: Final = {prefix: standing for standing, prefix in PREFIXES.items()}


def breath(lines: Sequence[Line], limit: int) -> Breath | None:
    """The first of *lines*, as long as they do nothing but say a text to one room.

    None if the first does not; *limit* is the longest line there may be.
    """
    first = lines[0]
    # Asked so because a line is mostly bytes, and of an Enum it takes thrice as long.
    begun = _TO_ROOM.match(first) if isinstance(first, bytes) else None
    if begun is None:
        return None
    head, room = begun.group(0, 1)
    size = len(head)
    texts: list[bytes] = []
    for line in lines:
        # Whatever is before the text is the same in each, so the room is.
        if not isinstance(line, bytes) or not line.startswith(head):
            break
        if not size < len(line) <= limit or line[size] == _CTCP or line[-1] == _CR:
            break
        texts.append(line[size:])
    if not texts:
        return None
    try:
        # All at once, for no text has a line's end in it.
        return room.decode(), b"\n".join(texts).decode().split("\n")
    except UnicodeDecodeError:
        return None


def privmsg(client: Client, message: Message) -> Heard:
    """PRIVMSG: say it, or do it (CTCP ACTION)."""
    if _is_for_nickserv(message) and len(message.params) > 1:
        return nickserv.hear(client, message.params[1])
    return said(message, Manner.SAY, _tags(client, message))


def notice(client: Client, message: Message) -> Heard:
    """NOTICE: say it in a way that no program answers, and nor do we."""
    if _is_for_nickserv(message):
        return []
    return said(message, Manner.NOTICE, _tags(client, message))


def tagmsg(client: Client, message: Message) -> Heard:
    """TAGMSG: client-only tags without a text."""
    if "message-tags" not in client.caps:
        return [client.numeric("421", "TAGMSG", "Unknown command.")]
    tags = client_tags(message)
    if not tags or _is_for_nickserv(message):
        return []
    return addressed(message.params[0], "", Manner.TAGS, tags)


def _is_for_nickserv(message: Message) -> bool:
    return bool(message.params) and nickserv.is_meant(message.params[0])


def _tags(client: Client, message: Message) -> str:
    if not message.tags or "message-tags" not in client.caps:
        return ""
    return client_tags(message)


def said(message: Message, manner: Manner, tags: str) -> Heard:
    """What a PRIVMSG or NOTICE asks for.

    Raises:
        Wrong: nobody to say it to, nothing to say, or too many to hear it.
    """
    params = message.params
    if not params or not params[0]:
        raise Wrong("411", f"No recipient given ({message.command}).")
    if len(params) == 1 or not params[1]:
        raise Wrong("412", "No text to send.")
    target, text = params[:2]
    if text.startswith(_ACTION) and manner is Manner.SAY:
        manner, text = Manner.ACTION, text.removeprefix(_ACTION).removesuffix("\x01")
    if "," not in target:
        return [_to(target, text, manner, tags)]
    return addressed(target, text, manner, tags)


def addressed(addressees: str, text: str, manner: Manner, tags: str) -> Heard:
    """One command for each of the *addressees*, which commas divide.

    Raises:
        Wrong: there are too many.
    """
    return [_to(target, text, manner, tags) for target in targets(addressees)]


def targets(text: str) -> list[str]:
    """The rooms and people in *text*, which commas divide.

    Raises:
        Wrong: there are too many.
    """
    if "," not in text:
        return [text]
    each = [target for target in text.split(",") if target]
    if len(each) > MOST_TARGETS:
        raise Wrong("407", text[:50], "Too many targets.")
    return each


def client_tags(message: Message) -> str:
    """The tags that are relayed: those that a ``+`` marks as the client's."""
    return ";".join(
        f"{key}={escaped(value)}" if value else key
        for key, value in message.tags.items()
        if key.startswith("+")
    )


def _to(target: str, text: str, manner: Manner, tags: str) -> Command:
    if target.startswith("#"):
        return Say(target, text, manner, tags)
    if target[:1] in _STANDINGS and (room := target.lstrip("@+")).startswith("#"):
        # https://modern.ircdocs.horse/#statusmsg-parameter.  Of several the lowest
        # counts: those above it hear it anyway.
        only = _STANDINGS["+" if "+" in target[: -len(room)] else "@"]
        return Say(room, text, manner, tags, only)
    return Whisper(target, text, manner, tags)
