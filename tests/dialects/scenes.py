"""A house, its people, and one of each thing that can happen there."""

from typing import Final

from chat.dialects.dialect import Dialect, Heard, House
from chat.domain.answers import (
    HouseIs,
    MembersAre,
    PeopleAre,
    RoomIs,
    TopicIs,
)
from chat.domain.commands import Manner
from chat.domain.events import (
    Departed,
    Entered,
    Event,
    Joined,
    Left,
    Renamed,
    Said,
    TopicChanged,
    Welcomed,
    Whispered,
)
from chat.domain.limits import Limits
from chat.domain.refusals import (
    AlreadyIntroduced,
    CannotTalk,
    InTooManyRooms,
    NickImpossible,
    NickInUse,
    NoSuchNick,
    NoSuchRoom,
    NotAllowed,
    NotAMember,
    NotIntroduced,
    Reason,
    RoomNameImpossible,
)
from chat.domain.roles import Role
from chat.domain.views import (
    Member,
    Topic,
    Who,
)

# 2026-11-20, a quarter past ten in the morning, in milliseconds; UTC.
AT: Final = 1_795_169_700_123
AT_IN_WORDS: Final = "2026-11-20T10:15:00.123Z"
ID: Final = 0xA1

HOUSE: Final = House(
    name="irc.x",
    network="Exchange",
    version="switchboard-1",
    since=AT,
    lobby="#lobby",
    limits=Limits(),
)


def who(nick: str) -> Who:
    """Somebody whose other names can be told from the nick."""
    return Who(nick, f"u{nick}", f"{nick}.host", f"Real {nick}")


ALICE: Final = who("alice")
BOB: Final = who("bob")


def said(text: str, manner: Manner = Manner.SAY, tags: str = "") -> Said:
    """Alice says *text* in the lobby."""
    return Said(ID, AT, ALICE, "#lobby", text, manner, tags)


def whispered(text: str, manner: Manner = Manner.SAY, tags: str = "") -> Whispered:
    """Alice says *text* to bob."""
    return Whispered(ID, AT, ALICE, "bob", text, manner, tags)


def welcomed(person: Who = ALICE) -> Welcomed:
    """*person* is in."""
    return Welcomed(ID, AT, person, users=3)


def entered(
    room: str = "#lobby",
    person: Who = ALICE,
    topic: Topic | None = None,
    others: tuple[Member, ...] = (),
) -> Entered:
    """*person* enters *room* and finds *others* there."""
    me = Member(person, Role.MEMBER)
    return Entered(ID, AT, person, room, topic, (*others, me))


def left(room: str = "#lobby", person: Who = ALICE, reason: str = "") -> Left:
    """*person* leaves *room*."""
    return Left(ID, AT, person, room, reason)


# One of each, with every field filled.
EVENTS: Final[list[Event]] = [
    said("hello"),
    whispered("psst"),
    welcomed(),
    Renamed(ID, AT, ALICE, "alicia"),
    Joined(ID, AT, ALICE, "#lobby"),
    entered(topic=Topic("tea", "bob", AT), others=(Member(BOB, Role.OPERATOR),)),
    left(reason="tea"),
    Departed(ID, AT, ALICE, "Quit: tea"),
    TopicChanged(ID, AT, ALICE, "#lobby", "tea"),
    TopicIs("#lobby", Topic("tea", "bob", AT)),
    RoomIs("#lobby", guards_topic=True, since=AT),
    MembersAre("#lobby", (Member(ALICE, Role.MEMBER),), in_detail=False),
    PeopleAre("alice", (ALICE,)),
    HouseIs(users=3, rooms=1, in_lobby=("alice", "bob")),
]
REASONS: Final[list[Reason]] = [
    NickInUse("bob"),
    NickImpossible("b b", "it may not hold spaces"),
    NotIntroduced(),
    AlreadyIntroduced(),
    NoSuchNick("bob"),
    NoSuchRoom("#tea"),
    RoomNameImpossible("tea", "it begins with #"),
    InTooManyRooms("#tea"),
    NotAMember("#tea"),
    CannotTalk("#tea"),
    NotAllowed("#tea"),
]


def told(dialect: Dialect, event: Event) -> bytes:
    """All that *dialect* tells of *event*, be it bytes or a cursor."""
    answer = dialect.tell(event)
    return answer if isinstance(answer, bytes) else b"".join(answer)


def read(heard: Heard) -> bytes:
    """What the peer is answered at once; there are no commands in it."""
    assert all(isinstance(item, bytes) for item in heard), heard
    return b"".join(item for item in heard if isinstance(item, bytes))
