"""Sections: the settings, filed by subject, each with its meaning and its rule."""

from dataclasses import dataclass, field
from typing import Any, Final

from chat.net import poller
from chat.rules import Rule, a_hash, a_password, one_line, one_of, one_word

_ANYTHING: Final = Rule()
_AT_LEAST_1: Final = Rule(least=1)


def a_setting(default: Any, meaning: str, rule: Rule = _ANYTHING) -> Any:
    """A field that can be set, with what it is for and what it may be."""
    return field(default=default, metadata={"meaning": meaning, "rule": rule})


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """How the server calls itself, and who is let in."""

    # It stands where spaces divide, in every line that IRC clients get from us.
    name: str = a_setting(
        "switchboard.local",
        "what the server calls itself towards IRC clients",
        Rule(form=one_word, is_fixed=True),
    )
    network: str = a_setting(
        "Switchboard", "what the place is called in greetings", Rule(form=one_line)
    )
    motd: str = a_setting("", "message of the day for IRC clients")
    password: str = a_setting(
        "",
        "what newcomers must know, plain or as printed by `chatd hash-password`",
        Rule(form=a_password, is_secret=True),
    )
    poller: str = a_setting(
        "select",
        "what the server waits with: `select`, for 1,000 people, or, on Linux, `epoll`"
        " for 4,000",
        Rule(form=poller.named, is_fixed=True),
    )


@dataclass(frozen=True, slots=True)
class LimitsConfig:
    """What one person or address may use.  Sizes in bytes, times in seconds.

    `enabled` as false lifts the limits on how much one person or address may
    do; the ceilings on memory and the deadlines stay.
    """

    enabled: bool = a_setting(
        True,  # noqa: FBT003 - a default
        "`false` lifts the limits on what one person may do; memory stays bounded",
    )
    burst: int = a_setting(
        20, "lines that one session may send at once; more have to wait", _AT_LEAST_1
    )
    lines_per_second: int = a_setting(
        5, "lines that it may send in each second after that", _AT_LEAST_1
    )
    # A classroom behind one address must fit.
    per_address: int = a_setting(
        64, "connections from one address (IPv6: from one network of 64 bits)"
    )
    exempt_loopback: bool = a_setting(
        False,  # noqa: FBT003 - a default
        "`true` lifts that for this machine, for example behind a proxy or a tunnel",
    )
    registration_timeout: int = a_setting(
        60,
        "seconds until a newcomer must have a name; people who type have three times"
        " as long",
        _AT_LEAST_1,
    )
    ping_interval: int = a_setting(
        90,
        "seconds of silence after which an IRC client is asked whether it is there",
        _AT_LEAST_1,
    )
    ping_timeout: int = a_setting(60, "seconds that it has to answer", _AT_LEAST_1)
    outbox_soft: int = a_setting(
        256 * 1024, "bytes that may wait for a slow reader for up to 30 seconds"
    )
    outbox_hard: int = a_setting(
        1024 * 1024, "bytes that may wait for a slow reader at all"
    )
    outbox_total: int = a_setting(
        64 * 1024 * 1024,
        "bytes that may wait for all slow readers together; the slowest goes first",
    )
    rooms_per_user: int = a_setting(100, "rooms that one person may be in")
    # An IRC line has 512 bytes for all of it, so these cannot grow at will.
    nick_length: int = a_setting(32, "longest nick, in bytes", Rule(most=64))
    room_length: int = a_setting(
        64, "longest name of a room, in bytes", Rule(least=6, most=128)
    )
    topic_length: int = a_setting(390, "longest topic, in bytes", Rule(most=390))


@dataclass(frozen=True, slots=True)
class HistoryConfig:
    """What is kept of what is said."""

    enabled: bool = a_setting(
        True,  # noqa: FBT003 - a default
        "`false` keeps nothing of what is said",
    )
    durability: str = a_setting(
        "process",
        "what loses nothing that anybody has read: the end of the `process`, or of the"
        " `power`, which costs a write to the disk for each turn",
        Rule(form=one_of("process", "power"), is_fixed=True),
    )
    page: int = a_setting(
        100, "lines of it that one question may be answered with", Rule(1, 1000)
    )
    keep: int = a_setting(0, "days that it is kept; 0 for ever", Rule(most=36_500))
    lines: int = a_setting(
        0,
        "lines that are kept of one room, or of what two people say to one another;"
        " 0 for any number",
    )
    bytes: int = a_setting(
        0,
        "bytes that the database may have until the oldest lines go, wherever they were"
        " said; 0 for any number",
        Rule(most=2**53),
    )


@dataclass(frozen=True, slots=True)
class AccountsConfig:
    """Names that are somebody's, and who comes in without."""

    registration: str = a_setting(
        "open",
        "who may make an account: everybody (`open`), whoever was `invited`, or, with"
        " `closed`, nobody",
        Rule(form=one_of("open", "invited", "closed")),
    )
    guests: str = a_setting(
        "open",
        "who comes in without an account: everybody (`open`), everybody under a name"
        " that begins with guest- (`named`), or, but for the invited, `none`",
        Rule(form=one_of("open", "named", "none")),
    )
    kdf_iterations: int = a_setting(
        100_000,
        "rounds that a password takes to check, for us and for whoever has stolen it",
        Rule(least=4096, most=10_000_000),
    )
    plaintext: bool = a_setting(
        False,  # noqa: FBT003 - a default
        "`true` takes passwords from other machines though others could read them",
    )
    guesses: int = a_setting(
        10, "wrong passwords a minute, for one account, from one address", _AT_LEAST_1
    )
    per_address: int = a_setting(
        5, "accounts that may be made in an hour from one address", _AT_LEAST_1
    )
    held_nick: int = a_setting(
        30, "seconds that a guest may hold an account's nick", _AT_LEAST_1
    )


@dataclass(frozen=True, slots=True)
class RoomsConfig:
    """What becomes of rooms."""

    empty: int = a_setting(
        600, "seconds that an empty room stays, unless who runs it has it kept"
    )


@dataclass(frozen=True, slots=True)
class AuditConfig:
    """Who did what, for those who run the house."""

    days: int = a_setting(90, "days that it is remembered, with addresses", _AT_LEAST_1)


@dataclass(frozen=True, slots=True)
class AdminConfig:
    """What IRC's ADMIN tells about those who run the server."""

    location: str = a_setting("", "where the server is", Rule(form=one_line))
    organization: str = a_setting("", "who runs it", Rule(form=one_line))
    email: str = a_setting("", "how to reach them", Rule(form=one_line))


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may run the house from inside."""

    name: str = a_setting("", "the operator's name", Rule(form=one_word))
    password: str = a_setting(
        "", "a line that `chatd hash-password` has printed", Rule(form=a_hash)
    )
