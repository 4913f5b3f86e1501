"""Group C, exhaustion: when descriptors, seats, addresses or memory run out."""

import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from resource import RLIMIT_NOFILE, getrlimit
from typing import Final

from tests.faults.chatd import ROOT, UNLIMITED, Chatd, house
from tests.faults.judge import (
    YES,
    Scenario,
    Seen,
    Skipped,
    at_least,
    at_most,
    exactly,
)
from tests.faults.people import SMALL, Crowd, Person, introduction
from tests.faults.probe import Probe, Pulse, Talk, measuring, pair

NEVER: Final = 999.0
WELCOME: Final = b" 001 "
REFUSED: Final = b"ERROR :"


class Knocking(Pulse):
    """People who want in, half of them silent, and who come again when refused."""

    def __init__(self, crowd: Crowd, count: int) -> None:
        super().__init__(rate=1)
        self._crowd = crowd
        self.people = [self._comes(n) for n in range(count)]
        crowd.beats.append(self)

    def strike(self) -> None:
        """Who was refused tries again, after a second."""
        for number, person in enumerate(self.people):
            if person.ended:
                self.people[number] = self._comes(number)

    def give_up(self) -> None:
        """All of them leave."""
        self._crowd.beats.remove(self)
        for person in self.people:
            person.leave()

    def _comes(self, number: int) -> Person:
        lines = introduction(f"knock{number}") if number % 2 else ()
        return self._crowd.comes(*lines)


def besieged(chatd: Chatd, crowd: Crowd, probe: Probe) -> Seen:
    """150 people at the door of a house without room, and then they leave."""
    crowd.wait(0.5)
    knocking = Knocking(crowd, 150)
    crowd.wait(1.5)
    used, logged = chatd.cpu(), len(chatd.log())
    with measuring(crowd, probe) as measured:
        crowd.wait(6.0)
    used, logged = chatd.cpu() - used, len(chatd.log()) - logged
    knocking.give_up()
    return {
        "CPU %": used / 6 * 100,
        "log KB/s": logged / 6 / 1000,
        "members' p99 ms": measured.latency.p99,
        "members lost": measured.latency.lost,
        "newcomer in s": until_let_in(crowd),
    }


def until_let_in(crowd: Crowd) -> float:
    """How long it takes somebody who waits, and tries again when refused."""
    begin = time.monotonic()
    let_in = comes_in(crowd, "newcomer", tries=10, patience=20.0)
    return time.monotonic() - begin if let_in else NEVER


def comes_in(crowd: Crowd, nick: str, tries: int, patience: float = 2.0) -> bool:
    """Whether somebody gets in who tries again, a fifth of a second later."""
    for _ in range(tries):
        person = crowd.arrives(nick)
        crowd.until(partial(is_answered, person), within=patience)
        if WELCOME in person.inbox:
            return True
        crowd.wait(0.2)
    return False


def is_answered(person: Person) -> bool:
    return bool(person.ended) or WELCOME in person.inbox


def few_descriptors() -> Seen:
    few = ("prlimit", "--nofile=64")
    with house(UNLIMITED, prefix=few) as (chatd, crowd):
        return besieged(chatd, crowd, pair(crowd, rate=20))


def fewer_descriptors() -> Seen:
    """They run out while it runs, so that nothing could be planned for."""
    with house(UNLIMITED) as (chatd, crowd):
        probe = pair(crowd, rate=20)
        chatd.allow_descriptors(chatd.descriptors() + 10)
        return besieged(chatd, crowd, probe)


def more_than_select_can_see() -> Seen:
    with house(UNLIMITED) as (_, crowd):
        people: list[Person] = []
        for first in range(0, 1100, 100):
            group = [crowd.arrives(f"p{n}") for n in range(first, first + 100)]
            crowd.until(partial(are_answered, group), within=5.0)
            people += group
        crowd.wait(1.0)
        inside = [p for p in people if WELCOME in p.inbox and not p.ended]
        refused = [p for p in people if WELCOME not in p.inbox]
        probe = Probe(inside[:1], inside[1], room=inside[1].nick)
        with measuring(crowd, probe) as measured:
            crowd.wait(1.0)
        return {
            "inside": len(inside),
            "told why and closed": sum(map(is_refused, refused)),
            "neither": len(people) - len(inside) - sum(map(is_refused, refused)),
            "lost": measured.latency.lost,
        }


