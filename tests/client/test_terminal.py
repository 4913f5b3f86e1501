"""The terminal: a prompt at the bottom, the conversation above it."""

import asyncio
import re
import signal
import socket
import sys
import termios
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from io import StringIO

import pexpect  # type: ignore[import-untyped]
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from chat.client.call import World
from chat.client.link import Lost, Unreachable
from chat.client.terminal import _stay, run
from chat.client.visit import Visit
from tests.client.fakes import Caller, Screen, Server, in_a_loop

COLUMNS, ROWS = 60, 16
HINT = "Type and press Enter. /help lists the commands. Ctrl-D leaves."
NOON = "@time=2001-02-03T12:00:00Z"


class Glass(StringIO):
    """A file that is a screen."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def write(self, text: str) -> int:
        """Show it."""
        self._screen.feed(text.encode())
        return len(text)


class Seat:
    """Alice in front of her terminal, and the server's end of the line."""

    def __init__(self, keys: PipeInput, screen: Screen, server: Server) -> None:
        self._keys = keys
        self.screen = screen
        self.server = server
        self._may_time_pass = asyncio.Event()
        self._may_time_pass.set()
        world = World(lambda: 0.0, lambda: 0.5, lambda _: self._may_time_pass.wait())
        self.visit = asyncio.create_task(
            _stay(
                "127.0.0.1",
                server.port,
                Visit(nick="alice", room="#lobby"),
                world=world,
            )
        )

    def stops_the_clock(self) -> None:
        """From now on nobody has waited long enough."""
        self._may_time_pass.clear()

    def types(self, text: str) -> None:
        """Press these keys."""
        self._keys.send_text(text)


@contextmanager
def a_terminal() -> Iterator[tuple[PipeInput, Screen]]:
    """A keyboard and a screen, for whatever is drawn inside the block."""
    screen = Screen(COLUMNS, ROWS)
    output = Vt100_Output(
        Glass(screen), lambda: Size(ROWS, COLUMNS), term="xterm", enable_cpr=False
    )
    with create_pipe_input() as keys, create_app_session(keys, output):
        yield keys, screen


@asynccontextmanager
async def seated() -> AsyncIterator[tuple[Seat, Caller]]:
    """Alice has called the server, which has not said anything yet."""
    async with Server.open() as server:
        with a_terminal() as (keys, screen):
            seat = Seat(keys, screen, server)
            try:
                yield seat, await server.accepts()
            finally:
                seat.visit.cancel()
                await asyncio.gather(seat.visit, return_exceptions=True)


@asynccontextmanager
async def in_the_lobby() -> AsyncIterator[tuple[Seat, Caller]]:
    """Alice is in #lobby."""
    async with seated() as (seat, server):
        await server.admits("alice", "#lobby")
        await seat.screen.ends_with("#lobby>")
        yield seat, server


@in_a_loop
async def test_the_first_screen() -> None:
    async with in_the_lobby() as (seat, _server):
        *above, prompt = seat.screen.lines()
        assert [line[6:] for line in above] == [
            "-- Connected to irc.x as alice.",
            "-- You are in #lobby.",
            "-- In #lobby: alice, bob",
            "-- Type and press Enter. /help lists the commands.",
            "Ctrl-D leaves.",
        ]
        assert prompt == "#lobby>"


@in_a_loop
async def test_what_is_typed_stands_there_once_with_time_and_nick() -> None:
    async with in_the_lobby() as (seat, server):
        seat.types("hello\r")
        await server.takes("PRIVMSG #lobby hello", 1)
        await seat.screen.shows("alice  hello")
        await seat.screen.ends_with("#lobby>")
        shown = [line[5:] for line in seat.screen.lines() if "hello" in line]
        assert shown == [" alice  hello"]


@in_a_loop
async def test_what_others_say_leaves_the_typing_alone() -> None:
    async with in_the_lobby() as (seat, server):
        seat.types("half a li")
        await seat.screen.ends_with("#lobby> half a li")
        server.says(":bob!b@h PRIVMSG #lobby :hi alice")
        await seat.screen.shows("bob  hi alice")
        await seat.screen.ends_with("#lobby> half a li")
        seat.types("ne\r")
        await server.takes("PRIVMSG #lobby :half a line", 1)


