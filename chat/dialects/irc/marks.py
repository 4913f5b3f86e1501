"""Marks: MARKREAD, which says how far one has read.

https://ircv3.net/specs/extensions/read-marker, a draft.  One's own other devices hear
of it, and nobody else.
"""

from typing import Final

from chat.dialects.dialect import Heard
from chat.dialects.irc.client import Client, Failed
from chat.dialects.irc.message import Message
from chat.dialects.irc.render import time_of, time_text
from chat.dialects.irc.words import word
from chat.domain.questions import AskRead, MarkRead
from chat.domain.refusals import CannotRecall, MayNotRead, Reason

CAP: Final = "draft/read-marker"
NAME: Final = "MARKREAD"


def markread(_client: Client, message: Message) -> Heard:
    """MARKREAD: how far one has read in a room or with somebody; or say so."""
    if not message.params or not message.params[0]:
        raise Failed("NEED_MORE_PARAMS", "Missing parameters")
    target, *rest = message.params
    if not rest:
        return [AskRead(target)]
    kind, _, value = rest[0].partition("=")
    at = time_of(value)
    if len(rest) > 1 or kind != "timestamp" or at is None:
        raise Failed("INVALID_PARAMS", *rest[:2], "Invalid parameters")
    return [MarkRead(target, at)]


def failed(client: Client, reason: Reason, words: str) -> bytes:
    """Why that is not told, or not noted."""
    target = reason.target if isinstance(reason, MayNotRead | CannotRecall) else "*"
    code = "INVALID_PARAMS" if isinstance(reason, MayNotRead) else "INTERNAL_ERROR"
    return client.standard("FAIL", NAME, code, target, words)


def line(client: Client, target: str, at: int) -> bytes:
    """That one has read so far; with 0 nobody knows how far."""
    shown = f"timestamp={time_text(at)}" if at else "*"
    return client.from_house(f"{NAME} {word(target)} {shown}")


def news(client: Client, target: str, at: int) -> bytes:
    """The same, for who has not just asked: he may not know the word."""
    if CAP in client.caps or client.doing == NAME:
        return line(client, target, at)
    return b""
