"""Completion: what the word before the cursor may become.

``/`` begins a command and ``#`` a room; any other word may be somebody's nick.
Of the people in the room those come first who have spoken last, since somebody
who is being answered has just said something.

Nothing is kept ready for it: looking at ten thousand nicks once takes less time
than a person can notice, and happens only when Tab is pressed.
"""

from collections.abc import Iterable
from typing import Final

from chat.client.state import State

_MOST: Final = 50


def completions(
    state: State, text: str, commands: Iterable[str]
) -> tuple[str, list[str]]:
    """The word that *text* ends with, and what it may become, the likeliest first."""
    before, space, word = text.rpartition(" ")
    is_first = not before + space
    if is_first and word.startswith("/"):
        fitting = (f"/{name} " for name in sorted(commands))
        return word, [name for name in fitting if name.startswith(word.lower())]
    if text.startswith("/search ") and (found := _narrowed(state, word)):
        return word, found
    start = state.fold(word)
    if state.is_room(word):
        rooms = sorted(state.rooms.items())
        return word, [f"{room.name} " for key, room in rooms if key.startswith(start)]
    behind = ": " if is_first else " "
    return word, [nick + behind for nick in _nicks(state, start)][:_MOST]


def _narrowed(state: State, word: str) -> list[str]:
    """What a word of ``/search`` may become that says who or where."""
    key, colon, rest = word.partition(":")
    start = state.fold(rest)
    if not colon:
        return []
    match key:
        case "from":
            found = _nicks(state, start)
        case "in":
            rooms = sorted(state.rooms.items())
            found = [room.name for name, room in rooms if name.startswith(start)]
        case _:
            found = []
    return [f"{key}:{name} " for name in found][:_MOST]


def _nicks(state: State, start: str) -> list[str]:
    """The others in the room whose nicks begin with *start*."""
    room = state.current
    if room is None:
        return []
    there = {key for key in room.members if key.startswith(start)}
    there.discard(state.fold(state.nick))
    spoke = [key for key in reversed(room.speakers) if key in there]
    silent = sorted(there.difference(spoke))
    return [room.members[key] for key in (*spoke, *silent)]
