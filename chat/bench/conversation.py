"""The conversation: everybody of one process who reads and speaks, and their counts.

After each turn of the crowd the speakers say what their windows have room for.  Where
a room's people are spread over several processes, its neighbours are told how far
everybody here has come, and asked how far theirs have.
"""

from collections.abc import Mapping
from time import monotonic
from typing import Final

from chat.bench.crowd import Crowd, Gone, Person
from chat.bench.delays import Delays
from chat.bench.neighbours import Neighbours
from chat.bench.scenarios import Kind, Scenario
from chat.bench.speaking import Pace, Speaker
from chat.bench.speech import Speech
from chat.bench.stream import SILENT, Stream

# When nothing has come for so long while something is under way, it will not come.
STALL: Final = 5.0
# How long one turn waits at most, in seconds, and while a neighbour is to be told.
_TURN: Final = 0.05
_SOON: Final = 0.001


class Conversation:
    """What the *people* of this process, by number, read and say."""

    def __init__(
        self,
        crowd: Crowd,
        scenario: Scenario,
        speech: Speech,
        people: Mapping[int, Person],
        neighbours: Neighbours | None = None,
    ) -> None:
        self.delays = Delays()
        self._crowd = crowd
        self._scenario = scenario
        self._neighbours = neighbours
        self._streams: dict[int, Stream] = {}
        self._speakers: dict[int, list[Speaker]] = {}
        # What each stream had when it was looked at last.
        self._seen: dict[int, Mapping[int, int]] = {}
        for number, person in people.items():
            self._seat(number, person, speech)
        if neighbours is not None:
            crowd.watch(neighbours.descriptor, lambda: None)

    @property
    def delivered(self) -> int:
        """How many lines all readers have read."""
        return sum(stream.delivered for stream in self._streams.values())

    def said(self) -> dict[int, int]:
        """How many lines each speaker has said."""
        everybody = [each for room in self._speakers.values() for each in room]
        return {each.number: each.said for each in everybody}

    def talk(self, seconds: float, warm: float) -> tuple[int, float]:
        """Talk so long after a *warm* start; what was read then, and in what time.

        Raises:
            Gone: nothing comes any more.
            Wrong: something has come that was not said.
        """
        pace = self._begin()
        self._go_on_until(monotonic() + warm)
        self.delays.clear()
        before, begin = self.delivered, monotonic()
        self._go_on_until(begin + seconds)
        if pace is not None:
            pace.end()
        return self.delivered - before, monotonic() - begin

    def finish(self, said: Mapping[int, int]) -> None:
        """Read until everybody has read all that was *said*, by speaker.

        Raises:
            Gone: some of it does not come.
            Wrong: some of it has come once too often.
        """
        since, delivered = monotonic(), self.delivered
        while missing := self._missing(said):
            self._crowd.turn(_TURN)
            if self.delivered != delivered:
                since, delivered = monotonic(), self.delivered
            elif monotonic() - since > STALL:
                raise Gone(f"lost at the end: {missing}")
        for stream in self._streams.values():
            stream.end()

    def _seat(self, number: int, person: Person, speech: Speech) -> None:
        room, place = divmod(number, self._scenario.a_room)
        if room not in self._streams:
            self._streams[room] = Stream(speech, room, self.delays, monotonic)
            self._speakers[room] = []
            self._seen[room] = {}
        speaks = place < self._scenario.speakers
        reader = self._streams[room].reader(person.sends, number if speaks else SILENT)
        person.receives = reader.receives
        if speaks:
            self._speakers[room].append(Speaker(person, number, room, speech))

    def _begin(self) -> Pace | None:
        speakers = [each for room in self._speakers.values() for each in room]
        if self._scenario.kind is Kind.TALK:
            for each in speakers:
                each.fill(self._scenario.window, 0, monotonic())
            return None
        # Those of other processes speak in between.
        interval = 1 / self._scenario.rate
        ours = self._scenario.speakers * self._scenario.rooms / max(1, len(speakers))
        pace = Pace(self._crowd, speakers, interval * ours)
        pace.begin(interval * min((each.number for each in speakers), default=0))
        return pace

    def _go_on_until(self, end: float) -> None:
        since, delivered = monotonic(), self.delivered
        while (left := end - (now := monotonic())) > 0:
            is_behind = self._neighbours is not None and self._neighbours.is_behind()
            self._crowd.turn(min(left, _SOON if is_behind else _TURN))
            self._after_turn()
            if self.delivered != delivered:
                since, delivered = now, self.delivered
            elif now - since > STALL:
                missing = self._missing(self.said())
                raise Gone(f"nothing has come for {STALL:g} seconds; {missing}")

    def _after_turn(self) -> None:
        """Tell the neighbours what has come, and say what may be said now."""
        fresh = [
            room
            for room, stream in self._streams.items()
            if stream.heard is not self._seen[room]
        ]
        for room in fresh:
            self._seen[room] = self._streams[room].heard
        if self._neighbours is not None:
            for room in fresh:
                self._neighbours.tell(room, self._seen[room])
            self._neighbours.go_on()
            fresh = sorted({*fresh, *self._neighbours.listen()})
        if self._scenario.kind is Kind.TALK:
            for room in fresh:
                self._speak(room)

    def _speak(self, room: int) -> None:
        heard, now = self._seen[room], monotonic()
        for each in self._speakers[room]:
            count = heard.get(each.number, 0)
            if self._neighbours is not None:
                count = self._neighbours.everywhere(room, each.number, count)
            each.fill(self._scenario.window, count, now)

    def _missing(self, said: Mapping[int, int]) -> str:
        """What has not been read by everybody here, in words."""
        for number, count in said.items():
            stream = self._streams.get(number // self._scenario.a_room)
            if stream is not None and stream.heard.get(number, 0) < count:
                have = stream.heard.get(number, 0)
                return f"all have {have} of {count} lines of c{number}"
        return ""
