"""A house, its people, and one of each thing that can happen there."""

from typing import Final

from chat.dialects.conversation import Conversation
from chat.dialects.dialect import Dialect, Heard, House
from chat.domain.answers import (
    AccountGone,
    AccountsAre,
    AlwaysOnIs,
    AwayIs,
    CredentialSet,
    CredentialWanted,
    Declined,
    HouseIs,
    Inviting,
    LinkIs,
    LinksAre,
    MasksAre,
    MembersAre,
    NickWanted,
    NotHere,
    PastIs,
    PeopleAre,
    PersonIs,
    PresentAre,
    Redeemed,
    Registered,
    RoomIs,
    RoomsAre,
    SessionsAre,
    TimeIs,
    TopicIs,
    Unchanged,
    WatchedAre,
)
from chat.domain.commands import Change, Manner, Mark, Setting
from chat.domain.events import (
    AccountChanged,
    AwayChanged,
    Departed,
    Entered,
    Event,
    Invited,
    Joined,
    KeepingChanged,
    Kicked,
    Left,
    MarkChanged,
    ReadChanged,
    Redescribed,
    Renamed,
    RoomChanged,
    Said,
    Speech,
    TopicChanged,
    Walloped,
    Welcomed,
    Whispered,
)
from chat.domain.limits import Limits
from chat.domain.questions import Page, Search
from chat.domain.recalled import (
    DigestIs,
    Excerpt,
    FoundAre,
    HistoryIs,
    MissedIs,
    ReadIs,
    TargetsAre,
    Unread,
    UnreadAre,
)
from chat.domain.records import Deed, Line
from chat.domain.refusals import (
    AccountSuspended,
    AccountTaken,
    AlreadyIntroduced,
    AlreadyLoggedIn,
    AlreadyThere,
    Banned,
    Busy,
    CannotRecall,
    CannotTalk,
    GuestsStayOut,
    InTooManyRooms,
    InviteOnly,
    LinkImpossible,
    LooksLike,
    MayNotRead,
    NameFixed,
    NickHeld,
    NickImpossible,
    NickInUse,
    NickReserved,
    NoSuchAccount,
    NoSuchLink,
    NoSuchMask,
    NoSuchNick,
    NoSuchRoom,
    NoSuchSession,
    NotAllowed,
    NotAMember,
    NotEncrypted,
    NotInOffice,
    NotIntroduced,
    NotLoggedIn,
    NotThere,
    PasswordImpossible,
    Reason,
    RegistrationClosed,
    RoomFull,
    RoomNameImpossible,
    TooManyAccounts,
    TooManyGuesses,
    TooManyMasks,
    TooManyWatched,
    Unproven,
    ValueImpossible,
    WrongKey,
    WrongPassword,
    WrongToken,
)
from chat.domain.roles import Role
from chat.domain.views import (
    AccountRow,
    LinkRow,
    Mask,
    Member,
    Person,
    RoomRow,
    SessionRow,
    Topic,
    Who,
)

# 2026-11-20, a quarter past ten in the morning, in milliseconds; UTC.
AT: Final = 1_795_169_700_123
TOKEN: Final = "sb-abcdefghijklmnop"  # noqa: S105 - an invitation
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


def speech(*texts: str, person: Who = ALICE, is_bot: bool = False) -> Speech:
    """Alice has said all of this in the lobby in one breath, a second apart."""
    count = len(texts)
    ids, times = range(ID, ID + count), range(AT, AT + 1000 * count, 1000)
    return Speech(ids, times, texts, person, "#lobby", is_bot)


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


def line(  # noqa: PLR0913 - as a line has fields
    text: str,
    by: str = "alice",
    *,
    to: str = "",
    at: int = AT,
    deed: Deed = Deed.SAY,
    number: int = ID,
) -> Line:
    """What somebody said in a room, or *to* another account, as it was kept."""
    room, peer = (0, 3) if to else (5, 0)
    source = f"{by}!u{by}@{by}.host"
    return Line(number, at, room, deed, source, text, 2, peer, to)


