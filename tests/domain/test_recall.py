"""Recall: who may read what was said, and the questions about it."""

from random import Random
from typing import Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain import recall
from chat.domain.claims import Identified, LogOut, Register
from chat.domain.commands import (
    Change,
    Command,
    Configure,
    Depart,
    Introduce,
    Invite,
    Join,
    Kick,
    Leave,
    Open,
    SetRoom,
    Setting,
    TakeOffice,
)
from chat.domain.effects import Bind, Deliver, Effect, Keep, Recall, ToSession, ToUser
from chat.domain.events import Entered, ReadChanged, Welcomed
from chat.domain.extracts import (
    ReadDigest,
    ReadMissed,
    ReadPage,
    ReadPrivate,
    ReadTargets,
    ReadUnread,
    Scope,
    Seek,
)
from chat.domain.holdings import Visit
from chat.domain.hub import Hub
from chat.domain.limits import Limits
from chat.domain.questions import (
    AskHistory,
    AskRead,
    AskTargets,
    CatchUp,
    MarkRead,
    Page,
    Search,
    Which,
)
from chat.domain.recalled import ReadIs
from chat.domain.records import KeptRead, KeptVisit
from chat.domain.refusals import MayNotRead
from chat.domain.state import State
from tests.domain.babble import Scene, a_babble
from tests.domain.people import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    NOW,
    a_house,
    bound,
    in_office,
    kept,
    logged_in,
    recalled,
    refused,
    said_in,
    set_up,
    with_a_second_session,
    with_an_account,
)

Step: TypeAlias = tuple[int, Command]


def on(setting: Setting, value: str = "") -> Step:
    """Alice, who runs the room, changes it."""
    return ALICE, SetRoom("#tea", (Change(setting, on=True, value=value),))


def off(setting: Setting, value: str = "") -> Step:
    return ALICE, SetRoom("#tea", (Change(setting, on=False, value=value),))


def back(session: int, nick: str) -> list[Step]:
    """Who has an account comes back into the house."""
    introduce = Introduce(nick, "u", nick)
    return [
        (session, Open("a.host")),
        (session, Identified(nick)),
        (session, introduce),
    ]


BOB_IN = (BOB, Join("#tea"))
BOB_IN_BY_KEY = (BOB, Join("#tea", "sesame"))
BOB_IN_BY_ANOTHER = (BOB, Join("#tea", "abracadabra"))
BOB_OUT = (BOB, Leave("#tea"))
BOB_GONE = (BOB, Depart("bye"))
BOB_KICKED = (ALICE, Kick("#tea", "bob"))
BOB_INVITED = (ALICE, Invite("bob", "#tea"))
CAROL_IN = (CAROL, Join("#tea"))
CAROL_REGISTERS = (CAROL, Register("credential"))
KEYED, UNKEYED = on(Setting.KEY, "sesame"), off(Setting.KEY)
REKEYED = on(Setting.KEY, "abracadabra")
CLOSED, OPEN = on(Setting.INVITE_ONLY), off(Setting.INVITE_ONLY)
OFF_RECORD, ON_RECORD = on(Setting.OFF_RECORD), off(Setting.OFF_RECORD)
SECRET = on(Setting.SECRET)
FULL, ROOMY = on(Setting.LIMIT, "1"), off(Setting.LIMIT)
BANNED, UNBANNED = on(Setting.BAN, "bob"), off(Setting.BAN, "bob")
EVE_BANNED = on(Setting.BAN, "eve")
MUTED = on(Setting.BAN, "m:bob")
BAN_EXEMPT = on(Setting.EXEMPT, "bob")
BOB_RUNS_IT = on(Setting.OPERATOR, "bob")
OFFICE = (DAVE, TakeOffice())
NO_HISTORY = (ALICE, Configure(Limits(history=False)))

NOTHING: Final = None
ALL: Final = 0

