"""Talk: who hears what is said."""

import pytest

from chat.domain import snapshot
from chat.domain.answers import NotHere
from chat.domain.commands import (
    Change,
    Kick,
    Manner,
    Mark,
    Say,
    SetMark,
    SetRoom,
    Setting,
    Whisper,
)
from chat.domain.effects import (
    Deliver,
    Keep,
    ToRoom,
    ToSession,
    ToUser,
)
from chat.domain.events import (
    Said,
    Speech,
    Whispered,
)
from chat.domain.limits import Limits
from chat.domain.moderation import kick, set_room
from chat.domain.order import Stamps
from chat.domain.presence import set_mark
from chat.domain.records import Deed, Line, Lines, taken_apart
from chat.domain.refusals import (
    CannotTalk,
    NoSuchNick,
    NoSuchRoom,
    NotIntroduced,
    Refused,
)
from chat.domain.roles import Role
from chat.domain.state import Stamp
from chat.domain.talk import say, say_all, whisper
from tests.domain.people import (
    ALICE,
    BOB,
    CAROL,
    NOW,
    STRANGER,
    a_house,
    held,
    in_office,
    kept,
    listed,
    logged_in,
    refused,
    set_up,
    told,
    who,
    with_a_second_session,
    with_a_stranger,
    with_an_account,
)


def test_everyone_in_the_room_hears_it() -> None:
    house = a_house("alice bob", tea="alice bob")
    said = Said(1000, 5000, who("alice"), "#tea", "hi", Manner.SAY, "")
    assert told(say(house, ALICE, Say("#tea", "hi"), NOW)) == [
        Deliver(said, to=ToRoom(201), but=ALICE)
    ]


@pytest.mark.parametrize("manner", Manner)
def test_it_is_heard_in_the_manner_in_which_it_was_said(manner: Manner) -> None:
    house = a_house("alice", lobby="alice")
    said = Said(1000, 5000, who("alice"), "#lobby", "hi", manner, "+typing=active")
    command = Say("#lobby", "hi", manner, "+typing=active")
    assert told(say(house, ALICE, command, NOW)) == [
        Deliver(said, to=ToRoom(0), but=ALICE)
    ]


def test_a_room_is_heard_of_under_its_own_spelling() -> None:
    house = a_house("alice", tea="alice")
    said = Said(1000, 5000, who("alice"), "#tea", "hi", Manner.SAY, "")
    assert told(say(house, ALICE, Say("#TEA", "hi"), NOW)) == [
        Deliver(said, to=ToRoom(201), but=ALICE)
    ]


def test_nobody_is_heard_in_a_room_from_outside() -> None:
    house = a_house("alice bob", tea="alice")
    with refused(house, CannotTalk("#tea")):
        say(house, BOB, Say("#Tea", "hi"), NOW)


def test_nobody_is_heard_in_a_room_that_is_not_there() -> None:
    house = a_house("alice", lobby="alice")
    with refused(house, NoSuchRoom("#Nowhere")):
        say(house, ALICE, Say("#Nowhere", "hi"), NOW)


def test_whoever_has_no_name_is_not_heard() -> None:
    house = with_a_stranger(a_house("alice", lobby="alice"))
    with refused(house, NotIntroduced()):
        say(house, STRANGER, Say("#lobby", "hi"), NOW)


def test_a_whisper_is_heard_by_one_and_by_the_speakers_other_sessions() -> None:
    house = with_a_second_session(a_house("alice bob"), "alice", session=7)
    whispered = Whispered(1000, 5000, who("alice"), "bob", "psst", Manner.SAY, "")
    assert told(whisper(house, ALICE, Whisper("bob", "psst"), NOW)) == [
        Deliver(whispered, to=ToUser(102)),
        Deliver(whispered, to=ToUser(101), but=ALICE),
    ]


def test_a_whisper_needs_no_common_room() -> None:
    house = a_house("alice bob", tea="alice", coffee="bob")
    heard = whisper(house, ALICE, Whisper("bob", "psst"), NOW)
    assert len(heard) == 2


@pytest.mark.parametrize("manner", Manner)
def test_a_whisper_has_a_manner_too(manner: Manner) -> None:
    house = a_house("alice bob")
    whispered = Whispered(1000, 5000, who("alice"), "bob", "", manner, "+a=b")
    assert told(whisper(house, ALICE, Whisper("BOB", "", manner, "+a=b"), NOW)) == [
        Deliver(whispered, to=ToUser(102)),
        Deliver(whispered, to=ToUser(101), but=ALICE),
    ]


def test_whoever_whispers_to_himself_hears_it_once() -> None:
    house = a_house("alice")
    whispered = Whispered(1000, 5000, who("alice"), "alice", "hm", Manner.SAY, "")
    assert told(whisper(house, ALICE, Whisper("Alice", "hm"), NOW)) == [
        Deliver(whispered, to=ToUser(101))
    ]


