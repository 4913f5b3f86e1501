"""Earlier: how what was said before looks, and what comes after it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects import earlier
from chat.dialects.conversation import Conversation
from chat.domain import names
from chat.domain.commands import Manner
from chat.domain.questions import AskHistory, CatchUp, Page, Point, Search, Which
from chat.domain.recalled import (
    DigestIs,
    Excerpt,
    FoundAre,
    HistoryIs,
    MissedIs,
    ReadIs,
    Recalled,
    TargetsAre,
    Unread,
    UnreadAre,
)
from chat.domain.records import Deed
from chat.domain.refusals import Refused
from tests.dialects.scenes import AT, EVENTS, line, said, somebody, whispered, who
from tests.dialects.terminals import TERMINALS, shown, without_colours
from tests.wire.hostile import leftovers, versions

HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
RECALLED: Final = [event for event in EVENTS if isinstance(event, Recalled)]

HELLO: Final = line("hello", "bob", at=AT - DAY, number=1)
WAVES: Final = line("waves", "carol", deed=Deed.ACTION, number=2)
IN_OPS: Final = Excerpt("#ops", (HELLO, WAVES))
NOTHING: Final = Excerpt("#ops", ())
PRIVATE: Final = Excerpt(
    "bob", (line("psst", "bob", to="alice"), line("yes?", to="bob")), is_private=True
)


def alice() -> Conversation:
    talk = somebody()
    talk.account = "alice"
    talk.now = AT
    return talk


def told(answer: Recalled, talk: Conversation | None = None) -> list[str]:
    seen = earlier.told(talk or alice(), answer)
    whole = seen if isinstance(seen, bytes) else b"".join(seen)
    return whole.decode().split("\r\n")[:-1]


# What one has missed.


def test_what_one_has_missed_stands_apart_from_what_is_said_now() -> None:
    assert told(MissedIs(IN_OPS)) == [
        "-- Earlier in #ops (times are UTC):",
        "| 19 Nov 10:15 bob: hello",
        "| 10:15 * carol waves",
        "-- Now:",
    ]


def test_it_is_told_how_to_read_what_does_not_fit() -> None:
    assert told(MissedIs(replace(IN_OPS, left_out=34)))[0] == (
        "-- Earlier in #ops (times are UTC; 34 more before that: /more #ops):"
    )
    uncounted = replace(IN_OPS, left_out=181, is_least=True)
    assert told(MissedIs(uncounted))[0] == (
        "-- Earlier in #ops (times are UTC; at least 181 more before that: /more #ops):"
    )


def test_at_a_first_visit_nothing_was_missed() -> None:
    heading, *_, end = told(MissedIs(IN_OPS, is_first_visit=True))
    assert (heading, end) == ("-- Said last in #ops (times are UTC):", "-- Now:")


def test_where_nothing_was_missed_nothing_is_told() -> None:
    ctcp = Excerpt("#ops", (line("\x01VERSION\x01"), line("", deed=Deed.TAGS)))
    assert told(MissedIs(NOTHING)) == told(MissedIs(ctcp)) == []


def test_what_was_said_to_one_alone() -> None:
    assert told(MissedIs(PRIVATE)) == [
        "-- Earlier between you and bob (times are UTC):",
        "| 10:15 bob whispers: psst",
        "| 10:15 you to bob: yes?",
        "-- Now:",
    ]


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (line("hi", to="bob"), "you to bob: hi"),
        (line("waves", to="bob", deed=Deed.ACTION), "you to bob: * waves"),
        (line("beep", to="bob", deed=Deed.NOTICE), "you to bob: beep"),
        (line("hi", "ALICE", to="bob"), "you to bob: hi"),
        (line("hi", to="alice"), "alice whispers: hi"),
        (line("hi", "bob", to="alice"), "bob whispers: hi"),
        (
            line("waves", "bob", to="alice", deed=Deed.ACTION),
            "bob whispers: * bob waves",
        ),
    ],
)
def test_ones_own_whispers_are_known_as_such(kept: Any, shown: str) -> None:
    assert told(MissedIs(Excerpt("bob", (kept,), is_private=True)))[1:-1] == [
        f"| 10:15 {shown}"
    ]


def test_times_are_those_of_ones_own_zone() -> None:
    talk = alice()
    talk.zone = "Europe/Berlin"
    assert told(MissedIs(IN_OPS), talk)[:2] == [
        "-- Earlier in #ops:",
        "| 19 Nov 11:15 bob: hello",
    ]
    later = replace(talk.kind, zone="Europe/Berlin", shows_room=True)
    talk.kind = later
    assert told(MissedIs(IN_OPS), talk)[1] == "| 19 Nov 11:15 bob: hello"


def test_old_lines_are_wrapped_and_coloured_as_others_are() -> None:
    talk = alice()
    talk.kind = replace(talk.kind, columns=24, has_colours=True)
    long = Excerpt("#ops", (line("how are you on this morning?"),))
    assert told(MissedIs(long), talk)[2:-1] == [
        "| 10:15 \x1b[36malice\x1b[m: how are",
        "    you on this morning?",
    ]


def test_all_that_is_kept_can_be_shown() -> None:
    settings = line("+MODERATED +SECRET", deed=Deed.SETTINGS)
    lost = line("3", deed=Deed.GAP)
    assert told(HistoryIs(Excerpt("#ops", (settings, lost)), Page()))[1:-1] == [
        "| 10:15 -- alice lets only those with a voice talk.",
        "| 10:15 -- alice hides the room from /rooms.",
        "| 10:15 -- What is said here is kept again; 3 lines could not be kept.",
    ]


# A page of history.


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        (HistoryIs(IN_OPS, Page()), "-- /more shows older ones."),
        (HistoryIs(IN_OPS, Page(Which.BEFORE)), "-- /more shows older ones."),
        (HistoryIs(IN_OPS, Page(Which.AFTER)), "-- /more shows what came next."),
        (HistoryIs(IN_OPS, Page(), is_end=True), "-- That was all."),
    ],
)
def test_a_page_of_history(answer: HistoryIs, last: str) -> None:
    assert told(answer) == [
        "-- Said in #ops (times are UTC):",
        "| 19 Nov 10:15 bob: hello",
        "| 10:15 * carol waves",
        last,
    ]


@pytest.mark.parametrize(
    ("page", "line"),
    [
        (Page(), "-- There is nothing to read in #ops yet."),
        (Page(Which.AFTER), "-- Nothing was said in #ops since then."),
        (Page(Which.BEFORE), "-- That was all."),
    ],
)
def test_an_empty_page(page: Page, line: str) -> None:
    assert told(HistoryIs(NOTHING, page, is_end=True)) == [line]


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (
            HistoryIs(IN_OPS, Page(most=5)),
            [AskHistory("#ops", Page(Which.BEFORE, (Point(1, AT - DAY),), 5))],
        ),
        (
            HistoryIs(IN_OPS, Page(Which.BEFORE, (Point(9, AT),), 5)),
            [AskHistory("#ops", Page(Which.BEFORE, (Point(1, AT - DAY),), 5))],
        ),
        (
            HistoryIs(IN_OPS, Page(Which.AFTER, (Point(0, AT - 2 * DAY),), 5)),
            [AskHistory("#ops", Page(Which.AFTER, (Point(2, AT),), 5))],
        ),
        (HistoryIs(IN_OPS, Page(), is_end=True), []),
        (HistoryIs(NOTHING, Page()), []),
        (
            FoundAre(
                Search("x", most=2), (("#ops", HELLO), ("bob", WAVES)), False, False
            ),
            [Search("x", below=1, most=2)],
        ),
        (FoundAre(Search("x"), (("#ops", HELLO),)), []),
        (FoundAre(Search("x"), (), is_cut=True, is_end=False), []),
        (
            UnreadAre((replace(IN_OPS, left_out=5), PRIVATE)),
            [AskHistory("#ops", Page(Which.BEFORE, (Point(1, AT - DAY),), 20))],
        ),
        (UnreadAre((IN_OPS, PRIVATE)), []),
        (UnreadAre((replace(IN_OPS, left_out=5),), is_end=False), [CatchUp()]),
        (UnreadAre((replace(IN_OPS, left_out=5), replace(PRIVATE, left_out=5))), []),
        (MissedIs(IN_OPS), []),
        (
            MissedIs(replace(IN_OPS, left_out=5)),
            [AskHistory("#ops", Page(Which.BEFORE, (Point(1, AT - DAY),), 20))],
        ),
    ],
)
def test_what_more_asks_for(
    answer: HistoryIs | MissedIs | UnreadAre | FoundAre, asked: list[Any]
) -> None:
    assert earlier.more(answer) == asked


BEFORE: Final = Page(Which.BEFORE, (Point(1, AT - DAY),), 20)


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (MissedIs(IN_OPS), {}),
        (
            MissedIs(replace(IN_OPS, target="#OPS", left_out=5)),
            {"#ops": [AskHistory("#OPS", BEFORE)]},
        ),
        (
            UnreadAre(
                (
                    replace(IN_OPS, left_out=5),
                    PRIVATE,
                    replace(IN_OPS, target="#tea", left_out=5),
                )
            ),
            {
                "#ops": [AskHistory("#ops", BEFORE)],
                "#tea": [AskHistory("#tea", BEFORE)],
            },
        ),
        (HistoryIs(IN_OPS, Page(most=20)), {"#ops": [AskHistory("#ops", BEFORE)]}),
        (HistoryIs(IN_OPS, Page(), is_end=True), {"#ops": []}),
    ],
)
def test_what_more_of_a_place_asks_for(
    answer: HistoryIs | MissedIs | UnreadAre, asked: dict[str, list[Any]]
) -> None:
    assert earlier.more_of(answer) == asked


# What one has not read.


def test_what_one_has_not_read() -> None:
    assert told(UnreadAre((IN_OPS, NOTHING, PRIVATE))) == [
        "-- New in #ops (times are UTC):",
        "| 19 Nov 10:15 bob: hello",
        "| 10:15 * carol waves",
        "-- New between you and bob (times are UTC):",
        "| 10:15 bob whispers: psst",
        "| 10:15 you to bob: yes?",
        "-- That was all.",
    ]


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        (UnreadAre(()), "-- You have read everything."),
        (UnreadAre((NOTHING,)), "-- You have read everything."),
        (
            UnreadAre((replace(IN_OPS, left_out=5), PRIVATE)),
            "-- /more shows older ones in #ops.",
        ),
        (
            UnreadAre((replace(IN_OPS, left_out=5), replace(PRIVATE, left_out=5))),
            "| 10:15 you to bob: yes?",
        ),
        (
            UnreadAre((IN_OPS,), is_end=False),
            "-- /more shows what is new elsewhere.",
        ),
    ],
)
def test_how_what_one_has_not_read_ends(answer: UnreadAre, last: str) -> None:
    assert told(answer)[-1] == last


# What is new.


@pytest.mark.parametrize(
    ("unread", "news"),
    [
        (Unread("#ops", 14, AT, 2), "14 new in #ops since 10:15 UTC, 2 mention you"),
        (
            Unread("#ops", 1, AT - DAY, 1),
            "1 new in #ops since 19 Nov 10:15 UTC, 1 mentions you",
        ),
        (
            Unread("#ops", 500, AT, is_least=True),
            "over 500 new in #ops since 10:15 UTC",
        ),
    ],
)
def test_what_is_new(unread: Unread, news: str) -> None:
    assert told(DigestIs((unread,))) == [
        f"-- While you were away: {news}. /catchup shows them."
    ]


@pytest.mark.parametrize(
    ("unread", "news"),
    [
        (Unread("bob", 1, AT, is_private=True), "1 private message from bob"),
        (Unread("bob", 2, AT, is_private=True), "2 private messages from bob"),
        (
            Unread("bob", 500, AT, 0, is_private=True, is_least=True),
            "over 500 private messages from bob",
        ),
    ],
)
def test_what_is_new_in_private_is_shown_next(unread: Unread, news: str) -> None:
    assert told(DigestIs((unread,))) == [f"-- While you were away: {news}."]


def test_what_is_new_in_several_places() -> None:
    talk = alice()
    talk.zone = "+02:00"
    rooms = (Unread("#ops", 14, AT, 2), Unread("bob", 1, AT, is_private=True))
    tea = Unread("#tea", 1, AT)
    assert told(DigestIs((*rooms, tea)), talk) == [
        (
            "-- While you were away: 14 new in #ops since 12:15, 2 mention you;"
            " 1 new in #tea since 12:15. /catchup shows them."
        ),
        "-- And 1 private message from bob.",
    ]


def test_where_nothing_is_new_nothing_is_told() -> None:
    assert told(DigestIs(())) == []


# What was found.


def test_what_was_found_bears_the_name_of_its_room() -> None:
    found = (("#ops", HELLO), ("#tea", WAVES), ("bob", PRIVATE.lines[0]))
    assert told(FoundAre(Search("x"), found, is_end=False)) == [
        "-- Found (times are UTC):",
        "| 19 Nov 10:15 [#ops] bob: hello",
        "| 10:15 [#tea] * carol waves",
        "| 10:15 bob whispers: psst",
        "-- /more shows older ones.",
    ]


CUT: Final = "-- There was no time to look everywhere; fewer rooms or rarer words help."


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        (FoundAre(Search("x"), (("#ops", WAVES),)), ["-- That was all."]),
        (FoundAre(Search("xyz"), ()), ["-- Nothing was found."]),
        (FoundAre(Search("x", below=9), ()), ["-- That was all."]),
        (FoundAre(Search("x"), (), is_cut=True), [CUT]),
        (FoundAre(Search("x"), (("#ops", WAVES),), is_cut=True), [CUT]),
        (
            FoundAre(Search("x"), (("#ops", WAVES),), is_cut=True, is_end=False),
            [CUT, "-- /more shows older ones."],
        ),
    ],
)
def test_how_what_was_found_ends(answer: FoundAre, last: list[str]) -> None:
    shown = 2 if answer.found else 0
    assert told(answer)[shown:] == last


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("or", "-- Nothing was found. Parts of words take three letters."),
        ("milk я", "-- Nothing was found. Parts of words take three letters."),
        ("milk 7 日本 ++", "-- Nothing was found."),
    ],
)
def test_few_letters_are_found_as_words_only(text: str, line: str) -> None:
    assert told(FoundAre(Search(text), ())) == [line]


@pytest.mark.parametrize("answer", [TargetsAre((("#ops", AT),)), ReadIs("#ops", AT)])
def test_what_nobody_asks_for_in_this_language(answer: Recalled) -> None:
    assert told(answer) == []


# Hostile text.


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        pytest.param(bad, good, id=f"{type(answer).__name__}{path}")
        for answer in RECALLED
        for path, bad, good in versions(answer)
    ],
)
def test_hostile_text_reaches_no_terminal(bad: Recalled, good: Recalled) -> None:
    assert told(bad) == told(good)
    assert leftovers("".join(told(bad))) == set()


# Nothing that is said now passes for an old line, nor an old line for another.


def is_possible(nick: str) -> bool:
    try:
        names.nick(nick, 32)
    except Refused:
        return False
    return nick != "alice"


NICKS: Final = st.text("alice|10:5-[]_*", min_size=1, max_size=8).filter(is_possible)
FORGED: Final = ("alice: ", "alice whispers: ", "* alice ", "-alice- ", "-- ", "you ")
TEXTS: Final = st.one_of(
    st.sampled_from(["10:15 alice: hi", "| 10:15 alice: hi", "-- Now:"]), st.text()
)
SAYINGS: Final[list[Callable[[str, Manner], Any]]] = [said, whispered]


@given(nick=NICKS, text=TEXTS, manner=st.sampled_from(Manner))
@settings(deadline=None, max_examples=100)
def test_nothing_said_now_begins_like_an_old_line(
    nick: str, text: str, manner: Manner
) -> None:
    kinds = [
        alice().kind,
        replace(alice().kind, zone="UTC"),
        replace(alice().kind, shows_room=True),
    ]
    for kind in kinds:
        for saying in SAYINGS:
            now = kind.render(replace(saying(text, manner), who=who(nick))).decode()
            assert not now.startswith(("| 1", "-- "))


@given(nick=NICKS, text=TEXTS, deed=st.sampled_from([*Deed][:3]))
@settings(deadline=None, max_examples=100)
def test_nobody_forges_a_speaker_or_the_present(
    nick: str, text: str, deed: Deed
) -> None:
    for excerpt in (
        Excerpt("#ops", (line(text, nick, deed=deed),)),
        Excerpt(nick, (line(text, nick, to="alice", deed=deed),), is_private=True),
    ):
        lines = told(HistoryIs(excerpt, Page(), is_end=True))
        assert len(lines) - 2 <= 1
        for old in lines[1:-1]:
            said_then = old.removeprefix("| 10:15 ")
            assert said_then != old
            assert not said_then.startswith(FORGED)


@given(
    text=st.lists(
        st.tuples(
            st.sampled_from(["x", "日", " ", "-- Now:", "| 10:15 bob: hi", "é"]),
            st.integers(1, 60),
        ),
        max_size=6,
    ),
    columns=st.integers(24, 200),
    has_colours=st.booleans(),
)
@settings(deadline=None, max_examples=100)
def test_only_the_first_row_of_an_old_line_begins_at_the_left(
    text: list[tuple[str, int]], columns: int, has_colours: bool
) -> None:
    talk = alice()
    talk.kind = replace(talk.kind, columns=columns, has_colours=has_colours)
    said_then = line("".join(run * count for run, count in text)[:2000])
    excerpt = Excerpt("#o", (said_then,))
    seen = earlier.told(talk, MissedIs(excerpt))
    assert isinstance(seen, bytes)
    body = without_colours(seen.decode())
    rows = body[body.index("| 10:15") : body.index("-- Now:\r\n", len(body) - 9)]
    for terminal in TERMINALS:
        first, *more = shown(rows, columns, terminal)
        assert first.startswith("| 10:15 alice:")
        assert [row for row in more if not row.startswith("    ")] == []
