"""ISUPPORT: what is true of this server, as the 005 line tells it.

https://modern.ircdocs.horse/#rplisupport-parameters.  Every token here is a
promise that clients act on, so none is listed before it is kept.
"""

from typing import Final

from chat.dialects.dialect import House
from chat.dialects.irc.modes import (
    LISTS,
    MOST_CHANGES,
    OWN_LETTERS,
    PREFIXES,
    ROOM_LETTERS,
    letter_of,
)
from chat.domain.commands import Mark, Setting

# How many people or rooms one message of these may name; no number is any number.
MOST_TARGETS: Final = 4
_TARGETS: Final = {
    "JOIN": "",
    "KICK": MOST_TARGETS,
    "LIST": "",
    "MONITOR": "",
    "NAMES": MOST_TARGETS,
    "NOTICE": MOST_TARGETS,
    "PART": "",
    "PRIVMSG": MOST_TARGETS,
    "TAGMSG": MOST_TARGETS,
    "WHOIS": 1,
}
# What USER keeps, and the most that a cloak takes.
USERNAME_LENGTH: Final = 10
HOST_LENGTH: Final = 64

# What a value must not hold as it is, and how it is written instead.
_ESCAPED: Final = str.maketrans({" ": "\\x20", "=": "\\x3D", "\\": "\\x5C"})


def tokens(house: House) -> list[str]:
    """The tokens, in the order in which they are told."""
    limits = house.limits
    prefixes = "".join(PREFIXES.values())
    lists = "".join(map(letter_of, LISTS))
    targets = ",".join(f"{name}:{most}" for name, most in _TARGETS.items())
    rooms = "" if limits.rooms_per_user is None else limits.rooms_per_user
    return [
        "ACCOUNTEXTBAN=a",
        f"AWAYLEN={limits.away_length}",
        f"BOT={letter_of(Mark.BOT)}",
        "CASEMAPPING=ascii",
        f"CHANLIMIT=#:{rooms}",
        f"CHANMODES={','.join(_room_letters())}",
        "CHANTYPES=#",
        f"CHANNELLEN={limits.room_length}",
        *([f"CHATHISTORY={limits.history_page}"] if limits.history else []),
        "ELIST=CMNTU",
        f"EXCEPTS={letter_of(Setting.EXEMPT)}",
        "EXTBAN=,am",
        f"HOSTLEN={HOST_LENGTH}",
        f"INVEX={letter_of(Setting.WELCOME)}",
        f"KEYLEN={limits.key_length}",
        f"KICKLEN={limits.reason_length}",
        f"MAXLIST={','.join(f'{each}:{limits.masks_per_list}' for each in lists)}",
        f"MODES={MOST_CHANGES}",
        f"MONITOR={limits.watched}",
        *(["MSGREFTYPES=msgid,timestamp"] if limits.history else []),
        f"NAMELEN={limits.realname_length}",
        f"NETWORK={house.network.translate(_ESCAPED)}",
        f"NICKLEN={limits.nick_length}",
        f"PREFIX=({''.join(map(letter_of, PREFIXES))}){prefixes}",
        "SAFELIST",
        f"STATUSMSG={prefixes}",
        f"TARGMAX={targets}",
        f"TOPICLEN={limits.topic_length}",
        f"USERLEN={USERNAME_LENGTH}",
        "UTF8ONLY",
        "WHOX",
    ]


def letters() -> tuple[str, str, str]:
    """The letters of 004: one's own, a room's, and those of them with a value."""
    *with_value, _ = _room_letters()
    roles = map(letter_of, PREFIXES)
    return (
        "".join(sorted(OWN_LETTERS)),
        "".join(sorted(ROOM_LETTERS)),
        "".join(sorted("".join((*with_value, *roles)))),
    )


def _room_letters() -> tuple[str, str, str, str]:
    """Lists; what always has a value; what has one when it is set; what never has."""
    always, when_set = letter_of(Setting.KEY), letter_of(Setting.LIMIT)
    lists = "".join(map(letter_of, LISTS))
    others = (*lists, always, when_set, *map(letter_of, PREFIXES))
    never = "".join(sorted(set(ROOM_LETTERS) - set(others)))
    return lists, always, when_set, never
