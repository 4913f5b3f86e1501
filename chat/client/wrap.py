"""Wrap: long lines broken where a person would break them.

A terminal wraps at its edge and goes on in the first column.  There somebody
could make their own text look like another person's line, time and nick and
all.  So lines are wrapped here, and what goes on is indented.

A word without spaces stays whole even where it is too long, because a link
that has been cut can no longer be opened: no spaces, no disguise.  That is true
of ASCII only; other words are cut at the edge.

Next: chat/client/terminal.py
"""

from collections.abc import Iterator
from typing import Final

from wcwidth import wcwidth

# It turns the sign before it into a picture, which many terminals draw wider.
_PICTURE: Final = "\ufe0f"


def width(text: str) -> int:
    """How many columns *text* takes at the most."""
    if text.isascii():
        return len(text)
    widths = (max(0, wcwidth(character)) for character in text)
    return sum(widths) + text.count(_PICTURE)


def wrap(text: str, columns: int, *, first: int, indent: int) -> list[str]:
    """*text* in lines of at most *columns*, the later ones indented.

    The first line follows *first* columns of something else.
    """
    room = max(1, columns - indent)
    lines = [""]
    left = columns - first
    for word in _words(text, room):
        if width(word.rstrip(" ")) > left and (lines[-1] or len(lines) == 1):
            lines.append("")
            left = room
        lines[-1] += word
        left -= width(word)
    # A space past the edge would begin a line of its own.
    return [lines[0].rstrip(), *(" " * indent + line.rstrip() for line in lines[1:])]


def _words(text: str, room: int) -> Iterator[str]:
    """*text* in parts that stay whole, each with the spaces behind it."""
    start = 0
    while start < len(text):
        end = text.find(" ", start)
        while text[end : end + 1] == " ":
            end += 1
        word = text[start:] if end < 0 else text[start:end]
        start += len(word)
        if word.isascii() and " " not in word[:-1]:
            yield word
        else:
            yield from _cut(word, room)


def _cut(word: str, room: int) -> Iterator[str]:
    part, taken = "", 0
    for character in word:
        columns = width(character)
        if part and taken + columns > room:
            yield part
            part, taken = "", 0
        part += character
        taken += columns
    yield part
