"""Zones: the time of day where somebody is, and what people call that place.

The clock of whoever connects is not known, so he says where he is: a place as the
time zone database has it, whatever its case (``Europe/Berlin``, ``berlin``), or how
far from UTC it is (``+2``, ``-03:30``).  What he is told in return is one spelling
for each zone, so that those who are in the same one read the same bytes.

Next: chat/dialects/words.py
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET: Final = re.compile(
    r"(?:UTC|GMT)?([+-])([0-9]{1,2})(?::?(00|15|30|45))?", re.IGNORECASE
)
_PLACE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
# Known even where there is no time zone database.
_UTC: Final = frozenset({"UTC", "GMT", "Z"})
# Where a city is looked for that is named without its continent.
_REGIONS: Final = (
    *("Europe", "America", "Asia", "Africa", "Australia", "Pacific"),
    *("Atlantic", "Indian"),
)
# No place on earth is further from UTC.
_FURTHEST_HOURS: Final = 14
# In ms.  Wherever one is, since 1972, a minute begins when it does in UTC.
_MINUTE: Final = 60_000


def find(text: str) -> str | None:
    """The one spelling of the zone that *text* means, or None if it means none."""
    if offset := _OFFSET.fullmatch(text):
        sign, hours, minutes = offset[1], int(offset[2]), int(offset[3] or 0)
        if hours * 60 + minutes > _FURTHEST_HOURS * 60:
            return None
        return f"{sign}{hours:02}:{minutes:02}"
    if text.upper() in _UTC:
        return "UTC"
    place = text.replace(" ", "_")
    if len(text) > 40 or not _PLACE.fullmatch(place):
        return None
    return next(filter(_is_known, _spellings(place)), None)


def hour(at: int, zone: str) -> str:
    """The time of day at *at* (ms) in a zone that `find` has found: ``10:14``."""
    return _hour(at // _MINUTE, zone)


def date(at: int) -> str:
    """The date and time at *at* (ms), for everybody: ``2026-11-20 10:15 UTC``."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


# One for each zone that somebody is in, for all that is said in a minute.
@lru_cache(maxsize=64)
def _hour(minute: int, zone: str) -> str:
    return datetime.fromtimestamp(minute * 60, rules(zone)).strftime("%H:%M")


def _spellings(place: str) -> list[str]:
    proper = place.title()
    cities = [] if "/" in place else [f"{region}/{proper}" for region in _REGIONS]
    return [place.upper(), place, proper, *cities]


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError):
        return False
    return True


# As many as there are zones and offsets: each is kept once somebody is there.
@lru_cache(maxsize=1024)
def rules(name: str) -> tzinfo:
    """The rules of a zone that `find` has found: how far from UTC it is when."""
    if name == "UTC":
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset is None:
        return ZoneInfo(name)
    length = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(-length if offset[1] == "-" else length)