@in_a_loop
async def test_tab_goes_round_what_a_word_may_become() -> None:
    async with in_the_lobby() as (seat, server):
        server.says(":bill!b@h JOIN #lobby", ":bill!b@h PRIVMSG #lobby :hi")
        await seat.screen.shows("bill  hi")
        seat.types("b")
        await seat.screen.ends_with("#lobby> b")
        for shown in ("bill:", "bob:", "b", "bill:", "bob:"):
            seat.types("\t")
            await seat.screen.ends_with(f"#lobby> {shown}")
        seat.types("\x1b[Z")
        await seat.screen.ends_with("#lobby> bill:")
        seat.types("hello\r")
        await server.takes("PRIVMSG #lobby :bill: hello", 1)


@in_a_loop
async def test_a_password_is_not_shown_nor_remembered() -> None:
    async with in_the_lobby() as (seat, server):
        seat.types("/login\r")
        await seat.screen.ends_with("The password of alice:")
        seat.types("canary")
        await seat.screen.ends_with("The password of alice: ******")
        server.says(":bob!b@h PRIVMSG #lobby :hi alice")
        await seat.screen.shows("bob  hi alice")
        seat.types("\r")
        await server.hears("PRIVMSG NickServ :IDENTIFY alice canary")
        await seat.screen.ends_with("#lobby>")
        # The arrow goes up to the line before.
        seat.types("\x1b[A")
        await seat.screen.ends_with("#lobby> /login")
        assert not [line for line in seat.screen.lines() if "canary" in line]


@pytest.mark.parametrize("pasted", ["b\tc\r", "\x1b[200~b\tc\x1b[201~\r"])
@in_a_loop
async def test_a_tab_that_is_pasted_completes_nothing(pasted: str) -> None:
    async with in_the_lobby() as (seat, server):
        seat.types(pasted)
        # A tab would not come back from every server as it was sent.
        await server.takes("PRIVMSG #lobby :b       c", 1)


@in_a_loop
async def test_what_was_said_before_keeps_its_time() -> None:
    async with in_the_lobby() as (seat, server):
        server.says(f"{NOON} :bob!b@h PRIVMSG #lobby :long ago")
        await seat.screen.shows("bob  long ago")
        server.says(":bob!b@h PRIVMSG #lobby :and now")
        await seat.screen.shows("bob  and now")
        day, then, today, now, _ = seat.screen.lines()[-5:]
        assert re.fullmatch(r"-- Saturday, 3 February 2001 --", day)
        assert re.fullmatch(r"\d\d:\d\d bob  long ago", then)
        assert re.fullmatch(r"-- \w+day, \d+ \w+ 20\d\d --", today)
        assert re.fullmatch(r"\d\d:\d\d bob  and now", now)


@in_a_loop
async def test_what_was_missed_is_set_apart() -> None:
    async with in_the_lobby() as (seat, server):
        server.says(
            ":irc.x BATCH +b chathistory #lobby",
            f"{NOON};batch=b :bob!b@h PRIVMSG #lobby :long ago",
            ":irc.x BATCH -b",
            ":bob!b@h PRIVMSG #lobby :and now",
        )
        await seat.screen.shows("bob  and now")
        begins, day, then, ends, _today, now, _ = seat.screen.lines()[-7:]
        assert begins == "-- earlier in #lobby --"
        assert day == "-- Saturday, 3 February 2001 --"
        assert re.fullmatch(r"\d\d:\d\d bob  long ago", then)
        assert ends == "-- now --"
        assert re.fullmatch(r"\d\d:\d\d bob  and now", now)


@in_a_loop
async def test_the_prompt_names_the_rooms_where_something_was_said() -> None:
    async with in_the_lobby() as (seat, server):
        server.says(":alice!a@h JOIN #tea", ":bob!b@h PRIVMSG #lobby :hello?")
        await seat.screen.ends_with("#tea (#lobby)>")
        server.says(":bob!b@h PRIVMSG #lobby :alice?")
        await seat.screen.ends_with("#tea (#lobby!)>")
        await seat.screen.shows("[#lobby] bob  alice?")
        seat.types("/join #lobby\r")
        await seat.screen.ends_with("#lobby>")


