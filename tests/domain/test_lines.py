"""Lines: what is kept of what happens."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain import identity, lines, moderation, rooms, talk
from chat.domain.commands import (
    Change,
    Command,
    Depart,
    Join,
    Kick,
    Leave,
    Manner,
    Rename,
    Say,
    SetRoom,
    Setting,
    SetTopic,
    Whisper,
)
from chat.domain.effects import Deliver, Keep
from chat.domain.events import Speech
from chat.domain.hub import Hub
from chat.domain.limits import Limits
from chat.domain.records import Act, Audited, Deed, Line
from chat.domain.state import State
from tests.domain.babble import Scene, a_babble
from tests.domain.people import (
    ALICE,
    BOB,
    NOW,
    STRANGER,
    a_house,
    in_office,
    kept,
    logged_in,
    set_up,
    with_a_stranger,
)

ALICES = "alice!~alice@alice.host"
BOBS = "bob!~bob@bob.host"


def a_hub(house: State) -> Hub:
    hub = Hub(Limits())
    hub._state = house
    return hub


def lines_of(house: State, session: int, command: Command) -> list[Line]:
    return kept(a_hub(house).handle(session, command, NOW), Line)


@pytest.mark.parametrize(
    ("session", "command", "line"),
    [
        pytest.param(
            ALICE,
            Say("#tea", "hi"),
            Line(1000, 5000, 201, Deed.SAY, ALICES, "hi"),
            id="words",
        ),
        pytest.param(
            ALICE,
            Say("#tea", "waves", Manner.ACTION, "+a=b"),
            Line(1000, 5000, 201, Deed.ACTION, ALICES, "waves", tags="+a=b"),
            id="an action",
        ),
        pytest.param(
            ALICE,
            Say("#tea", "beep", Manner.NOTICE),
            Line(1000, 5000, 201, Deed.NOTICE, ALICES, "beep"),
            id="a notice",
        ),
        pytest.param(
            ALICE,
            Say("#tea", "", Manner.TAGS, "+draft/react=x;+draft/reply=3e7"),
            Line(
                *(1000, 5000, 201, Deed.TAGS, ALICES, ""),
                tags="+draft/react=x;+draft/reply=3e7",
                reply_to=999,
            ),
            id="a reaction",
        ),
        pytest.param(
            BOB,
            Leave("#tea", "bye"),
            Line(1000, 5000, 201, Deed.LEAVE, BOBS, "bye"),
            id="a parting",
        ),
        pytest.param(
            BOB,
            Depart("Quit: bye"),
            Line(1000, 5000, 201, Deed.DEPART, BOBS, "Quit: bye"),
            id="a departure",
        ),
        pytest.param(
            ALICE,
            Kick("#tea", "bob", "spam"),
            Line(1000, 5000, 201, Deed.KICK, ALICES, "spam", target="bob"),
            id="being put out",
        ),
        pytest.param(
            BOB,
            Rename("robert"),
            Line(1000, 5000, 201, Deed.RENAME, BOBS, "", target="robert"),
            id="another nick",
        ),
        pytest.param(
            ALICE,
            SetTopic("#tea", "Earl Grey"),
            Line(1000, 5000, 201, Deed.TOPIC, ALICES, "Earl Grey"),
            id="a topic",
        ),
        pytest.param(
            ALICE,
            SetRoom(
                "#tea",
                (
                    Change(Setting.MODERATED, on=True),
                    Change(Setting.BAN, on=True, value="carol"),
                    Change(Setting.KEY, on=True, value="sesame"),
                    Change(Setting.GUARDS_TOPIC, on=False),
                ),
            ),
            Line(
                *(1000, 5000, 201, Deed.SETTINGS, ALICES),
                "+MODERATED +BAN=carol!*@* +KEY=* -GUARDS_TOPIC",
            ),
            id="settings, but not the word that opens the room",
        ),
    ],
)
def test_what_happens_in_a_room_is_kept(
    session: int, command: Command, line: Line
) -> None:
    house = a_house("alice bob", tea="alice bob")
    assert lines_of(house, session, command) == [line]


def test_who_enters_is_kept() -> None:
    house = a_house("alice bob", tea="alice")
    assert lines_of(house, BOB, Join("#tea")) == [
        Line(1000, 5000, 201, Deed.JOIN, BOBS, "")
    ]


def test_a_line_knows_the_account_of_who_spoke() -> None:
    house = logged_in(a_house("alice", tea="alice"), "alice")
    (line,) = lines_of(house, ALICE, Say("#tea", "hi"))
    assert line.account == 301


def test_what_is_said_is_kept_before_it_is_told() -> None:
    house = a_house("alice", tea="alice")
    effects = talk.say(house, ALICE, Say("#tea", "hi"), NOW)
    assert list(map(type, effects)) == [Keep, Deliver]


@given(st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=5), st.booleans())
def test_of_a_breath_is_kept_what_is_kept_of_its_texts_one_by_one(
    texts: list[str], has_account: bool
) -> None:
    house = logged_in(a_house("alice"), *(["alice"] if has_account else []))
    user = house.users["alice"]
    ids = range(1000, 1000 + len(texts))
    times = [5000 + n // 2 for n in range(len(texts))]
    speech = Speech(ids, times, texts, user.who, "#tea")
    one_by_one = [lines.of_talk(said, 201, user) for said in speech.each()]
    found = lines.of_speech(speech, 201, user)
    assert list(found.each()) == one_by_one
    assert found.id == ids[-1]


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(Say("#tea", "", Manner.TAGS), id="nothing at all"),
        pytest.param(Say("#tea", "", Manner.TAGS, "+typing=active"), id="typing"),
        pytest.param(Say("#tea", "psst", only=Setting.VOICE), id="only for some"),
    ],
)
def test_what_is_not_for_everybody_is_not_kept(command: Say) -> None:
    house = a_house("alice", tea="alice")
    assert kept(talk.say(house, ALICE, command, NOW)) == []


@pytest.mark.parametrize("command", [Say("#tea", "hi"), Leave("#tea", "bye")])
def test_nothing_is_kept_of_a_room_that_is_off_the_record(command: Command) -> None:
    house = set_up(a_house("alice bob", tea="alice bob"), "#tea", Setting.OFF_RECORD)
    assert lines_of(house, BOB, command) == []


@pytest.mark.parametrize(("on", "kinds"), [(True, []), (False, [Deed.SETTINGS])])
def test_who_takes_a_room_off_the_record_is_not_kept_either(
    on: bool, kinds: list[Deed]
) -> None:
    house = a_house("alice", tea="alice")
    if not on:
        set_up(house, "#tea", Setting.OFF_RECORD)
    command = SetRoom("#tea", (Change(Setting.OFF_RECORD, on),))
    assert [line.deed for line in lines_of(house, ALICE, command)] == kinds


@pytest.mark.parametrize("command", [Say("#tea", "hi"), Whisper("bob", "hi")])
def test_where_there_is_no_history_no_line_is_kept(command: Command) -> None:
    limits = Limits(history=False)
    house = logged_in(a_house("alice bob", limits, tea="alice"), "alice", "bob")
    assert lines_of(house, ALICE, command) == []


@pytest.mark.parametrize(
    ("command", "deed"),
    [(Depart("bye"), Deed.DEPART), (Rename("zoe"), Deed.RENAME)],
)
def test_what_concerns_all_rooms_is_kept_in_each(command: Command, deed: Deed) -> None:
    house = a_house("alice bob", tea="bob alice", coffee="bob alice", milk="bob")
    found = lines_of(house, ALICE, command)
    assert [(line.room, line.deed) for line in found] == [(201, deed), (202, deed)]


@pytest.mark.parametrize(
    ("nicks", "is_kept"),
    [("alice bob", True), ("alice", False), ("bob", False), ("", False)],
)
def test_a_whisper_is_kept_between_two_who_have_accounts(
    nicks: str, is_kept: bool
) -> None:
    house = logged_in(a_house("alice bob"), *nicks.split())
    found = lines_of(house, ALICE, Whisper("bob", "psst", tags="+reply=1"))
    line = Line(
        *(1000, 5000, 0, Deed.SAY, ALICES, "psst"),
        *(301, 302, "bob", "+reply=1"),
        reply_to=1,
    )
    assert found == ([line] if is_kept else [])


@pytest.mark.parametrize(
    ("tags", "reply_to"),
    [
        pytest.param("+draft/reply=3e7", 999, id="the one before"),
        pytest.param("+reply=1", 1, id="as it shall be called"),
        pytest.param("+a;+reply=1", 1, id="not the first"),
        pytest.param("+reply=3e8", 0, id="itself"),
        pytest.param("+reply=0", 0, id="none"),
        pytest.param("+reply=-1", 0, id="less than none"),
        pytest.param("+reply=0x1", 0, id="another spelling"),
        pytest.param("+reply=A", 0, id="large letters"),
        pytest.param("+reply=\N{FULLWIDTH DIGIT ONE}", 0, id="other digits"),
        pytest.param("+reply=abcxyz", 0, id="somebody else's"),
        pytest.param("+reply=" + "f" * 400, 0, id="too long"),
        pytest.param("+reply", 0, id="no value"),
        pytest.param("reply=1", 0, id="not a client's"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_what_is_answered(tags: str, reply_to: int) -> None:
    house = a_house("alice", tea="alice")
    (line,) = lines_of(house, ALICE, Say("#tea", "yes", tags=tags))
    assert (line.reply_to, line.tags) == (reply_to, tags)


def test_who_puts_somebody_out_is_on_the_trail() -> None:
    house = a_house("alice bob", tea="alice bob")
    effects = moderation.kick(house, ALICE, Kick("#tea", "bob", "spam"), NOW)
    assert kept(effects, Audited) == [
        Audited(1000, 5000, Act.KICKED, "alice", "bob #tea", "192.0.2.1")
    ]


def test_who_changes_a_room_is_on_the_trail() -> None:
    house = in_office(a_house("alice bob", tea="bob"), "alice")
    changes = (Change(Setting.KEY, on=True, value="sesame"),)
    effects = moderation.set_room(house, ALICE, SetRoom("#tea", changes), NOW)
    assert kept(effects, Audited) == [
        Audited(1000, 5000, Act.CHANGED_ROOM, "alice", "#tea +KEY=*", "192.0.2.1")
    ]


def test_what_changes_nothing_leaves_no_trace() -> None:
    house = a_house("alice", tea="alice")
    changes = (Change(Setting.MODERATED, on=False),)
    assert kept(moderation.set_room(house, ALICE, SetRoom("#tea", changes), NOW)) == []
    assert kept(rooms.join(house, ALICE, Join("#tea"), NOW)) == []
    assert kept(identity.rename(house, ALICE, Rename("alice"), NOW)) == []


@pytest.mark.parametrize(
    ("account", "nick", "is_console", "called"),
    [
        ("alice", "alice", False, "alice"),
        ("", "alice", False, "alice"),
        ("", "", True, "the console"),
        ("", "", False, ""),
    ],
)
def test_what_somebody_is_called_on_the_trail(
    account: str, nick: str, is_console: bool, called: str
) -> None:
    house = with_a_stranger(logged_in(a_house("alice"), *account.split()))
    house.sessions[STRANGER].is_console = is_console
    session = ALICE if nick else STRANGER
    (audited,) = kept(lines.audited(house, session, Act.FAILED, "", NOW), Audited)
    assert audited.who == called


@settings(deadline=None)
@given(st.randoms(), st.integers(0, 60))
def test_a_room_keeps_one_line_of_a_command(random: Random, length: int) -> None:
    scene = Scene(Hub(Limits()))
    for session, command in a_babble(random, length):
        effects = scene.effects(session, command)
        rooms_and_ids = [(line.room, line.id) for line in kept(effects, Line)]
        assert len(rooms_and_ids) == len(set(rooms_and_ids))
