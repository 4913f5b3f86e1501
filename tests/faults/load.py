"""Group A, load: crowds, floods, questions without end, and doing nothing at all."""

import time
from typing import Final

from tests.faults.chatd import UNLIMITED, house
from tests.faults.judge import YES, Bound, Scenario, Seen, at_least, at_most, exactly
from tests.faults.people import SMALL, Crowd, Person, introduction
from tests.faults.probe import measuring, pair

NEVER: Final = 999.0
WELCOME: Final = b" 001 "


def reconnect(count: int, *settings: str, trip: float = 0.0) -> tuple[int, float]:
    """How many of *count* people who lost their connections are back, and when.

    Over a network they say who they are a round *trip* after they have connected.
    """
    with house(*settings) as (_, crowd):
        for person in crowd.seat(count):
            person.leave()
        begin = time.monotonic()
        people = [crowd.comes() for _ in range(count)]
        crowd.wait(trip)
        for number, person in enumerate(people):
            person.says(*introduction(f"p{number}"))
        took = crowd.all_see(people, WELCOME, within=3.0)
        welcomed = sum(WELCOME in person.inbox for person in people)
        return welcomed, NEVER if took is None else time.monotonic() - begin


def everybody_reconnects() -> Seen:
    # Whoever is turned away is so by chance: once is not enough.
    limited = [reconnect(500) for _ in range(3)]
    free = [reconnect(500, UNLIMITED) for _ in range(3)]
    some, took = reconnect(500, UNLIMITED, trip=0.1)
    most, longest = reconnect(950, UNLIMITED, trip=0.1)
    return {
        "welcomed of 500": min(limited + free)[0],
        "s": max(seconds for _, seconds in limited + free),
        "of 500 with a round trip": some,
        "s with it": took,
        "of 950 with a round trip": most,
        "s for 950": longest,
    }


def everybody_joins_and_vanishes() -> Seen:
    with house(UNLIMITED) as (_, crowd):
        (witness,) = crowd.seat(1, "witness", "#big")
        people = crowd.seat(500, room="#small")
        crowd.clear([witness])
        for person in people:
            person.says("JOIN #big")
        joined = crowd.all_see(people, b" #big :End of", within=10.0)
        crowd.wait(0.5)
        crowd.clear([witness])
        for person in people:
            person.leave()
        begin = people[0].ended_at
        gone = crowd.until(lambda: witness.inbox.count(b" QUIT ") == 500, within=10.0)
        took = time.monotonic() - begin if gone else NEVER
    return {"500 joined, s": joined or NEVER, "room empty, s": took}


def flood() -> Seen:
    """At line rate, while fifty people within their limits make the 200 lines/s."""
    with house() as (_, crowd):
        probe = pair(crowd, speakers=50)
        (witness, flooder) = crowd.seat(2, "flood")
        flooder.sends(b"PRIVMSG #lobby :flood\r\n" * 200_000)
        with measuring(crowd, probe) as measured:
            crowd.wait(4.0)
            burst = witness.inbox.count(b":flood\r\n")
            crowd.wait(6.0)
        through = witness.inbox.count(b":flood\r\n")
        return {
            "p99 of the others ms": measured.latency.p99,
            "lost": measured.latency.lost,
            "flood lines in the first 4 s": burst,
            "then a second": (through - burst) / 6,
            "still here": not flooder.ended,
        }


def bursts() -> Seen:
    """All 900 say at the same moment what each of them may say at once."""
    with house() as (_, crowd):
        probe = pair(crowd, speakers=50)
        people = crowd.seat(900, room="#crowd", at_once=50)
        # Until everybody's bucket is full again.
        crowd.wait(5.0)
        for person in people:
            person.stop_reading()
        with measuring(crowd, probe) as measured:
            crowd.wait(0.5)
            for person in people:
                person.sends(b"PING x\r\n" * 20)
            crowd.wait(2.0)
        return {"worst ms": measured.latency.worst, "lost": measured.latency.lost}


def questions_without_reading() -> Seen:
    with house(UNLIMITED) as (chatd, crowd):
        probe = pair(crowd, room="#probe")
        crowd.seat(200)
        asker = crowd.arrives("asker", "JOIN #lobby", buffer=SMALL)
        crowd.all_see([asker], b" 366 ", within=5.0)
        asker.stop_reading()
        chatd.forget_peak()
        before = chatd.peak()
        asker.sends(b"WHO #lobby\r\nLIST\r\nNAMES #lobby\r\nWHO *\r\n" * 100_000)
        with measuring(crowd, probe) as measured:
            crowd.wait(5.0)
            before_last = chatd.unread_of(asker)
            crowd.wait(1.0)
        return {
            "stops reading": 0 < before_last == chatd.unread_of(asker),
            "RSS + MiB": chatd.peak() - before,
            "p99 of the others ms": measured.latency.p99,
        }


def worst_command() -> Seen:
    """Each question once, with 950 people in the room and 5000 rooms."""
    rooms = [f"JOIN #room{n}" for n in range(5000)]
    with house(UNLIMITED) as (_, crowd):
        probe = pair(crowd, room="#probe")
        *people, asker = crowd.seat(940)
        for n in range(50):
            people[n].says(*rooms[n * 100 : n * 100 + 100])
        crowd.wait(2.0)
        # Reading as 940 people takes our own loop longer than writing to them takes
        # the server; the little that they are told now fits into the kernel.
        for person in people:
            person.stop_reading()
        with measuring(crowd, probe) as measured:
            for question in ("WHO #lobby", "NAMES #lobby", "WHO *", "LIST", "LUSERS"):
                asker.says(question)
                crowd.wait(0.5)
            people[0].says("QUIT")
            people[1].says("NICK renamed")
            crowd.wait(0.5)
    return {"worst ms": measured.latency.worst, "lost": measured.latency.lost}


