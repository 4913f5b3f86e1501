"""Answers: what one is told who has asked, sentence by sentence."""

from dataclasses import replace
from typing import Any

import pytest

from chat.dialects import answers
from chat.domain.answers import (
    Answer,
    AwayIs,
    Declined,
    HouseIs,
    Inviting,
    MasksAre,
    MembersAre,
    NotHere,
    PastIs,
    PeopleAre,
    PersonIs,
    PresentAre,
    RoomIs,
    RoomsAre,
    TimeIs,
    TopicIs,
    Unchanged,
    WatchedAre,
)
from chat.domain.commands import Mark, Setting
from chat.domain.recalled import Recalled
from chat.domain.refusals import NotThere
from chat.domain.roles import Role
from chat.domain.views import Mask, Member, Person, RoomRow, Topic
from tests.dialects.scenes import ALICE, AT, BOB, EVENTS, who
from tests.wire.hostile import leftovers, versions

MINUTE = 60_000
HOUR = 60 * MINUTE

BOB_IS = PersonIs(
    Person(BOB, is_away=True, marks=(Mark.BOT, Mark.OPERATOR, Mark.INVISIBLE)),
    (("#tea", Role.OPERATOR), ("#milk", Role.VOICED), ("#lobby", Role.MEMBER)),
    away="lunch",
    since=AT - 2 * HOUR,
    spoke=AT - MINUTE,
    now=AT,
    address="192.0.2.1",
)
BAN = Mask("eve!*@*", "alice", AT)


def text(answer: Answer) -> str:
    return "\n".join(answers.pieces(answer))


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        pytest.param(
            Declined(NotThere("bob", "#tea")),
            "-- bob is not in #tea; /who tells who is.",
            id="declined",
        ),
        pytest.param(
            Inviting("#tea", "bob"),
            "-- bob is told of #tea and may come in.",
            id="inviting",
        ),
        pytest.param(
            AwayIs(is_away=True),
            "-- You are away. /back tells that you are not any more.",
            id="away",
        ),
        pytest.param(AwayIs(is_away=False), "-- You are back.", id="back"),
        pytest.param(Unchanged(), "-- That is so already.", id="nothing to do"),
        pytest.param(NotHere("bob", "lunch"), "-- bob is away: lunch", id="not here"),
        pytest.param(
            WatchedAre((ALICE,), ("bob",)),
            "-- alice is here, bob is not here.",
            id="watched",
        ),
        pytest.param(WatchedAre((), ()), "-- You watch nobody.", id="nobody watched"),
        pytest.param(TimeIs(AT), "-- It is 2026-11-20 10:15 UTC.", id="time"),
        pytest.param(
            TopicIs("#tea", Topic("milk", "bob", AT)),
            "-- #tea is about: milk",
            id="topic",
        ),
        pytest.param(TopicIs("#tea", None), "-- #tea has no topic.", id="no topic"),
        pytest.param(
            MembersAre(
                "#tea",
                (
                    Member(BOB, Role.OPERATOR, is_away=True),
                    Member(ALICE, Role.VOICED),
                    Member(who("eve"), Role.MEMBER, is_away=True),
                    Member(who("dan"), Role.MEMBER),
                ),
                in_detail=False,
            ),
            "-- In #tea: bob (runs it, away), alice (has a voice), eve (away), dan",
            id="members",
        ),
        pytest.param(
            MembersAre("#tea", (), in_detail=False, note="bob"),
            "-- Nobody is in #tea. If you mean a person: /whois bob",
            id="none, where it is unmarked",
        ),
        pytest.param(
            MembersAre("#tea", (), in_detail=False), "-- Nobody is in #tea.", id="none"
        ),
        pytest.param(
            PeopleAre("*", (Person(ALICE), Person(BOB, is_away=True))),
            "-- Here: alice, bob (away)",
            id="some people",
        ),
        pytest.param(PeopleAre("eve", ()), "-- Here: nobody", id="nobody"),
        pytest.param(
            PresentAre((Person(ALICE),), in_detail=False),
            "-- Here: alice",
            id="present",
        ),
        pytest.param(HouseIs(1, 1, ()), "-- Here now: 1 person, in 1 room.", id="one"),
        pytest.param(
            HouseIs(3, 2, ()), "-- Here now: 3 people, in 2 rooms.", id="three"
        ),
        pytest.param(
            RoomsAre(
                (
                    RoomRow("#tea", 1, ""),
                    RoomRow("#lobby", 12, "talk"),
                    RoomRow("#milk", 1, "cows"),
                )
            ),
            "-- Rooms:\n"
            "--   #lobby, 12 people: talk\n"
            "--   #tea, 1 person\n"
            "--   #milk, 1 person: cows",
            id="rooms, the fullest first",
        ),
        pytest.param(
            RoomsAre(()),
            "-- No such room. /rooms lists all, /join makes a new one.",
            id="no rooms",
        ),
        pytest.param(
            MasksAre(
                "#tea",
                Setting.BAN,
                (
                    BAN,
                    Mask("m:bob!*@*", "dan", AT),
                    Mask("*!*@192.0.2.0/24", "dan", AT),
                ),
            ),
            "-- Whom #tea keeps out:\n"
            "--   eve, by alice\n"
            "--   bob (is only not heard), by dan\n"
            "--   192.0.2.0/24, by dan",
            id="bans",
        ),
        pytest.param(
            MasksAre("#tea", Setting.BAN, ()), "-- #tea keeps nobody out.", id="no bans"
        ),
        pytest.param(
            MasksAre("#tea", Setting.EXEMPT, (BAN,)),
            "-- Whom no ban of #tea concerns:\n--   eve, by alice",
            id="exempt",
        ),
        pytest.param(
            MasksAre("#tea", Setting.EXEMPT, ()),
            "-- No ban of #tea spares anyone.",
            id="nobody exempt",
        ),
        pytest.param(
            MasksAre("#tea", Setting.WELCOME, (BAN,)),
            "-- Who needs no invitation to #tea:\n--   eve, by alice",
            id="welcome",
        ),
        pytest.param(
            MasksAre("#tea", Setting.WELCOME, ()),
            "-- Nobody is always welcome in #tea.",
            id="nobody welcome",
        ),
        pytest.param(
            BOB_IS,
            "-- bob (Real bob) comes from ubob@bob.host, address 192.0.2.1.\n"
            "-- In #tea (runs it), #milk (has a voice), #lobby.\n"
            "-- Here for 2 hours; last spoke 1 minute ago.\n"
            "-- Away: lunch\n"
            "-- Is a program.\n"
            "-- Runs the whole house.",
            id="all about bob",
        ),
        pytest.param(
            PersonIs(
                Person(replace(ALICE, realname="alice")), (), "", AT, 0, AT + 1, ""
            ),
            "-- alice comes from ualice@alice.host.\n"
            "-- In no room that you know of.\n"
            "-- Here for less than a minute, and has said nothing yet.",
            id="hardly anything about alice",
        ),
        pytest.param(
            PastIs("bob", ((BOB, AT), (BOB, AT - HOUR))),
            "-- bob was here until 2026-11-20 10:15 UTC.\n"
            "-- bob was here until 2026-11-20 09:15 UTC.",
            id="past",
        ),
        pytest.param(
            PastIs("bob", ()),
            "-- Nobody called bob has been here lately.",
            id="no past",
        ),
    ],
)
def test_answers(answer: Answer, lines: str) -> None:
    assert text(answer) == lines


