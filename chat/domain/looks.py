"""Looks: which names are taken for each other, though they are not the same.

Unicode keeps a table of characters that look alike (UTS #39, section 4): the
*skeleton* of a text has each of them replaced by one that stands for all of its
kind, and two texts with one skeleton look the same.  ``paypal`` with a Cyrillic
a, ``paypa1`` and ``paypaI`` all have that of ``paypal`` itself.

The table is that of the package confusable-homoglyphs, which tells for each
character which others look like it; of these, a kind's own is the one that has
them all.  It is read once, and only what names can be made of is kept.
"""

import json
from array import array
from bisect import bisect_right
from pkgutil import get_data
from typing import Any, Final
from unicodedata import category, is_normalized, normalize

# Scripts that are written together (UTS #39, section 5.2, "highly restrictive").
_TOGETHER: Final = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)
# What belongs to no script in particular: digits, marks above letters.
_ANY: Final = {"COMMON", "INHERITED"}
# The table encloses what is written from right to left in these.
_MARK: Final = "\u200e"


def skeleton(text: str) -> str:
    """What *text* looks like: two with the same skeleton are taken for each other."""
    if text.isascii():
        return text.translate(_OF_ASCII)
    return _skeleton(text)


def _skeleton(text: str) -> str:
    seen = normalize("NFD", text)
    # What stands for a kind may be made of several, each of another kind.
    for _ in range(2):
        seen = seen.translate(_KINDS)
    return normalize("NFD", seen).lower()


def is_mixed(text: str) -> bool:
    """Whether *text* mixes scripts that nobody writes together, as deceivers do."""
    scripts = {_script(character) for character in text} - _ANY
    return len(scripts) > 1 and not any(scripts <= each for each in _TOGETHER)


def _script(character: str) -> str:
    at = max(bisect_right(_FIRSTS, ord(character)) - 1, 0)
    return _NAMES[_SCRIPTS[at]] if ord(character) <= _LASTS[at] else "UNKNOWN"


def _read(name: str) -> Any:
    text = get_data("confusable_homoglyphs", name) or b""
    return json.loads(text, object_hook=_without_names)


def _without_names(table: dict[str, Any]) -> Any:
    """Of a character and its name (``{"c": ..., "n": ...}``) only the character.

    Most of the table is names, which would take five megabytes while it is read.
    """
    return table["c"].strip(_MARK) if table.keys() == {"c", "n"} else table


def _kinds() -> str:
    """Each character that names can hold, before what stands for its kind.

    As one text: the table takes megabytes, and would never be given back if some of
    what is kept were strewn among it.
    """
    table = {
        text.strip(_MARK): others for text, others in _read("confusables.json").items()
    }
    kinds = []
    for text, others in table.items():
        if len(text) == len(others) == 1 and _can_be_in_names(text):
            kind = others[0]
            # Of two that have only each other either will do, if it is one for both.
            if len(table.get(kind, ())) > 1 or (len(kind), kind) > (1, text):
                kinds.append(text + kind)
    return "\n".join(kinds)


def _scripts() -> tuple["array[int]", "array[int]", "array[int]", str]:
    """Where ranges of characters begin and end, the script of each, and its name."""
    table = _read("categories.json")
    firsts, lasts, scripts, _ = zip(*table["code_points_ranges"], strict=True)
    names = "\n".join(table["iso_15924_aliases"])
    return array("I", firsts), array("I", lasts), array("I", scripts), names


def _can_be_in_names(character: str) -> bool:
    is_plain = character.isascii() or character.isalnum()
    is_plain = is_plain or category(character).startswith("M")
    return is_plain and is_normalized("NFKC", character)


_KINDS: Final = {ord(line[0]): line[1:] for line in _kinds().split("\n")}
# What each character of ASCII comes to, as nearly every name has no other.
_OF_ASCII: Final = [_skeleton(chr(code)) for code in range(128)]
_FIRSTS, _LASTS, _SCRIPTS, _names = _scripts()
_NAMES: Final = _names.split("\n")
