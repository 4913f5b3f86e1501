"""Capabilities: what a client may ask for beyond the plain protocol.

https://ircv3.net/specs/extensions/capability-negotiation
"""

from typing import Final

# Name to value; a value is only shown to those who said CAP LS 302.
OFFERED: Final[dict[str, str]] = {
    "echo-message": "",
    "message-tags": "",
    "server-time": "",
}


def understands_values(version: str) -> bool:
    """Whether CAP LS *version* is 302 or later."""
    return version.isascii() and version.isdecimal() and int(version[:6]) >= 302


def listed(*, with_values: bool) -> str:
    """The list that CAP LS answers with."""
    return " ".join(
        f"{name}={value}" if value and with_values else name
        for name, value in OFFERED.items()
    )


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
