"""The palette: a colour for each nick, the same one every day.

The colours are of the 256 that nearly every terminal has, and of a middling
brightness, so that they can be read on black and on white alike.  Where there
are fewer the terminal's library takes the nearest, and none under NO_COLOR
(https://no-color.org) or on a dumb terminal.
"""

import zlib
from typing import Final

PALETTE: Final = (
    *("#005fff", "#008700", "#008787", "#0087af", "#5f5fff", "#5f8700"),
    *("#875fd7", "#af5f00", "#af5f5f", "#af5faf", "#d7005f", "#d700af"),
)


def color_of(fold: str) -> str:
    """The colour of whoever's nick folds to *fold*."""
    # Not `hash`: that one is another in each run.
    return PALETTE[zlib.crc32(fold.encode(errors="replace")) % len(PALETTE)]
