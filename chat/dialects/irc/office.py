"""Office on IRC: becoming one of those who run the house, and what they may do.

https://modern.ircdocs.horse/#operator-messages.  Whether somebody may is for the hub
to say; the password is checked by the shell.
"""

from chat.dialects.dialect import Heard, Prove
from chat.dialects.irc.client import Client
from chat.dialects.irc.message import Message
from chat.domain.commands import AskTime, Kill, Mark, TakeOffice, Wallops


def oper(client: Client, message: Message) -> Heard:
    """OPER: run the house, with a name and a password."""
    if not client.house.operators:
        return [client.numeric("491", "No operators for your host.")]
    name, password = message.params[:2]
    return [Prove(password, TakeOffice(name), operator=name)]


def kill(_client: Client, message: Message) -> Heard:
    """KILL: put somebody out of the house, and say why."""
    nick, reason = message.params[:2]
    return [Kill(nick, reason)]


def wallops(client: Client, message: Message) -> Heard:
    """WALLOPS: say something to everybody who runs the house."""
    if not message.params[0]:
        return [client.numeric("461", "WALLOPS", "Not enough parameters.")]
    return [Wallops(message.params[0])]


def stats(client: Client, message: Message) -> Heard:
    """STATS: u tells how long the house is up, o who may run it."""
    letter = message.params[0][:1]
    if letter == "u":
        # The answer to it needs to know what time it is.
        return [AskTime()]
    end = client.numerics.end_of_stats(client.me, letter)
    if letter != "o":
        return [end]
    if Mark.OPERATOR not in client.marks:
        return [client.numeric("481", "Permission denied: you do not run this house.")]
    operators = client.house.operators
    names = [client.numeric("243", "O", "*", "*", name) for name in operators]
    return [*names, end]