# What happens in a room that alice has just made and runs; bob, alice and dave have
# accounts, and carol is a guest.  Then: who reads from which of these steps on.
TABLE: list[tuple[str, list[Step], int, int | None]] = [
    # An open room.
    ("open, a stranger", [], BOB, ALL),
    ("open, a guest outside", [], CAROL, ALL),
    ("open, who runs it", [], ALICE, ALL),
    ("open, inside", [BOB_IN], BOB, ALL),
    ("open, a guest inside", [CAROL_IN], CAROL, ALL),
    ("open, parted", [BOB_IN, BOB_OUT], BOB, ALL),
    ("open, put out", [BOB_IN, BOB_KICKED], BOB, ALL),
    ("open, gone and back", [BOB_IN, BOB_GONE, *back(BOB, "bob")], BOB, ALL),
    ("open, banned", [BANNED], BOB, NOTHING),
    ("open, banned inside", [BOB_IN, BANNED], BOB, NOTHING),
    ("open, unbanned", [BANNED, UNBANNED], BOB, ALL),
    ("open, unbanned inside", [BOB_IN, BANNED, UNBANNED], BOB, ALL),
    ("open, banned and exempt", [BANNED, BAN_EXEMPT], BOB, ALL),
    ("open, only muted", [BOB_IN, MUTED], BOB, ALL),
    ("open, banned, another account", [BANNED], DAVE, ALL),
    ("open, banned, and runs it", [BOB_IN, BOB_RUNS_IT, BANNED], BOB, ALL),
    ("open, full", [FULL], BOB, NOTHING),
    ("open, full, inside", [BOB_IN, FULL], BOB, ALL),
    ("open, full, invited", [FULL, BOB_INVITED], BOB, ALL),
    ("open, no longer full", [FULL, ROOMY], BOB, ALL),
    ("open, a house operator", [OFFICE], DAVE, ALL),
    # A room that nobody hears of.
    ("secret, a stranger", [SECRET], BOB, NOTHING),
    ("secret, inside", [BOB_IN, SECRET], BOB, ALL),
    ("secret, a guest inside", [SECRET, CAROL_IN], CAROL, ALL),
    ("secret, parted", [BOB_IN, SECRET, BOB_OUT], BOB, NOTHING),
    ("secret, a house operator", [SECRET, OFFICE], DAVE, NOTHING),
    # A keyed room.
    ("keyed, a stranger", [KEYED], BOB, NOTHING),
    ("keyed, a house operator", [KEYED, OFFICE], DAVE, NOTHING),
    ("keyed, came by key", [KEYED, BOB_IN_BY_KEY], BOB, 2),
    ("keyed, came before", [BOB_IN, KEYED], BOB, 1),
    ("keyed, a guest from before", [CAROL_IN, KEYED], CAROL, 1),
    ("keyed, parted", [BOB_IN, KEYED, BOB_OUT], BOB, NOTHING),
    ("keyed, parted and back", [BOB_IN, KEYED, BOB_OUT, BOB_IN_BY_KEY], BOB, 4),
    ("keyed, parted before", [BOB_IN, BOB_OUT, KEYED, BOB_IN_BY_KEY], BOB, 4),
    ("keyed, put out", [BOB_IN, KEYED, BOB_KICKED], BOB, NOTHING),
    ("keyed, put out and back", [BOB_IN, KEYED, BOB_KICKED, BOB_IN_BY_KEY], BOB, 4),
    ("keyed, gone", [BOB_IN, KEYED, BOB_GONE, *back(BOB, "bob")], BOB, NOTHING),
    (
        "keyed, gone and back inside",
        [BOB_IN, KEYED, BOB_GONE, *back(BOB, "bob"), BOB_IN_BY_KEY],
        *(BOB, 1),
    ),
    (
        "keyed while he was gone",
        [BOB_IN, BOB_GONE, KEYED, *back(BOB, "bob"), BOB_IN_BY_KEY],
        *(BOB, 7),
    ),
    (
        "another key while he was gone",
        [BOB_IN, KEYED, BOB_GONE, REKEYED, *back(BOB, "bob"), BOB_IN_BY_ANOTHER],
        *(BOB, 8),
    ),
    (
        "keyed while he was gone who runs it",
        [BOB_IN, BOB_RUNS_IT, BOB_GONE, KEYED, *back(BOB, "bob"), BOB_IN],
        *(BOB, 1),
    ),
    ("keyed, banned inside", [BOB_IN, KEYED, BANNED], BOB, NOTHING),
    ("banned inside, keyed", [BOB_IN, BANNED, KEYED], BOB, NOTHING),
    ("keyed, unbanned inside", [BOB_IN, KEYED, BANNED, UNBANNED], BOB, 4),
    ("banned, keyed, unbanned", [BOB_IN, BANNED, KEYED, UNBANNED], BOB, 4),
    ("banned, unbanned, keyed", [BOB_IN, BANNED, UNBANNED, KEYED], BOB, 1),
    (
        "keyed, banned while he was gone",
        [BOB_IN, KEYED, BOB_GONE, BANNED, UNBANNED, *back(BOB, "bob"), BOB_IN_BY_KEY],
        *(BOB, 9),
    ),
    (
        "keyed, another banned while he was gone",
        [
            BOB_IN,
            KEYED,
            BOB_GONE,
            on(Setting.BAN, "eve"),
            MUTED,
            *back(BOB, "bob"),
            BOB_IN_BY_KEY,
        ],
        *(BOB, 1),
    ),
    ("keyed, full, inside", [BOB_IN, KEYED, FULL], BOB, 1),
    # And opened again.
    ("opened again, a stranger", [KEYED, UNKEYED], BOB, 2),
    ("opened again, a house operator", [OFFICE, KEYED, UNKEYED], DAVE, 3),
    ("opened again, inside from before", [BOB_IN, KEYED, UNKEYED], BOB, 1),
    ("opened again, came by key", [KEYED, BOB_IN_BY_KEY, UNKEYED], BOB, 2),
    ("opened again, parted", [BOB_IN, KEYED, BOB_OUT, UNKEYED], BOB, 4),
    ("opened again, put out", [BOB_IN, KEYED, BOB_KICKED, UNKEYED], BOB, 4),
    ("opened again, came later", [KEYED, UNKEYED, BOB_IN], BOB, 2),
    ("closed again, a stranger", [KEYED, UNKEYED, CLOSED], BOB, NOTHING),
    ("closed again, came between", [KEYED, UNKEYED, BOB_IN, CLOSED], BOB, 3),
    ("still invite-only", [KEYED, CLOSED, UNKEYED], BOB, NOTHING),
    ("opened twice", [KEYED, UNKEYED, CLOSED, OPEN], BOB, 4),
    (
        "gone when it was closed, and opened again",
        [BOB_IN, BOB_GONE, KEYED, UNKEYED, *back(BOB, "bob")],
        *(BOB, 4),
    ),
    # An invite-only room.
    ("invite-only, a stranger", [CLOSED], BOB, NOTHING),
    ("invite-only, invited", [CLOSED, BOB_INVITED], BOB, NOTHING),
    ("invite-only, came invited", [CLOSED, BOB_INVITED, BOB_IN], BOB, 3),
    ("invite-only, welcome", [CLOSED, on(Setting.WELCOME, "bob")], BOB, NOTHING),
    ("invite-only, inside", [BOB_IN, CLOSED], BOB, 1),
    ("invite-only, parted", [BOB_IN, CLOSED, BOB_OUT], BOB, NOTHING),
    ("invite-only, a house operator", [CLOSED, OFFICE], DAVE, NOTHING),
    # A room off the record.
    ("off the record, a stranger", [OFF_RECORD], BOB, NOTHING),
    ("off the record, inside", [BOB_IN, OFF_RECORD], BOB, 1),
    ("off the record, came then", [OFF_RECORD, BOB_IN], BOB, 2),
    ("on the record again, a stranger", [OFF_RECORD, ON_RECORD], BOB, 2),
    ("on the record again, inside", [BOB_IN, OFF_RECORD, ON_RECORD], BOB, 1),
    (
        "on the record again, gone",
        [BOB_IN, BOB_GONE, OFF_RECORD, ON_RECORD, *back(BOB, "bob")],
        *(BOB, 1),
    ),
    # Whoever he is by then.
    (
        "keyed, a guest who logged in",
        [CAROL_IN, KEYED, (CAROL, Register("c"))],
        CAROL,
        1,
    ),
    (
        "keyed, an account that logged out",
        [BOB_IN, KEYED, (BOB, LogOut())],
        *(BOB, NOTHING),
    ),
    ("no history", [BOB_IN, NO_HISTORY], BOB, NOTHING),
]


