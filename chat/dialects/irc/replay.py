"""Replay: what a client has missed that does not ask for it, as three in four do not.

Who can tell old from new gets lines with their times, in a batch if that is known as
well.  Who cannot is told in NOTICEs of the house, which no program answers and none of
which begins with what another wrote: no bot obeys an old command.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chat.dialects.irc import history
from chat.dialects.irc.batches import batch, tagged
from chat.dialects.irc.client import Client
from chat.dialects.irc.render import moment, time_text
from chat.dialects.irc.words import LINE_SIZE, fitting, pieces, word
from chat.domain.names import fold
from chat.domain.recalled import Excerpt, MissedIs
from chat.domain.records import Deed, Line
from chat.domain.retold import retold
from chat.wire.text import for_irc

_CTCP: Final = "\x01"


def missed(client: Client, event: MissedIs) -> Iterator[bytes]:
    """What was missed of one room, or of one person."""
    excerpt = event.excerpt
    if not excerpt.lines:
        return iter(())
    if "server-time" not in client.caps:
        return _as_notices(client, excerpt)
    # A question between programs is no news, and must not be answered now.
    kept = tuple(line for line in excerpt.lines if not line.text.startswith(_CTCP))
    lines = _with_times(client, replace(excerpt, lines=kept))
    return batch(client, f"chathistory {word(excerpt.target)}", lines)


def _with_times(client: Client, excerpt: Excerpt) -> Iterator[bytes]:
    if excerpt.left_out and excerpt.lines:
        tag = f"time={time_text(excerpt.lines[0].at)}"
        yield tagged(_left_out(client, excerpt), tag)
    yield from history.lines(client, excerpt)


def _as_notices(client: Client, excerpt: Excerpt) -> Iterator[bytes]:
    if excerpt.left_out:
        yield _left_out(client, excerpt)
    for line in excerpt.lines:
        if line.deed is Deed.GAP:
            yield client.kind.render(retold(line, excerpt.target))
        else:
            yield _notice(client, excerpt, line)


def _notice(client: Client, excerpt: Excerpt, line: Line) -> bytes:
    """*line* as the house retells it, in as many pieces as it takes."""
    minute = moment(line.at)[:16]
    head = f"{_head(client, excerpt)}[{minute} UTC] {_speaker(client, line)} "
    text = for_irc(line.text).replace(_CTCP, "")
    return b"".join(
        fitting(head + piece)
        for piece in pieces(text, LINE_SIZE - 2 - len(head.encode())) or [""]
    )


def _speaker(client: Client, line: Line) -> str:
    nick = line.source.partition("!")[0]
    whom = f" to {line.target}" if _is_of_mine(client, line) else ""
    if line.deed is Deed.ACTION:
        return f"* {nick}{whom}"
    return f"<{nick}{whom}>"


def _is_of_mine(client: Client, line: Line) -> bool:
    """Whether one has said it to somebody else alone."""
    return line.peer != 0 and fold(line.target) != fold(client.me)


def _left_out(client: Client, excerpt: Excerpt) -> bytes:
    are = "line is" if excerpt.left_out == 1 else "lines are"
    least = "at least " if excerpt.is_least else ""
    left_out = f"{least}{excerpt.left_out} earlier {are} left out"
    return fitting(f"{_head(client, excerpt)}[{left_out}]")


def _head(client: Client, excerpt: Excerpt) -> str:
    whom = client.me if excerpt.is_private else word(excerpt.target)
    return f":{client.house.name} NOTICE {whom} :"
