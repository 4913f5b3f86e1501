"""The terminal: a prompt at the bottom, the conversation above it.

The only module that draws.  What is said scrolls up like the output of any
program, so the terminal's own scrolling, searching and copying work; the prompt
names the room where we are.  What was typed is erased when it is entered and
shown again as a line like everybody's, with time and nick.

Two tasks share the visit: one calls the server, again and again if need be, and
one reads the keyboard.  Whichever ends first ends the visit.  Text to show is
gathered and drawn above the prompt in one go, so a flood of it costs few
redraws.  No text of others becomes markup or the name of a style: it is only
ever the text of a fragment.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session, run_in_terminal
from prompt_toolkit.buffer import Buffer, CompletionState
from prompt_toolkit.completion import Completion
from prompt_toolkit.data_structures import Size
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText, fragment_list_to_text
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output.plain_text import PlainTextOutput
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import is_dumb_terminal

from chat.client.call import NO_MESSAGE, Call, World
from chat.client.commands import COMMANDS
from chat.client.completion import completions
from chat.client.happenings import Happening, Note
from chat.client.link import Lost, Unreachable
from chat.client.palette import color_of
from chat.client.scroll import Scroll
from chat.client.visit import Visit
from chat.client.words import Line, line, moment, where_we_are
from chat.dialects.irc.message import Message
from chat.wire.text import harmless, width, wrap

_WELCOME: Final = "Type and press Enter. /help lists the commands. Ctrl-D leaves."
_STYLE: Final = Style.from_dict(
    {"time": "ansibrightblack", "where": "ansicyan", "who": "bold"}
)
# Wrapped text goes on under the nick: behind "10:14 ".
_INDENT: Final = 6
# Who comes or goes within so short a time shares a line.
_FLURRY_SECONDS: Final = 1
# How long the server may take to say goodbye, and how long what was typed may
# take to reach the room, before we go without.
_FAREWELL_SECONDS: Final = 2
_ARRIVAL_SECONDS: Final = 15


def run(host: str, port: int, visit: Visit) -> int:
    """Chat until the person leaves; the exit status.

    Raises:
        Unreachable: there is no server at *host* and *port*.
    """
    if os.name == "posix" and not os.environ.get("TERM"):
        # Who does not say what their terminal can do gets plain text.
        os.environ["TERM"] = "dumb"
    try:
        return asyncio.run(_stay(host, port, visit))
    except Unreachable:
        raise
    except Lost as lost:
        sys.stderr.write(f"chat: {harmless(str(lost))}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


async def _stay(
    host: str, port: int, visit: Visit, *, world: World | None = None
) -> int:
    with patch_stdout(), _output():
        return await Terminal(visit, world=world).stay(host, port)


@contextlib.contextmanager
def _output() -> Iterator[None]:
    """Where to draw: the session's output, and on a dumb terminal only text."""
    # The proxy of patch_stdout would have it drawn above a prompt.
    screen = sys.__stdout__
    if screen and is_dumb_terminal():
        with create_app_session(output=_PlainOutput(screen)):
            yield
    else:
        yield


class _PlainOutput(PlainTextOutput):
    """An output without a single escape sequence, as wide as the terminal."""

    def get_size(self) -> Size:
        """How many rows and columns there are."""
        columns, rows = shutil.get_terminal_size()
        return Size(rows, columns)

    def encoding(self) -> str:
        """What the terminal can show."""
        return self.stdout.encoding


class _Typed(InMemoryHistory):
    """What was typed before, for the arrow keys; but no password."""

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self._visit = visit

    def append_string(self, string: str) -> None:
        """Remember it, unless it is the answer that must not show."""
        if self._visit.secret is None:
            super().append_string(string)


