"""What was said earlier, for tests: lines of history and answers that hold them."""

from chat.dialects.irc.session import Irc
from chat.domain.answers import Answer
from chat.domain.questions import Page
from chat.domain.recalled import Excerpt, HistoryIs
from chat.domain.records import Deed, Line
from tests.dialects.scenes import AT, ID, told

# What somebody has who can make the most of history.
FULL = "batch draft/chathistory message-tags server-time"


def line(
    text: str = "",
    deed: Deed = Deed.SAY,
    *,
    nick: str = "bob",
    after: int = 0,
    to: str = "",
) -> Line:
    """*nick* does that, so long *after* the first moment: in the lobby, or *to* one."""
    return Line(
        ID + after,
        AT + after,
        0,
        deed,
        f"{nick}!u{nick}@{nick}.host",
        text,
        peer=7 if to and deed in {Deed.SAY, Deed.ACTION, Deed.NOTICE} else 0,
        target=to,
    )


def a_page(
    *lines: Line, target: str = "#lobby", has_events: bool = False, is_end: bool = False
) -> HistoryIs:
    """*lines* as the page of *target* that was asked for."""
    excerpt = Excerpt(target, lines, is_private=not target.startswith("#"))
    return HistoryIs(excerpt, Page(has_events=has_events), is_end)


def reads(irc: Irc, *events: Answer) -> list[str]:
    """The lines that *irc* reads of *events*."""
    text = b"".join(told(irc, event) for event in events).decode()
    assert text == "" or text.endswith("\r\n")
    return text.split("\r\n")[:-1]
