"""Configuration: what an operator can set, as frozen values.

Every setting is one field of one of the classes below, and its key is the path
to it: ``limits.outbox_soft``.  The type of the field decides what may be set,
so there is no second list of keys to forget.

Next: chat/server/daemon.py
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from difflib import get_close_matches
from importlib.metadata import version
from typing import Any, Final

from chat.dialects.dialect import House
from chat.domain.limits import Limits

_TRUTH: Final = {"true": True, "false": False}
_MOST: Final = 2**31 - 1


class WrongConfig(Exception):
    """A setting that does not exist or cannot have that value, in words."""


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """How the server calls itself."""

    # It stands where spaces divide, in every line that IRC clients get from us.
    name: str = field(default="switchboard.local", metadata={"one_word": True})
    network: str = "Switchboard"
    motd: str = ""


@dataclass(frozen=True, slots=True)
class LimitsConfig:
    """What one person or address may use.  Sizes in bytes, times in seconds.

    `enabled` as false lifts the limits on how much one person or address may
    do; the ceilings on memory and the deadlines stay.
    """

    enabled: bool = True
    # The throttle: lines at once, and lines a second after that.
    burst: int = field(default=20, metadata={"least": 1})
    lines_per_second: int = field(default=5, metadata={"least": 1})
    # Connections from one address; a classroom behind one must fit.
    per_address: int = 64
    exempt_loopback: bool = False
    # Until a newcomer must have a name; people who type get three times that.
    registration_timeout: int = field(default=60, metadata={"least": 1})
    # An IRC client that is silent is asked whether it is there, and must answer.
    ping_interval: int = field(default=90, metadata={"least": 1})
    ping_timeout: int = field(default=60, metadata={"least": 1})
    outbox_soft: int = 256 * 1024
    outbox_hard: int = 1024 * 1024
    # All outboxes together.
    outbox_total: int = 64 * 1024 * 1024
    rooms_per_user: int = 100
    # An IRC line has 512 bytes for all of it, so these cannot grow at will.
    nick_length: int = field(default=32, metadata={"most": 64})
    room_length: int = field(default=64, metadata={"most": 128})
    topic_length: int = field(default=390, metadata={"most": 390})


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set.  `greet_after` is in seconds, 0 for never."""

    server: ServerConfig = field(default_factory=ServerConfig)
    limits: LimitsConfig = field(default_factory=LimitsConfig)
    greet_after: float = 0.4

    def house(self, since: int) -> House:
        """What the dialects may say about a server that began at *since* (ms)."""
        limits = Limits(
            nick_length=self.limits.nick_length,
            room_length=self.limits.room_length,
            topic_length=self.limits.topic_length,
            rooms_per_user=self.limits.rooms_per_user if self.limits.enabled else None,
        )
        return House(
            name=self.server.name,
            network=self.server.network,
            version=f"switchboard-{version('switchboard-chat')}",
            since=since,
            lobby="#lobby",
            limits=limits,
            motd=tuple(self.server.motd.splitlines()),
        )


def configured(settings: Iterable[str]) -> Config:
    """The defaults with *settings*, each ``KEY=VALUE``, over them.

    Raises:
        WrongConfig: the first that cannot be set, and what could.
    """
    config = Config()
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise WrongConfig(f"{setting}: write it as KEY=VALUE")
        config = _with(config, key, key.split("."), text)
    return config


def keys(values: Any = None, prefix: str = "") -> list[str]:
    """Every key there is."""
    values = Config() if values is None else values
    found: list[str] = []
    for each in fields(values):
        value = getattr(values, each.name)
        key = prefix + each.name
        found += keys(value, f"{key}.") if is_dataclass(value) else [key]
    return found


def _with(values: Any, key: str, path: list[str], text: str) -> Any:
    """*values* with the field at the end of *path* set from *text*."""
    name, *rest = path
    # Fields only: a class has other attributes, and none of them can be set.
    known = {each.name: each for each in fields(values)}
    current = getattr(values, name) if name in known else None
    # A section is no setting, and a setting has nothing below it.
    if current is None or bool(rest) != is_dataclass(current):
        raise WrongConfig(_no_such_key(key))
    if rest:
        return replace(values, **{name: _with(current, key, rest, text)})
    try:
        value = _value(text, type(current), known[name].metadata)
    except ValueError as error:
        raise WrongConfig(f"{key}={text}: {error}") from None
    return replace(values, **{name: value})


def _value(text: str, kind: type, bounds: Mapping[str, Any]) -> Any:
    """*text* as a value of *kind*, or a `ValueError` that ends a sentence."""
    if kind is str:
        if bounds.get("one_word") and (" " in text or not text.isprintable()):
            raise ValueError("it has to be one word")
        return text
    if kind is bool:
        if text not in _TRUTH:
            raise ValueError("it is either true or false")
        return _TRUTH[text]
    return _number(text, kind, bounds.get("least", 0), bounds.get("most", _MOST))


def _number(text: str, kind: type, least: int, most: int) -> Any:
    # Python would read 1_0, and the digits of every script, as numbers.
    plain = text.replace(".", "", 1) if kind is float else text
    if plain.isascii() and plain.isdecimal() and least <= (value := kind(text)) <= most:
        return value
    what = "a whole number" if kind is int else "a number"
    raise ValueError(f"it has to be {what} from {least} to {most}")


def _no_such_key(key: str) -> str:
    close = get_close_matches(key, keys(), n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"{key}: there is no such setting{hint}"
