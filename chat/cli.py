"""The command line: flags into values, and the one place that parses them.

Exit status: 0 done, 1 failed, 2 wrong usage or configuration.

Next: chat/config.py
"""

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

import platformdirs

from chat.config import WrongConfig, configured
from chat.net import address
from chat.net.listener import CannotListen, open_all

PORT: Final = 2428
LOBBY: Final = "#lobby"


def main(arguments: Sequence[str] | None = None) -> int:
    """``python -m chat serve ...`` and ``python -m chat connect ...``."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    match given:
        case ["serve", *rest]:
            return chatd(rest)
        case ["connect", *rest]:
            return chat(rest)
        case _:
            sys.stderr.write("usage: python -m chat serve|connect ...\n")
            return 2


def chatd(arguments: Sequence[str] | None = None) -> int:
    """Run the server."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    flags = _chatd_flags().parse_args(given[1:] if given[:1] == ["serve"] else given)
    try:
        config = configured(flags.set)
        texts = flags.listen or [str(PORT)]
        addresses = [each for text in texts for each in address.parse(text)]
        _make(flags.data)
        listeners = open_all(addresses)
    except (WrongConfig, CannotListen, ValueError) as error:
        sys.stderr.write(f"chatd: {error}\n")
        return 2
    # `chat` starts sooner without the loop and all that it stands on.
    from chat.server.daemon import serve  # noqa: PLC0415

    serve(config, listeners)
    return 0


def chat(arguments: Sequence[str] | None = None) -> int:
    """Run the terminal client, or the pipe where there is no terminal."""
    flags = _chat_flags().parse_args(arguments)
    nick = flags.nick or _own_name()
    try:
        server = _server(flags.server or f"localhost:{PORT}")
        room = _room(flags.room)
    except ValueError as error:
        sys.stderr.write(f"chat: {error}\n")
        return 2
    # `chatd` starts sooner without the client and all that it stands on.
    from chat.client import pipe  # noqa: PLC0415
    from chat.client.visit import Visit  # noqa: PLC0415

    if pipe.is_wanted() or flags.json or flags.once or flags.timeout:
        terms = pipe.terms(json=flags.json, once=flags.once, timeout=flags.timeout)
        return pipe.run(*server, Visit(nick=nick, room=room, asks=False), terms)
    return _at_a_terminal(server, nick, room, may_ask=not flags.server)


def _at_a_terminal(
    server: tuple[str, int], nick: str, room: str, *, may_ask: bool
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
            visit = Visit(nick=nick, room=room, unsent=unsent)
            return terminal.run(host, port, visit)
    except Unreachable as unreachable:
        if not may_ask:
            sys.stderr.write(f"chat: {unreachable}\n")
            return 1
    try:
        answer = input("No server runs on this machine. Which one? HOST[:PORT] ")
        server = _server(answer.strip())
    except (EOFError, KeyboardInterrupt):
        return 1
    except ValueError as error:
        sys.stderr.write(f"chat: {error}\n")
        return 2
    return _at_a_terminal(server, nick, room, may_ask=False)


def _make(data: Path) -> None:
    """Make the data folder, for nobody's eyes but ours."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongConfig(f"cannot keep data in {data}: {error.strerror}") from None


class Flags(argparse.ArgumentParser):
    """Flags whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to read more."""
        self.exit(2, f"{self.prog}: {message} ({self.prog} --help tells more)\n")


def _chatd_flags() -> Flags:
    parser = Flags(prog="chatd", description="The chat server.")
    parser.add_argument(
        "--listen",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="where to listen: PORT (this machine only), HOST:PORT or"
        f" auto://HOST:PORT; may be given again (default: {PORT})",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(platformdirs.user_data_dir("switchboard", appauthor=False)),
        metavar="DIR",
        help="where the server keeps what it must remember (default: %(default)s)",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one setting, for example limits.enabled=false; may be repeated",
    )
    return parser


def _chat_flags() -> argparse.ArgumentParser:
    parser = Flags(
        prog="chat",
        description="The terminal client. Where input or output is no terminal it"
        " says what it reads and writes what others say, a line for each message:"
        " time, room, nick and text, with tabs between them.",
    )
    parser.add_argument(
        "server",
        nargs="?",
        metavar="HOST[:PORT]",
        help=f"the server (default: localhost:{PORT})",
    )
    parser.add_argument(
        "room",
        nargs="?",
        default=LOBBY,
        metavar="ROOM",
        help="where to go, with or without its # (default: %(default)s)",
    )
    parser.add_argument("--nick", default="", help="the name you go by")
    parser.add_argument(
        "--plain",
        action="store_true",
        help="line by line, as a screen reader likes it: so far there is nothing else",
    )
    parser.add_argument(
        "--json", action="store_true", help="write each message as a JSON object"
    )
    parser.add_argument(
        "--once", action="store_true", help="end after the first message"
    )
    parser.add_argument(
        "--timeout",
        type=_seconds,
        metavar="S",
        help="give up after so many seconds, with exit status 1",
    )
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e9:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds")
    return seconds


def _room(text: str) -> str:
    """The name of the room that *text* means.

    Raises:
        ValueError: in words that say what is allowed.
    """
    if not text.strip("#&") or any(c in text for c in " ,\r\n\a\0"):
        raise ValueError(f"{text}: a room is one word, such as {LOBBY}")
    return text if text[0] in "#&" else f"#{text}"


def _server(text: str) -> tuple[str, int]:
    """The host and the port that *text* names; an IPv6 address wants brackets.

    Raises:
        ValueError: in words that say what is allowed.
    """
    host, colon, port = text.rpartition(":")
    if not colon or "]" in port:
        host, port = text, str(PORT)
    if ":" in host and not (host.startswith("[") and host.endswith("]")):
        raise ValueError(f"{text}: write an IPv6 address in brackets, [::1]:{PORT}")
    if not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536):
        raise ValueError(f"{text}: a port is a number from 1 to 65535")
    return host.strip("[]") or "localhost", int(port)


def _own_name() -> str:
    """The name on this machine, unless it is everybody's."""
    name = os.environ.get("USER") or getpass.getuser()
    return "guest" if name == "root" else name