def are_answered(people: Sequence[Person]) -> bool:
    return all(map(is_answered, people))


def is_refused(person: Person) -> bool:
    """Whether *person* has got the one line, and the end."""
    lines = person.inbox.split(b"\r\n")
    return bool(person.ended) and len(lines) == 2 and lines[0].startswith(REFUSED)


def silent_crowd() -> Seen:
    """10,000 from as many addresses, two thousand a second."""
    with house("limits.registration_timeout=2") as (chatd, crowd):
        need_descriptors(10_300)
        probe = pair(crowd, speakers=50)
        base, silent = chatd.given(), []
        with measuring(crowd, probe) as measured:
            for _ in range(500):
                silent += [crowd.comes() for _ in range(20)]
                crowd.wait(0.01)
            gone = crowd.all_end(silent, within=3 * 2 * 1.1 + 5.0 + 1.0)
        held = chatd.given() - base
        return {
            "members' p99 ms": measured.latency.p99,
            "members lost": measured.latency.lost,
            "all gone": gone,
            "descriptors held": held,
        }


def need_descriptors(count: int) -> None:
    """Complain if this process may not have so many."""
    if getrlimit(RLIMIT_NOFILE)[1] < count:
        raise Skipped(f"wants {count} descriptors")


def one_address() -> Seen:
    with house() as (_, crowd):
        here = [crowd.comes(source="127.0.0.5") for _ in range(70)]
        crowd.wait(0.5)
        inside = [person for person in here if not person.ended]
        elsewhere = [crowd.comes(*introduction(f"e{n}")) for n in range(10)]
        let_in = crowd.all_see(elsewhere, WELCOME, within=2.0) is not None
        inside[0].leave()
        crowd.wait(0.2)
        next_one = crowd.comes(*introduction("next"), source="127.0.0.5")
        return {
            "let in from one": len(inside),
            "told why": sum(map(is_refused, here)),
            "others let in": let_in,
            "a seat that is free is given": crowd.all_see(
                [next_one], WELCOME, within=2.0
            )
            is not None,
        }


def crowded_door() -> Seen:
    """A thousand silent strangers, and twenty people who try ten times to get in."""
    with house() as (_, crowd):
        probe = pair(crowd, speakers=50)
        strangers: list[Person] = []
        with measuring(crowd, probe) as measured:
            for _ in range(100):
                strangers += [crowd.comes() for _ in range(10)]
                crowd.wait(0.01)
            # Whoever has just come has a moment to say who it is.
            crowd.wait(1.0)
            held = sum(not person.ended for person in strangers)
            got_in = sum(comes_in(crowd, f"guest{n}", tries=10) for n in range(20))
        return {
            "silent ones held": held,
            "of 20 who try got in": got_in,
            "members' p99 ms": measured.latency.p99,
            "members lost": measured.latency.lost,
        }


def little_memory() -> Seen:
    """Floods of all kinds at once, in 256 MiB of address space."""
    little = ("prlimit", f"--as={256 << 20}")
    with house(UNLIMITED, prefix=little) as (chatd, crowd):
        probe = pair(crowd, room="#probe")
        talkers = crowd.seat(10, "talker")
        for n in range(300):
            crowd.arrives(f"sleeper{n}", "JOIN #lobby", buffer=SMALL).reads = False
        crowd.wait(1.0)
        talk = Talk(talkers, rate=600, size=420)
        crowd.beats.append(talk)
        pour_out(crowd)
        crowd.wait(10.0)
        crowd.beats.remove(talk)
        crowd.wait(1.0)
        with measuring(crowd, probe) as measured:
            crowd.wait(1.0)
        return {
            "RSS MiB": chatd.rss(),
            "members' p99 afterwards ms": measured.latency.p99,
            "members lost": measured.latency.lost,
            "newcomer in s": until_let_in(crowd),
        }


def pour_out(crowd: Crowd) -> None:
    """A hundred lines without an end, short lines by the thousand, silence."""
    for n in range(100):
        crowd.comes().sends(b"x" * 60_000)
        crowd.arrives(f"pours{n}", buffer=SMALL).sends(b"PING x\r\n" * 5000)
        crowd.comes()


