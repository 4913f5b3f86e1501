"""Text: the one place that makes hostile text harmless.

A terminal obeys what it is sent.  ESC begins commands that rename the window,
type on somebody's behalf or hide what was said; the control characters of the
C1 range do the same in one byte; bidi overrides show a line in another order
than it was written.  So nothing that other people wrote reaches a terminal, or
a log, before it has been through `harmless`.

IRC clients know how to draw formatting codes and ask for them: `for_irc` keeps
those and drops every other control character.

Next: chat/dialects/irc/render.py
"""

import re
from typing import Final

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
