"""Group B, slow and absent readers: what waits for them, and what others notice."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.faults.chatd import MIB, UNLIMITED, Chatd, house
from tests.faults.judge import YES, Bound, Scenario, Seen, at_most, exactly
from tests.faults.people import SMALL, Crowd, Person
from tests.faults.probe import Pulse, Talk, measuring, pair
from tests.faults.sleepers import KIB, Sleepers

NEVER: Final = 999.0


def never_reader() -> Seen:
    """Twenty talk, a thousand lines a second, before and while one does not read."""
    with house(UNLIMITED) as (chatd, crowd):
        probe = pair(crowd)
        sleepers, talk = busy_room(chatd, crowd, rate=1000)
        with measuring(crowd, probe) as before:
            crowd.wait(5.0)
        sleepers.come(1, "sleeper")
        with measuring(crowd, probe) as after:
            cut = crowd.until(lambda: bool(sleepers.left), within=20.0)
            told = sleepers.left.get("sleeper0", NEVER) - sleepers.over_hard_at
            crowd.wait(2.0)
        crowd.beats.remove(talk)
        crowd.wait(0.5)
        return {
            "cut": cut,
            "held KiB": sleepers.most_one / KIB,
            "room told after s": told if sleepers.over_hard_at else 0.0,
            "p99 before ms": before.latency.p99,
            "p99 more ms": after.latency.p99 - before.latency.p99,
            "lost": after.latency.lost + talk.said - sleepers.witnessed,
        }


def busy_room(chatd: Chatd, crowd: Crowd, rate: float) -> tuple[Sleepers, Talk]:
    """Twenty who talk in the lobby, and one who reads it all."""
    witness, *talkers = crowd.seat(21, "talker")
    for talker in talkers:
        talker.keeps = False
    sleepers = Sleepers(chatd, crowd, witness)
    talk = Talk(talkers, rate, size=420)
    crowd.beats.append(talk)
    return sleepers, talk


def two_hundred() -> Seen:
    """More is said than 200 of them may have waiting; 20 have more than the others."""
    with house(UNLIMITED) as (chatd, crowd):
        loud, ear = crowd.seat(2, "loud", "#big")
        sleepers, talk = busy_room(chatd, crowd, rate=200)
        crowd.beats.remove(talk)
        chatd.forget_peak()
        before = chatd.peak()
        big = sleepers.come(20, "big", "JOIN #big")
        crowd.wait(0.2)
        sleepers.come(180, "sleeper")
        heard = ear.received
        loud.says(*["PRIVMSG #big :".ljust(418, "z")] * 600)
        crowd.wait(1.0)
        sleepers.extra = dict.fromkeys(big, ear.received - heard)
        crowd.beats.append(talk)
        crowd.wait(6.0)
        first = next(iter(sleepers.left), "")
        return {
            "held by all MiB": sleepers.most_total / MIB,
            "RSS + MiB": chatd.peak() - before,
            "cut": len(sleepers.left),
            "largest first": first.startswith("big"),
        }


class Sip(Pulse):
    """Somebody who reads a kilobyte a second."""

    def __init__(self, person: Person) -> None:
        super().__init__(rate=1)
        self._person = person

    def strike(self) -> None:
        """A sip."""
        with suppress(OSError):
            self._person.socket.recv(KIB)


def slow_reader() -> Seen:
    """One sips, another has the same waiting and catches up after fifteen seconds."""
    with house(UNLIMITED) as (chatd, crowd):
        sleepers, talk = busy_room(chatd, crowd, rate=1000)
        slow, sorry = sleepers.come(2, "slow")
        crowd.beats.append(Sip(slow))
        crowd.until(lambda: sleepers.most_one > 256 * KIB, within=20.0)
        begin = time.monotonic()
        crowd.until(lambda: sleepers.most_one > 512 * KIB, within=20.0)
        crowd.beats.remove(talk)
        crowd.wait(15.0)
        sorry.go_on_reading()
        crowd.until(lambda: slow.nick in sleepers.left, within=25.0)
        sorry.says("PING :here")
        stays = crowd.all_see([sorry], b"PONG", within=2.0) is not None
        cut = sleepers.left.get(slow.nick, NEVER + begin)
        return {"cut after s": cut - begin, "who caught up stays": stays}


# Like cat, but it does not let the kernel hide how slow it is.
READER: Final = """
import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1448)
s.connect(("127.0.0.1", int(sys.argv[1])))
s.sendall(b"NICK paused\\r\\nUSER paused 0 * :x\\r\\nJOIN #lobby\\r\\n")
while data := s.recv(65536):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
"""


def paused_reader() -> Seen:
    """A process that is stopped for five seconds of talk, and continued."""
    with tempfile.NamedTemporaryFile() as seen, house(UNLIMITED) as (chatd, crowd):
        # Only what one person says has an order that everybody can know.
        talk = Talk(crowd.seat(1), rate=400, size=420)
        reader = subprocess.Popen(  # noqa: S603 - the lines above
            [sys.executable, "-c", READER, str(chatd.address[1])], stdout=seen
        )
        text = Path(seen.name)
        try:
            came = crowd.until(lambda: b" 366 " in text.read_bytes(), within=10.0)
            os.kill(reader.pid, signal.SIGSTOP)
            crowd.beats.append(talk)
            crowd.wait(5.0)
            crowd.beats.remove(talk)
            held = len(text.read_bytes())
            os.kill(reader.pid, signal.SIGCONT)
            last = b":%d " % (talk.said - 1)
            crowd.until(lambda: last in text.read_bytes(), within=10.0)
        finally:
            reader.kill()
            reader.wait()
        heard = numbers(text.read_bytes())
        return {
            "came": came,
            "said": talk.said,
            "bytes while stopped": held,
            "all of it in order": heard == list(range(talk.said)),
        }


def numbers(data: bytes) -> list[int]:
    """The numbers of `Talk`'s lines in *data*."""
    lines = data.split(b"\r\n")
    return [int(x.split(b" :")[1].split()[0]) for x in lines if b" PRIVMSG " in x]


