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
    """Run the terminal client."""
    flags = _chat_flags().parse_args(arguments)
    try:
        host, port = _server(flags.server)
    except ValueError as error:
        sys.stderr.write(f"chat: {error}\n")
        return 2
    # Drawing needs libraries that the server does without.
    from chat.client.terminal import run  # noqa: PLC0415

    return run(host, port, nick=flags.nick or _own_name(), room=LOBBY)


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
        help="where to listen: PORT (this machine only), HOST:PORT, or"
        " SCHEME://HOST:PORT with auto, plain, telnet or irc, or unix://PATH;"
        f" may be given again (default: {PORT})",
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


def _chat_flags() -> Flags:
    parser = Flags(prog="chat", description="The terminal client.")
    parser.add_argument(
        "server",
        nargs="?",
        default=f"localhost:{PORT}",
        metavar="HOST[:PORT]",
        help="the server (default: %(default)s)",
    )
    parser.add_argument("--nick", default="", help="the name you go by")
    return parser


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
