"""Numerics: the answers, byte by byte as clients parse them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.irc.message import parse
from chat.dialects.irc.numerics import Numerics
from chat.domain.answers import (
    MembersAre,
    PeopleAre,
    RoomIs,
    TopicIs,
)
from chat.domain.refusals import (
    AlreadyIntroduced,
    CannotTalk,
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
)
from tests.dialects.scenes import (
    ALICE,
    AT,
    BOB,
    HOUSE,
    REASONS,
    entered,
    welcomed,
    who,
)

NUMERICS = Numerics(HOUSE)
RUNS_IT = Member(BOB, Role.OPERATOR)
TEA = Topic("tea and cake", "bob", AT)


def test_a_line_ends_with_what_may_hold_spaces() -> None:
    line = NUMERICS.line("000", "alice", "one", "two", "the rest of it")
    assert line == b":irc.x 000 alice one two :the rest of it\r\n"


@pytest.mark.parametrize(
    ("param", "shown"),
    [
        pytest.param("a b", "ab", id="a space"),
        pytest.param("", "*", id="nothing"),
        pytest.param("  ", "*", id="only spaces"),
        pytest.param(":x", "x", id="a colon begins the last one"),
        pytest.param("a\rb\nc\0d", "abcd", id="an end of line"),
        pytest.param("a\u2028b", "ab", id="a separator"),
    ],
)
def test_a_word_in_the_middle_stays_one_word(param: str, shown: str) -> None:
    line = NUMERICS.line("000", "*", param, "end")
    assert line == f":irc.x 000 * {shown} :end\r\n".encode()


@given(st.lists(st.text(), min_size=1, max_size=4), st.text(max_size=600))
@settings(deadline=None, max_examples=100)
def test_whatever_is_in_it_a_line_is_one_line(middle: list[str], last: str) -> None:
    line = NUMERICS.line("000", "*", *middle, last)
    assert len(line) <= 512
    assert line.endswith(b"\r\n")
    assert not {0, 10, 13} & set(line[:-2])


def test_the_welcome() -> None:
    assert b"".join(NUMERICS.welcome(welcomed())).decode().split("\r\n") == [
        ":irc.x 001 alice :Welcome to Exchange, alice!ualice@alice.host",
        ":irc.x 002 alice :Your host is irc.x, version switchboard-1",
        ":irc.x 003 alice :This server began 2026-11-20 10:15 UTC",
        ":irc.x 004 alice irc.x switchboard-1 - not o",
        (
            ":irc.x 005 alice CASEMAPPING=ascii CHANMODES=,,,nt CHANTYPES=#"
            " CHANNELLEN=64 NETWORK=Exchange NICKLEN=32 PREFIX=(o)@"
            " TARGMAX=NAMES:4,NOTICE:4,PRIVMSG:4,TAGMSG:4 TOPICLEN=390 UTF8ONLY"
            " :are supported by this server"
        ),
        ":irc.x 251 alice :There are 3 users and 0 invisible on 1 servers",
        ":irc.x 255 alice :I have 3 clients and 0 servers",
        ":irc.x 422 alice :No message of the day",
        "",
    ]


def test_the_message_of_the_day() -> None:
    house = replace(HOUSE, motd=("Be kind.", "", "Tea at five."))
    assert list(Numerics(house).motd("alice")) == [
        b":irc.x 375 alice :- irc.x Message of the day -\r\n",
        b":irc.x 372 alice :- Be kind.\r\n",
        b":irc.x 372 alice :- \r\n",
        b":irc.x 372 alice :- Tea at five.\r\n",
        b":irc.x 376 alice :End of /MOTD command.\r\n",
    ]


@pytest.mark.parametrize(
    ("topic", "lines"),
    [
        pytest.param(None, [], id="no topic"),
        pytest.param(
            TEA,
            [
                (
                    b":irc.x 332 alice #lobby :tea and cake\r\n"
                    b":irc.x 333 alice #lobby bob :1795169700\r\n"
                )
            ],
            id="with a topic",
        ),
    ],
)
def test_entering_a_room(topic: Topic | None, lines: list[bytes]) -> None:
    event = entered(topic=topic, others=(RUNS_IT,))
    assert list(NUMERICS.entered(b"JOINED\r\n", "alice", event)) == [
        b"JOINED\r\n",
        *lines,
        b":irc.x 353 alice = #lobby :@bob alice\r\n",
        b":irc.x 366 alice #lobby :End of /NAMES list.\r\n",
    ]


def test_nobody_in_a_room() -> None:
    assert list(NUMERICS.names("alice", "#tea", ())) == [
        b":irc.x 366 alice #tea :End of /NAMES list.\r\n"
    ]


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
    *rows, end = NUMERICS.names("a" * 32, "#" + "b" * 63, members)
    assert parse(end.decode().removesuffix("\r\n")).command == "366"
    shown = [parse(row.decode().removesuffix("\r\n")).params[3] for row in rows]
    assert " ".join(shown).split() == nicks
    assert all(len(row) < 512 for row in rows)


def test_who_is_in_a_room() -> None:
    members = MembersAre("#tea", (RUNS_IT, Member(ALICE, Role.MEMBER)), in_detail=True)
    assert list(NUMERICS.members_in_detail("alice", members)) == [
        b":irc.x 352 alice #tea ubob bob.host irc.x bob H@ :0 Real bob\r\n",
        b":irc.x 352 alice #tea ualice alice.host irc.x alice H :0 Real alice\r\n",
        b":irc.x 315 alice #tea :End of /WHO list.\r\n",
    ]


def test_who_goes_by_a_nick() -> None:
    assert list(NUMERICS.people("alice", PeopleAre("bob", (BOB,)))) == [
        b":irc.x 352 alice * ubob bob.host irc.x bob H :0 Real bob\r\n",
        b":irc.x 315 alice bob :End of /WHO list.\r\n",
    ]


def test_nobody_goes_by_that_nick() -> None:
    assert list(NUMERICS.people("alice", PeopleAre("eve", ()))) == [
        b":irc.x 315 alice eve :End of /WHO list.\r\n"
    ]


@pytest.mark.parametrize(
    ("topic", "answer"),
    [
        pytest.param(
            None, b":irc.x 331 alice #tea :No topic is set.\r\n", id="no topic"
        ),
        pytest.param(
            TEA,
            b":irc.x 332 alice #tea :tea and cake\r\n"
            b":irc.x 333 alice #tea bob :1795169700\r\n",
            id="a topic, who said so and when",
        ),
    ],
)
def test_the_topic(topic: Topic | None, answer: bytes) -> None:
    assert NUMERICS.topic("alice", TopicIs("#tea", topic)) == answer


@pytest.mark.parametrize(("guards_topic", "modes"), [(True, b"+nt"), (False, b"+n")])
def test_how_a_room_is_set_up(guards_topic: bool, modes: bytes) -> None:
    room = RoomIs("#tea", guards_topic, since=AT)
    assert NUMERICS.modes("alice", room) == (
        b":irc.x 324 alice #tea :" + modes + b"\r\n"
        b":irc.x 329 alice #tea :1795169700\r\n"
    )


def test_how_many_are_here() -> None:
    assert NUMERICS.present("alice", 12) == (
        b":irc.x 251 alice :There are 12 users and 0 invisible on 1 servers\r\n"
        b":irc.x 255 alice :I have 12 clients and 0 servers\r\n"
    )


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        (NickInUse("bob"), b"433 alice bob :Nickname is already in use."),
        (
            NickImpossible("b b", "it may not hold spaces"),
            b"432 alice bb :Erroneous nickname: it may not hold spaces.",
        ),
        (NotIntroduced(), b"451 alice :You have not registered."),
        (AlreadyIntroduced(), b"462 alice :You may not reregister."),
        (NoSuchNick("b\r\nb"), b"401 alice bb :No such nick."),
        (NoSuchRoom(""), b"403 alice * :No such channel."),
        (
            RoomNameImpossible("tea", "it begins with #"),
            b"476 alice tea :Bad channel name: it begins with #.",
        ),
        (NotAMember("#tea"), b"442 alice #tea :You're not on that channel."),
        (CannotTalk("#tea"), b"404 alice #tea :Cannot send to channel: join it."),
        (NotAllowed("#tea"), b"482 alice #tea :You're not channel operator."),
    ],
)
def test_why_not(reason: Reason, line: bytes) -> None:
    assert NUMERICS.refusal("alice", reason) == b":irc.x " + line + b"\r\n"


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: type(reason).__name__)
def test_every_reason_has_a_number_of_an_error(reason: Reason) -> None:
    message = parse(NUMERICS.refusal("*", reason).decode().removesuffix("\r\n"))
    assert 400 <= int(message.command) < 600
    assert message.params[0] == "*"
