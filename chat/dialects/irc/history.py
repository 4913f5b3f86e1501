"""CHATHISTORY: pages of what was said, and where something was said.

https://ircv3.net/specs/extensions/chathistory, a draft.  Whoever asks is answered,
whatever is negotiated: as much as the client understands.
"""

from collections.abc import Iterator
from typing import Final

from chat.dialects.dialect import Heard
from chat.dialects.irc.batches import batch
from chat.dialects.irc.client import Client, Failed
from chat.dialects.irc.message import Message
from chat.dialects.irc.render import time_of, time_text
from chat.dialects.irc.words import word
from chat.domain.questions import AskHistory, AskTargets, Page, Point, Which
from chat.domain.recalled import Excerpt, HistoryIs, TargetsAre
from chat.domain.refusals import CannotRecall, MayNotRead, Reason
from chat.domain.retold import retold

NAME: Final = "CHATHISTORY"
_TARGETS: Final = "TARGETS"
# How many parameters follow each of them.
_LENGTHS: Final = {which.value: 3 for which in Which} | {"BETWEEN": 4, _TARGETS: 3}
_INVALID: Final = "INVALID_PARAMS"
# The highest id that can be.
_MOST_ID: Final = 2**63 - 1
_NOT_RETRIEVED: Final = "Messages could not be retrieved"


def chathistory(client: Client, message: Message) -> Heard:
    """CHATHISTORY: read what was said in a room or with somebody, page by page."""
    given, *rest = message.params or ("",)
    if not given:
        raise Failed(_INVALID, "*", "Insufficient parameters")
    length = _LENGTHS.get(given.upper())
    if length is None:
        raise Failed(_INVALID, given, "Unknown command")
    if len(rest) != length:
        why = "Too many" if len(rest) > length else "Insufficient"
        raise Failed(_INVALID, given, f"{why} parameters")
    client.looks_up, client.asked = NAME, given.upper()
    target, *selectors, limit = rest
    most = number(limit, client.house.limits.history_page)
    if most is None:
        raise Failed(_INVALID, given, limit, "Invalid limit")
    if client.asked == _TARGETS:
        first, second = (_time(given, each) for each in (target, *selectors))
        return [AskTargets(first, second, most)]
    if client.asked == "LATEST" and selectors == ["*"]:
        selectors = []
    points = tuple(_point(given, target, each) for each in selectors)
    has_events = "draft/event-playback" in client.caps
    return [AskHistory(target, Page(Which(client.asked), points, most, has_events))]


def number(text: str, most: int) -> int | None:
    """*text* as a number from 1 on, but at *most* that; None if it is none."""
    digits = text.lstrip("0")
    if not (digits.isascii() and digits.isdecimal()):
        return None
    return min(int(digits[:9]), most)


def _time(given: str, selector: str) -> int:
    kind, _, value = selector.partition("=")
    at = time_of(value)
    if kind != "timestamp" or at is None:
        raise Failed(_INVALID, given, selector, "Invalid timestamp")
    return at


def _point(given: str, target: str, selector: str) -> Point:
    kind, equals, value = selector.partition("=")
    if kind == "timestamp":
        return Point(at=_time(given, selector))
    if kind == "msgid":
        return Point(_id(given, value))
    if equals:
        why = "Only msgid and timestamp can be referred to"
        raise Failed("INVALID_MSGREFTYPE", given, target, kind, why)
    raise Failed(_INVALID, given, selector, "Invalid message reference")


def _id(given: str, text: str) -> int:
    try:
        found = int(text, 16)
    except ValueError:
        found = 0
    # One has one spelling: any other was never sent.
    if not 0 < found <= _MOST_ID or f"{found:x}" != text:
        raise Failed(_INVALID, given, f"msgid={text}", "Invalid message id")
    return found


def failed(client: Client, reason: Reason, words: str) -> bytes:
    """Why there is no such page."""
    target = "*"
    if isinstance(reason, MayNotRead | CannotRecall):
        target, words = reason.target, _NOT_RETRIEVED
    code = "INVALID_TARGET" if isinstance(reason, MayNotRead) else "MESSAGE_ERROR"
    return client.standard("FAIL", NAME, code, client.asked, target, words)


def page(client: Client, event: HistoryIs) -> Iterator[bytes]:
    """The page that was asked for."""
    excerpt = event.excerpt
    kind = f"chathistory {word(excerpt.target)}"
    return batch(
        client, kind, lines(client, excerpt), _end(client, is_end=event.is_end)
    )


def lines(client: Client, excerpt: Excerpt) -> Iterator[bytes]:
    """The lines of *excerpt*, each as it was told when it happened."""
    for line in excerpt.lines:
        yield client.kind.render(retold(line, excerpt.target))


def targets(client: Client, event: TargetsAre) -> Iterator[bytes]:
    """Where something was said, and when last."""
    rows = (
        client.from_house(f"CHATHISTORY TARGETS {word(target)} {time_text(at)}")
        for target, at in event.targets
    )
    tag = _end(client, is_end=event.is_end)
    return batch(client, "draft/chathistory-targets", rows, tag)


def _end(client: Client, *, is_end: bool) -> str:
    """The tag that says that the next page would be empty."""
    return "draft/chathistory-end" if is_end and "message-tags" in client.caps else ""
