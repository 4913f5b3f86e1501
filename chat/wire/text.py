"""Text: the one place that makes hostile text harmless, and fits it to a window.

A terminal obeys what it is sent.  ESC begins commands that rename the window,
type on somebody's behalf or hide what was said; the control characters of the
C1 range do the same in one byte; bidi overrides show a line in another order
than it was written.  So nothing that other people wrote reaches a terminal, or
a log, before it has been through `harmless`.

IRC clients know how to draw formatting codes and ask for them: `for_irc` keeps
those and drops every other control character.

A terminal also wraps at its edge and goes on in the first column.  There
somebody could make their own text look like another person's line, nick and
all.  So whoever knows how wide the window is wraps the lines himself, with
`wrap`, and what goes on is indented.

Next: chat/dialects/irc/render.py
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from wcwidth import wcwidth

# mIRC formatting: bold, reset, monospace, reverse, italic, strikethrough and
# underline are one byte each; colours bring digits that must go with them.
# https://modern.ircdocs.horse/formatting
_FORMATTING: Final = re.compile(
    r"\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?"
    r"|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
    r"|[\x02\x0f\x11\x16\x1d\x1e\x1f]"
)

# Invisible characters that reorder, hide or join: they have no place in a line
# of chat.  ZWNJ and ZWJ stay, because Persian, Hindi and emoji need them.
_INVISIBLE: Final = (
    *(0x00AD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE0080),
)

_HARMLESS: Final[dict[int, str]] = {
    # A control character becomes its picture, so that nothing looks as if it
    # had never been sent.
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "�"),
    **dict.fromkeys(range(0xD800, 0xE000), "�"),
    **dict.fromkeys(_INVISIBLE, ""),
    0x09: " ",
    0x2028: " ",
    0x2029: " ",
}

_FOR_IRC: Final[dict[int, None]] = dict.fromkeys(
    code
    for code in range(0x20)
    if chr(code) not in "\x01\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f"
)


def harmless(text: str) -> str:
    """*text* in one line that no terminal obeys.

    Formatting codes vanish with their digits; other control characters become
    pictures; invisible ones that reorder or hide text vanish.
    """
    if text.isprintable():
        return text
    return _FORMATTING.sub("", text).translate(_HARMLESS)


def for_irc(text: str) -> str:
    """*text* with no control characters but IRC's formatting and CTCP's 01."""
    if text.isprintable():
        return text
    return text.translate(_FOR_IRC)


def width(text: str) -> int:
    """How many columns *text* takes at the most."""
    return _places(text)[-1]


def wrap(
    text: str, columns: int, *, first: int = 0, indent: int, keep_links: bool
) -> list[str]:
    """*text* in lines of at most *columns*, the later ones indented.

    The first line follows *first* columns of something else.  A word that is
    longer than a line is cut.  With *keep_links* it stays whole if it is ASCII,
    because a link that was cut can no longer be opened: that is for lines that
    begin with more than one word, which nobody forges without a space.
    """
    text = text.rstrip(" ")
    if len(text) * (1 if text.isascii() else 2) <= columns - first:
        # Whatever its letters are, they fit: most of what anybody says does.
        return [text]
    page = _Page(text, _places(text), max(1, columns - indent), keep_links)
    lines: list[str] = []
    at, left = 0, columns - first
    while at < len(text) or not lines:
        end = page.end_of_line(at, left)
        lines.append(text[at:end].rstrip(" "))
        # A space past the edge would begin a line of its own.
        while text.startswith(" ", end):
            end += 1
        at, left = end, page.room
    return [lines[0], *(" " * indent + line for line in lines[1:])]


@dataclass(frozen=True, slots=True)
class _Page:
    """A text, its `_places`, and the room in each line but the first."""

    text: str
    places: Sequence[int]
    room: int
    keeps_links: bool

    def end_of_line(self, start: int, left: int) -> int:
        """Where the line ends that begins at *start* and has *left* columns."""
        edge = bisect_right(self.places, self.places[start] + left) - 1
        if edge == len(self.text):
            return edge
        word = max(start, self.text.rfind(" ", start, edge + 1) + 1)
        end = self._end_of_word(word)
        if not self._stays_whole(word, end):
            return self._cut(edge, start + (left >= self.room))
        # In a line of its own there is no next one to which it could be moved.
        return end if word == start and left >= self.room else word

    def _end_of_word(self, word: int) -> int:
        end = self.text.find(" ", word)
        return len(self.text) if end < 0 else end

    def _stays_whole(self, word: int, end: int) -> bool:
        if self.places[end] - self.places[word] <= self.room:
            return True
        return self.keeps_links and self.text[word:end].isascii()

    def _cut(self, edge: int, least: int) -> int:
        """Where to cut: up to *edge*, but *least* at least, and not before a mark."""
        # Nobody's word has more marks on one letter than this.
        places = range(max(edge, least), max(least, edge - 16), -1)
        unmarked = (place for place in places if wcwidth(self.text[place]) > 0)
        return next(unmarked, max(edge, least))


# One line is wrapped for windows of many widths, one after the other.
@lru_cache(maxsize=8)
def _places(text: str) -> Sequence[int]:
    """How many columns come before each character of *text*, and before its end."""
    if text.isascii():
        return range(len(text) + 1)
    return tuple(accumulate(map(_columns, text), initial=0))


def _columns(character: str) -> int:
    # Terminals disagree, and who takes too little for granted lets the terminal
    # wrap.  So it is the most that one of them takes: the Linux console gives
    # every mark a column of its own, and Windows' gives two to all that is beyond
    # U+FFFF.  Who has told his terminal that even Greek is wide is on his own.
    return 2 if character > "\uffff" else max(1, wcwidth(character))
