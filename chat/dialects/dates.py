"""Dates: which moment somebody means, and how one is written for him.

Whoever asks what was said since `yesterday` means his own day, so all of it is in the
zone in which he is.  A date without a year is the last one that there was, as is a
time of day; what is written here can be typed again, and is found:

    10:14     19 Nov 23:10     31 Dec 2025 23:59
"""

import re
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from chat.dialects import zones

_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_WEEKDAYS: Final = (
    *("monday", "tuesday", "wednesday", "thursday"),
    *("friday", "saturday", "sunday"),
)
_UNITS: Final = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_DAYS: Final = {"tomorrow": -1, "today": 0, "yesterday": 1, "last week": 7}

_AGO: Final = re.compile(
    r"([0-9]{1,6}) ?([mhdw]|mins?|minutes?|hours?|days?|weeks?)(?: ago)?"
)
_NOON: Final = re.compile(r"(^|.* )noon")
_HOUR: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})\.? ?([a-z]{3,9})(?: ([0-9]{4}))?")
_MONTH_FIRST: Final = re.compile(r"([a-z]{3,9}) ?([0-9]{1,2})(?:,? ([0-9]{4}))?")
# A date, and the time of that day.
_BOTH: Final = re.compile(r"(.*[^ ])(?: +|(?<=[0-9])t)([0-9]{1,2}:[0-9]{2})")


def written(at: int, zone: str, now: int) -> str:
    """When *at* (ms) was: the time of day, and of another day than today its date."""
    then, today = _in(zone, at), _in(zone, now)
    hour = then.strftime("%H:%M")
    if then.date() == today.date():
        return hour
    year = f" {then.year}" if then.year != today.year else ""
    return f"{then.day} {_MONTHS[then.month - 1]}{year} {hour}"


def moment(text: str, zone: str, now: int) -> int | None:
    """When *text* means (ms), of a day its beginning; None if it means nothing."""
    meant = text.strip().lower()
    if ago := _AGO.fullmatch(meant):
        return max(0, now - int(ago[1]) * _UNITS[ago[2][0]])
    meant = _NOON.sub(r"\g<1>12:00", meant) if _NOON.fullmatch(meant) else meant
    present = _in(zone, now)
    both = _BOTH.fullmatch(meant)
    try:
        if both:
            found = _at_hour(_day(both[1], present), both[2])
        elif ":" in meant:
            found = _last_hour(meant, present)
        else:
            found = _day(meant, present)
    except (ValueError, OverflowError):
        # There is no 30 Feb, and no 25:00.
        return None
    return max(0, round(found.timestamp() * 1000)) if found else None


def _in(zone: str, at: int) -> datetime:
    rules: tzinfo = zones.rules(zone)
    return datetime.fromtimestamp(at / 1000, rules)


def _last_hour(text: str, present: datetime) -> datetime | None:
    """That time of day, as it was last: today, or yesterday."""
    today = datetime.combine(present.date(), time(), present.tzinfo)
    found = _at_hour(today, text)
    return _before(found, 1) if found and found > present else found


def _at_hour(day: datetime | None, text: str) -> datetime | None:
    hour = _HOUR.fullmatch(text)
    if day is None or hour is None:
        return None
    return day.replace(hour=int(hour[1]), minute=int(hour[2]))


def _day(text: str, present: datetime) -> datetime | None:
    """The beginning of the day that *text* means."""
    today = datetime.combine(present.date(), time(), present.tzinfo)
    if text in _DAYS:
        return _before(today, _DAYS[text])
    if weekday := _weekday(text):
        # On a Monday it is the one a week ago: the other one is called today.
        return _before(today, (today.weekday() - weekday) % 7 + 1)
    if iso := _ISO.fullmatch(text):
        return today.replace(year=int(iso[1]), month=int(iso[2]), day=int(iso[3]))
    if found := _DAY_FIRST.fullmatch(text):
        return _of_month(today, found[2], int(found[1]), found[3])
    if found := _MONTH_FIRST.fullmatch(text):
        return _of_month(today, found[1], int(found[2]), found[3])
    return None


def _before(day: datetime, days: int) -> datetime:
    # On the calendar, and not so many hours: some days have more of them.
    return day - timedelta(days=days)


def _weekday(text: str) -> int:
    """Which day of the week *text* is, from 1 for Monday on; 0 if it is none."""
    begun = [day for day in _WEEKDAYS if day.startswith(text)]
    return _WEEKDAYS.index(begun[0]) + 1 if begun and len(text) > 2 else 0


def _of_month(
    today: datetime, word: str, day: int, year: str | None
) -> datetime | None:
    month = word[:3].title()
    if month not in _MONTHS:
        return None
    number = _MONTHS.index(month) + 1
    if year:
        return today.replace(year=int(year), month=number, day=day)
    # A leap day may have been years ago.
    for before in range(9):
        try:
            found = today.replace(year=today.year - before, month=number, day=day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None