def descriptors_come_back() -> Seen:
    with house(UNLIMITED) as (chatd, crowd):
        sleepers, talk = busy_room(chatd, crowd, rate=1000)
        base = chatd.given()
        sleepers.come(20, "sleeper")
        held = chatd.given() - base
        crowd.until(lambda: len(sleepers.left) == 20, within=30.0)
        begin = time.monotonic()
        back = crowd.until(lambda: chatd.given() <= base, within=5.0)
        took = time.monotonic() - begin
        crowd.beats.remove(talk)
        return {"held": held, "back after s": took if back else NEVER}


def unnamed_reader() -> Seen:
    """Who has no name asks on and on, a little at a time, and reads no answer."""
    batch = 4
    with house(UNLIMITED) as (chatd, crowd):
        person = crowd.comes("NICK nobody", "PING :" + "x" * 400, buffer=SMALL)
        crowd.all_see([person], b"PONG", within=5.0)
        answer = len(person.inbox)
        person.stop_reading()
        base, asked, most = chatd.given(), 0, 0
        while asked < 8000 and chatd.given() == base:
            person.says(*["PING :" + "x" * 400] * batch)
            if not crowd.until(lambda: chatd.unread_of(person) == 0, within=1.0):
                break
            asked += batch
            crowd.turn(0.0)
            kernel = chatd.ledger().to_person(person)
            most = max(most, asked * answer - kernel)
        return {"held KiB": most / KIB, "asked": asked}


def half_close() -> Seen:
    """All is said at once, and then FIN: on IRC big questions, on plain some talk."""
    with house(UNLIMITED) as (_, crowd):
        witness, *_ = crowd.seat(200)
        asker = crowd.arrives("asker", "JOIN #lobby", *["WHO #lobby"] * 50)
        crowd.until(lambda: not asker.outgoing, within=5.0)
        asker.finish_talking()
        irc = crowd.until(lambda: bool(asker.ended), within=5.0)
        plain = crowd.comes("bob", "hello", "/who")
        plain.sends(b"the end")
        crowd.until(lambda: not plain.outgoing, within=5.0)
        plain.finish_talking()
        nc = crowd.until(lambda: bool(plain.ended), within=5.0)
        crowd.wait(0.2)
        talk = b"".join(x + b"\n" for x in witness.lines() if b":bob!" in x)
        return {
            "IRC answers": asker.inbox.count(b" 352 "),
            "IRC closed": irc and asker.ended == "closed",
            "plain answered": b"In #lobby: " in plain.inbox,
            "plain closed": nc and plain.ended == "closed",
            "talk was heard": b":hello\n" in talk and b":the end\n" in talk,
        }


READERS: Final = (
    Scenario(
        "B1",
        "a never-reader in a busy room is cut and nobody waits for him",
        never_reader,
        {
            "cut": YES,
            "held KiB": Bound(900, 1500),
            "room told after s": at_most(1),
            "p99 more ms": at_most(2),
            "lost": exactly(0),
        },
        is_alone=True,
    ),
    Scenario(
        "B2",
        "200 never-readers have 64 MiB waiting at most, the largest is cut first",
        two_hundred,
        # What is said while the ledger is read is not the server's doing.
        {"held by all MiB": at_most(66), "largest first": YES},
        is_alone=True,
    ),
    Scenario(
        "B3",
        "who reads 1 KB/s is cut after 30 s over the soft ceiling",
        slow_reader,
        {"cut after s": Bound(29, 32), "who caught up stays": YES},
    ),
    Scenario(
        "B4",
        "a reader is stopped for 5 s and goes on",
        paused_reader,
        {"came": YES, "all of it in order": YES},
    ),
    Scenario(
        "B5",
        "who is cut gives the descriptor back at once",
        descriptors_come_back,
        {"held": exactly(20), "back after s": at_most(1)},
    ),
    Scenario(
        "B6",
        "who has no name yet may have 16 KiB waiting",
        unnamed_reader,
        # And the batch that crosses the line.
        {"held KiB": at_most(18)},
    ),
    Scenario(
        "B7",
        "after a half-close the answers are delivered, then it closes",
        half_close,
        {
            "IRC answers": exactly(50 * 201),
            "IRC closed": YES,
            "plain answered": YES,
            "plain closed": YES,
            "talk was heard": YES,
        },
    ),
)
