"""Numerics: the answers, byte by byte as clients parse them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.irc import isupport
from chat.dialects.irc.numerics import Form, Numerics, of
from chat.domain.answers import HouseIs
from chat.domain.views import Who
from tests.dialects.scenes import AT, HOUSE, welcomed

NUMERICS = Numerics(HOUSE)


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
    lines = NUMERICS.welcome(welcomed()).decode().split("\r\n")
    told = [line for line in lines if " 005 " not in line]
    assert told == [
        ":irc.x 001 alice :Welcome to Exchange, alice!ualice@alice.host",
        ":irc.x 002 alice :Your host is irc.x, version switchboard-1",
        ":irc.x 003 alice :This server began 2026-11-20 10:15:00 UTC",
        ":irc.x 004 alice irc.x switchboard-1 Bio IPXbeiklmnostv Ibeklov",
        ":irc.x 251 alice :There are 3 users and 0 invisible on 1 servers",
        ":irc.x 255 alice :I have 3 clients and 0 servers",
        ":irc.x 422 alice :No message of the day",
        "",
    ]


@given(nick=st.text("aé☕", min_size=1, max_size=40), size=st.integers(440, 520))
@settings(deadline=None, max_examples=50)
def test_what_is_drawn_for_everybody_is_what_is_drawn_for_each(
    nick: str, size: int
) -> None:
    numerics = Numerics(replace(HOUSE, motd=("Be kind.", "é" * (size // 2))))
    assert Form(numerics.motd).to(nick) == b"".join(numerics.motd(nick))


def test_what_the_same_house_says_is_drawn_once() -> None:
    assert of(HOUSE) is of(replace(HOUSE))
    assert of(HOUSE) is not of(replace(HOUSE, motd=("Be kind.",)))


def test_one_numeric_with_many_ends() -> None:
    each = ["one", "the o\nther", "m" * 600]
    lines = NUMERICS.lines("000", "alice", "a b", each=each)
    assert list(lines) == [NUMERICS.line("000", "alice", "a b", end) for end in each]


def test_005_up_to_thirteen_tokens_in_a_line() -> None:
    tokens = isupport.tokens(HOUSE)
    lines = [line.decode() for line in NUMERICS.isupport("alice")]
    end = " :are supported by this server\r\n"
    rows = [
        line.removeprefix(":irc.x 005 alice ").removesuffix(end).split()
        for line in lines
    ]
    assert [token for row in rows for token in row] == tokens
    assert [len(row) for row in rows] == [13, 13, len(tokens) - 26]
    assert all(len(line.encode()) < 512 for line in lines)


def test_900_901_who_one_is() -> None:
    who = Who("alice", "al", "h.x", "")
    assert NUMERICS.account("alice", who, "ally") == (
        b":irc.x 900 alice alice!al@h.x ally :You are logged in as ally.\r\n"
    )
    assert NUMERICS.account("*", Who("", "", "", ""), "") == (
        b":irc.x 901 * *!*@* :You are logged out.\r\n"
    )


def test_the_message_of_the_day() -> None:
    house = replace(HOUSE, motd=("Be kind.", "", "Tea at five."))
    assert list(Numerics(house).motd("alice")) == [
        b":irc.x 375 alice :- irc.x Message of the day -\r\n",
        b":irc.x 372 alice :- Be kind.\r\n",
        b":irc.x 372 alice :- \r\n",
        b":irc.x 372 alice :- Tea at five.\r\n",
        b":irc.x 376 alice :End of /MOTD command.\r\n",
    ]


def test_251_more_were_never_here_than_now() -> None:
    lines = [line.decode() for line in NUMERICS.present("alice", HouseIs(5, 1, ()))]
    assert lines[-1] == ":irc.x 266 alice 5 5 :Current global users 5, max 5\r\n"


@pytest.mark.parametrize(
    ("later", "up"),
    [
        (0, b"0 days 0:00:00"),
        (86_399_999, b"0 days 23:59:59"),
        (86_400_000, b"1 days 0:00:00"),
        (-5000, b"0 days 0:00:00"),
    ],
)
def test_242_how_long_the_house_is_up(later: int, up: bytes) -> None:
    assert NUMERICS.uptime("alice", AT + later) == (
        b":irc.x 242 alice :Server Up " + up + b"\r\n"
        b":irc.x 219 alice u :End of /STATS report.\r\n"
    )


def test_391_what_time_it_is() -> None:
    assert NUMERICS.clock("alice", AT) == (
        b":irc.x 391 alice irc.x 1795169700 :2026-11-20 10:15:00 UTC\r\n"
    )


def test_371_what_this_is() -> None:
    assert list(NUMERICS.info("alice")) == [
        b":irc.x 371 alice :Exchange runs on Switchboard.\r\n",
        b":irc.x 371 alice :Version switchboard-1\r\n",
        b":irc.x 371 alice :Running since 2026-11-20 10:15:00 UTC\r\n",
        b":irc.x 374 alice :End of /INFO list.\r\n",
    ]


def test_256_whose_it_is() -> None:
    admin = ("Cellar, left door", "The Exchange", "admin@irc.x")
    assert list(Numerics(replace(HOUSE, admin=admin)).admin("alice")) == [
        b":irc.x 256 alice irc.x :Administrative info\r\n",
        b":irc.x 257 alice :Cellar, left door\r\n",
        b":irc.x 258 alice :The Exchange\r\n",
        b":irc.x 259 alice :admin@irc.x\r\n",
    ]


def test_423_nobody_says_whose_it_is() -> None:
    assert list(NUMERICS.admin("alice")) == [
        b":irc.x 423 alice irc.x :No administrative info available.\r\n"
    ]
