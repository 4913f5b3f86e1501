"""Capabilities: what a client may ask for beyond the plain protocol.

https://ircv3.net/specs/extensions/capability-negotiation
"""

from functools import lru_cache
from typing import Final

from chat.dialects.irc import marks, search
from chat.dialects.irc.client import Client
from chat.dialects.irc.render import IrcKind
from chat.dialects.irc.sasl import MECHANISMS, SCRAM

# Name to value; a value is only shown to those who said CAP LS 302.
OFFERED: Final[dict[str, str]] = {
    "account-notify": "",
    "account-tag": "",
    "away-notify": "",
    "batch": "",
    "cap-notify": "",
    "chghost": "",
    "echo-message": "",
    "extended-join": "",
    "invite-notify": "",
    "labeled-response": "",
    "message-tags": "",
    "multi-prefix": "",
    "sasl": ",".join(MECHANISMS),
    "server-time": "",
    "setname": "",
    "userhost-in-names": "",
    # How far one has read, which is known also where nothing is kept.
    marks.CAP: "",
}
# What there is where what is said is kept; drafts, but for the last, which is soju's.
HISTORY: Final[dict[str, str]] = {
    "draft/chathistory": "",
    "draft/event-playback": "",
    search.CAP: "",
}
# https://ircv3.net/specs/extensions/account-registration, which is still a draft.
REGISTRATION: Final = "draft/account-registration"
# On for good with version 302, and nobody need ask for it.
IMPLIED: Final = "cap-notify"


def understands_values(version: str) -> bool:
    """Whether CAP LS *version* is 302 or later."""
    return version.isascii() and version.isdecimal() and int(version[:6]) >= 302


def offered(client: Client) -> dict[str, str]:
    """What is offered to *client*: all of that, history, and making accounts.

    No program is invited to send a password where others could read it.
    """
    house = client.house
    those = OFFERED | HISTORY if house.limits.history else OFFERED
    if not client.may_send_passwords:
        return those | {"sasl": SCRAM}
    if house.limits.registration == "closed":
        return those
    # Early registration must not be a way around the password of the house.
    value = "" if house.password else "before-connect"
    return those | {REGISTRATION: value}


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


# Mostly one object for all who have enabled the same, which is found by being that.
@lru_cache(maxsize=64)
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
