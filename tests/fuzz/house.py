"""The house: a whole server in one process, and a crowd that means it no good.

A *round* is one server from its first guest to its last.  All that happens in it
follows from its seed, so a fault can be had again.  The clock stands still but
for what the dice add to it, which is from nothing to several minutes.

What is claimed all the time:

* no exception leaves a turn (a server without a log does not survive its faults);
* no turn takes over `TURN_SECONDS`.  It is *processor time* of this thread that
  is measured, because a turn never waits, and a busy machine would otherwise
  look like a slow turn.  What the collector takes does count;
* nobody reads what is not meant for him (see people);
* an outbox never stays over its ceiling, nor anything else of a session over
  what one read can bring;
* whoever speaks is heard: the house never falls asleep;
* when all have left, every table is as it was, no descriptor is open, a newcomer
  is served, and no memory was kept.
"""

import gc
import re
import socket
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import _lru_cache_wrapper
from hashlib import blake2b
from itertools import chain, count, cycle
from pathlib import Path
from random import Random
from signal import SIGTERM
from time import thread_time
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from chat.config import configured
from chat.dialects import zones
from chat.domain.order import START
from chat.domain.records import Record
from chat.domain.state import Stamp
from chat.net.address import SCHEMES
from chat.net.connection import Connection
from chat.net.poller import SelectPoller
from chat.server.ceilings import Act
from chat.server.daemon import GARBAGE
from chat.server.loop import Server
from chat.server.machine import Machine
from chat.server.offload import Work
from chat.server.session import Session
from chat.store.memory import MemoryStore
from chat.wire.lines import Line
from tests.fakes import FakeClock, FakeOffload, ImpatientPoller
from tests.fuzz import traps
from tests.fuzz.inside import Inside, tables
from tests.fuzz.people import HABITS, Flaw, Person, shown
from tests.fuzz.speech import Speech

ROUND: Final = 20_000
CROWDS: Final = (12, 24, 24, 50)
TURN_SECONDS: Final = 0.1
# What a session may keep beside its outbox: what one read can bring, and a line.
MOST_KEPT: Final = 80_000
# How many of the interpreter's blocks of memory a round may leave behind, which is
# one for so many lines, or so many at least.  In practice it leaves none; whatever
# is kept of a line, or of a session, is at least one.
_LINES_A_BLOCK: Final = 50
_LEAST_BLOCKS: Final = 50
# Steps without a line after which the house must be asleep.
_STEPS_ASLEEP: Final = 1_000

_SECONDS: Final = {0.0: 50, 0.01: 50, 0.5: 20, 6.0: 2, 31.0: 1, 400.0: 0.2}
# Each of these is set in some rounds.
_SETTINGS: Final = (
    ("limits.outbox_soft=20000", "limits.outbox_hard=60000"),
    ("limits.outbox_soft=2000", "limits.outbox_hard=6000"),
    ("limits.nick_length=64", "limits.room_length=128"),
    ("limits.outbox_total=100000",),
    ("limits.rooms_per_user=2",),
    ("server.motd=Two\nlines.",),
    ("greet_after=0",),
)


class Played(NamedTuple):
    """What a round came to."""

    # Lines by dialect.
    heard: Counter[str]
    # In seconds.
    longest_turn: float
    # Of all that was said: the same for the same seed.
    digest: str


