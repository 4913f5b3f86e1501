"""Babble: people who ask for anything at all, to see what the hub makes of it.

Run as a program it prints what became of one long babble, for a test that
compares two runs of Python.
"""

import json
import sys
from random import Random
from typing import Final, TypeAlias

from chat.domain.claims import (
    AskAccount,
    AskAccounts,
    AskLinks,
    AskSessions,
    EndSession,
    Forget,
    Ghost,
    Identified,
    LogOut,
    MakeLink,
    Redeem,
    Register,
    Reset,
    Revoke,
    SetAlwaysOn,
    SetCredential,
    Suspend,
    TellTrouble,
    Tidy,
    Unregister,
)
from chat.domain.commands import (
    AskHouse,
    AskMasks,
    AskMembers,
    AskPast,
    AskPeople,
    AskPerson,
    AskPresent,
    AskRoom,
    AskRooms,
    AskTime,
    AskTopic,
    AskWatched,
    Change,
    Command,
    Configure,
    Depart,
    Introduce,
    Invite,
    Join,
    Kick,
    Kill,
    Leave,
    Manner,
    Mark,
    Open,
    Rename,
    Say,
    SetAway,
    SetMark,
    SetRealname,
    SetRoom,
    Setting,
    SetTopic,
    TakeOffice,
    Unwatch,
    Wallops,
    Watch,
    Whisper,
)
from chat.domain.effects import Effect
from chat.domain.hub import Hub
from chat.domain.limits import Limits
from chat.domain.questions import (
    AskHistory,
    AskRead,
    AskTargets,
    CatchUp,
    MarkRead,
    Search,
)
from chat.domain.refusals import Reason, Refused
from chat.domain.state import Stamp

SESSIONS: Final = (1, 2, 3, 4)
# Few enough that people meet, with other spellings and some that cannot be.
NICKS: Final = (
    *("alice", "Alice", "bob", "carol", "Zoë", "ZOË", "dave"),
    *("b0b", "guest-7", "a!b", ""),
)
ROOMS: Final = ("#lobby", "#Lobby", "#tea", "#TEA", "#Köln", "#köln", "tea", "#")
# How often each of these is meant: people shall meet.
NICK_WEIGHTS: Final = (4, 1, 4, 4, 2, 1, 1, 1, 1, 1, 1)
ROOM_WEIGHTS: Final = (4, 1, 12, 4, 1, 1, 1, 1)
MASKS: Final = ("bob", "m:ali*", "*!*@*", "*@1.host", "192.0.2.0/31", "m:", "a b", "0")
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
        if session not in opened:
            opened.append(session)
            lines.append((session, an_open(random, session)))
            # Most people say at once who they are.
            nick = NICKS[2 * session - 2]
            lines += [(session, Introduce(nick, "u", ""))] * (random.random() < 0.9)
            continue
        command = a_command(random)
        if isinstance(command, Depart):
            opened.remove(session)
        lines.append((session, command))
    return lines[:length]


def an_open(random: Random, session: int) -> Open:
    """The house is sometimes looked after on the last session."""
    is_console = session == SESSIONS[-1] and random.random() < 0.3
    return Open(f"{session}.host", f"192.0.2.{session}", is_console)


def a_command(random: Random) -> Command:
    """Anything but `Open`; people introduce themselves and join rather often."""
    (nick,) = random.choices(NICKS, NICK_WEIGHTS)
    (room,) = random.choices(ROOMS, ROOM_WEIGHTS)
    text, manner = random.choice(TEXTS), random.choice(list(Manner))
    introduce = Introduce(nick, "user", "Real Name", random.choice(("", room)))
    join = Join(room, random.choice(("", "sesame")))
    only = random.choice((None, None, Setting.OPERATOR, Setting.VOICE))
    commands: tuple[Command, ...] = (
        *(introduce,) * 3,
        *(join,) * 8,
        *(Say(room, text, manner, "+a=b", only), Whisper(nick, text, manner)),
        *(Rename(nick), Leave(room, text), SetTopic(room, text), Depart(text)),
        *(SetRoom(room, some_changes(random, nick)),) * 6,
        *(Kick(room, nick, text), *(Invite(nick, room),) * 2),
        *(SetAway(text), SetRealname(text), some_mark(random)),
        *(Watch((nick, "bob")), Unwatch((nick,) * random.randint(0, 1)), AskWatched()),
        *(*(TakeOffice(),) * 2, Kill(nick, text), Wallops(text)),
        *(a_question(random, nick, room),) * 2,
        *(a_recollection(random, nick, room),) * 2,
        *(a_claim(random, nick, room),) * 20,
        Configure(some_limits(random)),
    )
    return random.choice(commands)


