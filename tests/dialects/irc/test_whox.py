"""WHO: one line for each person, in the old form or with the fields asked for."""

from dataclasses import replace

import pytest

from chat.dialects.irc.whox import Shown, lines
from chat.domain.commands import Mark
from tests.dialects.irc.clients import alice
from tests.dialects.scenes import BOB

HERE = Shown(BOB, is_away=False, marks=())


@pytest.mark.parametrize(
    ("shown", "flags"),
    [
        pytest.param(HERE, "H", id="here"),
        pytest.param(Shown(BOB, True, ()), "G", id="gone"),
        pytest.param(Shown(BOB, False, (Mark.OPERATOR,)), "H*", id="runs the house"),
        pytest.param(Shown(BOB, False, (), "#tea", "@"), "H@", id="runs the room"),
        pytest.param(Shown(BOB, False, (), "#tea", "+"), "H+", id="has a voice"),
        pytest.param(Shown(BOB, False, (Mark.BOT,)), "HB", id="a bot"),
        pytest.param(Shown(BOB, False, (Mark.INVISIBLE,)), "H", id="nobody's business"),
        pytest.param(
            Shown(BOB, True, (Mark.BOT, Mark.OPERATOR), "#tea", "+"), "G*+B", id="all"
        ),
    ],
)
def test_flags(shown: Shown, flags: str) -> None:
    assert shown.flags == flags


def who(shown: Shown, note: str) -> list[str]:
    told = lines(alice(), [shown], note)
    return [line.decode().removeprefix(":irc.x ").rstrip("\r\n") for line in told]


def test_354_with_the_account() -> None:
    member = Shown(replace(BOB, account="bobby"), is_away=False, marks=())
    assert who(member, "%na") == ["354 alice bob :bobby"]
    assert who(HERE, "%na") == ["354 alice bob :0"]


def test_352_the_old_form() -> None:
    assert who(Shown(BOB, False, (), "#tea", "@"), "") == [
        "352 alice #tea ubob bob.host irc.x bob H@ :0 Real bob"
    ]
    assert who(HERE, "") == ["352 alice * ubob bob.host irc.x bob H :0 Real bob"]


@pytest.mark.parametrize(
    ("note", "fields"),
    [
        pytest.param("%n", ":bob", id="one"),
        pytest.param("%tn,42", "42 :bob", id="a token"),
        pytest.param("%afnt,42", "42 bob H@ :0", id="an order of its own"),
        pytest.param(
            "%tcuihsnfdlaor,123",
            "123 #tea ubob 255.255.255.255 bob.host irc.x bob H@ 0 0 0 n/a :Real bob",
            id="all",
        ),
        pytest.param("%nxyz", ":bob", id="none that nobody knows"),
        pytest.param("%nn", ":bob", id="each once"),
        pytest.param("%tn", "0 :bob", id="no token"),
        pytest.param("%tn,1234", "0 :bob", id="a token that is too long"),
        pytest.param("%tn,a:b", "0 :bob", id="a token that is no number"),
        pytest.param("%", ":*", id="nothing"),
    ],
)
def test_354_just_the_fields_asked_for(note: str, fields: str) -> None:
    shown = Shown(BOB, False, (), "#tea", "@")
    assert who(shown, note) == [f"354 alice {fields}"]


@pytest.mark.parametrize("note", ["o", "O%n"])
def test_only_those_who_run_the_house(note: str) -> None:
    assert who(HERE, note) == []
    assert len(who(Shown(BOB, False, (Mark.OPERATOR,)), note)) == 1
