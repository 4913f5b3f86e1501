"""Secrets: every way of telling one, and that it is found nowhere afterwards.

Each way of telling the house a secret is walked with a secret of its own, right and
wrong, on a server that logs all it can and keeps what it must.  Then everything is
searched that could have kept one: the log, every byte in the data folder, what was
answered, what others read, and how the server's own values show themselves.
"""

from base64 import b64encode
from pathlib import Path

import pytest

from chat.config import Config
from chat.net.log import Level, Log
from chat.passwords import hashed
from chat.sections import Operator, ServerConfig
from chat.store.database import Database
from tests.conftest import SetTable
from tests.journeys.table import Person, Table

# All of them hold this word, and nothing else in the house does.
CANARY = "kanarienvogel"


def canary(of: str) -> str:
    return f"{CANARY}-{of}"


def encoded(account: str, password: str) -> str:
    return b64encode(f"\0{account}\0{password}".encode()).decode()


# Ways to tell a secret: what is typed, on IRC by somebody who is in.
ON_IRC = {
    "NickServ": ["PRIVMSG NickServ :REGISTER {right}"],
    "NOTICE": ["NOTICE NickServ :IDENTIFY {wrong}"],
    "IDENTIFY": [
        "PRIVMSG NickServ :REGISTER {right}",
        "PRIVMSG NickServ :IDENTIFY {name} {wrong}",
    ],
    "misspelt": ["PRIVMSG NickServ :IDENTFY {wrong}", "PRIVMSG nickserv {wrong}"],
    "NS": ["NS REGISTER {right}", "NS IDENTIFY {wrong}", "NICKSERV {wrong}"],
    "a name's place": [
        "NS REGISTER {right}",
        "NS LOGOUT",
        "NS IDENTIFY {right} horse battery",
        "OPER {right} milk",
        "OPER root",
    ],
    "SET": ["NS REGISTER {right}", "NS SET PASSWORD {wrong} {other}"],
    "DROP": ["NS REGISTER {right}", "NS DROP {wrong}", "NS DROP {right}"],
    "REGISTER": ["REGISTER * * {right}", "REGISTER * * {wrong}"],
    "no REGISTER": ["REGISTER someone * {wrong}", "REGISTER * {wrong}"],
    "VERIFY": ["VERIFY {name} {wrong}"],
    "OPER": ["OPER root {wrong}", "OPER nobody {wrong}", "OPER {wrong}"],
    "PASS": ["PASS {wrong}"],
    "AUTHENTICATE": [
        "NS REGISTER {right}",
        "NS LOGOUT",
        "AUTHENTICATE PLAIN",
        "AUTHENTICATE {bad}",
        "AUTHENTICATE PLAIN",
        "AUTHENTICATE {good}",
    ],
    "no AUTHENTICATE": ["AUTHENTICATE {good}", "AUTHENTICATE {right}"],
    "a key": [
        "JOIN #k{number}",
        "MODE #k{number} +k {key}",
        "PART #k{number}",
        "JOIN #k{number} {wrongkey}",
    ],
    "an echo": ["CAP REQ :echo-message", "PRIVMSG NickServ :IDENTIFY {wrong}"],
    "a list": ["PRIVMSG NickServ,nobody :IDENTIFY {wrong}"],
}
# And on plain; a password is asked for, and the next line is one.
ON_PLAIN = {
    "register": ["/register", "{right}"],
    "too short": ["/register", "", "/register", "{right}"],
    "login": ["/register", "{right}", "/logout", "/login {name}", "{wrong}"],
    "on the line": ["/login {name} {wrong}", "/register {wrong}", "/password {wrong}"],
    "password": ["/register", "{right}", "/password", "{right}", "{other}"],
    "oper": ["/oper root", "{wrong}"],
    "a word": ["/join key{number}", "/room key {key}", "/leave", "/join key{number} x"],
    "delete": ["/register", "{right}", "/account delete", "{wrong}"],
}


