"""Readers: what each kind of person reads of what happens."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.reader import PlainKind
from chat.domain.answers import TimeIs
from chat.domain.commands import Change, Manner, Setting
from chat.domain.events import (
    Event,
    Invited,
    Joined,
    Kicked,
    Renamed,
    RoomChanged,
    TopicChanged,
    Walloped,
)
from tests.dialects.scenes import (
    ALICE,
    AT,
    EVENTS,
    ID,
    left,
    said,
    speech,
    whispered,
    who,
)
from tests.dialects.terminals import (
    TERMINALS,
    Terminal,
    columns_of,
    shown,
    without_colours,
)
from tests.wire.hostile import HOSTILE, leftovers, versions

ONE_ROOM: Final = PlainKind(shows_room=False)
SEVERAL_ROOMS: Final = PlainKind(shows_room=True)
TIMED: Final = PlainKind(zone="Europe/Berlin")
COLOURED: Final = PlainKind(has_colours=True)
ALL: Final = PlainKind(shows_room=True, columns=20, zone="+02:00", has_colours=True)
KINDS: Final = [ONE_ROOM, SEVERAL_ROOMS, TIMED, COLOURED, ALL]


def test_with_one_room_nobody_needs_to_be_told_which() -> None:
    assert ONE_ROOM.render(said("hi")) == b"alice: hi\r\n"


def test_equal_kinds_are_one() -> None:
    again = PlainKind(True, 20, "+02:00", has_colours=True)
    assert (again, hash(again)) == (ALL, hash(ALL))
    assert len(set(KINDS)) == 5


def test_lines_of_several_end_alike() -> None:
    assert ONE_ROOM.encoded("a\nb") == b"a\r\nb\r\n"


@pytest.mark.parametrize(
    ("columns", "fitted"), [(20, 16), (79, 72), (80, 80), (81, 80), (500, 160)]
)
def test_windows_are_of_a_few_widths(columns: int, fitted: int) -> None:
    assert TIMED.at_width(columns) == replace(TIMED, columns=fitted)


# Times.


@pytest.mark.parametrize(
    ("event", "line"),
    [
        pytest.param(said("hi"), b"11:15 alice: hi\r\n", id="said"),
        pytest.param(left(), b"11:15 -- alice left.\r\n", id="left"),
        pytest.param(said("", Manner.TAGS), b"", id="nothing has no time"),
    ],
)
def test_what_happens_bears_the_time(event: Event, line: bytes) -> None:
    assert TIMED.render(event) == line


def test_the_time_comes_before_the_room() -> None:
    kind = replace(TIMED, shows_room=True)
    assert kind.render(said("hi")) == b"11:15 [#lobby] alice: hi\r\n"


def test_an_answer_bears_no_time() -> None:
    assert TIMED.telling(TimeIs(AT), "-- It is late.") == b"-- It is late.\r\n"


# Colours.

A: Final = "\x1b[36malice\x1b[m"


@pytest.mark.parametrize(
    ("event", "line"),
    [
        pytest.param(said("hi"), f"{A}: hi\r\n", id="said"),
        pytest.param(said("waves", Manner.ACTION), f"* {A} waves\r\n", id="done"),
        pytest.param(said("beep", Manner.NOTICE), f"-{A}- beep\r\n", id="noticed"),
        pytest.param(whispered("hi"), f"{A} whispers: hi\r\n", id="whispered"),
        pytest.param(left(), f"-- {A} left.\r\n", id="left"),
        pytest.param(
            Kicked(ID, AT, ALICE, "#lobby", "bob", ""),
            f"-- {A} put bob out.\r\n",
            id="who did it",
        ),
        pytest.param(
            RoomChanged(ID, AT, None, "#lobby", (Change(Setting.SECRET, True),)),
            "-- The house hides the room from /rooms.\r\n",
            id="the house has no colour",
        ),
        pytest.param(said("alice"), f"{A}: alice\r\n", id="only at the beginning"),
    ],
)
def test_nicks_have_a_colour(event: Event, line: str) -> None:
    assert COLOURED.render(event).decode() == line


def test_it_is_the_nicks_own_whatever_its_case() -> None:
    shouted = replace(said("hi"), who=who("ALICE"))
    assert COLOURED.render(shouted).decode() == "\x1b[36mALICE\x1b[m: hi\r\n"


def test_not_everybody_has_the_same() -> None:
    people = [replace(said("hi"), who=who(f"p{number}")) for number in range(60)]
    colours = {COLOURED.render(event).split(b"m")[0] for event in people}
    assert colours == {f"\x1b[{code}".encode() for code in range(31, 37)}


def test_colours_take_no_columns_and_no_part_of_a_name() -> None:
    long = replace(said("hello"), who=who("a" * 30))
    kind = replace(COLOURED, columns=20)
    assert kind.render(long) == b"%s\r\n    %s:\r\n    hello\r\n" % (
        b"a" * 20,
        b"a" * 10,
    )
    fitting = replace(said("hello"), who=who("a" * 13))
    assert kind.render(fitting).endswith(b"aaa\x1b[m: hello\r\n")


def test_no_nick_brings_colours_of_its_own() -> None:
    seen = ALL.render(replace(said("hi"), who=who(HOSTILE))).decode()
    assert leftovers(without_colours(seen).replace("\r\n", "")) == set()


# What was said earlier.


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (ONE_ROOM, "| 09:00 alice: hi\r\n"),
        (replace(TIMED, shows_room=True), "| 09:00 alice: hi\r\n"),
        (COLOURED, f"| 09:00 {A}: hi\r\n"),
        (replace(COLOURED, columns=16), f"| 09:00 {A}:\r\n    hi\r\n"),
    ],
)
def test_what_was_said_earlier_bears_its_own_mark(kind: PlainKind, line: str) -> None:
    assert kind.earlier(said("hi"), "alice: hi", "| 09:00 ").decode() == line


def test_what_is_not_for_people_was_not_earlier_either() -> None:
    assert TIMED.earlier(said("", Manner.TAGS), "", "| 09:00 ") == b""


# Rooms.


@pytest.mark.parametrize(
    ("event", "line"),
    [
        pytest.param(said("hi"), b"[#lobby] alice: hi\r\n", id="said"),
        pytest.param(
            said("waves", Manner.ACTION), b"[#lobby] * alice waves\r\n", id="done"
        ),
        pytest.param(
            Joined(ID, AT, ALICE, "#tea"), b"[#tea] -- alice is here.\r\n", id="joined"
        ),
        pytest.param(
            left("#tea", reason="bye"), b"[#tea] -- alice left (bye).\r\n", id="left"
        ),
        pytest.param(whispered("psst"), b"alice whispers: psst\r\n", id="whispered"),
        pytest.param(
            TopicChanged(ID, AT, ALICE, "#tea", "milk"),
            b"[#tea] -- alice changed the topic: milk\r\n",
            id="a topic",
        ),
        pytest.param(
            RoomChanged(
                *(ID, AT, ALICE, "#tea"),
                (Change(Setting.MODERATED, True), Change(Setting.SECRET, True)),
            ),
            b"[#tea] -- alice lets only those with a voice talk.\r\n"
            b"[#tea] -- alice hides the room from /rooms.\r\n",
            id="two changes",
        ),
        pytest.param(
            Kicked(ID, AT, ALICE, "#tea", "bob", ""),
            b"[#tea] -- alice put bob out.\r\n",
            id="put out",
        ),
        pytest.param(
            Invited(ID, AT, ALICE, "#tea", "bob"),
            b"[#tea] -- alice invites bob.\r\n",
            id="invited",
        ),
        pytest.param(
            Renamed(ID, AT, ALICE, "eve"),
            b"-- alice is now called eve.\r\n",
            id="renamed everywhere",
        ),
        pytest.param(said("", Manner.TAGS), b"", id="nothing stays nothing"),
    ],
)
def test_with_several_rooms_it_is_said_which(event: Event, line: bytes) -> None:
    assert SEVERAL_ROOMS.render(event) == line


def test_a_plain_reader_never_reads_himself() -> None:
    assert not ONE_ROOM.echoes
    assert not SEVERAL_ROOMS.echoes


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_nothing_hostile_reaches_a_terminal(kind: PlainKind, event: Event) -> None:
    for path, bad, good in versions(event):
        text = without_colours(kind.render(bad).decode())
        assert text == without_colours(kind.render(good).decode()), path
        assert leftovers(text.replace("\r\n", "")) == set(), path


# Windows: what is too long for one is wrapped, if its width is known.


def test_a_long_line_is_wrapped_and_indented() -> None:
    long = said("how are you on this fine morning, if I may ask?")
    assert PlainKind(columns=30).render(long) == (
        b"alice: how are you on this\r\n    fine morning, if I may\r\n    ask?\r\n"
    )


def test_while_no_width_is_known_nothing_is_wrapped() -> None:
    assert ONE_ROOM.render(said("a " * 500)).count(b"\r\n") == 1


def test_a_link_is_cut_because_its_end_could_be_a_name() -> None:
    link = "http://example.org/and/then/bob: hi"
    assert PlainKind(columns=35).render(said(link)) == (
        b"alice: http://example.org/and/then/\r\n    bob: hi\r\n"
    )


def test_a_line_may_fill_the_window() -> None:
    screen = pyte.Screen(20, 4)
    stream = pyte.ByteStream(screen)
    stream.feed(PlainKind(columns=20).render(said("hello, my bob")))
    assert (screen.display[0], screen.cursor.y) == ("alice: hello, my bob", 1)


# Nobody makes a terminal show something in the first column.

# Whatever fills a line up to its edge.
FILLERS: Final = {
    "a space": " ",
    "a letter": "x",
    "an accent": "é",
    "an accent apart": "e\u0301",
    "a wide character": "日",
    "a full-width letter": "\uff41",
    "a space that does not break": "\u00a0",
    "an em space": "\u2003",
    "a narrow space": "\u202f",
    "a wide space": "\u3000",
    "an Ogham space": "\u1680",
    "a heart that becomes a picture": "\u2764\ufe0f",
    "an emoji": "👍",
    "an emoji of two": "👩\u200d💻",
    "a skin": "👍🏽",
    "half a flag": "🇩",
    "a keycap": "1\ufe0f\u20e3",
    "a hexagram, wide since Unicode 16": "䷀",
    "a bold letter beyond U+FFFF": "\U0001d431",
    "a syllable of Hangul in parts": "\u1100\u1161",
    "a vowel of Hindi": "का",
    "a vowel of Thai": "กี",
    "a joiner": "x\u200d",
    "many marks": "x" + "\u0301" * 30,
}
FORGED: Final = [
    "bob: hi",
    "* bob waves",
    "-bob- hi",
    "-- bob left.",
    "[#lobby] bob: hi",
    "bob whispers: hi",
    "bob:",
    "--",
]


# What can stand before a speaker's name, and how wide that is.
BEFORE: Final = [
    ("", PlainKind()),
    ("10:15 ", PlainKind(zone="UTC", has_colours=True)),
    ("[#lobby] ", PlainKind(shows_room=True, has_colours=True)),
    ("12:15 [#lobby] ", PlainKind(shows_room=True, zone="+02:00")),
]
FORGED_WITH_TIMES: Final = [*FORGED, "10:15 bob: hi", "12:15 [#lobby] bob: hi"]


def attempts(
    filler: str, columns: int, terminal: Terminal, before: str = ""
) -> Iterator[str]:
    """What alice says to have what is forged begin at the edge of the window."""
    room = columns - len(before + "alice: ")
    count, rest = divmod(room, columns_of(filler, terminal))
    for forged in FORGED_WITH_TIMES:
        for slip in ("", "x", "xx", " "):
            yield "x" * rest + filler * count + slip + forged
            yield "x" * rest + filler * (count - 1) + slip + forged


@pytest.mark.parametrize("terminal", TERMINALS)
@pytest.mark.parametrize("filler", FILLERS.values(), ids=FILLERS)
@pytest.mark.parametrize("columns", [24, 79])
@pytest.mark.parametrize(("before", "kind"), BEFORE, ids=str)
def test_nobody_forges_a_line(
    before: str, kind: PlainKind, columns: int, filler: str, terminal: Terminal
) -> None:
    kind = replace(kind, columns=columns)
    for text in attempts(filler, columns, terminal, before):
        seen = kind.render(said(text)).decode()
        first, *more = shown(seen, columns, terminal)
        assert first.startswith(f"{before}alice:")
        assert [row for row in more if not row.startswith("    ")] == []


@pytest.mark.parametrize("terminal", TERMINALS)
@pytest.mark.parametrize("filler", FILLERS.values(), ids=FILLERS)
def test_each_attempt_succeeds_where_nothing_is_wrapped(
    filler: str, terminal: Terminal
) -> None:
    for before, kind in BEFORE:
        seen = [
            shown(kind.render(said(text)).decode(), 80, terminal)
            for text in attempts(filler, 80, terminal, before)
        ]
        assert set(FORGED_WITH_TIMES) <= {rows[1] for rows in seen if len(rows) > 1}


RUNS: Final = st.tuples(
    st.sampled_from([*FILLERS.values(), *FORGED, "a word ", " - "]), st.integers(1, 90)
)
TELLINGS: Final[list[Callable[[str], Event]]] = [
    said,
    whispered,
    lambda text: said(text, Manner.ACTION),
    lambda text: said(text, Manner.NOTICE),
    lambda text: left(reason=text),
    lambda text: TopicChanged(ID, AT, ALICE, "#lobby", text),
    lambda text: Kicked(ID, AT, ALICE, "#lobby", "bob", text),
    lambda text: Walloped(ID, AT, ALICE, text),
    lambda text: RoomChanged(
        ID, AT, ALICE, "#lobby", (Change(Setting.BAN, True, text),)
    ),
]


@given(
    telling=st.sampled_from(TELLINGS),
    runs=st.lists(RUNS, max_size=8),
    columns=st.integers(20, 500),
    kind=st.builds(
        PlainKind,
        shows_room=st.booleans(),
        zone=st.sampled_from(["", "UTC", "+02:00"]),
        has_colours=st.booleans(),
    ),
)
@settings(deadline=None, max_examples=150)
def test_only_the_first_row_of_a_line_begins_at_the_left(
    telling: Any, runs: list[tuple[str, int]], columns: int, kind: PlainKind
) -> None:
    event = telling("".join(run * count for run, count in runs)[:4096])
    whole = without_colours(kind.render(event).decode())
    seen = replace(kind, columns=columns).render(event).decode()
    for terminal in TERMINALS:
        first, *more = shown(seen, columns, terminal)
        assert whole.startswith(first)
        assert [row for row in more if not row.startswith("    ")] == []


# In one breath.


@settings(deadline=None)
@given(
    st.builds(
        PlainKind,
        shows_room=st.booleans(),
        columns=st.sampled_from([None, 20, 80]),
        zone=st.sampled_from(["", "Europe/Berlin", "+02:00"]),
        has_colours=st.booleans(),
    ),
    st.lists(
        st.sampled_from(["hi", "", "x " * 90, "http://a.b/" + "c" * 90, HOSTILE])
        | st.text(max_size=20),
        min_size=1,
        max_size=4,
    ),
)
def test_a_breath_looks_as_what_was_said_in_it_one_by_one(
    kind: PlainKind, texts: list[str]
) -> None:
    breath = speech(*texts)
    assert kind.render(breath) == b"".join(map(kind.render, breath.each()))


def test_a_breath_is_several_lines() -> None:
    assert SEVERAL_ROOMS.render(speech("hi", "all")) == (
        b"[#lobby] alice: hi\r\n[#lobby] alice: all\r\n"
    )
