"""An IRC session: what a client says, and what comes of it."""

from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.dialects.dialect import Heard
from chat.dialects.irc.message import parse
from chat.dialects.irc.render import IrcKind
from chat.dialects.irc.session import COMMANDS, Irc
from chat.domain.answers import (
    HouseIs,
    MembersAre,
    PeopleAre,
    RoomIs,
    TopicIs,
)
from chat.domain.commands import (
    AskHouse,
    AskMembers,
    AskPeople,
    AskRoom,
    AskTopic,
    Depart,
    Introduce,
    Join,
    Leave,
    Manner,
    Rename,
    Say,
    SetTopic,
    Whisper,
)
from chat.domain.events import (
    Event,
    Joined,
    Renamed,
)
from chat.domain.refusals import (
    NickImpossible,
    NickInUse,
    NoSuchNick,
    Reason,
)
from chat.domain.roles import Role
from chat.domain.views import Member
from chat.wire.lines import ENDLESS, TOO_LONG
from tests.dialects.scenes import (
    ALICE,
    AT,
    BOB,
    EVENTS,
    HOUSE,
    ID,
    REASONS,
    entered,
    read,
    said,
    told,
    welcomed,
    whispered,
)

ALICE_COMES: Final = Introduce("alice", "al", "Alice A.")
TOO_LONG_TOLD: Final = b":irc.x 417 alice :Input line was too long.\r\n"


def a_stranger() -> Irc:
    """Somebody who has not registered."""
    return Irc(HOUSE)


def alice(caps: str = "") -> Irc:
    """Alice, who is in, with those *caps*."""
    irc = Irc(HOUSE)
    if caps:
        irc.hear(f"CAP REQ :{caps}".encode())
        irc.hear(b"CAP END")
    irc.tell(welcomed())
    return irc


def hears(irc: Irc, *lines: str) -> Heard:
    """All that comes of *lines*."""
    return [item for line in lines for item in irc.hear(line.encode())]


# Registration.


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["NICK alice", "USER al 0 * :Alice A."], id="NICK, USER"),
        pytest.param(["USER al 0 * :Alice A.", "NICK alice"], id="USER, NICK"),
        pytest.param(["nick alice", "user al x y :Alice A."], id="no case"),
        pytest.param(
            ["PASS secret", "NICK alice", "USER al 0 * :Alice A."], id="a password"
        ),
        pytest.param(
            ["NICK bob", "NICK alice", "USER al 0 * :Alice A."],
            id="the last nick counts",
        ),
    ],
)
def test_nick_and_user_make_a_user(lines: list[str]) -> None:
    *before, last = lines
    irc = a_stranger()
    assert hears(irc, *before) == []
    assert hears(irc, last) == [ALICE_COMES]


@pytest.mark.parametrize(
    "lines",
    [
        ["CAP LS 302", "NICK alice", "USER al 0 * :Alice A."],
        ["CAP LS 302", "USER al 0 * :Alice A.", "NICK alice"],
        ["NICK alice", "CAP LS 302", "USER al 0 * :Alice A."],
        ["USER al 0 * :Alice A.", "CAP LS 302", "NICK alice"],
    ],
    ids=lambda lines: ", ".join(line.split()[0] for line in lines),
)
def test_negotiation_suspends_registration_until_its_end(lines: list[str]) -> None:
    irc = a_stranger()
    assert hears(irc, *lines) == [
        b":irc.x CAP * LS :echo-message message-tags server-time\r\n"
    ]
    assert hears(irc, "CAP END") == [ALICE_COMES]


def test_asking_for_a_capability_suspends_registration_too() -> None:
    irc = a_stranger()
    assert hears(irc, "CAP REQ server-time", "NICK alice", "USER al 0 * :Alice A.") == [
        b":irc.x CAP * ACK :server-time\r\n"
    ]
    assert hears(irc, "CAP END") == [ALICE_COMES]