def filled_in(line: str, name: str, number: int) -> str:
    return line.format(
        name=name,
        number=number,
        right=canary(f"right{number}"),
        wrong=canary(f"wrong{number}"),
        other=canary(f"other{number}"),
        key=canary(f"k{number}"),
        wrongkey=canary(f"w{number}"),
        good=encoded(name, canary(f"right{number}")),
        bad=encoded(name, canary(f"wrong{number}")),
    )


def house_with_a_log(set_table: SetTable, folder: Path) -> Table:
    log = Log.at(folder / "chatd.log")
    log.level = Level.DEBUG
    base = Config(
        operator=(Operator("root", hashed(canary("root"))),),
    )
    return set_table(
        "limits.enabled=false",
        "accounts.guesses=1000",
        log=log,
        base=base,
        store=Database(folder),
    )


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def show_no_canary(folder: Path) -> None:
    for name, data in everything_in(folder).items():
        assert CANARY.encode() not in data.lower(), name
        assert b64encode(CANARY.encode())[:-2] not in data, name
        assert CANARY.encode("utf-16-le") not in data, name


def show_none_to_others(others: list[Person]) -> None:
    for person in others:
        assert CANARY.encode() not in person.reads().lower(), person.name


@pytest.mark.parametrize("way", ON_IRC)
def test_no_secret_told_on_irc_is_found_anywhere(
    set_table: SetTable, tmp_path: Path, way: str
) -> None:
    table = house_with_a_log(set_table, tmp_path)
    others = table.seat("watcher") + table.seat_irc("spy", caps="echo-message")
    number = list(ON_IRC).index(way)
    (teller,) = table.seat_irc(f"teller{number}", caps="sasl")
    for line in ON_IRC[way]:
        teller.types(filled_in(line, f"teller{number}", number))
    answers = teller.reads()
    if way != "a key":
        # Who sets a key is shown what he has set; and knows it.
        assert CANARY.encode() not in answers.lower()
    show_none_to_others(others)
    assert CANARY not in repr(vars(table.server))
    teller.types("QUIT")
    table.ignores_everybody()
    table.close()
    show_no_canary(tmp_path)


@pytest.mark.parametrize("way", ON_PLAIN)
def test_no_secret_told_on_plain_is_found_anywhere(
    set_table: SetTable, tmp_path: Path, way: str
) -> None:
    table = house_with_a_log(set_table, tmp_path)
    others = table.seat("watcher") + table.seat_irc("spy", caps="echo-message")
    number = list(ON_PLAIN).index(way)
    (teller,) = table.seat(f"teller{number}")
    for line in ON_PLAIN[way]:
        teller.types(filled_in(line, f"teller{number}", number))
    answers = teller.reads()
    if way != "a word":
        assert CANARY.encode() not in answers.lower()
    show_none_to_others(others)
    teller.types("/quit")
    table.ignores_everybody()
    table.close()
    show_no_canary(tmp_path)


def test_the_password_of_the_house_is_found_nowhere(
    set_table: SetTable, tmp_path: Path
) -> None:
    log = Log.at(tmp_path / "chatd.log")
    log.level = Level.DEBUG
    base = Config(server=ServerConfig(password=hashed(canary("house"))))
    table = set_table(log=log, base=base, store=Database(tmp_path))
    right, wrong = table.connect("right"), table.connect("wrong")
    right.types(f"PASS {canary('house')}", "NICK right", "USER r 0 * :r")
    wrong.types(f"PASS {canary('guess')}", "NICK wrong", "USER w 0 * :w")
    person = table.connect("person")
    person.types("person", canary("house"))
    table.wait(1)
    assert b" 001 right " in right.reads()
    assert b"You are person" in person.reads()
    table.ignores_everybody()
    table.close()
    show_no_canary(tmp_path)


def test_who_seeks_finds(set_table: SetTable, tmp_path: Path) -> None:
    """A search that could not find anything would prove nothing."""
    table = house_with_a_log(set_table, tmp_path)
    (teller,) = table.seat("teller")
    teller.types(f"I was told {canary('said')}")
    table.ignores_everybody()
    table.close()
    with pytest.raises(AssertionError):
        show_no_canary(tmp_path)
