"""Inside: the one place where the fuzzer knows what the server keeps to itself.

Tables are found by looking, not by name, so that one which is added later is
watched from its first day.
"""

from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache
from typing import Any, Final, TypeAlias

from chat.net.connection import Connection
from chat.server.loop import Server
from chat.server.session import Session
from chat.wire.lines import Line

Tables: TypeAlias = dict[str, int]
# Who has guessed at passwords, or made accounts, is remembered after he has gone, and
# has to be.
_LASTING: Final = ("_guesses._missed", "_made._missed")
_TABLES: Final = (dict, list, set, deque, bytearray)


class Inside:
    """A look into *server*."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def admit(self, connection: Connection, door: str) -> Session | None:
        """Let somebody in by that *door*; None if the server would not have him."""
        self._server.admit(connection, door)
        return self._server._roster.find(connection.descriptor)

    def sessions(self) -> list[Session]:
        """Everybody who is here."""
        return list(self._server._roster)

    def overhear(self, note: Callable[[Session, Line], None]) -> None:
        """Have every line noted before it is understood."""
        exchange = self._server._exchange
        hear = exchange.hear

        def noted(session: Session, line: Line) -> int:
            note(session, line)
            return hear(session, line)

        exchange.hear = noted  # type: ignore[method-assign]

    def who_is_where(self) -> dict[str, Any]:
        """All that the hub knows, but for what it remembers of those who have gone."""
        known = self._server._exchange._hub.snapshot()
        del known["past"], known["most_users"]
        return known

    def tables(self) -> Tables:
        """How full each table of the server is."""
        return tables(self._server)


def tables(thing: object) -> Tables:
    """How full each table is that *thing*, or anything of ours below it, keeps."""
    found = _tables(thing, "", {id(thing)})
    return {name: size for name, size in found if not name.endswith(_LASTING)}


def _tables(thing: object, path: str, seen: set[int]) -> Iterator[tuple[str, int]]:
    kind: Any = type(thing)
    for name in _names(kind) or vars(thing):
        value: Any = getattr(thing, name, None)
        if isinstance(value, _TABLES):
            yield f"{path}{name}", len(value)
        elif id(value) not in seen and _has_a_life(value.__class__):
            seen.add(id(value))
            yield from _tables(value, f"{path}{name}.", seen)


@cache
def _names(kind: Any) -> list[str]:
    """The slots of that *kind*; none if it has none."""
    return [name for each in kind.__mro__ for name in getattr(each, "__slots__", ())]


@cache
def _has_a_life(kind: Any) -> bool:
    """Whether it is one of our classes, and its instances are no values."""
    is_value = getattr(kind, "__dataclass_params__", None) or issubclass(
        kind, Enum | tuple
    )
    return not is_value and kind.__module__.startswith("chat.")