def test_listing_what_is_on_suspends_nothing() -> None:
    assert hears(a_stranger(), "CAP LIST", "NICK alice", "USER al 0 * :Alice A.") == [
        b":irc.x CAP * LIST :\r\n",
        ALICE_COMES,
    ]


def test_the_end_of_negotiation_may_come_first() -> None:
    irc = a_stranger()
    assert hears(irc, "CAP LS", "CAP END")[1:] == []
    assert hears(irc, "NICK alice", "USER al 0 * :Alice A.") == [ALICE_COMES]


@pytest.mark.parametrize(
    ("user", "username", "realname"),
    [
        pytest.param("USER al 0 * :Alice A.", "al", "Alice A.", id="plain"),
        pytest.param("USER al 0 * Alice", "al", "Alice", id="no colon"),
        pytest.param("USER al 0 * :", "al", "", id="no real name"),
        pytest.param("USER ~al!@:x 0 * :A", "alx", "A", id="what may not be in it"),
        pytest.param("USER zoë 0 * :A", "zo", "A", id="only ASCII"),
        pytest.param("USER a.b-c_d 0 * :A", "a.b-c_d", "A", id="what may"),
        pytest.param("USER abcdefghijkl 0 * :A", "abcdefghij", "A", id="cut at ten"),
        pytest.param("USER @! 0 * :A", "user", "A", id="nothing left"),
        pytest.param("USER al 0 * :" + "a" * 200, "al", "a" * 150, id="a long one"),
    ],
)
def test_who_one_is(user: str, username: str, realname: str) -> None:
    assert hears(a_stranger(), "NICK alice", user) == [
        Introduce("alice", username, realname)
    ]


@pytest.mark.parametrize("refusal", [NickInUse("alice"), NickImpossible("alice", "no")])
def test_a_refused_nick_is_forgotten_and_another_is_enough(refusal: Reason) -> None:
    irc = a_stranger()
    hears(irc, "NICK alice", "USER al 0 * :Alice A.")
    irc.refuse(refusal)
    assert hears(irc, "USER al 0 * :Alice A.") == []
    assert hears(irc, "NICK eve") == [Introduce("eve", "al", "Alice A.")]


def test_a_stranger_is_refused_under_a_star() -> None:
    assert a_stranger().refuse(NickInUse("bob")) == (
        b":irc.x 433 * bob :Nickname is already in use.\r\n"
    )
    assert alice().refuse(NickInUse("bob")) == (
        b":irc.x 433 alice bob :Nickname is already in use.\r\n"
    )


def test_a_refusal_of_another_kind_forgets_no_nick() -> None:
    irc = a_stranger()
    hears(irc, "NICK alice")
    irc.refuse(NoSuchNick("bob"))
    assert hears(irc, "USER al 0 * :Alice A.") == [ALICE_COMES]


@pytest.mark.parametrize(
    "line", ["USER al 0 * :Alice", "PASS secret"], ids=["USER", "PASS"]
)
def test_nobody_registers_twice(line: str) -> None:
    assert hears(alice(), line) == [b":irc.x 462 alice :You may not reregister.\r\n"]


@pytest.mark.parametrize("line", ["NICK", "NICK :"])
def test_a_nick_must_be_given(line: str) -> None:
    assert hears(a_stranger(), line) == [b":irc.x 431 * :No nickname given.\r\n"]
    assert hears(alice(), line) == [b":irc.x 431 alice :No nickname given.\r\n"]


def test_whoever_is_in_asks_for_another_nick() -> None:
    assert hears(alice(), "NICK eve") == [Rename("eve")]


@pytest.mark.parametrize(
    "command",
    [name for name, row in COMMANDS.items() if not row.before_registration],
)
def test_before_registration_nothing_else_is_answered(command: str) -> None:
    assert hears(a_stranger(), f"{command} #lobby hi") == [
        b":irc.x 451 * :You have not registered.\r\n"
    ]


