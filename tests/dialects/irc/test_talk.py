"""Talk on IRC: what PRIVMSG, NOTICE and TAGMSG ask for."""

import pytest

from chat.dialects.dialect import Heard
from chat.dialects.irc.client import Wrong
from chat.dialects.irc.message import parse
from chat.dialects.irc.talk import addressed, breath, client_tags, said, targets
from chat.domain.claims import LogOut
from chat.domain.commands import Command, Manner, Say, Setting, Whisper
from chat.wire.lines import TOO_LONG, Line
from tests.dialects.irc.clients import alice, hears


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        pytest.param("PRIVMSG #tea :hi all", [Say("#tea", "hi all")], id="room"),
        pytest.param("PRIVMSG bob hi", [Whisper("bob", "hi")], id="person"),
        pytest.param(
            "PRIVMSG #tea,bob :hi",
            [Say("#tea", "hi"), Whisper("bob", "hi")],
            id="both",
        ),
        pytest.param("PRIVMSG bob,, :hi", [Whisper("bob", "hi")], id="gaps"),
        pytest.param(
            "PRIVMSG #tea :\x01ACTION waves\x01",
            [Say("#tea", "waves", Manner.ACTION)],
            id="action",
        ),
        pytest.param(
            "PRIVMSG #tea :\x01ACTION waves",
            [Say("#tea", "waves", Manner.ACTION)],
            id="action without its end",
        ),
        pytest.param(
            "PRIVMSG bob :\x01VERSION\x01",
            [Whisper("bob", "\x01VERSION\x01")],
            id="any other CTCP is a text",
        ),
    ],
)
def test_what_is_said(line: str, commands: list[Command]) -> None:
    assert said(parse(line), Manner.SAY, "") == commands


def test_an_action_in_a_notice_is_none() -> None:
    notice = said(parse("NOTICE bob :\x01ACTION waves\x01"), Manner.NOTICE, "")
    assert notice == [Whisper("bob", "\x01ACTION waves\x01", Manner.NOTICE)]


# In one breath.

LIMIT = 510
HI = b"PRIVMSG #tea :hi"


def of_length(length: int) -> bytes:
    """A line that says something to a room, and is so long."""
    return b"PRIVMSG #tea :".ljust(length, b"x")


def test_most_of_what_is_said_is_plain_talk() -> None:
    assert breath([b"PRIVMSG #tea :hi : all"], LIMIT) == ("#tea", ["hi : all"])
    assert breath([HI, b"PRIVMSG #tea :: all"], LIMIT) == ("#tea", ["hi", ": all"])


@pytest.mark.parametrize(
    ("line", "room", "text"),
    [
        pytest.param(b"PRIVMSG # :hi", "#", "hi", id="a room without a name"),
        pytest.param(b"PRIVMSG #a:b :hi", "#a:b", "hi", id="a colon in its name"),
        pytest.param(b"PRIVMSG #tea : ", "#tea", " ", id="a space"),
        pytest.param(b"PRIVMSG #tea ::)", "#tea", ":)", id="a smile"),
        pytest.param(b"PRIVMSG #tea :a\rb", "#tea", "a\rb", id="a CR in its midst"),
        pytest.param(b"PRIVMSG #tea :a\x01b", "#tea", "a\x01b", id="no CTCP"),
        pytest.param(
            b"PRIVMSG #tea :\0\x0b\xc2\x85",
            *("#tea", "\0\x0b\x85"),
            id="control characters",
        ),
        pytest.param("PRIVMSG #té :\u2028é".encode(), "#té", "\u2028é", id="UTF-8"),
        pytest.param(of_length(LIMIT), "#tea", "x" * 496, id="as long as may be"),
    ],
)
def test_plain_talk_is_said_as_it_is(line: bytes, room: str, text: str) -> None:
    assert breath([line], LIMIT) == (room, [text])
    assert breath([line] * 3, LIMIT) == (room, [text] * 3)


# With one of these a breath ends, and with none of these does one begin.
BY_THE_TABLE = [
    pytest.param(b"PRIVMSG bob :hi", id="to a person"),
    pytest.param(b"PRIVMSG @#tea :hi", id="to those who run the room"),
    pytest.param(b"PRIVMSG #tea,#milk :hi", id="to several"),
    pytest.param(b"PRIVMSG #tea, :hi", id="to one and nobody"),
    pytest.param(b"PRIVMSG #tea  :hi", id="with a space more"),
    pytest.param(b"PRIVMSG  #tea :hi", id="with a space more before the room"),
    pytest.param(b" PRIVMSG #tea :hi", id="with a space at its beginning"),
    pytest.param(b"PRIVMSG #tea #milk :hi", id="with a word too many"),
    pytest.param(b"PRIVMSG #tea hi", id="without a colon"),
    pytest.param(b"PRIVMSG #tea:hi", id="without a space"),
    pytest.param(b"PRIVMSG #tea", id="without anything"),
    pytest.param(b"PRIVMSG #tea :", id="without a text"),
    pytest.param(b"PRIVMSG #tea :\x01ACTION waves\x01", id="CTCP"),
    pytest.param(b"PRIVMSG #tea :\x01", id="an empty CTCP"),
    pytest.param(b"PRIVMSG #tea :hi\r", id="with a CR at its end"),
    pytest.param(b"PRIVMSG #tea :\r", id="with a CR for a text"),
    pytest.param(b"@+a PRIVMSG #tea :hi", id="with a tag"),
    pytest.param(b":alice PRIVMSG #tea :hi", id="with a source"),
    pytest.param(b"privmsg #tea :hi", id="in small letters"),
    pytest.param(b"NOTICE #tea :hi", id="a notice"),
    pytest.param(b"", id="nothing"),
    pytest.param(of_length(LIMIT + 1), id="a byte too long"),
    pytest.param(TOO_LONG, id="far too long"),
]


