"""An IRC session: what a client says, and what comes of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.dialects.dialect import NO_REPLAYS, Label, Replays
from chat.dialects.irc.client import Newcomer
from chat.dialects.irc.commands import COMMANDS
from chat.dialects.irc.message import parse
from chat.dialects.irc.session import Irc
from chat.domain.answers import (
    Declined,
    MembersAre,
    PeopleAre,
    PersonIs,
    RoomsAre,
    Unchanged,
)
from chat.domain.commands import Change, Depart, Mark, Say, Setting
from chat.domain.events import (
    AccountChanged,
    AwayChanged,
    Event,
    Invited,
    Joined,
    KeepingChanged,
    Kicked,
    MarkChanged,
    ReadChanged,
    Redescribed,
    Renamed,
    RoomChanged,
    Welcomed,
)
from chat.domain.recalled import DigestIs, UnreadAre
from chat.domain.refusals import (
    CannotRecall,
    GuestsStayOut,
    LooksLike,
    NickInUse,
    NickReserved,
    NoSuchNick,
    NotThere,
    Reason,
    TooManyGuesses,
    WrongPassword,
)
from chat.domain.views import Person, RoomRow, Topic, Who
from chat.wire.lines import ENDLESS, TOO_LONG, Line
from tests.dialects.irc.clients import a_stranger, alice, hears
from tests.dialects.scenes import (
    ALICE,
    AT,
    BOB,
    EVENTS,
    ID,
    REASONS,
    entered,
    said,
    speech,
    told,
    welcomed,
    whispered,
)

TOO_LONG_TOLD: Final = b":irc.x 417 alice :Input line was too long.\r\n"

# Who is no user yet, or never will be.


def test_451_a_stranger_cannot_chat() -> None:
    assert hears(a_stranger(), "PRIVMSG bob :hi") == [
        b":irc.x 451 * :You have not registered.\r\n"
    ]


def test_464_who_was_turned_away_is_not_heard_again() -> None:
    irc = a_stranger()
    hears(irc, "NICK alice")
    assert irc.refuse(WrongPassword()) == b":irc.x 464 * :Password incorrect.\r\n"
    assert hears(irc, "NICK alice") == [Depart("Password incorrect")]


def test_a_refused_nick_is_forgotten() -> None:
    irc = a_stranger()
    hears(irc, "NICK alice")
    irc.refuse(NickInUse("alice"))
    assert irc.newcomer.nick == ""


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


# Plain talk, which does not go by the table of commands.

WORDS: Final = [b"PRIVMSG", b"PRIVMSGS", b"NOTICE", b"@+a PRIVMSG", b":a PRIVMSG"]
TARGETS: Final = [
    *(b"#tea", b"#", b"#T\xc3\xa9", b"#\xff", b"#a:b", b"#nickserv", b"#\r"),
    *(b"#tea,bob", b"#tea #milk", b" #tea", b"#tea ", b"bob", b"@#tea", b"NickServ"),
]
TEXTS: Final = [
    *(b"", b"hi", b":)", b" ", b" a :b", b"hi\r", b"\r\r", b"hi\rhi\0", b"\n"),
    *(b"\x01ACTION waves\x01", b"\x01VERSION", b"\xc3\xa9", b"\xff", b"x" * 500),
]
LINES: Final = st.binary(max_size=40) | st.builds(
    lambda *words: b"".join(words),
    st.sampled_from(WORDS),
    st.sampled_from([b" ", b" ", b"  ", b""]),
    st.sampled_from(TARGETS),
    st.sampled_from([b" :", b" :", b" ", b"  :", b":"]),
    st.sampled_from(TEXTS) | st.binary(max_size=8),
)
CAPS: Final = ["", "message-tags", "echo-message batch labeled-response"]


def remembered(irc: Irc) -> dict[str, object]:
    """What *irc* remembers, but for what no two have in common."""
    return {k: v for k, v in vars(irc).items() if k not in ("numerics", "_batches")}


def turned_away() -> Irc:
    """A stranger who has told a wrong password."""
    irc = a_stranger()
    hears(irc, "NICK alice")
    irc.refuse(WrongPassword())
    return irc


@given(LINES, st.sampled_from([*CAPS, a_stranger, turned_away]))
@example(b"PRIVMSG #tea :" + b"x" * 496, "")
@example(b"PRIVMSG #tea :" + b"x" * 497, "")
@example(b"PRIVMSG #tea :\xff", "")
@example(b"PRIVMSG #tea :", "")
@example(b"PRIVMSG #tea :hi\r\r", "")
@example(b"PRIVMSG #tea :\x01ACTION waves\x01", "")
@example(b"PRIVMSG #tea #milk :hi", "")
@example(b"PRIVMSG #tea,#milk :hi", "")
@example(b"PRIVMSG #tea :hi", a_stranger)
@example(b"PRIVMSG #tea :hi", turned_away)
def test_plain_talk_comes_to_what_the_table_makes_of_it(
    line: bytes, who: str | Callable[[], Irc]
) -> None:
    one, other = (alice(who) if isinstance(who, str) else who() for _ in range(2))
    # In small letters a command is the same one, but is looked up in any case.
    by_table = b"privmsg" + line[7:] if line.startswith(b"PRIVMSG ") else line
    assert one.hear(line) == other.hear(by_table)
    assert remembered(one) == remembered(other)


LINE: Final = LINES.filter(lambda line: b"\n" not in line)


@given(
    st.lists(LINE, min_size=1, max_size=4)
    | st.lists(st.just(b"PRIVMSG #tea :hi") | LINE, min_size=1),
    st.sampled_from([*CAPS, a_stranger, turned_away]),
)
@example([b"PRIVMSG #tea :hi", b"PRIVMSG #tea :\xc3\xa9\x0b\x85"], "")
@example([b"PRIVMSG #tea :hi", b"PRIVMSG #Tea :hi"], "")
@example([b"PRIVMSG #tea :hi", b"PRIVMSG #tea :\xff"], "")
@example([b"PRIVMSG #tea :hi", b"PRIVMSG #tea :hi\r"], "")
@example([b"PRIVMSG #tea :hi", b"PRIVMSG #tea :" + b"x" * 496], "")
@example([b"PRIVMSG #tea :hi", b"PRIVMSG #tea :" + b"x" * 497], "")
@example([b"PRIVMSG #tea :hi", TOO_LONG], "")
@example([b"PRIVMSG #tea :hi"] * 2, a_stranger)
@example([b"PRIVMSG #tea :hi"] * 2, turned_away)
def test_a_breath_is_what_its_lines_are_one_by_one(
    lines: list[Line], who: str | Callable[[], Irc]
) -> None:
    one, other = (alice(who) if isinstance(who, str) else who() for _ in range(2))
    before = list(lines)
    breath = one.breath(lines)
    assert lines == before
    if breath is None:
        assert remembered(one) == remembered(other)
        return
    room, texts = breath
    heard = [other.hear(line) for line in lines[: len(texts)]]
    assert heard == [[Say(room, each)] for each in texts]
    assert remembered(one) == remembered(other)


@given(
    st.lists(st.sampled_from([b"PRIVMSG #tea :hi", b"PRIVMSG #tea :: all"]) | LINE),
    st.sampled_from(CAPS),
)
def test_a_breath_is_as_long_as_it_can_be(lines: list[Line], caps: str) -> None:
    lines = [b"PRIVMSG #tea :hi", *lines]
    # What is no UTF-8 may be found out too late to be left out alone.
    breath = alice(caps).breath(lines)
    if breath is None:
        with pytest.raises(UnicodeDecodeError):
            b"\n".join(line for line in lines if isinstance(line, bytes)).decode()
        return
    taken = len(breath[1])
    assert 1 <= taken <= len(lines)
    for line in lines[taken : taken + 1]:
        if not isinstance(line, bytes) or not line.startswith(b"PRIVMSG #tea :"):
            return
        text = line[14:]
        # May be CTCP, or have a CR behind it: then the table is asked.
        if not text.startswith(b"\x01") and not text.endswith(b"\r"):
            assert alice(caps).hear(line) != [Say("#tea", text.decode())]


def test_several_lines_of_talk_to_one_room_are_a_breath() -> None:
    irc = alice()
    lines: list[Line] = [b"PRIVMSG #tea :hi", b"PRIVMSG #tea :: all"]
    assert irc.breath(lines) == ("#tea", ["hi", ": all"])
    assert irc.doing == "PRIVMSG"


def test_a_breath_ends_before_what_is_no_talk() -> None:
    lines: list[Line] = [b"PRIVMSG #tea :hi", b"PING x", b"PRIVMSG #tea :all"]
    assert alice().breath(lines) == ("#tea", ["hi"])
    assert alice().breath(lines[1:]) is None


# The end.


def test_an_irc_client_speaks_first() -> None:
    assert a_stranger().greet() == []


@pytest.mark.parametrize("rest", [b"", b"QUIT :tea", b"PRIVMSG #tea :half a senten"])
def test_a_command_that_was_cut_off_is_not_guessed(rest: bytes) -> None:
    assert alice().hear_last(rest) == [Depart("Connection closed")]


def test_a_ping_asks_whether_somebody_is_there() -> None:
    assert alice().are_you_there() == b"PING :irc.x\r\n"


def test_a_client_asks_for_itself() -> None:
    assert a_stranger().follow_up() == []


def test_a_window_is_no_matter() -> None:
    irc = alice()
    irc.resize(40)
    assert irc.kind == alice().kind


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


def test_who_is_in_has_told_no_secret() -> None:
    irc = a_stranger()
    hears(irc, "PASS milk")
    told(irc, welcomed())
    assert irc.newcomer == Newcomer()


def test_what_is_said_in_one_breath_is_told_as_to_everybody() -> None:
    breath = speech("hi", "all")
    assert told(alice(), breath) == (
        b":alice!ualice@alice.host PRIVMSG #lobby :hi\r\n"
        b":alice!ualice@alice.host PRIVMSG #lobby :all\r\n"
    )
    tagged = alice("message-tags server-time")
    assert told(tagged, breath) == tagged.kind.render(breath)


def test_another_nick_is_the_one_that_answers_go_to() -> None:
    irc = alice()
    assert told(irc, Renamed(ID, AT, ALICE, "eve")) == (
        b":alice!ualice@alice.host NICK eve\r\n"
    )
    assert hears(irc, "FROB") == [b":irc.x 421 eve FROB :Unknown command.\r\n"]


def test_entering_a_room_begins_with_ones_own_join() -> None:
    event = entered("#tea", topic=Topic("milk", "bob", AT))
    assert told(alice("server-time"), event) == (
        b"@time=2026-11-20T10:15:00.123Z :alice!ualice@alice.host JOIN #tea\r\n"
        b":irc.x 332 alice #tea :milk\r\n"
        b":irc.x 333 alice #tea bob :1795169700\r\n"
        b":irc.x 353 alice = #tea :alice\r\n"
        b":irc.x 366 alice #tea :End of /NAMES list.\r\n"
    )


def test_ones_own_join_is_extended_too() -> None:
    first = told(alice("extended-join"), entered("#tea")).split(b"\r\n")[0]
    assert first == b":alice!ualice@alice.host JOIN #tea * :Real alice"


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        pytest.param(
            whispered("psst"),
            b":alice!ualice@alice.host PRIVMSG bob :psst\r\n",
            id="talk as a bystander reads it",
        ),
        pytest.param(
            Joined(ID, AT, BOB, "#tea"), b":bob!ubob@bob.host JOIN #tea\r\n", id="join"
        ),
        pytest.param(
            Kicked(ID, AT, BOB, "#tea", "alice", "out"),
            b":bob!ubob@bob.host KICK #tea alice :out\r\n",
            id="kicked oneself",
        ),
        pytest.param(
            Invited(ID, AT, BOB, "#tea", "Alice"),
            b":bob!ubob@bob.host INVITE Alice #tea\r\n",
            id="invited oneself, without invite-notify",
        ),
        pytest.param(
            Invited(ID, AT, BOB, "#tea", "eve"),
            b"",
            id="another, without invite-notify",
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.INVISIBLE, on=True),
            b":alice!ualice@alice.host MODE alice +i\r\n",
            id="one's own mode",
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.OPERATOR, on=True),
            b":irc.x 381 alice :You are now an IRC operator.\r\n"
            b":alice!ualice@alice.host MODE alice +o\r\n",
            id="381",
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.OPERATOR, on=False),
            b":alice!ualice@alice.host MODE alice -o\r\n",
            id="no 381 for leaving office",
        ),
        pytest.param(
            RoomChanged(ID, AT, None, "#tea", (Change(Setting.SECRET, on=True),)),
            b":irc.x MODE #tea +s\r\n",
            id="the house itself sets a room up",
        ),
        pytest.param(
            AccountChanged(ID, AT, ALICE, "alice"),
            b":irc.x 900 alice alice!ualice@alice.host alice"
            b" :You are logged in as alice.\r\n",
            id="900",
        ),
        pytest.param(AccountChanged(ID, AT, ALICE, ""), b"", id="a guest as before"),
        pytest.param(
            KeepingChanged(ID, AT, "", is_kept=False),
            b":irc.x NOTICE alice :What is said cannot be kept just now.\r\n",
            id="the whole house cannot keep anything",
        ),
        pytest.param(
            KeepingChanged(ID, AT, "#tea", is_kept=True, lost=1),
            b":irc.x NOTICE #tea :What is said can be kept again, but 1 line is lost."
            b"\r\n",
            id="a room is kept again",
        ),
        pytest.param(
            Declined(NotThere("bob", "#tea")),
            b":irc.x 441 alice bob #tea :They aren't on that channel.\r\n",
            id="an answer",
        ),
    ],
)
def test_what_one_is_told(event: Event, lines: bytes) -> None:
    assert told(alice(), event) == lines


def test_318_clients_wait_for_the_end_of_whois() -> None:
    irc = alice()
    hears(irc, "WHOIS eve")
    assert irc.refuse(NoSuchNick("eve")) == (
        b":irc.x 401 alice eve :No such nick.\r\n"
        b":irc.x 318 alice eve :End of /WHOIS list.\r\n"
    )
    hears(irc, "PRIVMSG eve :hi")
    assert irc.refuse(NoSuchNick("eve")) == b":irc.x 401 alice eve :No such nick.\r\n"


def test_an_echo_is_what_the_others_read() -> None:
    irc = alice("echo-message message-tags")
    assert irc.kind.echoes
    assert told(irc, said("hi", tags="+x")) == (
        b"@msgid=a1;+x :alice!ualice@alice.host PRIVMSG #lobby :hi\r\n"
    )


# What was said earlier.


def test_a_client_that_cannot_ask_is_shown_what_it_has_missed() -> None:
    assert alice().replays == Replays(most=200)
    assert alice("draft/chathistory").replays == NO_REPLAYS


def test_what_is_labelled_is_answered_with_the_label() -> None:
    irc = alice("batch labeled-response")
    answer = b":irc.x 421 alice FROB :Unknown command.\r\n"
    assert hears(irc, "@label=x FROB") == [Label("x"), answer, Label()]
    told_ = irc.labelled("x", [answer])
    assert list(told_) == [b"@label=x " + answer]


def test_what_is_wrong_with_some_questions_is_told_in_words() -> None:
    assert hears(alice(), "CHATHISTORY FROB") == [
        b":irc.x FAIL CHATHISTORY INVALID_PARAMS FROB :Unknown command\r\n"
    ]


def test_what_cannot_be_read_is_told_to_who_has_asked() -> None:
    irc = alice()
    assert irc.refuse(CannotRecall("#tea")).startswith(b":irc.x 400 alice ")
    hears(irc, "CHATHISTORY LATEST #tea * 5", "PING 1")
    assert irc.refuse(CannotRecall("#tea")).startswith(b":irc.x FAIL CHATHISTORY ")
    hears(irc, "MARKREAD #tea")
    assert irc.refuse(CannotRecall("#tea")).startswith(b":irc.x FAIL MARKREAD ")
    hears(irc, "SEARCH text=tea", "NOTICE #tea :meanwhile")
    assert irc.refuse(CannotRecall()).startswith(b":irc.x FAIL SEARCH ")


def test_a_login_does_not_fail_because_something_else_does() -> None:
    irc = alice("sasl")
    hears(irc, "CHATHISTORY LATEST #tea * 5")
    hears(irc, "AUTHENTICATE PLAIN", "AUTHENTICATE AGJvYgB0ZWE=")
    assert irc.refuse(CannotRecall("#tea")).startswith(b":irc.x FAIL CHATHISTORY ")
    assert irc.login.is_waiting


def test_how_far_one_has_read_is_told_to_who_knows_what_that_is() -> None:
    irc = alice("draft/read-marker")
    assert told(irc, ReadChanged(ID, AT, "#tea", AT)) == (
        b":irc.x MARKREAD #tea timestamp=2026-11-20T10:15:00.123Z\r\n"
    )
    lines = told(irc, entered("#tea")).split(b"\r\n")
    assert lines[1] == b":irc.x MARKREAD #tea *"


# Nobody can end a line in the middle, not even for himself.

FORGED: Final = "a\rQUIT\0b"
FORGER: Final = Who("eve", "ueve", "eve.host", FORGED)


@pytest.mark.parametrize(
    ("account", "line"),
    [
        pytest.param(
            "", b"901 alice alice!ualice@alice.host :You are logged out.", id="901"
        ),
        pytest.param("alice", b"", id="it is so already"),
    ],
)
def test_what_a_member_is_told(account: str, line: bytes) -> None:
    irc = alice()
    irc.tell(AccountChanged(ID, AT, ALICE, "alice"))
    told_ = told(irc, AccountChanged(ID, AT, ALICE, account))
    assert told_ == (b":irc.x " + line + b"\r\n" if line else b"")


def test_the_welcome_tells_the_account_that_one_has() -> None:
    irc = a_stranger()
    lines = told(irc, welcomed(replace(ALICE, account="alice"))).split(b"\r\n")
    assert lines[0].startswith(b":irc.x 900 alice ")
    assert lines[1].startswith(b":irc.x 001 alice ")
    # It is told only once.
    again = AccountChanged(ID, AT, replace(ALICE, account="alice"), "alice")
    assert told(irc, again) == b""


@pytest.mark.parametrize("reason", [NickReserved("alice"), LooksLike("alice", "al1ce")])
def test_a_nick_that_is_somebodys_is_forgotten(reason: Reason) -> None:
    irc = a_stranger()
    hears(irc, "NICK alice", "USER al 0 * :Alice A.")
    irc.refuse(reason)
    assert hears(irc, "CAP END") == []
    assert len(hears(irc, "NICK eve")) == 1


def test_465_programs_are_told_what_is_wanted() -> None:
    irc = a_stranger()
    words = b"Only who has an account, or an invitation, comes in.\r\n"
    assert irc.refuse(GuestsStayOut()) == b":irc.x 465 * :" + words
    hears(irc, "CAP REQ draft/account-registration")
    assert irc.refuse(GuestsStayOut()) == (
        b":irc.x 465 * :" + words + b":irc.x FAIL * ACCOUNT_REQUIRED :" + words
    )


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("NS IDENTIFY tea", b":NickServ!NickServ@irc.x NOTICE alice :"),
        ("PRIVMSG NickServ :IDENTIFY tea", b":NickServ!NickServ@irc.x NOTICE alice :"),
        ("REGISTER * * tea", b":irc.x FAIL REGISTER TEMPORARILY_UNAVAILABLE alice :"),
        ("OPER alice tea", b":irc.x 464 alice :"),
    ],
)
def test_a_refusal_answers_what_was_asked(line: str, answer: bytes) -> None:
    irc = alice()
    hears(irc, line)
    assert irc.refuse(TooManyGuesses()).startswith(answer)


def test_903_904_a_login_ends_with_what_the_shell_has_found() -> None:
    irc = alice("sasl")
    hears(irc, "AUTHENTICATE PLAIN", "AUTHENTICATE AGJvYgB0ZWE=")
    assert irc.refuse(WrongPassword()).startswith(b":irc.x 904 alice :")
    hears(irc, "AUTHENTICATE PLAIN", "AUTHENTICATE AGJvYgBtaWxr")
    changed = told(irc, AccountChanged(ID, AT, ALICE, "bob"))
    assert changed.endswith(b":irc.x 903 alice :SASL authentication successful.\r\n")


def test_a_challenge_is_base64() -> None:
    assert alice("sasl").challenge(b"salt") == b"AUTHENTICATE c2FsdA==\r\n"


# What is so already, what clients count themselves, and what not all know the word for.
UNTOLD: Final = (Unchanged, UnreadAre, DigestIs, ReadChanged)


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
        f"MODE #{FORGED} +o",
        f"HELP {FORGED}",
        f"STATS {FORGED}",
        f"PRIVMSG {FORGED},b,c,d,e :hi",
    ],
)
def test_an_answer_is_whole_lines(line: str) -> None:
    answers = [item for item in hears(alice(), line) if isinstance(item, bytes)]
    assert answers
    assert_whole_lines(b"".join(answers))


@pytest.mark.parametrize(
    "event",
    [
        PeopleAre(f"{FORGED} :x", ()),
        MembersAre(f"{FORGED} :x", (), in_detail=False),
        MembersAre(f"{FORGED} :x", (), in_detail=True),
        PersonIs(Person(FORGER), (), FORGED, AT, AT, AT, FORGED),
        PeopleAre("*", (Person(FORGER),), f"%tr,{FORGED}"),
        RoomsAre((RoomRow("#tea", 1, FORGED),)),
        Redescribed(ID, AT, BOB, FORGED),
        AwayChanged(ID, AT, BOB, FORGED),
        Kicked(ID, AT, BOB, "#tea", "alice", FORGED),
        RoomChanged(ID, AT, BOB, "#tea", (Change(Setting.BAN, True, FORGED),)),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_others_wrote_comes_in_whole_lines(event: Event) -> None:
    for caps in ("", "away-notify setname extended-join"):
        assert_whole_lines(told(alice(caps), event))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_is_told_in_whole_lines(event: Event) -> None:
    caps = "account-notify away-notify invite-notify setname"
    irc = a_stranger() if isinstance(event, Welcomed) else alice(caps)
    data = told(irc, event)
    assert data or isinstance(event, UNTOLD)
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
