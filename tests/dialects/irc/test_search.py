"""SEARCH: what can be looked for, and what is found."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.irc.message import escaped, parse
from chat.domain.questions import Search
from chat.domain.recalled import FoundAre
from chat.domain.refusals import Busy, CannotRecall, MayNotRead, Reason
from tests.dialects.irc.clients import alice, hears
from tests.dialects.irc.earlier import line, reads
from tests.dialects.scenes import AT, AT_IN_WORDS

FULL = "batch message-tags server-time soju.im/search"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("text=tea", Search("tea"), id="SEARCH"),
        ("text=tea\\sand\\scake", Search("tea and cake")),
        (":text=tea and cake", Search("tea and cake")),
        ("from=bob;in=#tea", Search(speaker="bob", target="#tea")),
        (
            "before=1970-01-01T00:00:00.000Z",
            Search(before=1),
        ),
        (
            f"after={AT_IN_WORDS};before={AT_IN_WORDS};limit=2",
            Search(after=AT, before=AT, most=2),
        ),
        ("text=a\\:b;limit=5000", Search("a;b", most=100)),
    ],
)
def test_what_can_be_looked_for(text: str, asked: Search) -> None:
    assert hears(alice(), f"SEARCH {text}") == [asked]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", ""),
        (":", ""),
        ("text=tea and cake", "and "),
        ("words=tea", "words "),
        ("text=tea;limit=0", "limit "),
        ("text=tea;limit", "limit "),
        ("text=tea;after=yesterday", "after "),
        ("text=tea;before", "before "),
        ("text=tea;after=timestamp=2026-11-20T10:15:00.123Z", "after "),
        ("; ;", "; "),
    ],
)
def test_what_cannot_be_looked_for(text: str, what: str) -> None:
    told = f":irc.x FAIL SEARCH INVALID_PARAMS {what}:Invalid parameters\r\n"
    assert hears(alice(), f"SEARCH {text}") == [told.encode()]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (MayNotRead("#tea"), "INVALID_PARAMS in :There is no such history."),
        (CannotRecall(), "INTERNAL_ERROR :What was said cannot be read just now."),
        (Busy(), "INTERNAL_ERROR :This command could not be completed. Try again."),
    ],
)
def test_what_is_refused(reason: Reason, words: str) -> None:
    irc = alice()
    hears(irc, "SEARCH text=tea")
    assert irc.refuse(reason) == f":irc.x FAIL SEARCH {words}\r\n".encode()


FOUND = FoundAre(
    Search("tea"),
    (("#lobby", line("tea")), ("bob", line("and tea", to="alice", after=1))),
)


def test_what_is_found_is_a_batch() -> None:
    assert reads(alice(FULL), FOUND) == [
        ":irc.x BATCH +1 soju.im/search",
        (
            "@batch=1;time=2026-11-20T10:15:00.123Z;msgid=a1"
            " :bob!ubob@bob.host PRIVMSG #lobby :tea"
        ),
        (
            "@batch=1;time=2026-11-20T10:15:00.124Z;msgid=a2"
            " :bob!ubob@bob.host PRIVMSG alice :and tea"
        ),
        ":irc.x BATCH -1",
    ]
    assert len(reads(alice(), FOUND)) == 2


def test_nothing_found_is_an_empty_batch() -> None:
    assert reads(alice(FULL), FoundAre(Search("tea"), ())) == [
        ":irc.x BATCH +1 soju.im/search",
        ":irc.x BATCH -1",
    ]


def test_a_search_that_was_cut_says_so() -> None:
    cut = FoundAre(FOUND.asked, FOUND.found, is_cut=True)
    first, second, *_ = reads(alice(FULL), cut)
    assert first == ":irc.x NOTE SEARCH CUT :There was no time to look everywhere"
    assert second == ":irc.x BATCH +1 soju.im/search"
    assert reads(alice(FULL), FoundAre(FOUND.asked, (), is_cut=True)) == [
        ":irc.x FAIL SEARCH INTERNAL_ERROR :There was no time to look everywhere"
    ]


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_any_text_can_be_looked_for(text: str) -> None:
    if parse(f"SEARCH text={escaped(text)}").params == (f"text={escaped(text)}",):
        (asked,) = hears(alice(), f"SEARCH text={escaped(text)}")
        assert asked == Search(text)


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_any_question_is_a_search_or_one_line(text: str) -> None:
    (heard,) = alice().hear(f"SEARCH x{text}".encode().replace(b"\n", b"")) or [b""]
    assert isinstance(heard, bytes)
    assert heard.count(b"\n") == heard.count(b"\r\n") <= 1