def a_scene() -> Scene:
    """Alice has just made #tea; bob, dave and carol are about."""
    scene = Scene(Hub(Limits()))
    for session, nick in enumerate(("alice", "bob", "carol", "dave"), start=1):
        scene.answers(session, Open(f"{session}.host", f"192.0.2.{session}"))
        if session != CAROL:
            scene.answers(session, Register("credential", nick))
        scene.answers(session, Introduce(nick, "u", nick))
    scene.answers(ALICE, Join("#tea"))
    return scene


@pytest.mark.parametrize(
    ("steps", "session", "reads_from"),
    [pytest.param(*row, id=name) for name, *row in TABLE],
)
def test_who_may_read_what(
    steps: list[Step], session: int, reads_from: int | None
) -> None:
    scene = a_scene()
    begun = scene.last
    for step in steps:
        assert isinstance(scene.answers(*step), list)
    state = scene.hub._state
    floor = recall.floor(state, state.introduced(session), state.room("#tea"))
    assert floor == (begun + reads_from if reads_from else reads_from)


# Whatever happens, what is asked for is never more than may be read.
QUESTIONS: list[Command] = [
    AskHistory("#tea"),
    AskTargets(0, 9000),
    Search("tea"),
    Search("tea", target="#tea"),
    CatchUp(),
    CatchUp("#tea"),
]