def play(seed: int, lines: int) -> Iterator[Played]:
    """Rounds of about *lines* lines in all, each when it has ended.

    A round's seed is the one after that of the round before, so that it can be
    had alone.  Raises whatever is wrong, with a note of how it came to that.
    """
    with _collecting_as_the_daemon_does():
        # What is made once and kept for ever is made here, and the same each time:
        # what is found here is had again by its own seed, too.
        # Where no zone is found Python looks for a package of them, the first time.
        zones.find("nowhere")
        Round(0, 1000).run()
        for number in count(seed):
            blocks = _blocks()
            played = Round(number, min(lines, ROUND)).run()
            lines -= played.heard.total()
            kept = _blocks() - blocks
            if kept > max(_LEAST_BLOCKS, played.heard.total() // _LINES_A_BLOCK):
                raise Flaw(f"seed {number} left {kept} blocks of memory behind")
            yield played
            if lines <= 0:
                return


# Later than any clock was set to, in milliseconds.
_AT_LAST: Final = 1 << 43


class Oblivion(MemoryStore):
    """A store that keeps nothing: what it should keep would look like a leak."""

    def write(self, records: Sequence[Record], reached: Stamp = START) -> None:
        """Forget them."""


class NoProof(FakeOffload):
    """Checks nothing: that takes long on purpose, and no turn waits for it."""

    def do(self, session: Session, work: Work, *, if_so: Act, if_not: Act) -> bool:
        """Nothing is ever proven, whatever the *work* would have been."""
        del work
        return super().do(session, lambda: False, if_so=if_so, if_not=if_not)


class Round:
    """One server and its guests, until about so many lines were heard."""

    def __init__(self, seed: int, lines: int) -> None:
        self._heard: Counter[str] = Counter()
        self._longest_turn = 0.0
        self._digest = blake2b(digest_size=8)
        self._seed = seed
        self._lines = lines
        self._dice = Random(seed)  # noqa: S311 - to be had again, not secret
        self._speech = Speech(self._dice)
        self._nicks = cycle(self._dice.sample(traps.NICKS, len(traps.NICKS)))
        self._crowd = self._dice.choice(CROWDS)
        self._people: list[Person] = []
        # The latest, by session.
        self._sent: deque[tuple[int, bytes]] = deque(maxlen=4)
        self._lines_heard: deque[tuple[int, Line]] = deque(maxlen=6)
        self._clock = FakeClock()
        self._settings = self._chosen_settings()
        config = configured(self._settings)
        self._ceiling = config.limits.outbox_hard
        machine = Machine(
            self._clock,
            ImpatientPoller(),
            SelectPoller.reach,
            offload=NoProof,
            store=Oblivion(),
        )
        self._server = Server(config, [], machine)
        self._inside = Inside(self._server)
        self._inside.overhear(self._note)

    def run(self) -> Played:
        """Play it to its end, and raise whatever is wrong."""
        try:
            self._turn()
            before = self._everything()
            self._talk()
            if self._dice.random() < 0.2:
                self._end_at_once()
            else:
                self._all_leave()
                # Time stands still in a house whose clock was set back, and empty
                # rooms stay for a while: somebody sets it right again.
                self._clock.set_wall(_AT_LAST)
                self._serve_a_newcomer()
                _compare(before, self._everything())
        except Exception as error:
            error.add_note(self._story())
            raise
        finally:
            for person in self._people:
                person.vanish()
            self._server.close()
        return Played(self._heard, self._longest_turn, self._digest.hexdigest())

    def _chosen_settings(self) -> list[str]:
        # The throttle makes a round long, so most go without.
        limited = "true" if self._dice.random() < 0.25 else "false"
        some = [pair for pair in _SETTINGS if self._dice.random() < 0.4]
        return [f"limits.enabled={limited}", *chain.from_iterable(some)]

    # Talk.

    def _talk(self) -> None:
        asleep = 0
        while self._heard.total() < self._lines:
            before = self._heard.total()
            self._step()
            asleep = asleep + 1 if self._heard.total() == before else 0
            if asleep > _STEPS_ASLEEP:
                raise Flaw("everybody speaks, and nobody is heard")

    def _step(self) -> None:
        dice = self._dice
        for _ in range(self._crowd - len(self._people)):
            self._arrive()
        speakers = dice.sample(self._people, min(dice.randint(1, 6), len(self._people)))
        for person in speakers:
            said = person.speak(dice)
            self._digest.update(said)
            self._sent.append((person.session.id, said))
        self._pass_time()
        self._turn()
        self._inspect([person.session for person in speakers])
        for person in self._people:
            person.listen(dice)
        self._change_the_crowd()

    def _arrive(self) -> None:
        dice = self._dice
        mine, theirs = socket.socketpair()
        mine.setblocking(False)
        if dice.random() < 0.5:
            # A kernel that takes little at a time.
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        host = f"192.0.2.{dice.randint(1, 254)}"
        door = dice.choice((*["auto"] * 9, *SCHEMES))
        session = self._inside.admit(Connection(theirs, host), door)
        if session is None:
            mine.close()
            return
        voice = self._speech.voice(next(self._nicks))
        person = Person(mine, session, voice, dice.choice(HABITS))
        # Who comes by that door is asked in telnet's words before he says one.
        person.speaks_telnet = door == "telnet"
        self._people.append(person)

    def _pass_time(self) -> None:
        (seconds,) = self._dice.choices(list(_SECONDS), list(_SECONDS.values()))
        self._clock.advance(seconds)
        if self._dice.random() < 0.002:
            # Somebody sets the date.
            self._clock.set_wall(self._dice.randint(1, 2_000_000_000_000))

    def _turn(self) -> None:
        began = thread_time()
        self._server.turn()
        took = thread_time() - began
        self._longest_turn = max(self._longest_turn, took)
        if took > TURN_SECONDS:
            raise Flaw(f"a turn took {took * 1000:.0f} ms")

    def _change_the_crowd(self) -> None:
        if self._people and self._dice.random() < 0.08:
            person = self._dice.choice(self._people)
            self._dice.choice((person.finish, person.vanish))()
        self._people = [person for person in self._people if not person.is_gone]

    # Claims.

    def _inspect(self, fed: list[Session]) -> None:
        """Nobody is owed too much; nothing has grown of those who were *fed*."""
        for session in self._inside.sessions():
            # Who is doomed is told nothing more, and closed in the next turn.
            if not session.doom and (size := session.outbox.size()) > self._ceiling:
                raise Flaw(f"{size} bytes wait for {session!r}")
        for session in fed:
            swollen = {k: n for k, n in tables(session).items() if n > MOST_KEPT}
            if swollen:
                raise Flaw(f"{session!r} has grown: {swollen}")

    def _all_leave(self) -> None:
        for person in self._people:
            self._dice.choice((person.finish, person.vanish))()
        self._wait()
        for person in self._people:
            person.vanish()
        self._wait()

    def _end_at_once(self) -> None:
        self._server.wakeup.ring(SIGTERM)
        self._wait()
        if remaining := self._inside.sessions():
            raise Flaw(f"told to end, the house keeps {remaining}")

    def _wait(self) -> None:
        """Let an hour go by."""
        for _ in range(60):
            self._clock.advance(60)
            self._turn()
            for person in self._people:
                person.listen(self._dice)
        self._people = [person for person in self._people if not person.is_gone]

    def _serve_a_newcomer(self) -> None:
        """Whatever has been going on here.  He takes the topic down again."""
        mine, theirs = socket.socketpair()
        with mine:
            self._inside.admit(Connection(theirs, "198.51.100.1"), "auto")
            mine.send(b"NICK newcomer\r\nUSER n 0 * :n\r\nJOIN #lobby\r\n")
            mine.send(b"TOPIC #lobby :\r\nPING still-here\r\nQUIT\r\n")
            mine.shutdown(socket.SHUT_WR)
            self._wait()
            answer = mine.recv(1 << 20)
        if b"PONG switchboard.local :still-here" not in answer:
            raise Flaw(f"a newcomer was told: {shown(answer)}")

    def _everything(self) -> dict[str, object]:
        """All that must be the same in an empty house at any time."""
        return {
            **self._inside.tables(),
            "who is where": self._inside.who_is_where(),
            "descriptors": len(list(Path("/dev/fd").iterdir())),
        }

    # The story, should it end badly.

    def _note(self, session: Session, line: Line) -> None:
        self._heard[type(session.dialect).__name__] += 1
        self._lines_heard.append((session.id, line))

    def _story(self) -> str:
        sent = [f"{number} sent {shown(data)}" for number, data in self._sent]
        heard = [f"{number} heard {shown(line)}" for number, line in self._lines_heard]
        return "\n".join(
            (
                f"after {self._heard.total()} lines with {self._settings}",
                *sent,
                *heard,
                f"again: scripts/fuzz --seed {self._seed} --lines {self._lines}",
            )
        )


def _compare(before: dict[str, object], after: dict[str, object]) -> None:
    changed = {
        name: (before.get(name, 0), value)
        for name, value in after.items()
        if value != before.get(name, 0)
    }
    if changed:
        raise Flaw(f"all have left, and something is not as before: {changed}")


def _blocks() -> int:
    """How many blocks of memory are in use, but for what caches keep."""
    for module in list(sys.modules.values()):
        for value in list(vars(module).values()):
            if isinstance(value, _lru_cache_wrapper):
                value.cache_clear()
    # The interpreter remembers up to 4096 names of attributes; `match` alone makes
    # a new one for each class that it looks at.
    sys._clear_type_cache()
    # The library keeps a few of the latest of these, too.
    re.purge()
    ZoneInfo.clear_cache()
    gc.collect()
    return sys.getallocatedblocks()


@contextmanager
def _collecting_as_the_daemon_does() -> Iterator[None]:
    """A turn may be interrupted by the collector exactly as it is in earnest."""
    threshold = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        gc.unfreeze()