def test_what_may_come_before_registration() -> None:
    early = {name for name, row in COMMANDS.items() if row.before_registration}
    assert early == {"CAP", "NICK", "PASS", "PING", "PONG", "QUIT", "USER"}


# Capabilities.


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("CAP LS", b"LS :echo-message message-tags server-time"),
        ("CAP LS 302", b"LS :echo-message message-tags server-time"),
        ("CAP ls 307", b"LS :echo-message message-tags server-time"),
        ("CAP LIST", b"LIST :"),
        ("CAP REQ :server-time echo-message", b"ACK :server-time echo-message"),
        ("CAP REQ server-time", b"ACK :server-time"),
        ("CAP REQ :-server-time", b"ACK :-server-time"),
        ("CAP REQ", b"ACK :"),
        ("CAP REQ :sasl", b"NAK :sasl"),
        ("CAP REQ :server-time sasl", b"NAK :server-time sasl"),
    ],
)
def test_negotiation(line: str, answer: bytes) -> None:
    assert hears(a_stranger(), line) == [b":irc.x CAP * " + answer + b"\r\n"]
    assert hears(alice(), line) == [b":irc.x CAP alice " + answer + b"\r\n"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [("CAP HELLO", b"HELLO"), ("CAP ack :x", b"ACK"), ("CAP :", b"*")],
)
def test_an_unknown_subcommand(line: str, shown: bytes) -> None:
    assert hears(a_stranger(), line) == [
        b":irc.x 410 * " + shown + b" :Invalid CAP command.\r\n"
    ]


def test_what_is_on_is_listed() -> None:
    assert hears(alice("server-time echo-message"), "CAP LIST") == [
        b":irc.x CAP alice LIST :echo-message server-time\r\n"
    ]


def test_a_rejected_request_changes_nothing() -> None:
    irc = alice("server-time")
    hears(irc, "CAP REQ :echo-message sasl")
    assert hears(irc, "CAP LIST") == [b":irc.x CAP alice LIST :server-time\r\n"]


@pytest.mark.parametrize(
    ("caps", "kind"),
    [
        ("", IrcKind()),
        ("server-time", IrcKind(server_time=True)),
        ("message-tags", IrcKind(message_tags=True)),
        ("echo-message", IrcKind(echoes=True)),
        (
            "server-time message-tags echo-message",
            IrcKind(server_time=True, message_tags=True, echoes=True),
        ),
    ],
)
def test_capabilities_decide_what_kind_of_reader_one_is(
    caps: str, kind: IrcKind
) -> None:
    assert alice(caps).kind == kind


def test_a_capability_can_be_turned_off_again() -> None:
    irc = alice("server-time echo-message")
    hears(irc, "CAP REQ :-echo-message")
    assert irc.kind == IrcKind(server_time=True)


def test_negotiation_after_registration_registers_nobody() -> None:
    assert hears(alice(), "CAP LS 302", "CAP END")[1:] == []