def scopes_in(effects: list[Effect]) -> list[Scope]:
    found: list[Scope] = []
    for each in recalled(effects):
        match each.extract:
            case ReadPage(scope=scope) | ReadMissed(scope):
                found.append(scope)
            case ReadUnread(scopes) | ReadDigest(scopes) | Seek(scopes):
                found.extend(scopes)
            case ReadTargets(scopes):
                found.extend(scopes)
            case ReadPrivate():
                pass
    return found


@pytest.mark.parametrize(
    ("steps", "session", "reads_from"),
    [pytest.param(*row, id=name) for name, *row in TABLE],
)
def test_every_question_goes_by_it(
    steps: list[Step], session: int, reads_from: int | None
) -> None:
    scene = a_scene()
    scene.goes(list(steps))
    state = scene.hub._state
    user, tea = state.introduced(session), state.room("#tea")
    floor = recall.floor(state, user, tea)
    for question in QUESTIONS:
        scopes = scopes_in(scene.effects(session, question))
        floors = [scope.floor for scope in scopes if scope.room == tea.id]
        assert floors in ([], [floor])
        if reads_from is NOTHING:
            assert floors == []


@settings(deadline=None)
@given(st.randoms(), st.integers(0, 80))
def test_nobody_is_told_of_more_than_he_may_read(random: Random, length: int) -> None:
    scene = Scene(Hub(Limits()))
    for session, command in a_babble(random, length):
        effects = scene.effects(session, command)
        state = scene.hub._state
        rooms = {room.id: room for room in state.rooms.values()}
        for each in recalled(effects):
            user = state.introduced(each.session)
            for scope in scopes_in([each]):
                if scope.peer:
                    assert user.account is not None
                    assert scope.account == user.account.id
                else:
                    floor = recall.floor(state, user, rooms[scope.room])
                    assert floor == scope.floor


@settings(deadline=None)
@given(st.randoms(), st.integers(0, 80))
def test_whose_session_it_is_is_told_before_anything_is_recalled(
    random: Random, length: int
) -> None:
    scene = Scene(Hub(Limits()))
    accounts: dict[int, int] = {}
    for session, command in a_babble(random, length):
        if isinstance(command, Open):
            accounts[session] = 0
        for effect in scene.effects(session, command):
            match effect:
                case Bind(number, account):
                    assert accounts[number] != account
                    accounts[number] = account
                case Recall(number, ReadPrivate(account) | ReadDigest(account=account)):
                    assert accounts[number] == account
                case _:
                    pass
        for number, opened in scene.hub._state.sessions.items():
            assert accounts[number] == (opened.account.id if opened.account else 0)


# Questions.


def ask(house: State, session: int, command: Command) -> list[Effect]:
    hub = Hub(house.limits)
    hub._state = house
    return hub.handle(session, command, NOW)


def test_a_page_of_a_room() -> None:
    house = a_house("alice", tea="alice")
    page = Page(Which.LATEST, (), 50, has_events=True)
    scope = Scope("#tea", 201, is_new=True)
    assert ask(house, ALICE, AskHistory("#TEA", page)) == [
        Recall(ALICE, ReadPage(scope, page), until=1000)
    ]


