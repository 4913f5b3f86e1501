"""What the closed vocabularies have in common: commands, events and the rest."""

from dataclasses import is_dataclass
from types import ModuleType
from typing import Any, get_args


def words(vocabulary: Any) -> list[type]:
    """The classes in a union of classes."""
    return list(get_args(vocabulary))


def values_defined_in(module: ModuleType) -> list[type]:
    """The dataclasses that *module* defines, in its order."""
    return [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and is_dataclass(thing)
        and thing.__module__ == module.__name__
    ]


def is_value(word: type) -> bool:
    """Whether it is compared by what it holds, and never changes.

    What is made for every line is frozen for the type checker only (`domain.value`).
    """
    made: Any = word
    params = made.__dataclass_params__
    is_fixed = params.frozen or params.unsafe_hash
    return bool(params.eq and is_fixed and "__slots__" in vars(word))
