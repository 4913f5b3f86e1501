"""Configuration: what can be set, and what is said of what cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.config import (
    Config,
    Setting,
    WrongConfig,
    configured,
    forgetful,
    keys,
    settings,
    tabled,
)
from chat.domain.limits import Limits
from chat.sections import AdminConfig, LimitsConfig, Operator, ServerConfig

_TOO_BIG = "it has to be a number from 0 to 2147483647"


def _server(**values: str) -> Config:
    return Config(server=ServerConfig(**values))


def _key(setting: Setting) -> str:
    return setting.key


def _complaint(setting: str) -> str:
    """What is said of *setting*; nothing if it can be set."""
    try:
        configured([setting])
    except WrongConfig as wrong:
        return str(wrong)
    return ""


@pytest.mark.parametrize(
    ("setting", "config"),
    [
        pytest.param("server.name=irc.here", _server(name="irc.here"), id="a text"),
        pytest.param("server.motd=a=b", _server(motd="a=b"), id="only the first ="),
        pytest.param("server.motd=", _server(motd=""), id="no text is a text"),
        pytest.param(
            "limits.enabled=false", Config(limits=LimitsConfig(enabled=False)), id="no"
        ),
        pytest.param(
            "limits.enabled=true", Config(limits=LimitsConfig(enabled=True)), id="yes"
        ),
        pytest.param(
            "limits.outbox_soft=1000",
            Config(limits=LimitsConfig(outbox_soft=1000)),
            id="a whole number",
        ),
        pytest.param(
            "limits.outbox_hard=2147483647",
            Config(limits=LimitsConfig(outbox_hard=2**31 - 1)),
            id="the largest",
        ),
        pytest.param("greet_after=0", Config(greet_after=0.0), id="nought"),
        pytest.param("greet_after=2.5", Config(greet_after=2.5), id="a fraction"),
    ],
)
def test_a_setting_is_one_value_over_the_defaults(setting: str, config: Config) -> None:
    assert configured([setting]) == config


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        pytest.param(
            "limits.enabled",
            "limits.enabled: write it as KEY=VALUE",
            id="nothing to set it to",
        ),
        pytest.param(
            "limits.enabled=yes",
            "limits.enabled=yes: it is either true or false",
            id="a yes that is not true",
        ),
        pytest.param(
            "limits.nick_length=many",
            "limits.nick_length=many: it has to be a whole number from 0 to 64",
            id="a word for a number",
        ),
        pytest.param(
            "limits.nick_length=1.5",
            "limits.nick_length=1.5: it has to be a whole number from 0 to 64",
            id="a fraction where there are none",
        ),
        pytest.param("greet_after=soon", f"greet_after=soon: {_TOO_BIG}", id="soon"),
        pytest.param("greet_after=-1", f"greet_after=-1: {_TOO_BIG}", id="below 0"),
        pytest.param("greet_after=nan", f"greet_after=nan: {_TOO_BIG}", id="NaN"),
        pytest.param("greet_after=inf", f"greet_after=inf: {_TOO_BIG}", id="for ever"),
        pytest.param(
            "limits.outbox_hard=2147483648",
            "limits.outbox_hard=2147483648: it has to be a whole number"
            " from 0 to 2147483647",
            id="too big",
        ),
        pytest.param(
            "server.name=my server",
            "server.name=my server: it has to be one word",
            id="two words",
        ),
        pytest.param(
            "limits.room_length=2000",
            "limits.room_length=2000: it has to be a whole number from 6 to 128",
            id="longer than a line of IRC",
        ),
        pytest.param(
            "limits.enable=true",
            "limits.enable: there is no such setting; did you mean limits.enabled?",
            id="a slip of the finger",
        ),
        pytest.param(
            "weather=fine", "weather: there is no such setting", id="nothing like it"
        ),
        pytest.param(
            "limits=1",
            "limits: there is no such setting; did you mean limits.burst?",
            id="a section alone",
        ),
        pytest.param(
            "operator=alice",
            "operator=alice: it has to be written in the file, as [[operator]]",
            id="what takes more than a line",
        ),
        pytest.param(
            "listen=2428,70000",
            "listen=2428,70000: 70000: a port is a number from 0 to 65535",
            id="one of several addresses",
        ),
        pytest.param(
            "server.network=a\nb",
            "server.network=a\nb: it has to be one line",
            id="two lines for one",
        ),
        pytest.param(
            "server.name=", "server.name=: it has to be one word", id="no name at all"
        ),
        pytest.param(
            "server.motd=\udcff", "server.motd=\udcff: it has to be UTF-8", id="bytes"
        ),
        pytest.param(
            "limits.burst=" + "9" * 5000,
            f"limits.burst={'9' * 5000}: it has to be a whole number"
            " from 1 to 2147483647",
            id="longer than any number",
        ),
        pytest.param(
            "greet_after.soon=1",
            "greet_after.soon: there is no such setting; did you mean greet_after?",
            id="below a setting",
        ),
        pytest.param(
            "server.poller=kqueue",
            "server.poller=kqueue: it has to be select or epoll",
            id="another poller",
        ),
        pytest.param("=1", ": there is no such setting", id="no key"),
        pytest.param("house=1", "house: there is no such setting", id="a method"),
        pytest.param(
            "__class__.motd=1",
            "__class__.motd: there is no such setting",
            id="what only Python knows",
        ),
    ],
)
def test_what_cannot_be_set_is_explained(setting: str, complaint: str) -> None:
    assert _complaint(setting) == complaint


def test_settings_add_up_and_the_last_word_counts() -> None:
    assert configured(
        ["greet_after=1", "server.name=a", "limits.nick_length=9", "greet_after=2"]
    ) == Config(
        server=ServerConfig(name="a"), limits=LimitsConfig(nick_length=9), greet_after=2
    )


def test_every_key_is_listed_once() -> None:
    assert keys() == [
        "listen",
        "data",
        "greet_after",
        "server.name",
        "server.network",
        "server.motd",
        "server.password",
        "server.poller",
        "limits.enabled",
        "limits.burst",
        "limits.lines_per_second",
        "limits.per_address",
        "limits.exempt_loopback",
        "limits.registration_timeout",
        "limits.ping_interval",
        "limits.ping_timeout",
        "limits.outbox_soft",
        "limits.outbox_hard",
        "limits.outbox_total",
        "limits.rooms_per_user",
        "limits.nick_length",
        "limits.room_length",
        "limits.topic_length",
        "history.enabled",
        "history.durability",
        "history.page",
        "history.keep",
        "history.lines",
        "history.bytes",
        "accounts.registration",
        "accounts.guests",
        "accounts.kdf_iterations",
        "accounts.plaintext",
        "accounts.guesses",
        "accounts.per_address",
        "accounts.held_nick",
        "rooms.empty",
        "audit.days",
        "admin.location",
        "admin.organization",
        "admin.email",
        "operator",
    ]


@pytest.mark.parametrize(
    "setting", [each for each in settings(Config()) if not each.rule.of], ids=_key
)
def test_every_key_can_be_set_to_what_it_is(setting: Setting) -> None:
    text = str(setting.value)
    if isinstance(setting.value, bool):
        text = text.lower()
    if isinstance(setting.value, tuple):
        text = ",".join(setting.value)
    assert configured([f"{setting.key}={text}"]) == Config()


@given(st.sampled_from(keys()), st.text())
def test_whatever_is_set_is_set_or_explained(key: str, text: str) -> None:
    said = _complaint(f"{key}={text}")
    assert said == "" or said.startswith(f"{key}={text}: ")


def test_a_house_says_what_was_configured() -> None:
    config = configured(
        [
            "server.name=irc.here",
            "server.network=Here",
            "server.motd=Hello.\nBe kind.",
            "limits.nick_length=9",
            "limits.room_length=10",
            "limits.topic_length=11",
            "accounts.kdf_iterations=5000",
            "accounts.plaintext=true",
            "accounts.guesses=3",
            "accounts.per_address=4",
            "limits.exempt_loopback=true",
        ]
    )
    house = config.house(since=1234)
    assert (house.name, house.network, house.since) == ("irc.here", "Here", 1234)
    assert house.motd == ("Hello.", "Be kind.")
    assert (house.rounds, house.plaintext, house.guesses) == (5000, True, 3)
    assert (house.enrolments, house.exempts_loopback) == (4, True)
    assert house.limits == Limits(
        nick_length=9, room_length=10, topic_length=11, empty_room=600_000
    )


def test_a_server_may_remember_nothing_when_it_ends() -> None:
    lasting = configured(["server.network=Here"])
    config = forgetful(lasting)
    changed = configured(["limits.enabled=false"], config)
    assert lasting.house(since=1).is_lasting
    for each in (config, changed):
        house = each.house(since=1)
        assert (house.network, house.is_lasting) == ("Here", False)


def test_without_limits_nobody_counts_rooms_or_accounts() -> None:
    house = configured(["limits.enabled=false"]).house(since=0)
    assert house.limits.rooms_per_user is None
    assert house.enrolments is None
    assert house.lobby == "#lobby"


def test_a_house_without_a_message_has_no_lines_of_it() -> None:
    assert Config().house(since=0).motd == ()


SESAME = "open sesame"
HASH = "scrypt$16384$8$1$c2FsdA==$aGFzaA=="


# What TOML gives is typed already.


@pytest.mark.parametrize(
    ("table", "config"),
    [
        pytest.param({}, Config(), id="nothing"),
        pytest.param({"greet_after": 1}, Config(greet_after=1.0), id="a whole number"),
        pytest.param({"listen": ["1", "2"]}, Config(listen=("1", "2")), id="a list"),
        pytest.param(
            {"admin": {"email": "a@b"}},
            Config(admin=AdminConfig(email="a@b")),
            id="one",
        ),
        pytest.param(
            {"operator": [{"name": "alice", "password": HASH}]},
            Config(operator=(Operator("alice", HASH),)),
            id="an operator",
        ),
        pytest.param({"operator": []}, Config(), id="nobody"),
        pytest.param(
            {"server": {"password": SESAME}},
            Config(server=ServerConfig(password=SESAME)),
            id="a plain password",
        ),
    ],
)
def test_a_table_is_set_over_the_defaults(
    table: dict[str, object], config: Config
) -> None:
    assert tabled(table, Config()) == config


@pytest.mark.parametrize(
    ("table", "path", "complaint"),
    [
        pytest.param(
            {"limits": {"burst": True}},
            ("limits", "burst"),
            "limits.burst: it has to be a whole number from 1 to 2147483647",
            id="true is no number",
        ),
        pytest.param(
            {"limits": {"burst": 1.0}},
            ("limits", "burst"),
            "limits.burst: it has to be a whole number from 1 to 2147483647",
            id="a fraction",
        ),
        pytest.param(
            {"greet_after": float("nan")},
            ("greet_after",),
            "greet_after: it has to be a number from 0 to 2147483647",
            id="NaN",
        ),
        pytest.param(
            {"limits": {"enabled": 1}},
            ("limits", "enabled"),
            "limits.enabled: it is either true or false",
            id="a number for a truth",
        ),
        pytest.param(
            {"server": {"name": 5}},
            ("server", "name"),
            'server.name: it has to be a text in quotes, "like this"',
            id="a number for a text",
        ),
        pytest.param(
            {"listen": "2428"},
            ("listen",),
            'listen: it has to be a list of texts, ["like", "this"]',
            id="a text for a list",
        ),
        pytest.param(
            {"listen": []},
            ("listen",),
            'listen: it has to be a list of texts, ["like", "this"]',
            id="nowhere to listen",
        ),
        pytest.param(
            {"listen": [2428]},
            ("listen",),
            'listen: it has to be a text in quotes, "like this"',
            id="a list of numbers",
        ),
        pytest.param(
            {"limits": 3},
            ("limits",),
            "limits: it has to be a table of settings",
            id="3",
        ),
        pytest.param(
            {"limts": {}},
            ("limts",),
            "limts: there is no such setting; did you mean limits?",
            id="a section with a slip",
        ),
        pytest.param(
            {"greet_after": {"never": 1}},
            ("greet_after",),
            "greet_after: it has to be a number from 0 to 2147483647",
            id="a section for a setting",
        ),
        pytest.param(
            {"operator": {"name": "alice"}},
            ("operator",),
            "operator: it has to be a list of tables, [[operator]]",
            id="one table for a list of them",
        ),
        pytest.param(
            {"operator": [3]},
            ("operator",),
            "operator: it has to be a table of settings",
            id="an operator in one word",
        ),
        pytest.param(
            {"operator": [{"name": "alice", "password": HASH}, {"name": "bob"}]},
            ("operator", 1),
            "operator: it needs a password",
            id="an operator without a password",
        ),
        pytest.param(
            {"operator": [{"name": "alice", "password": "sesame"}]},
            ("operator", 0, "password"),
            "operator.password: it has to be a line that chatd hash-password"
            " has printed",
            id="a password that anybody can read",
        ),
        pytest.param(
            {"operator": [{"nmae": "alice"}]},
            ("operator", 0, "nmae"),
            "operator.nmae: there is no such setting; did you mean operator.name?",
            id="an operator's slip",
        ),
        pytest.param(
            {"server": {"password": "scrypt$half of it"}},
            ("server", "password"),
            "server.password: it has to be a line that chatd hash-password has printed",
            id="half of a hash is no password",
        ),
    ],
)
def test_what_a_table_cannot_set_is_explained(
    table: dict[str, object], path: tuple[str | int, ...], complaint: str
) -> None:
    with pytest.raises(WrongConfig) as wrong:
        tabled(table, Config())
    assert (str(wrong.value), wrong.value.path) == (complaint, path)
