"""The command line: what each word behind `chatd` and `chat` sets going.

Exit status: 0 done, 1 failed, 2 wrong usage or configuration.

Next: chat/config.py
"""

import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from chat import configfile, passwords
from chat.config import Config, WrongConfig, configured, forgetful
from chat.domain.ports import Store, Trouble
from chat.flags import LOOK_AFTER, PORT, of_chat, told
from chat.flags import room as room_named
from chat.flags import server as server_named
from chat.net import address
from chat.net.clock import Clock
from chat.net.listener import CannotListen, Listener, open_all
from chat.net.log import Level, Log
from chat.net.supervisor import Supervisor, passed_in
from chat.server.pidfile import Failed, PidFile, look, stop
from chat.wire.text import harmless

if TYPE_CHECKING:
    from chat.client.login import Login

_PIDFILE: Final = "chatd.pid"
# What an operator can do whose store cannot be opened.
_WITHOUT: Final = "and --no-store starts without it, and remembers nothing"


def main(arguments: Sequence[str] | None = None) -> int:
    """``python -m chat serve ...`` and ``python -m chat connect ...``."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    match given:
        case ["connect", *rest]:
            return chat(rest)
        case [verb, *_] if verb in VERBS:
            return chatd(given)
        case _:
            sys.stderr.write("usage: python -m chat serve|connect ...\n")
            return 2


def chatd(arguments: Sequence[str] | None = None) -> int:
    """Run the server, or see to one that runs."""
    flags = told(sys.argv[1:] if arguments is None else arguments, VERBS)
    _have_streams()
    try:
        VERBS[flags.verb](flags)
    except (WrongConfig, CannotListen, ValueError) as error:
        return _complain(error, 2)
    except Failed as error:
        return _complain(error, 1)
    return 0


def _have_streams() -> None:
    """Have all three, though we were started without (``chatd >&-``).

    Or the next socket would get the number of one, and what is written to it.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < 3:
        pass
    os.close(descriptor)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("r+"))  # noqa: SIM115 - for good


def _complain(error: Exception, status: int) -> int:
    sys.stderr.write(f"chatd: {harmless(str(error))}\n")
    return status


def chat(arguments: Sequence[str] | None = None) -> int:
    """Run the terminal client, or the pipe where there is no terminal."""
    flags = of_chat().parse_args(arguments)
    nick = flags.nick or flags.account or _own_name()
    try:
        server = server_named(flags.server or f"localhost:{PORT}")
        room = room_named(flags.room)
    except ValueError as error:
        sys.stderr.write(f"chat: {error}\n")
        return 2
    # `chatd` starts sooner without the client and all that it stands on.
    from chat.client import pipe  # noqa: PLC0415
    from chat.client.visit import Visit  # noqa: PLC0415

    if pipe.is_wanted() or flags.json or flags.once or flags.timeout:
        if flags.account:
            sys.stderr.write("chat: --account asks for a password, on a terminal.\n")
            return 2
        terms = pipe.terms(json=flags.json, once=flags.once, timeout=flags.timeout)
        return pipe.run(*server, Visit(nick=nick, room=room, asks=False), terms)
    try:
        login = _login(flags.account)
    except (EOFError, KeyboardInterrupt):
        return 1
    return _at_a_terminal(server, nick, room, login, may_ask=not flags.server)


def _login(account: str) -> "Login | None":
    """Who to be, if an *account* is wanted; its password is asked for."""
    from chat.client.login import Login  # noqa: PLC0415

    if not account:
        return None
    return Login(account, getpass.getpass(f"The password of {account}: "))


