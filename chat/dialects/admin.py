"""Admin: what those who run the house ask it, from the machine that it runs on.

It is spoken on a socket that is a file in the data folder, by `chatd account` and
its like, and can be typed by hand: ``nc -U DATA/admin.sock``.  A request is a line
of words, with ``--json`` before them for an answer in JSON lines.  An answer ends
with a line that says how it went:

    account list
    bob  since 2026-11-01T12:00:00Z  here, 2 sessions
    . ok
    account show carol
    . failed: There is no account carol.

So that nothing else looks like that end, a line of an answer that begins with a dot
is sent with a second one before it, as mail does.

Whoever speaks here is no person: the session has no nick and enters no room.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chat.dialects.dialect import (
    NO_REPLAYS,
    Breath,
    Enrol,
    Heard,
    House,
    NoReader,
    Told,
    Wish,
)
from chat.dialects.excuses import of_refusal
from chat.domain.answers import AccountsAre, HouseIs, TimeIs, Unchanged
from chat.domain.claims import AskAccount, AskAccounts, Forget, Reset, Suspend
from chat.domain.commands import AskHouse, AskTime, Depart
from chat.domain.events import Event
from chat.domain.refusals import NoSuchAccount, Reason
from chat.domain.views import AccountRow
from chat.wire.lines import Broken, Line
from chat.wire.text import harmless

Statistics = Mapping[str, Mapping[str, int]]

END: Final = "."
OK: Final = ". ok"
FAILED: Final = ". failed: "
JSON: Final = "--json"
# Far more than any request needs.
_LINE_LIMIT: Final = 1024
_SO_ALREADY: Final = "That is so already."
_UNKNOWN: Final = "There is no such request; `help` lists them."


@dataclass(frozen=True, slots=True)
class Verb:
    """One request: its words, those in capitals to be filled in, and what it does.

    `done` is said when it has been done, of what was filled in.
    """

    usage: str
    meaning: str
    asks: Callable[..., Heard]
    done: str = ""

    @property
    def words(self) -> list[str]:
        """The words that are always the same."""
        return [word for word in self.usage.split() if not word.isupper()]

    @property
    def holes(self) -> int:
        """How many words are to be filled in."""
        return len(self.usage.split()) - len(self.words)


VERBS: Final = (
    Verb("account list", "all accounts", lambda: [AskAccounts()]),
    Verb("account show NAME", "one account", lambda name: [AskAccount(name)]),
    Verb(
        "account suspend NAME",
        "let nobody log in to it, and end its sessions",
        lambda name: [Suspend(name, on=True)],
        "Nobody can log in to {} any more, until it is resumed.",
    ),
    Verb(
        "account resume NAME",
        "let its owner log in again",
        lambda name: [Suspend(name, on=False)],
        "The owner of {} can log in again.",
    ),
    Verb(
        "account delete NAME",
        "delete it; what it has said stays",
        lambda name: [Forget(name)],
        "There is no account {} any more; what it said is still there.",
    ),
    Verb(
        "account reset NAME CODE",
        "let its owner in with a code, once",
        lambda name, code: [Enrol(code, Reset(name))],
        "The owner of {} comes in with the code, once, and then sets a new password;"
        " the old one is no good any more.",
    ),
    Verb(
        "forget NAME",
        "delete an account, and all that it has said",
        lambda name: [Forget(name, words=True)],
        "There is no account {} any more, and nothing that it said. Its name stays"
        " where others have written it, where they put it out of a room, and with"
        " topics and bans that it set. Out of reach are backups, exports,"
        " and what others have read or kept.",
    ),
    Verb("status", "how the house is", lambda: [AskHouse(), Wish.STATISTICS]),
)


class Admin:
    """The conversation on the socket of those who run the house."""

    speaks_for = ""
    device = ""
    now = 0
    replays = NO_REPLAYS
    kind = NoReader()
    line_limit = _LINE_LIMIT

    def __init__(self, house: House) -> None:
        self._house = house
        # What is being answered: as JSON or not, why not, and what to say if done.
        self._is_json = False
        self._why_not = ""
        self._done = ""
        self._is_asked = False
        self._count: HouseIs | None = None
        self._statistics: Statistics | None = None

    def greet(self) -> Heard:
        """Nothing: programs speak first."""
        return []

    def hear(self, line: Line) -> Heard:
        """Understand one request; an empty line is none."""
        words = self._words(line)
        if not words:
            return [self._fails(_UNKNOWN)] if isinstance(line, Broken) else []
        self._is_json = words[0] == JSON
        if self._is_json:
            del words[0]
        if words == ["help"]:
            return [_lines(_help()) + _lines([OK], is_end=True)]
        return self._ask(words)

    def breath(self, _lines: list[Line]) -> Breath | None:
        """None: each line is heard by itself."""
        return None

    def hear_last(self, _rest: bytes) -> Heard:
        """The end; half a request is none."""
        return [Depart("Connection closed")]

    def tell(self, event: Event) -> Told:
        """What answers a request; the time is asked for behind it, and ends it."""
        match event:
            case AccountsAre():
                return self._accounts(event)
            case HouseIs():
                self._count = event
            case Unchanged():
                self._done = _SO_ALREADY
            case TimeIs(now) if self._is_asked:
                return self._conclude(now)
            case _:
                pass
        return b""

    def report(self, statistics: Statistics) -> None:
        """What the shell counts, as it was asked to tell."""
        self._statistics = statistics

    def refuse(self, reason: Reason) -> bytes:
        """Remember why not: it is said at the end."""
        if isinstance(reason, NoSuchAccount):
            # What a person at the way in is told to do is not for whoever asks here.
            self._why_not = f"There is no account {reason.name}."
        else:
            self._why_not = of_refusal(reason)
        return b""

    def challenge(self, _message: bytes) -> bytes:
        """Nothing: the file's owner need not prove who he is."""
        return b""

    def labelled(self, _label: str, _told: list[Told]) -> Told:
        """Nothing: one request is answered at a time."""
        return b""

    def follow_up(self) -> Heard:
        """Nothing."""
        return []

    def are_you_there(self) -> bytes:
        """Nothing: whoever holds a socket on this machine is there."""
        return b""

    def farewell(self, reason: str) -> bytes:
        """How it went, if that is still open."""
        return self._fails(reason) if self._is_asked else b""

    def resize(self, _columns: int) -> None:
        """Nothing."""

    def _words(self, line: Line) -> list[str]:
        if isinstance(line, Broken):
            return []
        return line.decode(errors="replace").split()

    def _ask(self, words: list[str]) -> Heard:
        for verb in VERBS:
            given = words[len(verb.words) :]
            if words[: len(verb.words)] == verb.words and len(given) == verb.holes:
                self._is_asked = True
                self._why_not = ""
                # The secret, if there is one, comes last and is not said again.
                self._done = verb.done.format(*map(harmless, given[:1]))
                # The time is told in any case, also after a refusal, and in order.
                return [*verb.asks(*given), AskTime()]
        # What was typed is not repeated: a code may be in it.
        return [self._fails(_UNKNOWN)]

    def _accounts(self, answer: AccountsAre) -> Told:
        if self._is_json:
            return _in_json(answer)
        # If something was done to it, that is said in words.
        return b"" if self._done else _in_words(answer)

    def _conclude(self, now: int) -> bytes:
        self._is_asked = False
        said: list[str] = []
        if self._statistics is not None and self._count is not None:
            said = self._status(now, self._count, self._statistics)
            self._count = self._statistics = None
        if self._why_not:
            return self._fails(self._why_not)
        if self._done and not self._is_json:
            said.append(self._done)
        return _lines(said) + _lines([OK], is_end=True)

    def _status(self, now: int, count: HouseIs, statistics: Statistics) -> list[str]:
        since = self._house.since
        if self._is_json:
            facts = {
                "name": self._house.name,
                "version": self._house.version,
                "since": _date(since),
                "up": (now - since) // 1000,
                "people": count.users,
                "rooms": count.rooms,
                "statistics": {name: dict(each) for name, each in statistics.items()},
            }
            return [json.dumps(facts)]
        up = timedelta(seconds=(now - since) // 1000)
        people = "1 person" if count.users == 1 else f"{count.users} people"
        rooms = "1 open room" if count.rooms == 1 else f"{count.rooms} open rooms"
        who = f"{self._house.name} ({self._house.version})"
        return [
            f"{who} is up since {_date(since)}, {up}, with {people} and {rooms}.",
            *(f"{name}: {_facts(facts)}" for name, facts in statistics.items()),
        ]

    def _fails(self, why: str) -> bytes:
        self._is_asked = False
        return _lines([FAILED + harmless(why)], is_end=True)


def _help() -> list[str]:
    width = max(len(verb.usage) for verb in VERBS)
    return [
        *(f"{verb.usage:<{width}}  {verb.meaning}" for verb in VERBS),
        f"{JSON} before a request has the answer in JSON lines.",
    ]


def _lines(texts: list[str], *, is_end: bool = False) -> bytes:
    """*texts* as lines; unless it is the end, none begins like the end."""
    return b"".join(
        f"{'' if is_end or not text.startswith(END) else END}{text}\n".encode()
        for text in texts
    )


# Piece by piece: there may be a hundred thousand.  By the time a piece is drawn the
# next request may have been heard, so neither looks at what is asked now.


def _in_json(answer: AccountsAre) -> Iterator[bytes]:
    for row in answer.accounts:
        yield _lines([json.dumps(_fields(row))])


def _in_words(answer: AccountsAre) -> Iterator[bytes]:
    for row in answer.accounts:
        yield _lines([_row(row)] if answer.is_list else _about(row))


def _row(row: AccountRow) -> str:
    facts = [harmless(row.name), f"since {_date(row.since)}", _presence(row)]
    facts += ["suspended"] * row.is_suspended + ["always on"] * row.is_always_on
    return "  ".join(facts)


def _about(row: AccountRow) -> list[str]:
    return [
        f"account:    {harmless(row.name)}",
        f"since:      {_date(row.since)}",
        f"presence:   {_presence(row)}",
        f"suspended:  {_yes(is_so=row.is_suspended)}",
        f"always on:  {_yes(is_so=row.is_always_on)}",
    ]


def _fields(row: AccountRow) -> dict[str, Any]:
    return {
        "account": row.name,
        "since": _date(row.since),
        "seen": _date(row.seen) if row.seen else None,
        "sessions": row.sessions,
        "suspended": row.is_suspended,
        "always_on": row.is_always_on,
    }


def _presence(row: AccountRow) -> str:
    if row.sessions:
        return f"here, {row.sessions} session{'s' * (row.sessions > 1)}"
    return f"seen {_date(row.seen)}" if row.seen else "never seen"


def _facts(facts: Mapping[str, int]) -> str:
    return " ".join(f"{name}={value}" for name, value in facts.items())


def _yes(*, is_so: bool) -> str:
    return "yes" if is_so else "no"


def _date(at: int) -> str:
    """*at*, in milliseconds, to the second."""
    return f"{datetime.fromtimestamp(at // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
