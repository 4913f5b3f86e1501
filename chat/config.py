"""Configuration: what an operator can set, as frozen values.

Every setting is one field of a class, most of them in ``sections``, and its key
is the path to it: ``limits.outbox_soft``.  The type of the field and its `Rule`
decide what may be set, and its meaning stands beside it: README's table and what
``--print-config`` prints are made of that, so there is no second list of keys
to forget.

Next: chat/server/daemon.py
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from difflib import get_close_matches
from typing import Any, TypeAlias

from chat import VERSION
from chat.dialects.dialect import House
from chat.domain.limits import Limits
from chat.net import address
from chat.passwords import hashed, is_hashed
from chat.rules import Rule, checked, one_line, read
from chat.sections import (
    AccountsConfig,
    AdminConfig,
    AuditConfig,
    HistoryConfig,
    LimitsConfig,
    Operator,
    RoomsConfig,
    ServerConfig,
    a_setting,
)

# The way to a value: names, and the numbers of list entries from 0.
Path: TypeAlias = tuple[str | int, ...]


class WrongConfig(Exception):
    """A setting that does not exist or cannot have that value, in words."""

    def __init__(self, message: str, path: Path = ()) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set."""

    listen: tuple[str, ...] = a_setting(
        ("2428",),
        "where to listen, as in `--listen`",
        Rule(form=address.parse, is_fixed=True),
    )
    data: str = a_setting(
        "",
        "where the server keeps what it must remember",
        Rule(form=one_line, is_fixed=True),
    )
    # In seconds.
    greet_after: float = a_setting(
        0.4, "seconds of silence after which a peer is greeted as a person; 0 for never"
    )
    server: ServerConfig = field(default_factory=ServerConfig)
    limits: LimitsConfig = field(default_factory=LimitsConfig)
    history: HistoryConfig = field(default_factory=HistoryConfig)
    accounts: AccountsConfig = field(default_factory=AccountsConfig)
    rooms: RoomsConfig = field(default_factory=RoomsConfig)
    audit: AuditConfig = field(default_factory=AuditConfig)
    admin: AdminConfig = field(default_factory=AdminConfig)
    operator: tuple[Operator, ...] = a_setting(
        (),
        "people with a `name` and a `password` that `chatd hash-password` has printed,"
        " one `[[operator]]` each",
        Rule(of=Operator, is_secret=True),
    )

    def house(self, since: int) -> House:
        """What the dialects may say about a server that began at *since* (ms)."""
        limits = Limits(
            nick_length=self.limits.nick_length,
            room_length=self.limits.room_length,
            topic_length=self.limits.topic_length,
            rooms_per_user=self.limits.rooms_per_user if self.limits.enabled else None,
            registration=self.accounts.registration,
            guests=self.accounts.guests,
            held_nick=self.accounts.held_nick * 1000,
            empty_room=self.rooms.empty * 1000,
            history=self.history.enabled,
            history_days=self.history.keep,
            history_page=self.history.page,
        )
        return House(
            name=self.server.name,
            network=self.server.network,
            version=f"switchboard-{VERSION}",
            since=since,
            lobby="#lobby",
            limits=limits,
            motd=tuple(self.server.motd.splitlines()),
            operators={each.name: each.password for each in self.operator},
            password=_stored(self.server.password),
            rounds=self.accounts.kdf_iterations,
            plaintext=self.accounts.plaintext,
            guesses=self.accounts.guesses,
            enrolments=self.accounts.per_address if self.limits.enabled else None,
            exempts_loopback=self.limits.exempt_loopback,
            admin=tuple(
                text
                for text in (
                    self.admin.location,
                    self.admin.organization,
                    self.admin.email,
                )
                if text
            ),
        )


class Forgetful(Config):
    """The same, of a server that remembers nothing when it ends."""

    def house(self, since: int) -> House:
        """What the dialects may say about it."""
        return replace(super().house(since), is_lasting=False)


