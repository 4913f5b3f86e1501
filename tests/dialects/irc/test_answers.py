"""Answers: numeric by numeric, as clients parse them."""

import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.irc import answers
from chat.dialects.irc.message import parse
from chat.domain.answers import (
    Answer,
    AwayIs,
    Declined,
    HouseIs,
    Inviting,
    MasksAre,
    MembersAre,
    NotHere,
    PastIs,
    PeopleAre,
    PersonIs,
    PresentAre,
    RoomIs,
    RoomsAre,
    TimeIs,
    TopicIs,
    Unchanged,
    WatchedAre,
)
from chat.domain.commands import Mark, Setting
from chat.domain.questions import Page, Search
from chat.domain.recalled import (
    DigestIs,
    Excerpt,
    FoundAre,
    HistoryIs,
    MissedIs,
    ReadIs,
    TargetsAre,
    UnreadAre,
)
from chat.domain.records import Deed, Line
from chat.domain.refusals import NotThere
from chat.domain.roles import Role
from chat.domain.views import Mask, Member, Person, RoomRow, Topic
from tests.dialects.irc.clients import alice, hears
from tests.dialects.scenes import ALICE, AT, BOB, told, who

RUNS_IT = Member(BOB, Role.OPERATOR)
LINES = Excerpt("#tea", (Line(1, AT, 1, Deed.SAY, "bob!b@b", "hi"),))
TEA = Topic("tea and cake", "bob", AT)