def test_a_room_is_shown_with_what_changes_it() -> None:
    room = RoomIs("#tea", (Setting.INVITE_ONLY,), "", None, AT)
    first, second, third, *_ = text(room).split("\n")
    assert first == "-- #tea, since 2026-11-20 10:15 UTC:"
    assert second == "--   Only who is invited comes in.              /room open"
    assert third == "--   Everybody may talk.                        /room quiet"


@pytest.mark.parametrize(
    ("milliseconds", "span"),
    [
        (0, "less than a minute"),
        (-5, "less than a minute"),
        (MINUTE - 1, "less than a minute"),
        (MINUTE, "1 minute"),
        (59 * MINUTE, "59 minutes"),
        (HOUR, "1 hour"),
        (23 * HOUR, "23 hours"),
        (24 * HOUR, "1 day"),
        (1000 * HOUR, "41 days"),
    ],
)
def test_how_long(milliseconds: int, span: str) -> None:
    assert answers.span(milliseconds) == span


def test_long_answers_come_in_pieces_of_a_hundred() -> None:
    people = [who(f"p{number}") for number in range(250)]
    members = tuple(Member(each, Role.MEMBER) for each in people)
    rooms = tuple(RoomRow(f"#r{number}", 1, "") for number in range(250))
    of_members = list(answers.pieces(MembersAre("#tea", members, in_detail=False)))
    of_people = list(answers.pieces(PeopleAre("*", tuple(map(Person, people)))))
    assert [piece.count(",") + 1 for piece in of_members] == [100, 100, 50]
    assert [piece.count(",") + 1 for piece in of_people] == [100, 100, 50]
    assert all(piece.startswith("-- In #tea: p") for piece in of_members)
    heading, *of_rooms = answers.pieces(RoomsAre(rooms))
    assert heading == "-- Rooms:"
    assert [piece.count("\n") + 1 for piece in of_rooms] == [100, 100, 50]


# What is recalled bears times, and is told by `earlier`.
ANSWERS = [
    event
    for event in EVENTS
    if isinstance(event, Answer) and not isinstance(event, Recalled)
]


def test_what_is_recalled_is_told_elsewhere() -> None:
    recalled = [event for event in EVENTS if isinstance(event, Recalled)]
    assert [text(answer) for answer in recalled] == [""] * 7


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_every_line_of_every_answer_is_the_houses(answer: Answer) -> None:
    assert all(line.startswith("-- ") for line in text(answer).split("\n"))


def every_hostile(values: list[Any]) -> list[Any]:
    return [
        pytest.param(bad, good, id=f"{type(value).__name__}{path}")
        for value in values
        for path, bad, good in versions(value)
    ]


@pytest.mark.parametrize(
    ("bad", "good"),
    every_hostile(
        [
            *ANSWERS,
            BOB_IS,
            TopicIs("#lobby", None),
            PastIs("bob", ()),
            RoomsAre((RoomRow("#lobby", 1, ""),)),
            MembersAre("#lobby", (), in_detail=False),
            *(MasksAre("#lobby", kind, ()) for kind in Setting),
        ]
    ),
)
def test_hostile_text_in_an_answer_reaches_no_terminal(
    bad: Answer, good: Answer
) -> None:
    assert text(bad) == text(good)
    assert leftovers(text(bad).replace("\n", "")) == set()
