"""Groups G and H: clocks that step, and networks that drip, part and reset."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from tests.faults.chatd import UNLIMITED, house
from tests.faults.judge import (
    YES,
    Bound,
    Scenario,
    Seen,
    Skipped,
    at_least,
    at_most,
    exactly,
)
from tests.faults.people import SMALL, Crowd, Person
from tests.faults.probe import Pulse, Talk, measuring, pair

NEVER: Final = 999.0
HOUR: Final = 3600


def clock_steps() -> Seen:
    """An hour on, an hour back, a day on, and right again, while pings go round."""
    brisk = ("limits.ping_interval=2", "limits.ping_timeout=2")
    with tempfile.NamedTemporaryFile("w") as offset:
        environment = stepping(offset.name)
        with house(UNLIMITED, *brisk, environment=environment) as (_, crowd):
            people = crowd.seat(50)
            plain = crowd.comes("pat")
            probe = pair(crowd)
            here = [*people, plain]
            worst, lost, latest = 0.0, 0, 0.0
            for seconds in (HOUR, -HOUR, 24 * HOUR, 0):
                Path(offset.name).write_text(f"{seconds:+d}\n")
                with measuring(crowd, probe) as measured:
                    crowd.wait(5.0)
                worst = max(worst, measured.latency.p99)
                lost += measured.latency.lost
                latest = max(latest, stamp(crowd) - time.time())
            return {
                "dropped": sum(bool(person.ended) for person in here),
                "p99 ms": worst,
                "lost": lost,
                "the server's clock has gone on by h": latest / HOUR,
            }


def stepping(offset: str) -> dict[str, str]:
    """What makes a program's wall clock differ by what stands in a file."""
    found = [
        *Path("/usr/lib").glob("*/faketime/libfaketime.so.1"),
        *map(Path, filter(None, [os.environ.get("LIBFAKETIME")])),
    ]
    if not found:
        raise Skipped("libfaketime is not installed (Debian: faketime)")
    Path(offset).write_text("+0\n")
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": offset,
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def stamp(crowd: Crowd) -> float:
    """The time that the server puts on a line."""
    caps = "CAP REQ :server-time echo-message"
    person = crowd.comes(caps, "NICK clock", "USER c 0 * :c", "CAP END", "JOIN #clock")
    person.says("PRIVMSG #clock :time")
    crowd.all_see([person], b" :time", within=2.0)
    line = next(line for line in person.lines() if line.endswith(b" :time"))
    text = line.split()[0].decode().removeprefix("@")
    tags = dict(tag.split("=", 1) for tag in text.split(";"))
    person.leave()
    return parsed(tags["time"])


def parsed(text: str) -> float:
    """A server-time as seconds."""
    return datetime.fromisoformat(text).timestamp()


class Drip(Pulse):
    """Somebody who sends a byte now and then, and never the end of a line."""

    def __init__(self, crowd: Crowd, person: Person) -> None:
        super().__init__(rate=1 / 0.15)
        self._person = person
        crowd.beats.append(self)

    def strike(self) -> None:
        """A drop."""
        self._person.sends(b"x")


def dripping() -> Seen:
    """Every time is a twentieth of what operators have, so is the drip's."""
    scaled = (
        "limits.registration_timeout=3",
        "limits.ping_interval=5",
        "limits.ping_timeout=3",
    )
    with house(UNLIMITED, *scaled) as (_, crowd):
        answers, deaf, drips = crowd.seat(3)
        deaf.answers = drips.answers = False
        nameless = crowd.comes("NICK nameless")
        wordless = crowd.comes()
        silent = crowd.comes()
        person = crowd.comes("pat")
        for each in (drips, nameless, wordless):
            Drip(crowd, each)
        begin = time.monotonic()
        crowd.wait(11.0)

        def gone(who: Person) -> float:
            return who.ended_at - begin if who.ended else NEVER

        return {
            "half a name, s": gone(nameless),
            "no word, s": gone(wordless),
            "silent, s": gone(silent),
            "no PONG, s": gone(deaf),
            "no PONG and a drip, s": gone(drips),
            "who answers stays": not answers.ended,
            "person stays": not person.ended,
        }


