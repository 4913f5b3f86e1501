"""Comforts: how things look, and what the house tells of itself."""

from dataclasses import replace

import pytest

from chat.dialects import comforts
from chat.dialects.dialect import Heard, Wish
from chat.dialects.reader import PlainKind
from chat.domain.commands import AskHouse, AskTime
from tests.dialects.scenes import HOUSE, read, somebody
from tests.wire.hostile import HOSTILE, TAMED


@pytest.mark.parametrize(
    ("rest", "kind", "line"),
    [
        (
            "on",
            PlainKind(zone="UTC"),
            (
                "-- Lines begin with the time, as it is in UTC. /time ZONE changes that"
                ", /time off ends it."
            ),
        ),
        (
            "berlin",
            PlainKind(zone="Europe/Berlin"),
            (
                "-- Lines begin with the time, as it is in Europe/Berlin. /time ZONE"
                " changes that, /time off ends it."
            ),
        ),
        (
            "+2",
            PlainKind(zone="+02:00"),
            (
                "-- Lines begin with the time, as it is in +02:00. /time ZONE changes"
                " that, /time off ends it."
            ),
        ),
        ("OFF", PlainKind(), "-- Lines begin without the time."),
        (
            "Atlantis",
            PlainKind(),
            (
                "-- No zone is called Atlantis. Try a city or a distance: /time Berlin,"
                " /time +2"
            ),
        ),
        (
            HOSTILE,
            PlainKind(),
            (
                f"-- No zone is called {TAMED}. Try a city or a distance: /time Berlin,"
                " /time +2"
            ),
        ),
    ],
    ids=["on", "a city", "an offset", "off", "nowhere", "hostile"],
)
def test_times(rest: str, kind: PlainKind, line: str) -> None:
    talk = somebody()
    assert comforts.time(talk, rest) == [f"{line}\r\n".encode()]
    assert talk.kind == kind


def test_times_that_come_back_are_of_the_same_zone() -> None:
    talk = somebody()
    for rest in ("berlin", "off", "nowhere", "on"):
        comforts.time(talk, rest)
    assert talk.kind == PlainKind(zone="Europe/Berlin")


def test_what_time_it_is() -> None:
    assert comforts.time(somebody(), "") == [AskTime()]


@pytest.mark.parametrize(
    ("rest", "has_colours", "heard"),
    [
        ("on", True, [b"-- Names are shown in color.\r\n"]),
        ("Off", False, [b"-- Names are shown without color.\r\n"]),
        ("", False, None),
        ("red", False, None),
    ],
)
def test_colours(rest: str, has_colours: bool, heard: Heard | None) -> None:
    talk = somebody()
    assert comforts.color(talk, rest) == heard
    assert talk.kind == PlainKind(has_colours=has_colours)


def test_telnet_is_for_the_shell_to_speak() -> None:
    assert comforts.telnet(somebody(), "please") == [
        Wish.TELNET,
        b"-- Speaking telnet. If your terminal does, lines will fit its window.\r\n",
    ]


@pytest.mark.parametrize(
    ("motd", "lines"),
    [
        ((), b"-- There is no message of the day.\r\n"),
        (("Be kind.", "\x1b[2J"), "-- Be kind.\r\n-- ␛[2J\r\n".encode()),
    ],
)
def test_the_message_of_the_day(motd: tuple[str, ...], lines: bytes) -> None:
    heard = comforts.motd(somebody(house=replace(HOUSE, motd=motd)), "")
    assert heard is not None
    assert read(heard) == lines


def test_about_the_house() -> None:
    assert comforts.about(somebody(), "") == [
        (
            b"-- Exchange runs switchboard-1, and has been open since"
            b" 2026-11-20 10:15 UTC.\r\n"
        ),
        AskHouse(),
    ]
