"""Numerics: the numbered answers, and those that tell of the house itself.

The numbers and their parameters are those of https://modern.ircdocs.horse/#numerics.
Each function is one answer, given to the client called *me* (``*`` before it has
a nick).
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

from chat.dialects.dialect import House
from chat.dialects.irc import isupport
from chat.dialects.irc.render import moment, source
from chat.dialects.irc.words import LINE_SIZE, fitting, word
from chat.domain.answers import HouseIs
from chat.domain.events import Welcomed
from chat.domain.views import Who
from chat.wire.text import for_irc

# https://modern.ircdocs.horse/#rplisupport-005
_TOKENS_A_LINE = 13


# Stands for whoever is told; no line can hold it otherwise.
_SOMEBODY: Final = "\0"


class Numerics:
    """The numbered answers that one house gives."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._source = f":{house.name} "
        self._greeting = f"Welcome to {house.network}, "
        # What everybody is told who comes in, but for the nick the same to all.
        self._about = Form(self._tell_about)
        self._motd = Form(self.motd)

    def line(self, number: str, me: str, *params: str) -> bytes:
        """One numeric; only the last of *params* may hold spaces, or nothing."""
        *middle, last = params
        return fitting(f"{self._head(number, me, middle)}{for_irc(last)}")

    def lines(
        self, number: str, me: str, *params: str, each: Iterable[str]
    ) -> Iterator[bytes]:
        """One numeric for *each* of what may stand last, behind the same *params*."""
        head = self._head(number, me, params)
        return (fitting(f"{head}{for_irc(last)}") for last in each)

    def _head(self, number: str, me: str, params: Iterable[str]) -> str:
        """All of a numeric up to the last of its parameters."""
        head = f"{self._source}{number} {me} "
        for each in params:
            head += word(each) + " "
        return head + ":"

    def welcome(self, event: Welcomed) -> bytes:
        """Everything a client wants to read before it believes it is in."""
        me, users = event.who.nick, event.users
        return b"".join(
            (
                self.line("001", me, self._greeting + source(event.who)),
                self._about.to(me),
                self.line("251", me, _users(users, 0)),
                self.line("255", me, f"I have {users} clients and 0 servers"),
                self._motd.to(me),
            )
        )

    def _tell_about(self, me: str) -> Iterator[bytes]:
        """What this house is, and what is true of it."""
        house = self._house
        host = f"Your host is {house.name}, version {house.version}"
        yield self.line("002", me, host)
        yield self.line("003", me, f"This server began {moment(house.since)}")
        own, *rooms = isupport.letters()
        about = f"{house.name} {house.version} {own} {' '.join(rooms)}"
        yield fitting(f":{house.name} 004 {me} {about}")
        yield from self.isupport(me)

    def account(self, me: str, who: Who, account: str) -> bytes:
        """That one is logged in, or is not any more; one may not have a name yet."""
        whom = f"{me}!{who.username or '*'}@{who.host or '*'}"
        if account:
            text = f"You are logged in as {account}."
            return self.line("900", me, whom, account, text)
        return self.line("901", me, whom, "You are logged out.")

    def isupport(self, me: str) -> Iterator[bytes]:
        """What is true of this server."""
        tokens = isupport.tokens(self._house)
        for start in range(0, len(tokens), _TOKENS_A_LINE):
            row = tokens[start : start + _TOKENS_A_LINE]
            yield self.line("005", me, *row, "are supported by this server")

    def motd(self, me: str) -> Iterator[bytes]:
        """The message of the day, or that there is none."""
        if not self._house.motd:
            yield self.line("422", me, "No message of the day")
            return
        yield self.line("375", me, f"- {self._house.name} Message of the day -")
        for text in self._house.motd:
            yield self.line("372", me, f"- {text}")
        yield self.line("376", me, "End of /MOTD command.")

    def info(self, me: str) -> Iterator[bytes]:
        """What this is, and since when it runs."""
        house = self._house
        yield self.line("371", me, f"{house.network} runs on Switchboard.")
        yield self.line("371", me, f"Version {house.version}")
        yield self.line("371", me, f"Running since {moment(house.since)}")
        yield self.line("374", me, "End of /INFO list.")

    def admin(self, me: str) -> Iterator[bytes]:
        """Where the house is, whose it is, and how to reach them."""
        house = self._house
        if not house.admin:
            # RFC 2812, ERR_NOADMININFO
            yield self.line("423", me, house.name, "No administrative info available.")
            return
        yield self.line("256", me, house.name, "Administrative info")
        for number, text in zip(("257", "258", "259"), house.admin, strict=False):
            yield self.line(number, me, text)

    def present(self, me: str, event: HouseIs) -> Iterator[bytes]:
        """LUSERS: how many are here."""
        users, most = event.users, max(event.users, event.most_users)
        yield self.line("251", me, _users(users, event.invisible))
        yield self.line("252", me, str(event.operators), "operator(s) online")
        yield self.line("253", me, str(event.unknown), "unknown connection(s)")
        yield self.line("254", me, str(event.rooms), "channels formed")
        yield self.line("255", me, f"I have {users} clients and 0 servers")
        for number, where in (("265", "local"), ("266", "global")):
            text = f"Current {where} users {users}, max {most}"
            yield self.line(number, me, str(users), str(most), text)

    def clock(self, me: str, at: int) -> bytes:
        """TIME: what time it is here."""
        return self.line("391", me, self._house.name, str(at // 1000), moment(at))

    def uptime(self, me: str, at: int) -> bytes:
        """STATS u: how long the house is up."""
        minutes, seconds = divmod(max(0, at - self._house.since) // 1000, 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        up = f"Server Up {days} days {hours}:{minutes:02}:{seconds:02}"
        return self.line("242", me, up) + self.end_of_stats(me, "u")

    def end_of_stats(self, me: str, letter: str) -> bytes:
        """The end of any answer to STATS."""
        return self.line("219", me, letter, "End of /STATS report.")


class Form:
    """Lines drawn once, with a gap for the nick of whoever is told them."""

    def __init__(self, lines: Callable[[str], Iterable[bytes]]) -> None:
        self._lines = lines
        drawn = list(lines(_SOMEBODY))
        self._parts = b"".join(drawn).split(_SOMEBODY.encode())
        # What may stand in the gap so that no line has to be cut.
        self._room = LINE_SIZE - max(map(len, drawn)) + len(_SOMEBODY)

    def to(self, me: str) -> bytes:
        """The lines, as they are told to *me*."""
        nick = me.encode()
        if len(nick) > self._room:
            return b"".join(self._lines(me))
        return nick.join(self._parts)


@lru_cache(maxsize=4)
def of(house: House) -> Numerics:
    """The answers that *house* gives, to everybody who comes."""
    return Numerics(house)


def _users(users: int, invisible: int) -> str:
    seen = users - invisible
    return f"There are {seen} users and {invisible} invisible on 1 servers"