def idle() -> Seen:
    with house() as (chatd, crowd):
        crowd.wait(1.0)
        bare = chatd.rss()
        # A few at a time: a storm of arrivals leaves holes in the heap that are no
        # part of what an idle person costs.
        people = crowd.seat(900, at_once=10)
        crowd.wait(3.0)
        each = (chatd.rss() - bare) * 1024 / len(people)
        used = chatd.cpu()
        crowd.wait(30.0)
        percent = (chatd.cpu() - used) / 30 * 100
        here = sum(not person.ended for person in people)
    return {"still here": here, "CPU %": percent, "KiB each": each}


def rooms_without_end() -> Seen:
    """More rooms than one may be in, and then 20,000 one after the other."""
    fast = ("limits.burst=1000000000", "limits.lines_per_second=1000000000")
    with house(*fast) as (chatd, crowd):
        (person,) = crowd.seat(1)
        person.says(*(f"JOIN #room{n}" for n in range(150)), "PING :done")
        crowd.all_see([person], b"PONG", within=10.0)
        refused = person.inbox.count(b" 405 ")
        person.says("PART #room0")
        churn(crowd, person, 2000)
        before = chatd.rss()
        churn(crowd, person, 20_000)
        return {"refused with 405": refused, "RSS + MiB": chatd.rss() - before}


def churn(crowd: Crowd, person: Person, count: int) -> None:
    """Make *count* rooms and leave them again."""
    for first in range(0, count, 500):
        names = [f"#r{n}x" for n in range(first, first + 500)]
        person.inbox.clear()
        person.says(*(f"JOIN {name}\r\nPART {name}" for name in names), "PING :done")
        assert crowd.all_see([person], b"PONG", within=20.0) is not None


def connect_and_quit() -> Seen:
    with house(UNLIMITED) as (chatd, crowd):
        (witness,) = crowd.seat(1)
        pass_through(crowd, 5000)
        crowd.wait(1.0)
        rss, base = chatd.rss(), chatd.given()
        came = pass_through(crowd, 10_000)
        back = crowd.until(lambda: chatd.given() <= base, within=6.0)
        return {
            "came and went": came,
            "RSS + MiB": chatd.rss() - rss,
            "descriptors are back": back,
            "witness is here": not witness.ended,
        }


def pass_through(crowd: Crowd, count: int) -> int:
    """*count* people connect and quit, and as many leave before they have a name."""
    come = 0
    for first in range(0, count, 50):
        people = [introduced(crowd, f"x{n}") for n in range(first, first + 50)]
        halves = [crowd.comes(f"NICK y{n}") for n in range(first, first + 50)]
        crowd.all_end(people, within=5.0)
        come += sum(WELCOME in person.inbox for person in people)
        for half in halves:
            half.leave()
    return come


def introduced(crowd: Crowd, nick: str) -> Person:
    """Somebody who comes, and leaves at once."""
    return crowd.comes(*introduction(nick), "JOIN #lobby", "QUIT")


FAST: Final[Bound] = at_most(1.0)

LOAD: Final = (
    Scenario(
        "A1",
        "everybody reconnects at once and is welcomed",
        everybody_reconnects,
        {
            "welcomed of 500": exactly(500),
            "s": FAST,
            "of 500 with a round trip": exactly(500),
            "s with it": FAST,
            "of 950 with a round trip": exactly(950),
            "s for 950": FAST,
        },
        is_alone=True,
    ),
    Scenario(
        "A2",
        "500 join one room, then all vanish",
        everybody_joins_and_vanishes,
        {"500 joined, s": FAST, "room empty, s": at_most(0.5)},
        is_alone=True,
    ),
    Scenario(
        "A3",
        "one floods at line rate: he is throttled to 20 + 5/s, others wait for nobody",
        flood,
        {
            "p99 of the others ms": at_most(50),
            "lost": exactly(0),
            "flood lines in the first 4 s": Bound(20, 45),
            "then a second": Bound(4, 6),
            "still here": YES,
        },
        is_alone=True,
    ),
    Scenario(
        "A3b",
        "900 use up their bursts at the same moment",
        bursts,
        {"worst ms": at_most(50), "lost": exactly(0)},
        is_alone=True,
    ),
    Scenario(
        "A4",
        "WHO, LIST, NAMES asked without end and without reading",
        questions_without_reading,
        {
            "stops reading": YES,
            "RSS + MiB": at_most(2),
            "p99 of the others ms": at_most(50),
        },
        is_alone=True,
    ),
    Scenario(
        "A5",
        "the worst single command, 940 people and 5000 rooms",
        worst_command,
        {"worst ms": at_most(50), "lost": exactly(0)},
        is_alone=True,
    ),
    Scenario(
        "A6",
        "900 are idle",
        idle,
        {"still here": exactly(900), "CPU %": at_most(1), "KiB each": at_most(8)},
    ),
    Scenario(
        "A7",
        "one makes rooms to his limit, and 20,000 one after the other",
        rooms_without_end,
        {"refused with 405": at_least(50), "RSS + MiB": at_most(1)},
    ),
    Scenario(
        "A8",
        "10,000 connect and quit, 10,000 leave half introduced",
        connect_and_quit,
        {
            "came and went": exactly(10_000),
            "RSS + MiB": at_most(1),
            "descriptors are back": YES,
            "witness is here": YES,
        },
        patience=120,
    ),
)
