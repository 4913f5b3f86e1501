"""A dialect: a language spoken on a connection.

The shell knows a dialect by the few things below and nothing else.  What it
hears becomes commands for the hub, and perhaps an answer that needs no hub.
What it has to tell comes in two ways:

* to *one* session, through that session's own dialect, which remembers what it
  must (its nick, its rooms): `Dialect.tell`;
* to *many*, through a `Kind`, which remembers nothing.  A kind is one hashable
  value: everyone in a room whose kind is equal reads the very same bytes, so an
  event is drawn once for each kind, however many are in the room.

Next: chat/dialects/plain.py
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Protocol, TypeAlias

from chat.domain.claims import Register, Reset, SetCredential
from chat.domain.commands import Command, Depart
from chat.domain.events import Event
from chat.domain.limits import Limits
from chat.domain.refusals import Reason
from chat.wire.lines import Line


class Wish(Enum):
    """What a dialect asks of the shell, because it cannot reach what is below."""

    TELNET = "speak telnet from now on"
    # For a password, where the terminal can be told; elsewhere it is shown.
    HIDE_INPUT = "do not show what is typed from now on"
    SHOW_INPUT = "show it again"
    # For those who run the house: see `dialects.admin`.
    STATISTICS = "tell how the house is"


@dataclass(frozen=True, slots=True)
class Enrol:
    """Make a credential of *secret*, put it into *then*, and do that.

    Making it takes a twentieth of a second on purpose, so the shell has it done
    aside; what else the session says waits meanwhile.
    """

    secret: str = field(repr=False)
    then: Register | SetCredential | Reset


@dataclass(frozen=True, slots=True)
class Prove:
    """Check *secret*, and if it is right do *then*; that is done aside as well.

    It is the password of an *account*, or of an *operator*, or, with neither, of
    the house; an empty name is one that nobody has.  A wrong secret, or a busy house,
    is refused as if the hub had refused *then*.
    """

    secret: str = field(repr=False)
    then: "Command | Enrol"
    account: str | None = None
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class Scram:
    """A message of SCRAM-SHA-256 from the client (RFC 5802).

    The shell answers it through `Dialect.challenge`, and in the end with
    `Identified`; what is wrong is refused as `WrongPassword`.  No message, None,
    means that the exchange was given up.
    """

    message: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Label:
    """What follows, up to the end of it, answers what the peer has labelled so.

    The shell collects what this session is told meanwhile, also if it comes late, and
    has `Dialect.labelled` make one answer of it.  A label that is empty is the end.
    """

    text: str = ""


# What came of a line, in order: commands for the hub, bytes for the peer, and for
# the shell wishes, labels, and what has to do with passwords.
Heard: TypeAlias = list[Command | bytes | Wish | Prove | Enrol | Scram | Label]

# What a session is told: bytes now, or a cursor that the outbox draws from.
Told: TypeAlias = bytes | Iterator[bytes]


@dataclass(frozen=True, slots=True)
class House:
    """What a dialect may say about the house itself.  `since` is in ms."""

    name: str
    network: str
    version: str
    since: int
    lobby: str
    limits: Limits
    motd: tuple[str, ...] = ()
    # Who may run the house: names, and passwords as they are stored.
    operators: Mapping[str, str] = field(default_factory=dict)
    # What everybody has to know who comes in, as it is stored; empty for nothing.
    password: str = ""
    # How many rounds a credential takes, and whether a password may be sent from
    # elsewhere where nothing is encrypted.
    rounds: int = 100_000
    plaintext: bool = False
    # How many wrong ones a minute, for one account, or from one address.
    guesses: int = 10
    # How many accounts an hour may be made from one address, None for any number;
    # and whether this machine is no address, because others come through it.
    enrolments: int | None = 5
    exempts_loopback: bool = False
    # Whether what is kept is still there when the house has ended and begins again.
    is_lasting: bool = True
    # Where the house is, whose it is, and how to reach them (IRC's ADMIN).
    admin: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """By two of its facts: what is drawn once a house is looked for by each."""
        return hash((self.name, self.since))


@dataclass(frozen=True, slots=True)
class Replays:
    """What a session is shown by itself of what it has missed.

    On entering a room, and of what was said to it alone, so many lines at `most`; in a
    room where it never was before `at_first` so many.  With `has_digest` it is told on
    coming back where there is something new.
    """

    most: int = 0
    at_first: int = 0
    has_digest: bool = False


NO_REPLAYS: Final = Replays()


# Several things said to one room, one after the other: the room, and the texts, none of
# them empty.  So many `Say`.
Breath: TypeAlias = tuple[str, list[str]]


class Kind(Protocol):
    """A kind of reader: equal kinds read equal bytes."""

    @property
    def echoes(self) -> bool:
        """Whether a speaker of this kind is shown what he said."""

    def render(self, event: Event) -> bytes:
        """*event* as this kind of reader sees it; nothing if he does not."""

    def __hash__(self) -> int: ...


class Dialect(Protocol):
    """One session's side of a conversation in one language.

    `speaks_for` is the nick, and empty before that is known; `device` is what the
    client calls the device it runs on, if it has told (``account@device``).  `now` is
    the present (ms): the shell sets it before a line is heard, and before it tells of
    what was said earlier.
    """

    speaks_for: str
    device: str
    now: int

    @property
    def replays(self) -> Replays:
        """What it is shown by itself of what it has missed."""

    @property
    def kind(self) -> Kind:
        """What kind of reader the session is now."""

    @property
    def line_limit(self) -> int:
        """The longest line, in bytes without its end, that may be sent to us."""

    def greet(self) -> Heard:
        """Begin: what is said, or asked of the hub, before the first line."""

    def hear(self, line: Line) -> Heard:
        """Understand *line*."""

    def breath(self, lines: list[Line]) -> Breath | None:
        """What `hear` would make of *lines*, of as many as but talk to one room.

        Those are the first ones, whole; None if the very first does not.
        """

    def hear_last(self, rest: bytes) -> Heard:
        """The peer has finished talking, and *rest* is a line without an end."""

    def tell(self, event: Event) -> Told:
        """*event* as this very session sees it."""

    def refuse(self, reason: Reason) -> bytes:
        """Say no, and why."""

    def challenge(self, message: bytes) -> bytes:
        """What the house says next in an exchange that proves who one is."""

    def labelled(self, label: str, told: list[Told]) -> Told:
        """All that was *told* in answer to what had that *label*, as one answer."""

    def follow_up(self) -> Heard:
        """What follows from what was just told, or refused: the shell does it next.

        It is handed out once.
        """

    def are_you_there(self) -> bytes:
        """A question that proves, by its answer, that somebody is there.

        Nothing, where there is no way to ask.
        """

    def farewell(self, reason: str) -> bytes:
        """The last words before the connection closes."""

    def resize(self, columns: int) -> None:
        """The peer's window is now so wide."""


