"""Programs: what people chat with, run for real and looked at as a person would.

Each sits in a terminal of its own.  What it writes is drawn on a screen, and a
claim about it is a claim about that screen: whatever erases, wraps or redraws
on the way cannot fool us.  The bare IRC socket has lines where others have a
screen.

Nobody sleeps and nobody polls.  A `Company` waits for all of them in one
`select`, feeds whoever wrote something, and asks again whether what it waits
for has come true.  So no program stands still because nobody reads it, and a
terminal that is asked where its cursor is answers at once, like a real one.

What differs from program to program is how a line looks in it: four patterns.
"""

import os
import re
import select
import shutil
import signal
import socket
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Final, Self

import pexpect  # type: ignore[import-untyped]
import pyte

# How long a busy machine may take over one thing.
PATIENCE_SECONDS: Final = 15
# Wide enough that none of the lines that we look for wraps.
ROWS, COLUMNS = 24, 120


class Window(ABC):
    """Something that shows lines until it ends."""

    def __init__(self) -> None:
        self.has_ended = False

    @abstractmethod
    def fileno(self) -> int:
        """What `select` waits for."""

    @abstractmethod
    def read(self) -> None:
        """Take in what is there; only when `select` says that something is."""

    @abstractmethod
    def lines(self) -> list[str]:
        """What it shows."""

    @abstractmethod
    def close(self) -> None:
        """End it, whatever state it is in."""

    def all_of(self, pattern: str) -> list[tuple[str, ...]]:
        """The groups of *pattern*, from each line that it matches from end to end."""
        matches = (re.fullmatch(pattern, line) for line in self.lines())
        return [match.groups() for match in matches if match]


class Terminal(Window):
    """A pseudo-terminal that a program runs in, and its screen."""

    def __init__(self, *argv: str, home: Path) -> None:
        super().__init__()
        self._screen = pyte.HistoryScreen(COLUMNS, ROWS, history=1000)
        self._stream = pyte.ByteStream(self._screen)
        locale = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        self._child = pexpect.spawn(
            argv[0],
            list(argv[1:]),
            dimensions=(ROWS, COLUMNS),
            env={**os.environ, **locale, **_homes(home), "TERM": "xterm"},
        )
        # It would sleep before everything that is typed.
        self._child.delaybeforesend = None
        # A program may ask where the cursor is, and a terminal answers.
        setattr(self._screen, "write_process_input", self.types)  # noqa: B010

    def fileno(self) -> int:
        """The terminal's own end."""
        return int(self._child.child_fd)

    def read(self) -> None:
        """Draw what the program wrote."""
        try:
            self._stream.feed(self._child.read_nonblocking(65536, timeout=0))
        except pexpect.EOF:
            self.has_ended = True

    def lines(self) -> list[str]:
        """All that was drawn and not erased: what scrolled away, and the screen."""
        scrolled = self._screen.history.top
        above = ["".join(row[x].data for x in range(COLUMNS)) for row in scrolled]
        return [line.rstrip() for line in above + self._screen.display if line.strip()]

    def types(self, text: str) -> None:
        """Press these keys."""
        with suppress(OSError):  # it may have ended; its screen says so
            self._child.send(text)

    def terminate(self) -> None:
        """Ask the program to end."""
        self._child.kill(signal.SIGTERM)

    def kill(self) -> None:
        """End the program, which cannot do anything about it."""
        self._child.kill(signal.SIGKILL)

    def exit_status(self) -> int | None:
        """What it ended with, once it `has_ended`; nothing if a signal ended it."""
        self._child.wait()
        status: int | None = self._child.exitstatus
        return status

    def close(self) -> None:
        """Kill the program unless it has ended, and bury it."""
        if not self._child.terminated:
            os.kill(self._child.pid, signal.SIGKILL)
            self._child.wait()
        self._child.close()


def _homes(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}


