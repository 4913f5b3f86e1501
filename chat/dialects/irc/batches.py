"""Batches: lines that belong together, and what answers a labelled message.

    C: @label=x WHOIS bob
    S: @label=x :irc.x BATCH +1 labeled-response
    S: @batch=1 :irc.x 311 ...
    S: :irc.x BATCH -1

https://ircv3.net/specs/extensions/batch and labeled-response.  A line that is in a
batch already stays in that one, and the batch itself goes into the one around it.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from chat.dialects.dialect import Told
from chat.dialects.irc.client import Client
from chat.dialects.irc.message import Message, escaped, parse
from chat.domain.names import fold
from chat.wire.text import for_irc

# A label holds no more, in bytes.
_MOST: Final = 64
_NESTED: Final = b"@batch="
_SPOKEN: Final = frozenset({"PRIVMSG", "NOTICE", "TAGMSG"})


def tagged(lines: bytes, tag: str) -> bytes:
    """*lines*, each with *tag* before the tags it has."""
    start = f"@{tag}".encode()
    return b"".join(
        start + (b";" + line[1:] if line.startswith(b"@") else b" " + line)
        for line in lines.splitlines(keepends=True)
    )


def batch(
    client: Client, kind: str, lines: Iterable[bytes], tag: str = ""
) -> Iterator[bytes]:
    """*lines* as a batch of that *kind*, which begins with *tag*.

    To who does not know batches they come as they are.
    """
    if "batch" not in client.caps:
        yield from filter(None, lines)
        return
    reference = client.next_batch()
    opening = client.from_house(f"BATCH +{reference} {kind}")
    yield tagged(opening, tag) if tag else opening
    inside = f"batch={reference}"
    for line in lines:
        yield line if line.startswith(_NESTED) else tagged(line, inside)
    yield client.from_house(f"BATCH -{reference}")


def label_of(client: Client, message: Message) -> str:
    """What *client* has labelled *message*, if that is to be answered so."""
    if not message.tags or not {"batch", "labeled-response"} <= client.caps:
        return ""
    label = message.tags.get("label", "")
    if len(label.encode()) > _MOST or not message.command:
        return ""
    if for_irc(label) != label:
        # Control characters: we would have to send them back.
        return ""
    if label and _is_to_self(client, message):
        client.to_self |= {label}
    return label


def _is_to_self(client: Client, message: Message) -> bool:
    if message.command not in _SPOKEN or not message.params:
        return False
    own = fold(client.speaks_for)
    return any(fold(target) == own for target in message.params[0].split(","))


def labelled(client: Client, label: str, told: list[Told]) -> Iterator[bytes]:
    """All that was *told* as one answer with that *label*."""
    lines = _lines(told)
    if label not in client.to_self:
        return _answer(client, label, lines)
    client.to_self -= {label}
    return _to_self(client, label, list(lines))


def _to_self(client: Client, label: str, lines: list[bytes]) -> Iterator[bytes]:
    """What one says to oneself comes back twice: its echo is labelled, it is not."""
    own = [line for line in lines if _is_own(client, line)]
    answer = [line for line in lines if client.kind.echoes or line not in own]
    yield from _answer(client, label, iter(answer))
    yield from own


def _is_own(client: Client, line: bytes) -> bool:
    message = parse(line.decode().removesuffix("\r\n"))
    if message.command not in _SPOKEN:
        return False
    names = (message.nick, message.params[0])
    return all(fold(name) == fold(client.speaks_for) for name in names)


def _answer(client: Client, label: str, lines: Iterator[bytes]) -> Iterator[bytes]:
    """*lines* in one piece: nothing, one line, one batch, or a batch around them."""
    tag = f"label={escaped(label)}"
    first = next(lines, None)
    if first is None:
        yield tagged(client.from_house("ACK"), tag)
        return
    begun = [first, *_rest_of_batch(client, first, lines)]
    following = next(lines, None)
    if following is None:
        yield tagged(first, tag)
        yield from begun[1:]
        return
    every = chain(begun, [following], lines)
    yield from batch(client, "labeled-response", every, tag)


def _rest_of_batch(
    client: Client, first: bytes, lines: Iterator[bytes]
) -> Iterator[bytes]:
    """If *first* opens a batch, all that follows of it."""
    line = first.partition(b" ")[2] if first.startswith(b"@") else first
    start = f":{client.house.name} BATCH +".encode()
    if not line.startswith(start):
        return
    reference = line.removeprefix(start).split()[0].decode()
    end = client.from_house(f"BATCH -{reference}")
    for each in lines:
        yield each
        if each == end:
            return


def _lines(told: list[Told]) -> Iterator[bytes]:
    """Line by line what was *told*; what is long is drawn no earlier."""
    for each in told:
        for piece in (each,) if isinstance(each, bytes) else each:
            yield from piece.splitlines(keepends=True)