class Network(ExitStack):
    """A server's own network, with a way to it, and another through a router.

    The router can stop passing things on: both ends still have their cables, and
    nobody is told.  198.18.0.0/15 is for tests between networks (RFC 2544).
    """

    def __init__(self, number: int) -> None:
        """Networks of different numbers do not get into each other's way."""
        super().__init__()
        if os.geteuid() != 0 or shutil.which("ip") is None:
            raise Skipped("wants root and ip(8), for a network namespace")
        self._mark = f"f{os.getpid()}"
        self._number = number
        self.server, self._router = f"{self._mark}server", f"{self._mark}router"
        for name in (self.server, self._router):
            self._ip("netns", "add", name)
            self.callback(self._ip, "netns", "delete", name)
        self._lay(1, "", self.server)
        self._lay(2, "", self._router)
        self._lay(3, self._router, self.server)
        there, way = self.address(3, "0/30"), self.address(2, 2)
        self._ip("route", "add", there, "via", way)
        back, way = self.address(2, "0/30"), self.address(3, 1)
        self._ip("-n", self.server, "route", "add", back, "via", way)
        self.mend()

    def address(self, cable: int, host: int | str) -> str:
        """Whose address is that of *host* on that cable."""
        return f"198.18.{self._number * 10 + cable}.{host}"

    def part(self) -> None:
        """Nothing gets through any more."""
        self._forward("0")

    def mend(self) -> None:
        """Things get through."""
        self._forward("1")

    def _forward(self, value: str) -> None:
        switch = "net.ipv4.ip_forward"
        path = f"/proc/sys/{switch.replace('.', '/')}"
        self._ip("netns", "exec", self._router, "sh", "-c", f"echo {value} >{path}")

    def _lay(self, cable: int, here: str, there: str) -> None:
        """A cable from one namespace to another, and an address for each end."""
        ends = [f"{self._mark}{side}{cable}" for side in "ab"]
        self._ip("link", "add", ends[0], "type", "veth", "peer", "name", ends[1])
        if not here:
            self.callback(self._ip, "link", "delete", ends[0])
        for host, (end, name) in enumerate(zip(ends, (here, there), strict=True), 1):
            inside = ("-n", name) if name else ()
            if name:
                self._ip("link", "set", end, "netns", name)
            address = self.address(cable, f"{host}/30")
            self._ip(*inside, "address", "add", address, "dev", end)
            self._ip(*inside, "link", "set", end, "up")

    def _ip(self, *words: str) -> None:
        done = subprocess.run(  # noqa: S603 - the words are above
            ["ip", *words],  # noqa: S607 - wherever it is
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and "delete" not in words:
            self.close()
            raise Skipped(f"ip {' '.join(words)}: {done.stderr}")


@contextmanager
def far_away(network: Network, *settings: str) -> Iterator[tuple[Crowd, Crowd]]:
    """A server, people who are near, and people behind the router."""
    inside = ("ip", "netns", "exec", network.server)
    with house(*settings, prefix=inside, host="0.0.0.0") as (chatd, _):
        port = chatd.address[1]
        nearer, farther = network.address(1, 2), network.address(3, 2)
        with Crowd((nearer, port)) as near, Crowd((farther, port)) as far:
            yield near, far


def partition() -> Seen:
    """Programs: the network parts for less than the deadline, and then for good."""
    scaled = ("limits.ping_interval=6", "limits.ping_timeout=4")
    with Network(1) as network, far_away(network, UNLIMITED, *scaled) as (near, far):
        (witness,) = near.seat(1, "witness")
        ghosts = far.seat(5, "ghost")
        near.clear([witness])
        network.part()
        witness.says(*(f"PRIVMSG #lobby :{n} meanwhile" for n in range(5)))
        both_wait(near, far, 3.0)
        network.mend()
        far.all_see(ghosts, b"4 meanwhile", within=5.0)
        healed = [ghost.inbox.count(b"meanwhile") for ghost in ghosts]
        left = witness.inbox.count(b" QUIT ")
        network.part()
        begin = time.monotonic()
        gone = near.until(lambda: witness.inbox.count(b" QUIT ") == 5, within=15.0)
        return {
            "dropped by a short one": left,
            "lines that came after it": sum(healed),
            "ghosts gone after s": time.monotonic() - begin if gone else NEVER,
        }


def quiet_partition() -> Seen:
    """A person cannot be asked; the kernel asks in our place.  In real time."""
    with Network(2) as network, far_away(network) as (near, far):
        witness = near.comes("witness")
        near.all_see([witness], b"-- You are in", within=5.0)
        idle, addressed = far.comes("idle"), far.comes("addressed")
        far.all_see([idle, addressed], b"-- You are in", within=5.0)
        both_wait(near, far, 0.5)
        network.part()
        begin = time.monotonic()
        witness.says("/msg addressed are you there?")
        seen = {}
        for name, left in (
            ("silent", b"idle left ("),
            ("spoken to", b"addressed left ("),
        ):
            took = near.all_see([witness], left, within=190 + begin - time.monotonic())
            seen[f"{name}, gone after s"] = (
                time.monotonic() - begin if took is not None else NEVER
            )
        return seen


def both_wait(near: Crowd, far: Crowd, seconds: float) -> None:
    """Let time go by for everybody."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        near.turn(0.01)
        far.turn(0.01)


def resets() -> Seen:
    """RST in the middle of a line, and while much is on its way."""
    with house(UNLIMITED) as (chatd, crowd):
        probe = pair(crowd)
        witness, *talkers = crowd.seat(6, "w")
        base = chatd.given()
        halves = crowd.seat(10, "half")
        sleepers = [
            crowd.arrives(f"sleeper{n}", "JOIN #lobby", buffer=SMALL) for n in range(10)
        ]
        crowd.all_see(sleepers, b" 366 ", within=5.0)
        for sleeper in sleepers:
            sleeper.stop_reading()
        talk = Talk(talkers, rate=500, size=420)
        crowd.beats.append(talk)
        with measuring(crowd, probe) as measured:
            crowd.wait(1.5)
            for half in halves:
                half.sends(b"PRIVMSG #lobby :half a li")
            crowd.wait(0.2)
            for person in (*halves, *sleepers):
                person.reset()
            begin = time.monotonic()
            gone = crowd.until(lambda: witness.inbox.count(b" QUIT ") == 20, within=5.0)
            took = time.monotonic() - begin
            crowd.wait(0.5)
        return {
            "gone after s": took if gone else NEVER,
            "descriptors left over": chatd.given() - base,
            "half lines": witness.inbox.count(b"half a li"),
            "p99 of the others ms": measured.latency.p99,
            "lost": measured.latency.lost,
        }


OUTAGES: Final = (
    Scenario(
        "G1",
        "the wall clock steps by +1 h, -1 h, +24 h",
        clock_steps,
        {
            "dropped": exactly(0),
            "p99 ms": at_most(50),
            "lost": exactly(0),
            # Or else nothing was tried.
            "the server's clock has gone on by h": at_least(23.9),
        },
    ),
    Scenario(
        "H1",
        "a byte every 3 s (all times scaled to 1/20: 60 s are 3, 150 s are 8)",
        dripping,
        {
            "half a name, s": Bound(2.9, 3.4),
            "no word, s": Bound(2.9, 9.9),
            "silent, s": Bound(2.9, 9.9),
            "no PONG, s": Bound(7.2, 8.8),
            "no PONG and a drip, s": at_most(8.8),
            "who answers stays": YES,
            "person stays": YES,
        },
    ),
    Scenario(
        "H2",
        "a partition (pings scaled to 1/15: 150 s are 10)",
        partition,
        {
            "dropped by a short one": exactly(0),
            "lines that came after it": exactly(25),
            "ghosts gone after s": at_most(11),
        },
    ),
    Scenario(
        "H2b",
        "a partition from people on plain, in real time",
        quiet_partition,
        {"silent, gone after s": at_most(150), "spoken to, gone after s": at_most(150)},
        patience=220,
    ),
    Scenario(
        "H4",
        "resets in mid-line and during a send cost only those connections",
        resets,
        {
            "gone after s": at_most(1),
            "descriptors left over": exactly(0),
            "half lines": exactly(0),
            "p99 of the others ms": at_most(50),
            "lost": exactly(0),
        },
    ),
)