def a_claim(random: Random, nick: str, room: str) -> Command:
    """Anything about accounts and invitations; most people log in rather than out."""
    number, token = random.choice((0, *SESSIONS)), random.choice(("sb-1", "sb-2"))
    claims: tuple[Command, ...] = (
        *(Register("a credential"), Register("a credential", nick)) * 3,
        *(Identified(nick),) * 8,
        *(LogOut(), SetCredential("another"), Unregister()),
        *(SetAlwaysOn(random.random() < 0.8),) * 2,
        *(AskSessions(), AskAccount(nick), AskAccounts(), EndSession(number)),
        *(Ghost(nick), Suspend(nick, random.random() < 0.3)),
        *(Forget(nick, random.random() < 0.5), Reset(nick, "a code")),
        *(MakeLink(room, 60, random.randint(0, 2), token),) * 3,
        *(AskLinks(room), Revoke(room, random.randint(0, 500)), Redeem(token)),
        *(Tidy(), TellTrouble((0,), random.random() < 0.5, number)),
    )
    return random.choice(claims)


def some_limits(random: Random) -> Limits:
    """Mostly those that hold anyway."""
    if random.random() < 0.6:
        return Limits(held_nick=100)
    return Limits(
        registration=random.choice(("open", "invited", "closed")),
        guests=random.choice(("open", "named", "none")),
        held_nick=random.choice((0, 200)),
        empty_room=random.choice((0, 100)),
        history=random.random() < 0.9,
    )


def some_changes(random: Random, nick: str) -> tuple[Change, ...]:
    """A few changes to a room, some of nonsense."""
    values = (nick, nick, *MASKS, "3", "sesame")
    return tuple(
        Change(random.choice(list(Setting)), random.random() < 0.7, value)
        for value in random.choices(values, k=random.randint(0, 3))
    )


def some_mark(random: Random) -> Command:
    """Be something, or not any more."""
    return SetMark(random.choice(list(Mark)), random.random() < 0.7)


def a_question(random: Random, nick: str, room: str) -> Command:
    """Anything to which the answer is just told."""
    kind = random.choice((Setting.BAN, Setting.EXEMPT, Setting.WELCOME))
    questions: tuple[Command, ...] = (
        *(AskTopic(room), AskRoom(room), AskMembers(room, in_detail=True)),
        *(AskPeople(nick), AskPeople("*"), AskHouse(), AskPerson(nick)),
        *(AskRooms(), AskRooms(("#t*",), least=1), AskMasks(room, kind)),
        *(AskPast(nick, 2), AskPresent((nick, "bob")), AskTime()),
    )
    return random.choice(questions)


def a_recollection(random: Random, nick: str, room: str) -> Command:
    """Anything about what was said."""
    target, at = random.choice((nick, room)), random.randint(0, 5000)
    questions: tuple[Command, ...] = (
        *(AskHistory(target), AskTargets(0, at), CatchUp(target), CatchUp()),
        *(Search("tea"), Search("tea", target=target)),
        *(AskRead(target), *(MarkRead(target, at),) * 3),
    )
    return random.choice(questions)


class Scene:
    """A hub, and the one order in which it is asked."""

    def __init__(self, hub: Hub, last: int = 0) -> None:
        self.hub = hub
        self.last = last

    def answers(self, session: int, command: Command) -> Answer:
        """What the hub makes of *command*; nothing, if the session was killed."""
        if not isinstance(command, Open) and session not in self.hub._state.sessions:
            return []
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
