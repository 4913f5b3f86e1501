"""The house on IRC: what it says about itself."""

from collections.abc import Callable, Iterator

import pytest

from chat.dialects.dialect import Heard
from chat.dialects.irc.isupport import tokens
from chat.dialects.irc.numerics import Numerics
from chat.domain.commands import AskHouse, AskTime
from tests.dialects.irc.clients import alice, hears
from tests.dialects.scenes import HOUSE, read


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("LUSERS", [AskHouse()], id="LUSERS"),
        pytest.param("TIME", [AskTime()], id="TIME"),
    ],
)
def test_the_house(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


@pytest.mark.parametrize(
    ("command", "told"),
    [("MOTD", Numerics.motd), ("INFO", Numerics.info), ("ADMIN", Numerics.admin)],
)
def test_what_it_tells_it_tells_at_once(
    command: str, told: Callable[[Numerics, str], Iterator[bytes]]
) -> None:
    assert hears(alice(), command) == list(told(Numerics(HOUSE), "alice"))


def test_351_version_tells_what_is_true_as_well() -> None:
    first, *others = read(hears(alice(), "VERSION")).decode().splitlines()
    assert first == ":irc.x 351 alice switchboard-1 irc.x :Switchboard"
    words = " ".join(line.removeprefix(":irc.x 005 alice ") for line in others)
    assert set(tokens(HOUSE)) <= set(words.split())
