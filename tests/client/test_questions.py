"""Questions: what a person asks about what was said before."""

from collections.abc import Iterator
from time import tzset

import pytest

from chat.client.happenings import Note
from chat.client.questions import QUESTIONS
from chat.client.state import State
from chat.dialects.irc.message import Message, formatted, parse

ASK = {name: ask for name, _, _, ask in QUESTIONS}
# In Oslo.
MIDNIGHT = "2026-11-19T23:00:00.000Z"
HALF_PAST_NINE = "2026-07-20T07:30:00.000Z"
NO_DATE = "0001-01-01 is no date; one looks like 2026-11-20."
NO_HISTORY = "This server keeps no history."


@pytest.fixture
def state() -> State:
    """Alice is in #lobby, on a server that remembers."""
    state = State("alice", batches=True, keeps_history=True, searches=True)
    state.enter("#lobby")
    return state


@pytest.fixture(autouse=True)
def _in_oslo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    tzset()
    yield
    monkeypatch.undo()
    tzset()


def asked(state: State, line: str) -> str:
    """What *line*, a command without its slash, sends; or what there is to say."""
    name, _, rest = line.partition(" ")
    answer = ASK[name](state, rest)
    match answer:
        case Message():
            return formatted(answer)
        case Note(text):
            return text
        case _:
            return ""


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("history", "CHATHISTORY LATEST #lobby * 20"),
        ("history 7", "CHATHISTORY LATEST #lobby * 7"),
        ("history #tea", "CHATHISTORY LATEST #tea * 20"),
        ("history bob 7", "CHATHISTORY LATEST bob * 7"),
        (
            "history since 2026-11-20",
            "CHATHISTORY AFTER #lobby timestamp=2026-11-19T22:59:59.999Z 20",
        ),
        (
            "history #tea 7 since 2026-11-20 00:00:01",
            "CHATHISTORY AFTER #tea timestamp=2026-11-19T23:00:00.999Z 7",
        ),
        ("history since tea", "tea is no date; one looks like 2026-11-20."),
        ("history since", "That is no date; one looks like 2026-11-20."),
        ("history since 0001-01-01", NO_DATE),
        ("history #tea bob since 2026-11-20", ""),
        ("history 0", ""),
        ("history #tea bob", ""),
        ("search", ""),
        ("search hot tea", "SEARCH text=hot\\stea;limit=20"),
        ("search a;b : c:", "SEARCH text=a\\:b\\s:\\sc:;limit=20"),
        (
            "search FROM:bob in:#tea tea",
            "SEARCH from=bob;in=#tea;text=tea;limit=20",
        ),
        (
            "search after:2026-11-20 before:2026-07-20T09:30",
            f"SEARCH after={MIDNIGHT};before={HALF_PAST_NINE};limit=20",
        ),
        ("search after:tea", "tea is no date; one looks like 2026-11-20."),
        (
            "search before:0001-01-01",
            "0001-01-01 is no date; one looks like 2026-11-20.",
        ),
        ("more", "There is no more; /history or /search comes first."),
        (
            "catchup",
            (
                "What you missed was shown when you entered; other rooms show it when"
                " you enter them. /history shows more."
            ),
        ),
    ],
)
def test_questions(state: State, line: str, sent: str) -> None:
    assert asked(state, line) == sent


def test_what_was_missed_follows_what_came_last(state: State) -> None:
    state.left_off["#lobby"] = "msgid=a1"
    assert asked(state, "catchup") == "CHATHISTORY LATEST #lobby msgid=a1 100"
    assert asked(state, "catchup #LOBBY") == "CHATHISTORY LATEST #LOBBY msgid=a1 100"


def test_more_asks_for_what_is_older(state: State) -> None:
    state.older = parse("CHATHISTORY BEFORE #lobby msgid=a1 20")
    assert asked(state, "more") == "CHATHISTORY BEFORE #lobby msgid=a1 20"


def test_no_more_is_asked_for_than_the_server_gives(state: State) -> None:
    state.learn("CHATHISTORY=10")
    assert asked(state, "history") == "CHATHISTORY LATEST #lobby * 10"
    state.learn("CHATHISTORY=0")
    assert asked(state, "history") == "CHATHISTORY LATEST #lobby * 20"


def test_who_is_nowhere_has_to_say_where(state: State) -> None:
    state.leave("#lobby")
    for line in ("history", "catchup"):
        assert asked(state, line) == "You are in no room; /join one first."
    assert asked(state, "history #tea") == "CHATHISTORY LATEST #tea * 20"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("history", NO_HISTORY),
        ("catchup", NO_HISTORY),
        ("search tea", "This server cannot search."),
    ],
)
def test_a_server_that_cannot(line: str, told: str) -> None:
    state = State("alice")
    state.enter("#lobby")
    assert asked(state, line) == told
    # Without brackets nobody could tell its answer from what is said now.
    state.keeps_history = state.searches = True
    assert asked(state, line) == told
