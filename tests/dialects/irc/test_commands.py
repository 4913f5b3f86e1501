"""The commands of IRC: the table, and HELP, which reads it out."""

import pytest

from chat.dialects.irc.commands import COMMANDS
from tests.dialects.irc.clients import a_stranger, alice, hears
from tests.dialects.scenes import read


@pytest.mark.parametrize(
    "command",
    [name for name, row in COMMANDS.items() if not row.before_registration],
)
def test_before_registration_nothing_else_is_answered(command: str) -> None:
    assert hears(a_stranger(), f"{command} #lobby hi") == [
        b":irc.x 451 * :You have not registered.\r\n"
    ]


def test_what_may_come_before_registration() -> None:
    early = {name for name, row in COMMANDS.items() if row.before_registration}
    assert early == {
        *("AUTHENTICATE", "CAP", "NICK", "PASS", "PING", "PONG", "QUIT"),
        *("REGISTER", "USER", "VERIFY"),
    }


def test_the_table_is_in_order() -> None:
    assert list(COMMANDS) == sorted(COMMANDS)


LEAST = [
    ("AUTHENTICATE", 1),
    ("CAP", 1),
    ("INVITE", 2),
    ("ISON", 1),
    ("JOIN", 1),
    ("KICK", 2),
    ("KILL", 2),
    ("MODE", 1),
    ("MONITOR", 1),
    ("OPER", 2),
    ("PART", 1),
    ("PASS", 1),
    ("PING", 1),
    ("REGISTER", 3),
    ("SETNAME", 1),
    ("STATS", 1),
    ("TAGMSG", 1),
    ("TOPIC", 1),
    ("USER", 4),
    ("USERHOST", 1),
    ("VERIFY", 2),
    ("WALLOPS", 1),
    ("WHOIS", 1),
    ("WHOWAS", 1),
]


@pytest.mark.parametrize(("name", "least"), LEAST)
def test_461_too_few_parameters(name: str, least: int) -> None:
    line = " ".join((name.lower(), *"x" * (least - 1)))
    assert hears(alice("message-tags"), line) == [
        f":irc.x 461 alice {name} :Not enough parameters.\r\n".encode()
    ]


def test_all_others_need_none() -> None:
    assert {name for name, row in COMMANDS.items() if row.least} == dict(LEAST).keys()


def test_704_help_names_every_command() -> None:
    first, empty, *rows = read(hears(alice(), "HELP")).decode().splitlines()
    assert first == ":irc.x 704 alice * :Commands; /HELP <command> tells what one does:"
    assert empty == ":irc.x 705 alice * :"
    heads, names = zip(*(row.split(" :") for row in rows), strict=True)
    assert set(heads[:-1]) == {":irc.x 705 alice *"}
    assert heads[-1] == ":irc.x 706 alice *"
    assert " ".join(names).split() == list(COMMANDS)


def test_706_help_with_a_command() -> None:
    assert hears(alice(), "HELP join") == [
        b":irc.x 704 alice JOIN :JOIN <room>{,<room>} [<key>{,<key>}]\r\n",
        b":irc.x 705 alice JOIN :\r\n",
        (
            b":irc.x 706 alice JOIN :several rooms at once, each with its key;"
            b" 0 leaves all of them.\r\n"
        ),
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_there_is_help_with_every_command(name: str) -> None:
    first, empty, last = read(hears(alice(), f"HELP {name}")).decode().splitlines()
    assert (
        first == f":irc.x 704 alice {name} :{f'{name} {COMMANDS[name].usage}'.strip()}"
    )
    assert empty == f":irc.x 705 alice {name} :"
    assert last.startswith(f":irc.x 706 alice {name} :")
    assert last.endswith(".")


@pytest.mark.parametrize(
    ("subject", "shown"),
    [("frob", b"frob"), (":two words", b"*"), ("::x", b"*"), ("a\0b", b"*")],
)
def test_524_no_help(subject: str, shown: bytes) -> None:
    assert hears(alice(), f"HELP {subject}") == [
        b":irc.x 524 alice " + shown + b" :I do not know anything about this.\r\n"
    ]