# Rooms.


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("JOIN #tea", [Join("#tea")], id="join"),
        pytest.param("join :#tea", [Join("#tea")], id="join with a colon"),
        pytest.param("JOIN #a,#b", [Join("#a"), Join("#b")], id="join several"),
        pytest.param("JOIN #a,,#b,", [Join("#a"), Join("#b")], id="empty ones"),
        pytest.param("JOIN #a key", [Join("#a")], id="there are no keys"),
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


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("WHO #tea", [AskMembers("#tea", in_detail=True)], id="a room"),
        pytest.param(
            "WHO #tea %tcuhnfdar,123",
            [AskMembers("#tea", in_detail=True)],
            id="as weechat asks where there is WHOX",
        ),
        pytest.param("WHO bob", [AskPeople("bob")], id="a nick"),
        pytest.param("WHO *", [AskPeople("*")], id="everyone"),
        pytest.param("WHO 0", [AskPeople("*")], id="everyone, in RFC 1459"),
        pytest.param("WHO", [AskPeople("*")], id="everyone, in short"),
    ],
)
def test_who(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("MODE #tea", [AskRoom("#tea")], id="weechat and irssi on joining"),
        pytest.param(
            "MODE #tea b",
            [b":irc.x 368 alice #tea :End of channel ban list.\r\n"],
            id="irssi on joining",
        ),
        pytest.param(
            "MODE #tea +b",
            [b":irc.x 368 alice #tea :End of channel ban list.\r\n"],
            id="a person who asks for the bans",
        ),
        pytest.param("MODE alice", [b":irc.x 221 alice :+\r\n"], id="one's own"),
        pytest.param("MODE alice +i", [b":irc.x 221 alice :+\r\n"], id="irssi's wish"),
        pytest.param(
            "MODE #tea +o bob",
            [b":irc.x 472 alice +o :is no mode that can be changed here.\r\n"],
            id="a change",
        ),
        pytest.param(
            "MODE #tea :",
            [b":irc.x 472 alice * :is no mode that can be changed here.\r\n"],
            id="an empty change",
        ),
        pytest.param(
            "MODE #tea " + "+" * 100,
            [
                b":irc.x 472 alice " + b"+" * 20 + b" :is no mode that can be changed"
                b" here.\r\n"
            ],
            id="a long one is shown in short",
        ),
    ],
)
def test_mode(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


# Talk.


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("PRIVMSG #tea :hi all", [Say("#tea", "hi all")], id="to a room"),
        pytest.param("privmsg #tea hi", [Say("#tea", "hi")], id="one word"),
        pytest.param("PRIVMSG #tea ::)", [Say("#tea", ":)")], id="a smile"),
        pytest.param("PRIVMSG #tea : ", [Say("#tea", " ")], id="a space"),
        pytest.param("PRIVMSG bob :psst", [Whisper("bob", "psst")], id="to a person"),
        pytest.param(
            "PRIVMSG #tea :\x01ACTION waves\x01",
            [Say("#tea", "waves", Manner.ACTION)],
            id="an action",
        ),
        pytest.param(
            "PRIVMSG bob :\x01ACTION waves",
            [Whisper("bob", "waves", Manner.ACTION)],
            id="an action without its end",
        ),
        pytest.param(
            "PRIVMSG #tea :\x01VERSION\x01",
            [Say("#tea", "\x01VERSION\x01")],
            id="other CTCP is said as it is",
        ),
        pytest.param(
            "NOTICE #tea :beep", [Say("#tea", "beep", Manner.NOTICE)], id="notice"
        ),
        pytest.param(
            "NOTICE bob :\x01ACTION x\x01",
            [Whisper("bob", "\x01ACTION x\x01", Manner.NOTICE)],
            id="a notice is no action",
        ),
        pytest.param(
            "PRIVMSG #a,bob :hi", [Say("#a", "hi"), Whisper("bob", "hi")], id="to both"
        ),
        pytest.param(
            "PRIVMSG a,b,c,d :hi",
            [
                Whisper("a", "hi"),
                Whisper("b", "hi"),
                Whisper("c", "hi"),
                Whisper("d", "hi"),
            ],
            id="to four",
        ),
        pytest.param(
            "PRIVMSG a,,b, :hi", [Whisper("a", "hi"), Whisper("b", "hi")], id="0"
        ),
        pytest.param(
            "PRIVMSG a,b,c,d,e :hi",
            [b":irc.x 407 alice a,b,c,d,e :Too many targets.\r\n"],
            id="to five",
        ),
        pytest.param(
            "PRIVMSG",
            [b":irc.x 411 alice :No recipient given (PRIVMSG).\r\n"],
            id="to nobody",
        ),
        pytest.param(
            "PRIVMSG :",
            [b":irc.x 411 alice :No recipient given (PRIVMSG).\r\n"],
            id="to an empty name",
        ),
        pytest.param(
            "PRIVMSG bob", [b":irc.x 412 alice :No text to send.\r\n"], id="no text"
        ),
        pytest.param(
            "PRIVMSG bob :",
            [b":irc.x 412 alice :No text to send.\r\n"],
            id="empty text",
        ),
    ],
)
def test_talk(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


@pytest.mark.parametrize(
    ("tags", "relayed"),
    [
        pytest.param("+draft/reply=7", "+draft/reply=7", id="a client's"),
        pytest.param("+a=1;+b;+c=", "+a=1;+b;+c", id="several"),
        pytest.param("label=1;+a", "+a", id="others are for the server"),
        pytest.param("time=2020-01-01T00:00:00.000Z;msgid=1", "", id="nor forged"),
        pytest.param("+a=x\\:y\\sz\\\\", "+a=x\\:y\\sz\\\\", id="escapes stay escaped"),
        pytest.param("+a=\\b\\", "+a=b", id="needless ones go"),
        pytest.param("+a=1;+a=2", "+a=2", id="the last wins"),
        pytest.param("+é=☕", "+é=☕", id="UTF-8"),
    ],
)
def test_only_the_tags_of_clients_are_relayed(tags: str, relayed: str) -> None:
    irc = alice("message-tags")
    assert hears(irc, f"@{tags} PRIVMSG #tea :hi") == [
        Say("#tea", "hi", Manner.SAY, relayed)
    ]
    assert hears(irc, f"@{tags} NOTICE bob :hi") == [
        Whisper("bob", "hi", Manner.NOTICE, relayed)
    ]


def test_without_the_capability_tags_are_dropped_and_the_text_is_not() -> None:
    assert hears(alice("echo-message"), "@+a=1 PRIVMSG #tea :hi") == [Say("#tea", "hi")]


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param(
            "@+typing=active TAGMSG #tea",
            [Say("#tea", "", Manner.TAGS, "+typing=active")],
            id="to a room",
        ),
        pytest.param(
            "@+typing=active;x=1 TAGMSG bob,#a",
            [
                Whisper("bob", "", Manner.TAGS, "+typing=active"),
                Say("#a", "", Manner.TAGS, "+typing=active"),
            ],
            id="to both",
        ),
        pytest.param("TAGMSG #tea", [], id="without tags there is nothing to tell"),
        pytest.param("@label=1 TAGMSG #tea", [], id="nor with the server's"),
        pytest.param(
            "@+a TAGMSG",
            [b":irc.x 461 alice TAGMSG :Not enough parameters.\r\n"],
            id="to nobody",
        ),
    ],
)
def test_messages_of_tags(line: str, heard: Heard) -> None:
    assert hears(alice("message-tags"), line) == heard


