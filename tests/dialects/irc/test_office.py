"""Office on IRC: becoming one of those who run the house, and what they may do."""

from dataclasses import replace
from typing import Final

import pytest

from chat.dialects.dialect import Heard, House, Prove
from chat.dialects.irc.session import Irc
from chat.domain.commands import AskTime, Kill, Mark, TakeOffice, Wallops
from chat.domain.events import MarkChanged
from chat.domain.refusals import WrongPassword
from tests.dialects.irc.clients import alice, hears
from tests.dialects.scenes import ALICE, AT, HOUSE, ID, welcomed

RUN: Final = replace(HOUSE, operators={"root": "as it is stored", "admin": "also"})
END: Final = b":irc.x 219 alice o :End of /STATS report.\r\n"


def alice_in(house: House) -> Irc:
    irc = Irc(house)
    irc.tell(welcomed())
    return irc


def test_oper_proves_a_password() -> None:
    assert hears(alice_in(RUN), "OPER root :milk and tea") == [
        Prove("milk and tea", TakeOffice("root"), operator="root")
    ]


@pytest.mark.parametrize("number", [pytest.param("491", id="491")])
def test_oper_where_nobody_can_be_one(number: str) -> None:
    house = replace(RUN, operators={})
    (said,) = hears(alice_in(house), "OPER root milk")
    assert isinstance(said, bytes)
    assert said.split()[1:3] == [number.encode(), b"alice"]


def test_oper_of_an_unknown_name_costs_as_much_and_proves_nothing() -> None:
    assert hears(alice_in(RUN), "OPER eve milk") == [
        Prove("milk", TakeOffice("eve"), operator="eve")
    ]


def test_464_whoever_is_in_may_try_again() -> None:
    irc = alice_in(RUN)
    hears(irc, "OPER root tea")
    assert irc.refuse(WrongPassword()) == b":irc.x 464 alice :Password incorrect.\r\n"
    assert hears(irc, "OPER root milk") == [
        Prove("milk", TakeOffice("root"), operator="root")
    ]


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("KILL bob :too loud", [Kill("bob", "too loud")], id="kill"),
        pytest.param("WALLOPS :to all hands", [Wallops("to all hands")], id="wallops"),
        pytest.param(
            "WALLOPS :",
            [b":irc.x 461 alice WALLOPS :Not enough parameters.\r\n"],
            id="wallops without a word",
        ),
        pytest.param("STATS u", [AskTime()], id="how long the house is up"),
        pytest.param(
            "STATS l irc.x",
            [b":irc.x 219 alice l :End of /STATS report.\r\n"],
            id="219 nothing else is told",
        ),
        pytest.param(
            "STATS :",
            [b":irc.x 219 alice * :End of /STATS report.\r\n"],
            id="no letter",
        ),
        pytest.param(
            "STATS o",
            [b":irc.x 481 alice :Permission denied: you do not run this house.\r\n"],
            id="481 not for everybody",
        ),
    ],
)
def test_office(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


def test_243_those_in_office_are_told_who_may_be() -> None:
    irc = alice_in(RUN)
    irc.tell(MarkChanged(ID, AT, ALICE, Mark.OPERATOR, on=True))
    assert hears(irc, "STATS o") == [
        b":irc.x 243 alice O * * :root\r\n",
        b":irc.x 243 alice O * * :admin\r\n",
        END,
    ]
