"""The console: what those who run the house ask it, and how they reach it.

While a server runs it is asked at its socket among the data (`dialects.admin`), for
it alone knows who is here, and nobody else may write to its store.  While none runs
the same requests are put to a house that is opened in this process, on the same
store and without a door: there is one way to do each thing, and it is the hub's.
"""

import json
import secrets
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from chat.config import Config
from chat.dialects.admin import END, FAILED, JSON
from chat.domain.ports import Store
from chat.net import address
from chat.net.clock import Clock
from chat.net.connection import Connection, Lost, connect, pair
from chat.net.poller import SelectPoller
from chat.server.loop import Server
from chat.server.machine import Machine, capacity
from chat.server.pidfile import Failed
from chat.wire.outbox import Outbox
from chat.wire.text import harmless

# How long a server may think about an answer, in seconds.
PATIENCE: Final = 20.0
# A one-time code: four times four of these, which is 79 bits and nobody confuses.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"

_NO_ANSWER: Final = "the server does not answer"


class Console:
    """A conversation with the house, one request after the other."""

    def __init__(self, connection: Connection, turn: Callable[[], None]) -> None:
        self._connection = connection
        # Lets the house go on, and returns when it may have said something.
        self._turn = turn
        self._heard = b""

    def ask(self, *words: str) -> list[str]:
        """What the house answers, in lines.

        Raises:
            Failed: it declines, in its words; or it does not answer.
        """
        try:
            self._say(" ".join(words))
            return list(self._answer())
        except Lost:
            raise Failed(_NO_ANSWER) from None

    def _say(self, request: str) -> None:
        line = request.encode(errors="replace") + b"\n"
        outbox = Outbox(soft=len(line), hard=len(line))
        outbox.append(line)
        # A line fits into the buffer of a socket that nobody else writes to.
        self._connection.flush(outbox)

    def _answer(self) -> Iterator[str]:
        while True:
            line = self._line()
            if line.startswith(FAILED):
                raise Failed(line.removeprefix(FAILED))
            if line.startswith(f"{END} "):
                return
            yield line.removeprefix(END)

    def _line(self) -> str:
        while b"\n" not in self._heard:
            self._turn()
            data = self._connection.receive()
            if data == b"":
                raise Failed(_NO_ANSWER)
            self._heard += data or b""
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode()


def dialled(data: Path) -> Connection:
    """The server that runs on *data*.

    Raises:
        Failed: none is found there; the message ends a sentence.
    """
    try:
        return connect(address.admin(data))
    except (Lost, ValueError) as why:
        raise Failed(str(why).lower()) from None


@contextmanager
def of_server(connection: Connection) -> Iterator[Console]:
    """The console of the server at the other end."""
    poller = SelectPoller()
    poller.read(connection.descriptor)

    def wait() -> None:
        if not poller.wait(PATIENCE).readable:
            raise Failed(_NO_ANSWER)

    with closing(connection):
        yield Console(connection, wait)


@contextmanager
def of_store(config: Config, store: Store) -> Iterator[Console]:
    """The console of a house that stands on *store* as long as it is asked."""
    poller = SelectPoller()
    machine = Machine(Clock(), poller, capacity(poller.reach), store=store)
    ours, theirs = pair()
    with ExitStack() as end:
        for each in (store, ours, theirs):
            end.enter_context(closing(each))
        server = Server(config, [], machine)
        with closing(server):
            server.admit(theirs, address.ADMIN)
            yield Console(ours, server.turn)
        # Not before: a house that closes tries once more.
        if server.statistics()["keeper"]["waiting"]:
            # The house would have gone on trying, but it closes.
            raise Failed("the store cannot be written to just now: nothing was changed")


@contextmanager
def reached(config: Config, open_store: Callable[[], Store]) -> Iterator[Console]:
    """The console of the server that runs on these data, or else of their store.

    Raises:
        Failed: there is neither.
    """
    data = Path(config.data)
    with ExitStack() as end:
        try:
            console = end.enter_context(of_server(dialled(data)))
        except Failed as none:
            try:
                store = open_store()
            except Failed as why:
                what = f"no server answers in {data} ({none}), and {why}"
                raise Failed(what) from None
            console = end.enter_context(of_store(config, store))
        yield console


# What can be asked for on the command line.


def account(flags: Namespace, console: Console) -> list[str]:
    """``chatd account``: what there is about accounts, and what is done to one."""
    json_or_not = [JSON] * flags.json
    if flags.what == "list":
        return console.ask(*json_or_not, "account", "list")
    name = _word(flags.name)
    if flags.what == "reset":
        return _reset(name, console, is_json=flags.json)
    return console.ask(*json_or_not, "account", flags.what, name)


def forget(flags: Namespace, console: Console) -> list[str]:
    """``chatd forget``: nothing is left of an account, and of what it said."""
    return console.ask("forget", _word(flags.account))


def confirm(what: str, name: str) -> None:
    """Have it meant: whoever is at a terminal types the *name* once more.

    Raises:
        ValueError: nobody is there to ask.
        Failed: it was not meant.
    """
    if not sys.stdin.isatty():
        raise ValueError("this cannot be undone: where nobody can be asked, say --yes")
    with suppress(EOFError):
        if input(f"{what} Type {harmless(name)} to go on: ").strip() == name:
            return
    raise Failed("nothing was changed")


def status(data: Path, *, is_json: bool) -> list[str]:
    """How the house is, in lines.

    Raises:
        Failed: no server answers.
    """
    try:
        connection = dialled(data)
    except Failed as none:
        raise Failed(f"no server answers in {data} ({none})") from None
    with of_server(connection) as console:
        return console.ask(*[JSON] * is_json, "status")


def _reset(name: str, console: Console, *, is_json: bool) -> list[str]:
    """The code is made here and shown here, once; it is written down nowhere."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    code = "-".join(groups)
    said = console.ask("account", "reset", name, code)
    if is_json:
        return [json.dumps({"account": name, "code": code})]
    return [*said, f"The code: {code}"]


def _word(name: str) -> str:
    """*name*, if it can be a part of a request.

    Raises:
        Failed: no account has such a name; two words would ask for something else.
    """
    if not name.isprintable() or name.split() != [name]:
        raise Failed(f"there is no account {name!r}")
    return name
