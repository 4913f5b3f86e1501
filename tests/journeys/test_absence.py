"""An absence: what was said meanwhile is shown once, by whatever one comes back with.

Alice has an account.  She goes, five lines are said, and she comes back with a program
that knows nothing of us; then once more with another.  Real programs, a real server.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from tests.journeys.programs import (
    AtATerminal,
    Chat,
    Chatd,
    Company,
    Irc,
    Person,
    Telnet,
    Terminal,
    Weechat,
    Window,
    Wire,
)

SECRET: Final = "milk and tea"  # noqa: S105 - of a scene
MISSED: Final = [f"you have missed line {number}" for number in "12345"]


class Scene:
    """A server, bob who talks, and alice who comes and goes."""

    def __init__(self, home: Path, end: ExitStack) -> None:
        self._home, self._end = home, end
        self._company = Company()
        chatd = Chatd(home)
        end.callback(chatd.close)
        self._company.seat(chatd)
        self._port = chatd.is_open(self._company)
        self._visits = 0
        self.bob = self._by_hand("bob")
        alice = self._by_hand("alice")
        alice.sends(f"REGISTER * * :{SECRET}")
        self.sees(alice, r":\S+ REGISTER SUCCESS alice :.*")
        alice.sends("QUIT")
        self.is_gone()

    def is_missed(self) -> None:
        """Bob talks while she is not here."""
        self.bob.sends(*(f"PRIVMSG #lobby :{line}" for line in MISSED), "PING said")
        self.sees(self.bob, r":\S+ PONG \S+ :?said")

    def comes_back(self, program: type[Person]) -> Person:
        """She logs in with that *program*, and is heard: all was shown by then."""
        self._visits += 1
        home = self._home / str(self._visits)
        home.mkdir()
        person = WAYS_IN[program](self, home)
        here = f"here I am for the {self._visits}. time"
        if program is Weechat:
            self.sees(person.window, Weechat.COMPANY.replace("(.*)", ".*alice.*"))
        else:
            self.sees(person.window, r".*You are in #lobby.*")
        person.says(here)
        self.sees(self.bob, rf":alice!\S+ PRIVMSG #lobby :{here}")
        # And what bob says to that comes after everything else.
        self.bob.sends(f"PRIVMSG #lobby :welcome {self._visits}")
        self.sees(person.window, rf".*\bwelcome {self._visits}")
        return person

    def leaves(self, person: Person) -> None:
        """She goes, by whatever means."""
        person.says("/quit")
        self.is_gone()

    def is_gone(self) -> None:
        """Bob sees that she is."""
        gone = self._visits + 1
        self._company.wait(
            lambda: len(self.bob.all_of(r"(:alice!\S+ QUIT.*)")) == gone,
            on=self.bob,
            or_else="alice does not leave",
        )

    def on_telnet(self, home: Path) -> Person:
        telnet = Telnet.at(self._port, home)
        self._seat(telnet.window)
        self.sees(telnet.window, r"What should we call you\?")
        telnet.says("alice")
        self.sees(telnet.window, r"alice has an account\. .*")
        telnet.says(SECRET)
        return telnet

    def on_chat(self, home: Path) -> Person:
        argv = ("-m", "chat", "connect", f"127.0.0.1:{self._port}")
        account = ("--account", "alice")
        chat = Terminal(sys.executable, *argv, *account, home=home)
        self._seat(chat)
        self.sees(chat, r"The password of alice:")
        chat.types(f"{SECRET}\r")
        return AtTheClient(chat)

    def on_weechat(self, home: Path) -> Person:
        sasl = {"sasl_username": "alice", "sasl_password": f'"{SECRET}"'}
        weechat = Weechat.at(self._port, home, nicks="alice", **sasl)
        self._seat(weechat.window)
        return weechat

    def sees(self, window: Window, line: str) -> None:
        """Wait until *window* shows such a *line*."""
        self._company.wait(
            lambda: bool(window.all_of(f"({line})")),
            on=window,
            or_else=f"nobody reads {line}",
        )

    def _by_hand(self, nick: str) -> Wire:
        wire = Irc.at(self._port, self._home).window
        assert isinstance(wire, Wire)
        self._seat(wire)
        wire.sends(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "JOIN #lobby")
        self.sees(wire, rf":\S+ 366 {nick} #lobby :.*")
        return wire

    def _seat(self, window: Window) -> None:
        self._end.callback(window.close)
        self._company.seat(window)


class AtTheClient(AtATerminal):
    """Our own client, in a terminal that somebody else has opened."""

    NAME = "alice"
    SAID, CAME, COMPANY, FAREWELL = Chat.SAID, Chat.CAME, Chat.COMPANY, Chat.FAREWELL

    @classmethod
    def at(cls, port: int, home: Path) -> "AtTheClient":
        raise NotImplementedError("a password has to be typed first")


WAYS_IN: dict[type[Person], Callable[[Scene, Path], Person]] = {
    Telnet: Scene.on_telnet,
    Chat: Scene.on_chat,
    Weechat: Scene.on_weechat,
}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as end:
        yield Scene(tmp_path, end)


def shown(person: Person) -> list[str]:
    """Those of the missed lines that stand on the screen, in their order."""
    lines = person.window.lines()
    return [missed for line in lines for missed in MISSED if missed in line]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "second"),
    list(pairwise([*WAYS_IN, Telnet])),
    ids=lambda program: program.NAME,
)
def test_what_was_missed_is_shown_once(
    scene: Scene, first: type[Person], second: type[Person]
) -> None:
    missing = [each.EXECUTABLE for each in (first, second) if not each.is_here()]
    if missing:
        pytest.skip(f"{' and '.join(missing)}: missing (Debian packages)")
    scene.is_missed()
    alice = scene.comes_back(first)
    assert shown(alice) == MISSED
    scene.leaves(alice)
    assert shown(scene.comes_back(second)) == []
