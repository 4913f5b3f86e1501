"""Talk on IRC: what PRIVMSG, NOTICE and TAGMSG ask for."""

import pytest

from chat.dialects.irc.message import parse
from chat.dialects.irc.talk import Wrong, addressed, client_tags, said, targets
from chat.domain.commands import Command, Manner, Say, Whisper


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        pytest.param("PRIVMSG #tea :hi all", [Say("#tea", "hi all")], id="room"),
        pytest.param("PRIVMSG bob hi", [Whisper("bob", "hi")], id="person"),
        pytest.param(
            "PRIVMSG #tea,bob :hi",
            [Say("#tea", "hi"), Whisper("bob", "hi")],
            id="both",
        ),
        pytest.param("PRIVMSG bob,, :hi", [Whisper("bob", "hi")], id="gaps"),
        pytest.param(
            "PRIVMSG #tea :\x01ACTION waves\x01",
            [Say("#tea", "waves", Manner.ACTION)],
            id="action",
        ),
        pytest.param(
            "PRIVMSG #tea :\x01ACTION waves",
            [Say("#tea", "waves", Manner.ACTION)],
            id="action without its end",
        ),
        pytest.param(
            "PRIVMSG bob :\x01VERSION\x01",
            [Whisper("bob", "\x01VERSION\x01")],
            id="any other CTCP is a text",
        ),
    ],
)
def test_what_is_said(line: str, commands: list[Command]) -> None:
    assert said(parse(line), Manner.SAY, "") == commands


def test_an_action_in_a_notice_is_none() -> None:
    notice = said(parse("NOTICE bob :\x01ACTION waves\x01"), Manner.NOTICE, "")
    assert notice == [Whisper("bob", "\x01ACTION waves\x01", Manner.NOTICE)]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        pytest.param("PRIVMSG", "411", id="to nobody"),
        pytest.param("PRIVMSG :", "411", id="to nobody, with a colon"),
        pytest.param("PRIVMSG bob", "412", id="no text"),
        pytest.param("PRIVMSG bob :", "412", id="an empty text"),
        pytest.param("PRIVMSG a,b,c,d,e :hi", "407", id="to too many"),
    ],
)
def test_what_is_wrong(line: str, number: str) -> None:
    with pytest.raises(Wrong) as wrong:
        said(parse(line), Manner.SAY, "")
    assert wrong.value.number == number


def test_tags_go_to_everybody_addressed() -> None:
    assert addressed("#tea,bob", "", Manner.TAGS, "+typing=active") == [
        Say("#tea", "", Manner.TAGS, "+typing=active"),
        Whisper("bob", "", Manner.TAGS, "+typing=active"),
    ]


def test_only_what_a_plus_marks_is_relayed() -> None:
    line = r"@+typing=active;time=x;+example/reply=a\sb;+flag;msgid=1 TAGMSG #tea"
    assert client_tags(parse(line)) == r"+typing=active;+example/reply=a\sb;+flag"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("#tea", ["#tea"], id="one"),
        pytest.param("#tea,bob", ["#tea", "bob"], id="two"),
        pytest.param(",bob,", ["bob"], id="gaps"),
    ],
)
def test_commas_divide_targets(text: str, names: list[str]) -> None:
    assert targets(text) == names