def _at_a_terminal(
    server: tuple[str, int],
    nick: str,
    room: str,
    login: "Login | None",
    *,
    may_ask: bool,
) -> int:
    """Chat on a terminal; ask once for the server if there is none and one may."""
    # Drawing needs libraries that a pipe does without.
    from chat.client import terminal  # noqa: PLC0415
    from chat.client.drawer import remembered  # noqa: PLC0415
    from chat.client.link import Unreachable  # noqa: PLC0415
    from chat.client.visit import Visit  # noqa: PLC0415

    folder = Path(platformdirs.user_state_dir("switchboard", appauthor=False))
    host, port = server
    try:
        with remembered(folder, server=f"{host}:{port}", nick=nick) as unsent:
            visit = Visit(nick=nick, room=room, unsent=unsent, login=login)
            return terminal.run(host, port, visit)
    except Unreachable as unreachable:
        if not may_ask:
            sys.stderr.write(f"chat: {unreachable}\n")
            return 1
    try:
        answer = input("No server runs on this machine. Which one? HOST[:PORT] ")
        server = server_named(answer.strip())
    except (EOFError, KeyboardInterrupt):
        return 1
    except ValueError as error:
        sys.stderr.write(f"chat: {error}\n")
        return 2
    return _at_a_terminal(server, nick, room, login, may_ask=False)


def _serve(flags: Namespace) -> None:
    config = _configuration(flags)
    if flags.print_config:
        sys.stdout.write(configfile.written(config))
        return
    # `chat` starts sooner without the loop and all that it stands on.  But it is there
    # before anybody can connect, who would wait for it.
    from chat.server import daemon, steward  # noqa: F401, PLC0415

    data = Path(config.data)
    _make(data)
    with ExitStack() as undo:
        pidfile = None
        with _as_wanted(flags):
            pidfile = PidFile(flags.pidfile or data / _PIDFILE)
            undo.callback(pidfile.remove)
        listeners = [*_listeners(config), *_for_the_console(data)]
        for listener in listeners:
            undo.callback(listener.close)
        _run(flags, config, listeners, pidfile)


@contextmanager
def _as_wanted(flags: Namespace) -> Iterator[None]:
    """In the foreground a pidfile that nobody asked for is worth a complaint only."""
    try:
        yield
    except Failed as error:
        if flags.pidfile or flags.daemon:
            raise
        _complain(error, 0)


def _run(
    flags: Namespace,
    config: Config,
    listeners: list[Listener],
    pidfile: PidFile | None,
) -> None:
    from chat.server import daemon, steward  # noqa: PLC0415

    log = _log(flags, Path(config.data))
    let_go = daemon.detach() if flags.daemon else _nothing
    if pidfile is not None:
        with _as_wanted(flags):
            pidfile.write()
    # Not before: a database must not be carried from one process into another.
    with closing(_store(flags, config)) as store:
        around = steward.Surroundings(
            log=log,
            reread=lambda: _configuration(flags),
            supervisor=Supervisor.named_in(os.environ),
            store=store,
        )
        daemon.serve(config, listeners, around, when_ready=let_go)


def _store(flags: Namespace, config: Config) -> Store:
    """What the server remembers with.  If that cannot be opened, it stays as it is."""
    from chat import doctor  # noqa: PLC0415
    from chat.store.files import Damaged, Unusable  # noqa: PLC0415
    from chat.store.memory import MemoryStore  # noqa: PLC0415

    if flags.no_store:
        return MemoryStore()
    try:
        return doctor.opened(Path(config.data), config.history.durability)
    except Damaged as why:
        raise Failed(f"{why}; it was left as it is, {_WITHOUT}") from None
    except (Trouble, Unusable) as why:
        raise Failed(f"{why}; {_WITHOUT}") from None


def _nothing() -> None:
    """Whoever started us goes on looking at us."""


def _stop(flags: Namespace) -> None:
    stopped = stop(_pidfile(flags))
    sys.stdout.write(f"Process {stopped.pid} has ended.\n")


