"""Rooms on IRC: what the commands ask for."""

import pytest

from chat.dialects.dialect import Heard
from chat.domain.commands import (
    AskMasks,
    AskMembers,
    AskRoom,
    AskRooms,
    AskTopic,
    Change,
    Invite,
    Join,
    Kick,
    Leave,
    SetRoom,
    Setting,
    SetTopic,
)
from chat.domain.events import Kicked
from tests.dialects.irc.clients import alice, hears
from tests.dialects.scenes import AT, BOB, ID, entered, left, told


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("JOIN #tea", [Join("#tea")], id="join"),
        pytest.param("join :#tea", [Join("#tea")], id="join with a colon"),
        pytest.param("JOIN #a,#b", [Join("#a"), Join("#b")], id="join several"),
        pytest.param("JOIN #a,,#b,", [Join("#a"), Join("#b")], id="empty ones"),
        pytest.param("JOIN #a key", [Join("#a", "key")], id="with a key"),
        pytest.param(
            "JOIN #a,#b,,#c k1,,k3,k4,k5",
            [Join("#a", "k1"), Join("#b"), Join("#c", "k4")],
            id="to each room its key",
        ),
        pytest.param("JOIN #a,#b k", [Join("#a", "k"), Join("#b")], id="one key"),
        pytest.param("JOIN tea", [Join("tea")], id="for the hub to refuse"),
        pytest.param("PART #tea", [Leave("#tea")], id="part"),
        pytest.param("PART #tea :for tea", [Leave("#tea", "for tea")], id="reason"),
        pytest.param(
            "PART #a,#b :bye", [Leave("#a", "bye"), Leave("#b", "bye")], id="several"
        ),
        pytest.param("TOPIC #tea", [AskTopic("#tea")], id="topic?"),
        pytest.param("TOPIC #tea :milk", [SetTopic("#tea", "milk")], id="topic!"),
        pytest.param("TOPIC #tea :", [SetTopic("#tea", "")], id="no topic!"),
        pytest.param("NAMES #tea", [AskMembers("#tea")], id="names"),
        pytest.param(
            "NAMES #a,#b", [AskMembers("#a"), AskMembers("#b")], id="names of several"
        ),
        pytest.param(
            "NAMES", [b":irc.x 366 alice * :End of /NAMES list.\r\n"], id="of all"
        ),
    ],
)
def test_rooms(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


def test_join_0_leaves_all_the_rooms_one_is_in() -> None:
    irc = alice()
    for room in ("#Tea", "#sea", "#sky", "#mud"):
        told(irc, entered(room))
    told(irc, left("#sea"))
    told(irc, Kicked(ID, AT, BOB, "#SKY", "alice", "out"))
    assert hears(irc, "JOIN 0") == [Leave("#Tea"), Leave("#mud")]
    assert hears(alice(), "JOIN 0") == []


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("LIST", [AskRooms()], id="all"),
        pytest.param("LIST #a,#b", [AskRooms(("#a", "#b"))], id="some"),
        pytest.param("LIST >3", [AskRooms(least=4)], id="a condition"),
        pytest.param(
            "LIST #t* C<60,!#x", [AskRooms(("#t*",), ("#x",), newer=3600)], id="both"
        ),
    ],
)
def test_list(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("KICK #tea bob", [Kick("#tea", "bob")], id="one"),
        pytest.param(
            "KICK #tea bob :too loud", [Kick("#tea", "bob", "too loud")], id="why"
        ),
        pytest.param(
            "KICK #tea bob,eve :out",
            [Kick("#tea", "bob", "out"), Kick("#tea", "eve", "out")],
            id="two",
        ),
        pytest.param(
            "KICK #tea a,b,c,d,e",
            [b":irc.x 407 alice a,b,c,d,e :Too many targets.\r\n"],
            id="five",
        ),
    ],
)
def test_kick(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


def test_invite() -> None:
    assert hears(alice(), "INVITE bob #tea") == [Invite("bob", "#tea")]


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("MODE #tea", [AskRoom("#tea")], id="weechat and irssi on joining"),
        pytest.param("MODE #tea b", [AskMasks("#tea", Setting.BAN)], id="irssi"),
        pytest.param("MODE #tea +b", [AskMasks("#tea", Setting.BAN)], id="the bans"),
        pytest.param(
            "MODE #tea beI",
            [
                AskMasks("#tea", Setting.BAN),
                AskMasks("#tea", Setting.EXEMPT),
                AskMasks("#tea", Setting.WELCOME),
            ],
            id="all the lists",
        ),
        pytest.param(
            "MODE #tea +m-t+o bob",
            [
                SetRoom(
                    "#tea",
                    (
                        Change(Setting.MODERATED, on=True),
                        Change(Setting.GUARDS_TOPIC, on=False),
                        Change(Setting.OPERATOR, on=True, value="bob"),
                    ),
                )
            ],
            id="several changes",
        ),
        pytest.param(
            "MODE #tea +bb *!*@bad.host",
            [
                SetRoom("#tea", (Change(Setting.BAN, on=True, value="*!*@bad.host"),)),
                AskMasks("#tea", Setting.BAN),
            ],
            id="a ban, and what the bans are now",
        ),
        pytest.param(
            "MODE #tea +xm",
            [
                SetRoom("#tea", (Change(Setting.MODERATED, on=True),)),
                b":irc.x 472 alice x :is unknown mode char to me.\r\n",
            ],
            id="472 and what is known",
        ),
        pytest.param(
            "MODE #tea +ovkl",
            [
                f":irc.x 696 alice #tea {letter} * :It needs a value.\r\n".encode()
                for letter in "ovkl"
            ],
            id="696 without a value",
        ),
        pytest.param("MODE #tea :", [], id="no letters"),
        pytest.param("MODE alice", [b":irc.x 221 alice :+\r\n"], id="oneself"),
        pytest.param("MODE #tea +-+", [], id="only signs"),
    ],
)
def test_mode(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


def test_nonsense_is_answered_in_short() -> None:
    letters = "".join(chr(0x3B1 + number) for number in range(20))
    assert len(hears(alice(), f"MODE #tea {letters * 5}")) == 12
    assert len(hears(alice(), "MODE #tea " + "o" * 20 + "b" * 50)) == 2
