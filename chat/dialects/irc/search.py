"""SEARCH: what was said with some words, by somebody, somewhere, at some time.

    SEARCH text=tea;in=#lobby;from=bob;limit=10

https://soju.im/search: its attributes are written as the tags of a message are.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from chat.dialects.dialect import Heard
from chat.dialects.irc.batches import batch
from chat.dialects.irc.client import Client, Failed
from chat.dialects.irc.history import number
from chat.dialects.irc.message import Message, parse_tags
from chat.dialects.irc.render import time_of
from chat.domain.questions import Search
from chat.domain.recalled import FoundAre
from chat.domain.refusals import MayNotRead, Reason
from chat.domain.retold import retold

CAP: Final = "soju.im/search"
NAME: Final = "SEARCH"
_KNOWN: Final = frozenset({"after", "before", "from", "in", "limit", "text"})
_CUT: Final = "There was no time to look everywhere"


def search(client: Client, message: Message) -> Heard:
    """SEARCH: find what was said by its words, who said it, where and when."""
    if len(message.params) != 1 or not message.params[0]:
        raise _invalid(*message.params[1:2])
    asked = parse_tags(message.params[0])
    for name in asked:
        if name not in _KNOWN:
            raise _invalid(name)
    page = client.house.limits.history_page
    most = number(asked.get("limit", str(page)), page)
    if most is None:
        raise _invalid("limit")
    client.looks_up = NAME
    return [
        Search(
            asked.get("text", ""),
            asked.get("from", ""),
            asked.get("in", ""),
            _time(asked, "after"),
            _time(asked, "before"),
            most=most,
        )
    ]


def _time(asked: dict[str, str], name: str) -> int:
    if name not in asked:
        return 0
    at = time_of(asked[name])
    if at is None:
        raise _invalid(name)
    # The first millisecond of all times: 0 would be any.
    return at or 1


def _invalid(*what: str) -> Failed:
    return Failed("INVALID_PARAMS", *what, "Invalid parameters")


def failed(client: Client, reason: Reason, words: str) -> bytes:
    """Why nothing is looked for."""
    if isinstance(reason, MayNotRead) and reason.target:
        return client.standard("FAIL", NAME, "INVALID_PARAMS", "in", words)
    return client.standard("FAIL", NAME, "INTERNAL_ERROR", words)


def found(client: Client, event: FoundAre) -> Iterator[bytes]:
    """What was found, and whether there was time to look everywhere."""
    if event.is_cut and not event.found:
        return iter([client.standard("FAIL", NAME, "INTERNAL_ERROR", _CUT)])
    lines = (client.kind.render(retold(line, name)) for name, line in event.found)
    note = [client.standard("NOTE", NAME, "CUT", _CUT)] if event.is_cut else []
    return chain(note, batch(client, CAP, lines))