class Person(ABC):
    """Somebody who chats with one kind of program and goes by its name.

    The patterns match a whole line of what the program shows.  The groups of
    `SAID` are the speaker and the words, `CAME` has who came, and `COMPANY` has
    a list of the names of those who are here.
    """

    NAME: ClassVar[str]
    # What must be installed, and the Debian package that has it; neither if
    # nothing but Python is needed.
    EXECUTABLE: ClassVar[str] = sys.executable
    PACKAGE: ClassVar[str] = ""

    SAID: ClassVar[str]
    CAME: ClassVar[str]
    COMPANY: ClassVar[str]
    FAREWELL: ClassVar[str]
    # Does the program show what its own person says as it shows everybody's?
    SHOWS_OWN: ClassVar[bool] = False

    def __init__(self, window: Window) -> None:
        self.window = window

    @classmethod
    def is_here(cls) -> bool:
        """Whether the program is installed."""
        return shutil.which(cls.EXECUTABLE) is not None

    @classmethod
    @abstractmethod
    def at(cls, port: int, home: Path) -> Self:
        """Start the program and connect it to *port*; its files go to *home*."""

    def enter(self, company: "Company") -> None:  # noqa: B027 - most just come in
        """Do what it takes to be let in, if anything."""

    @abstractmethod
    def says(self, text: str) -> None:
        """Say *text* in the room."""

    def heard(self) -> list[tuple[str, ...]]:
        """Who said what, in the order in which it stands on the screen."""
        return self.window.all_of(self.SAID)

    def met(self) -> set[str]:
        """Everybody whom the program showed as present, but the person herself."""
        came = {nick for (nick,) in self.window.all_of(self.CAME)}
        for (names,) in self.window.all_of(self.COMPANY):
            came.update(re.findall(r"\w+", names))
        return came - {self.NAME}

    def was_told_good_bye(self) -> bool:
        """Whether the program showed why the server left."""
        return bool(self.window.all_of(self.FAREWELL))


class Company:
    """Those who sit at one table, and the patience to wait for them."""

    def __init__(self) -> None:
        self._windows: list[Window] = []

    def seat(self, window: Window) -> None:
        """Look at *window* too, from now on."""
        self._windows.append(window)

    def wait(self, until: Callable[[], bool], *, on: Window, or_else: str) -> None:
        """Watch everybody until it is so.

        When it takes too long, or *on* has ended: fail with what *on* shows.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not until():
            left = deadline - time.monotonic()
            going = [each for each in self._windows if not each.has_ended]
            if left <= 0 or on.has_ended:
                shown = "\n".join(on.lines())
                raise AssertionError(f"{or_else}; instead:\n{shown}")
            ready, _, _ = select.select(going, [], [], left)
            for each in ready:
                each.read()


class AtATerminal(Person):
    """Somebody who reads a screen and types."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal)
        self._terminal = terminal

    def says(self, text: str) -> None:
        """Type it."""
        self._terminal.types(text + "\r")

    def is_killed(self) -> None:
        """The program is killed."""
        self._terminal.kill()


class WithoutAChatProgram(AtATerminal):
    """Somebody whose program moves bytes and knows no more."""

    # No nick holds a space or a colon, so this is nothing but speech.
    SAID = r"([^ :]+): (.*)"
    CAME = r"-- (\S+) is here\."
    COMPANY = r"-- You are in #lobby, with (?!nobody else yet)(.*)\."
    FAREWELL = r"-- Good-bye: The server is shutting down\."

    @classmethod
    def at(cls, port: int, home: Path) -> Self:
        """Connect."""
        return cls(Terminal(cls.EXECUTABLE, "127.0.0.1", str(port), home=home))

    def enter(self, company: Company) -> None:
        """Answer the first question."""
        company.wait(
            lambda: "What should we call you?" in self.window.lines(),
            on=self.window,
            or_else=f"nobody asked {self.NAME} for a name",
        )
        self.says(self.NAME)


class Nc(WithoutAChatProgram):
    """OpenBSD's netcat."""

    NAME = EXECUTABLE = "nc"
    PACKAGE = "netcat-openbsd"


