"""The terminal: a prompt at the bottom, the conversation above it.

The only module that draws.  What is said scrolls up like the output of any
program, so the terminal's own scrolling, searching and copying work; the prompt
names the room where we are.  What was typed is erased when it is entered and
shown again as a line like everybody's, with time and nick.

Two tasks share the session: one listens to the server, one reads the keyboard.
Whichever ends first ends the visit.  Text to show is gathered and drawn above
the prompt in one go, so a flood of it costs few redraws.  No text of others
becomes markup or the name of a style: it is only ever the text of a fragment.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import Style

from chat.client.happenings import Effect, Note, Send
from chat.client.link import Link, Lost
from chat.client.session import Session
from chat.client.words import Line, clock, line
from chat.dialects.irc.message import Message
from chat.wire.text import harmless, width, wrap

_WELCOME: Final = "Type and press Enter. /help lists the commands. Ctrl-D leaves."
_STYLE: Final = Style.from_dict(
    {"time": "ansibrightblack", "where": "ansicyan", "who": "bold"}
)
# What is typed happens now: no message says otherwise.
_NO_MESSAGE: Final = Message("")
# Wrapped text goes on under the nick: behind "10:14 ".
_INDENT: Final = 6
# How long the server may take to say goodbye, and how long what was typed may
# take to reach the room, before we go without.
_FAREWELL_SECONDS: Final = 2
_ARRIVAL_SECONDS: Final = 15


def run(host: str, port: int, *, nick: str, room: str) -> int:
    """Chat until the person leaves or the connection does; the exit status."""
    try:
        return asyncio.run(_visit(host, port, Session(nick=nick, room=room)))
    except Lost as lost:
        sys.stderr.write(f"chat: {harmless(str(lost))}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


async def _visit(host: str, port: int, session: Session) -> int:
    link = await Link.to(host, port)
    try:
        with patch_stdout():
            return await Terminal(link, session).stay()
    finally:
        await link.close()


class Terminal:
    """One person at one terminal, for the length of one connection."""

    def __init__(self, link: Link, session: Session) -> None:
        self._link = link
        self._session = session
        self._prompt: PromptSession[str] = PromptSession(
            self._label,
            erase_when_done=True,
            enable_suspend=True,
            key_bindings=self._keys(),
        )
        self._undrawn: list[Line] = []
        self._has_welcomed = False

    async def stay(self) -> int:
        """Chat until somebody ends it; the exit status, or raise `Lost`."""
        self._perform(self._session.greet(), _NO_MESSAGE)
        listening = asyncio.create_task(self._listen())
        typing = asyncio.create_task(self._type())
        with _signals() as signalled:
            try:
                await _first({listening, typing, signalled})
                if typing.done():
                    kept = self._session.kept
                    seconds = _ARRIVAL_SECONDS if kept else _FAREWELL_SECONDS
                    await _first({listening, signalled}, timeout=seconds)
            finally:
                await _stop(listening, typing)
                self._draw()
        if signalled.done():
            self._perform(self._session.type("/quit"), _NO_MESSAGE)
            return 128 + signalled.result()
        self._check_ending()
        return 0

    def _check_ending(self) -> None:
        """Raise `Lost` unless we wanted to go and have left nothing unsaid."""
        kept = " / ".join(self._session.kept)
        if kept or not self._session.state.leaving:
            why = self._session.farewell or "The server did not let you in."
            raise Lost(f"{why} (not sent: {kept})" if kept else why)

    # Listening.

    async def _listen(self) -> None:
        try:
            async for batch in self._link.batches():
                for message in batch:
                    self._perform(self._session.hear(message), message)
                self._welcome()
            why = "The server closed the connection."
        except Lost as lost:
            why = str(lost)
        # What the server gave as its reason says more.
        self._session.farewell = self._session.farewell or why

    def _welcome(self) -> None:
        if not self._has_welcomed and self._session.state.current:
            self._has_welcomed = True
            self._note(_WELCOME)

    # Typing.

    async def _type(self) -> None:
        while not self._session.state.leaving:
            try:
                text = await self._prompt.prompt_async(set_exception_handler=False)
            except EOFError:
                self._perform(self._session.type("/quit"), _NO_MESSAGE)
                return
            self._perform(self._session.type(text), _NO_MESSAGE)
            with contextlib.suppress(Lost):
                await self._link.flushed()

    def _label(self) -> FormattedText:
        room = self._session.state.current
        name = harmless(room.name) if room else ""
        return FormattedText([("bold", f"{name}> ")])

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("c-c")
        @keys.add("<sigint>")
        def _clear(event: KeyPressEvent) -> None:
            if event.current_buffer.text:
                event.current_buffer.reset()
            else:
                self._note("Ctrl-D or /quit leaves.")

        return keys

    # Showing.

    def _perform(self, effects: Iterable[Effect], message: Message) -> None:
        """Send what is to be sent and show the rest, at the time of *message*."""
        at = clock(message, datetime.now(UTC))
        for effect in effects:
            if isinstance(effect, Send):
                self._link.send([effect.message])
            else:
                self._show(line(self._session.state, effect, at))

    def _note(self, text: str) -> None:
        self._perform([Note(text)], _NO_MESSAGE)

    def _show(self, shown: Line) -> None:
        self._undrawn.append(shown)
        if len(self._undrawn) == 1:
            # The prompt steps aside once for all that comes until then.
            run_in_terminal(self._draw)

    def _draw(self) -> None:
        lines, self._undrawn = self._undrawn, []
        output = self._prompt.app.output
        columns = output.get_size().columns
        fragments = [part for shown in lines for part in _fragments(shown, columns)]
        print_formatted_text(output, FormattedText(fragments), _STYLE)


def _fragments(shown: Line, columns: int) -> Iterator[tuple[str, str]]:
    first = width(shown.time + shown.where + shown.who)
    # A line begins with the time and then a nick, so nobody forges one without a
    # space, and a link may stay whole.
    text = wrap(shown.text, columns, first=first, indent=_INDENT, keep_links=True)
    yield "class:time", shown.time
    yield "class:where", shown.where
    yield "class:who", shown.who
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
