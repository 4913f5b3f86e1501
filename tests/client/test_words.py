"""Words: a happening as a line that a person reads."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.happenings import (
    Happening,
    Joined,
    Kicked,
    Left,
    Listed,
    Manner,
    Mark,
    Note,
    Parted,
    Renamed,
    Said,
    Topic,
    When,
)
from chat.client.state import State
from chat.client.words import Line, Move, line, moment, where_we_are
from chat.dialects.irc.message import parse
from tests.wire.hostile import HOSTILE, TAMED, leftovers

NOW = datetime(2026, 11, 20, 10, 14, 59, tzinfo=UTC)
THEN = datetime(2026, 11, 20, 9, 8, 7, tzinfo=UTC)
CROWD = tuple(f"guest{number}" for number in range(21))


@pytest.fixture
def state() -> State:
    """Alice is in #tea and, now, in #lobby."""
    state = State("alice")
    state.enter("#tea")
    state.enter("#lobby")
    return state


def read(state: State, happening: Happening) -> str:
    """The whole line, as it would stand on the screen."""
    shown = line(state, happening, NOW)
    return shown.time + shown.where + shown.who + shown.text


@pytest.mark.parametrize(
    ("happening", "words"),
    [
        (Said("bob", "#lobby", "hi"), "10:14 bob  hi"),
        (Said("bob", "#tea", "hi"), "10:14 [#tea] bob  hi"),
        (Said("bob", "@#lobby", "hi"), "10:14 [@#lobby] bob  hi"),
        (Said("bob", "alice", "psst"), "10:14 [whisper] bob  psst"),
        (Said("alice", "bob", "psst"), "10:14 [to bob] alice  psst"),
        (Said("bob", "#lobby", "waves", Manner.ACTION), "10:14 * bob waves"),
        (Said("bob", "#lobby", "tea!", Manner.NOTICE), "10:14 -bob-  tea!"),
        (Joined("bob", "#lobby"), "10:14 -- bob is here"),
        (Joined("bob", "#tea"), "10:14 [#tea] -- bob is here"),
        (Joined("Alice", "#lobby"), "10:14 -- You are in #lobby."),
        (Parted("bob", "#lobby", ""), "10:14 -- bob left #lobby"),
        (Parted("bob", "#lobby", "tea"), "10:14 -- bob left #lobby (tea)"),
        (Parted("alice", "#tea", ""), "10:14 [#tea] -- You left #tea"),
        (
            Kicked("bob", "#lobby", "op", "spam"),
            "10:14 -- op threw bob out of #lobby (spam)",
        ),
        (
            Kicked("alice", "#lobby", "op", ""),
            "10:14 -- op threw you out of #lobby",
        ),
        (Left("bob", ""), "10:14 -- bob left"),
        (Left("bob", "Leaving"), "10:14 -- bob left (Leaving)"),
        (Renamed("bob", "rob"), "10:14 -- bob is now rob"),
        (Topic("#lobby", "Tea"), "10:14 -- Topic: Tea"),
        (Topic("#lobby", ""), "10:14 -- #lobby has no topic."),
        (Topic("#lobby", "Tea", "bob"), "10:14 -- bob set the topic: Tea"),
        (Topic("#lobby", "", "bob"), "10:14 -- bob cleared the topic"),
        (Listed("#lobby", ("@bob", "al")), "10:14 -- In #lobby: @bob, al"),
        (Listed("#lobby", ()), "10:14 -- In #lobby: nobody"),
        (
            Listed("#lobby", CROWD, entering=True),
            "10:14 -- 21 people are in #lobby; /names lists them.",
        ),
        (Listed("#lobby", CROWD), f"10:14 -- In #lobby: {', '.join(CROWD)}"),
        (
            Listed("#lobby", ("bob",), entering=True),
            "10:14 -- In #lobby: bob",
        ),
        (Note("No such thing."), "10:14 -- No such thing."),
        (Said("bob", "#lobby", "hi", when=When.EARLIER), "10:14 bob  hi"),
        (Said("bob", "#lobby", "hi", when=When.FOUND), "10:14 [#lobby] bob  hi"),
        (Said("bob", "alice", "hi", when=When.FOUND), "10:14 [whisper] bob  hi"),
        (Said("al", "bob", "hi", when=When.EARLIER), "10:14 [to bob] al  hi"),
        (Mark("now"), "-- now --"),
        (Mark("earlier in #\x1b"), "-- earlier in #␛ --"),
    ],
)
def test_how_it_reads(state: State, happening: Happening, words: str) -> None:
    assert read(state, happening) == words


