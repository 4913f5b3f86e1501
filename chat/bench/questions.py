"""Questions: people who ask what was said, and how long each answer takes.

Four kinds of them: those who enter a room that they left, those who page through
histories, those who come back and catch up, and those who search.  Of each kind so
many questions are asked in a second, whether the last one is answered or not; only a
single person waits for an answer before asking again.  An answer has come when its
end has: of a batch on IRC, and of what is asked after it on plain.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import product
from random import Random
from typing import Final

from chat.bench.crowd import Crowd, Person, Script
from chat.bench.figures import Answers
from chat.bench.past import PASSWORD, Past, Place, joiner, returner

JOIN: Final = "join"
HISTORY: Final = "history"
CATCH_UP: Final = "catch-up"
SEARCH: Final = "search"
KINDS: Final = (JOIN, HISTORY, CATCH_UP, SEARCH)

# People of each kind at work, and how often each of them asks, in seconds: as often as
# if everybody of a hundred asked something every 25 seconds.
PEOPLE: Final = 2
EVERY: Final = 2.0
PAGE: Final = 100
# Time for what follows somebody's arrival, which is not what is measured.
_SETTLE: Final = 0.3

_CAPS: Final = "batch server-time message-tags"
_HISTORY: Final = f"{_CAPS} draft/chathistory"
_SEARCH: Final = f"{_CAPS} soju.im/search"
_WELCOME: Final = re.compile(rb" 001 ")
_OPENS: Final = re.compile(
    rb" BATCH \+(?P<ref>\S+) (?:chathistory|soju\.im/search)\b"
    rb"|^(?:@\S+ )?(?::\S+ )?(?P<fail>(?:FAIL|4\d\d) .*)"
)


class Questions:
    """Those who ask about a *past*; what comes of it is told to *answers*."""

    def __init__(
        self, crowd: Crowd, past: Past, answers: Answers, every: float = EVERY
    ) -> None:
        """Have each of them ask *every* so many seconds."""
        self._every = every
        self._crowd = crowd
        self._past = past
        self._answers = answers
        self._random = Random(3)  # noqa: S311 - for choices that repeat
        self._come = 0
        self._returned = 0
        self._joined = 0

    @staticmethod
    def accounts(seconds: float, times: int, every: float = EVERY) -> tuple[int, int]:
        """How many joiners and returners it takes to ask so long, so often."""
        a_time = PEOPLE * (int(seconds / every) + 1)
        return PEOPLE * times, a_time * times

    def ask(self, seconds: float, kinds: Sequence[str] = KINDS) -> None:
        """Begin to ask, so long; it goes on while the crowd turns."""
        end = self._crowd.now() + seconds
        scripts = {JOIN: self._join, HISTORY: self._page, SEARCH: self._seek}
        for number, kind in product(range(PEOPLE), kinds):
            # Not all of them at the same moment.
            offset = self._every * (number / PEOPLE + KINDS.index(kind) / 16)
            if kind == CATCH_UP:
                self._come_back(offset, end)
            else:
                self._begin(offset, scripts[kind], end)

    def is_over(self) -> bool:
        """Whether everything that was asked has been answered."""
        return not self._crowd.busy()

    def _begin(
        self, seconds: float, script: Callable[[Person, float], Script], end: float
    ) -> None:
        def begin() -> None:
            person = self._crowd.comes()
            person.follows(script(person, end))

        self._crowd.after(seconds, begin)

    # What they do.

    def _join(self, person: Person, end: float) -> Script:
        """Enter a room after the other, and leave it again."""
        name = joiner(self._joined)
        self._joined += 1
        person.says("CAP REQ :" + _CAPS + " sasl", f"NICK {name}", f"USER {name} 0 * :")
        person.says("AUTHENTICATE PLAIN")
        yield re.compile(rb"AUTHENTICATE \+")
        proof = b64encode(f"\0{name}\0{PASSWORD}".encode()).decode()
        person.says(f"AUTHENTICATE {proof}")
        yield re.compile(rb" 903 ")
        person.says("CAP END")
        yield _WELCOME
        rooms = iter(self._past.rooms)
        for pause in self._pace(end):
            yield pause
            if (room := next(rooms, None)) is None:
                return
            yield from self._batch(person, JOIN, "", f"JOIN {room}")
            person.says(f"PART {room}")

    def _page(self, person: Person, end: float) -> Script:
        """Read pages of histories, anywhere."""
        yield from self._introduces(person, _HISTORY)
        for pause in self._pace(end):
            yield pause
            variety, command = self._some_page()
            yield from self._batch(person, HISTORY, variety, command)

    def _seek(self, person: Person, end: float) -> Script:
        """Search for words of all kinds."""
        yield from self._introduces(person, _SEARCH)
        for pause in self._pace(end):
            yield pause
            variety, wanted = self._some_words()
            command = f"SEARCH {wanted};limit=50"
            yield from self._batch(person, SEARCH, variety, command)

    def _come_back(self, seconds: float, end: float) -> None:
        """Have somebody come back and catch up, and then the next one."""
        if self._crowd.now() + seconds >= end:
            return

        def begin() -> None:
            person = self._crowd.comes()
            person.follows(self._catch_up(person))
            self._come_back(self._every, end)

        self._crowd.after(seconds, begin)

    def _catch_up(self, person: Person) -> Script:
        """Come back to a bare terminal, and ask what there was."""
        name = returner(self._returned)
        self._returned += 1
        person.says(name)
        yield re.compile(rb"password\?")
        person.says(PASSWORD)
        yield re.compile(rb"-- You are in ")
        yield _SETTLE
        self._answers.asked(CATCH_UP)
        begin, heard = self._crowd.now(), person.heard
        # What is asked next is answered next: so the end of the first one is seen.
        person.says("/catchup", "/no-such")
        yield re.compile(rb"/no-such")
        took = self._crowd.now() - begin
        self._answers.answered(CATCH_UP, "", took, person.heard - heard - 1)

    # How they do it.

    def _introduces(self, person: Person, caps: str) -> Script:
        self._come += 1
        nick = f"asker{self._come}"
        person.says(f"CAP REQ :{caps}", f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        person.says("CAP END")
        yield _WELCOME
        yield _SETTLE

    def _pace(self, end: float) -> Iterator[float]:
        """The seconds to wait before each question, until the *end*."""
        due = self._crowd.now()
        while due < end:
            yield max(0.0, due - self._crowd.now())
            due += self._every

    def _batch(self, person: Person, kind: str, variety: str, command: str) -> Script:
        """Ask something that a batch answers."""
        self._answers.asked(kind)
        begin, heard = self._crowd.now(), person.heard
        person.says(command)
        opened = yield _OPENS
        if (fail := opened["fail"]) is not None:
            self._answers.refused(kind, fail.decode(errors="replace").rstrip())
            return
        yield re.compile(rb" BATCH -%b\r?$" % re.escape(opened["ref"]))
        took = self._crowd.now() - begin
        self._answers.answered(kind, variety, took, person.heard - heard)

    # What they ask for.

    def _some_page(self) -> tuple[str, str]:
        """A page of a hundred lines anywhere: what kind, and how it is asked for."""
        number = self._random.randrange(self._past.lines)
        here, there = self._past.place(number), self._past.near(number, PAGE * 3 // 2)
        one, other = self._point(here), self._point(there)
        if self._random.random() < 0.5:
            one, other = other, one
        which, points = self._random.choice(
            (
                ("LATEST", "*"),
                ("LATEST", one),
                ("BEFORE", one),
                ("AFTER", one),
                ("AROUND", one),
                ("BETWEEN", f"{one} {other}"),
            )
        )
        return which, f"CHATHISTORY {which} {here.room} {points} {PAGE}"

    def _point(self, place: Place) -> str:
        if self._random.random() < 0.5:
            return f"msgid={place.id:x}"
        at = datetime.fromtimestamp(place.at // 1000, UTC)
        return f"timestamp={at:%Y-%m-%dT%H:%M:%S}.{place.at % 1000:03}Z"

    def _some_words(self) -> tuple[str, str]:
        """Something to search for: what kind, and how it is asked for."""
        words = self._past.words
        common, usual, rare = words[0], words[300], words[-1]
        return self._random.choice(
            (
                ("a common word", f"text={common}"),
                ("a rare word", f"text={rare}"),
                # A space, as tags write it.
                ("two words", f"text={common}\\s{usual}"),
                ("from:", f"text={common};from={self._past.speakers[0]}"),
                ("in:", f"text={usual};in={self._past.rooms[0]}"),
            )
        )
