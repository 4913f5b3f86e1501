"""Zones: what people type for where they are, and the time of day there."""

import zoneinfo
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.dialects import zones
from tests.dialects.scenes import AT
from tests.wire.hostile import CLASSES, HOSTILE


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("UTC", "UTC"),
        ("utc", "UTC"),
        ("gmt", "UTC"),
        ("Z", "UTC"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("EUROPE/BERLIN", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("auckland", "Pacific/Auckland"),
        ("America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("america/port_of_spain", None),
        ("America/Port_of_Spain", "America/Port_of_Spain"),
        ("+2", "+02:00"),
        ("+02", "+02:00"),
        ("-0330", "-03:30"),
        ("+05:45", "+05:45"),
        ("UTC+2", "+02:00"),
        ("gmt-3", "-03:00"),
        ("+14", "+14:00"),
        ("+14:15", None),
        ("+99", None),
        ("+1:20", None),
        ("+", None),
        ("2", None),
        ("", None),
        ("Europe", None),
        ("Atlantis", None),
        ("../../etc/passwd", None),
        ("/etc/passwd", None),
        ("Europe//Berlin", None),
        ("Europe/../Europe/Berlin", None),
        ("Europe/" + "x" * 40, None),
        ("a b c", None),
    ],
)
def test_zones_are_found(text: str, zone: str | None) -> None:
    assert zones.find(text) == zone


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("UTC", "10:15"),
        ("Europe/Berlin", "11:15"),
        ("America/New_York", "05:15"),
        ("+02:00", "12:15"),
        ("-03:30", "06:45"),
        ("+14:00", "00:15"),
    ],
)
def test_the_time_of_day_there(zone: str, hour: str) -> None:
    assert zones.hour(AT, zone) == hour


@given(
    st.integers(AT - 50 * 365 * 86_400_000, AT),
    st.sampled_from(["Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York"]),
)
def test_all_of_a_minute_has_one_time_of_day(at: int, zone: str) -> None:
    there = datetime.fromtimestamp(at / 1000, zones.rules(zone))
    assert zones.hour(at, zone) == f"{there:%H:%M}"


def test_summer_is_known_of() -> None:
    in_july = AT - 130 * 86_400_000
    assert zones.hour(in_july, "Europe/Berlin") == "12:15"


def test_without_a_database_there_are_utc_and_distances() -> None:
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        found = {text: zones.find(text) for text in ("utc", "+2", "Europe/Nowhere")}
        assert found == {"utc": "UTC", "+2": "+02:00", "Europe/Nowhere": None}
        assert [zones.hour(AT, zone) for zone in ("UTC", "+02:00")] == [
            "10:15",
            "12:15",
        ]
    finally:
        zoneinfo.reset_tzpath()


def test_the_date_for_everybody() -> None:
    assert zones.date(AT) == "2026-11-20 10:15 UTC"


@pytest.mark.parametrize("text", [HOSTILE, *(bad for bad, _ in CLASSES.values())])
def test_nothing_hostile_is_a_zone(text: str) -> None:
    assert zones.find(text) is None


@given(st.text(max_size=50))
def test_what_is_found_is_found_again(text: str) -> None:
    zone = zones.find(text)
    if zone is not None:
        assert zones.find(zone) == zone
        assert len(zones.hour(AT, zone)) == 5