class Terminal:
    """One person at one terminal, for the length of one visit."""

    def __init__(self, visit: Visit, *, world: World | None = None) -> None:
        self._visit = visit
        self._call = Call(visit, self._show, changed=self._look_again, world=world)
        self._prompt: PromptSession[str] = PromptSession(
            self._label,
            erase_when_done=True,
            enable_suspend=True,
            history=_Typed(visit),
            is_password=Condition(lambda: visit.secret is not None),
            key_bindings=self._keys(),
        )
        self._undrawn: list[Line] = []
        self._scroll = Scroll(datetime.now().astimezone().date())
        self._world = world or World()
        self._is_drawing = False
        self._patience: asyncio.Task[None] | None = None
        self._has_welcomed = False

    async def stay(self, host: str, port: int) -> int:
        """Chat until somebody ends it; the exit status, or raise `Lost`."""
        calling = asyncio.create_task(self._call.last(host, port))
        typing = asyncio.create_task(self._type())
        with _signals() as signalled:
            try:
                await _first({calling, typing, signalled})
                if typing.done() and self._visit.is_connected:
                    unsent = self._visit.unsent.texts()
                    seconds = _ARRIVAL_SECONDS if unsent else _FAREWELL_SECONDS
                    await _first({calling, signalled}, timeout=seconds)
                if signalled.done():
                    self._call.type("/quit")
            finally:
                await _stop(calling, typing)
                self._draw()
        if signalled.done():
            return 128 + signalled.result()
        self._check_ending()
        return 0

    def _check_ending(self) -> None:
        """Raise `Lost` unless we wanted to go and have left nothing unsent."""
        session, unsent = self._visit.session, self._visit.unsent.texts()
        if unsent or not session.state.leaving:
            why = (
                self._visit.why or session.farewell or "The server did not let you in."
            )
            how = "; kept for the next time" if self._visit.unsent.outlives_us else ""
            raise Lost(f"{why} (not sent{how}: {unsent})" if unsent else why)

    def _look_again(self) -> None:
        """Something has changed that stands in the prompt."""
        if not self._has_welcomed and self._visit.session.state.current:
            self._has_welcomed = True
            self._note(_WELCOME)
        self._prompt.app.invalidate()

    # Typing.

    async def _type(self) -> None:
        while not self._visit.is_leaving:
            try:
                text = await self._prompt.prompt_async(
                    set_exception_handler=False,
                )
            except EOFError:
                text = "/quit"
            self._call.type(text)
            await self._call.flushed()

    def _label(self) -> FormattedText:
        if secret := self._visit.secret:
            shows = " (it shows)" if is_dumb_terminal() else ""
            return FormattedText([("bold", f"{harmless(secret.words)}{shows}: ")])
        if question := self._visit.question:
            return FormattedText([("bold", f"{harmless(question.words)} > ")])
        session = self._visit.session
        # Between two connections the room stays in sight.
        name = where_we_are(session.state)
        if seconds := self._call.countdown:
            name = f"{session.home} (trying again in {seconds} s)"
        return FormattedText([("bold", f"{harmless(name)}> ")])

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("c-c")
        @keys.add("<sigint>")
        def _clear(event: KeyPressEvent) -> None:
            if event.current_buffer.text:
                event.current_buffer.reset()
            else:
                self._note("Ctrl-D or /quit leaves.")

        @keys.add("tab")
        def _complete(event: KeyPressEvent) -> None:
            if event.app.key_processor.input_queue:
                # More keys are there already: this is a paste, and means a tab.
                event.current_buffer.insert_text("\t")
            elif not is_dumb_terminal():
                self._complete(event.current_buffer)

        @keys.add("s-tab")
        def _back(event: KeyPressEvent) -> None:
            event.current_buffer.complete_previous()

        return keys

    def _complete(self, typing: Buffer) -> None:
        """Put the next thing that the word may become in its place."""
        if typing.complete_state:
            typing.complete_next()
            return
        text = typing.document.text_before_cursor
        word, found = completions(self._visit.session.state, text, COMMANDS)
        if found:
            typing.complete_state = CompletionState(
                typing.document, [Completion(one, -len(word)) for one in found]
            )
            typing.go_to_completion(0)

    # Showing.

    def _show(self, happening: Happening, message: Message = NO_MESSAGE) -> None:
        """Show what happened, at the time of *message*."""
        at = moment(message, datetime.now(UTC))
        shown = line(self._visit.session.state, happening, at)
        self._undrawn.append(shown)
        if not shown.move:
            self._draw_soon()
        elif len(self._undrawn) == 1:
            # Others may be about to come or go too.
            self._patience = asyncio.create_task(self._wait_for_others())

    async def _wait_for_others(self) -> None:
        await self._world.wait(_FLURRY_SECONDS)
        self._draw_soon()

    def _draw_soon(self) -> None:
        """Have the prompt step aside once for all that comes until then."""
        if not self._is_drawing:
            self._is_drawing = True
            run_in_terminal(self._draw)

    def _note(self, text: str) -> None:
        self._show(Note(text))

    def _draw(self) -> None:
        self._is_drawing = False
        if self._patience:
            self._patience.cancel()
        lines, self._undrawn = self._scroll.laid(self._undrawn), []
        output = self._prompt.app.output
        shown = FormattedText(part for line in lines for part in self._fragments(line))
        if not is_dumb_terminal():
            print_formatted_text(output, shown, _STYLE)
        elif lines:
            # Nothing can be drawn above the prompt: it is written once more.
            typed = self._prompt.default_buffer.text
            below = fragment_list_to_text(self._label()) + typed
            output.write("\n" + fragment_list_to_text(shown) + below)
            output.flush()

    def _fragments(self, shown: Line) -> Iterator[tuple[str, str]]:
        output, state = self._prompt.app.output, self._visit.session.state
        look = "class:who"
        if shown.speaker and shown.speaker != state.fold(state.nick):
            look = color_of(shown.speaker)
        parts = _fragments(shown, look, output.get_size().columns)
        encoding = output.encoding() or "utf-8"
        for style, text in parts:
            yield style, text.encode(encoding, "replace").decode(encoding)


def _fragments(shown: Line, look: str, columns: int) -> Iterator[tuple[str, str]]:
    first = width(shown.time + shown.where + shown.who)
    # A line begins with the time and then a nick, so nobody forges one without a
    # space, and a link may stay whole.
    text = wrap(shown.text, columns, first=first, indent=_INDENT, keep_links=True)
    yield "class:time", shown.time
    yield "class:where", shown.where
    yield look, shown.who
    yield "", "\n".join(text) + "\n"


async def _first(
    futures: Iterable[asyncio.Future[None] | asyncio.Future[int]],
    timeout: float | None = None,
) -> None:
    await asyncio.wait(futures, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)


async def _stop(*tasks: asyncio.Task[None]) -> None:
    """End *tasks*; what went wrong in one of them is raised here."""
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task


@contextlib.contextmanager
def _signals() -> Iterator[asyncio.Future[int]]:
    """A future for the signal that asks us to go, so the terminal is left sane."""
    loop = asyncio.get_running_loop()
    signalled: asyncio.Future[int] = loop.create_future()

    def _arrived(number: int) -> None:
        if not signalled.done():
            signalled.set_result(number)

    # Windows has neither SIGHUP nor signal handlers in its loop.
    with contextlib.suppress(AttributeError, NotImplementedError):
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, _arrived, number)
    yield signalled
