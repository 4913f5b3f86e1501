"""The flags of both programs: what can be written behind `chatd` and `chat`.

The only place that parses a command line.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
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


def told(arguments: Sequence[str], verbs: Iterable[str]) -> argparse.Namespace:
    """What *arguments* tell `chatd`: a verb, and what belongs to it.

    A verb for those who look after a house has flags of its own; those of the
    server may stand before it.
    """
    verbs = list(verbs)
    front = of_chatd(verbs)
    front.add_argument(
        "rest",
        nargs=argparse.REMAINDER,
        metavar="...",
        help="what belongs to it: chatd VERB --help tells more",
    )
    flags = front.parse_args(arguments)
    if flags.verb not in _OF_VERBS:
        return of_chatd(verbs).parse_args(arguments)
    flags = _rest_of(flags, f"chatd {flags.verb}", _OF_VERBS[flags.verb])
    if flags.verb != "account":
        return flags
    of_one = partial(_of_one_account, what=flags.what)
    return _rest_of(flags, f"chatd account {flags.what}", of_one)


def _rest_of(
    flags: argparse.Namespace, name: str, add: Callable[[Flags], None]
) -> argparse.Namespace:
    """*flags* with what is in their rest, as *name* has it."""
    parser = Flags(prog=name)
    _add_where(parser)
    add(parser)
    return parser.parse_args(flags.rest, flags)


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
    _add_where(parser)
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


def _add_where(parser: Flags) -> None:
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


def _add_running(parser: Flags) -> None:
    parser.add_argument(
        "--no-store",
        action="store_true",
        help="remember nothing, not even accounts, once it ends",
    )
    parser.add_argument(
        "--poller", metavar="NAME", help="what to wait with: select (default) or epoll"
    )
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


# The verbs for those who look after a house.


_ACCOUNT: Final = {
    "list": "list all accounts",
    "show": "tell about one",
    "suspend": "let nobody log in to it, and end its sessions",
    "resume": "let its owner log in again",
    "delete": "delete it; what it has said stays (see chatd forget)",
    "reset": "print a code with which its owner comes in once, to set a new password",
}


def _of_account(parser: Flags) -> None:
    parser.description = "What there is about accounts, and what is done to one."
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "\n".join(f"  {what:<9} {_ACCOUNT[what]}" for what in _ACCOUNT)
    parser.add_argument(
        "what", choices=list(_ACCOUNT), metavar="WHAT", help="one of those below"
    )
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="NAME")


def _of_one_account(parser: Flags, what: str) -> None:
    parser.description = f"{_ACCOUNT[what].capitalize()}."
    parser.set_defaults(json=False)
    if what != "list":
        parser.add_argument("name", metavar="NAME", help="the account")
    if what == "delete":
        _add_yes(parser)
    if what in ("list", "show", "reset"):
        _add_json(parser)


def _of_forget(parser: Flags) -> None:
    parser.description = (
        "Delete an account, who it was, and all that it has said. Its name stays"
        " where others have written it, where they put it out of a room, and with"
        " topics and bans that it set. Out of reach are backups, exports,"
        " and what others have read or kept."
    )
    parser.add_argument(
        "--account", metavar="NAME", required=True, help="whose words are forgotten"
    )
    _add_yes(parser)


def _of_status(parser: Flags) -> None:
    parser.description = "Tell whether a server runs, and how it is."
    parser.add_argument(
        "--pidfile",
        type=_path,
        metavar="FILE",
        help="where it says which process it is",
    )
    _add_json(parser)


def _of_backup(parser: Flags) -> None:
    parser.description = (
        "Copy all that is remembered, also while a server runs and people talk."
    )
    parser.add_argument(
        "file", type=_path, metavar="FILE", help="the copy, which must not be there yet"
    )


def _of_restore(parser: Flags) -> None:
    parser.description = (
        "Put a backup in the place of all that is remembered, while no server runs."
        " What was there is kept beside it."
    )
    parser.add_argument("file", type=_path, metavar="FILE", help="the backup")


def _of_export(parser: Flags) -> None:
    parser.description = (
        "Print what was said, with times in UTC: what anybody could read who came in"
        " now. What two people say to one another alone is never printed."
    )
    parser.add_argument("--room", type=_room, metavar="ROOM", help="in this room only")
    _add_since(parser)
    parser.add_argument(
        "--closed",
        action="store_true",
        help="also what strangers could not read: rooms that are secret, keyed, for"
        " the invited or off the record, or were, and rooms that are no more",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--text", action="store_true", help="as lines for people (the default)"
    )
    _add_json(form)


def _of_audit(parser: Flags) -> None:
    parser.description = (
        "Print who logged in, failed to, registered, put out whom, and the like."
    )
    _add_since(parser)
    _add_json(parser)


def _of_doctor(parser: Flags) -> None:
    parser.description = (
        "Look for what will go wrong: exit status 1 if something is wrong already."
    )


_OF_VERBS: Final[dict[str, Callable[[Flags], None]]] = {
    "status": _of_status,
    "account": _of_account,
    "forget": _of_forget,
    "backup": _of_backup,
    "restore": _of_restore,
    "export": _of_export,
    "audit": _of_audit,
    "doctor": _of_doctor,
}
# The verbs that look after a house, whether a server runs or not.
LOOK_AFTER: Final = tuple(verb for verb in _OF_VERBS if verb != "status")


def _add_json(parser: "argparse._ActionsContainer") -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, a line for each")


def _add_yes(parser: Flags) -> None:
    parser.add_argument(
        "--yes", action="store_true", help="do not ask whether I mean it"
    )


def _add_since(parser: Flags) -> None:
    parser.add_argument(
        "--since",
        type=_since,
        metavar="WHEN",
        help="no older than that: 2026-11-01 (UTC), 7d, 3h or 20m",
    )


def _room(text: str) -> str:
    try:
        return room(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


_UNITS: Final = {"d": "days", "h": "hours", "m": "minutes"}


def _since(text: str) -> datetime | timedelta:
    """The moment that *text* names, or how long ago it is."""
    if found := re.fullmatch(r"([0-9]{1,6})([dhm])", text):
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        found_date = datetime.fromisoformat(text)
    except ValueError:
        why = f"{text} is no date such as 2026-11-01, and no time such as 7d or 3h"
        raise argparse.ArgumentTypeError(why) from None
    return found_date if found_date.tzinfo else found_date.replace(tzinfo=UTC)


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
        "--account",
        default="",
        metavar="NAME",
        help="log in to that account; its password is asked for, and not shown",
    )
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
