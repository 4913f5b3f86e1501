"""Capabilities: what a client may ask for beyond the plain protocol.

https://ircv3.net/specs/extensions/capability-negotiation
"""

from typing import Final

from chat.dialects.irc.render import IrcKind

# Name to value; a value is only shown to those who said CAP LS 302.
OFFERED: Final[dict[str, str]] = {
    "away-notify": "",
    "cap-notify": "",
    "chghost": "",
    "echo-message": "",
    "extended-join": "",
    "invite-notify": "",
    "message-tags": "",
    "multi-prefix": "",
    "server-time": "",
    "setname": "",
    "userhost-in-names": "",
}
# On for good with version 302, and nobody need ask for it.
IMPLIED: Final = "cap-notify"


def understands_values(version: str) -> bool:
    """Whether CAP LS *version* is 302 or later."""
    return version.isascii() and version.isdecimal() and int(version[:6]) >= 302


def listed(*, with_values: bool) -> list[str]:
    """The words of the list that CAP LS answers with."""
    return [
        f"{name}={value}" if value and with_values else name
        for name, value in OFFERED.items()
    ]


def requested(request: str, enabled: frozenset[str]) -> frozenset[str] | None:
    """What is enabled after *request*, or None: all of it is met or nothing is."""
    after = set(enabled)
    for word in request.split():
        name = word.removeprefix("-")
        if name not in OFFERED:
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
        house=house,
    )
