"""Diaries: a model of fan-out that appends line by line.

Whatever happens is written at once into the diary of everybody who witnesses it.
By the end of the turn, however fan-out has shared and put off its work, each must
have read just what his diary says.
"""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.server.readers import (
    BLUE,
    DEAF,
    LOUD,
    RED,
    SEA,
    SKY,
    TEA,
    Crowd,
    Pen,
    left_behind,
)

NAMES = ("ann", "bob", "cat", "dan")
KINDS = (RED, BLUE, LOUD, DEAF)
PHONE = "ann's phone"
names = st.sampled_from(NAMES)
sessions = st.sampled_from((*NAMES, PHONE))
rooms = st.sampled_from((TEA, SEA, SKY))
kinds = st.sampled_from(KINDS)
volumes = st.sampled_from(("low", "aloud"))


class AnyTurns(RuleBasedStateMachine):
    """Four people, of whom the first is there twice, and their diaries."""

    def __init__(self) -> None:
        super().__init__()
        self.crowd = Crowd(**dict.fromkeys(NAMES, RED))
        self.number = 0
        self.diaries: dict[str, list[str]] = {}
        self.kinds: dict[str, Pen] = {}
        self.seats: dict[str, set[int]] = {}

    @initialize()
    def open(self) -> None:
        self.crowd.second_session("ann")
        for session in self.crowd.sessions:
            self.diaries[session] = []
            self.kinds[session] = RED
        self.seats = {name: set() for name in NAMES}

    # What happens.

    @rule(name=sessions, room=rooms, volume=volumes)
    def somebody_speaks(self, name: str, room: int, volume: str) -> None:
        if name in self.kinds:
            text = self._something(volume)
            self.crowd.says(name, room, text)
            self._all_in({room}, text, silent=name)

    @rule(name=sessions, room=rooms, loud=st.lists(volumes, min_size=1, max_size=3))
    def somebody_recites(self, name: str, room: int, loud: list[str]) -> None:
        if name in self.kinds:
            texts = [self._something(volume) for volume in loud]
            self.crowd.recites(name, room, *texts)
            for text in texts:
                self._all_in({room}, text, silent=name)

    @rule(room=rooms, volume=volumes)
    def something_is_heard(self, room: int, volume: str) -> None:
        text = self._something(volume)
        self.crowd.hear(room, text)
        self._all_in({room}, text)

    @rule(name=sessions, in_pieces=st.booleans())
    def one_is_told(self, name: str, in_pieces: bool) -> None:
        if name in self.kinds:
            text = self._something("psst")
            self.crowd.tongue(name).in_pieces = in_pieces
            self.crowd.tell(name, text)
            self.diaries[name].append(f"you {text}")

    @rule(name=sessions, kind=kinds)
    def one_is_told_and_changed_by_it(self, name: str, kind: Pen) -> None:
        if name in self.kinds:
            self.crowd.tongue(name).then = kind
            self.one_is_told(name, in_pieces=False)
            self.kinds[name] = kind
            self.crowd.tongue(name).then = None

    @rule(name=names)
    def all_of_somebody_is_told(self, name: str) -> None:
        if own := self._sessions_of(name):
            text = self._something("psst")
            self.crowd.whisper(name, text, but=own[0])
            for session in own:
                if session != own[0] or self.kinds[session].echoes:
                    self.diaries[session].append(f"you {text}")

    @rule(name=names, volume=volumes)
    def neighbours_hear(self, name: str, volume: str) -> None:
        if own := self._sessions_of(name):
            text = self._something(volume)
            self.crowd.cry(name, text)
            self._all_in(self.seats[name], text, strangers_to=own)

    @rule(name=sessions)
    def one_is_answered(self, name: str) -> None:
        if name in self.kinds:
            text = self._something("answer")
            self.crowd.fanout.put(self.crowd.sessions[name], f"{text}\n".encode())
            self.diaries[name].append(text)

    @rule(name=names, room=rooms)
    def somebody_enters(self, name: str, room: int) -> None:
        if self._sessions_of(name) and room not in self.seats[name]:
            self.crowd.sit(name, room)
            self.seats[name].add(room)

    @rule(name=names, room=rooms)
    def somebody_leaves(self, name: str, room: int) -> None:
        if self._sessions_of(name) and room in self.seats[name]:
            self.crowd.rise(name, room)
            self.seats[name].remove(room)

    @rule(name=sessions, kind=kinds)
    def somebody_becomes(self, name: str, kind: Pen) -> None:
        if name in self.kinds:
            self.crowd.becomes(name, kind)
            self.kinds[name] = kind

    @precondition(lambda self: len(self.kinds) > 1)
    @rule(name=sessions)
    def a_session_ends(self, name: str) -> None:
        if name in self.kinds:
            self.crowd.goes(name)
            del self.kinds[name]

    @rule(name=sessions, on=st.booleans())
    def somebody_is_set_aside(self, name: str, on: bool) -> None:
        self.crowd.sets_aside(name, on=on)

    @rule(share=st.sampled_from((0.0, 0.5, 1.0)))
    def the_turn_is_over(self, share: float = 1.0) -> None:
        unread = {name for name, diary in self.diaries.items() if diary}
        assert unread <= set(self.crowd.turn(share))
        for name in self.crowd.sent:
            assert self.crowd.sessions[name].id not in self.crowd.aside
        for name, diary in self.diaries.items():
            assert self.crowd.finds(name) == diary
            diary.clear()

    def teardown(self) -> None:
        self.the_turn_is_over()
        for name in list(self.kinds):
            self.crowd.goes(name)
        self.crowd.turn()
        assert left_behind(self.crowd.fanout) == []
        assert self.crowd.fanout.kinds() == 0

    # The model.

    def _something(self, volume: str) -> str:
        self.number += 1
        return f"{volume} {self.number}"

    def _all_in(
        self,
        rooms: set[int],
        text: str,
        silent: str = "",
        strangers_to: tuple[str, ...] = (),
    ) -> None:
        for session, kind in self.kinds.items():
            is_there = not rooms.isdisjoint(self.seats[self._owner(session)])
            is_deaf = kind.deaf and text.startswith("low")
            is_speaker = session == silent and not kind.echoes
            if is_there and not (is_deaf or is_speaker or session in strangers_to):
                self.diaries[session].append(f"{kind.colour} {text}")

    def _owner(self, session: str) -> str:
        return "ann" if session == PHONE else session

    def _sessions_of(self, name: str) -> tuple[str, ...]:
        return tuple(each for each in self.kinds if self._owner(each) == name)
