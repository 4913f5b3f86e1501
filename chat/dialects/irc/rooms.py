"""Rooms on IRC: entering, leaving, and how they are set up.

https://modern.ircdocs.horse/#channel-operations; the modes are those of ``modes``.
"""

from itertools import zip_longest

from chat.dialects.dialect import Heard
from chat.dialects.irc import elist, modes, people, talk
from chat.dialects.irc.client import Client
from chat.dialects.irc.message import Message
from chat.domain.commands import (
    AskMasks,
    AskMembers,
    AskRoom,
    AskTopic,
    Invite,
    Join,
    Kick,
    Leave,
    SetRoom,
    SetTopic,
)


def join(client: Client, message: Message) -> Heard:
    """JOIN: several rooms at once, each with its key; 0 leaves all of them."""
    names, *rest = message.params
    if names == "0":
        return [Leave(room) for room in client.rooms.values()]
    keys = rest[0].split(",") if rest else []
    pairs = zip_longest(names.split(","), keys, fillvalue="")
    return [Join(room, key) for room, key in pairs if room]


def part(_client: Client, message: Message) -> Heard:
    """PART: with a reason for all of them."""
    reason = message.params[1] if len(message.params) > 1 else ""
    return [Leave(room, reason) for room in message.params[0].split(",") if room]


def topic(_client: Client, message: Message) -> Heard:
    """TOPIC: read it, or change it."""
    room, *rest = message.params
    return [SetTopic(room, rest[0])] if rest else [AskTopic(room)]


def names(client: Client, message: Message) -> Heard:
    """NAMES: who is in some rooms; of all of them it tells nothing."""
    if not message.params:
        return [client.numeric("366", "*", "End of /NAMES list.")]
    return [AskMembers(room) for room in talk.targets(message.params[0])]


def list_(_client: Client, message: Message) -> Heard:
    """LIST: the rooms there are, or those that are asked for."""
    return [elist.asked(",".join(message.params))]


def kick(_client: Client, message: Message) -> Heard:
    """KICK: one person or several, out of one room."""
    room, nicks, *rest = message.params
    reason = rest[0] if rest else ""
    return [Kick(room, nick, reason) for nick in talk.targets(nicks)]


def invite(_client: Client, message: Message) -> Heard:
    """INVITE: tell somebody of a room, and let them in."""
    nick, room = message.params[:2]
    return [Invite(nick, room)]


def mode(client: Client, message: Message) -> Heard:
    """MODE: how a room is set up, or what is true of oneself."""
    target, *rest = message.params
    if not target.startswith("#"):
        return people.own_modes(client, target, rest)
    if not rest:
        return [AskRoom(target)]
    letters, *values = rest
    what = modes.asked(letters, values)
    heard: Heard = [SetRoom(target, tuple(what.changes))] if what.changes else []
    heard += [AskMasks(target, kind) for kind in what.lists]
    for letter in list(what.unknown)[: modes.MOST_CHANGES]:
        heard.append(client.numeric("472", letter, "is unknown mode char to me."))
    for letter in what.lacking:
        # https://modern.ircdocs.horse/#errinvalidmodeparam-696
        heard.append(client.numeric("696", target, letter, "*", "It needs a value."))
    return heard