def test_the_parts_of_a_line(state: State) -> None:
    assert line(state, Said("Bob", "#tea", "hi"), NOW) == Line(
        time="10:14 ",
        where="[#tea] ",
        who="Bob  ",
        text="hi",
        speaker="bob",
        day=NOW.date(),
    )


@pytest.mark.parametrize(
    ("unread", "words"),
    [
        ("", "#lobby"),
        ("#a", "#lobby (#a)"),
        ("#a #b!", "#lobby (#b!, #a)"),
        ("#a #b #c #d #e!", "#lobby (#e!, #a, #b, 2 more)"),
        ("#\x1b[2J", "#lobby (#\u241b[2J)"),
    ],
)
def test_the_prompt_names_what_is_unread(unread: str, words: str) -> None:
    state = State("alice")
    for name in unread.split():
        state.enter(name.removesuffix("!"))
    for name in unread.split():
        room = state.rooms[state.fold(name.removesuffix("!"))]
        room.unread, room.is_calling = 3, name.endswith("!")
    state.enter("#lobby")
    assert where_we_are(state) == words


def test_in_no_room_the_prompt_is_empty() -> None:
    assert where_we_are(State("alice")) == ""


def all_that_can_happen(text: str) -> list[Happening]:
    """One of each, with *text* wherever others have their say."""
    return [
        *(Said(text, text, text, manner) for manner in Manner),
        *(Said(text, "#lobby", text, manner) for manner in Manner),
        Said("alice", text, text),
        Joined(text, text),
        Parted(text, text, text),
        Kicked(text, text, text, text),
        Left(text, text),
        Renamed(text, text),
        Topic(text, text, text),
        Topic(text, "", ""),
        Listed(text, (text,)),
        Note(text, text),
    ]


@pytest.mark.parametrize(
    ("bad", "good"),
    list(zip(all_that_can_happen(HOSTILE), all_that_can_happen(TAMED), strict=True)),
    ids=lambda happening: type(happening).__name__,
)
def test_nothing_reaches_the_terminal_that_it_obeys(
    state: State, bad: Happening, good: Happening
) -> None:
    assert read(state, bad) == read(state, good)
    assert leftovers(read(state, bad)) == set()


@given(st.text())
def test_no_text_makes_a_second_line(text: str) -> None:
    assert len(read(State("alice"), Said("bob", "#lobby", text)).splitlines()) == 1


@pytest.mark.parametrize(
    ("message", "at"),
    [
        ("PING", NOW),
        ("@time=2026-11-20T09:08:07.123Z PING", THEN.replace(microsecond=123_000)),
        ("@time=2026-11-20T09:08:07 PING", THEN),
        ("@time=2026-11-19T09:08:07Z PING", THEN - timedelta(days=1)),
        ("@time=yesterday PING", NOW),
        ("@time PING", NOW),
    ],
)
def test_when_it_was(message: str, at: datetime) -> None:
    assert moment(parse(message), NOW, UTC) == at


def test_the_clock_shows_local_time() -> None:
    oslo = timezone(timedelta(hours=1))
    at = moment(parse("@time=2026-11-20T23:08:07Z PING"), NOW, oslo)
    shown = line(State("alice"), Note("hi"), at)
    assert (shown.time, shown.day) == ("00:08 ", date(2026, 11, 21))


def test_a_moment_that_no_calendar_has() -> None:
    west = timezone(timedelta(hours=-1))
    assert moment(parse("@time=0001-01-01T00:00:00Z PING"), NOW, west) == NOW


@pytest.mark.parametrize(
    ("happening", "move"),
    [
        (Joined("b\x07ob", "#lobby"), Move("b\u2407ob", is_here=True)),
        (Parted("bob", "#lobby", "tea"), Move("bob", is_here=False)),
        (Left("bob", ""), Move("bob", is_here=False)),
        (Joined("Alice", "#lobby"), None),
        (Kicked("bob", "#lobby", "op", ""), None),
        (Said("bob", "#lobby", "hi"), None),
    ],
)
def test_what_can_share_a_line(
    state: State, happening: Happening, move: Move | None
) -> None:
    assert line(state, happening, NOW).move == move