def forgetful(config: Config) -> Forgetful:
    """*config*, of a server that remembers nothing when it ends."""
    return Forgetful(
        **{each.name: getattr(config, each.name) for each in fields(config)}
    )


def _stored(password: str) -> str:
    """*password* as `Prove` wants it, though somebody wrote it down as it is."""
    if not password or is_hashed(password):
        return password
    return hashed(password)


def configured(texts: Iterable[str], config: Config | None = None) -> Config:
    """*config*, or the defaults, with *texts*, each ``KEY=VALUE``, over it.

    Raises:
        WrongConfig: the first that cannot be set, and what could.
    """
    config = config or Config()
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise WrongConfig(f"{text}: write it as KEY=VALUE")
        config = _with(config, key, key.split("."), value)
    return config


def tabled(table: Mapping[str, Any], values: Any, path: Path = ()) -> Any:
    """*values*, those of the section at *path*, with a *table* of TOML over them.

    Raises:
        WrongConfig: the first that cannot be set, what could, and its path.
    """
    known = {each.name: each for each in fields(values)}
    for name, given in table.items():
        here = (*path, name)
        if name not in known:
            raise WrongConfig(_no_such_key(_key(here)), here)
        current = getattr(values, name)
        try:
            if is_dataclass(current):
                value = tabled(_table(given), current, here)
            elif kind := _rule(known[name]).of:
                value = _listed(given, kind, here)
            else:
                value = checked(given, type(current), _rule(known[name]))
        except ValueError as error:
            raise WrongConfig(f"{_key(here)}: {error}", here) from None
        values = replace(values, **{name: value})
    return values


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key, its field with meaning and rule, its value now."""

    key: str
    field: "Field[Any]"
    value: Any

    @property
    def rule(self) -> Rule:
        """What may be set."""
        return _rule(self.field)

    @property
    def meaning(self) -> str:
        """What it is for."""
        meaning: str = self.field.metadata["meaning"]
        return meaning


def settings(values: Any, prefix: str = "") -> Iterator[Setting]:
    """Every setting in *values*, in the order of the classes above."""
    for each in fields(values):
        value = getattr(values, each.name)
        if is_dataclass(value):
            yield from settings(value, f"{prefix}{each.name}.")
        else:
            yield Setting(prefix + each.name, each, value)


def keys() -> list[str]:
    """Every key there is."""
    return [setting.key for setting in settings(Config())]


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
    rule = _rule(known[name])
    try:
        if rule.of:
            raise ValueError(f"it has to be written in the file, as [[{key}]]")
        value = checked(read(text, type(current)), type(current), rule)
    except ValueError as error:
        raise WrongConfig(f"{key}={text}: {error}") from None
    return replace(values, **{name: value})


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("it has to be a table of settings")  # noqa: TRY004 - told
    return value


def _listed(given: Any, kind: type, path: Path) -> tuple[Any, ...]:
    if not isinstance(given, list):
        raise ValueError(f"it has to be a list of tables, [[{_key(path)}]]")  # noqa: TRY004
    listed = []
    for number, table in enumerate(given):
        here = (*path, number)
        values = tabled(_table(table), kind(), here)
        for each in settings(values):
            if not each.value:
                raise WrongConfig(f"{_key(here)}: it needs a {each.key}", here)
        listed.append(values)
    return tuple(listed)


def _rule(each: "Field[Any]") -> Rule:
    rule: Rule = each.metadata["rule"]
    return rule


def _key(path: Path) -> str:
    return ".".join(name for name in path if isinstance(name, str))


def _no_such_key(key: str) -> str:
    known = [each for each in _all_keys() if each != key]
    close = get_close_matches(key, known, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"{key}: there is no such setting{hint}"


def _all_keys() -> Iterator[str]:
    """Every key, every section, and the keys within the entries of a list."""
    yield from (each.name for each in fields(Config))
    for setting in settings(Config()):
        yield setting.key
        if setting.rule.of:
            yield from (
                each.key for each in settings(setting.rule.of(), f"{setting.key}.")
            )
