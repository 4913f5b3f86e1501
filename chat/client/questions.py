"""Questions: what a person asks about what was said before.

Each takes what followed the command's name and answers with the message to send,
with a note why there is none, or with None: it was typed in a way that makes no
sense.  A date is one of the machine's own zone, and means its first moment.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from chat.client.happenings import Note
from chat.client.history import search as searching
from chat.client.state import State
from chat.dialects.irc.message import Message

Question: TypeAlias = Callable[[State, str], Message | Note | None]

# A screenful, or nearly.
_PAGE: Final = 20
_SHOWN: Final = (
    "What you missed was shown when you entered; other rooms show it when you enter"
    " them. /history shows more."
)
_NO_DATE: Final = "{date} is no date; one looks like 2026-11-20."
_KEYS: Final = frozenset({"from", "in", "after", "before"})


def latest(state: State, rest: str) -> Message | Note | None:
    """What was said last, or since some time."""
    words = rest.split()
    begin = ""
    if "since" in words:
        at = words.index("since")
        date = " ".join(words[at + 1 :])
        begin, words = _moment(date, earlier=1), words[:at]
        if not begin:
            return Note(_NO_DATE.format(date=date or "That"))
    is_counted = bool(words) and words[-1].isdecimal()
    most = int(words.pop()) if is_counted else _PAGE
    if most == 0 or words[1:]:
        return None
    return _asked(state, words[0] if words else "", "*", most, begin)


def missed(state: State, rest: str) -> Message | Note | None:
    """What was said since the connection broke last."""
    name = rest.partition(" ")[0] or (state.current.name if state.current else "")
    left_off = state.left_off.get(state.fold(name), "")
    if name and state.recalls and not left_off:
        return Note(_SHOWN)
    return _asked(state, name, left_off, 5 * _PAGE)


def _asked(
    state: State, target: str, since: str, most: int, begin: str = ""
) -> Message | Note:
    if not state.recalls:
        return Note("This server keeps no history.")
    target = target or (state.current.name if state.current else "")
    if not target:
        return Note("You are in no room; /join one first.")
    most = min(most, state.most_history or most)
    if begin:
        return Message(
            "CHATHISTORY", ("AFTER", target, f"timestamp={begin}", str(most))
        )
    return Message("CHATHISTORY", ("LATEST", target, since, str(most)))


def search(state: State, rest: str) -> Message | Note | None:
    """What was said with some words, by somebody, somewhere, at some time."""
    if not (state.searches and state.batches):
        return Note("This server cannot search.")
    wanted: dict[str, str] = {}
    words: list[str] = []
    for word in rest.split():
        key, colon, value = word.partition(":")
        if not (colon and value and key.lower() in _KEYS):
            words.append(word)
            continue
        key = key.lower()
        wanted[key] = value if key in {"from", "in"} else _moment(value)
        if not wanted[key]:
            return Note(_NO_DATE.format(date=value))
    if words:
        wanted["text"] = " ".join(words)
    if not wanted:
        return None
    return searching(wanted | {"limit": str(_PAGE)})


def _moment(date: str, earlier: int = 0) -> str:
    """The first moment of *date*, as servers write it; "" if it is none.

    It is so many milliseconds *earlier* where that moment itself is wanted as well.
    """
    try:
        at = datetime.fromisoformat(date).astimezone(UTC)
        at -= timedelta(milliseconds=earlier)
    except (ValueError, OverflowError):
        return ""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def older(state: State, _rest: str) -> Message | Note | None:
    """What was said before the lines that were asked for last, or after them."""
    return state.older or Note("There is no more; /history or /search comes first.")


# The name, how it is used, a line of help, and what it asks.
QUESTIONS: Final[tuple[tuple[str, str, str, Question], ...]] = (
    (
        "history",
        "/history [ROOM|NICK] [NUMBER] [since DATE]",
        "what was said here, or there",
        latest,
    ),
    ("catchup", "/catchup [ROOM]", "what was said while you were away", missed),
    (
        "search",
        "/search [WORDS] [from:NICK] [in:ROOM] [after:DATE] [before:DATE]",
        "find what was said",
        search,
    ),
    ("more", "/more", "the next page of that", older),
)
