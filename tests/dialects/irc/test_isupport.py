"""ISUPPORT: promises, each of them kept."""

from dataclasses import replace

import pytest

from chat.dialects.dialect import Heard
from chat.dialects.irc.isupport import MOST_TARGETS, letters, tokens
from chat.domain.commands import (
    AskMasks,
    AskPeople,
    AskRooms,
    Change,
    Manner,
    Mark,
    Say,
    SetMark,
    SetRealname,
    SetRoom,
    Setting,
    Watch,
)
from chat.domain.limits import Limits
from tests.dialects.irc.clients import alice, hears
from tests.dialects.scenes import HOUSE, read


def notice(room: str, only: Setting) -> Say:
    return Say(room, "hi", Manner.NOTICE, only=only)


def test_the_tokens() -> None:
    assert tokens(HOUSE) == [
        "ACCOUNTEXTBAN=a",
        "AWAYLEN=200",
        "BOT=B",
        "CASEMAPPING=ascii",
        "CHANLIMIT=#:100",
        "CHANMODES=beI,k,l,PXimnst",
        "CHANTYPES=#",
        "CHANNELLEN=64",
        "CHATHISTORY=100",
        "ELIST=CMNTU",
        "EXCEPTS=e",
        "EXTBAN=,am",
        "HOSTLEN=64",
        "INVEX=I",
        "KEYLEN=23",
        "KICKLEN=300",
        "MAXLIST=b:100,e:100,I:100",
        "MODES=12",
        "MONITOR=100",
        "MSGREFTYPES=msgid,timestamp",
        "NAMELEN=150",
        "NETWORK=Exchange",
        "NICKLEN=32",
        "PREFIX=(ov)@+",
        "SAFELIST",
        "STATUSMSG=@+",
        (
            "TARGMAX=JOIN:,KICK:4,LIST:,MONITOR:,NAMES:4,NOTICE:4,PART:,PRIVMSG:4,"
            "TAGMSG:4,WHOIS:1"
        ),
        "TOPICLEN=390",
        "USERLEN=10",
        "UTF8ONLY",
        "WHOX",
    ]


def test_004_the_letters() -> None:
    assert letters() == ("Bio", "IPXbeiklmnostv", "Ibeklov")


# The limits are the hub's to keep; here is what the commands understand.


@pytest.mark.parametrize(
    ("token", "line", "heard"),
    [
        ("BOT=B", "MODE alice +B", [SetMark(Mark.BOT, on=True)]),
        ("ELIST=CMNTU", "LIST C>1", [AskRooms(older=60)]),
        ("ELIST=CMNTU", "LIST *x*", [AskRooms(("*x*",))]),
        ("ELIST=CMNTU", "LIST !*x*", [AskRooms(but=("*x*",))]),
        ("ELIST=CMNTU", "LIST T<1", [AskRooms(topic_newer=60)]),
        ("ELIST=CMNTU", "LIST >1", [AskRooms(least=2)]),
        ("EXCEPTS=e", "MODE #a e", [AskMasks("#a", Setting.EXEMPT)]),
        ("INVEX=I", "MODE #a I", [AskMasks("#a", Setting.WELCOME)]),
        (
            "EXTBAN=,am",
            "MODE #a +b m:eve!*@*",
            [SetRoom("#a", (Change(Setting.BAN, on=True, value="m:eve!*@*"),))],
        ),
        (
            "ACCOUNTEXTBAN=a",
            "MODE #a +b a:eve",
            [SetRoom("#a", (Change(Setting.BAN, on=True, value="a:eve"),))],
        ),
        ("MONITOR=100", "MONITOR + bob", [Watch(("bob",))]),
        ("NAMELEN=150", "SETNAME " + "a" * 150, [SetRealname("a" * 150)]),
        ("STATUSMSG=@+", "NOTICE @#a hi", [notice("#a", Setting.OPERATOR)]),
        ("STATUSMSG=@+", "NOTICE +#a hi", [notice("#a", Setting.VOICE)]),
        ("WHOX", "WHO bob %n", [AskPeople("bob", "%n")]),
    ],
)
def test_a_token_is_a_promise(token: str, line: str, heard: Heard) -> None:
    assert token in tokens(HOUSE)
    assert hears(alice(), line) == heard


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("KICK #a {} :out", "KICK"),
        ("NAMES {}", "NAMES"),
        ("PRIVMSG {} :hi", "PRIVMSG"),
        ("@+x TAGMSG {}", "TAGMSG"),
    ],
)
def test_targmax_is_a_promise(line: str, name: str) -> None:
    assert f"{name}:4," in tokens(HOUSE)[-5] + ","
    irc = alice("message-tags")
    assert len(hears(irc, line.format("a,b,c,d"))) == 4
    assert b" 407 " in read(hears(irc, line.format("a,b,c,d,e")))


@pytest.mark.parametrize("line", ["JOIN {}", "PART {}"])
def test_any_number_is_any_number(line: str) -> None:
    rooms = ",".join(f"#{number}" for number in range(60))
    assert len(hears(alice(), line.format(rooms))) == 60


def test_every_letter_of_chanmodes_and_prefix_is_understood() -> None:
    for letter in "beIklimnstovPX":
        assert b" 472 " not in b"".join(
            item
            for item in hears(alice(), f"MODE #a +{letter} x")
            if isinstance(item, bytes)
        )


def test_the_limits_are_those_of_the_house() -> None:
    limits = Limits(9, 50, 80, 7, 60, 70, 90, 8, 30, 40)
    told = tokens(replace(HOUSE, limits=limits))
    assert set(told) - set(tokens(HOUSE)) == {
        "NICKLEN=9",
        "CHANNELLEN=50",
        "TOPICLEN=80",
        "CHANLIMIT=#:7",
        "AWAYLEN=60",
        "KICKLEN=70",
        "KEYLEN=8",
        "MAXLIST=b:30,e:30,I:30",
        "MONITOR=40",
        "NAMELEN=90",
    }


def test_no_limit_on_rooms_is_told_without_a_number() -> None:
    assert "CHANLIMIT=#:" in tokens(replace(HOUSE, limits=Limits(rooms_per_user=None)))


@pytest.mark.parametrize(
    ("network", "token"),
    [
        ("Chat Home", "NETWORK=Chat\\x20Home"),
        ("a=b\\c", "NETWORK=a\\x3Db\\x5Cc"),
    ],
)
def test_a_network_of_several_words_is_one_token(network: str, token: str) -> None:
    assert token in tokens(replace(HOUSE, network=network))


def test_so_many_targets_are_promised() -> None:
    assert MOST_TARGETS == 4
