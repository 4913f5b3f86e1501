"""Who may read what: a canary in each place that is not everybody's, and who hears it.

Olga has said something where not everybody was.  Then each of six people tries every
command of his language, in every room and with everybody, and comes in once more; and
nobody is ever shown a canary but where the table below says so.

    keyed     said in a room that opens to a word
    closed    said in a room for the invited, after paul had left it
    quiet     said in a room off the record
    private   said to mia alone
    open      said where everybody may enter, before bertha was banned from it
    topic     what the keyed room is about
    away      what those are told who speak to olga
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.config import Config
from chat.dialects.irc.commands import COMMANDS
from chat.dialects.verbs import VERBS
from chat.domain.ports import Store
from chat.sections import Operator
from chat.store.database import Database
from chat.store.memory import MemoryStore
from tests.conftest import SetTable
from tests.journeys.table import Person, Table

# "milk", at hardly any cost.
MILK = (
    "scrypt$2$1$1$c2FsdA==$KXV6VSdrIRTDo5/x1puK9154QkOvyGZLXBmG3FizGev/xWE2gw"
    "GWuiwl1pcsZ7q9DwUTN5/8p3piIlTtpPfMJA=="
)
HOUSE = ("limits.enabled=false", "server.name=irc.x", "accounts.plaintext=true")
# Whom one tries to read, and where.
ROOMS = ("#keyed", "#closed", "#quiet", "#open")
PEOPLE = ("olga", "mia")

# Who is ever shown a canary: whatever he does, or only by these commands.
ROLES = ("stranger", "member", "banned", "parted", "other", "operator")
READERS = {
    "keyed": {"member"},
    "closed": {"member"},
    "quiet": set[str](),
    "private": {"member"},
    "open": set(ROLES) - {"banned"},
    "topic": {"member"},
    "away": set[str](),
}
ANYBODY_BY = {
    # What a room is about is told to whoever may know that there is such a room.
    "topic": {"LIST", "TOPIC", "rooms", "topic"},
    # And that is told to whoever asks, or speaks to her.
    "away": {"WHOIS", "PRIVMSG", "whois", "msg", "reply"},
}
NAMES = {
    "stranger": "sid",
    "member": "mia",
    "banned": "bertha",
    "parted": "paul",
    "other": "otto",
    "operator": "root",
}
CAPS = (
    "batch server-time message-tags labeled-response echo-message draft/chathistory"
    " draft/event-playback draft/read-marker soju.im/search extended-join"
)
LONG_AGO, LATER = "2001-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z"

# What is tried with each command of IRC; {t} is each room and each person in turn.  All
# others are tried alone, with a target, and with a target and a word.
ON_IRC = {
    "CHATHISTORY": [
        "CHATHISTORY LATEST {t} * 50",
        f"CHATHISTORY BEFORE {{t}} timestamp={LATER} 50",
        f"CHATHISTORY AFTER {{t}} timestamp={LONG_AGO} 50",
        "CHATHISTORY AFTER {t} msgid=1 50",
        "CHATHISTORY AROUND {t} timestamp=2023-11-14T22:13:21.000Z 50",
        f"CHATHISTORY BETWEEN {{t}} timestamp={LONG_AGO} timestamp={LATER} 50",
        f"CHATHISTORY BETWEEN {{t}} timestamp={LATER} timestamp={LONG_AGO} 50",
        f"CHATHISTORY TARGETS timestamp={LONG_AGO} timestamp={LATER} 50",
    ],
    "SEARCH": [
        "SEARCH text=kanarie",
        "SEARCH text=sings",
        "SEARCH from=olga",
        "SEARCH text=sings;in={t}",
        "SEARCH in={t};from=olga",
        f"SEARCH after={LONG_AGO};before={LATER}",
        "@label=a SEARCH text=sings",
    ],
    "MARKREAD": ["MARKREAD {t}", f"MARKREAD {{t}} timestamp={LATER}"],
    "JOIN": ["JOIN {t}", "JOIN {t} wrong"],
    "NAMES": ["NAMES {t}"],
    "WHO": ["WHO {t}", "WHO {t} %tcuihsnfdlaor,1"],
    "MODE": ["MODE {t}", "MODE {t} b", "MODE {t} -k *", "MODE {t} -i"],
    "PRIVMSG": ["PRIVMSG {t} :hello", "PRIVMSG NickServ :INFO {t}"],
    "QUIT": [],
}
# And what on plain.
ON_PLAIN = {
    "history": ["/history", "/history {t}", "/history {t} 50", "/history since 2d"],
    "search": [
        "/search kanarie",
        "/search sings",
        "/search from:olga",
        "/search sings in:{t}",
        "/search sings from:olga after:2001-01-01",
    ],
    "catchup": ["/catchup", "/catchup {t}"],
    "more": ["/history {t} 1", "/more", "/search sings", "/more"],
    "join": [f"/join {room}{word}" for room in ROOMS for word in ("", " wrong")],
    "msg": ["/msg {t} hello"],
    "quit": [],
}
# What changes who one is comes last.
LAST = (
    *("PART", "KICK", "KILL", "NICKSERV", "NS", "leave", "kick", "kill", "logout"),
    *("nick", "account", "login", "oper", "register", "password"),
)


class House:
    """Olga's rooms, what she has said in them, and who else is there."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.people: dict[str, Person] = {}
        for name in ("olga", *NAMES.values()):
            (person,) = table.seat_irc(name)
            self.people[name] = person
            if name not in ("sid", "root"):
                person.types("NS REGISTER milkmilk")
        self.does("root", "OPER root milk")
        for room in ROOMS:
            self.does("olga", f"JOIN {room}")
        self.does("olga", "MODE #keyed +k word", "MODE #closed +i", "MODE #quiet +X")
        for name in ("mia", "bertha", "paul"):
            self.does("olga", f"INVITE {name} #closed")
            self.does(name, "JOIN #keyed word", *(f"JOIN {room}" for room in ROOMS[1:]))
        self.does("paul", *(f"PART {room}" for room in ROOMS))
        for room in ROOMS:
            self.does("olga", f"PRIVMSG {room} :the kanarie{room[1:]} sings")
        self.does("olga", "PRIVMSG mia :the kanarieprivate sings")
        self.does("olga", "TOPIC #keyed :the kanarietopic sings")
        for room in ROOMS:
            self.does("olga", f"MODE {room} +b bertha!*@*", f"KICK {room} bertha")
        self.does("olga", "AWAY :the kanarieaway sings")
        table.clear()

    def does(self, name: str, *lines: str) -> None:
        """Have somebody do that, whatever is answered."""
        self.people[name].types(*lines)

    def comes_on_plain(self, name: str) -> Person:
        """Somebody who is here comes once more, at a bare terminal."""
        person = self.table.connect(f"{name} at a terminal")
        person.types(name if name not in ("sid", "root") else f"{name}2")
        if name == "root":
            person.types("/oper root", "milk")
        elif name != "sid":
            person.types("milkmilk")
        return person

    def comes_on_irc(self, name: str, caps: str) -> Person:
        """And the same with an IRC client, which enters all rooms that it can."""
        person = self.table.connect(f"{name} with a client")
        if caps:
            person.types(f"CAP REQ :{caps}")
        nick = f"{name}2" if name in ("sid", "root") else "somebody"
        person.types(f"NICK {nick}", f"USER {name} 0 * :{name}", "CAP END")
        if name == "root":
            person.types("OPER root milk")
        elif name != "sid":
            person.types(f"NS IDENTIFY {name} milkmilk")
        person.types(*(f"JOIN {room}" for room in ROOMS))
        return person


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else Database(tmp_path)


