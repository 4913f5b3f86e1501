"""A dialect: the one that every session begins with says nothing."""

import pytest

from chat.dialects.admin import Admin
from chat.dialects.dialect import Dialect, NoReader, Prove, Silent
from chat.dialects.irc.session import Irc
from chat.dialects.plain import Plain
from chat.domain.commands import Depart
from chat.domain.events import Event
from chat.domain.refusals import Reason
from tests.dialects.scenes import EVENTS, HOUSE, REASONS


def test_it_begins_with_nothing() -> None:
    assert Silent().greet() == []


@pytest.mark.parametrize("line", [b"hello", b"QUIT", b""])
def test_it_understands_nothing(line: bytes) -> None:
    assert Silent().hear(line) == []


@pytest.mark.parametrize("dialect", [Silent(), Plain(HOUSE), Admin(HOUSE)])
def test_only_programs_say_several_things_in_one_breath(dialect: Dialect) -> None:
    assert dialect.breath([b"PRIVMSG #tea :hi", b"PRIVMSG #tea :all"]) is None


@pytest.mark.parametrize("rest", [b"", b"hello"])
def test_the_end_is_the_end(rest: bytes) -> None:
    assert Silent().hear_last(rest) == [Depart("Connection closed")]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_it_tells_nothing(event: Event) -> None:
    assert Silent().tell(event) == b""
    assert Silent().kind.render(event) == b""


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: type(reason).__name__)
def test_it_refuses_in_silence(reason: Reason) -> None:
    assert Silent().refuse(reason) == b""


def test_it_leaves_without_a_word() -> None:
    assert Silent().farewell("Connection closed") == b""


def test_it_answers_no_challenge_and_goes_on_with_nothing() -> None:
    assert Silent().challenge(b"r=x") == b""
    assert Silent().follow_up() == []


def test_it_asks_nobody_whether_they_are_there() -> None:
    assert Silent().are_you_there() == b""


def test_it_has_nothing_to_fit_to_a_window() -> None:
    silent = Silent()
    silent.resize(40)
    assert silent.kind == NoReader()


def test_silent_readers_are_all_of_one_kind() -> None:
    assert Silent().kind == NoReader()
    assert hash(Silent().kind) == hash(NoReader())
    assert not Silent().kind.echoes


def test_its_lines_may_be_as_long_as_those_of_any_language() -> None:
    longest = max(Plain(HOUSE).line_limit, Irc(HOUSE).line_limit)
    assert Silent().line_limit >= longest


def test_a_secret_is_in_no_log() -> None:
    prove = Prove("secret", Depart("x"))
    assert "secret" not in repr(prove)