def test_what_happened_in_a_room_only_those_inside_see() -> None:
    house = logged_in(a_house("alice bob", tea="alice"), "alice", "bob")
    page = Page(Which.LATEST, (), 50, has_events=True)
    for target, is_told in (("#TEA", False), ("alice", True)):
        (each,) = recalled(ask(house, BOB, AskHistory(target, page)))
        assert isinstance(each.extract, ReadPage)
        assert each.extract.page.has_events is is_told


def test_a_page_of_what_two_said() -> None:
    house = with_an_account(logged_in(a_house("alice bob"), "alice"), "Zoe")
    house.accounts["alice"].read["zoe"] = 4000
    scope = Scope("Zoe", peer=300, account=301, read=4000)
    assert ask(house, ALICE, AskHistory("ZOE")) == [
        Recall(ALICE, ReadPage(scope, Page()), until=1000)
    ]


def test_a_page_of_what_one_said_to_oneself() -> None:
    house = logged_in(a_house("alice"), "alice")
    scope = Scope("alice", peer=301, account=301)
    (each,) = recalled(ask(house, ALICE, AskHistory("alice")))
    assert each.extract == ReadPage(scope, Page())


@pytest.mark.parametrize("kind", [AskHistory, CatchUp])
@pytest.mark.parametrize("target", ["bob", "nobody", "#none", "a!b"])
def test_nobody_reads_what_there_is_not(
    kind: type[AskHistory] | type[CatchUp], target: str
) -> None:
    house = logged_in(a_house("alice bob"), "alice")
    with refused(house, MayNotRead(target)):
        ask(house, ALICE, kind(target))


def test_a_guest_reads_nothing_private() -> None:
    house = logged_in(a_house("alice bob"), "bob")
    with refused(house, MayNotRead("bob")):
        ask(house, ALICE, AskHistory("bob"))


def test_a_page_is_no_longer_than_the_house_allows() -> None:
    house = a_house("alice", Limits(history_page=30), tea="alice")
    asked: list[Command] = [
        AskHistory("#tea", Page(most=31)),
        AskTargets(0, 9, most=31),
        Search("x", most=31),
    ]
    page, targets, seek = (
        recalled(ask(house, ALICE, each))[0].extract for each in asked
    )
    assert isinstance(page, ReadPage)
    assert isinstance(targets, ReadTargets)
    assert isinstance(seek, Seek)
    assert (page.page.most, targets.most, seek.asked.most) == (30, 30, 30)


def a_house_of_visits() -> tuple[State, dict[str, Scope]]:
    """Alice is in #tea, was in #coffee and left #milk; #water she never saw."""
    house = a_house("alice bob", tea="alice", coffee="bob", milk="bob", water="bob")
    account = logged_in(house, "alice", "bob").accounts["alice"]
    scopes = {
        "tea": Scope("#tea", house.room("#tea").id),
        "coffee": Scope("#coffee", house.room("#coffee").id, left=700),
        "milk": Scope("#milk", house.room("#milk").id, left=800, back=0, read=900),
        "water": Scope("#water", house.room("#water").id, is_new=True),
    }
    account.visits = {
        77: Visit("#gone", 400),
        scopes["milk"].room: Visit("#milk", 0, left=800, read=900),
        scopes["coffee"].room: Visit("#coffee", 600, left=700),
        scopes["tea"].room: Visit("#tea", 500),
    }
    return house, scopes


def test_targets_are_where_one_is_and_was() -> None:
    house, scopes = a_house_of_visits()
    (each,) = recalled(ask(house, ALICE, AskTargets(7, 9)))
    were = (scopes["tea"], scopes["milk"], scopes["coffee"])
    assert each.extract == ReadTargets(were, 301, 7, 9, 100)


def test_one_catches_up_where_one_is_and_did_not_leave() -> None:
    house, scopes = a_house_of_visits()
    (each,) = recalled(ask(house, ALICE, CatchUp()))
    assert each.extract == ReadUnread((scopes["tea"], scopes["coffee"]), 301)


