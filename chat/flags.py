"""The flags of both programs: what can be written behind `chatd` and `chat`.

The only place that parses a command line.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NoReturn

from chat.net.log import Level

PORT: Final = 2428
LOBBY: Final = "#lobby"


class Flags(argparse.ArgumentParser):
    """Flags whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to read more."""
        self.exit(2, f"{self.prog}: {message} ({self.prog} --help tells more)\n")


def of_chatd(verbs: Iterable[str]) -> Flags:
    """What `chatd` can be told."""
    verbs = list(verbs)
    parser = Flags(prog="chatd", description="The chat server.")
    parser.add_argument(
        "verb",
        nargs="?",
        choices=verbs,
        default="serve",
        metavar="VERB",
        help=f"what to do: {', '.join(verbs)} (default: serve)",
    )
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
        type=_path,
        metavar="DIR",
        help="where the server keeps what it must remember",
    )
    parser.add_argument(
        "--config",
        type=_path,
        metavar="FILE",
        help="where its settings are (default: chat.toml in the data folder)",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one setting, for example limits.enabled=false; may be repeated",
    )
    parser.add_argument(
        "--print-config",
        action="store_true",
        help="print every setting with its meaning, as such a file, and end",
    )
    _add_running(parser)
    return parser


def _path(text: str) -> Path:
    """*text* as a path that holds wherever a daemon goes."""
    return Path(text).absolute()


def _add_running(parser: Flags) -> None:
    parser.add_argument(
        "--daemon", action="store_true", help="go on in the background once it serves"
    )
    parser.add_argument(
        "--pidfile",
        type=_path,
        metavar="FILE",
        help="where to say which process it is (default: chatd.pid in the data folder)",
    )
    parser.add_argument(
        "--log",
        type=_path,
        metavar="FILE",
        help="where to write its log (default: standard error; as a daemon, chatd.log"
        " in the data folder)",
    )
    parser.add_argument(
        "--log-level",
        choices=[level.name.lower() for level in Level],
        default="info",
        metavar="LEVEL",
        help="how much to write: debug, info, warning or error (default: info)",
    )


def of_chat() -> Flags:
    """What `chat` can be told."""
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


def room(text: str) -> str:
    """The name of the room that *text* means.

    Raises:
        ValueError: in words that say what is allowed.
    """
    if not text.strip("#&") or any(c in text for c in " ,\r\n\a\0"):
        raise ValueError(f"{text}: a room is one word, such as {LOBBY}")
    return text if text[0] in "#&" else f"#{text}"


def server(text: str) -> tuple[str, int]:
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