def test_without_the_capability_there_is_no_such_command() -> None:
    assert hears(alice(), "@+typing=active TAGMSG #tea") == [
        b":irc.x 421 alice TAGMSG :Unknown command.\r\n"
    ]


# The house.


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("PING 123", [b":irc.x PONG irc.x :123\r\n"], id="a token"),
        pytest.param("PING :a b", [b":irc.x PONG irc.x :a b\r\n"], id="a long one"),
        pytest.param("PING ::x", [b":irc.x PONG irc.x ::x\r\n"], id="a colon"),
        pytest.param("PING irc.x me", [b":irc.x PONG irc.x :irc.x\r\n"], id="of old"),
        pytest.param(
            "PING", [b":irc.x 461 alice PING :Not enough parameters.\r\n"], id="none"
        ),
        pytest.param("PONG irc.x", [], id="an answer needs none"),
        pytest.param("PONG", [], id="not even without a token"),
        pytest.param(
            "MOTD", [b":irc.x 422 alice :No message of the day\r\n"], id="no motd"
        ),
        pytest.param("LUSERS", [AskHouse()], id="how many"),
        pytest.param("QUIT", [Depart("Quit")], id="good-bye"),
        pytest.param("QUIT :tea time", [Depart("Quit: tea time")], id="and why"),
        pytest.param("QUIT :", [Depart("Quit")], id="no reason is none"),
    ],
)
def test_the_house(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


def test_a_stranger_may_ping_and_leave() -> None:
    assert hears(a_stranger(), "PING 1", "QUIT") == [
        b":irc.x PONG irc.x :1\r\n",
        Depart("Quit"),
    ]


# What is no command.


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("HELLO", b"HELLO", id="unknown"),
        pytest.param("hello there", b"HELLO", id="a person in an IRC session"),
        pytest.param("@+a :alice FROB x", b"FROB", id="with all its parts"),
        pytest.param("A" * 80, b"A" * 50, id="a long one is shown in short"),
        pytest.param("@a :b ::x", b"X", id="one that begins with colons"),
        pytest.param("\0", b"*", id="no letters in it"),
    ],
)
def test_an_unknown_command(line: str, shown: bytes) -> None:
    assert hears(alice(), line) == [
        b":irc.x 421 alice " + shown + b" :Unknown command.\r\n"
    ]


