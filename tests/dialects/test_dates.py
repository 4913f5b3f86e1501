"""Dates: what people type for a moment, and how one is written for them."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.dialects import dates
from tests.dialects.scenes import AT
from tests.wire.hostile import CLASSES, HOSTILE

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def moment(text: str, zone: str = "UTC", now: int = AT) -> str | None:
    """When *text* means, in UTC."""
    at = dates.moment(text, zone, now)
    if at is None:
        return None
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("today", "2026-11-20 00:00:00"),
        ("Yesterday", "2026-11-19 00:00:00"),
        ("thursday", "2026-11-19 00:00:00"),
        ("fri", "2026-11-13 00:00:00"),
        ("Sat", "2026-11-14 00:00:00"),
        ("wednes", "2026-11-18 00:00:00"),
        ("10:15", "2026-11-20 10:15:00"),
        ("9:05", "2026-11-20 09:05:00"),
        ("23:10", "2026-11-19 23:10:00"),
        ("2026-11-19", "2026-11-19 00:00:00"),
        ("2026-1-2", "2026-01-02 00:00:00"),
        ("2027-01-01", "2027-01-01 00:00:00"),
        ("19 Nov", "2026-11-19 00:00:00"),
        ("19nov", "2026-11-19 00:00:00"),
        ("19. November", "2026-11-19 00:00:00"),
        ("Nov 19", "2026-11-19 00:00:00"),
        ("21 Nov", "2025-11-21 00:00:00"),
        ("31 dec", "2025-12-31 00:00:00"),
        ("29 feb", "2024-02-29 00:00:00"),
        ("29 feb 2020", "2020-02-29 00:00:00"),
        ("nov 19, 2020", "2020-11-19 00:00:00"),
        ("19 nov 23:10", "2026-11-19 23:10:00"),
        ("  yesterday   7:30 ", "2026-11-19 07:30:00"),
        ("2026-11-19T07:30", "2026-11-19 07:30:00"),
        ("monday 10:00", "2026-11-16 10:00:00"),
        ("0001-01-01", "1970-01-01 00:00:00"),
        ("tomorrow", "2026-11-21 00:00:00"),
        ("last week", "2026-11-13 00:00:00"),
        ("noon", "2026-11-19 12:00:00"),
        ("yesterday noon", "2026-11-19 12:00:00"),
        ("19 nov noon", "2026-11-19 12:00:00"),
    ],
)
def test_what_is_meant(text: str, when: str) -> None:
    assert moment(text) == when


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("30m", 30 * MINUTE),
        ("10 minutes", 10 * MINUTE),
        ("10min ago", 10 * MINUTE),
        ("1 hour", HOUR),
        ("2 days ago", 2 * DAY),
        ("2 weeks", 14 * DAY),
        ("2h", 2 * HOUR),
        ("3D", 3 * DAY),
        ("1w", 7 * DAY),
        ("0h", 0),
    ],
)
def test_so_long_ago(text: str, milliseconds: int) -> None:
    assert dates.moment(text, "Europe/Berlin", AT) == AT - milliseconds


def test_nothing_was_before_1970() -> None:
    assert dates.moment("999999w", "UTC", AT) == 0


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "soon", "afternoon", "19", "2026", "2026-11", "2026-13-01"),
        *("2026-02-30", "30 feb", "31 nov", "0 nov", "19 nov 0000", "30 feb 2026"),
        *("24:00", "10:60", "25:00", "10:0", ":", "10:", "1:2:3", "10:00 today"),
        *("mo", "mondays", "nov", "nov nov", "19 xyz", "xyz 19", "soon 10:00", "2y"),
        *("noon noon", "2 months", "2 h ours", "minutes", "ago", "noon today"),
        *("-2h", "1234567h", "٢h", "1٩ nov", "yesterday 25:00", "10:15 10:15"),
        *(HOSTILE, *(bad for bad, _ in CLASSES.values())),
    ],
)
def test_what_means_nothing(text: str) -> None:
    assert moment(text) is None


def test_a_day_is_that_of_the_zone() -> None:
    late = AT + 13 * HOUR
    assert moment("today", "Europe/Berlin", late) == "2026-11-20 23:00:00"
    assert moment("today", "America/New_York", late) == "2026-11-20 05:00:00"
    assert moment("00:10", "Europe/Berlin", late) == "2026-11-20 23:10:00"


def test_a_day_begins_at_midnight_however_long_the_one_before() -> None:
    # Summer ended in Berlin on the 25th of October, a day of 25 hours.
    now = dates.moment("2026-10-26 10:00", "Europe/Berlin", AT)
    assert now is not None
    assert moment("yesterday", "Europe/Berlin", now) == "2026-10-24 22:00:00"
    assert moment("today", "Europe/Berlin", now) == "2026-10-25 23:00:00"


@pytest.mark.parametrize(
    ("ago", "zone", "line"),
    [
        (0, "UTC", "10:15"),
        (10 * HOUR, "UTC", "00:15"),
        (11 * HOUR, "UTC", "19 Nov 23:15"),
        (11 * HOUR, "Europe/Berlin", "00:15"),
        (10 * HOUR, "America/New_York", "19 Nov 19:15"),
        (17 * DAY, "UTC", "3 Nov 10:15"),
        (365 * DAY, "UTC", "20 Nov 2025 10:15"),
    ],
)
def test_how_it_is_written(ago: int, zone: str, line: str) -> None:
    assert dates.written(AT - ago, zone, AT) == line


@given(
    minutes=st.integers(0, 60 * 24 * 800),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "-03:30"]),
)
@example(minutes=60 * 24 * 366, zone="UTC")
def test_what_is_written_can_be_typed_again(minutes: int, zone: str) -> None:
    at = (AT // MINUTE - minutes) * MINUTE
    line = dates.written(at, zone, AT)
    found = dates.moment(line, zone, AT)
    assert found is not None
    # When summer ends, an hour of that night is there twice.
    assert dates.written(found, zone, AT) == line


@given(st.text("0123456789 :-.,tmhdwjanfebovyesrdumoi", max_size=24))
def test_whatever_is_typed_is_a_moment_or_none(text: str) -> None:
    found = dates.moment(text, "Europe/Berlin", AT)
    assert found is None or found >= 0
