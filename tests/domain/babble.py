"""Babble: people who ask for anything at all, to see what the hub makes of it.

Run as a program it prints what became of one long babble, for a test that
compares two runs of Python.
"""

import json
import sys
from random import Random
from typing import Final, TypeAlias

from chat.domain.commands import (
    AskHouse,
    AskMembers,
    AskPeople,
    AskRoom,
    AskTopic,
    Command,
    Configure,
    Depart,
    Introduce,
    Join,
    Leave,
    Manner,
    Open,
    Rename,
    Say,
    SetTopic,
    Whisper,
)
from chat.domain.effects import Effect
from chat.domain.hub import Hub
from chat.domain.limits import Limits
from chat.domain.refusals import Reason, Refused
from chat.domain.state import Stamp

SESSIONS: Final = (1, 2, 3, 4)
# Few enough that people meet, with other spellings and some that cannot be.
NICKS: Final = ("alice", "Alice", "bob", "carol", "Zoë", "ZOË", "dave", "a!b", "")
ROOMS: Final = ("#lobby", "#Lobby", "#tea", "#TEA", "#Köln", "#köln", "#x", "tea", "#")
TEXTS: Final = ("", "hi", "gute Nacht", "你好", "x" * 500)

Line: TypeAlias = tuple[int, Command]
# What the hub made of a command: effects, or the reason why not.
Answer: TypeAlias = list[Effect] | Reason


def a_babble(random: Random, length: int) -> list[Line]:
    """What is asked for on which session, in order.

    A session is opened before anything else happens on it, and nothing happens
    on it after it has departed: that much the shell promises.
    """
    opened: list[int] = []
    lines: list[Line] = []
    for _ in range(length):
        session = random.choice(SESSIONS)
        command: Command = Open(f"{session}.host")
        if session in opened:
            command = a_command(random)
        else:
            opened.append(session)
        if isinstance(command, Depart):
            opened.remove(session)
        lines.append((session, command))
    return lines


def a_command(random: Random) -> Command:
    """Anything but `Open`; people introduce themselves and join rather often."""
    nick, room = random.choice(NICKS), random.choice(ROOMS)
    text, manner = random.choice(TEXTS), random.choice(list(Manner))
    introduce = Introduce(nick, "user", "Real Name", random.choice(("", room)))
    commands: tuple[Command, ...] = (
        *(introduce, introduce, introduce),
        *(Join(room), Join(room), Join(room)),
        *(Say(room, text, manner, "+a=b"), Whisper(nick, text, manner)),
        *(Rename(nick), Leave(room, text), SetTopic(room, text), Depart(text)),
        *(AskTopic(room), AskRoom(room), AskMembers(room, in_detail=True)),
        *(AskPeople(nick), AskPeople("*"), AskHouse()),
        Configure(Limits()),
    )
    return random.choice(commands)


class Scene:
    """A hub, and the one order in which it is asked."""

    def __init__(self, hub: Hub, last: int = 0) -> None:
        self.hub = hub
        self.last = last

    def answers(self, session: int, command: Command) -> Answer:
        """What the hub makes of *command*."""
        self.last += 1
        try:
            return self.hub.handle(session, command, Stamp(self.last, self.last * 10))
        except Refused as refused:
            return refused.reason

    def effects(self, session: int, command: Command) -> list[Effect]:
        """The same, if it is all the same why not."""
        answer = self.answers(session, command)
        return answer if isinstance(answer, list) else []

    def goes(self, lines: list[Line]) -> list[Answer]:
        """What the hub makes of all that, one after the other."""
        return [self.answers(session, command) for session, command in lines]


def main() -> None:
    """Print the answers to one long babble, and what is known at its end."""
    scene = Scene(Hub(Limits()))
    lines = a_babble(Random(2428), length=2000)  # noqa: S311 - to be repeatable
    for answer in scene.goes(lines):
        sys.stdout.write(f"{answer!r}\n")
    sys.stdout.write(json.dumps(scene.hub.snapshot()) + "\n")


if __name__ == "__main__":
    main()