@pytest.fixture
def house(set_table: SetTable, store: Store) -> Iterator[House]:
    base = Config(operator=(Operator("root", MILK),))
    table = set_table(*HOUSE, base=base, store=store)
    yield House(table)
    table.ignores_everybody()


def canaries(person: Person) -> set[str]:
    """Those that *person* was shown since the last look."""
    return set(
        re.findall(r"kanarie([a-z]+)", person.reads().decode(errors="replace").lower())
    )


def tries(tried: dict[str, list[str]], name: str, otherwise: list[str]) -> list[str]:
    """All that is typed to try the command *name*."""
    lines = tried.get(name, otherwise)
    targets = (*ROOMS, *PEOPLE)
    return [
        line.format(t=target)
        for target in targets
        for line in lines
        if "{t}" in line or target == targets[0]
    ]


def shown_by_each(
    person: Person, commands: list[str], tried: dict[str, list[str]], before: str
) -> set[tuple[str, str]]:
    """Which canaries *person* is shown by which command; who leaves begins no more."""
    shown: set[tuple[str, str]] = set()
    for name in sorted(commands, key=lambda name: name in LAST):
        otherwise = [f"{before}{name}", f"{before}{name} {{t}}"]
        otherwise.append(f"{before}{name} {{t}} word")
        for line in tries(tried, name, otherwise):
            if person.socket.fileno() < 0 or person.is_cut_off():
                return shown
            person.types(line, *([""] if before else []))
            shown |= {(canary, name) for canary in canaries(person)}
    return shown