def test_nobody_can_be_whispered_to_who_is_not_there() -> None:
    house = a_house("alice")
    with refused(house, NoSuchNick("Zoe")):
        whisper(house, ALICE, Whisper("Zoe", "psst"), NOW)


def test_whoever_has_no_name_cannot_whisper() -> None:
    house = with_a_stranger(a_house("alice"))
    with refused(house, NotIntroduced()):
        whisper(house, STRANGER, Whisper("alice", "psst"), NOW)


@pytest.mark.parametrize(
    ("manner", "spoke"),
    [
        pytest.param(Manner.SAY, 5000, id="said"),
        pytest.param(Manner.ACTION, 5000, id="acted"),
        pytest.param(Manner.NOTICE, 5000, id="noticed"),
        pytest.param(Manner.TAGS, 4000, id="only typing"),
    ],
)
def test_talk_changes_only_when_one_spoke_last(manner: Manner, spoke: int) -> None:
    room, person = a_house("alice", lobby="alice"), a_house("alice")
    after = snapshot.of(room), snapshot.of(person)
    for known in after:
        known["users"][0]["spoke"] = spoke
    say(room, ALICE, Say("#lobby", "hi", manner), NOW)
    whisper(person, ALICE, Whisper("alice", "psst", manner), NOW)
    assert (snapshot.of(room), snapshot.of(person)) == after


def test_an_open_room_hears_outsiders() -> None:
    house = a_house("alice bob", tea="alice")
    house.room("#tea").settings.clear()
    said = Said(1000, 5000, who("bob"), "#tea", "hi", Manner.SAY, "")
    assert told(say(house, BOB, Say("#tea", "hi"), NOW)) == [
        Deliver(said, to=ToRoom(201), but=BOB)
    ]


@pytest.mark.parametrize("only", [Setting.OPERATOR, Setting.VOICE])
def test_outsiders_do_not_talk_to_some_only(only: Setting) -> None:
    house = a_house("alice bob", tea="alice")
    house.room("#tea").settings.clear()
    with refused(house, CannotTalk("#tea")):
        say(house, BOB, Say("#tea", "hi", only=only), NOW)


@pytest.mark.parametrize("settings", [(), (Setting.NO_OUTSIDERS, Setting.MODERATED)])
def test_who_talks_to_a_secret_room_does_not_learn_of_it(
    settings: tuple[Setting, ...],
) -> None:
    house = a_house("alice bob", tea="alice")
    house.room("#tea").settings.clear()
    set_up(house, "#tea", Setting.SECRET, *settings)
    with refused(house, NoSuchRoom("#TEA")):
        say(house, BOB, Say("#TEA", "hi"), NOW)


ONLY_VOICES = "only those with a voice talk there now"
MUTED = "those who run it have muted you"


@pytest.mark.parametrize(
    ("role", "mute", "why"),
    [
        pytest.param(Role.OPERATOR, "", "", id="operator"),
        pytest.param(Role.VOICED, "", "", id="voiced"),
        pytest.param(Role.MEMBER, "", ONLY_VOICES, id="member, moderated"),
        pytest.param(Role.OPERATOR, "m:bob!*@*", "", id="operator, muted"),
        pytest.param(Role.VOICED, "m:bob!*@*", "", id="voiced, muted"),
        pytest.param(Role.MEMBER, "m:bob!*@*", MUTED, id="member, muted"),
        pytest.param(Role.MEMBER, "bob!*@*", MUTED, id="member, banned"),
    ],
)
def test_who_is_heard(role: Role, mute: str, why: str) -> None:
    house = a_house("alice bob", tea="alice bob")
    house.room("#tea").members[house.user("bob")] = role
    if mute:
        listed(house, "#tea", Setting.BAN, mute)
    else:
        set_up(house, "#tea", Setting.MODERATED)
    if why:
        with refused(house, CannotTalk("#tea", why)):
            say(house, BOB, Say("#tea", "hi"), NOW)
        return
    assert len(told(say(house, BOB, Say("#tea", "hi"), NOW))) == 1


def test_who_runs_the_house_is_heard_wherever_he_is() -> None:
    house = in_office(a_house("alice bob", tea="alice bob"), "bob")
    set_up(listed(house, "#tea", Setting.BAN, "m:bob!*@*"), "#tea", Setting.MODERATED)
    assert len(told(say(house, BOB, Say("#tea", "hi"), NOW))) == 1


