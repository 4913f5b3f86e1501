"""WHO: one line for each person, in the old form or with the fields asked for.

https://modern.ircdocs.horse/#rplwhoreply-352 and, for the second form,
https://ircv3.net/specs/extensions/whox: ``WHO #tea %tcnf,42`` is answered with just
those fields, in an order that is always the same, and with the token 42.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chat.dialects.irc.client import Client
from chat.dialects.irc.modes import letter_of
from chat.domain.commands import Mark
from chat.domain.views import Who

# The order of the fields in an answer.
_FIELDS: Final = "tcuihsnfdlaor"


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody as WHO shows them: in a room or in none (``*``), with a prefix."""

    who: Who
    is_away: bool
    marks: tuple[Mark, ...]
    room: str = "*"
    prefix: str = ""

    @property
    def flags(self) -> str:
        """Here or gone, and what is true of them."""
        star = "*" if Mark.OPERATOR in self.marks else ""
        bot = letter_of(Mark.BOT) if Mark.BOT in self.marks else ""
        return ("G" if self.is_away else "H") + star + self.prefix + bot


def lines(client: Client, people: Iterable[Shown], note: str) -> Iterator[bytes]:
    """*people*, as the second parameter of WHO, *note*, wants them told."""
    begins, percent, asked = note.partition("%")
    only_office = "o" in begins.lower()
    fields, _, token = asked.partition(",")
    for shown in people:
        if only_office and Mark.OPERATOR not in shown.marks:
            continue
        if percent:
            yield _extended(client, shown, fields, _checked(token))
        else:
            yield _plain(client, shown)


def _plain(client: Client, shown: Shown) -> bytes:
    who = shown.who
    where = (shown.room, who.username, who.host, client.house.name, who.nick)
    return client.numeric("352", *where, shown.flags, f"0 {who.realname}")


def _extended(client: Client, shown: Shown, fields: str, token: str) -> bytes:
    who = shown.who
    values = {
        "t": token,
        "c": shown.room,
        "u": who.username,
        # Nobody is told an address here, nor for how long somebody has been silent.
        "i": "255.255.255.255",
        "h": who.host,
        "s": client.house.name,
        "n": who.nick,
        "f": shown.flags,
        "d": "0",
        "l": "0",
        "a": who.account or "0",
        # There are no levels of operators.
        "o": "n/a",
        "r": who.realname,
    }
    told = [values[field] for field in _FIELDS if field in fields]
    return client.numeric("354", *(told or ["*"]))


def _checked(token: str) -> str:
    return token if token.isascii() and token.isdecimal() and len(token) <= 3 else "0"
