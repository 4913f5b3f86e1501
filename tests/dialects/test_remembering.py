"""Remembering: what each verb makes of the rest of a line."""

from dataclasses import replace

import pytest

from chat.dialects.conversation import Conversation, Verb
from chat.dialects.dialect import Heard
from chat.dialects.remembering import VERBS
from chat.domain.limits import Limits
from chat.domain.questions import AskHistory, CatchUp, Page, Point, Search, Which
from tests.dialects.scenes import AT, HOUSE, read, somebody
from tests.wire.hostile import HOSTILE, leftovers

BY_NAME: dict[str, Verb] = {verb.name: verb for verb in VERBS}
HOUR = 3_600_000
TODAY = 1_795_132_800_000
YESTERDAY = TODAY - 24 * HOUR


def alice(*rooms: str) -> Conversation:
    talk = somebody()
    talk.now = AT
    for room in rooms:
        talk.entered(room)
    return talk


def heard(line: str, talk: Conversation | None = None) -> Heard | None:
    name, _, rest = line.partition(" ")
    return BY_NAME[name].action(talk or alice("#lobby", "#tea"), rest)


def shown(line: str, talk: Conversation | None = None) -> str:
    answer = heard(line, talk)
    assert answer is not None
    return read(answer).decode()


def since(at: int, most: int = 50) -> Page:
    # The moment itself is wanted, too.
    return Page(Which.AFTER, (Point(at=at - 1),), most)


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("catchup", CatchUp()),
        ("catchup #TEA", CatchUp("#tea")),
        ("catchup tea", CatchUp("#tea")),
        ("catchup #milk", CatchUp("#milk")),
        ("catchup bob", CatchUp("bob")),
        ("history", AskHistory("#tea", Page(most=20))),
        ("history 50", AskHistory("#tea", Page(most=50))),
        ("history 5000", AskHistory("#tea", Page(most=100))),
        (f"history {'9' * 5000}", AskHistory("#tea", Page(most=100))),
        ("history #lobby", AskHistory("#lobby", Page(most=20))),
        ("history lobby 5", AskHistory("#lobby", Page(most=5))),
        ("history 5 lobby", AskHistory("#lobby", Page(most=5))),
        ("history bob", AskHistory("bob", Page(most=20))),
        ("history #milk", AskHistory("#milk", Page(most=20))),
        ("history since 10:00", AskHistory("#tea", since(TODAY + 10 * HOUR))),
        ("history since yesterday", AskHistory("#tea", since(YESTERDAY))),
        ("history SINCE 2h", AskHistory("#tea", since(AT - 2 * HOUR))),
        ("history since 2026-11-19", AskHistory("#tea", since(YESTERDAY))),
        ("history since 19 Nov", AskHistory("#tea", since(YESTERDAY))),
        ("history bob 9 since today", AskHistory("bob", since(TODAY, 9))),
        ("history since today #lobby", AskHistory("#lobby", since(TODAY))),
        ("history since yesterday 2", AskHistory("#tea", since(YESTERDAY, 2))),
        ("history since 2h 5 #lobby", AskHistory("#lobby", since(AT - 2 * HOUR, 5))),
        ("history since 19 Nov 2026", AskHistory("#tea", since(YESTERDAY))),
        ("history since 2 hours", AskHistory("#tea", since(AT - 2 * HOUR))),
        ("history -b", AskHistory("-b", Page(most=20))),
        ("search milk", Search("milk", most=20)),
        ('search "green tea" -milk', Search('"green tea" -milk', most=20)),
        ("search http://x.org a:b", Search("http://x.org a:b", most=20)),
        ("search from:bob", Search(speaker="bob", most=20)),
        ("search milk FROM:bob cow", Search("milk cow", "bob", most=20)),
        ("search milk in:lobby", Search("milk", target="#lobby", most=20)),
        ("search milk in:#milk", Search("milk", target="#milk", most=20)),
        ("search milk in:bob", Search("milk", target="bob", most=20)),
        ("search milk after:today", Search("milk", after=TODAY, most=20)),
        ("search milk before:today", Search("milk", before=TODAY - 1, most=20)),
        (
            "search after:19 Nov before:20 Nov 2026 10:00 milk",
            Search("milk", "", "", YESTERDAY, TODAY + 10 * HOUR - 1, most=20),
        ),
        (
            "search before:2 hours milk",
            Search("milk", before=AT - 2 * HOUR - 1, most=20),
        ),
        ("search milk before:1970-01-01", Search("milk", before=1, most=20)),
        ("search after:1h from:eve", Search("", "eve", after=AT - HOUR, most=20)),
    ],
)
def test_questions(line: str, question: object) -> None:
    assert heard(line) == [question]