@pytest.mark.parametrize(
    ("only", "speaker", "heard_by"),
    [
        pytest.param(Setting.OPERATOR, ALICE, [101], id="operator to operators"),
        pytest.param(Setting.VOICE, ALICE, [101, 102], id="operator to voices"),
        pytest.param(Setting.VOICE, CAROL, [101, 102, 103], id="member to voices"),
        pytest.param(Setting.OPERATOR, CAROL, [101, 103], id="member to operators"),
    ],
)
def test_something_may_be_said_to_some_only(
    only: Setting, speaker: int, heard_by: list[int]
) -> None:
    house = a_house("alice bob carol dave", tea="alice bob carol dave")
    house.room("#tea").members[house.user("bob")] = Role.VOICED
    nick = house.introduced(speaker).who.nick
    said = Said(1000, 5000, who(nick), "#tea", "hi", Manner.SAY, "", only)
    assert told(say(house, speaker, Say("#tea", "hi", only=only), NOW)) == [
        Deliver(said, to=ToUser(user), but=speaker) for user in heard_by
    ]


def test_a_program_is_heard_as_one() -> None:
    house = a_house("alice bob", tea="alice")
    house.user("alice").marks[Mark.BOT] = None
    said = Said(1000, 5000, who("alice"), "#tea", "hi", Manner.SAY, "", is_bot=True)
    assert told(say(house, ALICE, Say("#tea", "hi"), NOW)) == [
        Deliver(said, to=ToRoom(201), but=ALICE)
    ]
    said_to_bob = Whispered(
        1000, 5000, who("alice"), "bob", "hi", Manner.SAY, "", is_bot=True
    )
    assert told(whisper(house, ALICE, Whisper("bob", "hi"), NOW))[0] == Deliver(
        said_to_bob, to=ToUser(102)
    )


@pytest.mark.parametrize(
    ("manner", "is_told"),
    [
        pytest.param(Manner.SAY, True, id="said"),
        pytest.param(Manner.ACTION, True, id="acted"),
        pytest.param(Manner.NOTICE, False, id="noticed"),
        pytest.param(Manner.TAGS, False, id="only typing"),
    ],
)
def test_who_whispers_to_somebody_away_is_told(manner: Manner, is_told: bool) -> None:
    house = with_a_second_session(a_house("alice bob"), "alice", session=7)
    house.user("bob").away = "lunch"
    whispered = Whispered(1000, 5000, who("alice"), "bob", "psst", manner, "")
    not_here = Deliver(NotHere("bob", "lunch"), to=ToSession(ALICE))
    assert told(whisper(house, ALICE, Whisper("bob", "psst", manner), NOW)) == [
        Deliver(whispered, to=ToUser(102)),
        Deliver(whispered, to=ToUser(101), but=ALICE),
        *([not_here] if is_told else []),
    ]


# To somebody who is not here, and will be.


@pytest.mark.parametrize("is_answered", [True, False], ids=["said", "noticed"])
def test_who_has_an_account_reads_it_later(is_answered: bool) -> None:
    house = with_a_second_session(a_house("alice"), "alice", session=7)
    with_an_account(logged_in(house, "alice"), "Zoe")
    manner = Manner.SAY if is_answered else Manner.NOTICE
    alice = house.user("alice").who
    whispered = Whispered(1000, 5000, alice, "Zoe", "psst", manner, "+a=b")
    source = f"alice!{alice.username}@{alice.host}"
    deed = Deed.SAY if is_answered else Deed.NOTICE
    line = Line(1000, 5000, 0, deed, source, "psst", 301, 300, "Zoe", "+a=b")
    not_here = NotHere("Zoe", "your message waits until Zoe is here")
    command = Whisper("ZOE", "psst", manner, "+a=b")
    assert whisper(house, ALICE, command, NOW) == [
        Keep(line),
        Deliver(whispered, to=ToUser(101), but=ALICE),
        *([Deliver(not_here, to=ToSession(ALICE))] if is_answered else []),
    ]
    assert house.user("alice").spoke == 5000


def test_whoever_is_held_on_the_nick_does_not_hear_it() -> None:
    house = logged_in(held(a_house("alice zoe"), "zoe"), "alice")
    effects = whisper(house, ALICE, Whisper("zoe", "psst"), NOW)
    (line,) = kept(effects, Line)
    assert line.peer == house.accounts["zoe"].id
    assert ToUser(102) not in [each.to for each in effects if isinstance(each, Deliver)]


@pytest.mark.parametrize(
    ("manner", "is_guest", "is_suspended", "has_history"),
    [
        pytest.param(Manner.TAGS, False, False, True, id="only typing"),
        pytest.param(Manner.SAY, True, False, True, id="by a guest"),
        pytest.param(Manner.SAY, False, True, True, id="to one who is shut out"),
        pytest.param(Manner.SAY, False, False, False, id="where nothing is kept"),
    ],
)
def test_otherwise_nobody_is_there(
    manner: Manner, is_guest: bool, is_suspended: bool, has_history: bool
) -> None:
    house = a_house("alice", Limits(history=has_history))
    with_an_account(house if is_guest else logged_in(house, "alice"), "zoe")
    house.accounts["zoe"].is_suspended = is_suspended
    with refused(house, NoSuchNick("Zoe")):
        whisper(house, ALICE, Whisper("Zoe", "psst", manner), NOW)


