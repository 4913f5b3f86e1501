"""Claims: what somebody asks who says that a name is his.

They are commands like any other, and have a module of their own because they are
many.  None holds a password: the shell has checked it, or has made a *credential*
of it, a line that only checks, and to the hub both are as good as said.
"""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

# How every invitation begins: no password may, so that neither is taken for the other.
TOKEN: Final = "sb-"  # noqa: S105 - the beginning of one


@dataclass(frozen=True, slots=True)
class Register:
    """Make an account of the name one goes by, or of *name* while one has none.

    *is_invited* is what it is in `Introduce`.
    """

    credential: str = field(default="", repr=False)
    name: str = ""
    is_invited: bool = False


@dataclass(frozen=True, slots=True)
class Identified:
    """The shell has seen the proof: this session is that account's."""

    account: str


@dataclass(frozen=True, slots=True)
class LogOut:
    """Be a guest again."""


@dataclass(frozen=True, slots=True)
class SetCredential:
    """Have another password.  The shell has seen that one knows the old one."""

    credential: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Unregister:
    """Give the account up.  The shell has seen the proof that it is one's own."""


@dataclass(frozen=True, slots=True)
class SetAlwaysOn:
    """Stay in one's rooms while no session is left, or leave with the last."""

    on: bool


@dataclass(frozen=True, slots=True)
class AskSessions:
    """Ask from where one is logged in."""


@dataclass(frozen=True, slots=True)
class EndSession:
    """End the session of one's own with that number; with 0 all but this one."""

    number: int


@dataclass(frozen=True, slots=True)
class Ghost:
    """Put whoever holds one's nick off it (NickServ's GHOST)."""

    nick: str


@dataclass(frozen=True, slots=True)
class AskAccount:
    """Ask about an account."""

    name: str


@dataclass(frozen=True, slots=True)
class AskAccounts:
    """Ask which accounts there are.  Only the console may."""


@dataclass(frozen=True, slots=True)
class MakeLink:
    """Invite whoever has the *token*, *uses* times (0: any number), for a while.

    The shell draws the token; the hub remembers only what it is hashed to.
    """

    room: str
    seconds: int
    uses: int = 0
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AskLinks:
    """Ask which invitations to a room are out."""

    room: str


@dataclass(frozen=True, slots=True)
class Revoke:
    """Take an invitation back; *number* is what `AskLinks` shows."""

    room: str
    number: int


@dataclass(frozen=True, slots=True)
class Redeem:
    """Come in on an invitation: the token opens the house, and its room."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Suspend:
    """Let nobody log in to an account, or do so again.  For the console."""

    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete an account; with *words* all that it said as well.  For the console."""

    name: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """Let an account's owner in with a one-time *code*.  For the console.

    *credential* is made of the code, like of a password; it works once, and then a
    new password has to be set.
    """

    name: str
    credential: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Tidy:
    """Do what is due: rooms long empty, nicks held too long, links run out."""


@dataclass(frozen=True, slots=True)
class TellTrouble:
    """What is said in *rooms* (ids) cannot be kept just now, or can be again.

    *lost* lines there never will be.  With no rooms it is the house, and told to
    those who run it.  The shell says so, and no session.
    """

    rooms: tuple[int, ...]
    is_over: bool = False
    lost: int = 0


Claim: TypeAlias = (
    Register
    | Identified
    | LogOut
    | SetCredential
    | Unregister
    | SetAlwaysOn
    | AskSessions
    | EndSession
    | Ghost
    | AskAccount
    | AskAccounts
    | MakeLink
    | AskLinks
    | Revoke
    | Redeem
    | Suspend
    | Forget
    | Reset
    | Tidy
    | TellTrouble
)
