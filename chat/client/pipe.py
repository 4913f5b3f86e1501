"""The pipe: `chat` among other programs, without a screen.

    chat irc.here '#ops' < report       says each line of the report
    chat irc.here '#ops' | tee log      writes down what others say
    asker | chat irc.here '#ops' | bot  both

What is read is said as it stands; nothing of it is a command.  The end of the
input ends the visit once the server has proved that it heard every line; what it
did not hear comes out on standard error, and the exit status is 1.  Written is
one line for each message of somebody else: time, room, nick and text between
tabs, harmless to a terminal, or the same as JSON.  What a server plays back is no news:
as JSON it is marked, and otherwise left out, as nobody may take it for an order.

Whoever only listens comes back for ever.  Whoever has something to say gives up
after half a minute without a server: a script must not hang.
"""

import asyncio
import contextlib
import json
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from chat.client.call import Call, World
from chat.client.happenings import Happening, Manner, Note, Said, When
from chat.client.input import Input
from chat.client.link import Unreachable
from chat.client.visit import Visit
from chat.client.words import server_time
from chat.dialects.irc.message import Message
from chat.wire.text import harmless

_INPUT, _OUTPUT = 0, 1
# How long the server may take to say good-bye, and may be gone altogether.
_FAREWELL_SECONDS: Final = 2
_PATIENCE_SECONDS: Final = 30
# More of the input is not read before the server has heard some of it.
_MOST_WAITING: Final = 100
_KINDS: Final = {
    Manner.PLAIN: "message",
    Manner.ACTION: "action",
    Manner.NOTICE: "notice",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the pipe is for."""

    reads: bool
    writes: bool
    json: bool = False
    once: bool = False
    timeout: float | None = None


def is_wanted() -> bool:
    """Whether standard input or output is no terminal."""
    return not (os.isatty(_INPUT) and os.isatty(_OUTPUT))


def terms(*, json: bool, once: bool, timeout: float | None) -> Terms:
    """What standard input and output are good for.

    A terminal, a null device and a closed one have no lines to say.  A terminal
    is written to by those only who asked for it.
    """
    reads = _kind(_INPUT) in {stat.S_IFREG, stat.S_IFIFO, stat.S_IFSOCK}
    asked = json or once or timeout is not None
    writes = bool(_kind(_OUTPUT)) and (not os.isatty(_OUTPUT) or asked)
    return Terms(reads, writes, json, once, timeout)


def _kind(descriptor: int) -> int:
    try:
        return stat.S_IFMT(os.fstat(descriptor).st_mode)
    except OSError:
        return 0


def run(host: str, port: int, visit: Visit, terms: Terms) -> int:
    """Pass lines on until it is done; the exit status."""
    try:
        return asyncio.run(Pipe(visit, terms).flow(host, port))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


class Pipe:
    """Lines in, messages out."""

    def __init__(
        self, visit: Visit, terms: Terms, *, world: World | None = None
    ) -> None:
        self._visit = visit
        self._terms = terms
        self._world = world or World()
        self._call = Call(
            visit, self._happened, changed=self._look_again, world=self._world
        )
        self._input = Input(_INPUT)
        # Set when something has changed that somebody may wait for.
        self._changed = asyncio.Event()
        self._has_written = False
        # Nobody reads any more what we write.
        self._is_unread = False
        # Why it cannot be done; "" while it can.  And what the server last
        # complained of, which is often the reason.
        self._trouble = ""
        self._complaint = ""
        self._missed_since: float | None = None

    async def flow(self, host: str, port: int) -> int:
        """Pass lines on until it is done; the exit status."""
        try:
            async with asyncio.timeout(self._terms.timeout):
                await self._flow(host, port)
        except TimeoutError:
            self._trouble = f"Not done within {self._terms.timeout:g} s."
        except Unreachable as lost:
            self._trouble = str(lost)
        return await self._account()

    async def _flow(self, host: str, port: int) -> None:
        calling = asyncio.create_task(self._call.last(host, port))
        feeding = asyncio.create_task(self._feed())
        calling.add_done_callback(lambda _: self._changed.set())
        try:
            with _noticing(_OUTPUT, self._unread):
                await self._until(lambda: self._is_done() or calling.done())
            if not calling.done() and self._visit.is_connected:
                self._call.type("/quit")
                await asyncio.wait({calling}, timeout=_FAREWELL_SECONDS)
        finally:
            feeding.cancel()
            calling.cancel()
            ended = await asyncio.gather(calling, feeding, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error
        if not self._visit.session.state.leaving:
            self._trouble = self._trouble or self._visit.why

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    def _is_done(self) -> bool:
        if self._trouble:
            return True
        if self._terms.once and not self._has_written and not self._is_unread:
            return False
        if self._terms.reads:
            return self._input.has_ended and not len(self._visit.unsent)
        return self._terms.once or self._is_unread

    def _look_again(self) -> None:
        """Something has changed; perhaps it cannot be done any more."""
        session, now = self._visit.session, self._world.now()
        if session.state.rooms:
            self._missed_since = None
        elif session.is_turned_away:
            self._trouble = self._complaint or "You are in no room."
        elif not self._visit.is_connected and self._terms.reads:
            if self._missed_since is None:
                self._missed_since = now
            if now - self._missed_since >= _PATIENCE_SECONDS:
                self._trouble = self._visit.why
        self._changed.set()

    # In.

    async def _feed(self) -> None:
        """Say what is read, as fast as it is heard."""
        while self._terms.reads and (line := await self._input.next()) is not None:
            self._call.type(_as_speech(line))
            await self._call.flushed()
            await self._until(lambda: len(self._visit.unsent) < _MOST_WAITING)
        self._changed.set()

    async def _account(self) -> int:
        """Tell what was not done; the exit status."""
        unsent = [_as_read(text) for text in self._visit.unsent.refused]
        unsent += (_as_read(line.text) for line in self._visit.unsent if line.is_speech)
        if self._terms.reads:
            unsent += await self._input.rest()
        if not (unsent or self._trouble):
            return 0
        why = self._trouble or self._complaint or "The server did not pass it on."
        told = [f"chat: {harmless(why)}"]
        if unsent:
            told += [f"chat: not sent ({len(unsent)}):", *unsent]
        sys.stderr.write("".join(f"{line}\n" for line in told))
        return 1

    # Out.

    def _happened(self, happening: Happening, message: Message) -> None:
        match happening:
            case Said(nick) if not self._visit.session.state.is_me(nick):
                self._write(happening, message)
            case Note(text) if _is_complaint(message):
                self._complaint = text

    def _is_of_use(self, said: Said) -> bool:
        """Somebody reads *said* and can tell whether it is said now."""
        if self._is_unread or not self._terms.writes:
            return False
        is_enough = self._terms.once and self._has_written
        may_be_old = self._terms.json and not self._terms.once
        return not is_enough and (said.when is When.NOW or may_be_old)

    def _write(self, said: Said, message: Message) -> None:
        if not self._is_of_use(said):
            return
        at = server_time(message.tags.get("time", ""), UTC)
        at = at or datetime.fromtimestamp(self._world.now(), UTC)
        form = _as_json if self._terms.json else _between_tabs
        try:
            _write_all(_OUTPUT, form(said, message, _iso(at)).encode() + b"\n")
        except BrokenPipeError:
            self._unread()
        except OSError as error:
            self._trouble = f"Cannot write: {error.strerror}."
        self._has_written = True

    def _unread(self) -> None:
        self._is_unread = True
        self._changed.set()


def _as_speech(line: str) -> str:
    return f"/{line}" if line.startswith("/") else line


def _as_read(text: str) -> str:
    return text[1:] if text.startswith("//") else text


def _is_complaint(message: Message) -> bool:
    number = message.command
    # That our nick is taken, or CAP unknown, stops nobody.
    if number == "FAIL":
        return True
    return number[:1] in {"4", "5"} and number != "421" and number[:2] != "43"


def _between_tabs(said: Said, _message: Message, at: str) -> str:
    mark = "* " if said.manner is Manner.ACTION else ""
    return "\t".join(map(harmless, (at, said.to, said.nick, mark + said.text)))


def _as_json(said: Said, message: Message, at: str) -> str:
    record: dict[str, str | bool] = {
        "time": at,
        "room": harmless(said.to),
        "nick": harmless(said.nick),
        "text": harmless(said.text),
        "kind": _KINDS[said.manner],
    }
    if said.when is not When.NOW:
        record["earlier"] = True
    if "msgid" in message.tags:
        record["id"] = harmless(message.tags["msgid"])
    return json.dumps(record, ensure_ascii=False)


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


@contextlib.contextmanager
def _noticing(descriptor: int, gone: Callable[[], None]) -> Iterator[None]:
    """Call *gone* when nobody reads *descriptor* any more, if it is a pipe."""
    loop = asyncio.get_running_loop()

    def _first() -> None:
        loop.remove_reader(descriptor)
        gone()

    if _kind(descriptor) != stat.S_IFIFO:
        yield
        return
    # The end that is written to becomes readable only by an error.
    with contextlib.suppress(NotImplementedError, OSError):
        loop.add_reader(descriptor, _first)
    yield
    with contextlib.suppress(NotImplementedError):
        loop.remove_reader(descriptor)