@pytest.mark.parametrize("line", ["", "   ", ":alice", "@a=b", " :hello", "@ : "])
def test_a_line_without_a_command_is_nothing(line: str) -> None:
    assert hears(alice(), line) == []


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("CAP", "CAP"),
        ("JOIN", "JOIN"),
        ("MODE", "MODE"),
        ("part", "PART"),
        ("PASS", "PASS"),
        ("PING", "PING"),
        ("TAGMSG", "TAGMSG"),
        ("TOPIC", "TOPIC"),
        ("USER al 0 *", "USER"),
    ],
)
def test_too_few_parameters(line: str, command: str) -> None:
    assert hears(alice("message-tags"), line) == [
        f":irc.x 461 alice {command} :Not enough parameters.\r\n".encode()
    ]


@pytest.mark.parametrize(
    "line", [b"PRIVMSG #tea :caf\xe9", b"\xff\xfe", b"NICK \xc3", b"@a=\xe9 PING 1"]
)
def test_what_is_not_utf8_is_rejected_whole(line: bytes) -> None:
    assert alice().hear(line) == [
        b":irc.x FAIL * INVALID_UTF8 :Message is not valid UTF-8.\r\n"
    ]


# How long a line may be.

HEAD: Final = b"PRIVMSG #tea :"
MOST_TAGS: Final = b"@" + b"x" * 4094


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(HEAD + b"a" * (510 - len(HEAD)), id="510 bytes"),
        pytest.param(
            MOST_TAGS + b" " + HEAD + b"a" * (510 - len(HEAD)),
            id="and 4094 bytes of tags",
        ),
        pytest.param(MOST_TAGS + b" " + HEAD + b"a", id="long tags, short body"),
    ],
)
def test_a_line_that_just_fits(line: bytes) -> None:
    text = line.partition(b":")[2].decode()
    assert alice("message-tags").hear(line) == [Say("#tea", text)]
    assert len(line) <= Irc.line_limit


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(HEAD + b"a" * (511 - len(HEAD)), id="511 bytes"),
        pytest.param(HEAD + "é".encode() * 249, id="bytes are counted"),
        pytest.param(MOST_TAGS + b"x " + HEAD + b"a", id="4095 bytes of tags"),
        pytest.param(
            b"@a " + HEAD + b"a" * (511 - len(HEAD)), id="tags are no room for text"
        ),
        pytest.param(MOST_TAGS + b"x", id="nothing but tags"),
        pytest.param(b"@" * 5000, id="nothing but ats"),
    ],
)
def test_a_line_that_is_too_long(line: bytes) -> None:
    assert alice("message-tags").hear(line) == [TOO_LONG_TOLD]


