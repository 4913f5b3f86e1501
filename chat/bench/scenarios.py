"""Scenarios: what a house is put through, as a table of values.

Talk is a closed loop: each speaker has at most so many lines under way, and one is
under way until everybody else in the room has it.  Pace is an open one: so many lines
a second, whatever becomes of them.  Arriving is a stream of newcomers, so many at a
time; idling is being there.
"""

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final


class Kind(StrEnum):
    """What is measured."""

    TALK = "talk"
    PACE = "pace"
    ARRIVE = "arrive"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Scenario:
    """So many *people*, *a_room* of them in each room."""

    name: str
    kind: Kind
    people: int
    a_room: int
    # In each room.
    speakers: int = 0
    window: int = 0
    # Lines a second in all.
    rate: float = 0.0
    # Newcomers at a time.
    at_once: int = 50
    # It lasts so many times as long as others.
    times: int = 1

    @property
    def rooms(self) -> int:
        """How many rooms there are."""
        return -(-self.people // self.a_room)

    @property
    def is_spoken(self) -> bool:
        """Whether anybody says anything."""
        return self.speakers > 0

    @property
    def more_is_better(self) -> bool:
        """Whether what counts is how many, and not how long or how much."""
        return self.kind in (Kind.TALK, Kind.ARRIVE)

    def __str__(self) -> str:
        if self.kind is Kind.ARRIVE:
            return f"{self.people} arrive, {self.at_once} at a time, {self._where()}"
        if self.kind is Kind.IDLE:
            return f"{self.people} idle, {self._where()}"
        if self.kind is Kind.PACE:
            return f"{self.people} read {self.rate:g} lines a second"
        speakers = f"{self.speakers} speaking" + (" in each" if self.rooms > 1 else "")
        return f"{self.people} talk, {self._where()}, {speakers}, window {self.window}"

    def _where(self) -> str:
        return "in one room" if self.rooms == 1 else f"{self.a_room} a room"


SCENARIOS: Final = {
    each.name: each
    for each in (
        Scenario("F1", Kind.TALK, people=100, a_room=100, speakers=10, window=8),
        Scenario("F2", Kind.TALK, people=500, a_room=500, speakers=20, window=8),
        Scenario("F3", Kind.TALK, people=900, a_room=900, speakers=4, window=1),
        Scenario(
            "F4", Kind.PACE, people=300, a_room=300, speakers=10, rate=200, times=2
        ),
        Scenario("R1", Kind.TALK, people=800, a_room=8, speakers=1, window=4),
        Scenario("C1", Kind.ARRIVE, people=900, a_room=900),
        Scenario("C2", Kind.ARRIVE, people=900, a_room=30),
        Scenario("I1", Kind.IDLE, people=900, a_room=30, times=2),
    )
}
# What somebody can say of a scenario of his own, and what goes without saying.
_DETAILS: Final = ("people", "a_room", "speakers", "window", "rate", "at_once", "times")
_USUAL: Final = {"people": 100, "a_room": 100, "window": 8, "rate": 100.0}
_SPOKEN: Final = (Kind.TALK, Kind.PACE)
# A tenth is enough to see that everything works.
_LESS: Final = 10


def named(text: str) -> Scenario:
    """One of ours by its name, or somebody's own: ``talk:people=3000,a_room=100``.

    Raises:
        ValueError: it is neither.
    """
    if text in SCENARIOS:
        return SCENARIOS[text]
    kind, _, details = text.partition(":")
    values: dict[str, Any] = {"speakers": 1 if kind in _SPOKEN else 0}
    for detail in filter(None, details.split(",")):
        key, _, value = detail.partition("=")
        if key not in _DETAILS:
            raise ValueError(f"{key!r} is none of {', '.join(_DETAILS)}")
        values[key] = float(value) if key == "rate" else int(value)
    if kind not in [*Kind]:
        raise ValueError(f"{kind!r} is none of {', '.join((*SCENARIOS, *Kind))}")
    scenario = Scenario(text, Kind(kind), **{**_USUAL, **values})
    if not scenario.speakers < scenario.a_room <= scenario.people:
        raise ValueError(f"{text!r}: some must only read, and each room be full")
    return scenario


def smaller(scenario: Scenario) -> Scenario:
    """The same with a tenth of the people, for who is in a hurry."""
    a_room = max(scenario.a_room // _LESS, min(scenario.a_room, 8))
    return replace(
        scenario,
        people=max(scenario.people // _LESS, a_room),
        a_room=a_room,
        speakers=min(scenario.speakers, 4),
        at_once=scenario.at_once // _LESS,
        times=1,
    )


def packed(scenario: Scenario) -> dict[str, Any]:
    """*scenario* as JSON has it."""
    return asdict(scenario)


def unpacked(values: dict[str, Any]) -> Scenario:
    """The scenario that was `packed`."""
    return Scenario(**{**values, "kind": Kind(values["kind"])})
