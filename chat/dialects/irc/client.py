"""The client: what one IRC session remembers from one command to the next.

The commands are functions of a client and a message, filed by subject; the table in
``commands`` names them.  What they need to know of what was before stands here.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Final

from chat.dialects.dialect import House
from chat.dialects.irc import numerics
from chat.dialects.irc.render import IrcKind
from chat.dialects.irc.words import fitting, word
from chat.domain.commands import Mark
from chat.domain.names import unmarked
from chat.wire.text import for_irc

# One for everybody: an empty set takes 216 bytes.
_NO_WORDS: Final[frozenset[str]] = frozenset()
_NO_MARKS: Final[frozenset[Mark]] = frozenset()


@lru_cache(maxsize=4)
def _bare(house: str) -> IrcKind:
    """The kind of everybody who has enabled nothing yet: one object for all of them."""
    return IrcKind(house=house)


class Wrong(Exception):
    """A message that cannot be understood as it stands, and the number to say so."""

    def __init__(self, number: str, *params: str) -> None:
        super().__init__(number, *params)
        self.number = number
        self.params = params


class Failed(Exception):
    """A message that is answered with FAIL: the code, what it is about, and words.

    https://ircv3.net/specs/extensions/standard-replies
    """

    def __init__(self, code: str, *params: str) -> None:
        super().__init__(code, *params)
        self.code = code
        self.params = params


@dataclass(slots=True)
class Newcomer:
    """What somebody has told of himself who has not registered yet."""

    nick: str = ""
    username: str = ""
    realname: str = ""
    secret: str = field(default="", repr=False)
    is_negotiating: bool = False
    # The password of the house was wrong: there is no second try.
    is_turned_away: bool = False
    # An invitation opens the house as its password does, while it lasts.
    is_invited: bool = False


@dataclass(slots=True)
class Login:
    """How far an exchange with AUTHENTICATE has come; without a mechanism nowhere."""

    mechanism: str = ""
    # What has come of a message whose end has not.
    text: str = field(default="", repr=False)
    # The shell looks at what was sent, and nothing is heard meanwhile.
    is_waiting: bool = False
    # The shell has challenged the client, which has to answer that.
    is_half_done: bool = False
    # All is proven, but the client may have a last word to say.
    may_say_more: bool = False


class Client:
    """One IRC client, as its commands find it."""

    def __init__(self, house: House, *, is_private: bool = True) -> None:
        self.house = house
        # Whether a password of an account may be sent: nobody else reads it, or the
        # house does not mind.
        self.may_send_passwords = is_private or house.plaintext
        self.numerics = numerics.of(house)
        self.kind = _bare(house.name)
        # The nick that is ours; empty before registration.
        self.speaks_for = ""
        self.now = 0
        self.newcomer = Newcomer()
        self.caps = _NO_WORDS
        self.knows_302 = False
        self.marks = _NO_MARKS
        # The rooms one is in, by the fold of their names.
        self.rooms: dict[str, str] = {}
        # The account one is logged in to, on which of one's devices, how far a login
        # has come, and whether a new password has to be set before anything else.
        self.account = ""
        self.device = ""
        self.login = Login()
        self.must_set_password = False
        # The command that is being answered: an answer may depend on how it was
        # asked for, and a NOTICE gets none, ever (RFC 2812, section 3.3.2).
        self.doing = ""
        # The command that asked for what is looked up last, and a page of history
        # by which of its words (BEFORE, say): that may fail when something else is
        # done.  And the labels of what was said to oneself and is not answered yet.
        self.looks_up = ""
        self.asked = ""
        self.to_self = _NO_WORDS
        self._batches = count(1)

    @property
    def me(self) -> str:
        """The nick as numerics tell it."""
        return self.speaks_for or "*"

    @property
    def needs_invitation(self) -> bool:
        """Whether nothing but the invitation opens the house."""
        return bool(self.house.password) and self.newcomer.is_invited

    @property
    def own_name(self) -> str:
        """How an account of one's own is called, or would be."""
        return unmarked(self.speaks_for, self.house.limits.guests)

    @property
    def must_not_be_answered(self) -> bool:
        """Whether what is being done gets no automatic reply."""
        return self.doing == "NOTICE"

    def numeric(self, number: str, *params: str) -> bytes:
        """One numeric to this client."""
        return self.numerics.line(number, self.me, *params)

    def standard(self, kind: str, *params: str) -> bytes:
        """A standard reply: FAIL or NOTE, and of its *params* the last is in words."""
        *middle, last = params
        return self.from_house(f"{kind} {' '.join(map(word, middle))} :{last}")

    def next_batch(self) -> str:
        """A name for a batch that no other of this client's ever has."""
        return str(next(self._batches))

    def from_house(self, text: str) -> bytes:
        """A line that is no numeric, from the house itself."""
        return fitting(for_irc(f":{self.house.name} {text}"))