def read(event: Answer, *before: str, caps: str = "") -> list[str]:
    """What alice reads of *event*, after she has sent what comes *before*."""
    irc = alice(caps)
    hears(irc, *before)
    text = told(irc, event).decode()
    assert text == "" or text.endswith("\r\n")
    return [line.removeprefix(":irc.x ") for line in text.split("\r\n")[:-1]]


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        pytest.param(
            Declined(NotThere("bob", "#tea")),
            ["441 alice bob #tea :They aren't on that channel."],
            id="441 one of several changes",
        ),
        pytest.param(Inviting("#tea", "bob"), ["341 alice bob :#tea"], id="341"),
        pytest.param(
            AwayIs(is_away=True),
            ["306 alice :You have been marked as being away."],
            id="306",
        ),
        pytest.param(
            AwayIs(is_away=False),
            ["305 alice :You are no longer marked as being away."],
            id="305",
        ),
        pytest.param(
            NotHere("bob", "out for tea"), ["301 alice bob :out for tea"], id="301"
        ),
        pytest.param(
            RoomsAre((RoomRow("#tea", 3, "milk?"), RoomRow("#sea", 1, ""))),
            [
                "321 alice Channel :Users  Name",
                "322 alice #tea 3 :milk?",
                "322 alice #sea 1 :",
                "323 alice :End of /LIST",
            ],
            id="321 322 323",
        ),
        pytest.param(
            MasksAre("#tea", Setting.BAN, (Mask("eve!*@*", "bob", AT),)),
            [
                "367 alice #tea eve!*@* bob :1795169700",
                "368 alice #tea :End of channel ban list.",
            ],
            id="367 368",
        ),
        pytest.param(
            MasksAre("#tea", Setting.EXEMPT, (Mask("m:eve!*@*", "bob", AT),)),
            [
                "348 alice #tea m:eve!*@* bob :1795169700",
                "349 alice #tea :End of channel exception list.",
            ],
            id="348 349",
        ),
        pytest.param(
            MasksAre("#tea", Setting.WELCOME, (Mask("eve!*@*", "bob", AT),)),
            [
                "346 alice #tea eve!*@* bob :1795169700",
                "347 alice #tea :End of channel invite exception list.",
            ],
            id="346 347",
        ),
        pytest.param(
            PastIs("bob", ((BOB, AT), (who("bob"), AT - 60_000))),
            [
                "314 alice bob ubob bob.host * :Real bob",
                "312 alice bob irc.x :2026-11-20 10:15:00 UTC",
                "314 alice bob ubob bob.host * :Real bob",
                "312 alice bob irc.x :2026-11-20 10:14:00 UTC",
                "369 alice bob :End of WHOWAS.",
            ],
            id="314 312 369",
        ),
        pytest.param(
            PastIs("eve", ()),
            [
                "406 alice eve :There was no such nickname.",
                "369 alice eve :End of WHOWAS.",
            ],
            id="406 369",
        ),
        pytest.param(
            PresentAre((Person(BOB), Person(ALICE)), in_detail=False),
            ["303 alice :bob alice"],
            id="303",
        ),
        pytest.param(PresentAre((), in_detail=False), ["303 alice :"], id="303 nobody"),
        pytest.param(
            PresentAre(
                (
                    Person(BOB, is_away=True),
                    Person(ALICE, marks=(Mark.OPERATOR,)),
                ),
                in_detail=True,
            ),
            ["302 alice :bob=-ubob@bob.host alice*=+ualice@alice.host"],
            id="302",
        ),
        pytest.param(
            TimeIs(AT),
            ["391 alice irc.x 1795169700 :2026-11-20 10:15:00 UTC"],
            id="391",
        ),
        pytest.param(
            TopicIs("#tea", None), ["331 alice #tea :No topic is set."], id="331"
        ),
        pytest.param(
            TopicIs("#tea", TEA),
            [
                "332 alice #tea :tea and cake",
                "333 alice #tea bob :1795169700",
            ],
            id="332 333",
        ),
        pytest.param(
            RoomIs("#tea", (Setting.GUARDS_TOPIC, Setting.KEY), "milk", None, AT),
            ["324 alice #tea +kt :milk", "329 alice #tea :1795169700"],
            id="324 329",
        ),
        pytest.param(
            RoomIs("#tea", (), "", None, AT),
            ["324 alice #tea :+", "329 alice #tea :1795169700"],
            id="324 of a room without any",
        ),
        pytest.param(
            MembersAre("#tea", (RUNS_IT, Member(ALICE, Role.VOICED)), in_detail=False),
            ["353 alice = #tea :@bob +alice", "366 alice #tea :End of /NAMES list."],
            id="353 366",
        ),
        pytest.param(
            MembersAre("#tea", (RUNS_IT,), in_detail=False, is_secret=True),
            ["353 alice @ #tea :@bob", "366 alice #tea :End of /NAMES list."],
            id="353 of a secret room",
        ),
        pytest.param(
            MembersAre("#tea", (), in_detail=False),
            ["366 alice #tea :End of /NAMES list."],
            id="366 nobody",
        ),
        pytest.param(
            MembersAre(
                "#tea", (RUNS_IT, Member(ALICE, Role.MEMBER, is_away=True)), True
            ),
            [
                "352 alice #tea ubob bob.host irc.x bob H@ :0 Real bob",
                "352 alice #tea ualice alice.host irc.x alice G :0 Real alice",
                "315 alice #tea :End of /WHO list.",
            ],
            id="352 315 a room",
        ),
        pytest.param(
            MembersAre("#tea", (RUNS_IT,), in_detail=True, note="%tnf,7"),
            ["354 alice 7 bob :H@", "315 alice #tea :End of /WHO list."],
            id="354 315",
        ),
        pytest.param(
            PeopleAre("bob", (Person(BOB, is_away=True, marks=(Mark.BOT,)),)),
            [
                "352 alice * ubob bob.host irc.x bob GB :0 Real bob",
                "315 alice bob :End of /WHO list.",
            ],
            id="352 315 a nick",
        ),
        pytest.param(
            PeopleAre("eve", ()), ["315 alice eve :End of /WHO list."], id="315 nobody"
        ),
        pytest.param(
            HouseIs(
                3, 2, ("alice",), invisible=1, operators=1, most_users=9, unknown=4
            ),
            [
                "251 alice :There are 2 users and 1 invisible on 1 servers",
                "252 alice 1 :operator(s) online",
                "253 alice 4 :unknown connection(s)",
                "254 alice 2 :channels formed",
                "255 alice :I have 3 clients and 0 servers",
                "265 alice 3 9 :Current local users 3, max 9",
                "266 alice 3 9 :Current global users 3, max 9",
            ],
            id="251 252 253 254 255 265 266",
        ),
        pytest.param(
            WatchedAre((BOB,), ("eve", "zoe")),
            ["730 alice :bob!ubob@bob.host", "731 alice :eve,zoe"],
            id="730 731",
        ),
        pytest.param(
            WatchedAre((BOB,), ("eve",), is_list=True),
            ["732 alice :bob,eve", "733 alice :End of MONITOR list."],
            id="732 733",
        ),
        pytest.param(WatchedAre((), ()), [], id="nobody is watched"),
    ],
)
def test_answers(event: Answer, lines: list[str]) -> None:
    assert read(event) == lines


# WHOIS.

LEAST_OF_BOB = [
    "311 alice bob ubob bob.host * :Real bob",
    "312 alice bob irc.x :Exchange",
    "317 alice bob 60 1795169400 :seconds idle, signon time",
    "318 alice bob :End of /WHOIS list.",
]


def test_311_312_317_318_whois() -> None:
    bob = PersonIs(Person(BOB), (), "", AT - 300_000, AT - 60_000, AT, "")
    assert read(bob) == LEAST_OF_BOB


@pytest.mark.parametrize(
    ("account", "lines"),
    [
        pytest.param("bobby", ["330 alice bob bobby :is logged in as"], id="330"),
        pytest.param("", [], id="a guest"),
    ],
)
def test_whois_tells_the_account(account: str, lines: list[str]) -> None:
    bob = Person(replace(BOB, account=account))
    first, *others = LEAST_OF_BOB
    answer = PersonIs(bob, (), "", AT - 300_000, AT - 60_000, AT, "")
    assert read(answer) == [first, *lines, *others]


