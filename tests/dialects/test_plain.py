"""Plain: a line and what it means, an event and what one reads."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.dialect import Enrol, Heard, Prove, Replays, Wish
from chat.dialects.plain import Plain
from chat.dialects.reader import PlainKind
from chat.dialects.verbs import VERBS
from chat.domain.answers import (
    CredentialSet,
    CredentialWanted,
    HouseIs,
    Inviting,
    MembersAre,
    NotHere,
    PersonIs,
    Redeemed,
    RoomIs,
    RoomsAre,
    TimeIs,
)
from chat.domain.claims import AskAccount, Identified, Redeem, SetCredential
from chat.domain.commands import (
    AskHouse,
    AskMembers,
    AskPerson,
    Change,
    Depart,
    Introduce,
    Join,
    Leave,
    Manner,
    Rename,
    Say,
    Setting,
    Whisper,
)
from chat.domain.events import (
    AccountChanged,
    AwayChanged,
    Event,
    Invited,
    KeepingChanged,
    Kicked,
    Renamed,
    RoomChanged,
    Walloped,
)
from chat.domain.limits import Limits
from chat.domain.questions import AskHistory, Page, Point, Search, Which
from chat.domain.recalled import Excerpt, FoundAre, HistoryIs, MissedIs
from chat.domain.refusals import (
    Busy,
    GuestsStayOut,
    NickImpossible,
    NickInUse,
    NickReserved,
    NoSuchNick,
    NotAllowed,
    NotEncrypted,
    NotIntroduced,
    NotThere,
    Reason,
    TooManyGuesses,
    WrongPassword,
    WrongToken,
)
from chat.domain.roles import Role
from chat.domain.views import Member, RoomRow
from chat.wire.lines import ENDLESS, TOO_LONG, Line
from chat.wire.text import harmless
from tests.dialects.scenes import (
    ALICE,
    AT,
    BOB,
    EVENTS,
    HOUSE,
    ID,
    REASONS,
    TOKEN,
    entered,
    left,
    line,
    read,
    said,
    speech,
    told,
    welcomed,
    whispered,
    who,
)
from tests.wire.hostile import HOSTILE, leftovers, versions

BOBS_WHISPER: Final = replace(whispered("psst"), who=BOB, to="alice")
ONE_ROOM: Final = PlainKind(shows_room=False)
SEVERAL_ROOMS: Final = PlainKind(shows_room=True)

NO_ROOM: Final = b"-- You are in no room. /join one first, for example: /join lobby\r\n"
NOT_UTF8: Final = (
    "-- Some of what you typed was not UTF-8 and shows as \ufffd."
    " If you can, set your terminal to UTF-8.\r\n"
).encode()


def a_stranger() -> Plain:
    """Somebody who has not said a name."""
    return Plain(HOUSE)


def alice_in(*rooms: str) -> Plain:
    """Alice, who entered *rooms* one after the other."""
    plain = a_stranger()
    plain.tell(welcomed())
    for room in rooms:
        plain.tell(entered(room))
    return plain


# Arriving.


def test_the_greeting_begins_with_a_question_to_the_house() -> None:
    assert a_stranger().greet() == [AskHouse()]


def test_the_greeting_says_who_is_here_and_asks_for_a_name() -> None:
    house = HouseIs(users=2, rooms=1, in_lobby=("bob", "carol"))
    assert told(a_stranger(), house) == (
        b"Welcome to Exchange, a place to chat. Here now: bob, carol.\r\n"
        b"What is said in a room is kept, to be read while the room is there,"
        b" unless /room says otherwise.\r\n"
        b"What should we call you?\r\n"
    )


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param(
            b"alice",
            [Introduce("alice", "plain", "alice", room="#lobby", may_be_held=False)],
            id="a name",
        ),
        pytest.param(
            b"  alice ",
            [Introduce("alice", "plain", "alice", room="#lobby", may_be_held=False)],
            id="a name with spaces around it",
        ),
        pytest.param(
            b"\xef\xbb\xbfalice",
            [Introduce("alice", "plain", "alice", room="#lobby", may_be_held=False)],
            id="a name after a BOM",
        ),
        pytest.param(
            b"al ice",
            [Introduce("al ice", "plain", "al ice", room="#lobby", may_be_held=False)],
            id="whether it is possible is for the hub to say",
        ),
        pytest.param(
            b"//alice",
            [
                Introduce(
                    "//alice", "plain", "//alice", room="#lobby", may_be_held=False
                )
            ],
            id="no command",
        ),
        pytest.param(b"", [], id="Enter"),
        pytest.param(b" \t ", [], id="only spaces"),
        pytest.param(b"/quit", [Depart("Quit")], id="leaving before a name"),
        pytest.param(
            b"/join tea",
            [b"-- A name comes first. What should we call you?\r\n"],
            id="a name comes first",
        ),
        pytest.param(
            b"/wave",
            [
                (
                    b"-- There is no /wave. /help lists what there is.\r\n"
                    b"What should we call you?\r\n"
                )
            ],
            id="no command, and the question again",
        ),
        pytest.param(
            b"/nick",
            [b"-- Like this: /nick NAME\r\nWhat should we call you?\r\n"],
            id="no name, and the question again",
        ),
        pytest.param(
            b"/nick alice",
            [Introduce("alice", "plain", "alice", room="#lobby", may_be_held=False)],
            id="a name for those who know IRC",
        ),
        pytest.param(b"quit", [Depart("Quit")], id="nobody is called quit"),
        pytest.param(b" EXIT ", [Depart("Quit")], id="nor exit"),
        pytest.param(b"\x04", [Depart("Quit")], id="Ctrl-D"),
        pytest.param(
            TOO_LONG,
            [
                (
                    b"-- That line was too long and nobody saw it. Try it in pieces."
                    b"\r\nWhat should we call you?\r\n"
                )
            ],
            id="too long a name",
        ),
    ],
)
def test_a_stranger_says(line: Line, heard: Heard) -> None:
    assert a_stranger().hear(line) == heard


@pytest.mark.parametrize("line", [b"/help", b"help", b"/?"])
def test_help_before_a_name_ends_with_the_question(line: bytes) -> None:
    heard = read(a_stranger().hear(line))
    assert heard.startswith(b"-- Just type and press Enter")
    assert heard.endswith(b"\r\nWhat should we call you?\r\n")


@pytest.mark.parametrize("reason", [NickInUse("bob"), NickImpossible("b b", "no")])
def test_a_refused_name_is_asked_for_again(reason: Reason) -> None:
    refused = a_stranger().refuse(reason)
    assert refused.startswith(b"-- b")
    assert refused.endswith(b"\r\nWhat should we call you?\r\n")


def test_nobody_is_asked_twice_in_one_breath() -> None:
    assert a_stranger().refuse(NotIntroduced()) == (
        b"-- A name comes first. What should we call you?\r\n"
    )


def test_who_has_a_name_is_not_asked_for_one() -> None:
    assert alice_in().refuse(NickInUse("bob")) == b"-- bob is taken; try another.\r\n"


def test_a_second_name_is_as_good_as_the_first() -> None:
    plain = a_stranger()
    plain.hear(b"bob")
    plain.refuse(NickInUse("bob"))
    assert plain.hear(b"eve") == [
        Introduce("eve", "plain", "eve", room="#lobby", may_be_held=False)
    ]


# Talking.


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param(b"hello", [Say("#lobby", "hello")], id="talk"),
        pytest.param(b"  indented ", [Say("#lobby", "  indented ")], id="as typed"),
        pytest.param(b"", [], id="Enter is no talk"),
        pytest.param(b"   ", [], id="neither are spaces"),
        pytest.param("naïve ☕".encode(), [Say("#lobby", "naïve ☕")], id="UTF-8"),
        pytest.param(b"//join", [Say("#lobby", "/join")], id="a slash to be said"),
        pytest.param(b"///", [Say("#lobby", "//")], id="slashes to be said"),
        pytest.param(b" /join tea", [Say("#lobby", " /join tea")], id="not at first"),
        pytest.param(b"\xef\xbb\xbfhi", [Say("#lobby", "hi")], id="a BOM is not said"),
        pytest.param(b"NICK bob", [Say("#lobby", "NICK bob")], id="IRC is talk now"),
        pytest.param(b"a\rb", [Say("#lobby", "a\rb")], id="a lone CR is the hearers'"),
        pytest.param(
            b"/me waves", [Say("#lobby", "waves", Manner.ACTION)], id="an action"
        ),
        pytest.param(b"/ME  waves ", [Say("#lobby", "waves", Manner.ACTION)], id="ME"),
        pytest.param(b"/me", [b"-- Like this: /me WAVES\r\n"], id="what?"),
        pytest.param(b"/say /quit", [Say("#lobby", "/quit")], id="say"),
        pytest.param(b"/msg bob psst", [Whisper("bob", "psst")], id="a whisper"),
        pytest.param(b"/msg bob  a  b ", [Whisper("bob", "a  b")], id="spaces"),
        pytest.param(b"/msg #tea hi", [Say("#tea", "hi")], id="into another room"),
        pytest.param(b"/msg bob", [b"-- Like this: /msg NAME TEXT\r\n"], id="no text"),
        pytest.param(b"/msg bob  ", [b"-- Like this: /msg NAME TEXT\r\n"], id="spaces"),
        pytest.param(b"/msg", [b"-- Like this: /msg NAME TEXT\r\n"], id="to whom?"),
    ],
)
def test_talk(line: bytes, heard: Heard) -> None:
    assert alice_in("#lobby").hear(line) == heard


@pytest.mark.parametrize("line", [b"hello", b"/me waves", b"/leave", b"/who"])
def test_talk_needs_a_room(line: bytes) -> None:
    assert alice_in().hear(line) == [NO_ROOM]


# Commands.


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param(b"/join tea", [Join("#tea")], id="join without the mark"),
        pytest.param(b"/join #tea", [Join("#tea")], id="join with it"),
        pytest.param(b"/JOIN  tea ", [Join("#tea")], id="commands have no case"),
        pytest.param(b"/join tea milk", [Join("#tea", "milk")], id="with its word"),
        pytest.param(
            b"/join", [b"-- Like this: /join ROOM [WORD]\r\n"], id="join what?"
        ),
        pytest.param(
            b"/join a b c", [b"-- Like this: /join ROOM [WORD]\r\n"], id="one word"
        ),
        pytest.param(b"/j tea", [Join("#tea")], id="the beginning is enough"),
        pytest.param(b"/part", [Leave("#lobby", "")], id="another name for it"),
        pytest.param(
            b"/tpoic",
            [b"-- There is no /tpoic. Did you mean /topic?\r\n"],
            id="mistyped",
        ),
        pytest.param(b"/wh", [b"-- /wh could be /who or /whois.\r\n"], id="which one?"),
        pytest.param(b"/leave", [Leave("#lobby", "")], id="leave here"),
        pytest.param(
            b"/leave for tea", [Leave("#lobby", "for tea")], id="with a reason"
        ),
        pytest.param(b"/leave lobby", [Leave("#lobby", "")], id="leave by name"),
        pytest.param(b"/leave #LOBBY bye all", [Leave("#lobby", "bye all")], id="both"),
        pytest.param(b"/leave #tea", [Leave("#tea")], id="where one is not"),
        pytest.param(b"/who", [AskMembers("#lobby")], id="who is here"),
        pytest.param(b"/who tea", [AskMembers("#tea", note="tea")], id="who is there"),
        pytest.param(b"/who #tea", [AskMembers("#tea")], id="who is there, in full"),
        pytest.param(b"/nick eve", [Rename("eve")], id="another name"),
        pytest.param(b"/nick a b", [Rename("a b")], id="for the hub to refuse"),
        pytest.param(b"/nick", [b"-- Like this: /nick NAME\r\n"], id="which name?"),
        pytest.param(b"/quit", [Depart("Quit")], id="leave altogether"),
        pytest.param(b"/quit tea time", [Depart("Quit: tea time")], id="and say why"),
        pytest.param(
            b"/wave", [b"-- There is no /wave. /help lists what there is.\r\n"], id="no"
        ),
        pytest.param(
            b"/", [b"-- There is no /. /help lists what there is.\r\n"], id="a slash"
        ),
        pytest.param(
            b"/ join tea",
            [b"-- There is no /. /help lists what there is.\r\n"],
            id="a space too many",
        ),
        pytest.param(
            b"/\x1b[2J",
            ["-- There is no /␛[2J. /help lists what there is.\r\n".encode()],
            id="a terminal's command",
        ),
    ],
)
def test_commands(line: bytes, heard: Heard) -> None:
    assert alice_in("#lobby").hear(line) == heard


# Passwords.


STORED: Final = "as it is stored"


def a_guarded_house() -> Plain:
    return Plain(replace(HOUSE, password=STORED))


ASKED: Final = (
    b"What is the password? It shows as you type it; on telnet, /telnet hides it.\r\n"
)
PROVE: Final = Introduce("alice", "plain", "alice", room="#lobby", may_be_held=False)


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param(b"secret", [Prove("secret", PROVE)], id="a word"),
        pytest.param(b" a b ", [Prove(" a b ", PROVE)], id="as typed"),
        pytest.param(b"/join", [Prove("/join", PROVE)], id="no command"),
        pytest.param(b"//x", [Prove("//x", PROVE)], id="with its slashes"),
        pytest.param(
            b"",
            [b"-- Never mind, then.\r\nWhat should we call you?\r\n"],
            id="none",
        ),
        pytest.param(b"/quit", [Depart("Quit")], id="good-bye"),
    ],
)
def test_the_line_after_the_name_is_the_password(line: bytes, heard: Heard) -> None:
    plain = a_guarded_house()
    assert plain.hear(b"alice") == [Wish.HIDE_INPUT, ASKED]
    assert plain.hear(line) == [Wish.SHOW_INPUT, *heard]
    assert plain.question is None


def test_who_asks_for_telnet_is_asked_for_the_password_again() -> None:
    plain = a_guarded_house()
    plain.hear(b"alice")
    assert plain.hear(b"/telnet") == [
        Wish.TELNET,
        Wish.HIDE_INPUT,
        b"-- This is telnet now, and hides it. The password?\r\n",
    ]
    assert plain.hear(b"secret") == [Wish.SHOW_INPUT, Prove("secret", PROVE)]


def test_a_wrong_password_begins_again_with_the_name() -> None:
    plain = a_guarded_house()
    plain.hear(b"alice")
    plain.hear(b"wrong")
    # The house closes its door then, so no name is asked for; but were it open:
    assert plain.refuse(WrongPassword()) == b"-- That is not the password.\r\n"
    assert plain.hear(b"alice") == [Wish.HIDE_INPUT, ASKED]


def test_a_line_too_long_is_no_password() -> None:
    plain = a_guarded_house()
    plain.hear(b"alice")
    assert plain.hear(TOO_LONG) == [
        Wish.SHOW_INPUT,
        (
            b"-- That line was too long and nobody saw it. Try it in pieces.\r\n"
            b"What should we call you?\r\n"
        ),
    ]
    assert plain.question is None


def test_ctrl_d_is_no_password() -> None:
    plain = a_guarded_house()
    plain.hear(b"alice")
    assert plain.hear(b"\x04") == [Depart("Quit")]


def test_the_last_line_may_be_a_password() -> None:
    plain = a_guarded_house()
    plain.hear(b"alice")
    assert plain.hear_last(b"secret") == [
        Wish.SHOW_INPUT,
        Prove("secret", PROVE),
        Depart("Connection closed"),
    ]


# The room one talks in.


def test_talk_goes_where_one_went_last() -> None:
    alice = alice_in("#lobby", "#tea")
    assert alice.hear(b"hi") == [Say("#tea", "hi")]


@pytest.mark.parametrize("line", [b"/join lobby", b"/join #LOBBY"])
def test_joining_where_one_is_already_only_turns_the_talk(line: bytes) -> None:
    alice = alice_in("#lobby", "#tea")
    assert alice.hear(line) == [b"-- What you type now goes to #lobby.\r\n"]
    assert alice.hear(b"hi") == [Say("#lobby", "hi")]


def test_rooms_are_found_however_they_are_written() -> None:
    alice = alice_in("#Straße", "#lobby")
    assert alice.hear(b"/join STRASSE") == [Join("#STRASSE")]
    assert alice.hear("/join strAße".encode()) == [
        "-- What you type now goes to #Straße.\r\n".encode()
    ]


def test_leaving_turns_the_talk_to_the_room_before() -> None:
    alice = alice_in("#lobby", "#tea")
    assert told(alice, left("#tea")) == (
        b"-- You left #tea.\r\n-- What you type now goes to #lobby.\r\n"
    )
    assert alice.hear(b"hi") == [Say("#lobby", "hi")]


def test_leaving_another_room_leaves_the_talk_where_it_is() -> None:
    alice = alice_in("#lobby", "#tea")
    assert told(alice, left("#lobby")) == (
        b"-- You left #lobby.\r\n-- What you type now goes to #tea.\r\n"
    )


def test_leaving_the_last_room_leaves_nowhere_to_talk() -> None:
    alice = alice_in("#lobby")
    assert told(alice, left("#lobby")) == (
        b"-- You left #lobby.\r\n-- You are in no room now. /join one, or /quit.\r\n"
    )
    assert alice.hear(b"hi") == [NO_ROOM]


def test_a_reason_may_begin_like_a_room() -> None:
    alice = alice_in("#tea", "#lobby")
    assert alice.hear(b"/leave tea is ready") == [Leave("#tea", "is ready")]


# Bytes that are no lines of text.


def test_what_is_not_utf8_is_said_all_the_same_and_told_once() -> None:
    alice = alice_in("#lobby")
    assert alice.hear(b"caf\xe9") == [NOT_UTF8, Say("#lobby", "caf\ufffd")]
    assert alice.hear(b"ol\xe9") == [Say("#lobby", "ol\ufffd")]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        *(
            pytest.param(bytes([code]), "\ufffd", id=f"C1 as the byte {code:02x}")
            for code in range(0x80, 0xA0)
        ),
        pytest.param(b"\xc0\x9b", "\ufffd\ufffd", id="ESC in too many bytes"),
        pytest.param(b"\xed\xa0\x80", "\ufffd" * 3, id="a surrogate in UTF-8"),
        pytest.param(b"\xe2\x80", "\ufffd", id="half a character"),
    ],
)
def test_bytes_that_command_a_terminal_reach_none(raw: bytes, shown: str) -> None:
    alice = alice_in("#lobby")
    assert alice.hear(b"a" + raw + b"b") == [NOT_UTF8, Say("#lobby", f"a{shown}b")]


def test_each_person_is_told_of_utf8() -> None:
    for _ in range(2):
        assert alice_in("#lobby").hear(b"\xff")[0] == NOT_UTF8


def test_a_line_over_the_limit_is_told_and_not_said() -> None:
    assert alice_in("#lobby").hear(TOO_LONG) == [
        b"-- That line was too long and nobody saw it. Try it in pieces.\r\n"
    ]


def test_a_line_without_an_end_is_the_end() -> None:
    assert alice_in("#lobby").hear(ENDLESS) == [Depart("a line without an end")]


def test_a_line_may_be_longer_than_anybody_types() -> None:
    assert Plain.line_limit == 4096


# The end.


@pytest.mark.parametrize(
    ("rest", "heard"),
    [
        pytest.param(b"", [Depart("Connection closed")], id="nothing"),
        pytest.param(
            b"hi", [Say("#lobby", "hi"), Depart("Connection closed")], id="printf hi"
        ),
        pytest.param(
            b"/quit tea",
            [Depart("Quit: tea"), Depart("Connection closed")],
            id="a good-bye without its end",
        ),
    ],
)
def test_the_last_line_was_meant_though_it_has_no_end(
    rest: bytes, heard: Heard
) -> None:
    assert alice_in("#lobby").hear_last(rest) == heard


def test_even_the_name_may_be_the_last_line() -> None:
    assert a_stranger().hear_last(b"alice") == [
        Introduce("alice", "plain", "alice", room="#lobby", may_be_held=False),
        Depart("Connection closed"),
    ]


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("Quit: tea", b"-- Good-bye.\r\n"),
        ("Line without an end", b"-- Good-bye: Line without an end.\r\n"),
    ],
)
def test_farewell(reason: str, line: bytes) -> None:
    assert alice_in().farewell(reason) == line


# What one is told.


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        pytest.param(
            welcomed(),
            b"-- You are alice. Type to talk; /help helps, /quit leaves.\r\n",
            id="welcomed",
        ),
        pytest.param(
            entered("#tea"),
            b"-- You are in #tea, with nobody else yet.\r\n",
            id="entered",
        ),
        pytest.param(
            Renamed(ID, AT, ALICE, "eve"),
            b"-- You are now called eve.\r\n",
            id="renamed",
        ),
        pytest.param(BOBS_WHISPER, b"bob whispers: psst\r\n", id="whispered to"),
        pytest.param(
            whispered("psst"),
            b"-- You, elsewhere, to bob: psst\r\n",
            id="whispered from another terminal",
        ),
        pytest.param(
            replace(whispered("psst"), to="Alice"),
            b"alice whispers: psst\r\n",
            id="whispered to oneself",
        ),
        pytest.param(said("", Manner.TAGS), b"", id="tags are nothing to read"),
        pytest.param(
            MembersAre("#tea", (), in_detail=False),
            b"-- Nobody is in #tea.\r\n",
            id="nobody",
        ),
    ],
)
def test_what_one_is_told(event: Event, lines: bytes) -> None:
    assert told(alice_in("#lobby"), event) == lines


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        pytest.param(
            Kicked(ID, AT, BOB, "#tea", "alice", "too loud"),
            b"-- bob put you out of #tea (too loud).\r\n"
            b"-- What you type now goes to #lobby.\r\n",
            id="put out oneself",
        ),
        pytest.param(
            Kicked(ID, AT, BOB, "#tea", "eve", ""),
            b"[#tea] -- bob put eve out.\r\n",
            id="somebody else put out",
        ),
        pytest.param(
            Invited(ID, AT, BOB, "#milk", "alice"),
            b"-- bob invites you: /join #milk\r\n",
            id="invited oneself",
        ),
        pytest.param(
            Invited(ID, AT, BOB, "#tea", "eve"),
            b"[#tea] -- bob invites eve.\r\n",
            id="somebody else invited",
        ),
        pytest.param(
            replace(said("hi"), only=Setting.VOICE),
            b"[#lobby] alice (not to all): hi\r\n",
            id="said to some",
        ),
        pytest.param(
            RoomChanged(ID, AT, BOB, "#milk", (Change(Setting.SECRET, True),)),
            b"[#milk] -- bob hides the room from /rooms.\r\n",
            id="a room where one is not",
        ),
        pytest.param(
            Inviting("#milk", "bob"),
            b"-- bob is told of #milk and may come in.\r\n",
            id="inviting from outside",
        ),
        pytest.param(Inviting("#TEA", "bob"), b"", id="the room is told"),
        pytest.param(
            HouseIs(2, 1, ("alice",)),
            b"-- Here now: 2 people, in 1 room.\r\n",
            id="about the house",
        ),
        pytest.param(Walloped(ID, AT, BOB, "hi"), b"-- bob to the house: hi\r\n"),
        pytest.param(AwayChanged(ID, AT, BOB, "lunch"), b"", id="away"),
        pytest.param(
            RoomsAre((RoomRow("#tea", 2, ""),)),
            b"-- Rooms:\r\n--   #tea, 2 people\r\n",
            id="a list",
        ),
    ],
)
def test_what_one_is_told_in_two_rooms(event: Event, lines: bytes) -> None:
    assert told(alice_in("#lobby", "#tea"), event) == lines


def test_in_one_room_only_another_is_named() -> None:
    alice = alice_in("#tea")
    changes = (Change(Setting.SECRET, True),)
    hidden = b"-- bob hides the room from /rooms.\r\n"
    here, there = (
        told(alice, RoomChanged(ID, AT, BOB, room, changes)) for room in ("#tea", "#x")
    )
    assert (here, there) == (hidden, b"[#x] " + hidden)


def test_who_is_put_out_of_the_last_room_talks_nowhere() -> None:
    alice = alice_in("#tea")
    assert told(alice, Kicked(ID, AT, BOB, "#tea", "Alice", "")) == (
        b"-- bob put you out of #tea.\r\n"
        b"-- You are in no room now. /join one, or /quit.\r\n"
    )
    assert alice.hear(b"hi") == [NO_ROOM]


def test_that_somebody_is_away_is_told_once() -> None:
    alice = alice_in("#tea")
    away = NotHere("bob", "lunch")
    assert told(alice, away) == b"-- bob is away: lunch\r\n"
    assert told(alice, away) == b""
    assert told(alice, NotHere("bob", "tea")) == b"-- bob is away: tea\r\n"


@pytest.mark.parametrize(
    ("event", "to"),
    [
        (BOBS_WHISPER, "bob"),
        (replace(BOBS_WHISPER, manner=Manner.ACTION), "bob"),
        (replace(BOBS_WHISPER, manner=Manner.TAGS), "eve"),
        (replace(BOBS_WHISPER, text="\x01VERSION\x01"), "eve"),
        (whispered("psst"), "eve"),
    ],
)
def test_who_whispered_last_is_answered(event: Event, to: str) -> None:
    alice = alice_in("#tea")
    alice.tell(replace(whispered("hi"), who=who("eve"), to="alice"))
    alice.tell(event)
    assert alice.hear(b"/reply hi") == [Whisper(to, "hi")]


def test_a_nick_that_changed_is_known() -> None:
    alice = alice_in("#tea")
    alice.tell(Renamed(ID, AT, ALICE, "eve"))
    assert alice.speaks_for == "eve"
    assert alice.hear(b"/whois") == [AskPerson("eve")]


def test_times_and_colours_are_shown_of_what_one_is_told() -> None:
    alice = alice_in("#lobby", "#tea")
    alice.hear(b"/time +2")
    alice.hear(b"/color on")
    assert told(alice, BOBS_WHISPER) == (b"12:15 \x1b[33mbob\x1b[m whispers: psst\r\n")
    assert told(alice, left("#tea")) == (
        b"12:15 -- You left #tea.\r\n12:15 -- What you type now goes to #lobby.\r\n"
    )
    assert told(alice, TimeIs(AT)) == b"-- It is 2026-11-20 10:15 UTC.\r\n"


# Refusals.


def test_one_line_is_refused_once() -> None:
    alice = alice_in("#tea")
    not_allowed = b"-- Only those who run #tea may do that; /who tells who.\r\n"
    alice.hear(b"/ban bob")
    assert alice.refuse(NotAllowed("#tea")) == not_allowed
    assert alice.refuse(NotAllowed("#tea")) == b""
    alice.hear(b"/ban bob")
    assert alice.refuse(NotAllowed("#tea")) == not_allowed


@pytest.mark.parametrize("reason", [NotThere("bob", "#tea"), NoSuchNick("Bob")])
def test_who_is_banned_need_not_be_there(reason: Reason) -> None:
    alice = alice_in("#tea")
    alice.hear(b"/ban bob")
    assert alice.refuse(reason) == b""
    alice.hear(b"/kick bob")
    assert alice.refuse(reason) != b""


def test_a_long_list_of_members_comes_in_lines_of_a_hundred() -> None:
    members = tuple(Member(who(f"p{n}"), Role.MEMBER) for n in range(250))
    lines = told(alice_in(), MembersAre("#tea", members, in_detail=False))
    *rows, nothing = lines.decode().split("\r\n")
    names = [row.removeprefix("-- In #tea: ").split(", ") for row in rows]
    assert nothing == ""
    assert names == [
        [f"p{n}" for n in range(100)],
        [f"p{n}" for n in range(100, 200)],
        [f"p{n}" for n in range(200, 250)],
    ]


# What bystanders read.


def test_back_in_one_room_the_kind_is_as_before() -> None:
    alice = alice_in("#lobby", "#tea")
    alice.tell(left("#tea"))
    assert alice.kind == ONE_ROOM
    alice.tell(left("#lobby"))
    assert alice.kind == ONE_ROOM


def test_not_even_the_name_of_ones_own_room_commands_a_terminal() -> None:
    alice = alice_in("#lobby", "#\x1b[2J")
    there = "-- What you type now goes to #␛[2J.\r\n".encode()
    assert alice.hear(b"/join #\x1b[2J") == [there]
    assert told(alice, left("#lobby")) == b"-- You left #lobby.\r\n" + there


# Everything, at any time.


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_nothing_hostile_is_told(event: Event) -> None:
    for path, bad, good in versions(event):
        text, tamed = (told(alice_in("#lobby"), it).decode() for it in (bad, good))
        assert text == tamed, path
        assert leftovers(text.replace("\r\n", "")) == set(), path


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_whatever_is_told_is_whole_lines(event: Event) -> None:
    for text in (told(alice_in("#lobby"), event), SEVERAL_ROOMS.render(event)):
        assert text.replace(b"\r\n", b"").isascii()
        assert b"\n" not in text.replace(b"\r\n", b"")
        assert text == b"" or text.endswith(b"\r\n")


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: type(reason).__name__)
def test_every_refusal_is_a_line_of_the_houses(reason: Reason) -> None:
    refused = alice_in("#lobby").refuse(reason)
    assert refused.startswith(b"-- ")
    assert refused.count(b"\r\n") == 1


NAMES: Final = [name for verb in VERBS for name in (verb.name, *verb.aliases)]
RESTS: Final = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([HOSTILE, "#tea bob", "on", "key x", "none"]).map(
        lambda text: text.encode(errors="replace")
    ),
)
COMMANDS: Final = st.builds(
    lambda name, rest: f"/{name} ".encode() + rest, st.sampled_from(NAMES), RESTS
)


@given(st.lists(st.one_of(st.binary(max_size=60), COMMANDS), max_size=8))
@settings(deadline=None, max_examples=200)
def test_any_bytes_end_in_commands_and_harmless_answers(lines: list[bytes]) -> None:
    for plain in (a_stranger(), a_guarded_house(), alice_in("#lobby"), alice_in()):
        for each in lines:
            for item in plain.hear(each):
                if isinstance(item, bytes):
                    shown = item.decode().replace("\r\n", "")
                    assert shown == harmless(shown)
                    assert shown


def test_a_refusal_does_not_end_the_conversation() -> None:
    alice = alice_in("#lobby")
    assert alice.refuse(NoSuchNick("eve")) == (
        b"-- Nobody here is called eve. /who tells who is here.\r\n"
    )
    assert alice.hear(b"hi") == [Say("#lobby", "hi")]


def test_a_line_over_the_limit_is_too_long_though_it_came_whole() -> None:
    person = alice_in("#lobby")
    assert person.hear(b"x" * 4097) == alice_in("#lobby").hear(TOO_LONG)
    assert person.hear(b"x" * 4096) == [Say("#lobby", "x" * 4096)]


def test_nobody_is_asked_whether_he_is_there() -> None:
    assert alice_in("#lobby").are_you_there() == b""


def test_ctrl_d_is_good_bye() -> None:
    assert alice_in("#lobby").hear(b"\x04") == [Depart("Quit")]


def test_a_line_with_nothing_to_see_in_it_is_nothing() -> None:
    assert alice_in("#lobby").hear(b"\x02\x0f") == []


# Telnet by hand.


@pytest.mark.parametrize("line", [b"/telnet", b"/TELNET please"])
def test_telnet_is_for_the_shell_to_speak(line: bytes) -> None:
    answer = (
        b"-- Speaking telnet. If your terminal does, lines will fit its window.\r\n"
    )
    for person in (a_stranger(), alice_in("#lobby")):
        assert person.hear(line) == [Wish.TELNET, answer]


# Windows: what is too long for one is wrapped, if its width is known.


def alice_at(columns: int) -> Plain:
    """Alice in the lobby, with a window of so many columns."""
    alice = alice_in("#lobby")
    alice.resize(columns)
    return alice


def test_a_window_keeps_its_width_when_the_rooms_change() -> None:
    alice = alice_at(40)
    assert alice.kind == PlainKind(shows_room=False, columns=40)
    alice.tell(entered("#tea"))
    assert alice.kind == PlainKind(shows_room=True, columns=40)
    alice.resize(63)
    alice.tell(left("#tea"))
    assert alice.kind == PlainKind(shows_room=False, columns=56)


CROWD: Final = tuple(Member(who(f"person{n}"), Role.MEMBER) for n in range(250))
LONG_HOUSE: Final = HouseIs(200, 1, tuple(f"person{n}" for n in range(200)))

PERSON_IS: Final = next(event for event in EVENTS if isinstance(event, PersonIs))
ROOM_IS: Final = next(event for event in EVENTS if isinstance(event, RoomIs))

# Whatever is sent to somebody, by what he does or what happens.
SENT: Final[dict[str, Callable[[Plain], bytes]]] = {
    "the greeting": lambda plain: told(plain, LONG_HOUSE),
    "who entered": lambda plain: told(plain, entered(others=CROWD)),
    "a list": lambda plain: told(plain, MembersAre("#tea", CROWD, in_detail=False)),
    "leaving": lambda plain: told(plain, left("#lobby")),
    "what others see": lambda plain: plain.kind.render(said("hello " * 20)),
    "a whisper": lambda plain: told(plain, replace(BOBS_WHISPER, text="psst " * 20)),
    "a refusal": lambda plain: plain.refuse(NickImpossible("b b", "it may not")),
    "the farewell": lambda plain: plain.farewell("a line without an end"),
    "help": lambda plain: read(plain.hear(b"/help")),
    "a command unknown": lambda plain: read(plain.hear(b"/" + b"x" * 60)),
    "how it is used": lambda plain: read(plain.hear(b"/msg")),
    "too long": lambda plain: read(plain.hear(TOO_LONG)),
    "not UTF-8": lambda plain: read(plain.hear(b"/help \xff")),
    "joined already": lambda plain: read(plain.hear(b"/join lobby")),
    "telnet": lambda plain: read(plain.hear(b"/telnet")[1:]),
    "help about one": lambda plain: read(plain.hear(b"/help room")),
    "all about somebody": lambda plain: told(plain, PERSON_IS),
    "how a room is set up": lambda plain: told(plain, ROOM_IS),
    "nobody to be": lambda plain: read(plain.hear(b"/oper root")),
    "put out": lambda plain: told(plain, Kicked(ID, AT, BOB, "#lobby", "alice", "")),
}


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
def test_whatever_is_sent_fits_the_window(sent: Callable[[Plain], bytes]) -> None:
    wide, narrow = sent(alice_in("#lobby")).decode(), sent(alice_at(20)).decode()
    rows = narrow.removesuffix("\r\n").split("\r\n")
    assert [row for row in rows if len(row) > 20] == []
    assert "".join(narrow.split()) == "".join(wide.split())
    left_of_all = [row for row in rows if not row.startswith("    ")]
    assert len(left_of_all) == wide.count("\r\n")


# Names that are somebody's.


def bobs_name(
    columns: int | None = None, *, is_private: bool = True
) -> tuple[Plain, bytes]:
    """Somebody has said that he is bob, who has an account; and what he reads."""
    plain = Plain(HOUSE, is_private=is_private)
    if columns:
        plain.resize(columns)
    plain.hear(b"bob")
    return plain, plain.refuse(NickReserved("bob"))


BOBS: Final = b"bob has an account. Its password? (An empty line: choose another name.)"


def test_who_says_that_he_is_somebody_is_asked_for_the_password() -> None:
    plain, question = bobs_name()
    assert (
        question == BOBS + b" It shows as you type it; on telnet, /telnet hides it.\r\n"
    )
    assert plain.follow_up() == [Wish.HIDE_INPUT]
    assert plain.follow_up() == []
    assert plain.hear(b" secret") == [
        Wish.SHOW_INPUT,
        Prove(" secret", Identified("bob"), account="bob"),
    ]


def test_on_telnet_it_is_not_said_that_it_shows() -> None:
    _, question = bobs_name(columns=80)
    assert question == BOBS + b"\r\n"


def test_who_is_not_bob_says_another_name() -> None:
    plain, _ = bobs_name()
    assert plain.hear(b"") == [Wish.SHOW_INPUT, b"What should we call you?\r\n"]
    assert plain.hear(b"rob") == [
        Introduce("rob", "plain", "rob", room="#lobby", may_be_held=False)
    ]


def test_who_does_not_know_the_password_says_another_name_or_tries_again() -> None:
    plain, question = bobs_name()
    plain.hear(b"wrong")
    assert (
        plain.refuse(WrongPassword()) == b"-- That is not the password.\r\n" + question
    )
    assert plain.hear(b"") == [Wish.SHOW_INPUT, b"What should we call you?\r\n"]
    plain.hear(b"bob")
    assert plain.refuse(NickReserved("bob")) == question


def test_where_others_can_read_it_another_name_is_asked_for() -> None:
    plain, refused = bobs_name(is_private=False)
    assert refused == (
        b"-- bob has an account: /login bob, or try another name.\r\n"
        b"What should we call you?\r\n"
    )
    assert plain.follow_up() == []


def test_who_has_a_name_is_only_told() -> None:
    alice = alice_in("#lobby")
    alice.hear(b"/nick bob")
    assert alice.refuse(NickReserved("bob")) == (
        b"-- bob has an account: /login bob, or try another name.\r\n"
    )
    assert alice.question is None


def test_who_is_logged_in_comes_in_at_once() -> None:
    plain, _ = bobs_name()
    plain.hear(b"secret")
    plain.follow_up()
    assert told(plain, AccountChanged(ID, AT, BOB, "bob")) == (
        b"-- You are logged in as bob.\r\n"
    )
    assert plain.follow_up() == [
        Introduce("bob", "plain", "bob", room="#lobby", may_be_held=False)
    ]
    plain.tell(welcomed(BOB))
    assert plain.account == "bob"
    assert plain.hear(b"/account") == [AskAccount("bob")]


def test_who_is_here_already_logs_in_and_stays() -> None:
    alice = alice_in("#lobby")
    alice.tell(AccountChanged(ID, AT, ALICE, "alice"))
    assert alice.follow_up() == []
    alice.tell(AccountChanged(ID, AT, ALICE, ""))
    assert alice.account == ""


def test_a_one_time_code_is_followed_by_a_password() -> None:
    plain, _ = bobs_name()
    plain.hear(b"code")
    plain.follow_up()
    plain.tell(AccountChanged(ID, AT, BOB, "bob"))
    assert told(plain, CredentialWanted("bob")) == (
        b"-- That was a one-time code and works no more: have a password now.\r\n"
    )
    introduce, hide, question = plain.follow_up()
    assert isinstance(introduce, Introduce)
    assert hide is Wish.HIDE_INPUT
    assert isinstance(question, bytes)
    assert question.startswith(b"Which password do you want?")
    assert plain.hear(b"new one") == [
        Wish.SHOW_INPUT,
        Enrol("new one", SetCredential()),
    ]
    plain.tell(welcomed(BOB))
    # Until there is one, it can be set without any.
    assert plain.hear(b"/password")[0] is Wish.HIDE_INPUT
    assert plain.hear(b"newer")[-1] == Enrol("newer", SetCredential())
    plain.tell(CredentialSet("bob"))
    plain.hear(b"/password")
    plain.hear(b"newer")
    assert plain.hear(b"newest")[-1] == Prove(
        "newer", Enrol("newest", SetCredential()), account="bob"
    )


def test_who_logs_out_lacks_no_password_with_the_next_account() -> None:
    plain = alice_in("#lobby")
    for account in ("alice", "", "bob"):
        plain.tell(AccountChanged(ID, AT, ALICE, account))
        if account == "alice":
            plain.tell(CredentialWanted("alice"))
            plain.question = None
    plain.hear(b"/password")
    plain.hear(b"old")
    assert plain.hear(b"new")[-1] == Prove(
        "old", Enrol("new", SetCredential()), account="bob"
    )


# Invitations.


@pytest.mark.parametrize("line", ["join {}", "JOIN  {} ", "/join {}"])
def test_an_invitation_is_no_name(line: str) -> None:
    plain = a_stranger()
    assert plain.hear(line.format(TOKEN).encode()) == [Redeem(TOKEN)]
    assert told(plain, Redeemed("#tea")) == (
        b"-- You are invited to #tea.\r\nWhat should we call you?\r\n"
    )
    assert plain.is_invited


@pytest.mark.parametrize("line", [b"join", b"join tea", b"joins sb-x"])
def test_what_is_no_invitation_may_be_a_name(line: bytes) -> None:
    (heard,) = a_stranger().hear(line)
    assert isinstance(heard, Introduce)


def test_an_invitation_opens_the_house() -> None:
    plain = a_guarded_house()
    plain.tell(Redeemed("#tea"))
    assert plain.hear(b"alice") == [replace(PROVE, is_invited=True)]


def test_an_invitation_that_has_ended_opens_nothing() -> None:
    plain = a_guarded_house()
    plain.tell(Redeemed("#tea"))
    plain.hear(b"alice")
    assert plain.refuse(WrongToken()).endswith(b"What should we call you?\r\n")
    assert plain.hear(b"alice") == [Wish.HIDE_INPUT, ASKED]
    assert plain.hear(b"secret")[-1] == Prove("secret", PROVE)


def test_where_no_password_is_asked_for_it_is_not_needed() -> None:
    plain = a_stranger()
    plain.tell(Redeemed("#tea"))
    assert plain.hear(b"alice") == [PROVE]


def test_a_wrong_token_later_takes_nothing_away() -> None:
    alice = alice_in("#lobby")
    alice.tell(Redeemed("#tea"))
    alice.refuse(WrongToken())
    assert alice.is_invited


def test_so_does_an_account() -> None:
    plain = a_guarded_house()
    plain.tell(AccountChanged(ID, AT, BOB, "bob"))
    assert plain.follow_up() == [
        Introduce("bob", "plain", "bob", room="#lobby", may_be_held=False)
    ]


# The house's own password is asked for once, and only the right one opens.


@pytest.mark.parametrize(
    ("reason", "is_in"),
    [
        (NickInUse("alice"), True),
        (NickReserved("alice"), True),
        (GuestsStayOut(), True),
        (WrongPassword(), False),
        (Busy(), False),
        (TooManyGuesses(), False),
        (NotEncrypted(), False),
    ],
    ids=lambda each: type(each).__name__ if not isinstance(each, bool) else "",
)
def test_who_was_refused_only_the_name_is_let_in(reason: Reason, is_in: bool) -> None:
    plain = a_guarded_house()
    plain.hear(b"alice")
    plain.hear(b"secret")
    plain.refuse(reason)
    plain.question = None
    assert (plain.hear(b"eve")[0] is not Wish.HIDE_INPUT) == is_in


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: type(reason).__name__)
def test_nothing_else_that_is_refused_opens_the_house(reason: Reason) -> None:
    plain = a_guarded_house()
    plain.refuse(reason)
    plain.question = None
    plain.hear(b"/login bob")
    plain.hear(b"wrong")
    plain.refuse(reason)
    plain.question = None
    assert plain.hear(b"eve") == [Wish.HIDE_INPUT, ASKED]


def test_an_operator_who_guesses_is_not_let_in_twice() -> None:
    alice = alice_in("#lobby")
    alice.house = replace(HOUSE, operators={"root": STORED})
    alice.hear(b"/oper root")
    alice.hear(b"wrong")
    assert alice.refuse(WrongPassword()) == b"-- That is not the password.\r\n"
    assert not alice.is_at_the_door


@pytest.mark.parametrize("reason", [WrongPassword(), Busy(), TooManyGuesses()])
def test_where_the_house_closes_its_door_no_name_is_asked_for(reason: Reason) -> None:
    plain = a_guarded_house()
    plain.hear(b"alice")
    plain.hear(b"secret")
    assert b"call you" not in plain.refuse(reason)


# What cannot be kept.


def test_with_several_rooms_it_is_told_where_nothing_is_kept() -> None:
    event = KeepingChanged(ID, AT, "#tea", is_kept=True)
    line = b"-- What is said here is kept again; nothing is lost.\r\n"
    assert told(alice_in("#lobby", "#tea"), event) == b"[#tea] " + line
    assert told(alice_in("#tea"), event) == line


def test_a_person_types_a_password_and_is_not_challenged() -> None:
    assert a_stranger().challenge(b"r=x") == b""


# What was said earlier.


def test_a_person_is_shown_what_fits_a_small_window() -> None:
    assert a_stranger().replays == Replays(most=20, at_first=10, has_digest=True)


def test_nothing_is_labelled() -> None:
    assert a_stranger().labelled("abc", [b"x"]) == b""


@pytest.mark.parametrize(
    ("limits", "is_recorded", "lines"),
    [
        (Limits(), True, b""),
        (Limits(), False, b"-- What is said in this room is not kept.\r\n"),
        (Limits(history=False), False, b""),
    ],
)
def test_that_a_room_is_off_the_record_is_told(
    limits: Limits, is_recorded: bool, lines: bytes
) -> None:
    plain = Plain(replace(HOUSE, limits=limits))
    plain.tell(welcomed())
    event = replace(entered(), is_recorded=is_recorded)
    assert plain.tell(event) == (
        b"-- You are in #lobby, with nobody else yet.\r\n" + lines
    )


def test_what_was_said_is_asked_for_page_by_page() -> None:
    alice = alice_in("#lobby")
    alice.now = AT
    assert alice.hear(b"/history 1") == [AskHistory("#lobby", Page(most=1))]
    lines = Excerpt("#lobby", (line("hello"),))
    assert told(alice, HistoryIs(lines, Page(most=1))) == (
        b"-- Said in #lobby (times are UTC):\r\n"
        b"| 10:15 alice: hello\r\n"
        b"-- /more shows older ones.\r\n"
    )
    before = AskHistory("#lobby", Page(Which.BEFORE, (Point(ID, AT),), 1))
    assert alice.hear(b"/more") == [before]
    told(alice, HistoryIs(lines, before.page, is_end=True))
    assert read(alice.hear(b"/more")).startswith(b"-- There is no more of anything.")


def test_what_was_missed_has_more_only_if_it_was_too_much() -> None:
    alice = alice_in("#lobby")
    found = FoundAre(Search("x"), (("#lobby", line("x")),), is_end=False)
    told(alice, found)
    told(alice, MissedIs(Excerpt("#lobby", (line("x"),))))
    assert alice.hear(b"/more") == [Search("x", below=ID)]
    told(alice, MissedIs(Excerpt("#lobby", (line("x"),), left_out=3)))
    older = AskHistory("#lobby", Page(Which.BEFORE, (Point(ID, AT),), 20))
    assert alice.hear(b"/more") == alice.hear(b"/more lobby") == [older]
    told(alice, FoundAre(Search("x"), ()))
    assert alice.hear(b"/more") != alice.hear(b"/more lobby") == [older]
    told(alice, HistoryIs(Excerpt("#lobby", (line("x"),)), older.page, is_end=True))
    assert b"no more" in read(alice.hear(b"/more lobby"))


@pytest.mark.parametrize(
    ("answer", "whisperer"),
    [
        (MissedIs(Excerpt("bob", (line("hi", "bob", to="alice"),), True)), "bob"),
        (MissedIs(Excerpt("bob", (line("hi", to="bob"),), True)), ""),
        (MissedIs(Excerpt("#bob", (line("hi", "bob"),))), ""),
    ],
)
def test_who_whispered_while_one_was_away_is_answered(
    answer: MissedIs, whisperer: str
) -> None:
    alice = alice_in("#lobby")
    told(alice, answer)
    assert alice.whisperer == whisperer


def test_who_whispers_now_is_answered_first() -> None:
    alice = alice_in("#lobby")
    alice.tell(replace(BOBS_WHISPER, who=who("eve")))
    told(alice, MissedIs(Excerpt("bob", (line("hi", "bob", to="alice"),), True)))
    assert alice.whisperer == "eve"


def test_each_line_of_a_person_is_heard_by_itself() -> None:
    assert alice_in("#tea").breath([b"hi", b"all"]) is None


def test_what_others_say_in_one_breath_is_several_lines() -> None:
    bob = alice_in("#lobby", "#tea")
    assert bob.tell(speech("hi", "all")) == (
        b"[#lobby] alice: hi\r\n[#lobby] alice: all\r\n"
    )