def _status(flags: Namespace) -> None:
    from chat import console  # noqa: PLC0415 - `chat` starts sooner without

    path = _pidfile(flags)
    running = look(path)
    if running is None:
        raise Failed(f"no server runs ({path})")
    try:
        lines = console.status(_data(flags), is_json=flags.json)
    except Failed:
        if flags.json:
            raise
        # It may be busy, or have no socket: this much is certain all the same.
        lines = [f"For statistics in its log: kill -USR1 {running.pid}"]
    if not flags.json:
        since = datetime.fromtimestamp(running.since, UTC)
        up = timedelta(seconds=Clock().now().wall // 1000 - int(running.since))
        when = f"{since:%Y-%m-%dT%H:%M:%SZ} ({up})"
        lines = [f"Process {running.pid} serves since {when}.", *lines]
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _look_after(flags: Namespace) -> None:
    from chat import caretaker  # noqa: PLC0415 - `chat` starts sooner without

    place = caretaker.Place(
        _data(flags),
        lambda: _checked(flags),
        lambda: look(_pidfile(flags)),
    )
    caretaker.ACTS[flags.verb](flags, place)


def _check_config(flags: Namespace) -> None:
    _checked(flags)
    sys.stdout.write("The configuration is in order.\n")


def _hash_password(_flags: Namespace) -> None:
    if sys.stdin.isatty():
        password = getpass.getpass()
        if password != getpass.getpass("Once more: "):
            raise Failed("these were two different passwords")
    else:
        password = sys.stdin.readline().rstrip("\n")
    sys.stdout.write(passwords.hashed(password) + "\n")


# What `chatd` does, by its first word.
VERBS: Final[dict[str, Callable[[Namespace], None]]] = {
    "serve": _serve,
    "stop": _stop,
    "status": _status,
    "check-config": _check_config,
    "hash-password": _hash_password,
    **dict.fromkeys(LOOK_AFTER, _look_after),
}


def _checked(flags: Namespace) -> Config:
    """The configuration, if a server could start with it."""
    config = _configuration(flags)
    for text in config.listen:
        address.parse(text)
    return config


def _configuration(flags: Namespace) -> Config:
    """Flags over the file over the defaults."""
    usual = Path(platformdirs.user_data_dir("switchboard", appauthor=False))
    file = flags.config or (flags.data or usual) / "chat.toml"
    config = Config()
    if flags.config or _exists(file):
        config = configfile.read(file)
    poller = getattr(flags, "poller", None)
    given = [] if poller is None else [f"server.poller={poller}"]
    config = configured([*flags.set, *given], config)
    # A folder that the file names is where the file is, not where we are.
    data = flags.data or file.parent / (config.data or usual)
    listen = tuple(flags.listen) or config.listen
    config = replace(config, listen=listen, data=str(data))
    return forgetful(config) if getattr(flags, "no_store", False) else config


def _exists(file: Path) -> bool:
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # It may be there: reading it will tell what is wrong.
        return True
    return True


def _pidfile(flags: Namespace) -> Path:
    return Path(flags.pidfile) if flags.pidfile else _data(flags) / _PIDFILE


def _data(flags: Namespace) -> Path:
    # A broken file is no reason not to find the server.
    return Path(flags.data or _configuration(flags).data)


def _listeners(config: Config) -> list[Listener]:
    if passed := passed_in(os.environ):
        return passed
    return open_all([each for text in config.listen for each in address.parse(text)])


def _for_the_console(data: Path) -> list[Listener]:
    """Where those who run the house ask it; people can talk without."""
    try:
        return [Listener(address.admin(data))]
    except (CannotListen, ValueError) as error:
        _complain(error, 0)
        return []


def _log(flags: Namespace, data: Path) -> Log:
    file = flags.log
    if file is None and flags.daemon:
        file = data / "chatd.log"
    try:
        log = Log.on(sys.stderr) if file is None else Log.at(file)
    except OSError as error:
        raise WrongConfig(f"cannot write to {file}: {error.strerror}") from None
    log.level = Level[flags.log_level.upper()]
    return log


def _make(data: Path) -> None:
    """Make the data folder, for nobody's eyes but ours."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongConfig(f"cannot keep data in {data}: {error.strerror}") from None


def _own_name() -> str:
    """The name on this machine, unless it is everybody's."""
    name = os.environ.get("USER") or getpass.getuser()
    return "guest" if name == "root" else name
