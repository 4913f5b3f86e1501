"""An IRC message: one line of the protocol, taken apart or put together.

    @time=2026-11-20T10:14:00.000Z;msgid=a1 :alice!a@h PRIVMSG #lobby :hi there
    `---------------- tags --------------' `- source -' command `-- params --'

https://modern.ircdocs.horse/#messages and, for tags,
https://ircv3.net/specs/extensions/message-tags.  Parsing is linear in the
length of the line whatever it holds, and never fails: a line without a command
has the empty command, which no table knows.

Next: chat/dialects/irc/session.py
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

_NO_TAGS: Final[Mapping[str, str]] = MappingProxyType({})
_ESCAPES: Final = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}
_ESCAPED: Final = str.maketrans(
    {";": "\\:", " ": "\\s", "\\": "\\\\", "\r": "\\r", "\n": "\\n"}
)


class Message(NamedTuple):
    """One message.  `tags` are unescaped; a tag without a value has ''."""

    command: str
    params: tuple[str, ...] = ()
    source: str = ""
    tags: Mapping[str, str] = _NO_TAGS

    @property
    def nick(self) -> str:
        """Who sent it: the source up to its ``!`` or ``@``, or a server's name."""
        return self.source.partition("!")[0].partition("@")[0]


def parse(line: str) -> Message:
    """Take *line*, without its end, apart."""
    tags, source = _NO_TAGS, ""
    if line[:1] == "@":
        head, _, line = line[1:].partition(" ")
        tags = parse_tags(head)
        line = line.lstrip(" ")
    if line[:1] == ":":
        source, _, line = line[1:].partition(" ")
    line, colon, trailing = line.partition(" :")
    words = line.split(" ")
    if "" in words:
        words = [word for word in words if word]
    if not words:
        # The line began with spaces and a colon: nothing names a command.
        return Message("", (), source, tags)
    if colon:
        words.append(trailing)
    return Message(words[0].upper(), tuple(words[1:]), source, tags)


def parse_tags(text: str) -> dict[str, str]:
    """Tags by key, from what stands between ``@`` and the space; the last wins."""
    tags: dict[str, str] = {}
    for tag in text.split(";"):
        if tag:
            key, _, value = tag.partition("=")
            tags[key] = unescaped(value)
    return tags


def unescaped(value: str) -> str:
    """A tag's value as it was meant."""
    if "\\" not in value:
        return value
    characters = iter(value)
    return "".join(
        _unescape_next(characters) if character == "\\" else character
        for character in characters
    )


def _unescape_next(characters: Iterator[str]) -> str:
    # A backslash before any other character, or at the very end, just goes.
    following = next(characters, "")
    return _ESCAPES.get(following, following)


def escaped(value: str) -> str:
    """A tag's value as it is written on the wire."""
    return value.translate(_ESCAPED)


def formatted(message: Message) -> str:
    """*message* as a line, without its end.

    Only the last parameter may be empty, begin with ``:`` or hold a space.
    """
    parts: list[str] = []
    if message.tags:
        parts.append("@" + ";".join(map(_tag, message.tags.items())))
    if message.source:
        parts.append(":" + message.source)
    parts.append(message.command)
    if message.params:
        *middle, last = message.params
        parts += middle
        parts.append(":" + last if _needs_colon(last) else last)
    return " ".join(parts)


def _tag(pair: tuple[str, str]) -> str:
    key, value = pair
    return f"{key}={escaped(value)}" if value else key


def _needs_colon(last: str) -> bool:
    return not last or last.startswith(":") or " " in last
