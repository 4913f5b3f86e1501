"""Modes: the letters in which IRC writes what is set about a room, or somebody.

    MODE #tea +ob-k carol *!*@10.0.0.1 *

One table says what a letter means here.  https://modern.ircdocs.horse/#mode-message
tells which letters take a value: lists always do (without one they are asked for), a
key and a role do, a limit does when it is set.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from chat.dialects.irc.words import word
from chat.domain.commands import Change, Mark, Setting
from chat.wire.text import for_irc

ROOM_LETTERS: Final[dict[str, Setting]] = {
    "I": Setting.WELCOME,
    "P": Setting.KEPT,
    "X": Setting.OFF_RECORD,
    "b": Setting.BAN,
    "e": Setting.EXEMPT,
    "i": Setting.INVITE_ONLY,
    "k": Setting.KEY,
    "l": Setting.LIMIT,
    "m": Setting.MODERATED,
    "n": Setting.NO_OUTSIDERS,
    "o": Setting.OPERATOR,
    "s": Setting.SECRET,
    "t": Setting.GUARDS_TOPIC,
    "v": Setting.VOICE,
}
OWN_LETTERS: Final[dict[str, Mark]] = {
    "B": Mark.BOT,
    "i": Mark.INVISIBLE,
    "o": Mark.OPERATOR,
}
LISTS: Final = (Setting.BAN, Setting.EXEMPT, Setting.WELCOME)
# What stands before the nick of one who is that, the highest first.
PREFIXES: Final = {Setting.OPERATOR: "@", Setting.VOICE: "+"}
# How many changes with a value one MODE may ask for; a line has room for hardly more.
MOST_CHANGES: Final = 12

_LETTER_OF: Final[dict[Setting | Mark, str]] = {
    meaning: letter
    for letters in (ROOM_LETTERS, OWN_LETTERS)
    for letter, meaning in letters.items()
}
_ALWAYS_WITH_VALUE: Final = (*LISTS, Setting.KEY, *PREFIXES)


@dataclass(slots=True)
class Asked:
    """What one MODE asks of a room, and what is wrong with it."""

    changes: list[Change] = field(default_factory=list)
    # The lists to be told, the letters that mean nothing, and those that lack a
    # value: each once, or a line of one letter would be answered in hundreds.
    lists: dict[Setting, None] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    lacking: dict[str, None] = field(default_factory=dict)


# Letters in one command: each change is told to everybody in words.
_MOST_LETTERS: Final = 40


def letter_of(meaning: Setting | Mark) -> str:
    """The letter that stands for *meaning*."""
    return _LETTER_OF[meaning]


def signed(letters: str) -> Iterator[tuple[str, bool]]:
    """Each of *letters*, and whether it stands after a plus or a minus."""
    on = True
    for letter in letters:
        if letter in "+-":
            on = letter == "+"
        else:
            yield letter, on


def asked(letters: str, values: Iterable[str]) -> Asked:
    """What *letters* with their *values* ask of a room."""
    what, left = Asked(), deque(values)
    variable = 0
    for letter, on in signed(letters[:_MOST_LETTERS]):
        setting = ROOM_LETTERS.get(letter)
        if setting is None:
            what.unknown[letter] = None
        elif not _takes_value(setting, on=on):
            what.changes.append(Change(setting, on))
        elif not left and setting in LISTS:
            what.lists[setting] = None
        elif variable < MOST_CHANGES:
            variable += 1
            value = left.popleft() if left else ""
            _ask_with_value(what, letter, Change(setting, on, value))
    return what


def _takes_value(setting: Setting, *, on: bool) -> bool:
    return setting in _ALWAYS_WITH_VALUE or (setting is Setting.LIMIT and on)


def _ask_with_value(what: Asked, letter: str, change: Change) -> None:
    if change.setting is Setting.KEY and not change.on:
        # Whoever may take the key away need not know it.
        what.changes.append(Change(Setting.KEY, on=False))
    elif change.value:
        what.changes.append(change)
    else:
        what.lacking[letter] = None


def written(changes: Iterable[Change], space: int) -> Iterator[str]:
    """*changes* as letters and values, in lines of at most *space* bytes.

    A single value that is longer stands alone in its line, and is too long.
    """
    line = _Line()
    for change in changes:
        letter = letter_of(change.setting)
        value = _written_value(change)
        if line.letters and line.size + len(value.encode()) + 3 > space:
            yield str(line)
            line = _Line()
        line.add(letter, value, on=change.on)
    if line.letters:
        yield str(line)


def _written_value(change: Change) -> str:
    if change.setting is Setting.KEY and not change.on:
        # The letter must have one, and the key is nobody's business.
        return "*"
    if _takes_value(change.setting, on=change.on):
        return word(change.value)
    return ""


class _Line:
    """Letters, and the values that belong to them."""

    def __init__(self) -> None:
        self.letters = ""
        self.size = 0
        self._values: list[str] = []
        self._on: bool | None = None

    def add(self, letter: str, value: str, *, on: bool) -> None:
        """One more letter, with its sign if that is another, and its value if any."""
        if on is not self._on:
            self._on = on
            self.letters += "+" if on else "-"
            self.size += 1
        self.letters += letter
        self.size += 1
        if value:
            self._values.append(value)
            self.size += len(value.encode()) + 1

    def __str__(self) -> str:
        return for_irc(" ".join((self.letters, *self._values)))


def of_room(settings: Iterable[Setting], key: str, limit: int | None) -> list[str]:
    """How a room is set up: the letters, and the values that belong to them.

    A key that is not to be told is shown as a star.  A limit is set where there is one;
    it is none of *settings*.
    """
    limited = () if limit is None else (Setting.LIMIT,)
    letters = sorted(map(letter_of, (*settings, *limited)))
    values = {"k": key or "*", "l": str(limit)}
    return [
        "+" + "".join(letters),
        *(values[letter] for letter in letters if letter in values),
    ]


def of_somebody(marks: Iterable[Mark]) -> str:
    """What is true of somebody, as letters after a plus."""
    return "+" + "".join(sorted(map(letter_of, marks)))
