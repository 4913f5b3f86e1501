"""MARKREAD: how far one has read."""

from dataclasses import replace

import pytest

from chat.domain.commands import Command
from chat.domain.events import ReadChanged
from chat.domain.questions import AskRead, MarkRead
from chat.domain.recalled import ReadIs
from chat.domain.refusals import Busy, CannotRecall, MayNotRead, Reason
from tests.dialects.irc.clients import alice, hears
from tests.dialects.irc.earlier import reads
from tests.dialects.scenes import AT, AT_IN_WORDS, ID, entered, read, told

MARKS = "draft/read-marker"
THEN = f"timestamp={AT_IN_WORDS}"


@pytest.mark.parametrize("caps", ["", MARKS])
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("MARKREAD #tea", AskRead("#tea"), id="MARKREAD"),
        pytest.param("MARKREAD bob", AskRead("bob"), id="with somebody"),
        pytest.param(f"MARKREAD #tea {THEN}", MarkRead("#tea", AT), id="say so"),
    ],
)
def test_what_can_be_asked_for(caps: str, text: str, asked: Command) -> None:
    assert hears(alice(caps), text) == [asked]


def test_the_capability_is_offered_as_a_draft() -> None:
    offered = read(hears(alice(), "CAP LS 302")).decode().split()
    assert MARKS in offered
    assert "read-marker" not in offered


def test_what_names_nothing_is_answered_with_need_more_params() -> None:
    for text in ("MARKREAD", "MARKREAD :"):
        assert hears(alice(), text) == [
            b":irc.x FAIL MARKREAD NEED_MORE_PARAMS :Missing parameters\r\n"
        ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*", "*"),
        ("timestamp=*", "timestamp=*"),
        ("timestamp=yesterday", "timestamp=yesterday"),
        ("timestamp=2026-11-20T10:15:00Z", "timestamp=2026-11-20T10:15:00Z"),
        (AT_IN_WORDS, AT_IN_WORDS),
        ("msgid=a1", "msgid=a1"),
        (f"{THEN} more", f"{THEN} more"),
        (":two words", "twowords"),
    ],
)
def test_what_is_no_time_is_answered_with_invalid_params(text: str, shown: str) -> None:
    told_ = f":irc.x FAIL MARKREAD INVALID_PARAMS {shown} :Invalid parameters\r\n"
    assert hears(alice(), f"MARKREAD #tea {text}") == [told_.encode()]


def test_no_client_says_a_star() -> None:
    (told_,) = hears(alice(), "MARKREAD #tea *")
    assert isinstance(told_, bytes)
    assert b" INVALID_PARAMS " in told_


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (MayNotRead("#tea"), "INVALID_PARAMS #tea :There is no such history."),
        (
            CannotRecall("#tea"),
            "INTERNAL_ERROR #tea :What was said cannot be read just now.",
        ),
        (Busy(), "INTERNAL_ERROR * :This command could not be completed. Try again."),
    ],
)
def test_what_is_refused(reason: Reason, words: str) -> None:
    irc = alice()
    hears(irc, "MARKREAD #tea")
    assert irc.refuse(reason) == f":irc.x FAIL MARKREAD {words}\r\n".encode()


def test_what_cannot_be_told_is_answered_with_internal_error() -> None:
    irc = alice()
    hears(irc, f"MARKREAD #tea {THEN}")
    assert irc.refuse(CannotRecall("#tea")).startswith(
        b":irc.x FAIL MARKREAD INTERNAL_ERROR #tea :"
    )


@pytest.mark.parametrize("caps", ["", MARKS])
def test_who_asks_is_told(caps: str) -> None:
    assert reads(alice(caps), ReadIs("#tea", AT), ReadIs("bob", 0)) == [
        f":irc.x MARKREAD #tea {THEN}",
        ":irc.x MARKREAD bob *",
    ]


def test_who_says_so_is_answered() -> None:
    news = ReadChanged(ID, AT, "#tea", AT)
    for caps in ("", MARKS):
        irc = alice(caps)
        hears(irc, f"MARKREAD #tea {THEN}")
        assert told(irc, news) == f":irc.x MARKREAD #tea {THEN}\r\n".encode()


def test_ones_other_devices_hear_of_it_if_they_know_what_it_is() -> None:
    news = ReadChanged(ID, AT, "#tea", AT)
    assert told(alice(MARKS), news) == f":irc.x MARKREAD #tea {THEN}\r\n".encode()
    assert told(alice(), news) == b""
    # It is nobody else's business.
    assert alice(MARKS).kind.render(news) == b""


@pytest.mark.parametrize(("at", "shown"), [(AT, THEN), (0, "*")])
def test_who_enters_is_told_before_the_end_of_names(at: int, shown: str) -> None:
    event = replace(entered("#tea"), read=at)
    assert told(alice(MARKS), event).decode().splitlines() == [
        ":alice!ualice@alice.host JOIN #tea",
        f":irc.x MARKREAD #tea {shown}",
        ":irc.x 353 alice = #tea :alice",
        ":irc.x 366 alice #tea :End of /NAMES list.",
    ]
    assert b"MARKREAD" not in told(alice(), event)
