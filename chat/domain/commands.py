"""Commands: what somebody on a session asks for.

Every dialect ends here: ``/join ops`` and ``JOIN #ops`` are one `Join`.  The
vocabulary is closed; the hub has one verb for each.

Next: chat/domain/hub.py
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from chat.domain.claims import Claim
from chat.domain.limits import Limits
from chat.domain.questions import Question
from chat.domain.value import value


class Manner(Enum):
    """How something is said."""

    # Enum's own is Python, and asked for at every line.
    __hash__ = object.__hash__

    SAY = "say"
    ACTION = "action"
    # For programs, which must never answer one (RFC 2812, section 3.3.2).
    NOTICE = "notice"
    # Only client tags, no text: "is typing", "reacts with".
    TAGS = "tags"


class Setting(Enum):
    """What can be changed about a room, or about a member of it."""

    # Enum's own is Python, and asked for at every line.
    __hash__ = object.__hash__

    # On or off.
    INVITE_ONLY = "only who is invited comes in"
    MODERATED = "only who has a voice talks"
    NO_OUTSIDERS = "only who is inside talks"
    SECRET = "nobody outside hears of it"  # noqa: S105 - a room is, no word
    GUARDS_TOPIC = "only who runs it changes what it is about"
    KEPT = "it stays when nobody is in it, and stays theirs who run it"
    OFF_RECORD = "nothing said in it is kept"
    # With a value.
    KEY = "who comes in has to know a word"
    LIMIT = "so many fit in"
    # Lists of masks.
    BAN = "who stays outside, or, with m: before the mask, is not heard"
    EXEMPT = "whom no ban concerns"
    WELCOME = "who needs no invitation"
    # What a member is.
    OPERATOR = "runs the room"
    VOICE = "may talk while it is moderated"


@dataclass(frozen=True, slots=True)
class Change:
    """Turn a setting on or off; *value* is a word, a number, a mask or a nick."""

    setting: Setting
    on: bool
    value: str = ""


class Mark(Enum):
    """What can be true of somebody, wherever they are."""

    # Enum's own is Python, and asked for at every line.
    __hash__ = object.__hash__

    INVISIBLE = "found only by who shares a room with them, or knows the nick"
    BOT = "a program"
    OPERATOR = "runs the whole house"


@value
class Say:
    """Say *text* to everyone in a room.  *tags* are client-only, on the wire.

    With *only* OPERATOR or VOICE just they hear it, and those above them.
    """

    room: str
    text: str
    manner: Manner = Manner.SAY
    tags: str = ""
    only: Setting | None = None


@value
class Whisper:
    """Say *text* to one person."""

    nick: str
    text: str
    manner: Manner = Manner.SAY
    tags: str = ""


@value
class Open:
    """A session begins; *host* is what others may see of its *address*.

    The console is no person: from there the house itself is looked after.
    """

    host: str
    address: str = ""
    is_console: bool = False


@value
class Introduce:
    """Become a user under a nick, and enter *room* at once if one is named.

    An account's nick may be held for a moment by who has not logged in, if that
    *may_be_held*; whoever can be asked for the password is refused instead.

    Who *is_invited* comes in on that alone: nobody has asked him for the password of
    the house.
    """

    nick: str
    username: str
    realname: str
    room: str = ""
    may_be_held: bool = True
    is_invited: bool = False


@dataclass(frozen=True, slots=True)
class Rename:
    """Go by another nick."""

    nick: str


@value
class Join:
    """Enter a room; whoever enters first creates it.  *key* opens a keyed one."""

    room: str
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave a room."""

    room: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetTopic:
    """Change what a room is about."""

    room: str
    topic: str


@dataclass(frozen=True, slots=True)
class SetRoom:
    """Change how a room is set up, one change after the other."""

    room: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Kick:
    """Put somebody out of a room."""

    room: str
    nick: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Invite:
    """Tell somebody of a room; who runs it lets them in, whatever its settings say."""

    nick: str
    room: str


@dataclass(frozen=True, slots=True)
class SetAway:
    """Be away, with a word for those who ask; with none, be back."""

    text: str


@dataclass(frozen=True, slots=True)
class SetRealname:
    """Be described otherwise."""

    realname: str


@dataclass(frozen=True, slots=True)
class SetMark:
    """Be something or not.  Nobody becomes an operator this way, only ceases."""

    mark: Mark
    on: bool


@dataclass(frozen=True, slots=True)
class TakeOffice:
    """Run the whole house, as *name*.  The shell has seen the proof that one may."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Kill:
    """Put somebody out of the house."""

    nick: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wallops:
    """Say something to everybody who runs the house."""

    text: str


@dataclass(frozen=True, slots=True)
class Watch:
    """Be told when any of *nicks* comes or goes (IRC's MONITOR)."""

    nicks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unwatch:
    """Be told no more; with no *nicks* of nobody at all."""

    nicks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskWatched:
    """Ask whom one watches, and who of them is here; or just whom, for a list."""

    is_list: bool = False


@dataclass(frozen=True, slots=True)
class AskRooms:
    """Ask which rooms there are: those that match a mask, if there are any.

    *least* and *most* are members; *newer* and *older* are seconds, of the room
    and, with *topic_*, of its topic.  None asks for everything.
    """

    masks: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    newer: int | None = None
    older: int | None = None
    topic_newer: int | None = None
    topic_older: int | None = None


@dataclass(frozen=True, slots=True)
class AskMasks:
    """Ask which masks a room has of one kind: BAN, EXEMPT or WELCOME."""

    room: str
    kind: Setting


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Ask all about somebody."""

    nick: str


@dataclass(frozen=True, slots=True)
class AskPast:
    """Ask who went by a nick, the latest *most* of them."""

    nick: str
    most: int | None = None


@dataclass(frozen=True, slots=True)
class AskPresent:
    """Ask who of *nicks* is here: just the nicks, or *in_detail*."""

    nicks: tuple[str, ...]
    in_detail: bool = False


@dataclass(frozen=True, slots=True)
class AskTime:
    """Ask what time it is here."""


@dataclass(frozen=True, slots=True)
class AskTopic:
    """Ask what a room is about."""

    room: str


@dataclass(frozen=True, slots=True)
class AskRoom:
    """Ask how a room is set up."""

    room: str


@dataclass(frozen=True, slots=True)
class AskMembers:
    """Ask who is in a room: their nicks, or everything *in_detail*.

    The answer carries *note*, which only the dialect that asked understands.
    """

    room: str
    in_detail: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class AskPeople:
    """Ask who goes by a nick, or who matches a mask; the answer carries *note*."""

    mask: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AskHouse:
    """Ask how many are here, and who is in the lobby."""


@dataclass(frozen=True, slots=True)
class Depart:
    """The session ends, by wish or by loss."""

    reason: str


@dataclass(frozen=True, slots=True)
class Configure:
    """Hold everybody to other limits from now on.  No session asks for it."""

    limits: Limits


Command: TypeAlias = (
    Say
    | Whisper
    | Open
    | Introduce
    | Rename
    | Join
    | Leave
    | SetTopic
    | SetRoom
    | Kick
    | Invite
    | SetAway
    | SetRealname
    | SetMark
    | TakeOffice
    | Kill
    | Wallops
    | Watch
    | Unwatch
    | AskWatched
    | AskRooms
    | AskMasks
    | AskPerson
    | AskPast
    | AskPresent
    | AskTime
    | AskTopic
    | AskRoom
    | AskMembers
    | AskPeople
    | AskHouse
    | Depart
    | Configure
    | Claim
    | Question
)
