"""Rendering: the exact bytes that each kind of bystander reads."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.dialects.irc.message import Message, parse
from chat.dialects.irc.render import IrcKind, moment, source, time_of, time_text
from chat.domain.answers import Answer
from chat.domain.commands import Change, Manner, Mark, Setting
from chat.domain.events import (
    AccountChanged,
    AwayChanged,
    Departed,
    Entered,
    Event,
    Invited,
    Joined,
    KeepingChanged,
    Kicked,
    MarkChanged,
    ReadChanged,
    Redescribed,
    Renamed,
    RoomChanged,
    TopicChanged,
    Walloped,
    Welcomed,
)
from chat.domain.views import Who
from tests.dialects.scenes import (
    ALICE,
    AT,
    EVENTS,
    ID,
    left,
    said,
    speech,
    whispered,
)

BARE = IrcKind()
TIMED = IrcKind(server_time=True)
TAGGED = IrcKind(message_tags=True)
FULL = IrcKind(server_time=True, message_tags=True, echoes=True)
NOTIFIED = IrcKind(
    away_notify=True,
    extended_join=True,
    invite_notify=True,
    setname=True,
    account_notify=True,
)
KINDS = [BARE, TIMED, TAGGED, FULL, NOTIFIED]

# What bystanders read nothing of, and what only those read who asked for it.
# And what only one's own clients are told, if they know what it is.
ANSWERS = (Welcomed, Entered, ReadChanged, *get_args(Answer))
NOTICES = (AccountChanged, AwayChanged, Invited, Redescribed)

# Whose account has another name only here, so that the two are told apart.
MEMBER = replace(ALICE, account="ally")
FROM = b":alice!ualice@alice.host "


@pytest.mark.parametrize(
    ("event", "line"),
    [
        pytest.param(said("hi"), b"PRIVMSG #lobby :hi", id="said"),
        pytest.param(said(""), b"PRIVMSG #lobby :", id="said nothing"),
        pytest.param(said(":)"), b"PRIVMSG #lobby ::)", id="a smile"),
        pytest.param(
            said("waves", Manner.ACTION),
            b"PRIVMSG #lobby :\x01ACTION waves\x01",
            id="done",
        ),
        pytest.param(said("beep", Manner.NOTICE), b"NOTICE #lobby :beep", id="notice"),
        pytest.param(
            said("\x02bold\x02 \x0304red"),
            b"PRIVMSG #lobby :\x02bold\x02 \x0304red",
            id="formatting is kept",
        ),
        pytest.param(
            said("\x01VERSION\x01"), b"PRIVMSG #lobby :\x01VERSION\x01", id="CTCP"
        ),
        pytest.param(whispered("psst"), b"PRIVMSG bob :psst", id="whispered"),
        pytest.param(
            whispered("waves", Manner.ACTION),
            b"PRIVMSG bob :\x01ACTION waves\x01",
            id="done to one",
        ),
        pytest.param(
            whispered("beep", Manner.NOTICE), b"NOTICE bob :beep", id="notice to one"
        ),
        pytest.param(Joined(ID, AT, ALICE, "#tea"), b"JOIN #tea", id="joined"),
        pytest.param(left(), b"PART #lobby", id="left"),
        pytest.param(
            left(reason="tea time"), b"PART #lobby :tea time", id="left for a reason"
        ),
        pytest.param(Departed(ID, AT, ALICE, ""), b"QUIT", id="departed"),
        pytest.param(
            Departed(ID, AT, ALICE, "Quit: tea"), b"QUIT :Quit: tea", id="with a reason"
        ),
        pytest.param(Renamed(ID, AT, ALICE, "eve"), b"NICK eve", id="renamed"),
        pytest.param(
            TopicChanged(ID, AT, ALICE, "#tea", "milk"), b"TOPIC #tea :milk", id="topic"
        ),
        pytest.param(
            TopicChanged(ID, AT, ALICE, "#tea", ""), b"TOPIC #tea :", id="no topic"
        ),
        pytest.param(
            RoomChanged(
                ID,
                AT,
                ALICE,
                "#tea",
                (Change(Setting.MODERATED, True), Change(Setting.VOICE, True, "bob")),
            ),
            b"MODE #tea +mv bob",
            id="a room is set up otherwise",
        ),
        pytest.param(
            Kicked(ID, AT, ALICE, "#tea", "bob", "too loud"),
            b"KICK #tea bob :too loud",
            id="put out",
        ),
        pytest.param(
            Kicked(ID, AT, ALICE, "#tea", "bob", ""),
            b"KICK #tea bob :alice",
            id="put out without a word",
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.BOT, on=True), b"MODE alice +B", id="a bot"
        ),
        pytest.param(
            MarkChanged(ID, AT, ALICE, Mark.INVISIBLE, on=False),
            b"MODE alice -i",
            id="visible again",
        ),
        pytest.param(
            Walloped(ID, AT, ALICE, "to all hands"),
            b"WALLOPS :to all hands",
            id="wallops",
        ),
    ],
)
def test_what_happens(event: Event, line: bytes) -> None:
    assert BARE.render(event) == FROM + line + b"\r\n"
    assert TIMED.render(event) == (
        b"@time=2026-11-20T10:15:00.123Z " + FROM + line + b"\r\n"
    )
    assert TAGGED.render(event) == b"@msgid=a1 " + FROM + line + b"\r\n"
    assert FULL.render(event) == (
        b"@time=2026-11-20T10:15:00.123Z;msgid=a1 " + FROM + line + b"\r\n"
    )


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        pytest.param(BARE, b"", id="bare"),
        pytest.param(TIMED, b"@time=2026-11-20T10:15:00.123Z ", id="timed"),
        pytest.param(TAGGED, b"@msgid=a1;+draft/reply=7;+x ", id="tagged"),
        pytest.param(
            FULL,
            b"@time=2026-11-20T10:15:00.123Z;msgid=a1;+draft/reply=7;+x ",
            id="full",
        ),
    ],
)
def test_client_only_tags_come_last_and_only_to_those_who_asked(
    kind: IrcKind, line: bytes
) -> None:
    event = said("hi", tags="+draft/reply=7;+x")
    assert kind.render(event) == line + FROM + b"PRIVMSG #lobby :hi\r\n"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        pytest.param(BARE, b"", id="bare"),
        pytest.param(TIMED, b"", id="timed"),
        pytest.param(
            TAGGED, b"@msgid=a1;+typing=active " + FROM + b"TAGMSG #lobby\r\n", id="tag"
        ),
        pytest.param(
            FULL,
            b"@time=2026-11-20T10:15:00.123Z;msgid=a1;+typing=active "
            + FROM
            + b"TAGMSG #lobby\r\n",
            id="full",
        ),
    ],
)
def test_a_message_of_tags_is_only_for_those_who_asked(
    kind: IrcKind, line: bytes
) -> None:
    assert kind.render(said("", Manner.TAGS, "+typing=active")) == line


def test_tags_to_one_person() -> None:
    line = TAGGED.render(whispered("", Manner.TAGS, "+x"))
    assert line == b"@msgid=a1;+x " + FROM + b"TAGMSG bob\r\n"


@pytest.mark.parametrize(
    "event",
    [event for event in EVENTS if isinstance(event, ANSWERS)],
    ids=lambda event: type(event).__name__,
)
def test_answers_are_for_nobody_else(event: Event) -> None:
    assert [kind.render(event) for kind in KINDS] == [b""] * 5


@pytest.mark.parametrize(
    "event",
    [event for event in EVENTS if not isinstance(event, (*ANSWERS, *NOTICES))],
    ids=lambda event: type(event).__name__,
)
@pytest.mark.parametrize("kind", KINDS)
def test_all_that_happens_is_seen_by_all(event: Event, kind: IrcKind) -> None:
    assert kind.render(event) != b""


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(said("a\rQUIT\nb\0c"), id="said"),
        pytest.param(said("a\rb\nc\0", Manner.ACTION), id="done"),
        pytest.param(whispered("a\rb\nc\0"), id="whispered"),
        pytest.param(left(reason="a\rb\nc\0"), id="left"),
        pytest.param(Departed(ID, AT, ALICE, "a\rb\nc\0"), id="departed"),
        pytest.param(TopicChanged(ID, AT, ALICE, "#t", "a\rb\nc\0"), id="topic"),
        pytest.param(said("x", tags="+a\r=b\0"), id="tags"),
        pytest.param(said("", Manner.TAGS, "+a\r=b\0"), id="only tags"),
        pytest.param(said("a\r" * 600), id="a long one"),
    ],
)
def test_nobody_can_end_a_line(event: Event) -> None:
    for line in FULL.render(event).split(b"\r\n"):
        assert not {0, 10, 13} & set(line)


def test_kinds_are_told_apart_by_what_they_read() -> None:
    assert len({*KINDS, IrcKind(), IrcKind(server_time=True)}) == 5
    # There is one house, and its name tells nobody apart.
    assert IrcKind(house="irc.x") == IrcKind()


def test_who_asked_for_it_reads_himself() -> None:
    assert IrcKind(echoes=True).echoes
    assert not IrcKind().echoes


# What only those read who asked for it.


@pytest.mark.parametrize(
    ("event", "kind", "line"),
    [
        pytest.param(
            AwayChanged(ID, AT, ALICE, "lunch"),
            IrcKind(away_notify=True),
            b"AWAY :lunch",
            id="away-notify",
        ),
        pytest.param(
            AwayChanged(ID, AT, ALICE, ""),
            IrcKind(away_notify=True),
            b"AWAY",
            id="away-notify, back",
        ),
        pytest.param(
            Invited(ID, AT, ALICE, "#tea", "bob"),
            IrcKind(invite_notify=True),
            b"INVITE bob #tea",
            id="invite-notify",
        ),
        pytest.param(
            Redescribed(ID, AT, ALICE, "Alice B."),
            IrcKind(setname=True),
            b"SETNAME :Alice B.",
            id="setname",
        ),
        pytest.param(
            AccountChanged(ID, AT, ALICE, "alice"),
            IrcKind(account_notify=True),
            b"ACCOUNT alice",
            id="account-notify",
        ),
        pytest.param(
            AccountChanged(ID, AT, ALICE, ""),
            IrcKind(account_notify=True),
            b"ACCOUNT *",
            id="account-notify, a guest again",
        ),
    ],
)
def test_notices(event: Event, kind: IrcKind, line: bytes) -> None:
    assert BARE.render(event) == b""
    assert kind.render(event) == FROM + line + b"\r\n"


def test_an_extended_join_tells_who_it_is() -> None:
    joined = Joined(ID, AT, ALICE, "#tea")
    assert IrcKind(extended_join=True).render(joined) == (
        FROM + b"JOIN #tea * :Real alice\r\n"
    )


def test_an_extended_join_tells_the_account() -> None:
    joined = Joined(ID, AT, MEMBER, "#tea")
    assert IrcKind(extended_join=True).render(joined) == (
        FROM + b"JOIN #tea ally :Real alice\r\n"
    )


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (KeepingChanged(ID, AT, "#tea", is_kept=False), b"cannot be kept just now."),
        (KeepingChanged(ID, AT, "#tea", is_kept=True), b"can be kept again."),
        (
            KeepingChanged(ID, AT, "#tea", is_kept=True, lost=1),
            b"can be kept again, but 1 line is lost.",
        ),
        (
            KeepingChanged(ID, AT, "#tea", is_kept=True, lost=7),
            b"can be kept again, but 7 lines are lost.",
        ),
    ],
)
def test_whether_what_is_said_is_kept(event: Event, text: bytes) -> None:
    line = b":irc.x NOTICE #tea :What is said " + text + b"\r\n"
    assert IrcKind(house="irc.x").render(event) == line


# Tags with the account.


@pytest.mark.parametrize(
    ("kind", "tags"),
    [
        (IrcKind(account_tag=True), b"@account=ally "),
        (
            IrcKind(account_tag=True, server_time=True),
            b"@time=2026-11-20T10:15:00.123Z;account=ally ",
        ),
        (
            IrcKind(account_tag=True, message_tags=True),
            b"@account=ally;msgid=a1;+x ",
        ),
        (IrcKind(message_tags=True), b"@msgid=a1;+x "),
        (IrcKind(), b""),
    ],
)
def test_what_a_member_says_has_his_account(kind: IrcKind, tags: bytes) -> None:
    hi = replace(said("hi", tags="+x"), who=MEMBER)
    assert kind.render(hi) == tags + FROM + b"PRIVMSG #lobby :hi\r\n"


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Joined(ID, AT, MEMBER, "#tea"), b"JOIN #tea"),
        (replace(whispered("psst"), who=MEMBER), b"PRIVMSG bob :psst"),
        (Departed(ID, AT, MEMBER, "Quit"), b"QUIT :Quit"),
        (TopicChanged(ID, AT, MEMBER, "#tea", "tea"), b"TOPIC #tea :tea"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else type(value).__name__,
)
def test_and_what_he_does_has_it_too(event: Event, line: bytes) -> None:
    kind = IrcKind(account_tag=True)
    assert kind.render(event) == b"@account=ally " + FROM + line + b"\r\n"


def test_every_piece_of_a_long_line_has_it() -> None:
    long = replace(said("x" * 600), who=MEMBER)
    lines = IrcKind(account_tag=True).render(long).split(b"\r\n")[:-1]
    assert len(lines) == 2
    assert all(line.startswith(b"@account=ally ") for line in lines)


def test_a_name_cannot_end_its_tag() -> None:
    odd = replace(said("hi"), who=replace(ALICE, account="a;b"))
    assert IrcKind(account_tag=True).render(odd).startswith(b"@account=a\\:b :")


def test_a_guest_has_no_tag() -> None:
    assert IrcKind(account_tag=True).render(said("hi")).startswith(FROM)


def test_whoever_is_invited_reads_it_in_any_case() -> None:
    invited = Invited(ID, AT, ALICE, "#tea", "bob")
    assert BARE.invited(invited) == FROM + b"INVITE bob #tea\r\n"


def test_what_the_house_itself_changes_has_its_name() -> None:
    changed = RoomChanged(ID, AT, None, "#tea", (Change(Setting.SECRET, False),))
    assert IrcKind(house="irc.x").render(changed) == b":irc.x MODE #tea -s\r\n"


def test_many_changes_take_several_lines() -> None:
    mask = "a" * 60
    bans = tuple(Change(Setting.BAN, True, f"{mask}{n:02}") for n in range(12))
    *lines, nothing = TAGGED.render(RoomChanged(ID, AT, ALICE, "#tea", bans)).split(
        b"\r\n"
    )
    assert nothing == b""
    assert [line.count(mask.encode()) for line in lines] == [7, 5]
    for line in lines:
        assert line.startswith(b"@msgid=a1 " + FROM + b"MODE #tea +b")
        assert len(line.removeprefix(b"@msgid=a1 ")) <= 510


@pytest.mark.parametrize(
    ("only", "target"),
    [(Setting.OPERATOR, b"@#lobby"), (Setting.VOICE, b"+#lobby")],
)
def test_statusmsg_says_whom_it_is_for(only: Setting, target: bytes) -> None:
    event = replace(said("hi"), only=only)
    assert BARE.render(event) == FROM + b"PRIVMSG " + target + b" :hi\r\n"


@pytest.mark.parametrize(
    ("tags", "shown"), [("", b"@msgid=a1;bot "), ("+x=1", b"@msgid=a1;bot;+x=1 ")]
)
def test_what_a_bot_says_is_tagged(tags: str, shown: bytes) -> None:
    event = replace(said("beep", tags=tags), is_bot=True)
    assert TAGGED.render(event) == shown + FROM + b"PRIVMSG #lobby :beep\r\n"
    assert BARE.render(event) == FROM + b"PRIVMSG #lobby :beep\r\n"
    psst = replace(whispered("beep", tags=tags), is_bot=True)
    assert TAGGED.render(psst) == shown + FROM + b"PRIVMSG bob :beep\r\n"


# Long texts.


def test_a_line_that_just_fits_is_one() -> None:
    text = "a" * (512 - len(FROM) - len(b"PRIVMSG #lobby :\r\n"))
    assert BARE.render(said(text)) == (
        FROM + b"PRIVMSG #lobby :" + text.encode() + b"\r\n"
    )
    assert len(BARE.render(said(text))) == 512


def test_one_byte_more_makes_two_lines() -> None:
    head = FROM + b"PRIVMSG #lobby :"
    room = 510 - len(head)
    assert FULL.render(said("a" * room + "b", tags="+x")) == (
        b"@time=2026-11-20T10:15:00.123Z;msgid=a1;+x "
        + (head + b"a" * room + b"\r\n")
        + (b"@time=2026-11-20T10:15:00.123Z " + head + b"b\r\n")
    )


def test_a_character_is_never_cut() -> None:
    head = FROM + b"PRIVMSG #lobby :"
    room = 510 - len(head)
    assert BARE.render(said("a" * (room - 1) + "é")) == (
        (head + b"a" * (room - 1) + b"\r\n") + (head + "é".encode() + b"\r\n")
    )


def test_each_piece_of_an_action_is_an_action() -> None:
    lines = BARE.render(said("a" * 600, Manner.ACTION)).split(b"\r\n")
    assert [line[:33] for line in lines[:-1]] == [
        FROM + b"PRIVMSG ",
        FROM + b"PRIVMSG ",
    ]
    assert [line.count(b"\x01ACTION ") for line in lines[:-1]] == [1, 1]
    assert [line.endswith(b"a\x01") for line in lines[:-1]] == [True, True]


def messages(data: bytes) -> list[Message]:
    *lines, nothing = data.split(b"\r\n")
    assert nothing == b""
    return [parse(line.decode()) for line in lines]


@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=900),
    manner=st.sampled_from([Manner.SAY, Manner.NOTICE, Manner.ACTION]),
    kind=st.sampled_from(KINDS),
)
@example(text="☕" * 400, manner=Manner.SAY, kind=FULL)
@example(text="a" * 1500, manner=Manner.ACTION, kind=FULL)
@settings(deadline=None, max_examples=80)
def test_a_long_text_is_whole_and_has_one_id(
    text: str, manner: Manner, kind: IrcKind
) -> None:
    data = kind.render(said(text, manner, "+x=y"))
    lines = messages(data)
    for line in data.split(b"\r\n")[:-1]:
        body = line.partition(b" ")[2] if line.startswith(b"@") else line
        assert len(body) <= 510

    said_in_pieces = [line.params[1] for line in lines]
    if manner is Manner.ACTION:
        said_in_pieces = [piece[8:-1] for piece in said_in_pieces]
    assert "".join(said_in_pieces) == text

    assert {line.tags.get("time") for line in lines} == (
        {"2026-11-20T10:15:00.123Z"} if kind.server_time else {None}
    )
    ids = [line.tags.get("msgid") for line in lines]
    assert ids == ["a1" if kind.message_tags else None] + [None] * (len(lines) - 1)
    assert ["+x" in line.tags for line in lines] == [kind.message_tags] + [False] * (
        len(lines) - 1
    )


def test_other_long_lines_are_cut_at_a_character() -> None:
    line = BARE.render(left(reason="é" * 400))
    assert len(line) in {511, 512}
    assert line.decode().endswith("éé\r\n")


# The parts.


def test_a_source_is_nick_user_and_host() -> None:
    assert source(ALICE) == "alice!ualice@alice.host"


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (AT, "2026-11-20T10:15:00.123Z"),
        (AT + 877, "2026-11-20T10:15:01.000Z"),
        (951_782_399_007, "2000-02-28T23:59:59.007Z"),
    ],
)
def test_time_is_told_to_the_millisecond(at: int, text: str) -> None:
    assert time_text(at) == text


@given(st.integers(min_value=0, max_value=253_402_300_799_999))
def test_a_time_can_be_read_again(at: int) -> None:
    assert time_of(time_text(at)) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("1969-12-31T23:59:59.999Z", 0),
        ("0001-01-01T00:00:00.000Z", 0),
        ("1970-01-01T00:00:60.001Z", 60_001),
        ("1970-01-01T00:00:61.000Z", None),
        ("1970-01-01T00:60:00.000Z", None),
        ("1970-13-01T00:00:00.000Z", None),
        ("2026-02-29T00:00:00.000Z", None),
        ("0000-01-01T00:00:00.000Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("1970-01-01 00:00:00.000Z", None),
        ("1970-01-01T00:00:00.000Z\n", None),
        ("", None),
    ],
)
def test_a_time_is_written_in_one_way(text: str, at: int | None) -> None:
    assert time_of(text) == at


def test_a_moment_is_told_to_the_second() -> None:
    assert moment(AT) == "2026-11-20 10:15:00 UTC"


# In one breath.

TEXTS = (
    st.sampled_from(
        ["hi", "", ":)", "\x01VERSION\x01", "a\rb\x00c", "\x1b[31m", "\x02b"]
    )
    | st.text(max_size=20)
    # Around the end of a line, and far behind it.
    | st.integers(440, 500).map("x".__mul__)
    | st.integers(230, 500).map("é ".__mul__)
)
ANY_KINDS = st.builds(
    IrcKind,
    server_time=st.booleans(),
    message_tags=st.booleans(),
    account_tag=st.booleans(),
    echoes=st.booleans(),
)


@settings(deadline=None)
@given(
    kind=ANY_KINDS,
    texts=st.lists(TEXTS, min_size=1, max_size=6),
    person=st.sampled_from([ALICE, MEMBER]),
    is_bot=st.booleans(),
)
@example(kind=BARE, texts=["hi", "x" * 600, "all"], person=ALICE, is_bot=False)
@example(kind=FULL, texts=["hi", "x" * 600, "all"], person=MEMBER, is_bot=True)
@example(
    kind=IrcKind(account_tag=True), texts=["hi", "all"], person=MEMBER, is_bot=False
)
def test_a_breath_looks_as_what_was_said_in_it_one_by_one(
    kind: IrcKind, texts: list[str], person: Who, is_bot: bool
) -> None:
    breath = speech(*texts, person=person, is_bot=is_bot)
    one_by_one = b"".join(map(kind.render, breath.each()))
    assert kind.render(breath) == one_by_one
    assert one_by_one.count(b" PRIVMSG #lobby :") >= len(texts)


def test_each_line_of_a_breath_fits_exactly_or_is_split() -> None:
    head = FROM + b"PRIVMSG #lobby :"
    room = 512 - len(head) - 2
    assert BARE.render(speech("hi", "x" * room)) == (
        head + b"hi\r\n" + head + b"x" * room + b"\r\n"
    )
    assert BARE.render(speech("hi", "x" * (room + 1))).count(head) == 3


def test_each_line_of_a_breath_has_its_own_id_and_time() -> None:
    assert FULL.render(speech("one", "two")) == (
        b"@time=2026-11-20T10:15:00.123Z;msgid=a1 :alice!ualice@alice.host"
        b" PRIVMSG #lobby :one\r\n"
        b"@time=2026-11-20T10:15:01.123Z;msgid=a2 :alice!ualice@alice.host"
        b" PRIVMSG #lobby :two\r\n"
    )
