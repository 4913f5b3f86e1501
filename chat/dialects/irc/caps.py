"""Capabilities: what a client may ask for beyond the plain protocol.

https://ircv3.net/specs/extensions/capability-negotiation
"""

from typing import Final

from chat.dialects.irc.client import Client
from chat.dialects.irc.render import IrcKind
from chat.dialects.irc.sasl import MECHANISMS, SCRAM

# Name to value; a value is only shown to those who said CAP LS 302.
OFFERED: Final[dict[str, str]] = {
    "account-notify": "",
    "account-tag": "",
    "away-notify": "",
    "cap-notify": "",
    "chghost": "",
    "echo-message": "",
    "extended-join": "",
    "invite-notify": "",
    "message-tags": "",
    "multi-prefix": "",
    "sasl": ",".join(MECHANISMS),
    "server-time": "",
    "setname": "",
    "userhost-in-names": "",
}
# https://ircv3.net/specs/extensions/account-registration, which is still a draft.
REGISTRATION: Final = "draft/account-registration"
# On for good with version 302, and nobody need ask for it.
IMPLIED: Final = "cap-notify"


def understands_values(version: str) -> bool:
    """Whether CAP LS *version* is 302 or later."""
    return version.isascii() and version.isdecimal() and int(version[:6]) >= 302


def offered(client: Client) -> dict[str, str]:
    """What is offered to *client*: all of that, and accounts where some are made.

    No program is invited to send a password where others could read it.
    """
    house = client.house
    if not client.may_send_passwords:
        return OFFERED | {"sasl": SCRAM}
    if house.limits.registration == "closed":
        return OFFERED
    # Early registration must not be a way around the password of the house.
    value = "" if house.password else "before-connect"
    return OFFERED | {REGISTRATION: value}


def listed(client: Client, *, with_values: bool) -> list[str]:
    """The words of the list that CAP LS answers with."""
    return [
        f"{name}={value}" if value and with_values else name
        for name, value in offered(client).items()
    ]


def requested(client: Client, request: str) -> frozenset[str] | None:
    """What is enabled after *request*, or None: all of it is met or nothing is."""
    after, known = set(client.caps), offered(client)
    for word in request.split():
        name = word.removeprefix("-")
        if name not in known:
            return None
        if word.startswith("-"):
            after.discard(name)
        else:
            after.add(name)
    return frozenset(after)


def kind(enabled: frozenset[str], house: str) -> IrcKind:
    """What kind of reader has *enabled* these."""
    return IrcKind(
        server_time="server-time" in enabled,
        message_tags="message-tags" in enabled,
        echoes="echo-message" in enabled,
        away_notify="away-notify" in enabled,
        extended_join="extended-join" in enabled,
        invite_notify="invite-notify" in enabled,
        setname="setname" in enabled,
        account_notify="account-notify" in enabled,
        account_tag="account-tag" in enabled,
        house=house,
    )