def test_how_far_one_has_read_with_whom_goes_along() -> None:
    house, scopes = a_house_of_visits()
    house.accounts["alice"].read["bob"] = 4000
    (each,) = recalled(ask(house, ALICE, CatchUp()))
    unread = (scopes["tea"], scopes["coffee"])
    assert each.extract == ReadUnread(unread, 301, (("bob", 4000),))
    news = recall.news(house, house.sessions[ALICE], house.user("alice"), NOW)
    (digest, _) = recalled(news)
    assert isinstance(digest.extract, ReadDigest)
    assert digest.extract.read == (("bob", 4000),)


def test_one_catches_up_in_one_place() -> None:
    house, scopes = a_house_of_visits()
    (each,) = recalled(ask(house, ALICE, CatchUp("#coffee")))
    assert each.extract == ReadUnread((scopes["coffee"],))
    (each,) = recalled(ask(house, ALICE, CatchUp("bob")))
    with_bob = Scope("bob", peer=302, account=301)
    assert each.extract == ReadUnread((with_bob,))


def test_a_search_is_everywhere() -> None:
    house, scopes = a_house_of_visits()
    lobby = Scope("#lobby", is_new=True)
    (each,) = recalled(ask(house, ALICE, Search("tea")))
    everywhere = (lobby, *(scopes[each] for each in ("tea", "coffee", "milk", "water")))
    assert each.extract == Seek(everywhere, 301, Search("tea"), 301)


def test_a_search_is_in_one_place() -> None:
    house, scopes = a_house_of_visits()
    asked = Search("tea", target="#tea")
    (each,) = recalled(ask(house, ALICE, asked))
    assert each.extract == Seek((scopes["tea"],), 0, asked, 301)


def test_a_guest_searches_only_rooms() -> None:
    house = a_house("alice bob", tea="alice")
    (each,) = recalled(ask(set_up(house, "#tea", Setting.SECRET), BOB, Search("tea")))
    lobby = Scope("#lobby", is_new=True)
    assert each.extract == Seek((lobby,), 0, Search("tea"))


@pytest.mark.parametrize(
    ("question", "target"),
    [
        (AskHistory("#tea"), "#tea"),
        (AskHistory("alice"), "alice"),
        (AskTargets(0, 9000), ""),
        (Search("tea"), ""),
        (CatchUp(), ""),
    ],
)
def test_nothing_is_read_where_nothing_is_kept(question: Command, target: str) -> None:
    house = a_house("alice", Limits(history=False), tea="alice")
    with refused(logged_in(house, "alice"), MayNotRead(target)):
        ask(house, ALICE, question)


# How far one has read.


def test_who_has_read_so_far_says_so_on_all_devices() -> None:
    house = logged_in(a_house("alice", tea="alice"), "alice")
    effects = ask(house, ALICE, MarkRead("#TEA", 4000))
    changed = ReadChanged(1000, 5000, "#tea", 4000)
    assert effects == [
        Keep(KeptVisit(1000, 301, 201, 0, 0, 0, 4000)),
        Deliver(changed, to=ToUser(101)),
    ]
    assert ask(house, ALICE, AskRead("#tea")) == [
        Deliver(ReadIs("#tea", 4000), to=ToSession(ALICE))
    ]


@pytest.mark.parametrize("at", [4000, 3999, 0])
def test_nobody_has_read_less_than_before(at: int) -> None:
    house = logged_in(a_house("alice", tea="alice"), "alice")
    ask(house, ALICE, MarkRead("#tea", 4000))
    assert ask(house, ALICE, MarkRead("#tea", at)) == [
        Deliver(ReadIs("#tea", 4000), to=ToSession(ALICE))
    ]


def test_nobody_has_read_what_is_yet_to_come() -> None:
    house = a_house("alice", tea="alice")
    effects = ask(house, ALICE, MarkRead("#tea", 9000))
    assert said_in(effects, ReadChanged) == [ReadChanged(1000, 5000, "#tea", 5000)]


def test_a_guest_has_read_for_as_long_as_he_is_here() -> None:
    house = a_house("alice Bob", Limits(history=False), tea="alice")
    for target in ("#tea", "BOB", "nobody"):
        assert kept(ask(house, ALICE, MarkRead(target, 4000))) == []
        (read,) = said_in(ask(house, ALICE, AskRead(target)), ReadIs)
        assert read.at == 4000


