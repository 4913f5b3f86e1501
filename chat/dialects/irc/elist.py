"""Search conditions of LIST, as ELIST=CMNTU promises them.

https://modern.ircdocs.horse/#elist-parameter: ``>3`` and ``<10`` are members, ``C>60``
and ``T<60`` minutes since the room or its topic was made, ``*tea*`` is a mask that a
room's name must match, and ``!*tea*`` one that it must not.
"""

from typing import Final

from chat.domain.commands import AskRooms

_SIGNS: Final = frozenset("<>")
_MINUTE: Final = 60
# Each is matched against each room.
_MOST_MASKS: Final = 4
# A number of more digits is longer than the world will last.
_MOST_DIGITS: Final = 9


def asked(conditions: str) -> AskRooms:
    """What LIST with *conditions*, which commas divide, asks for.

    What compares with something that is no number is no condition.
    """
    masks: list[str] = []
    but: list[str] = []
    bounds: dict[str, int] = {}
    for condition in conditions.split(","):
        if condition[:1] in _SIGNS or condition[1:2] in _SIGNS:
            _compare(condition.upper(), bounds)
        elif condition.startswith("!"):
            but.append(condition[1:])
        elif condition:
            masks.append(condition)
    return AskRooms(
        tuple(masks[:_MOST_MASKS]),
        tuple(but[:_MOST_MASKS]),
        least=bounds.get(">"),
        most=bounds.get("<"),
        newer=bounds.get("C<"),
        older=bounds.get("C>"),
        topic_newer=bounds.get("T<"),
        topic_older=bounds.get("T>"),
    )


def _compare(condition: str, bounds: dict[str, int]) -> None:
    sign = condition[: 1 if condition[0] in _SIGNS else 2]
    digits = condition[len(sign) :]
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS):
        return
    number = int(digits)
    if len(sign) == 2:
        bounds[sign] = number * _MINUTE
    else:
        # More than three are four or more.
        bounds[sign] = number + 1 if sign == ">" else number - 1
