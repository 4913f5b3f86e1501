"""Words: what a person on plain reads, sentence by sentence."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.dialects import words
from chat.domain import names
from chat.domain.answers import Answer, HouseIs
from chat.domain.commands import Change, Manner, Mark, Setting
from chat.domain.events import (
    AccountChanged,
    AwayChanged,
    Departed,
    Entered,
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
    Said,
    Speech,
    TopicChanged,
    Walloped,
    Welcomed,
    Whispered,
)
from chat.domain.limits import Limits
from chat.domain.refusals import Refused
from chat.domain.roles import Role
from chat.domain.views import Member, Topic
from tests.dialects.scenes import (
    ALICE,
    AT,
    BOB,
    EVENTS,
    HOUSE,
    ID,
    entered,
    left,
    said,
    welcomed,
    whispered,
    who,
)
from tests.domain import vocabularies
from tests.wire.hostile import HOSTILE, TAMED, leftovers, versions

TEA = Topic("tea", "bob", AT)
RUNS_IT = Member(BOB, Role.OPERATOR)


def crowd(size: int) -> tuple[Member, ...]:
    return tuple(Member(who(f"p{number}"), Role.MEMBER) for number in range(size))


TWENTY = ", ".join(f"p{number}" for number in range(20))


# What others do.


@pytest.mark.parametrize(
    ("event", "line"),
    [
        pytest.param(said("hello"), "alice: hello", id="said"),
        pytest.param(said(""), "alice: ", id="said nothing"),
        pytest.param(said("waves", Manner.ACTION), "* alice waves", id="done"),
        pytest.param(said("beep", Manner.NOTICE), "-alice- beep", id="noticed"),
        pytest.param(said("", Manner.TAGS), "", id="tags are not for people"),
        pytest.param(said("\x01VERSION\x01"), "", id="CTCP is not for people"),
        pytest.param(said("\x01PING 1\x01", Manner.NOTICE), "", id="nor its answer"),
        pytest.param(whispered("psst"), "alice whispers: psst", id="whispered"),
        pytest.param(
            whispered("waves", Manner.ACTION),
            "alice whispers: * alice waves",
            id="done to one",
        ),
        pytest.param(
            whispered("beep", Manner.NOTICE),
            "alice whispers: -alice- beep",
            id="notice to one",
        ),
        pytest.param(whispered("", Manner.TAGS), "", id="tags to one"),
        pytest.param(whispered("\x01VERSION\x01"), "", id="CTCP to one"),
        pytest.param(Joined(ID, AT, ALICE, "#tea"), "-- alice is here.", id="joined"),
        pytest.param(left(), "-- alice left.", id="left"),
        pytest.param(
            left(reason="tea"), "-- alice left (tea).", id="left for a reason"
        ),
        pytest.param(Departed(ID, AT, ALICE, ""), "-- alice left.", id="departed"),
        pytest.param(
            Departed(ID, AT, ALICE, "Quit: tea"),
            "-- alice left (Quit: tea).",
            id="departed for a reason",
        ),
        pytest.param(
            Renamed(ID, AT, ALICE, "eve"), "-- alice is now called eve.", id="renamed"
        ),
        pytest.param(
            TopicChanged(ID, AT, ALICE, "#tea", "milk"),
            "-- alice changed the topic: milk",
            id="topic",
        ),
        pytest.param(
            TopicChanged(ID, AT, ALICE, "#tea", ""),
            "-- alice took away the topic.",
            id="no topic any more",
        ),
        pytest.param(
            replace(said("hi"), only=Setting.OPERATOR),
            "alice (not to all): hi",
            id="said to those who run it",
        ),
        pytest.param(
            replace(said("waves", Manner.ACTION), only=Setting.VOICE),
            "* alice (not to all) waves",
            id="done for some",
        ),
        pytest.param(
            replace(said("beep", Manner.NOTICE), only=Setting.VOICE),
            "-alice- (not to all) beep",
            id="noticed for some",
        ),
        pytest.param(
            RoomChanged(ID, AT, ALICE, "#tea", (Change(Setting.INVITE_ONLY, True),)),
            "-- alice lets only invited people in.",
            id="a room closed",
        ),
        pytest.param(
            RoomChanged(
                *(ID, AT, None, "#tea"),
                (
                    Change(Setting.OPERATOR, True, "bob"),
                    Change(Setting.MODERATED, False),
                ),
            ),
            "-- The house lets bob run the room.\n-- The house lets everybody talk.",
            id="two changes by the house",
        ),
        pytest.param(
            Kicked(ID, AT, ALICE, "#tea", "bob", "too loud"),
            "-- alice put bob out (too loud).",
            id="kicked",
        ),
        pytest.param(
            Kicked(ID, AT, ALICE, "#tea", "bob", ""),
            "-- alice put bob out.",
            id="kicked without a word",
        ),
        pytest.param(
            Invited(ID, AT, ALICE, "#tea", "bob"),
            "-- alice invites bob.",
            id="somebody else invited",
        ),
        pytest.param(
            Walloped(ID, AT, ALICE, "bob is back"),
            "-- alice to the house: bob is back",
            id="walloped",
        ),
        pytest.param(AwayChanged(ID, AT, ALICE, "lunch"), "", id="away"),
        pytest.param(AwayChanged(ID, AT, ALICE, ""), "", id="back"),
        pytest.param(Redescribed(ID, AT, ALICE, "A."), "", id="redescribed"),
        pytest.param(ReadChanged(ID, AT, "#tea", AT), "", id="read elsewhere"),
    ],
)
def test_what_others_do(event: Event, line: str) -> None:
    assert words.of_event(event) == line


# What one does oneself.


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        pytest.param(
            welcomed(),
            "-- You are alice. Type to talk; /help helps, /quit leaves.",
            id="welcomed",
        ),
        pytest.param(
            entered(), "-- You are in #lobby, with nobody else yet.", id="alone"
        ),
        pytest.param(
            entered(others=(RUNS_IT,)), "-- You are in #lobby, with bob.", id="with bob"
        ),
        pytest.param(
            entered(others=(RUNS_IT,), topic=TEA),
            "-- You are in #lobby, with bob.\n-- #lobby is about: tea",
            id="with a topic",
        ),
        pytest.param(
            entered(others=crowd(20)), f"-- You are in #lobby, with {TWENTY}.", id="20"
        ),
        pytest.param(
            entered(others=crowd(23)),
            f"-- You are in #lobby, with {TWENTY} and 3 more.",
            id="a crowd",
        ),
        pytest.param(left(reason="tea"), "-- You left #lobby.", id="left"),
        pytest.param(
            Renamed(ID, AT, ALICE, "eve"), "-- You are now called eve.", id="renamed"
        ),
        pytest.param(
            Kicked(ID, AT, ALICE, "#tea", "bob", "too loud"),
            "-- alice put you out of #tea (too loud).",
            id="put out",
        ),
        pytest.param(
            Kicked(ID, AT, ALICE, "#tea", "bob", ""),
            "-- alice put you out of #tea.",
            id="put out without a word",
        ),
        pytest.param(
            Invited(ID, AT, ALICE, "#tea", "bob"),
            "-- alice invites you: /join #tea",
            id="invited",
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.OPERATOR, on=True),
            "-- You run the house now: /kill and /wallops are yours.",
            id="in office",
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.OPERATOR, on=False),
            "-- You do not run the house any more.",
            id="out of office",
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.BOT, on=True),
            "-- You are a program now.",
            id="a program",
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.BOT, on=False),
            "-- You are no program any more.",
            id="no program",
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.INVISIBLE, on=True),
            "-- Only who is in a room with you, or knows your name, finds you now.",
            id="invisible",
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.INVISIBLE, on=False),
            "-- Everybody finds you now.",
            id="visible",
        ),
        pytest.param(
            said("hello"), "alice: hello", id="anything else as others see it"
        ),
    ],
)
def test_what_one_does_oneself(event: Event, lines: str) -> None:
    assert words.of_own_event(event) == lines


@pytest.mark.parametrize(
    ("in_lobby", "present"),
    [
        pytest.param((), "Nobody else is here yet.", id="nobody"),
        pytest.param(("alice", "bob"), "Here now: alice, bob.", id="two"),
        pytest.param(
            tuple(f"p{number}" for number in range(20)), f"Here now: {TWENTY}.", id="20"
        ),
        pytest.param(
            tuple(f"p{number}" for number in range(23)),
            f"Here now: {TWENTY} and 3 more.",
            id="a crowd",
        ),
    ],
)
def test_the_greeting(in_lobby: tuple[str, ...], present: str) -> None:
    now = HouseIs(users=9, rooms=2, in_lobby=in_lobby)
    assert words.greeting(HOUSE, now) == (
        f"Welcome to Exchange, a place to chat. {present}\n"
        "What is said in a room is kept, to be read while the room is there,"
        " unless /room says otherwise.\n"
        "What should we call you?"
    )


@pytest.mark.parametrize(
    ("limits", "line"),
    [
        (
            Limits(history_days=30),
            (
                "What is said in a room is kept for 30 days, to be read while the"
                " room is there, unless /room says otherwise.\n"
            ),
        ),
        (
            Limits(history_days=1),
            (
                "What is said in a room is kept for 1 day, to be read while the room"
                " is there, unless /room says otherwise.\n"
            ),
        ),
        (Limits(history=False, history_days=30), ""),
        (Limits(history=False), ""),
        (Limits(history=False, guests="named"), ""),
        (
            Limits(history=False, guests="none"),
            (
                "Here one needs an account: /login NAME, or /register NAME for a new"
                " one.\n"
            ),
        ),
        (
            Limits(history=False, guests="none", registration="invited"),
            "Here one needs an account, /login NAME, or an invitation.\n",
        ),
    ],
)
def test_the_greeting_tells_what_one_needs(limits: Limits, line: str) -> None:
    assert words.greeting(replace(HOUSE, limits=limits), HouseIs(0, 1, ())) == (
        "Welcome to Exchange, a place to chat. Nobody else is here yet.\n"
        f"{line}What should we call you?"
    )


@pytest.mark.parametrize(
    ("days", "span"),
    [(0, " until the server ends"), (1, " for 1 day or until the server ends")],
)
def test_a_house_may_keep_nothing_when_it_ends(days: int, span: str) -> None:
    house = replace(HOUSE, limits=Limits(history_days=days), is_lasting=False)
    assert words.kept_for(house) == span


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            KeepingChanged(ID, AT, "#tea", is_kept=False),
            "-- What is said here cannot be kept just now; it will be, once it can.",
        ),
        (
            KeepingChanged(ID, AT, "", is_kept=False),
            (
                "-- What is said in the house cannot be kept just now; it will be, once"
                " it can."
            ),
        ),
        (
            KeepingChanged(ID, AT, "#tea", is_kept=True),
            "-- What is said here is kept again; nothing is lost.",
        ),
        (
            KeepingChanged(ID, AT, "#tea", is_kept=True, lost=1),
            "-- What is said here is kept again; 1 line could not be kept.",
        ),
        (
            KeepingChanged(ID, AT, "", is_kept=True, lost=9),
            "-- What is said in the house is kept again; 9 lines could not be kept.",
        ),
    ],
)
def test_what_cannot_be_kept_is_told(event: Event, line: str) -> None:
    assert words.of_event(event) == words.of_own_event(event) == line


@pytest.mark.parametrize(
    ("account", "line"),
    [
        ("alice", "-- You are logged in as alice."),
        ("", "-- You are logged out, and a guest."),
    ],
)
def test_who_one_is_logged_in_as(account: str, line: str) -> None:
    assert words.of_own_event(AccountChanged(ID, AT, ALICE, account)) == line


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (whispered("psst"), "-- You, elsewhere, to bob: psst"),
        (whispered("waves", Manner.ACTION), "-- You, elsewhere, to bob: * waves"),
        (whispered("beep", Manner.NOTICE), "-- You, elsewhere, to bob: beep"),
        (whispered("", Manner.TAGS), ""),
        (whispered("\x01VERSION\x01"), ""),
    ],
)
def test_what_one_whispers_on_another_terminal(event: Whispered, line: str) -> None:
    assert words.from_elsewhere(event) == line


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        pytest.param("Quit", "-- Good-bye.", id="who asked is not told why"),
        pytest.param("Quit: tea", "-- Good-bye.", id="nor with a reason of his own"),
        pytest.param("Ping timeout", "-- Good-bye: Ping timeout.", id="why"),
    ],
)
def test_the_farewell(reason: str, line: str) -> None:
    assert words.farewell(reason) == line


# Nothing is left without words.


def test_the_scenes_show_one_of_each() -> None:
    assert [type(event) for event in EVENTS] == vocabularies.words(Event)


OWN: Final = (Welcomed, Entered, MarkChanged, AccountChanged)
# Who wants to know asks, or is told when it matters.
QUIET: Final = (AwayChanged, Redescribed, ReadChanged)
# What is said in one breath is told one thing after the other.
SINGLE: Final = [event for event in EVENTS if not isinstance(event, Speech)]
HAPPENED: Final = [event for event in SINGLE if not isinstance(event, Answer)]


@pytest.mark.parametrize("event", HAPPENED, ids=lambda event: type(event).__name__)
def test_every_event_has_words(event: Event) -> None:
    assert bool(words.of_own_event(event)) != isinstance(event, QUIET)


@pytest.mark.parametrize("event", SINGLE, ids=lambda event: type(event).__name__)
def test_a_bystander_is_told_of_what_is_not_for_ones_own_eyes(event: Event) -> None:
    is_for_others = not isinstance(event, (*OWN, *QUIET, Answer))
    assert bool(words.of_event(event)) == is_for_others


# Hostile text.


def every_hostile(values: list[Any]) -> list[Any]:
    return [
        pytest.param(bad, good, id=f"{type(value).__name__}{path}")
        for value in values
        for path, bad, good in versions(value)
    ]


def shown(event: Event) -> list[str]:
    """All the ways in which *event* is put into words."""
    ways = [words.of_event(event), words.of_own_event(event)]
    if isinstance(event, HouseIs):
        ways.append(words.greeting(HOUSE, event))
    if isinstance(event, Whispered):
        ways.append(words.from_elsewhere(event))
    return ways


@pytest.mark.parametrize(
    ("bad", "good"),
    every_hostile(
        [
            *EVENTS,
            said("waves", Manner.ACTION),
            said("beep", Manner.NOTICE),
            whispered("waves", Manner.ACTION),
            whispered("beep", Manner.NOTICE),
            replace(said("hello"), only=Setting.VOICE),
            RoomChanged(ID, AT, None, "#lobby", (Change(Setting.BAN, True, "m:x"),)),
            TopicChanged(ID, AT, ALICE, "#lobby", ""),
        ]
    ),
)
def test_hostile_text_in_an_event_reaches_no_terminal(bad: Event, good: Event) -> None:
    assert shown(bad) == shown(good)
    assert [leftovers(text.replace("\n", "")) for text in shown(bad)] == [
        set() for _ in shown(bad)
    ]


def test_hostile_text_in_a_farewell_reaches_no_terminal() -> None:
    assert words.farewell(HOSTILE) == f"-- Good-bye: {TAMED}."


# Nobody can write a line that looks like somebody else's, or like the house's.

OTHERS_LINES: Final = (
    "alice: ",
    "* alice ",
    "-alice- ",
    "alice whispers: ",
    "-- ",
    "[#lobby] alice: ",
)


def is_possible(nick: str) -> bool:
    try:
        names.nick(nick, 32)
    except Refused:
        return False
    return nick != "alice"


def lines_of(nick: str, text: str) -> list[str]:
    """All that whoever goes by *nick* can make others read with *text*."""
    manners = [Manner.SAY, Manner.ACTION, Manner.NOTICE]
    return [
        *(words.of_event(replace(said(text, m), who=who(nick))) for m in manners),
        *(words.of_event(replace(whispered(text, m), who=who(nick))) for m in manners),
        *(
            words.of_event(replace(said(text, m), who=who(nick), only=Setting.VOICE))
            for m in manners
        ),
    ]


@given(
    nick=st.text("alicewhsp-[]_*:x", min_size=1, max_size=12).filter(is_possible),
    text=st.one_of(st.sampled_from(OTHERS_LINES), st.text()),
)
@example(nick="[]", text="#lobby] alice: hi")
@example(nick="alice-", text="alice: hi")
@settings(deadline=None, max_examples=150)
def test_no_line_passes_for_somebody_elses(nick: str, text: str) -> None:
    for line in lines_of(nick, text):
        assert not line.startswith(OTHERS_LINES)
        assert "\n" not in line


@pytest.mark.parametrize("nick", ["--", "-alice-"])
def test_no_nick_looks_like_the_beginning_of_a_line(nick: str) -> None:
    lines = [line for line in lines_of(nick, "hi") if line.startswith(OTHERS_LINES)]
    assert not (is_possible(nick) and lines)


SPEAKERS: Final = [Said, Whispered]


def test_only_people_begin_their_lines_themselves() -> None:
    house = [words.of_event(event) for event in EVENTS if type(event) not in SPEAKERS]
    assert all(line.startswith("-- ") for line in house if line)