def test_319_301_313_335_338_379_all_there_is_to_know() -> None:
    bob = PersonIs(
        Person(BOB, is_away=True, marks=(Mark.BOT, Mark.OPERATOR, Mark.INVISIBLE)),
        (("#tea", Role.OPERATOR), ("#sea", Role.VOICED), ("#sky", Role.MEMBER)),
        "out for tea",
        AT - 300_000,
        AT - 60_000,
        AT,
        "192.0.2.1",
    )
    first, server, *last = LEAST_OF_BOB
    assert read(bob) == [
        first,
        "319 alice bob :@#tea +#sea #sky",
        server,
        "301 alice bob :out for tea",
        "313 alice bob :is an IRC operator.",
        "335 alice bob :is a bot on Exchange.",
        "338 alice bob 192.0.2.1 :Is actually using host.",
        "379 alice bob :is using modes +Bio",
        *last,
    ]


def test_319_many_rooms_take_several_lines() -> None:
    rooms = tuple((f"#{number:060}", Role.MEMBER) for number in range(20))
    lines = read(PersonIs(Person(BOB), rooms, "", AT, AT, AT, ""))
    shown = [line.split(" :")[1] for line in lines if line.startswith("319 ")]
    assert len(shown) > 1
    assert " ".join(shown).split() == [room for room, _ in rooms]


# How it was asked for.


def test_242_stats_u_tells_how_long() -> None:
    later = AT + ((3 * 24 + 2) * 3600 + 5 * 60 + 7) * 1000
    assert read(TimeIs(later), "STATS u") == [
        "242 alice :Server Up 3 days 2:05:07",
        "219 alice u :End of /STATS report.",
    ]


@pytest.mark.parametrize("line", ["NOTICE bob :psst", "@+x TAGMSG bob"])
def test_301_is_no_answer_to_what_needs_none(line: str) -> None:
    assert read(NotHere("bob", "out"), line, caps="message-tags") == []


def test_353_in_full_for_those_who_want_it() -> None:
    event = MembersAre("#tea", (RUNS_IT,), in_detail=False)
    assert read(event, caps="userhost-in-names multi-prefix")[0] == (
        "353 alice = #tea :@bob!ubob@bob.host"
    )


# What is long.


@given(
    st.lists(
        st.text("aé☕", min_size=1, max_size=12).map(lambda s: s.encode()[:32]),
        max_size=80,
    )
)
@settings(deadline=None, max_examples=50)
def test_a_full_room_takes_several_lines_and_loses_nobody(raw: list[bytes]) -> None:
    nicks = [nick.decode(errors="ignore") for nick in raw]
    members = [Member(who(nick), Role.MEMBER) for nick in nicks]
    client = alice()
    client.speaks_for = "a" * 32
    *rows, end = answers.names(client, "#" + "b" * 63, members)
    assert parse(end.decode().removesuffix("\r\n")).command == "366"
    shown = [parse(row.decode().removesuffix("\r\n")).params[3] for row in rows]
    assert " ".join(shown).split() == nicks
    assert all(len(row) < 512 for row in rows)


@pytest.mark.parametrize(
    "event",
    [
        MembersAre("#tea", (RUNS_IT,), in_detail=False),
        MembersAre("#tea", (RUNS_IT,), in_detail=True),
        PeopleAre("*", (Person(BOB),)),
        RoomsAre((RoomRow("#tea", 3, ""),)),
        MasksAre("#tea", Setting.BAN, ()),
        WatchedAre((BOB,), ()),
        PastIs("bob", ((BOB, AT),)),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_may_be_long_is_drawn_bit_by_bit(event: Answer) -> None:
    assert not isinstance(alice().tell(event), bytes)


def test_a_list_that_waits_to_be_read_keeps_little_but_its_text() -> None:
    crowd = [Member(who(f"nick{n}"), Role.MEMBER, is_away=False) for n in range(999)]
    client = alice("userhost-in-names")
    size = sum(map(len, answers.names(client, "#tea", crowd)))
    tracemalloc.start()
    try:
        waiting = answers.names(client, "#tea", crowd)
        next(waiting)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < size * 1.5


def test_what_is_so_already_is_no_news() -> None:
    assert alice().tell(Unchanged()) == b""


@pytest.mark.parametrize(
    ("event", "first"),
    [
        (HistoryIs(LINES, Page()), ":bob!b@b PRIVMSG #tea :hi"),
        (MissedIs(LINES), "NOTICE #tea :[2026-11-20 10:15 UTC] <bob> hi"),
        (TargetsAre((("#tea", AT),)), "CHATHISTORY TARGETS #tea"),
        (FoundAre(Search("hi"), (("#tea", LINES.lines[0]),)), ":bob!b@b PRIVMSG #tea"),
        (ReadIs("#tea", 0), "MARKREAD #tea *"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_was_said_is_recalled(event: Answer, first: str) -> None:
    (told_,) = read(event)
    assert told_.startswith(first)


@pytest.mark.parametrize("event", [UnreadAre((LINES,)), DigestIs(())])
def test_a_client_counts_for_itself(event: Answer) -> None:
    assert read(event) == []