@in_a_loop
async def test_a_crowd_that_comes_at_once_takes_one_line() -> None:
    async with in_the_lobby() as (seat, server):
        seat.stops_the_clock()
        server.says(*(f":guest{n}!g@h JOIN #lobby" for n in range(6)))
        server.says(":bob!b@h QUIT :Bye", ":carol!c@h PRIVMSG #lobby :crowded")
        await seat.screen.shows("carol  crowded")
        assert [line[6:] for line in seat.screen.lines()[-4:-1]] == [
            "-- guest0, guest1, guest2, guest3 and 2 more are here;",
            "bob left",
            "carol  crowded",
        ]


@in_a_loop
async def test_who_comes_alone_is_shown_after_a_moment() -> None:
    async with in_the_lobby() as (seat, server):
        server.says(":carol!c@h JOIN #lobby")
        await seat.screen.shows("-- carol is here")


@in_a_loop
async def test_what_is_typed_early_is_shown_and_sent_later() -> None:
    async with seated() as (seat, server):
        seat.types("hello\r")
        await seat.screen.shows("Waiting to be sent: hello")
        await server.admits("alice", "#lobby")
        await server.takes("PRIVMSG #lobby hello", 1)
        await seat.screen.shows("alice  hello")


@in_a_loop
async def test_hostile_text_is_only_text() -> None:
    async with in_the_lobby() as (seat, server):
        server.says(":bob!b@h PRIVMSG #lobby :\x1b]0;owned\x07 \x9b2J <b>%s</b>")
        server.says(":\x1b[1A!b@h PRIVMSG #lobby :\x01ACTION [ZeroWidthEscape]\x01")
        await seat.screen.shows("[ZeroWidthEscape]")
        assert seat.screen.title == ""
        assert "bob  ␛]0;owned␇ \ufffd2J <b>%s</b>" in seat.screen.lines()[-3]


@in_a_loop
async def test_wrapped_text_cannot_pass_for_another_line() -> None:
    async with in_the_lobby() as (seat, server):
        text = "x" + " " * (COLUMNS - len("10:14 bob  x")) + "10:14 carol  I quit"
        server.says(f":bob!b@h PRIVMSG #lobby :{text}")
        await seat.screen.shows("      10:14 carol  I quit")


@in_a_loop
async def test_a_crowd_does_not_flood_the_screen_slowly() -> None:
    async with in_the_lobby() as (seat, server):
        server.says(*(f":bob!b@h PRIVMSG #lobby :{n}" for n in range(5000)))
        await seat.screen.shows("bob  4999")
        await seat.screen.ends_with("#lobby>")


@in_a_loop
async def test_ctrl_c_clears_the_line_and_then_says_how_to_leave() -> None:
    async with in_the_lobby() as (seat, _server):
        seat.types("half a line")
        await seat.screen.ends_with("#lobby> half a line")
        seat.types("\x03")
        await seat.screen.ends_with("#lobby>")
        seat.types("\x03")
        await seat.screen.shows("-- Ctrl-D or /quit leaves.")


@pytest.mark.parametrize("keys", ["/quit\r", "\x04"])
@in_a_loop
async def test_leaving(keys: str) -> None:
    async with in_the_lobby() as (seat, server):
        seat.types(keys)
        await server.hears("QUIT")
        server.says("ERROR :Closing link")
        await server.hangs_up()
        assert await seat.visit == 0
        assert seat.screen.lines()[-1].endswith(HINT[-14:])


@in_a_loop
async def test_leaving_does_not_wait_for_the_server_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chat.client.terminal._FAREWELL_SECONDS", 0)
    async with in_the_lobby() as (seat, server):
        seat.types("/quit\r")
        await server.hears("QUIT")
        assert await seat.visit == 0


@in_a_loop
async def test_ctrl_d_does_not_forget_what_waits() -> None:
    async with seated() as (seat, server):
        seat.types("hello\r\x04")
        await seat.screen.shows("Waiting to be sent: /quit")
        await server.admits("alice", "#lobby")
        await server.takes("PRIVMSG #lobby hello", 1)
        await server.hears("QUIT")
        await server.hangs_up()
        assert await seat.visit == 0


@in_a_loop
async def test_a_server_that_lets_nobody_in_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chat.client.terminal._ARRIVAL_SECONDS", 0)
    async with seated() as (seat, _server):
        seat.types("hello\r\x04")
        with pytest.raises(Lost) as lost:
            await seat.visit
        assert str(lost.value) == ("The server did not let you in. (not sent: hello)")


