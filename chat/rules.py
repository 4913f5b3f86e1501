"""Rules: what the value of a setting may be, and the words for what may not.

A value comes as TOML gives it, or as text from the command line; one rule judges
both, and each complaint says what is allowed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from chat.passwords import is_hashed

_TRUTH: Final = {"true": True, "false": False}
_MOST: Final = 2**31 - 1
_NO_TEXT: Final = 'it has to be a text in quotes, "like this"'


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be set: a number's bounds, or a *form*.

    A form raises `ValueError`, with the end of a sentence, for what is not
    allowed.  A list *of* sections is written as an array of tables.  What is
    *fixed* cannot change while the server runs; what is *secret* is never told.
    """

    least: int = 0
    most: int = _MOST
    form: Callable[[str], object] | None = None
    of: type | None = None
    is_fixed: bool = False
    is_secret: bool = False


def one_word(text: str) -> None:
    """The form of what has no spaces."""
    if not text or " " in text or not text.isprintable():
        raise ValueError("it has to be one word")


def one_of(*words: str) -> Callable[[str], None]:
    """The form of what is one of *words*."""

    def form(text: str) -> None:
        if text not in words:
            raise ValueError(f"it has to be {', '.join(words[:-1])} or {words[-1]}")

    return form


def one_line(text: str) -> None:
    """The form of what has no ends of lines, and nothing else that is not seen."""
    if not text.isprintable():
        raise ValueError("it has to be one line")


def a_hash(text: str) -> None:
    """The form of what `chat.passwords` writes."""
    if not is_hashed(text):
        raise ValueError("it has to be a line that chatd hash-password has printed")


def a_password(text: str) -> None:
    """The form of a password, plain or hashed."""
    # Who meant a hash and lost half of it should not have it for a password.
    if text.startswith("scrypt$"):
        a_hash(text)
    one_line(text)


def read(text: str, kind: type) -> Any:
    """*text* as TOML would give it, or as it is if it is nothing like a *kind*."""
    if kind is bool:
        return _TRUTH.get(text, text)
    if kind is tuple:
        return text.split(",")
    # Python would read 1_0, and the digits of every script, as numbers.
    plain = text.replace(".", "", 1) if kind is float else text
    if kind is not str and plain.isascii() and plain.isdecimal() and len(plain) < 99:
        return kind(text)
    return text


def checked(value: Any, kind: type, rule: Rule) -> Any:
    """*value* as one of *kind*, or a `ValueError` that ends a sentence."""
    if kind is str:
        return _text(value, rule)
    if kind is tuple:
        if not isinstance(value, list) or not value:
            raise ValueError('it has to be a list of texts, ["like", "this"]')
        return tuple(_text(each, rule) for each in value)
    if kind is bool:
        if not isinstance(value, bool):
            raise ValueError("it is either true or false")
        return value
    return _number(value, kind, rule)


def _text(value: Any, rule: Rule) -> str:
    if not isinstance(value, str):
        raise ValueError(_NO_TEXT)  # noqa: TRY004 - told, not caught by kind
    if not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value):
        raise ValueError("it has to be UTF-8")
    if rule.form is not None:
        rule.form(value)
    return value


def _number(value: Any, kind: type, rule: Rule) -> Any:
    kinds = (int, float) if kind is float else (int,)
    # True is an int, to Python.
    if type(value) in kinds and rule.least <= value <= rule.most:
        return kind(value)
    what = "a whole number" if kind is int else "a number"
    raise ValueError(f"it has to be {what} from {rule.least} to {rule.most}")
