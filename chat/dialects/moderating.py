"""Moderating: the verbs for those who run a room, or the house.

They ask for the same commands as IRC's MODE and KICK; whether one may is for the
hub to say.  Each takes a ``#ROOM`` first, if it is not the one talked in.

Next: chat/dialects/comforts.py
"""

from typing import Final

from chat.dialects import switches
from chat.dialects.conversation import (
    Action,
    Conversation,
    Group,
    Verb,
    in_a_room,
)
from chat.dialects.dialect import Heard
from chat.dialects.excuses import of_refusal
from chat.domain.commands import (
    AskMasks,
    AskRoom,
    Change,
    Kick,
    Kill,
    SetRoom,
    Setting,
    TakeOffice,
    Wallops,
)
from chat.domain.masks import MUTE
from chat.domain.names import fold
from chat.domain.refusals import NotEncrypted

# What no nick holds and a mask or an address does.
_MASKS: Final = frozenset("!@*?.:/")
_LISTS: Final = {
    "": Setting.BAN,
    "exempt": Setting.EXEMPT,
    "welcome": Setting.WELCOME,
}


def room(name: str, rest: str) -> Heard | None:
    """Tell how the room is set up, or change it."""
    if not rest:
        return [AskRoom(name)]
    change = switches.change(rest)
    return None if change is None else [SetRoom(name, (change,))]


def kick(name: str, rest: str) -> Heard | None:
    """Put somebody out."""
    nick, _, why = rest.partition(" ")
    return [Kick(name, nick, why.strip())] if nick else None


def ban(talk: Conversation, rest: str) -> Heard | None:
    """Keep somebody out, and put them out if they are in."""
    where, others = talk.room_first(rest)
    nick, _, why = others.partition(" ")
    banned = _changing(Setting.BAN, on=True)(talk, f"{where} {nick}" if where else nick)
    if banned and where and not _MASKS & set(nick):
        talk.banned = fold(nick)
        banned.append(Kick(where, nick, why.strip()))
    return banned


def bans(name: str, rest: str) -> Heard | None:
    """List whom the room keeps out."""
    kind = _LISTS.get(rest)
    return None if kind is None else [AskMasks(name, kind)]


def oper(talk: Conversation, rest: str) -> Heard | None:
    """Ask for the password of those who run the house."""
    if not rest or " " in rest:
        return None
    if not talk.house.operators:
        return [talk.answer("-- Nobody runs this house from inside.")]
    if not talk.may_send_passwords:
        return [talk.answer(f"-- {of_refusal(NotEncrypted())}")]
    return talk.ask_password(TakeOffice(rest), operator=rest)


def kill(_talk: Conversation, rest: str) -> Heard | None:
    """Put somebody out of the house."""
    nick, _, why = rest.partition(" ")
    return [Kill(nick, why.strip())] if why.strip() else None


def wallops(_talk: Conversation, rest: str) -> Heard | None:
    """Tell everybody who runs the house."""
    return [Wallops(rest)] if rest else None


def _changing(setting: Setting, *, on: bool, before: str = "") -> Action:
    """The action that turns *setting* on, or off, for whoever is named."""

    def act(name: str, rest: str) -> Heard | None:
        if not rest or " " in rest:
            return None
        return [SetRoom(name, (Change(setting, on, before + rest),))]

    return in_a_room(act)


VERBS: Final = (
    Verb(
        "/room [HOW]",
        "how the room is set up",
        in_a_room(room),
        f"With a word it is set up otherwise: {switches.ways()}. And for bans: exempt"
        " NAME, welcome NAME, unexempt NAME, unwelcome NAME. For example: /room closed",
        group=Group.ROOM,
        aliases=("mode", "set"),
    ),
    Verb(
        "/kick NAME [WHY]",
        "put somebody out",
        in_a_room(kick),
        "They may come in again: /kick bob too loud",
        group=Group.ROOM,
    ),
    Verb(
        "/ban NAME [WHY]",
        "keep somebody out",
        ban,
        "It puts them out, too: /ban bob. Who comes back under another name is kept"
        " out by where he comes from, which /whois tells: /ban *@0a1b2c3d4e5f.cloak"
        " or, for a whole network, /ban 192.0.2.0/24",
        group=Group.ROOM,
    ),
    Verb(
        "/unban NAME",
        "let them in again",
        _changing(Setting.BAN, on=False),
        "Write it as /bans lists it: /unban bob",
        group=Group.ROOM,
    ),
    Verb(
        "/bans",
        "whom the room keeps out",
        in_a_room(bans),
        "/bans exempt lists whom no ban concerns, /bans welcome who needs no"
        " invitation.",
        group=Group.ROOM,
        aliases=("banlist",),
    ),
    Verb(
        "/mute NAME",
        "do not let somebody be heard",
        _changing(Setting.BAN, on=True, before=MUTE),
        "They stay and read on: /mute bob",
        group=Group.ROOM,
    ),
    Verb(
        "/unmute NAME",
        "let them be heard again",
        _changing(Setting.BAN, on=False, before=MUTE),
        "For example: /unmute bob",
        group=Group.ROOM,
    ),
    Verb(
        "/op NAME",
        "let somebody run the room, too",
        _changing(Setting.OPERATOR, on=True),
        "They may do then what you may: /op bob",
        group=Group.ROOM,
    ),
    Verb(
        "/deop NAME",
        "no longer let somebody run it",
        _changing(Setting.OPERATOR, on=False),
        "For example: /deop bob",
        group=Group.ROOM,
        aliases=("unop",),
    ),
    Verb(
        "/voice NAME",
        "let somebody talk in a quiet room",
        _changing(Setting.VOICE, on=True),
        "After /room quiet only those talk: /voice bob",
        group=Group.ROOM,
    ),
    Verb(
        "/devoice NAME",
        "take that back",
        _changing(Setting.VOICE, on=False),
        "For example: /devoice bob",
        group=Group.ROOM,
        aliases=("unvoice",),
    ),
    Verb(
        "/oper NAME",
        "show that you run the house",
        oper,
        "The name is the one that the house knows you by; the password is asked for.",
        group=Group.OFFICE,
    ),
    Verb(
        "/kill NAME WHY",
        "put somebody out of the house",
        kill,
        "They may come again: /kill bob enough is enough",
        group=Group.OFFICE,
    ),
    Verb(
        "/wallops TEXT",
        "tell all who run the house",
        wallops,
        "For example: /wallops bob is back",
        group=Group.OFFICE,
    ),
)
