"""ISUPPORT: what is true of this server, as the 005 line tells it.

https://modern.ircdocs.horse/#rplisupport-parameters.  Every token here is a
promise that clients act on, so none is listed before it is kept.
"""

from typing import Final

from chat.dialects.dialect import House

# How many people or rooms one message of these may name.
MOST_TARGETS: Final = 4
_WITH_TARGETS: Final = ("NAMES", "NOTICE", "PRIVMSG", "TAGMSG")

# What a value must not hold as it is, and how it is written instead.
_ESCAPED: Final = str.maketrans({" ": "\\x20", "=": "\\x3D", "\\": "\\x5C"})


def tokens(house: House) -> list[str]:
    """The tokens, in the order in which they are told."""
    limits = house.limits
    return [
        "CASEMAPPING=ascii",
        "CHANMODES=,,,nt",
        "CHANTYPES=#",
        f"CHANNELLEN={limits.room_length}",
        f"NETWORK={house.network.translate(_ESCAPED)}",
        f"NICKLEN={limits.nick_length}",
        "PREFIX=(o)@",
        "TARGMAX=" + ",".join(f"{each}:{MOST_TARGETS}" for each in _WITH_TARGETS),
        f"TOPICLEN={limits.topic_length}",
        "UTF8ONLY",
    ]