class Telnet(WithoutAChatProgram):
    """GNU telnet, in line mode."""

    NAME = EXECUTABLE = PACKAGE = "telnet"


class Chat(AtATerminal):
    """Our own client."""

    NAME = "chat"
    SAID = r"\d\d:\d\d (\S+)  (.*)"
    CAME = r"\d\d:\d\d -- (\S+) is here"
    # Several who come at once share a line.
    COMPANY = r"\d\d:\d\d -- (?:In #lobby: (?=.)|(?=.* are here))(.*?)(?: are here.*)?"
    FAREWELL = r"\d\d:\d\d -- .*The server is shutting down.*"
    SHOWS_OWN = True

    @classmethod
    def at(cls, port: int, home: Path) -> Self:
        """Connect; the lobby is where one lands."""
        where = f"127.0.0.1:{port}"
        argv = (sys.executable, "-m", "chat", "connect", where, "--nick", cls.NAME)
        return cls(Terminal(*argv, home=home))


class Irssi(AtATerminal):
    """Irssi, with all that it shows in one window."""

    NAME = EXECUTABLE = PACKAGE = "irssi"
    SAID = r"\d\d:\d\d <[ @+](\w+)> (.*)"
    CAME = r"\d\d:\d\d -!- (\w+) \[\S+\] has joined #lobby"
    COMPANY = r"\d\d:\d\d ((?:\[[ @+]\w+ *\] *)+)"
    FAREWELL = r"\d\d:\d\d .*The server is shutting down.*"
    SHOWS_OWN = True

    @classmethod
    def at(cls, port: int, home: Path) -> Self:
        """Start it with a folder of its own, and connect."""
        folder = home / "irssi"
        folder.mkdir()
        (folder / "config").write_text(_IRSSI)
        where = (f"--home={folder}", "-c", "127.0.0.1", "-p", str(port))
        # As an xterm it would scroll with a sequence that our screen does not know.
        irssi = ("env", "TERM=linux", cls.EXECUTABLE)
        return cls(Terminal(*irssi, *where, home=home))

    def enter(self, company: Company) -> None:
        """Wait until it is in, and go where the others are."""
        company.wait(
            lambda: bool(self.window.all_of(r"\d\d:\d\d -!- No message of the day")),
            on=self.window,
            or_else="irssi is not let in",
        )
        self.says("/join #lobby")


class Wire(Window):
    """A connected socket, looked at line by line."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._socket = socket.create_connection(
            ("127.0.0.1", port), timeout=PATIENCE_SECONDS
        )
        self._received = b""

    def fileno(self) -> int:
        """The socket's."""
        return self._socket.fileno()

    def read(self) -> None:
        """Receive once."""
        data = self._socket.recv(65536)
        self._received += data
        self.has_ended = not data

    def lines(self) -> list[str]:
        """All that came, as far as it is whole; the ends are those of IRC."""
        return self._received.decode(errors="replace").split("\r\n")[:-1]

    def sends(self, *lines: str) -> None:
        """Send *lines*."""
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class Irc(Person):
    """A program that speaks IRC and knows nothing of extensions: a bare socket."""

    NAME = "irc"
    SAID = r":([^!]+)!\S+ PRIVMSG #lobby :(.*)"
    CAME = r":([^!]+)!\S+ JOIN #lobby"
    COMPANY = r":\S+ 353 irc = #lobby :(.*)"
    FAREWELL = r"ERROR :.*The server is shutting down"

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self._wire = wire

    @classmethod
    def at(cls, port: int, home: Path) -> Self:  # noqa: ARG003 - nothing to keep
        """Connect."""
        return cls(Wire(port))

    def enter(self, company: Company) -> None:
        """Register, join, and pass a barrier: what was asked has been answered."""
        self._wire.sends("NICK irc", "USER irc 0 * :Irc", "JOIN #lobby", "PING in")
        company.wait(
            lambda: bool(self._wire.all_of(r":\S+ PONG \S+ :?in")),
            on=self._wire,
            or_else="the bare IRC socket is not let in",
        )

    def says(self, text: str) -> None:
        """Send it."""
        self._wire.sends(f"PRIVMSG #lobby :{text}")


