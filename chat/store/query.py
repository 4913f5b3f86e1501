"""Queries: what a search looks for, and whether a text has it.

A text is searched for *words*, which are compared whole, without regard to case and
to marks above and below letters, as SQLite's ``unicode61`` does.  Some scripts write
no spaces between words; what somebody looks for in these is a *part* of the text,
however short.  So is what has neither letters nor digits.  And where no text has the
words, they are perhaps parts of longer ones.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from unicodedata import category, normalize

# Parts of words that the index finds: three characters and more.
LONG: Final = 3

# Thai, Lao, Burmese, Hangul, Khmer; then kana, bopomofo and Han, and where they are
# written half as wide.  Korean has spaces, but what follows a noun is written with it.
_SIGN: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u318f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uffdc\U00020000-\U0003ffff]"
)


# What `unicode61` takes for a word.
_TOKEN: Final = re.compile(r"[^\W_]+")
# The marks of Latin, Greek and Cyrillic, and characters that are none.
_MARKS: Final = re.compile("[\u0300-\u036f]+")
_WITHOUT_MARKS: Final = re.compile("[\0-\u02ff\u0370-\u0482\u048a-\u0590]*")


@dataclass(frozen=True, slots=True)
class Query:
    """What a text must have: all of these *words*, and all of these *parts*."""

    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def widened(self) -> "Query | None":
        """The same, with words as parts; None if that is not to be had."""
        long = tuple(word for word in self.words if len(word) >= LONG)
        if not long:
            return None
        short = tuple(word for word in self.words if len(word) < LONG)
        return Query(short, self.parts + tuple(map(small, long)))

    def is_in(self, text: str) -> bool:
        """Whether *text* has all of it."""
        return self.test()(text)

    def test(self) -> Callable[[str], bool]:
        """What tells of many texts whether they have all of it."""
        words = [tokens(word) for word in self.words]
        whole = [f" {' '.join(word)} " for word in words]
        # Hardly any text has them: most need not be taken apart to say so.
        plain = [*self.parts, *(token for word in words for token in word)]

        def is_in(text: str) -> bool:
            there = small(text)
            for each in plain if text.isascii() else self.parts:
                if each not in there:
                    return False
            if not whole:
                return True
            bare = f" {' '.join(tokens(text))} "
            return all(word in bare for word in whole)

        return is_in


def understood(text: str) -> Query:
    """What somebody means who types *text*: nothing in it is a command."""
    words, parts = [], []
    for term in text.replace("\0", " ").split():
        if _SIGN.search(term) or not tokens(term):
            parts.append(small(term))
        else:
            words.append(term)
    return Query(tuple(words), tuple(parts))


def signs(text: str) -> str:
    """What is written without spaces in *text*, each character a word of its own."""
    return " ".join(_SIGN.findall(text))


def tokens(text: str) -> list[str]:
    """The words of *text*, each as it is compared."""
    bare = text if text.isascii() else _bare(text)
    return _TOKEN.findall(bare.lower())


def _bare(text: str) -> str:
    """*text* without marks above and below letters."""
    bare = _MARKS.sub("", normalize("NFD", text))
    if _WITHOUT_MARKS.fullmatch(bare):
        # Most is: to ask about each character takes ten times as long.
        return bare
    return "".join(each for each in bare if category(each) != "Mn")


def has_parts(text: str, parts: tuple[str, ...]) -> bool:
    """Whether all *parts*, which are small, are somewhere in *text*."""
    there = small(text)
    return all(part in there for part in parts)


def small(text: str) -> str:
    """*text* as parts are compared."""
    return text.lower()
