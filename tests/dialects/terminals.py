"""Terminals, as far as they wrap: where a line that is too long goes on.

    shown("alice: hello", 10, xterm) == ["alice: hel", "lo"]

They disagree about how many columns a character takes.  Whoever wraps for all of
them has to reckon with each.
"""

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from wcwidth import wcwidth

Terminal: TypeAlias = Callable[[str], int]

# Those that the house itself sends; no others get through.
_COLOURS: Final = re.compile(r"\x1b\[(?:3[1-6])?m")


def xterm(character: str) -> int:
    """Marks stand on the letter before them; U+FE0F makes it a wide picture."""
    return 1 if character == "\ufe0f" else max(0, wcwidth(character))


def linux_console(character: str) -> int:
    """Every mark has a column of its own."""
    return max(1, wcwidth(character))


def windows_console(character: str) -> int:
    """Whatever is two units of UTF-16 is two columns wide."""
    return max(1, wcwidth(character), len(character.encode("utf-16-le")) // 2)


TERMINALS: Final[list[Terminal]] = [xterm, linux_console, windows_console]


def columns_of(text: str, terminal: Terminal) -> int:
    """How wide *text* is on *terminal*."""
    return sum(map(terminal, text))


def shown(text: str, columns: int, terminal: Terminal) -> list[str]:
    """The rows in which *terminal* shows *text*, as wide as its window is."""
    rows = []
    text = without_colours(text)
    for line in text.removesuffix("\r\n").split("\r\n"):
        row, left = "", columns
        for character in line:
            left -= terminal(character)
            if left < 0:
                rows.append(row)
                row, left = "", columns - terminal(character)
            row += character
        rows.append(row)
    return rows


def without_colours(text: str) -> str:
    """*text* as it stands there, in whatever colours."""
    return _COLOURS.sub("", text)