@pytest.mark.parametrize(
    ("nick", "called"),
    [("BOB", "bob"), ("ZOE", "Zoe"), ("Nobody", "Nobody")],
    ids=["a guest", "an account", "nobody"],
)
def test_who_has_read_what_somebody_said(nick: str, called: str) -> None:
    house = with_an_account(logged_in(a_house("alice bob"), "alice"), "Zoe")
    is_kept = nick == "ZOE"
    assert ask(house, ALICE, MarkRead(nick, 4000)) == [
        *([Keep(KeptRead(1000, 301, "zoe", 4000))] if is_kept else []),
        Deliver(ReadChanged(1000, 5000, called, 4000), to=ToUser(101)),
    ]
    (read,) = said_in(ask(house, ALICE, AskRead(called)), ReadIs)
    assert read == ReadIs(called, 4000)


@pytest.mark.parametrize("kind", [AskRead, lambda target: MarkRead(target, 4000)])
@pytest.mark.parametrize("target", ["#tea", "#none", "a!b", ""])
def test_nobody_reads_of_what_he_may_not_know(kind: type[AskRead], target: str) -> None:
    house = set_up(a_house("alice bob", tea="alice"), "#tea", Setting.SECRET)
    with refused(house, MayNotRead(target)):
        ask(house, BOB, kind(target))


def test_who_runs_the_house_knows_that_a_room_is_there_and_not_what_is_said() -> None:
    house = in_office(a_house("alice bob", tea="alice"), "bob")
    set_up(house, "#tea", Setting.SECRET)
    assert ask(house, BOB, AskRead("#tea"))
    with refused(house, MayNotRead("#tea")):
        ask(house, BOB, AskHistory("#tea"))


# What one is shown by oneself.


def order(effects: list[Effect]) -> list[str]:
    """What is told, and what is recalled, by name."""
    things: list[object] = []
    for each in effects:
        if isinstance(each, Recall):
            things.append(each.extract)
        elif isinstance(each, Deliver) and isinstance(each.event, Welcomed | Entered):
            things.append(each.event)
    return [type(each).__name__ for each in things]


def test_who_enters_is_told_what_he_has_missed_on_each_session() -> None:
    house = with_a_second_session(a_house("alice bob", tea="alice"), "bob", 7)
    effects = ask(house, BOB, Join("#tea"))
    scope = Scope("#tea", 201, is_new=True)
    assert effects[-2:] == [
        Recall(BOB, ReadMissed(scope), until=1000),
        Recall(7, ReadMissed(scope), until=1000),
    ]


def test_who_enters_again_is_told_from_when_he_left() -> None:
    scene = a_scene()
    scene.goes([BOB_IN, BOB_OUT])
    left = scene.last
    (each,) = recalled(scene.effects(*BOB_IN))
    tea = scene.hub._state.room("#tea")
    scope = Scope("#tea", tea.id, left=left, back=scene.last)
    assert each == Recall(BOB, ReadMissed(scope), until=scene.last)


@pytest.mark.parametrize(
    ("steps", "room"),
    [
        pytest.param([], "#new", id="nobody was there before"),
        pytest.param([CLOSED, BOB_INVITED], "#tea", id="it was closed"),
        pytest.param([NO_HISTORY], "#tea", id="nothing is kept"),
    ],
)
def test_who_can_have_missed_nothing_is_told_nothing(
    steps: list[Step], room: str
) -> None:
    scene = a_scene()
    scene.goes(steps)
    effects = scene.effects(BOB, Join(room))
    assert said_in(effects, Entered)
    assert recalled(effects) == []


@pytest.mark.parametrize("is_kept", [True, False])
def test_who_enters_knows_whether_it_is_kept_and_how_far_he_has_read(
    is_kept: bool,
) -> None:
    scene = a_scene()
    scene.goes([(BOB, MarkRead("#tea", 70)), *([] if is_kept else [OFF_RECORD])])
    (entered,) = said_in(scene.effects(*BOB_IN), Entered)
    assert (entered.is_recorded, entered.read) == (is_kept, 70)


def test_nothing_is_kept_in_a_house_without_history() -> None:
    scene = a_scene()
    scene.goes([NO_HISTORY])
    (entered,) = said_in(scene.effects(*BOB_IN), Entered)
    assert not entered.is_recorded
    assert recalled(scene.effects(BOB, LogOut())) == []


