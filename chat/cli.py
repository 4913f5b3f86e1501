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
from typing import Final

import platformdirs

from chat.config import Config, WrongConfig, configured
from chat.net import address
from chat.net.listener import CannotListen

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
        addresses = [each for text in flags.listen for each in address.parse(text)]
        return _serve(config, addresses or address.parse(str(PORT)), flags.data)
    except (WrongConfig, CannotListen, ValueError, OSError) as error:
        sys.stderr.write(f"chatd: {error}\n")
        return 2


def chat(arguments: Sequence[str] | None = None) -> int:
    """Run the terminal client."""
    flags = _chat_flags().parse_args(arguments)
    host, port = _server(flags.server)
    # Drawing needs libraries that the server does without.
    from chat.client.terminal import run  # noqa: PLC0415

    return run(host, port, nick=flags.nick or _own_name(), room=LOBBY)


def _serve(config: Config, addresses: list[address.Address], data: Path) -> int:
    from chat.server.daemon import serve  # noqa: PLC0415 - not for `chat`

    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    serve(config, addresses)
    return 0


def _chatd_flags() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chatd", description="The chat server.")
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
    parser = argparse.ArgumentParser(prog="chat", description="The terminal client.")
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
    """The host and the port that *text* names; an IPv6 address wants brackets."""
    host, colon, port = text.rpartition(":")
    if not colon or "]" in port:
        return text.strip("[]"), PORT
    if not (port.isascii() and port.isdecimal() and int(port[:6]) < 65536):
        sys.stderr.write(f"chat: {text}: a port is a number from 0 to 65535\n")
        raise SystemExit(2)
    return host.strip("[]") or "localhost", int(port)


def _own_name() -> str:
    """The name on this machine, unless it is everybody's."""
    name = os.environ.get("USER") or getpass.getuser()
    return "guest" if name == "root" else name
