"""Killing a busy server at a moment that chance chooses, and looking at its store."""

import os
import random
import signal
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tests.crash.talk import SETTINGS, Talk, kept_in, missing
from tests.faults.chatd import Chatd
from tests.faults.people import Crowd

# The server dies when somebody has read so many lines.
FEWEST: Final = 100
MOST: Final = 8000


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one death."""

    number: int
    read: int
    kept: int
    seconds: float
    counts: bool
    wrong: list[str]

    def __str__(self) -> str:
        verdict = "; ".join(self.wrong) or (
            "holds" if self.counts else "does not count"
        )
        cells = (self.number, self.read, self.kept, f"{self.seconds:.1f}", verdict)
        return f"| {' | '.join(map(str, cells))} |"


HEAD: Final = (
    "| round | lines read | lines kept | seconds | verdict |\n|---|---|---|---|---|"
)


def killed(folder: Path, number: int, chance: random.Random) -> Round:
    """Round *number*: start a server in *folder*, have people talk, and kill it.

    It counts if the server died at the very moment at which a line arrived.
    """
    began = time.monotonic()
    chatd = Chatd(SETTINGS, data=folder)
    try:
        with Crowd(chatd.address) as crowd:
            talk = Talk(crowd, number)
            lines = chance.randint(FEWEST, MOST)
            kill = partial(os.kill, chatd.pid, signal.SIGKILL)
            talk.go_on(lines, within=20.0, then=kill)
            talk.ends()
            read = talk.read()
    finally:
        chatd.end()
        chatd.forget()
    comes_back(folder)
    found = kept_in(folder, number)
    wrong = missing(found.lines, read)
    if not found.is_whole:
        wrong.append("the store is damaged")
    most = max(map(len, read))
    return Round(
        number,
        most,
        len(found.lines),
        time.monotonic() - began,
        counts=talk.is_over,
        wrong=wrong,
    )


def comes_back(folder: Path) -> None:
    """A server starts on what is left, and somebody is let in."""
    chatd = Chatd(SETTINGS, data=folder)
    try:
        with Crowd(chatd.address) as crowd:
            (person,) = crowd.seat(1, "back")
            chatd.must_be_well()
            person.leave()
    finally:
        chatd.end()
        chatd.forget()