@in_a_loop
async def test_who_was_never_let_in_does_not_try_again() -> None:
    async with seated() as (seat, server):
        await server.is_greeted_by("alice")
        await server.hangs_up()
        with pytest.raises(Lost, match=r"^The server closed the connection\.$"):
            await seat.visit


@in_a_loop
async def test_the_server_says_why_it_goes() -> None:
    async with seated() as (seat, server):
        seat.types("hello\r")
        await seat.screen.shows("Waiting")
        server.says("ERROR :Too many")
        await server.hangs_up()
        with pytest.raises(Lost) as lost:
            await seat.visit
        assert str(lost.value) == (
            "The server closed the connection: Too many (not sent: hello)"
        )


@in_a_loop
async def test_what_is_typed_without_a_server_is_said_when_it_is_back() -> None:
    async with in_the_lobby() as (seat, server):
        server.breaks()
        await seat.screen.shows("The connection broke: ")
        again = await seat.server.accepts()
        seat.types("hello\r")
        await seat.screen.shows("Waiting to be sent: hello")
        await again.admits("alice", "#lobby")
        await again.takes("PRIVMSG #lobby hello", 1)
        await seat.screen.shows("alice  hello")
        await seat.screen.ends_with("#lobby>")


@in_a_loop
async def test_the_seconds_until_the_next_attempt_are_counted() -> None:
    async with in_the_lobby() as (seat, server):
        seat.stops_the_clock()
        await server.hangs_up()
        await seat.screen.shows("-- The server closed the connection. Trying again")
        await seat.screen.ends_with("#lobby (trying again in 1 s)>")


@in_a_loop
async def test_leaving_without_a_server_tells_what_was_not_sent() -> None:
    async with in_the_lobby() as (seat, server):
        seat.stops_the_clock()
        await server.hangs_up()
        await seat.screen.ends_with("#lobby (trying again in 1 s)>")
        seat.types("hello\r\x04")
        with pytest.raises(Lost) as lost:
            await seat.visit
        assert str(lost.value) == (
            "The server closed the connection. (not sent: hello)"
        )


@in_a_loop
async def test_a_long_paste_is_asked_about() -> None:
    async with in_the_lobby() as (seat, server):
        seat.types("\x1b[200~1\n2\n3\n4\x1b[201~\r")
        await seat.screen.ends_with("Send 4 lines? y/n >")
        seat.types("y\r")
        for number in range(1, 5):
            await server.takes(f"PRIVMSG #lobby {number}", number)
        await seat.screen.shows("alice  4")
        await seat.screen.ends_with("#lobby>")


def test_no_server_is_for_others_to_tell() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(Unreachable, match=rf"^No server .* port {port}\.$"):
        run("127.0.0.1", port, Visit(nick="alice", room="#lobby"))


# The rest happens to a whole program on a real pseudo-terminal.

PROGRAM = (
    "import sys; from chat.client.terminal import run;"
    "from chat.client.visit import Visit; visit = Visit(nick='alice', room='#lobby');"
    "sys.exit(run('127.0.0.1', int(sys.argv[1]), visit))"
)


class Program:
    """The client as a process, on a terminal of its own."""

    def __init__(self, port: int, **terminal: str) -> None:
        self.written = b""
        self.child = pexpect.spawn(
            sys.executable,
            ["-c", PROGRAM, str(port)],
            dimensions=(ROWS, COLUMNS),
            env={
                "PROMPT_TOOLKIT_NO_CPR": "1",
                "TERM": "xterm",
                "LANG": "C.UTF-8",
                **terminal,
            },
        )
        self.screen = Screen(COLUMNS, ROWS)
        self.ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(self.child.child_fd, self._read)

    def _read(self) -> None:
        try:
            data = self.child.read_nonblocking(65536, 0)
            self.written += data
            self.screen.feed(data)
        except pexpect.EOF:
            asyncio.get_running_loop().remove_reader(self.child.child_fd)
            self.ended.set()

    def is_sane(self) -> bool:
        """The terminal echoes and edits lines, as a shell expects it."""
        flags: int = termios.tcgetattr(self.child.child_fd)[3]
        return flags & (termios.ECHO | termios.ICANON) == termios.ECHO | termios.ICANON

    def forget(self) -> None:
        """End it if it has not ended by itself."""
        asyncio.get_running_loop().remove_reader(self.child.child_fd)
        self.child.close(force=True)

    async def status(self) -> int:
        """How it ended."""
        await self.ended.wait()
        return int(self.child.wait())