@dataclass(frozen=True, slots=True)
class NoReader:
    """The kind of reader who reads nothing."""

    echoes: bool = False

    def render(self, _event: Event) -> bytes:
        """Nothing."""
        return b""


class Silent:
    """The dialect of a peer to whom, so far, nothing can be said.

    Every session begins with it.  Its line limit is the largest of all, because
    the first line must fit whatever language it turns out to be.
    """

    speaks_for = ""
    device = ""
    now = 0
    kind: Kind = NoReader()
    replays = NO_REPLAYS
    line_limit = 8192

    def greet(self) -> Heard:
        """Nothing."""
        return []

    def hear(self, _line: Line) -> Heard:
        """Nothing."""
        return []

    def breath(self, _lines: list[Line]) -> Breath | None:
        """None."""
        return None

    def hear_last(self, _rest: bytes) -> Heard:
        """The end."""
        return [Depart("Connection closed")]

    def tell(self, _event: Event) -> Told:
        """Nothing."""
        return b""

    def refuse(self, _reason: Reason) -> bytes:
        """Nothing: who cannot ask cannot be refused."""
        return b""

    def labelled(self, _label: str, _told: list[Told]) -> Told:
        """Nothing."""
        return b""

    def challenge(self, _message: bytes) -> bytes:
        """Nothing."""
        return b""

    def follow_up(self) -> Heard:
        """Nothing."""
        return []

    def are_you_there(self) -> bytes:
        """Nothing."""
        return b""

    def farewell(self, _reason: str) -> bytes:
        """Nothing."""
        return b""

    def resize(self, _columns: int) -> None:
        """Nothing."""