LOBBY_LINES: Final = Excerpt("#lobby", (line("hello"),), left_out=3)
PRIVATE_LINES: Final = Excerpt("bob", (line("psst", "bob", to="alice"),), True)

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
    RoomChanged(ID, AT, ALICE, "#lobby", (Change(Setting.KEY, True, "milk"),)),
    Kicked(ID, AT, ALICE, "#lobby", "bob", "too loud"),
    Invited(ID, AT, ALICE, "#lobby", "bob"),
    AwayChanged(ID, AT, ALICE, "lunch"),
    Redescribed(ID, AT, ALICE, "Alice B."),
    MarkChanged(ID, AT, ALICE, Mark.BOT, on=True),
    Walloped(ID, AT, ALICE, "bob is back"),
    AccountChanged(ID, AT, ALICE, "alice"),
    KeepingChanged(ID, AT, "#lobby", is_kept=True, lost=3),
    ReadChanged(ID, AT, "#lobby", AT),
    speech("hello", "all"),
    Declined(NotThere("bob", "#lobby")),
    Inviting("#lobby", "bob"),
    AwayIs(is_away=True),
    Unchanged(),
    NotHere("bob", "lunch"),
    WatchedAre((ALICE,), ("bob",)),
    RoomsAre((RoomRow("#lobby", 2, "tea"),)),
    MasksAre("#lobby", Setting.BAN, (Mask("eve!*@*", "alice", AT),)),
    PersonIs(
        Person(BOB, is_away=True, marks=(Mark.BOT,)),
        (("#lobby", Role.OPERATOR),),
        away="lunch",
        since=AT - 7_200_000,
        spoke=AT - 60_000,
        now=AT,
        address="192.0.2.1",
    ),
    PastIs("bob", ((BOB, AT),)),
    PresentAre((Person(BOB, is_away=True),), in_detail=True),
    TimeIs(AT),
    TopicIs("#lobby", Topic("tea", "bob", AT)),
    RoomIs("#lobby", (Setting.GUARDS_TOPIC, Setting.KEY), "milk", 9, AT),
    MembersAre("#lobby", (Member(ALICE, Role.MEMBER),), in_detail=False),
    PeopleAre("alice", (Person(ALICE),)),
    HouseIs(users=3, rooms=1, in_lobby=("alice", "bob")),
    Registered("alice"),
    CredentialSet("alice"),
    CredentialWanted("alice"),
    AccountGone("alice"),
    AlwaysOnIs(on=True),
    NickWanted("bob", 30),
    SessionsAre("alice", (SessionRow(1, "192.0.2.1", AT, is_this=True),)),
    AccountsAre((AccountRow("bob", AT, AT, 2, is_always_on=True),), is_list=False),
    LinkIs("#tea", TOKEN, LinkRow(1, "alice", AT, 5)),
    LinksAre("#tea", (LinkRow(1, "alice", AT, -1),)),
    Redeemed("#tea"),
    HistoryIs(LOBBY_LINES, Page()),
    MissedIs(PRIVATE_LINES),
    UnreadAre((LOBBY_LINES, PRIVATE_LINES)),
    DigestIs((Unread("#lobby", 4, AT, 1), Unread("bob", 1, AT, 0, True))),
    TargetsAre((("#lobby", AT), ("bob", AT))),
    FoundAre(Search("hello"), (("#lobby", line("hello")),)),
    ReadIs("#lobby", AT),
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
    Banned("#tea"),
    InviteOnly("#tea"),
    WrongKey("#tea"),
    RoomFull("#tea"),
    NotThere("bob", "#tea"),
    AlreadyThere("bob", "#tea"),
    NickHeld("bob", "#tea"),
    TooManyMasks("#tea", "eve!*@*"),
    NoSuchMask("#tea", "eve!*@*"),
    TooManyWatched(100, ("bob",)),
    ValueImpossible("#tea", "many", "a limit is a number from 1 on"),
    NotInOffice(),
    WrongPassword(),
    Busy(),
    NickReserved("bob"),
    LooksLike("b0b", "bob"),
    AccountTaken("bob"),
    NoSuchAccount("bob"),
    NotLoggedIn(),
    AlreadyLoggedIn("bob"),
    NameFixed("bob"),
    RegistrationClosed(),
    GuestsStayOut(),
    Unproven("bob"),
    PasswordImpossible("it has to have 6 characters"),
    NotEncrypted(),
    TooManyGuesses(),
    TooManyAccounts(),
    AccountSuspended("bob"),
    NoSuchSession(2),
    NoSuchLink("#tea", 2),
    LinkImpossible("#tea", "it may last a year"),
    WrongToken(),
    MayNotRead("#tea"),
    CannotRecall("#tea"),
]


def somebody(nick: str = "alice", house: House = HOUSE) -> Conversation:
    """Somebody on plain who has a name, or none yet."""
    talk = Conversation(house)
    talk.speaks_for = nick
    return talk


def told(dialect: Dialect, event: Event) -> bytes:
    """All that *dialect* tells of *event*, be it bytes or a cursor."""
    answer = dialect.tell(event)
    return answer if isinstance(answer, bytes) else b"".join(answer)


def read(heard: Heard) -> bytes:
    """What the peer is answered at once; there are no commands in it."""
    assert all(isinstance(item, bytes) for item in heard), heard
    return b"".join(item for item in heard if isinstance(item, bytes))
