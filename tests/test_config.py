"""Configuration: what can be set, and what is said of what cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.config import (
    Config,
    LimitsConfig,
    ServerConfig,
    WrongConfig,
    configured,
    keys,
)
from chat.domain.limits import Limits

_TOO_BIG = "it has to be a number from 0 to 2147483647"


def _server(**values: str) -> Config:
    return Config(server=ServerConfig(**values))


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
            "limits.room_length=2000: it has to be a whole number from 0 to 128",
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
            "greet_after.soon=1",
            "greet_after.soon: there is no such setting; did you mean greet_after?",
            id="below a setting",
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
    ) == Config(ServerConfig(name="a"), LimitsConfig(nick_length=9), greet_after=2)


def test_every_key_is_listed_once() -> None:
    assert keys() == [
        "server.name",
        "server.network",
        "server.motd",
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
        "greet_after",
    ]


@pytest.mark.parametrize("key", keys())
def test_every_key_that_is_listed_can_be_set_to_what_it_is(key: str) -> None:
    value: object = Config()
    for name in key.split("."):
        value = getattr(value, name)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    assert configured([f"{key}={text}"]) == Config()


@given(st.sampled_from(keys()), st.text())
def test_whatever_is_set_is_set_or_explained(key: str, text: str) -> None:
    said = _complaint(f"{key}={text}")
    assert said == "" or said.startswith(f"{key}={text}: it ")


def test_a_house_says_what_was_configured() -> None:
    config = configured(
        [
            "server.name=irc.here",
            "server.network=Here",
            "server.motd=Hello.\nBe kind.",
            "limits.nick_length=9",
            "limits.room_length=10",
            "limits.topic_length=11",
        ]
    )
    house = config.house(since=1234)
    assert (house.name, house.network, house.since) == ("irc.here", "Here", 1234)
    assert house.motd == ("Hello.", "Be kind.")
    assert house.limits == Limits(nick_length=9, room_length=10, topic_length=11)


def test_without_limits_nobody_counts_rooms() -> None:
    house = configured(["limits.enabled=false"]).house(since=0)
    assert house.limits.rooms_per_user is None
    assert house.lobby == "#lobby"


def test_a_house_without_a_message_has_no_lines_of_it() -> None:
    assert Config().house(since=0).motd == ()