@pytest.mark.parametrize(
    "line",
    [
        "catchup #tea #lobby",
        "history 5 6",
        "history bob eve",
        "history 0",
        "history -5",
        "more #tea #lobby",
        "history since",
        "history since #lobby",
        "search",
        "search from:",
        "search milk after:",
    ],
)
def test_what_is_not_how_they_are_used(line: str) -> None:
    assert heard(line) is None


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("history since soon", "soon"),
        ("search milk after:soon", "soon"),
        ("search before:25:00 milk", "25:00"),
    ],
)
def test_what_is_no_time(line: str, time: str) -> None:
    assert shown(line) == (
        f"-- When is {time}? Like this: 10:00, yesterday, monday, 2h, 19 Nov or"
        " 2026-11-19.\r\n"
    )


@pytest.mark.parametrize("line", ["history since ", "search after:"])
def test_no_time_commands_a_terminal(line: str) -> None:
    answer = shown(f"{line}{HOSTILE}")
    assert leftovers(answer.removesuffix("\r\n")) == set()


def test_times_are_those_of_ones_own_zone() -> None:
    talk = alice("#tea")
    talk.zone = "+02:00"
    assert heard("history since today", talk) == [
        AskHistory("#tea", since(TODAY - 2 * HOUR))
    ]


@pytest.mark.parametrize("line", ["history", "history 5", "history since 10:00"])
def test_in_no_room_it_has_to_be_said_which(line: str) -> None:
    assert shown(line, alice()).startswith("-- You are in no room.")
    assert heard(f"{line} #tea", alice()) is not None


@pytest.mark.parametrize("line", ["catchup", "history", "search tea", "more"])
def test_where_nothing_is_kept_there_is_nothing_to_ask(line: str) -> None:
    talk = somebody(house=replace(HOUSE, limits=Limits(history=False)))
    talk.entered("#tea")
    assert shown(line, talk) == "-- What is said here is not kept.\r\n"


def test_more_is_more_of_what_was_asked_last() -> None:
    talk = alice("#tea")
    nothing = (
        "-- There is no more of anything. /history, /search and /catchup show what was"
        " said.\r\n"
    )
    assert shown("more", talk) == nothing
    talk.more = [CatchUp("#tea")]
    # Also if there was no answer the first time.
    assert heard("more", talk) == heard("more", talk) == [CatchUp("#tea")]
    for line in ("catchup", "history", "search tea"):
        talk.more = [CatchUp("#tea")]
        heard(line, talk)
        assert shown("more", talk) == nothing


def test_more_of_a_place_is_more_of_what_was_shown_of_it() -> None:
    talk = alice("#tea")
    talk.goes_on({"#tea": [CatchUp("#tea")], "bob": [CatchUp("bob")], "eve": []})
    assert heard("more TEA", talk) == heard("more #tea", talk) == [CatchUp("#tea")]
    assert heard("more Bob", talk) == [CatchUp("bob")]
    for name in ("eve", "carol"):
        assert shown(f"more {name}", talk) == (
            f"-- There is no more of {name}. /history {name} shows the last.\r\n"
        )


def test_every_verb_is_tried() -> None:
    assert sorted(BY_NAME) == ["catchup", "history", "more", "search"]