def test_a_line_over_every_limit_is_told_like_any_other() -> None:
    assert alice().hear(TOO_LONG) == [TOO_LONG_TOLD]
    assert a_stranger().hear(TOO_LONG) == [
        b":irc.x 417 * :Input line was too long.\r\n"
    ]


def test_a_line_without_an_end_is_the_end() -> None:
    assert alice().hear(ENDLESS) == [Depart("a line without an end")]


def test_the_longest_line_is_all_that_the_limits_allow() -> None:
    assert Irc.line_limit == 1 + 4094 + 1 + 510


# The end.


def test_an_irc_client_speaks_first() -> None:
    assert a_stranger().greet() == []


@pytest.mark.parametrize("rest", [b"", b"QUIT :tea", b"PRIVMSG #tea :half a senten"])
def test_a_command_that_was_cut_off_is_not_guessed(rest: bytes) -> None:
    assert alice().hear_last(rest) == [Depart("Connection closed")]


def test_the_last_message_is_an_error() -> None:
    assert alice().farewell("Quit: tea\r\nPING 1") == (
        b"ERROR :Closing link: Quit: teaPING 1\r\n"
    )


# What one is told.


def test_the_welcome_tells_the_nick_that_one_has() -> None:
    irc = a_stranger()
    first = told(irc, welcomed()).split(b"\r\n")[0]
    assert first == b":irc.x 001 alice :Welcome to Exchange, alice!ualice@alice.host"
    assert hears(irc, "FROB") == [b":irc.x 421 alice FROB :Unknown command.\r\n"]


def test_another_nick_is_the_one_that_answers_go_to() -> None:
    irc = alice()
    assert told(irc, Renamed(ID, AT, ALICE, "eve")) == (
        b":alice!ualice@alice.host NICK eve\r\n"
    )
    assert hears(irc, "FROB") == [b":irc.x 421 eve FROB :Unknown command.\r\n"]


def test_entering_a_room_begins_with_ones_own_join() -> None:
    assert told(alice("server-time"), entered("#tea")) == (
        b"@time=2026-11-20T10:15:00.123Z :alice!ualice@alice.host JOIN #tea\r\n"
        b":irc.x 353 alice = #tea :alice\r\n"
        b":irc.x 366 alice #tea :End of /NAMES list.\r\n"
    )


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        pytest.param(
            MembersAre("#tea", (Member(BOB, Role.OPERATOR),), in_detail=False),
            b":irc.x 353 alice = #tea :@bob\r\n"
            b":irc.x 366 alice #tea :End of /NAMES list.\r\n",
            id="names",
        ),
        pytest.param(
            MembersAre("#tea", (Member(BOB, Role.OPERATOR),), in_detail=True),
            b":irc.x 352 alice #tea ubob bob.host irc.x bob H@ :0 Real bob\r\n"
            b":irc.x 315 alice #tea :End of /WHO list.\r\n",
            id="who of a room",
        ),
        pytest.param(
            PeopleAre("eve", ()),
            b":irc.x 315 alice eve :End of /WHO list.\r\n",
            id="who of a nick",
        ),
        pytest.param(
            TopicIs("#tea", None),
            b":irc.x 331 alice #tea :No topic is set.\r\n",
            id="t",
        ),
        pytest.param(
            RoomIs("#tea", guards_topic=False, since=AT),
            b":irc.x 324 alice #tea :+n\r\n:irc.x 329 alice #tea :1795169700\r\n",
            id="modes",
        ),
        pytest.param(
            HouseIs(3, 1, ()),
            b":irc.x 251 alice :There are 3 users and 0 invisible on 1 servers\r\n"
            b":irc.x 255 alice :I have 3 clients and 0 servers\r\n",
            id="lusers",
        ),
        pytest.param(
            whispered("psst"),
            b":alice!ualice@alice.host PRIVMSG bob :psst\r\n",
            id="talk as a bystander reads it",
        ),
        pytest.param(
            Joined(ID, AT, BOB, "#tea"), b":bob!ubob@bob.host JOIN #tea\r\n", id="join"
        ),
    ],
)
def test_what_one_is_told(event: Event, lines: bytes) -> None:
    assert told(alice(), event) == lines


