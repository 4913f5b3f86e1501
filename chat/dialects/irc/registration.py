"""Registration: how a connection becomes a user, and stops being one.

It does once NICK and USER have come and capability negotiation, if it was begun, has
ended; where the house asks for a password, PASS has to come before that.  An exchange
with AUTHENTICATE that has not come to its end by then never does.
https://modern.ircdocs.horse/#connection-registration
"""

import re
from typing import Final

from chat.dialects.dialect import Heard, Prove
from chat.dialects.irc import caps, sasl
from chat.dialects.irc.client import Client
from chat.dialects.irc.isupport import USERNAME_LENGTH
from chat.dialects.irc.message import Message
from chat.dialects.irc.words import rows
from chat.domain.claims import TOKEN
from chat.domain.commands import Depart, Introduce, Rename
from chat.domain.limits import cut

_NOT_IN_USERNAMES: Final = re.compile("[^A-Za-z0-9_.-]")


def cap(client: Client, message: Message) -> Heard:
    """CAP: say what there is, and turn it on and off."""
    subcommand = message.params[0].upper()
    rest = message.params[1] if len(message.params) > 1 else ""
    newcomer = client.newcomer
    match subcommand:
        case "LS":
            newcomer.is_negotiating = not client.speaks_for
            return _cap_ls(client, rest)
        case "LIST":
            return _cap_rows(client, "LIST", sorted(client.caps))
        case "REQ":
            newcomer.is_negotiating = not client.speaks_for
            return [_cap_request(client, rest)]
        case "END":
            newcomer.is_negotiating = False
            return introduction(client)
        case _:
            return [client.numeric("410", subcommand, "Invalid CAP command.")]


def _cap_ls(client: Client, version: str) -> Heard:
    with_values = caps.understands_values(version)
    if with_values:
        client.knows_302 = True
        client.caps |= {caps.IMPLIED}
    return _cap_rows(client, "LS", caps.listed(client, with_values=with_values))


def _cap_rows(client: Client, subcommand: str, names: list[str]) -> Heard:
    """A list of capabilities; only who knows 302 can put several lines together."""
    if not client.knows_302:
        return [_cap(client, f"{subcommand} :{' '.join(names)}")]
    *before, last = list(rows(names)) or [""]
    return [
        *(_cap(client, f"{subcommand} * :{row}") for row in before),
        _cap(client, f"{subcommand} :{last}"),
    ]


def _cap_request(client: Client, request: str) -> bytes:
    after = caps.requested(client, request)
    if after is None or (client.knows_302 and caps.IMPLIED not in after):
        return _cap(client, f"NAK :{request}")
    client.caps = after
    client.kind = caps.kind(after, client.house.name)
    return _cap(client, f"ACK :{request}")


def _cap(client: Client, text: str) -> bytes:
    return client.from_house(f"CAP {client.me} {text}")


def nick(client: Client, message: Message) -> Heard:
    """NICK: the first, or another."""
    if not message.params or not message.params[0]:
        return [client.numeric("431", "No nickname given.")]
    if client.speaks_for:
        return [Rename(message.params[0])]
    client.newcomer.nick = message.params[0]
    return introduction(client)


def user(client: Client, message: Message) -> Heard:
    """USER: a user name, and a real name."""
    if client.speaks_for:
        return [client.numeric("462", "You may not reregister.")]
    kept = _NOT_IN_USERNAMES.sub("", message.params[0])
    client.newcomer.username = kept[:USERNAME_LENGTH] or "user"
    client.newcomer.realname = cut(
        message.params[3], client.house.limits.realname_length
    )
    return introduction(client)


def passed(client: Client, message: Message) -> Heard:
    """PASS: the password of the house; in one without, of an account.

    That is written ``account:password``.  An invitation does in any house.
    """
    if client.speaks_for:
        return [client.numeric("462", "You may not reregister.")]
    client.newcomer.secret = secret = message.params[0]
    account, _, password = secret.partition(":")
    if secret.startswith(TOKEN):
        return [sasl.claim(client, "", secret)]
    if account and password and not client.house.password:
        return [sasl.claim(client, account, password)]
    return []


def introduction(client: Client) -> Heard:
    """What is to be done once a newcomer has said all there is to say."""
    newcomer = client.newcomer
    is_ready = newcomer.nick and newcomer.username and not newcomer.is_negotiating
    if client.speaks_for or not is_ready:
        return []
    given_up = sasl.give_up(client)
    introduce = Introduce(
        newcomer.nick,
        newcomer.username,
        newcomer.realname,
        is_invited=client.needs_invitation,
    )
    if client.house.password and not newcomer.is_invited:
        return [*given_up, Prove(newcomer.secret, introduce)]
    return [*given_up, introduce]


def ping(client: Client, message: Message) -> Heard:
    """PING: the same token comes back."""
    if not message.params[0]:
        return [client.numeric("409", "No origin specified.")]
    name = client.house.name
    return [client.from_house(f"PONG {name} :{message.params[0]}")]


def pong(_client: Client, _message: Message) -> Heard:
    """PONG: an answer needs none."""
    return []


def bye(_client: Client, message: Message) -> Heard:
    """QUIT: with a reason that others will read."""
    reason = message.params[0] if message.params else ""
    return [Depart(f"Quit: {reason}" if reason else "Quit")]