@pytest.mark.parametrize("line", BY_THE_TABLE)
def test_the_rest_goes_by_the_table(line: Line) -> None:
    assert breath([line], LIMIT) is None
    assert breath([line, HI], LIMIT) is None


@pytest.mark.parametrize(
    "line",
    [
        *BY_THE_TABLE,
        pytest.param(b"PRIVMSG #milk :hi", id="to another room"),
        pytest.param(b"PRIVMSG #Tea :hi", id="to the same room in other letters"),
        pytest.param(b"PRIVMSG #teapot :hi", id="to a room with a longer name"),
    ],
)
def test_a_breath_ends_before_the_first_line_that_is_anything_else(line: Line) -> None:
    assert breath([HI, HI, line, HI], LIMIT) == ("#tea", ["hi", "hi"])


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([b"PRIVMSG #tea :\xff"], id="the only text"),
        pytest.param([b"PRIVMSG #tea :\xff", HI], id="the first text"),
        pytest.param([HI, b"PRIVMSG #tea :\xff"], id="the last text"),
        pytest.param([HI, b"PRIVMSG #tea :\xc3", HI], id="half a character"),
        pytest.param(
            [b"PRIVMSG #tea :\xc3", b"PRIVMSG #tea :\xa9"], id="two halves of one"
        ),
        pytest.param([b"PRIVMSG #\xff :hi", b"PRIVMSG #\xff :all"], id="the room"),
        pytest.param([b"PRIVMSG #\xed\xa0\x80 :hi"], id="half a pair of surrogates"),
    ],
)
def test_what_is_no_text_at_all_is_in_no_breath(lines: list[Line]) -> None:
    assert breath(lines, LIMIT) is None


@pytest.mark.parametrize(
    ("line", "number"),
    [
        pytest.param("PRIVMSG", "411", id="to nobody"),
        pytest.param("PRIVMSG :", "411", id="to nobody, with a colon"),
        pytest.param("PRIVMSG bob", "412", id="no text"),
        pytest.param("PRIVMSG bob :", "412", id="an empty text"),
        pytest.param("PRIVMSG a,b,c,d,e :hi", "407", id="to too many"),
    ],
)
def test_what_is_wrong(line: str, number: str) -> None:
    with pytest.raises(Wrong) as wrong:
        said(parse(line), Manner.SAY, "")
    assert wrong.value.number == number


def test_tags_go_to_everybody_addressed() -> None:
    assert addressed("#tea,bob", "", Manner.TAGS, "+typing=active") == [
        Say("#tea", "", Manner.TAGS, "+typing=active"),
        Whisper("bob", "", Manner.TAGS, "+typing=active"),
    ]


def test_only_what_a_plus_marks_is_relayed() -> None:
    line = r"@+typing=active;time=x;+example/reply=a\sb;+flag;msgid=1 TAGMSG #tea"
    assert client_tags(parse(line)) == r"+typing=active;+example/reply=a\sb;+flag"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("#tea", ["#tea"], id="one"),
        pytest.param("#tea,bob", ["#tea", "bob"], id="two"),
        pytest.param(",bob,", ["bob"], id="gaps"),
    ],
)
def test_commas_divide_targets(text: str, names: list[str]) -> None:
    assert targets(text) == names


@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("@#tea", Say("#tea", "hi", only=Setting.OPERATOR)),
        ("+#tea", Say("#tea", "hi", only=Setting.VOICE)),
        ("@+#tea", Say("#tea", "hi", only=Setting.VOICE)),
        ("+@#tea", Say("#tea", "hi", only=Setting.VOICE)),
        ("@@#tea", Say("#tea", "hi", only=Setting.OPERATOR)),
        ("@bob", Whisper("@bob", "hi")),
        ("+", Whisper("+", "hi")),
        ("%#tea", Whisper("%#tea", "hi")),
    ],
)
def test_statusmsg(target: str, command: Command) -> None:
    assert said(parse(f"PRIVMSG {target} :hi"), Manner.SAY, "") == [command]


# As commands.


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


def test_nickserv_is_nobody_to_whisper_to() -> None:
    irc = alice("message-tags")
    assert hears(irc, "PRIVMSG NickServ :LOGOUT") == [LogOut()]
    assert hears(irc, "NOTICE NickServ :LOGOUT", "@+x TAGMSG NickServ") == []


def test_an_account_cannot_be_forged() -> None:
    irc = alice("message-tags account-tag")
    assert hears(irc, "@account=bob;+account=bob PRIVMSG #tea :hi") == [
        Say("#tea", "hi", tags="+account=bob")
    ]