def test_who_comes_in_with_an_account_is_told_the_news_first() -> None:
    scene = a_scene()
    scene.goes([BOB_IN, BOB_GONE, *back(BOB, "bob")[:2]])
    effects = scene.effects(BOB, Introduce("bob", "u", "bob", room="#tea"))
    assert order(effects) == [
        *("Welcomed", "ReadDigest", "ReadPrivate", "Entered", "ReadMissed")
    ]
    digest = recalled(effects)[0].extract
    assert isinstance(digest, ReadDigest)
    assert [scope.name for scope in digest.scopes] == ["#tea"]
    assert digest.nick == "bob"


def test_who_attaches_is_told_the_news_before_the_rooms() -> None:
    scene = a_scene()
    scene.goes([BOB_IN, (7, Open("7.host")), (7, Identified("bob"))])
    effects = scene.effects(7, Introduce("bob", "u", "bob"))
    assert order(effects) == [
        *("Welcomed", "ReadDigest", "ReadPrivate", "Entered", "ReadMissed")
    ]
    assert {each.session for each in recalled(effects)} == {7}


def test_a_guest_who_turns_out_to_be_somebody_is_told_the_news() -> None:
    scene = a_scene()
    scene.goes([BOB_IN])
    effects = scene.effects(CAROL, Identified("bob"))
    account = scene.hub._state.accounts["bob"].id
    assert bound(effects) == [Bind(CAROL, account)]
    assert order(effects) == ["ReadDigest", "ReadPrivate", "Entered", "ReadMissed"]


def test_who_comes_is_known_to_be_away_from_where_he_was() -> None:
    scene = a_scene()
    scene.goes([BOB_IN, BOB_GONE])
    (bind,) = bound(scene.effects(CAROL, Identified("bob")))
    visits = scene.hub._state.accounts["bob"].visits
    assert bind.away == tuple((room, each.left) for room, each in visits.items())
    assert bind.away


def test_a_guest_who_logs_in_is_told_the_news_once() -> None:
    scene = a_scene()
    scene.goes([BOB_GONE, CAROL_IN])
    effects = scene.effects(CAROL, Identified("bob"))
    assert order(effects) == ["ReadDigest", "ReadPrivate"]
    assert order(scene.effects(CAROL, Join("#lobby"))) == ["Entered", "ReadMissed"]


def test_a_guest_who_logs_in_inside_is_told_what_came_before_him() -> None:
    scene = a_scene()
    scene.goes([BOB_IN, BOB_GONE])
    left = scene.last
    scene.goes([CAROL_IN])
    came = scene.last
    scene.answers(DAVE, Join("#tea"))
    effects = scene.effects(CAROL, Identified("bob"))
    assert order(effects) == ["ReadDigest", "ReadPrivate", "ReadMissed"]
    tea = scene.hub._state.room("#tea")
    scope = Scope("#tea", tea.id, left=left, back=came)
    assert recalled(effects)[-1] == Recall(CAROL, ReadMissed(scope), until=came)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([CAROL_IN], id="the account never was there"),
        pytest.param(
            [BOB_IN, BOB_OUT, KEYED, (CAROL, Join("#tea", "sesame"))],
            id="it is closed, and it had left",
        ),
        pytest.param([BOB_IN, CAROL_IN, (CAROL, Leave("#tea"))], id="the guest left"),
    ],
)
def test_a_guest_who_logs_in_is_told_no_more_than_who_enters(steps: list[Step]) -> None:
    scene = a_scene()
    scene.goes([*steps, BOB_GONE])
    assert order(scene.effects(CAROL, Identified("bob"))) == [
        "ReadDigest",
        "ReadPrivate",
    ]


def test_a_guest_is_told_no_news() -> None:
    scene = a_scene()
    scene.answers(7, Open("7.host"))
    assert order(scene.effects(7, Introduce("eve", "u", "eve"))) == ["Welcomed"]


def test_whoever_logs_out_is_nobody_and_told_the_news_again_later() -> None:
    scene = a_scene()
    assert bound(scene.effects(BOB, LogOut())) == [Bind(BOB, 0)]
    effects = scene.effects(BOB, Identified("bob"))
    assert order(effects) == ["ReadDigest", "ReadPrivate"]
