"""The fuzzer itself: it passes a sound server, and finds what is planted in one."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from time import thread_time
from typing import Any, Final, TypeAlias

import pytest

from chat.dialects import words
from chat.dialects.irc import render
from chat.domain import hub, rooms, talk
from chat.domain.commands import Command, Say, Whisper
from chat.domain.effects import Effect, Unseat
from chat.domain.refusals import NotIntroduced, Refused
from chat.domain.state import Room, Stamp, State, User
from chat.server.ceilings import Ceilings
from chat.server.hearing import Hearing
from chat.wire.lines import LineBuffer
from chat.wire.telnet import Piece, Telnet
from tests.fuzz.house import play
from tests.fuzz.people import Flaw

pytestmark = pytest.mark.slow

# A small run: several rounds, because no two have the same settings and people.
SEED: Final = 1
LINES: Final = 12_000


@pytest.fixture(autouse=True)
def short_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.house.ROUND", 3000)


Plant: TypeAlias = Callable[[pytest.MonkeyPatch], object]


def test_a_sound_server_passes() -> None:
    heard = sum((played.heard for played in play(SEED, LINES)), start=Counter[str]())
    assert heard.total() >= LINES
    assert min(heard["Plain"], heard["Irc"]) > LINES // 5


def test_the_same_seed_gives_the_same_conversation() -> None:
    (first,), (again,), (other,) = play(1, 500), play(1, 500), play(2, 500)
    assert first.digest == again.digest != other.digest


def test_a_round_of_a_long_run_can_be_had_alone() -> None:
    first, second, *_ = play(1, 8000)
    (alone,) = play(2, 3000)
    assert second.digest == alone.digest != first.digest


def on_say(action: Callable[[str], object]) -> Plant:
    """Do *action* with all that is said."""
    say = talk.say

    def planted(state: State, session: int, command: Say, stamp: Stamp) -> Any:
        action(command.text)
        return say(state, session, command, stamp)

    return a_verb(Say, planted)


def a_verb(command: type[Command], planted: Any) -> Plant:
    """Something else in the place of what the hub does on *command*."""
    return lambda monkeypatch: monkeypatch.setitem(hub._VERBS, command, planted)


def a_method(kind: type | Any, name: str, planted: object) -> Plant:
    """Something else in the place of a method, a function or a number."""
    return lambda monkeypatch: monkeypatch.setattr(kind, name, planted)


def as_it_is(text: str) -> str:
    return text


def nothing(*_args: object) -> None:
    pass


def to_number(text: str) -> None:
    """Python agrees that ² is a digit, and then cannot read it."""
    for character in text:
        if character.isdigit():
            int(character)


def lend(text: str) -> None:
    if ":)" in text:
        lent.append(os.dup(1))


def be_busy(text: str) -> None:
    until = thread_time() + (0.12 if "\u0301" in text else 0)
    while thread_time() < until:
        pass


kept: list[str] = []
lent: list[int] = []


@pytest.fixture(autouse=True)
def nothing_is_kept_for_the_next_test() -> Iterator[None]:
    yield
    kept.clear()
    while lent:
        os.close(lent.pop())


def keep_all(buffer: LineBuffer, data: bytes) -> None:
    """A line without an end, kept without an end."""
    buffer._partial += data


def whisper_once(state: State, session: int, *_args: object) -> list[Effect]:
    """A verb that changes something before it refuses."""
    del state.sessions[session]
    raise Refused(NotIntroduced())


def forget_no_room(
    _state: State, user: User, room: Room, _stamp: Stamp, *, for_good: bool = True
) -> list[Effect]:
    """Nobody is in it any more, *for_good* or not, and it is still there."""
    assert for_good in (True, False)
    del room.members[user]
    del user.rooms[room.fold]
    room.has_changed()
    return [Unseat(user.id, room.id)]


def listen_eagerly(peer: Telnet, data: bytes) -> list[Piece]:
    """Speak telnet to somebody who may not understand it."""
    peer.start()
    return listen(peer, data)


listen = Telnet.receive


@pytest.mark.parametrize(
    ("plant", "kind", "found"),
    [
        pytest.param(on_say(to_number), ValueError, "int", id="digits"),
        pytest.param(a_verb(Whisper, whisper_once), KeyError, "", id="hub"),
        pytest.param(on_say(kept.append), Flaw, "blocks of memory", id="leak"),
        pytest.param(on_say(be_busy), Flaw, "a turn took", id="slow"),
        pytest.param(
            on_say(lend),
            *(Flaw, "'descriptors'"),
            id="descriptors",
        ),
        pytest.param(
            a_method(rooms, "forget", forget_no_room),
            *(Flaw, "rooms': "),
            id="ghosts",
        ),
        pytest.param(
            a_method(words, "harmless", as_it_is),
            *(
                Flaw,
                "a lone CR or LF|control characters for a terminal|text turned around",
            ),
            id="escape sequences",
        ),
        pytest.param(
            a_method(render, "for_irc", as_it_is),
            *(Flaw, "a lone CR or LF|control characters for IRC"),
            id="forged lines",
        ),
        pytest.param(
            a_method(render, "LINE_SIZE", 5000),
            *(Flaw, "too long a line for IRC"),
            id="long lines",
        ),
        pytest.param(
            a_method(Telnet, "receive", listen_eagerly), Flaw, "IAC", id="junk"
        ),
        pytest.param(
            a_method(Ceilings, "weigh", nothing),
            Flaw,
            "bytes wait for",
            id="no ceiling",
        ),
        pytest.param(
            a_method(LineBuffer, "_keep", keep_all), Flaw, "has grown", id="endless"
        ),
        pytest.param(
            a_method(Hearing, "hear", nothing), Flaw, "nobody is heard", id="asleep"
        ),
    ],
)
def test_what_is_planted_is_found(
    monkeypatch: pytest.MonkeyPatch, plant: Plant, kind: type[Exception], found: str
) -> None:
    plant(monkeypatch)
    with pytest.raises(kind) as caught:
        list(play(SEED, LINES))
    assert re.search(found, str(caught.value))


def test_the_story_tells_how_to_have_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    on_say(to_number)(monkeypatch)
    with pytest.raises(ValueError, match="int") as caught:
        list(play(SEED, LINES))
    (note,) = caught.value.__notes__
    told = re.search(r"--seed ([0-9]+) --lines ([0-9]+)$", note)
    assert told
    with pytest.raises(ValueError, match="int") as again:
        list(play(int(told[1]), int(told[2])))
    assert again.value.__notes__ == [note]
