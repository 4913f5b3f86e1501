"""Words: what others wrote, made to fit where IRC has room for one word or line.

A line out holds at most 512 bytes.  Of what stands in it much is somebody's choice
(a mask, a room that does not exist), and none of it may end the line or become two
words of it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from chat.domain.limits import cut
from chat.wire.text import for_irc

# RFC 1459, section 2.3: with its CR LF, and without the tags before it.
LINE_SIZE: Final = 512
# How many bytes of words go into one line of a long list.
_ROW: Final = 350
# What no word can begin with; and what begins with nothing is none.
_NO_WORD: Final = frozenset({":", ""})


def word(text: str) -> str:
    """*text* where exactly one word is needed."""
    if text.isprintable() and " " not in text and text[:1] not in _NO_WORD:
        # It is one, as all names are: a space is the only one that can be printed.
        return text
    return "".join(for_irc(text).split()).lstrip(":") or "*"


def fitting(line: str) -> bytes:
    """*line* with its end, cut at a code point if it is too long for one."""
    data = line.encode()
    if len(data) > LINE_SIZE - 2:
        data = cut(line, LINE_SIZE - 2).encode()
    return data + b"\r\n"


def pieces(text: str, room: int) -> list[str]:
    """*text* in pieces of at most *room* bytes, cut between code points."""
    # A piece holds a character at least.  Names so long that they fill the line,
    # if an operator allows them, make it too long; they must not stop the server.
    room = max(room, 4)
    data = text.encode()
    found: list[str] = []
    while data:
        piece = data[:room].decode(errors="ignore")
        found.append(piece)
        data = data[len(piece.encode()) :]
    return found


def rows(words: Iterable[str], between: str = " ", size: int = _ROW) -> Iterator[str]:
    """*words*, in which it is not, with *between* them, in rows of *size* bytes.

    Or of fewer, so that no word is cut; one that is longer is a row by itself.
    """
    data, cut_at = between.join(words).encode(), between.encode()
    # An answer that waits to be read keeps its text, and not what it was made of.
    del words
    start = 0
    while start < len(data):
        # Cut out of one text, and not put together word by word: there may be a
        # thousand, for each of a thousand people who come.
        end = len(data)
        if end - start > size:
            end = data.rfind(cut_at, start, start + size + len(cut_at))
            end = end if end > start else data.find(cut_at, start)
            end = end if end > start else len(data)
        yield data[start:end].decode()
        start = end + len(cut_at)