def errnos() -> Seen:
    return {"passed": passes("tests/journeys/test_errnos.py")}


def passes(*files: str) -> bool:
    """Whether the tests in *files* pass."""
    if missing := [name for name in files if not (ROOT / name).exists()]:
        raise Skipped(f"there is no {missing[0]}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
    done = subprocess.run(  # noqa: S603 - ourselves
        command, cwd=ROOT, capture_output=True, check=False
    )
    return done.returncode == 0


# What is too long or too many, what is said then, and the answer that shows a bound.
BOUNDS: Final[Mapping[str, tuple[str, str]]] = {
    "rooms": ("JOIN #a,#b,#c,#d", r" 405 "),
    "nick": ("NICK " + "n" * 33, r" 432 "),
    "room name": ("JOIN #" + "r" * 200, r" (403|476|479) "),
    "topic": ("TOPIC #lobby :" + "t" * 450, r" TOPIC #lobby :t{390}\r"),
    "real name": ("WHO me", r" 352 .* :0 r{150}\r"),
    "targets": ("PRIVMSG a,b,c,d,e :text", r" 407 "),
    "line": ("PRIVMSG #lobby :" + "x" * 600, r" 417 "),
    "tags": ("@+x=" + "y" * 5000 + " PRIVMSG #lobby :x", r" 417 "),
    "capabilities": ("CAP REQ :" + "x " * 200, r" CAP me NAK "),
}


def bounds() -> Seen:
    """One person who wants too much of everything."""
    with house("limits.rooms_per_user=3", "limits.burst=100") as (_, crowd):
        person = crowd.comes(
            "NICK me", "USER me 0 * :" + "r" * 300, "JOIN #lobby", "PING :in"
        )
        crowd.all_see([person], b":in", within=5.0)
        answered = {}
        for name, (line, answer) in BOUNDS.items():
            person.inbox.clear()
            person.says(line, "PING :done")
            crowd.all_see([person], b":done", within=5.0)
            found = re.search(answer.encode(), person.inbox)
            answered[name] = found is not None
        return answered


FULL_HOUSE: Final = {
    "CPU %": at_most(5),
    "log KB/s": at_most(1),
    "members' p99 ms": at_most(50),
    "members lost": exactly(0),
    "newcomer in s": at_most(2),
}

EXHAUSTION: Final = (
    Scenario(
        "C1",
        "64 descriptors and 150 who want in",
        few_descriptors,
        FULL_HOUSE,
        is_alone=True,
    ),
    Scenario(
        "C1b",
        "descriptors run out while it runs",
        fewer_descriptors,
        FULL_HOUSE,
        is_alone=True,
    ),
    Scenario(
        "C2",
        "1,100 connects are more than select can see",
        more_than_select_can_see,
        {
            "inside": at_least(990),
            "neither": exactly(0),
            "lost": exactly(0),
        },
        is_alone=True,
    ),
    Scenario(
        "C3",
        "10,000 silent connects from 10,000 addresses",
        silent_crowd,
        {
            "members' p99 ms": at_most(50),
            "members lost": exactly(0),
            "all gone": YES,
            "descriptors held": exactly(0),
        },
        is_alone=True,
    ),
    Scenario(
        "C4",
        "one address gets 64 seats, and no other address pays for it",
        one_address,
        {
            "let in from one": exactly(64),
            "told why": exactly(6),
            "others let in": YES,
            "a seat that is free is given": YES,
        },
    ),
    Scenario(
        "C5",
        "1,000 silent strangers leave seats, and a chance at the door",
        crowded_door,
        {
            "silent ones held": at_most(750),
            "of 20 who try got in": at_least(10),
            "members' p99 ms": at_most(50),
            "members lost": exactly(0),
        },
        is_alone=True,
    ),
    Scenario(
        "C6",
        "floods of all kinds in 256 MiB of address space",
        little_memory,
        {
            "members' p99 afterwards ms": at_most(50),
            "members lost": exactly(0),
            "newcomer in s": at_most(2),
        },
        is_alone=True,
    ),
    Scenario(
        "C7",
        "every error number costs one connection (in-process tests)",
        errnos,
        {"passed": YES},
    ),
    Scenario(
        "C8",
        "every table has a bound",
        bounds,
        dict.fromkeys(BOUNDS, YES),
    ),
)
