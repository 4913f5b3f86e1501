"""Pieces: a long text in parts that IRC can carry.

A line of IRC is 512 bytes with its end, and when the server passes it on it
puts the sender's full name in front: what does not fit then is cut off, and
nobody is told.  So a long text is sent in several messages.  It is cut between
characters, at a space where one is near, and nothing of it is lost.

Next: chat/client/words.py
"""

from typing import Final

# What fits in a line, without its CR LF.
LINE_BYTES: Final = 510
# Room for ":nick!user@host " as others will see it.
_PREFIX_BYTES: Final = 100


def room_for_text(command: str, to: str, wrapping: str = "") -> int:
    """How many bytes of text fit behind *command* and *to*, inside *wrapping*."""
    around = f"{command} {to} :{wrapping}"
    # A name that leaves no room for text is the server's to refuse.
    return max(4, LINE_BYTES - _PREFIX_BYTES - len(around.encode()))


def pieces(text: str, most: int) -> list[str]:
    """*text* in order, in parts of at most *most* bytes (four at the least)."""
    parts = []
    while text:
        part = _first(text, most)
        parts.append(part)
        text = text[len(part) :]
    return parts


def _first(text: str, most: int) -> str:
    # No character has less than a byte, so the rest need not be encoded.
    data = text[: most + 1].encode()
    if len(data) <= most:
        return text
    # A character cut in two at the end is left for the next part.
    part = data[:most].decode(errors="ignore")
    space = part.rfind(" ") + 1
    return part[:space] if space > len(part) // 2 else part