class Weechat(Person):
    """WeeChat without its screen.

    It prints every line that it would show, with the buffer's name before it and
    a bar behind the nick, and does as it is told through a named pipe.
    """

    NAME = "weechat"
    EXECUTABLE = PACKAGE = "weechat-headless"
    SAID = r"irc\.sb\.#lobby (\w+) \| (.*)"
    CAME = r"irc\.sb\.#lobby --> \| (\w+) (?:\([^)]*\) )?\(\S+\) has joined #lobby"
    COMPANY = r"irc\.sb\.#lobby -- \| Nicks #lobby: \[(.*)\]"
    FAREWELL = r"irc\.server\.sb \S+ \| .*The server is shutting down"
    SHOWS_OWN = True

    def __init__(self, window: Window, pipe: Path) -> None:
        super().__init__(window)
        self._pipe = pipe

    @classmethod
    def at(cls, port: int, home: Path, **options: str) -> Self:
        """Start it with a folder of its own and no scripts; *options* are sb's."""
        pipe = home / "weechat.pipe"
        folder = ("--dir", str(home / "weechat"), "-P", "irc,fifo,trigger")
        commands = _commands(port, pipe, options)
        run = (argument for it in commands for argument in ("-r", it))
        return cls(Terminal(cls.EXECUTABLE, *folder, *run, home=home), pipe)

    def says(self, text: str) -> None:
        """Have WeeChat say it."""
        # Without O_NONBLOCK this would wait for a WeeChat that is gone.
        pipe = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(pipe, f"irc.sb.#lobby *{text}\n".encode())
        finally:
            os.close(pipe)


class Chatd(Terminal):
    """The server."""

    def __init__(self, home: Path, port: int = 0) -> None:
        super().__init__(
            *(sys.executable, "-m", "chat", "serve"),
            *("--data", str(home / "data"), "--listen", f"127.0.0.1:{port}"),
            home=home,
        )

    def ports(self) -> list[int]:
        """Where it says that it listens."""
        pattern = r"Listening on 127\.0\.0\.1:(\d+), open to this machine only\."
        return [int(port) for (port,) in self.all_of(pattern)]

    def is_open(self, company: Company) -> int:
        """Wait until it listens; the port."""
        company.wait(
            lambda: len(self.ports()) == 1,
            on=self,
            or_else="chatd does not say where it listens",
        )
        (port,) = self.ports()
        return port


# It sends no more than five lines at once, and would make everybody wait.
_IRSSI: Final = """
settings = {
  core = { nick = "irssi"; user_name = "irssi"; real_name = "Irssi"; };
  "irc/core" = { cmds_max_at_once = "100"; };
  "fe-common/core" = {
    autocreate_windows = "no"; use_status_window = "no"; use_msgs_window = "no";
  };
};
"""


def _commands(port: int, pipe: Path, options: dict[str, str]) -> list[str]:
    line = "${buffer.full_name} ${tg_prefix_nocolor} | ${tg_message_nocolor}"
    show = rf'"/print -escape -stdout ${{raw:{line}}}\n"'
    return [
        f'/trigger add show print "" "" "" {show}',
        f"/set fifo.file.path {pipe}",
        "/fifo enable",
        "/set irc.look.display_join_message 353,366",
        f"/server add sb 127.0.0.1/{port}",
        # Until 3.8 it is ssl, from 4.0 on tls; the other one is refused.
        "/set irc.server.sb.ssl off",
        "/set irc.server.sb.tls off",
        "/set irc.server.sb.autoreconnect off",
        "/set irc.server.sb.nicks weechat",
        "/set irc.server.sb.autojoin #lobby",
        *(f"/set irc.server.sb.{name} {value}" for name, value in options.items()),
        "/connect sb",
    ]
