"""The commands of IRC: one row each, and HELP, which reads them out.

https://modern.ircdocs.horse/#client-messages.  A row says who answers, how many
parameters that needs, whether it may come before registration, and what HELP tells.

Next: chat/domain/commands.py
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from chat.dialects.dialect import Heard
from chat.dialects.irc import (
    enrolment,
    history,
    house,
    marks,
    nickserv,
    office,
    people,
    registration,
    rooms,
    sasl,
    search,
    talk,
)
from chat.dialects.irc.client import Client
from chat.dialects.irc.message import Message
from chat.dialects.irc.words import rows, word

Answer: TypeAlias = Callable[[Client, Message], Heard]

# What fits beside the rest of a line of help.
_ROW: Final = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A command: who answers, its parameters, the least of them, and when it may come.

    What its docstring says, after the name, is its help.
    """

    answer: Answer
    usage: str = ""
    least: int = 0
    before_registration: bool = False


def help_(client: Client, message: Message) -> Heard:
    """HELP: what there is, or what a command does."""
    subject = message.params[0] if message.params else ""
    row = COMMANDS.get(subject.upper())
    if row is not None:
        lines = _help_with(subject.upper(), row)
    elif not subject:
        lines = [
            "Commands; /HELP <command> tells what one does:",
            *rows(COMMANDS, size=_ROW),
        ]
    else:
        shown = subject if word(subject) == subject else "*"
        return [client.numeric("524", shown, "I do not know anything about this.")]
    shown = subject.upper() or "*"
    first, *more, last = lines
    return [
        client.numeric("704", shown, first),
        client.numeric("705", shown, ""),
        *(client.numeric("705", shown, line) for line in more),
        client.numeric("706", shown, last),
    ]


def _help_with(name: str, row: Row) -> list[str]:
    meaning = (row.answer.__doc__ or "").partition(": ")[2]
    return [f"{name} {row.usage}".strip(), meaning.split("\n")[0]]


def _early(answer: Answer, usage: str = "", least: int = 0) -> Row:
    return Row(answer, usage, least, before_registration=True)


COMMANDS: Final[dict[str, Row]] = {
    "ADMIN": Row(house.admin),
    "AUTHENTICATE": _early(sasl.authenticate, "<mechanism> | <base64> | + | *", 1),
    "AWAY": Row(people.away, "[<text>]"),
    "CAP": _early(registration.cap, "LS [302] | LIST | REQ <names> | END", 1),
    "CHATHISTORY": Row(
        history.chathistory,
        "LATEST | BEFORE | AFTER | AROUND | BETWEEN | TARGETS"
        " [<room or nick>] <from where>{ <to where>} <count>",
    ),
    "HELP": Row(help_, "[<command>]"),
    "INFO": Row(house.info),
    "INVITE": Row(rooms.invite, "<nick> <room>", 2),
    "ISON": Row(people.ison, "<nick>{ <nick>}", 1),
    "JOIN": Row(rooms.join, "<room>{,<room>} [<key>{,<key>}]", 1),
    "KICK": Row(rooms.kick, "<room> <nick>{,<nick>} [<reason>]", 2),
    "KILL": Row(office.kill, "<nick> <reason>", 2),
    "LIST": Row(rooms.list_, "[<mask>{,<mask>}] [<condition>{,<condition>}]"),
    "LUSERS": Row(house.lusers),
    "MARKREAD": Row(marks.markread, "<room or nick> [timestamp=<time>]"),
    "MODE": Row(rooms.mode, "<room or own nick> [<letters> {<value>}]", 1),
    "MONITOR": Row(people.monitor, "+ <nicks> | - <nicks> | C | L | S", 1),
    "MOTD": Row(house.motd),
    "NAMES": Row(rooms.names, "[<room>{,<room>}]"),
    "NICK": _early(registration.nick, "<nick>"),
    "NICKSERV": Row(nickserv.nickserv, "HELP"),
    "NOTICE": Row(talk.notice, "<room or nick>{,<room or nick>} <text>"),
    "NS": Row(nickserv.ns, "HELP"),
    "OPER": Row(office.oper, "<name> <password>", 2),
    "PART": Row(rooms.part, "<room>{,<room>} [<reason>]", 1),
    "PASS": _early(registration.passed, "<password>", 1),
    "PING": _early(registration.ping, "<token>", 1),
    "PONG": _early(registration.pong, "[<token>]"),
    "PRIVMSG": Row(talk.privmsg, "<room or nick>{,<room or nick>} <text>"),
    "QUIT": _early(registration.bye, "[<reason>]"),
    "REGISTER": _early(enrolment.register, "<account> * <password>", 3),
    "SEARCH": Row(search.search, "<attribute>=<value>{;<attribute>=<value>}"),
    "SETNAME": Row(people.setname, "<real name>", 1),
    "STATS": Row(office.stats, "<letter>", 1),
    "TAGMSG": Row(talk.tagmsg, "<room or nick>{,<room or nick>}", 1),
    "TIME": Row(house.time),
    "TOPIC": Row(rooms.topic, "<room> [<topic>]", 1),
    "USER": _early(registration.user, "<user name> 0 * <real name>", 4),
    "USERHOST": Row(people.userhost, "<nick>{ <nick>}", 1),
    "VERIFY": _early(enrolment.verify, "<account> <code>", 2),
    "VERSION": Row(house.version),
    "WALLOPS": Row(office.wallops, "<text>", 1),
    "WHO": Row(people.who, "[<room, nick or mask> [%<fields>[,<token>]]]"),
    "WHOIS": Row(people.whois, "<nick>", 1),
    "WHOWAS": Row(people.whowas, "<nick> [<count>]", 1),
}
