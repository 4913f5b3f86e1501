"""HTTP: one answer that a browser can read, and the end."""

import io
from http.client import HTTPResponse
from typing import Any, cast

import pytest

from chat.dialects.dialect import Silent
from chat.dialects.http import Http
from chat.domain.commands import Depart
from chat.wire.lines import ENDLESS, TOO_LONG, Line
from tests.dialects.scenes import EVENTS, REASONS, told


class Arrived:
    """A socket as far as ``http.client`` needs one: it has read all of it."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def the_answer() -> bytes:
    heard = Http(was_greeted=False).hear(b"GET / HTTP/1.1")
    assert heard[1:] == [Depart("HTTP")]
    assert isinstance(heard[0], bytes)
    return heard[0]


def as_a_browser_reads_it() -> HTTPResponse:
    response = HTTPResponse(cast(Any, Arrived(the_answer())))
    response.begin()
    return response


def test_a_browser_is_told_that_it_asked_wrongly() -> None:
    with as_a_browser_reads_it() as response:
        assert (response.version, response.status) == (11, 400)
        assert response.reason == "Bad Request"


def test_a_browser_is_told_where_it_is() -> None:
    with as_a_browser_reads_it() as response:
        assert response.read() == (
            b"This is a chat server, not a web site.\n"
            b"Reach it with a terminal:"
            b" nc, telnet, or any IRC client, on this very port.\n"
        )


def test_the_fields_say_how_to_read_it_and_that_this_is_the_end() -> None:
    with as_a_browser_reads_it() as response:
        assert response.getheaders() == [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", "115"),
            ("Connection", "close"),
            ("X-Content-Type-Options", "nosniff"),
        ]


def test_the_length_is_true() -> None:
    _, _, body = the_answer().partition(b"\r\n\r\n")
    assert len(body) == 115


@pytest.mark.parametrize("line", [b"", b"NICK alice", b"/join", TOO_LONG, ENDLESS])
def test_whatever_it_says_is_answered_alike(line: Line) -> None:
    http = Http(was_greeted=False)
    assert http.hear(line) == [the_answer(), Depart("HTTP")]


def test_after_words_for_people_nothing_is_said() -> None:
    http = Http(was_greeted=True)
    assert http.hear(b"GET / HTTP/1.1") == [b"", Depart("HTTP")]


def test_it_is_told_nothing_of_the_chat() -> None:
    http = Http(was_greeted=False)
    assert [told(http, event) for event in EVENTS] == [b""] * len(EVENTS)
    assert [http.refuse(reason) for reason in REASONS] == [b""] * len(REASONS)
    assert http.farewell("HTTP") == b""


def test_it_says_nothing_of_its_own() -> None:
    assert isinstance(Http(was_greeted=False), Silent)
    assert Http(was_greeted=False).greet() == []
