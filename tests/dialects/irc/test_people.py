"""People on IRC: what the commands ask for."""

import pytest

from chat.dialects.dialect import Heard
from chat.domain.commands import (
    AskMembers,
    AskPast,
    AskPeople,
    AskPerson,
    AskPresent,
    AskWatched,
    Mark,
    SetAway,
    SetMark,
    SetRealname,
    Unwatch,
    Watch,
)
from chat.domain.events import MarkChanged
from tests.dialects.irc.clients import alice, hears
from tests.dialects.scenes import ALICE, AT, ID


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("WHO #tea", [AskMembers("#tea", in_detail=True)], id="a room"),
        pytest.param(
            "WHO #tea %tcuhnfdar,123",
            [AskMembers("#tea", in_detail=True, note="%tcuhnfdar,123")],
            id="as weechat asks where there is WHOX",
        ),
        pytest.param("WHO bob", [AskPeople("bob")], id="a nick"),
        pytest.param("WHO bob %na", [AskPeople("bob", "%na")], id="with fields"),
        pytest.param("WHO * o", [AskPeople("*", "o")], id="who runs the house"),
        pytest.param("WHO *", [AskPeople("*")], id="everyone"),
        pytest.param("WHO 0", [AskPeople("*")], id="everyone, in RFC 1459"),
        pytest.param("WHO", [AskPeople("*")], id="everyone, in short"),
        pytest.param("WHO :", [AskPeople("*")], id="everyone, in nothing"),
    ],
)
def test_who(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("WHOIS bob", [AskPerson("bob")], id="a nick"),
        pytest.param("WHOIS irc.x bob", [AskPerson("bob")], id="a server before it"),
        pytest.param("WHOIS bob bob", [AskPerson("bob")], id="as irssi asks"),
        pytest.param(
            "WHOIS :", [b":irc.x 431 alice :No nickname given.\r\n"], id="nobody"
        ),
    ],
)
def test_whois(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("WHOWAS bob", [AskPast("bob")], id="all"),
        pytest.param("WHOWAS bob 2", [AskPast("bob", 2)], id="two"),
        pytest.param("WHOWAS bob 0", [AskPast("bob")], id="0 is all"),
        pytest.param("WHOWAS bob -1", [AskPast("bob")], id="less is all"),
        pytest.param("WHOWAS bob x", [AskPast("bob")], id="no number is all"),
        pytest.param("WHOWAS bob " + "9" * 300, [AskPast("bob")], id="too many"),
        pytest.param("WHOWAS bob 2 irc.x", [AskPast("bob", 2)], id="of a server"),
        pytest.param(
            "WHOWAS :", [b":irc.x 431 alice :No nickname given.\r\n"], id="nobody"
        ),
    ],
)
def test_whowas(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


@pytest.mark.parametrize(
    ("line", "nicks", "in_detail"),
    [
        pytest.param("ISON bob eve", ("bob", "eve"), False, id="ISON"),
        pytest.param("ISON :bob eve ", ("bob", "eve"), False, id="ISON in one"),
        pytest.param("ISON :", (), False, id="ISON of nobody"),
        pytest.param("USERHOST bob eve", ("bob", "eve"), True, id="USERHOST"),
        pytest.param(
            "USERHOST a b c d e f", ("a", "b", "c", "d", "e"), True, id="only five"
        ),
    ],
)
def test_who_is_present(line: str, nicks: tuple[str, ...], in_detail: bool) -> None:
    assert hears(alice(), line) == [AskPresent(nicks, in_detail)]


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("AWAY :out for tea", [SetAway("out for tea")], id="away"),
        pytest.param("AWAY", [SetAway("")], id="back"),
        pytest.param("AWAY :", [SetAway("")], id="back with a colon"),
    ],
)
def test_away(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


NO_REALNAME = b":irc.x FAIL SETNAME INVALID_REALNAME :Realname is not valid.\r\n"


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("SETNAME :Alice B.", [SetRealname("Alice B.")], id="another"),
        pytest.param("SETNAME " + "é" * 75, [SetRealname("é" * 75)], id="150 bytes"),
        pytest.param("SETNAME " + "é" * 76, [NO_REALNAME], id="152 bytes"),
        pytest.param("SETNAME :", [NO_REALNAME], id="none"),
    ],
)
def test_setname(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


FEW = b":irc.x 461 alice MONITOR :Not enough parameters.\r\n"


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("MONITOR + bob,,eve", [Watch(("bob", "eve"))], id="+"),
        pytest.param("MONITOR - bob", [Unwatch(("bob",))], id="-"),
        pytest.param("MONITOR C", [Unwatch()], id="C"),
        pytest.param("MONITOR l", [AskWatched(is_list=True)], id="L"),
        pytest.param("MONITOR S", [AskWatched()], id="S"),
        pytest.param("MONITOR +", [FEW], id="+ of nobody"),
        pytest.param("MONITOR - ,", [FEW], id="- of nobody is not of all"),
        pytest.param("MONITOR x bob", [FEW], id="something else"),
    ],
)
def test_monitor(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


UNKNOWN_FLAG = b":irc.x 501 alice :Unknown MODE flag.\r\n"


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        pytest.param("MODE alice", [b":irc.x 221 alice :+\r\n"], id="221"),
        pytest.param("MODE ALICE", [b":irc.x 221 alice :+\r\n"], id="case"),
        pytest.param(
            "MODE alice +i", [SetMark(Mark.INVISIBLE, on=True)], id="irssi's wish"
        ),
        pytest.param(
            "MODE alice +B-i",
            [SetMark(Mark.BOT, on=True), SetMark(Mark.INVISIBLE, on=False)],
            id="two",
        ),
        pytest.param(
            "MODE alice -o", [SetMark(Mark.OPERATOR, on=False)], id="out of office"
        ),
        pytest.param("MODE alice +i-i", [SetMark(Mark.INVISIBLE, on=False)], id="last"),
        pytest.param(
            "MODE alice +wix",
            [SetMark(Mark.INVISIBLE, on=True), UNKNOWN_FLAG],
            id="501 and what is known",
        ),
        pytest.param("MODE alice :", [], id="no letters"),
        pytest.param(
            "MODE bob +i",
            [b":irc.x 502 alice :Cannot change mode for other users.\r\n"],
            id="502",
        ),
    ],
)
def test_own_modes(line: str, heard: Heard) -> None:
    assert hears(alice(), line) == heard


def test_221_tells_what_is_true_of_one_now() -> None:
    irc = alice()
    for mark in (Mark.BOT, Mark.INVISIBLE, Mark.OPERATOR):
        irc.tell(MarkChanged(ID, AT, ALICE, mark, on=True))
    assert hears(irc, "MODE alice") == [b":irc.x 221 alice :+Bio\r\n"]
    irc.tell(MarkChanged(ID, AT, ALICE, Mark.BOT, on=False))
    assert hears(irc, "MODE alice") == [b":irc.x 221 alice :+io\r\n"]
