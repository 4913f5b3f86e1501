"""The recall bench: what it costs to ask what was said, and whom.

A house with a million lines is started, a hundred people talk in it, and they do so
a while undisturbed and a while with others who ask, in turns, so that whatever else
the machine does meets both.  What is printed is what each question took, what the
lines of those who talked took, with and without questions, and beside it what was
promised.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from chat.bench.crowd import Crowd
from chat.bench.figures import Answers, Row, percentile, row, table
from chat.bench.house import House
from chat.bench.past import Past
from chat.bench.questions import CATCH_UP, HISTORY, JOIN, KINDS, SEARCH, Questions
from chat.bench.talk import Talk
from chat.net.clock import Clock

LINES: Final = 1_000_000
SECONDS: Final = 30.0
ROOMS: Final = 50
PEOPLE: Final = 100
RATE: Final = 200.0
# So often both are measured, in turns.
TIMES: Final = 3
# Undisturbed they talk for a part of the time only: there is more of that.
_QUIET: Final = 3
# How long the last answers may take, in seconds.
_PATIENCE: Final = 10.0

# What was promised, in seconds, 99 times of a hundred.
_START: Final = 1.0
_ASKED: Final = {JOIN: 0.020, HISTORY: 0.020, CATCH_UP: 0.020, SEARCH: 0.200}
_DIFFERENCE: Final = 0.002
_TURN: Final = 0.050


@dataclass(frozen=True, slots=True)
class Bench:
    """How big the past is, how many *seconds* people ask each time, and what."""

    lines: int = LINES
    seconds: float = SECONDS
    kinds: Sequence[str] = KINDS
    people: int = PEOPLE
    times: int = TIMES
    # Tells whoever waits what is being done.
    note: Callable[[str], None] = print

    def run(self) -> tuple[list[str], bool]:
        """The table, in lines, and whether every question was answered."""
        joiners, returners = Questions.accounts(self.seconds, self.times)
        past = Past(self.lines, ROOMS, Clock().now().wall, joiners, returners)
        with ExitStack() as end:
            folder = Path(end.enter_context(TemporaryDirectory(prefix="chat-bench-")))
            self.note(f"writing {self.lines} lines in {ROOMS} rooms")
            past.write(folder)
            house = House(folder)
            end.callback(house.end)
            crowd = end.enter_context(closing(Crowd(house.address)))
            self.note(f"{self.people} people come in")
            talk = Talk(crowd, past.rooms, self.people, RATE)
            return self._measured(house, crowd, talk, past)

    def _measured(
        self, house: House, crowd: Crowd, talk: Talk, past: Past
    ) -> tuple[list[str], bool]:
        answers = Answers(*self.kinds)
        questions = Questions(crowd, past, answers)
        quiet: list[float] = []
        busy: list[float] = []
        # What is done for the first time takes longer.
        talk.talk(min(1.0, self.seconds))
        for number in range(1, self.times + 1):
            self.note(f"they talk, {number} of {self.times}: undisturbed, then not")
            quiet += talk.talk(self.seconds / _QUIET)
            questions.ask(self.seconds, self.kinds)
            busy += talk.talk(self.seconds)
            crowd.until(questions.is_over, _PATIENCE)
        house.must_be_well()
        rows = [
            row("start-up", [house.started], _START),
            *chain.from_iterable(answers.rows(k, _ASKED[k]) for k in self.kinds),
            row("talk, undisturbed", quiet),
            row("talk, while others ask", busy),
            _difference(quiet, busy),
            row("longest turn", [house.longest_turn()], _TURN),
        ]
        return [*table(rows), *answers.told()], not answers.unanswered()


def _difference(quiet: list[float], busy: list[float]) -> Row:
    middle, worst = (
        percentile(busy, share) - percentile(quiet, share) for share in (0.5, 0.99)
    )
    return Row("  the difference", len(busy), middle, worst, _DIFFERENCE)