def test_what_one_says_to_oneself_is_kept() -> None:
    house = logged_in(a_house("alice"), "alice")
    (line,) = kept(whisper(house, ALICE, Whisper("alice", "buy tea"), NOW), Line)
    assert (line.room, line.account, line.peer, line.target) == (0, 301, 301, "alice")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(SetRoom("#tea", (Change(Setting.MODERATED, on=True),)), id="+m"),
        pytest.param(
            SetRoom("#tea", (Change(Setting.BAN, on=True, value="bob!*@*"),)), id="ban"
        ),
        pytest.param(
            SetRoom("#tea", (Change(Setting.BAN, on=True, value="m:bob!*@*"),)),
            id="mute",
        ),
        pytest.param(Kick("#tea", "bob", ""), id="kick"),
    ],
)
def test_who_was_heard_is_asked_again_once_the_room_has_changed(
    change: SetRoom | Kick,
) -> None:
    house = a_house("alice bob", tea="alice bob")
    assert told(say(house, BOB, Say("#tea", "hi"), NOW))
    if isinstance(change, SetRoom):
        set_room(house, ALICE, change, NOW)
    else:
        kick(house, ALICE, change, NOW)
    with pytest.raises(Refused):
        say(house, BOB, Say("#tea", "hi"), NOW)


def test_who_leaves_the_office_is_asked_again() -> None:
    house = set_up(a_house("alice bob", tea="alice bob"), "#tea", Setting.MODERATED)
    in_office(house, "bob")
    assert told(say(house, BOB, Say("#tea", "hi"), NOW))
    set_mark(house, BOB, SetMark(Mark.OPERATOR, on=False), NOW)
    with pytest.raises(Refused):
        say(house, BOB, Say("#tea", "hi"), NOW)


STAMPS: Stamps = (range(1000, 1003), [5000, 5001, 5001])


@pytest.mark.parametrize("has_history", [True, False])
@pytest.mark.parametrize("is_bot", [True, False])
@pytest.mark.parametrize("nicks", ["", "alice"], ids=["guest", "account"])
@pytest.mark.parametrize(
    "settings",
    [
        (),
        (Setting.MODERATED,),
        (Setting.OFF_RECORD,),
        (Setting.GUARDS_TOPIC, Setting.SECRET),
    ],
)
def test_a_breath_is_what_its_texts_are_one_by_one(
    settings: tuple[Setting, ...], nicks: str, is_bot: bool, has_history: bool
) -> None:
    limits = Limits(history=has_history)
    one, other = (a_house("alice bob", limits, tea="alice bob") for _ in range(2))
    for house in (one, other):
        set_up(logged_in(house, *nicks.split()), "#tea", *settings)
        in_office(house, "alice")
        if is_bot:
            set_mark(house, ALICE, SetMark(Mark.BOT, on=True), NOW)
    *kept_lines, delivered = say_all(one, ALICE, "#Tea", ["a", "b", "c"], STAMPS)
    effects = [
        effect
        for number, at, text in zip(*STAMPS, "abc", strict=True)
        for effect in say(other, ALICE, Say("#Tea", text), Stamp(number, at))
    ]
    lines = kept(effects, Line)
    assert [*taken_apart(kept(kept_lines, Lines))] == lines
    assert bool(lines) == (has_history and Setting.OFF_RECORD not in settings)
    assert isinstance(delivered, Deliver)
    assert isinstance(delivered.event, Speech)
    assert [
        Deliver(said, delivered.to, delivered.but) for said in delivered.event.each()
    ] == [each for each in effects if isinstance(each, Deliver)]
    assert snapshot.of(one) == snapshot.of(other)


def test_a_single_text_is_a_breath_too() -> None:
    house = a_house("alice", tea="alice")
    source = "alice!~alice@alice.host"
    one: Stamps = (range(1000, 1001), [5000])
    speech = Speech(*one, ["a"], who("alice"), "#tea")
    assert say_all(house, ALICE, "#tea", ["a"], one) == [
        Keep(Lines(*one, ["a"], 201, source, 0)),
        Deliver(speech, to=ToRoom(201), but=ALICE),
    ]


def test_a_breath_is_refused_as_a_whole() -> None:
    house = a_house("alice bob", tea="alice")
    with refused(house, CannotTalk("#tea")):
        say_all(house, BOB, "#tea", ["a", "b"], STAMPS)
    with refused(house, NoSuchRoom("#nowhere")):
        say_all(house, BOB, "#nowhere", ["a", "b"], STAMPS)