@asynccontextmanager
async def started(**terminal: str) -> AsyncIterator[tuple[Program, Caller]]:
    """The program runs on a terminal like that, and alice is in #lobby."""
    async with Server.open() as server:
        program = Program(server.port, **terminal)
        try:
            caller = await server.accepts()
            await caller.admits("alice", "#lobby")
            await program.screen.ends_with("#lobby>")
            yield program, caller
        finally:
            program.forget()


@pytest.mark.slow
@in_a_loop
async def test_the_program_leaves_the_terminal_as_it_was() -> None:
    async with started() as (program, server):
        assert not program.is_sane()
        program.child.send("bye\r\x04")
        await server.takes("PRIVMSG #lobby bye", 1)
        await server.hears("QUIT")
        await server.hangs_up()
        assert await program.status() == 0
        assert program.is_sane()
        await program.screen.shows("alice  bye")


COLOR = re.compile(rb"\x1b\[[0-9;]*[34]8?;?[0-9;]*m")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("terminal", "has_colors"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)],
)
@in_a_loop
async def test_colors_can_be_forbidden(
    terminal: dict[str, str], has_colors: bool
) -> None:
    async with started(**terminal) as (program, server):
        server.says(":bob!b@h PRIVMSG #lobby :hi")
        await program.screen.shows("bob  hi")
        assert bool(re.search(rb"\x1b\[0;38;5;\d+mbob", program.written)) is has_colors
        assert bool(COLOR.search(program.written)) is has_colors


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dumb", ""])
@in_a_loop
async def test_a_dumb_terminal_gets_nothing_but_text(name: str) -> None:
    async with started(TERM=name) as (program, server):
        program.child.send("he")
        await program.screen.ends_with("#lobby> he")
        server.says(":bob!b@h PRIVMSG #lobby :hi")
        await program.screen.shows("bob  hi")
        await program.screen.ends_with("#lobby> he")
        program.child.send("y\r")
        await server.takes("PRIVMSG #lobby hey", 1)
        await program.screen.shows("alice  hey")
        assert b"\x1b" not in program.written


@pytest.mark.slow
@pytest.mark.parametrize(
    "terminal",
    [
        {"PYTHONIOENCODING": "ascii"},
        # Python takes a C locale for UTF-8 unless it is told not to.
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
@in_a_loop
async def test_what_the_terminal_cannot_show_is_a_question_mark(
    terminal: dict[str, str],
) -> None:
    async with started(**terminal) as (program, server):
        server.says(":bob!b@h PRIVMSG #lobby :caf\u00e9 \u4f60\U0001f600!")
        await program.screen.shows("bob  caf? ??!")
        server.says(":alice!a@h JOIN #\u4f60")
        await program.screen.ends_with("#?>")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@in_a_loop
async def test_a_signal_leaves_the_terminal_as_it_was(number: signal.Signals) -> None:
    async with started() as (program, server):
        program.child.kill(number)
        await server.hears("QUIT")
        assert await program.status() == 128 + number
        assert program.is_sane()


@pytest.mark.slow
@in_a_loop
async def test_a_refusal_is_one_line_and_status_one() -> None:
    async with Server.open() as server:
        program = Program(server.port)
        try:
            caller = await server.accepts()
            await caller.is_greeted_by("alice")
            caller.says("ERROR :No room at the inn")
            await caller.hangs_up()
            expected = "chat: The server closed the connection: No room at the inn"
            await program.screen.ends_with(expected)
            assert await program.status() == 1
        finally:
            program.forget()


@pytest.mark.slow
@in_a_loop
async def test_a_smaller_window_keeps_what_is_typed() -> None:
    async with started() as (program, server):
        program.child.send("half a li")
        await program.screen.ends_with("#lobby> half a li")
        program.child.setwinsize(10, 30)
        program.child.send("ne\r")
        await server.takes("PRIVMSG #lobby :half a line", 1)
