"""ISUPPORT: promises, each of them kept."""

from dataclasses import replace

import pytest

from chat.dialects.irc.isupport import MOST_TARGETS, tokens
from chat.domain.limits import Limits
from tests.dialects.scenes import HOUSE


def test_the_tokens() -> None:
    assert tokens(HOUSE) == [
        "CASEMAPPING=ascii",
        "CHANMODES=,,,nt",
        "CHANTYPES=#",
        "CHANNELLEN=64",
        "NETWORK=Exchange",
        "NICKLEN=32",
        "PREFIX=(o)@",
        "TARGMAX=NAMES:4,NOTICE:4,PRIVMSG:4,TAGMSG:4",
        "TOPICLEN=390",
        "UTF8ONLY",
    ]


def test_the_limits_are_those_of_the_house() -> None:
    limits = Limits(nick_length=9, room_length=50, topic_length=80)
    told = tokens(replace(HOUSE, limits=limits))
    assert {"NICKLEN=9", "CHANNELLEN=50", "TOPICLEN=80"} <= set(told)


@pytest.mark.parametrize(
    ("network", "token"),
    [
        ("Chat Home", "NETWORK=Chat\\x20Home"),
        ("a=b\\c", "NETWORK=a\\x3Db\\x5Cc"),
    ],
)
def test_a_network_of_several_words_is_one_token(network: str, token: str) -> None:
    assert token in tokens(replace(HOUSE, network=network))


def test_so_many_targets_are_promised() -> None:
    assert MOST_TARGETS == 4
