"""The house on IRC: what it says about itself.

https://modern.ircdocs.horse/#server-queries-and-commands.  There is one server, so a
target is not looked at.
"""

from chat.dialects.dialect import Heard
from chat.dialects.irc.client import Client
from chat.dialects.irc.message import Message
from chat.domain.commands import AskHouse, AskTime


def motd(client: Client, _message: Message) -> Heard:
    """MOTD: the message of the day."""
    return [*client.numerics.motd(client.me)]


def lusers(_client: Client, _message: Message) -> Heard:
    """LUSERS: how many are here."""
    return [AskHouse()]


def version(client: Client, _message: Message) -> Heard:
    """VERSION: which program this is, and what is true of it."""
    house = client.house
    told = client.numeric("351", house.version, house.name, "Switchboard")
    return [told, *client.numerics.isupport(client.me)]


def time(_client: Client, _message: Message) -> Heard:
    """TIME: what time it is here."""
    return [AskTime()]


def info(client: Client, _message: Message) -> Heard:
    """INFO: what this is."""
    return [*client.numerics.info(client.me)]


def admin(client: Client, _message: Message) -> Heard:
    """ADMIN: where the house is, whose it is, and how to reach them."""
    return [*client.numerics.admin(client.me)]