def test_an_echo_is_what_the_others_read() -> None:
    irc = alice("echo-message message-tags")
    assert irc.kind.echoes
    assert told(irc, said("hi", tags="+x")) == (
        b"@msgid=a1;+x :alice!ualice@alice.host PRIVMSG #lobby :hi\r\n"
    )


# Nobody can end a line in the middle, not even for himself.

FORGED: Final = "a\rQUIT\0b"


def assert_whole_lines(data: bytes) -> None:
    assert data == b"" or data.endswith(b"\r\n")
    for line in data.split(b"\r\n"):
        assert not {0, 10, 13} & set(line)
        assert len(line) <= 510


@pytest.mark.parametrize(
    "line",
    [
        f"{FORGED} x",
        f"CAP {FORGED}",
        f"CAP REQ :{FORGED}",
        "CAP REQ :server-time\recho-message",
        f"PING {FORGED}",
        f"MODE #tea {FORGED}",
        f"MODE #{FORGED} +b",
        f"PRIVMSG {FORGED},b,c,d,e :hi",
    ],
)
def test_an_answer_is_whole_lines(line: str) -> None:
    assert_whole_lines(read(hears(alice(), line)))


@pytest.mark.parametrize(
    "event",
    [
        PeopleAre(f"{FORGED} :x", ()),
        MembersAre(f"{FORGED} :x", (), in_detail=False),
        MembersAre(f"{FORGED} :x", (), in_detail=True),
    ],
    ids=["who", "names", "who of a room"],
)
def test_what_one_asked_for_comes_back_in_whole_lines(event: Event) -> None:
    assert_whole_lines(told(alice(), event))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_is_told_in_whole_lines(event: Event) -> None:
    data = told(alice(), event)
    assert data
    assert_whole_lines(data)


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: type(reason).__name__)
def test_every_refusal_is_one_numeric(reason: Reason) -> None:
    data = alice().refuse(reason)
    assert_whole_lines(data)
    message = parse(data.decode().removesuffix("\r\n"))
    assert (message.source, message.params[0]) == ("irc.x", "alice")


@given(
    command=st.sampled_from(sorted(COMMANDS)),
    params=st.lists(st.text(max_size=30), max_size=4),
)
@example(command="PING", params=["a" * 500])
@example(command="CAP", params=["REQ", "server-time " * 40])
@settings(deadline=None, max_examples=150)
def test_any_command_ends_in_commands_and_whole_lines(
    command: str, params: list[str]
) -> None:
    line = " ".join((command, *params)).encode()
    for irc in (a_stranger(), alice("message-tags")):
        for item in irc.hear(line):
            if isinstance(item, bytes):
                assert_whole_lines(item)


@given(st.lists(st.binary(max_size=80), max_size=8))
@settings(deadline=None, max_examples=100)
def test_any_bytes_end_in_commands_and_whole_lines(lines: list[bytes]) -> None:
    irc = a_stranger()
    for line in lines:
        for item in irc.hear(line.replace(b"\n", b"")):
            if isinstance(item, bytes):
                assert_whole_lines(item)


@pytest.mark.parametrize(
    "line", ["NOTICE", "NOTICE bob", "NOTICE a,b,c,d,e :hi"], ids=["to", "text", "many"]
)
def test_a_notice_is_never_answered(line: str) -> None:
    assert hears(alice(), line) == []


def test_a_notice_that_is_refused_is_never_answered() -> None:
    irc = alice()
    irc.hear(b"NOTICE nobody :hi")
    assert irc.refuse(NoSuchNick("nobody")) == b""
    irc.hear(b"PRIVMSG nobody :hi")
    assert irc.refuse(NoSuchNick("nobody")) == (
        b":irc.x 401 alice nobody :No such nick.\r\n"
    )