def show_none_but_allowed(role: str, shown: set[tuple[str, str]]) -> None:
    wrongly = {
        (canary, by)
        for canary, by in shown
        if role not in READERS[canary] and by not in ANYBODY_BY.get(canary, ())
    }
    assert wrongly == set(), f"shown to the {role}"


@pytest.mark.parametrize("role", ROLES)
def test_no_command_of_irc_shows_what_is_not_ones_own(house: House, role: str) -> None:
    person = house.people[NAMES[role]]
    person.types(f"CAP REQ :{CAPS}")
    person.reads()
    shown = shown_by_each(person, list(COMMANDS), ON_IRC, "")
    show_none_but_allowed(role, shown)
    for canary in [canary for canary, readers in READERS.items() if role in readers]:
        by = {"topic": "TOPIC"}.get(canary, "CHATHISTORY")
        assert (canary, by) in shown, "who may read it can"
    if role == "member":
        assert {("keyed", "SEARCH"), ("private", "SEARCH")} <= shown


@pytest.mark.parametrize("role", ROLES)
def test_no_verb_shows_what_is_not_ones_own(house: House, role: str) -> None:
    person = house.comes_on_plain(NAMES[role])
    show_none_but_allowed(role, {(canary, "") for canary in canaries(person)})
    verbs = [verb.name for verb in VERBS]
    shown = shown_by_each(person, verbs, ON_PLAIN, "/")
    show_none_but_allowed(role, shown)
    for canary in [canary for canary, readers in READERS.items() if role in readers]:
        by = {"topic": "topic"}.get(canary, "history")
        assert (canary, by) in shown, "who may read it can"


@pytest.mark.parametrize("caps", ["", "server-time", "batch server-time", CAPS])
@pytest.mark.parametrize("role", ROLES)
def test_coming_in_shows_nothing_that_is_not_ones_own(
    house: House, role: str, caps: str
) -> None:
    # First somebody who was never here on that device, and then who was.
    for _ in range(2):
        person = house.comes_on_irc(NAMES[role], caps)
        shown = {(canary, "") for canary in canaries(person)}
        show_none_but_allowed(role, shown)
        person.types("QUIT")
        house.table.clear()
        house.does("olga", "PRIVMSG #keyed :the kanariekeyed sings once more")
        house.table.clear()


def test_every_canary_sits_somewhere() -> None:
    assert READERS.keys() >= ANYBODY_BY.keys()
    assert {room[1:] for room in ROOMS} <= READERS.keys()


@pytest.mark.parametrize("tried", [ON_IRC, ON_PLAIN], ids=["irc", "plain"])
def test_what_is_tried_there_is(tried: dict[str, list[str]]) -> None:
    there = set(COMMANDS) | {verb.name for verb in VERBS}
    assert set(tried) <= there
    assert set(LAST) <= there
