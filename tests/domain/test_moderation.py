"""Moderation: how a room is set up, who is what in it, and who is put out."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from chat.domain import remembered, snapshot
from chat.domain.answers import Declined, Inviting, MasksAre, Unchanged
from chat.domain.commands import (
    AskMasks,
    Change,
    Command,
    Invite,
    Kick,
    SetRoom,
    Setting,
)
from chat.domain.effects import Deliver, Effect, ToRoom, ToSession, ToUser, Unseat
from chat.domain.events import Invited, Kicked, RoomChanged
from chat.domain.limits import Limits
from chat.domain.moderation import ask_masks, invite, kick, set_room
from chat.domain.records import KeptRoom
from chat.domain.refusals import (
    AlreadyThere,
    InTooManyRooms,
    NoSuchMask,
    NoSuchNick,
    NoSuchRoom,
    NotAllowed,
    NotAMember,
    NotIntroduced,
    NotLoggedIn,
    NotThere,
    Reason,
    TooManyMasks,
    ValueImpossible,
)
from chat.domain.roles import Role
from chat.domain.state import Room, State
from chat.domain.views import Mask
from tests.domain.people import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    NOW,
    STRANGER,
    a_house,
    in_office,
    kept,
    listed,
    logged_in,
    refused,
    said_in,
    set_up,
    told,
    who,
    with_a_stranger,
)

# Any of the verbs, whatever command it wants.
Verb: TypeAlias = Callable[..., list[Effect]]

FLAGS = [
    Setting.INVITE_ONLY,
    Setting.MODERATED,
    Setting.NO_OUTSIDERS,
    Setting.SECRET,
    Setting.GUARDS_TOPIC,
    Setting.OFF_RECORD,
]
LISTS = [Setting.BAN, Setting.EXEMPT, Setting.WELCOME]
NOT_A_KEY = "a key is one word, without commas and colons"
NOT_A_LIMIT = "a limit is a number from 1 on"
NOT_A_MASK = "a mask is one word, and does not begin with a colon"
ONLY_BANS = "only a ban can begin with m:"


def on(setting: Setting, value: str = "") -> Change:
    return Change(setting, True, value)


def off(setting: Setting, value: str = "") -> Change:
    return Change(setting, False, value)


def a_teahouse(limits: Limits | None = None) -> State:
    """Alice runs a room with bob, who is voiced, and carol in it; dave is not."""
    house = a_house("alice bob carol dave", limits, tea="alice bob carol")
    house.room("#tea").members[house.user("bob")] = Role.VOICED
    return house


def what_comes_of(house: State, *changes: Change) -> tuple[list[Change], list[Reason]]:
    """What alice has changed about the room, and what not and why."""
    effects = set_room(house, ALICE, SetRoom("#tea", changes), NOW)
    made = [change for each in said_in(effects, RoomChanged) for change in each.changes]
    return made, [declined.reason for declined in said_in(effects, Declined)]


def test_everyone_inside_hears_what_was_changed() -> None:
    house = a_teahouse()
    changes = (on(Setting.MODERATED), on(Setting.LIMIT, "7"))
    changed = RoomChanged(1000, 5000, who("alice"), "#tea", changes)
    assert told(set_room(house, ALICE, SetRoom("#TEA", changes), NOW)) == [
        Deliver(changed, to=ToRoom(201))
    ]


def test_who_asked_hears_what_was_declined() -> None:
    house = a_teahouse()
    changes = (on(Setting.VOICE, "zoe"), on(Setting.SECRET), on(Setting.LIMIT, "x"))
    changed = RoomChanged(1000, 5000, who("alice"), "#tea", (on(Setting.SECRET),))
    no_limit = ValueImpossible("#tea", "x", NOT_A_LIMIT)
    assert told(set_room(house, ALICE, SetRoom("#tea", changes), NOW)) == [
        Deliver(changed, to=ToRoom(201)),
        Deliver(Declined(NoSuchNick("zoe")), to=ToSession(ALICE)),
        Deliver(Declined(no_limit), to=ToSession(ALICE)),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((), id="none"),
        pytest.param((on(Setting.GUARDS_TOPIC), off(Setting.KEY)), id="of no effect"),
    ],
)
def test_where_nothing_changes_only_the_asker_is_told(
    changes: tuple[Change, ...],
) -> None:
    house = a_teahouse()
    before = snapshot.of(house)
    assert told(set_room(house, ALICE, SetRoom("#tea", changes), NOW)) == [
        Deliver(Unchanged(), to=ToSession(ALICE))
    ]
    assert snapshot.of(house) == before


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_is_on_or_off(flag: Setting) -> None:
    house = a_teahouse()
    tea = house.room("#tea")
    tea.settings.clear()
    assert what_comes_of(house, off(flag)) == ([], [])
    assert what_comes_of(house, on(flag, "nonsense")) == ([on(flag)], [])
    assert list(tea.settings) == [flag]
    assert what_comes_of(house, on(flag)) == ([], [])
    assert what_comes_of(house, off(flag)) == ([off(flag)], [])
    assert list(tea.settings) == []


@pytest.mark.parametrize(
    ("key", "change", "made", "left"),
    [
        pytest.param("", on(Setting.KEY, "x" * 23), "x" * 23, "x" * 23, id="long"),
        pytest.param("", on(Setting.KEY, "Köln"), "Köln", "Köln", id="any letters"),
        pytest.param("old", on(Setting.KEY, "new"), "new", "new", id="another"),
        pytest.param("old", on(Setting.KEY, "old"), None, "old", id="the same"),
        pytest.param("old", off(Setting.KEY, "old"), "*", "", id="off"),
        pytest.param("old", off(Setting.KEY, "wrong"), "*", "", id="off, not known"),
        pytest.param("", off(Setting.KEY, "old"), None, "", id="off, none"),
    ],
)
def test_a_key(key: str, change: Change, made: str | None, left: str) -> None:
    house = a_teahouse()
    house.room("#tea").key = key
    changes = [] if made is None else [Change(Setting.KEY, change.on, made)]
    assert what_comes_of(house, change) == (changes, [])
    assert house.room("#tea").key == left


@pytest.mark.parametrize(
    ("key", "why"),
    [
        pytest.param("", NOT_A_KEY, id="nothing"),
        pytest.param("two words", NOT_A_KEY, id="two words"),
        pytest.param("two\u3000words", NOT_A_KEY, id="another space"),
        pytest.param("a,b", NOT_A_KEY, id="a comma"),
        pytest.param(":a", NOT_A_KEY, id="a colon"),
        pytest.param("a\r\nb", NOT_A_KEY, id="control characters"),
        pytest.param("x" * 24, "a key has at most 23 bytes", id="too long"),
        pytest.param("é" * 12, "a key has at most 23 bytes", id="bytes count"),
    ],
)
def test_what_cannot_be_a_key(key: str, why: str) -> None:
    house = a_teahouse()
    house.room("#tea").key = "old"
    impossible = ValueImpossible("#tea", key, why)
    assert what_comes_of(house, on(Setting.KEY, key)) == ([], [impossible])
    assert house.room("#tea").key == "old"


@pytest.mark.parametrize(
    ("limit", "change", "made", "left"),
    [
        pytest.param(None, on(Setting.LIMIT, "1"), "1", 1, id="fewer than there are"),
        pytest.param(None, on(Setting.LIMIT, "007"), "7", 7, id="noughts"),
        pytest.param(None, on(Setting.LIMIT, "999999"), "999999", 999999, id="many"),
        pytest.param(7, on(Setting.LIMIT, "8"), "8", 8, id="another"),
        pytest.param(7, on(Setting.LIMIT, "7"), None, 7, id="the same"),
        pytest.param(7, off(Setting.LIMIT, "8"), "", None, id="off"),
        pytest.param(None, off(Setting.LIMIT), None, None, id="off, none"),
    ],
)
def test_a_limit(
    limit: int | None, change: Change, made: str | None, left: int | None
) -> None:
    house = a_teahouse()
    house.room("#tea").limit = limit
    changes = [] if made is None else [Change(Setting.LIMIT, change.on, made)]
    assert what_comes_of(house, change) == (changes, [])
    assert house.room("#tea").limit == left


@pytest.mark.parametrize(
    "digits", ["", "0", "000", "-1", "1.5", "x", " 1", "1000000", "9" * 5000, "٣", "²"]
)
def test_what_cannot_be_a_limit(digits: str) -> None:
    house = a_teahouse()
    house.room("#tea").limit = 7
    impossible = ValueImpossible("#tea", digits, NOT_A_LIMIT)
    assert what_comes_of(house, on(Setting.LIMIT, digits)) == ([], [impossible])
    assert house.room("#tea").limit == 7


@pytest.mark.parametrize("kind", LISTS)
def test_a_mask_is_kept_with_who_put_it_there_and_when(kind: Setting) -> None:
    house = a_teahouse()
    whole = on(kind, "Zoe!*@*")
    assert what_comes_of(house, on(kind, "Zoe")) == ([whole], [])
    assert house.room("#tea").masks[kind] == {"zoe!*@*": Mask("Zoe!*@*", "alice", 5000)}
    assert what_comes_of(house, on(kind, "ZOE")) == ([], [])
    assert what_comes_of(house, off(kind, "zoe!*")) == ([off(kind, "Zoe!*@*")], [])
    assert house.room("#tea").masks[kind] == {}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            off(Setting.BAN, "zoe"), NoSuchMask("#tea", "zoe!*@*"), id="not listed"
        ),
        pytest.param(
            on(Setting.BAN, ""), ValueImpossible("#tea", "", NOT_A_MASK), id="nothing"
        ),
        pytest.param(
            on(Setting.BAN, "m:"), ValueImpossible("#tea", "m:", NOT_A_MASK), id="m:"
        ),
        pytest.param(
            off(Setting.BAN, "a b"),
            ValueImpossible("#tea", "a b", NOT_A_MASK),
            id="two words",
        ),
        pytest.param(
            on(Setting.BAN, "four"), TooManyMasks("#tea", "four!*@*"), id="full"
        ),
        pytest.param(
            on(Setting.EXEMPT, "m:zoe"),
            ValueImpossible("#tea", "m:zoe", ONLY_BANS),
            id="exempt and muted",
        ),
        pytest.param(
            on(Setting.WELCOME, "m:zoe"),
            ValueImpossible("#tea", "m:zoe", ONLY_BANS),
            id="welcome and muted",
        ),
        pytest.param(
            off(Setting.WELCOME, "m:zoe"),
            NoSuchMask("#tea", "m:zoe!*@*"),
            id="neither welcome nor muted",
        ),
    ],
)
def test_a_mask_that_cannot_be_or_is_not(change: Change, reason: Reason) -> None:
    house = a_teahouse(Limits(masks_per_list=3))
    listed(house, "#tea", Setting.BAN, "one!*@*", "two!*@*", "three!*@*")
    before = snapshot.of(house)
    assert what_comes_of(house, change) == ([], [reason])
    assert snapshot.of(house) == before


def test_a_new_ban_is_felt_at_once_and_a_lifted_one_no_more() -> None:
    house = a_teahouse()
    tea, carol = house.room("#tea"), house.user("carol")
    felt = [tea.silences(carol)]
    for change in (on(Setting.BAN, "m:carol"), on(Setting.EXEMPT, "c*")):
        set_room(house, ALICE, SetRoom("#tea", (change,)), NOW)
        felt.append(tea.silences(carol))
    assert felt == [False, True, False]


@pytest.mark.parametrize(
    ("before", "change", "made", "after"),
    [
        (Role.MEMBER, on(Setting.VOICE), "+v", Role.VOICED),
        (Role.MEMBER, off(Setting.VOICE), "", Role.MEMBER),
        (Role.MEMBER, on(Setting.OPERATOR), "+o", Role.OPERATOR),
        (Role.MEMBER, off(Setting.OPERATOR), "", Role.MEMBER),
        (Role.VOICED, on(Setting.VOICE), "", Role.VOICED),
        (Role.VOICED, off(Setting.VOICE), "-v", Role.MEMBER),
        # Who is shown both would be shown a voice that was lost long ago.
        (Role.VOICED, on(Setting.OPERATOR), "+o -v", Role.OPERATOR),
        (Role.VOICED, off(Setting.OPERATOR), "", Role.VOICED),
        (Role.OPERATOR, on(Setting.VOICE), "", Role.OPERATOR),
        (Role.OPERATOR, off(Setting.VOICE), "", Role.OPERATOR),
        (Role.OPERATOR, on(Setting.OPERATOR), "", Role.OPERATOR),
        (Role.OPERATOR, off(Setting.OPERATOR), "-o", Role.MEMBER),
    ],
)
def test_what_a_member_becomes(
    before: Role, change: Change, made: str, after: Role
) -> None:
    house = a_teahouse()
    tea, carol = house.room("#tea"), house.user("carol")
    tea.members[carol] = before
    named = Change(change.setting, change.on, "CAROL")
    letters = {
        "+v": on(Setting.VOICE, "carol"),
        "-v": off(Setting.VOICE, "carol"),
        "+o": on(Setting.OPERATOR, "carol"),
        "-o": off(Setting.OPERATOR, "carol"),
    }
    changes = [letters[letter] for letter in made.split()]
    assert what_comes_of(house, named) == (changes, [])
    assert tea.listing()[-1].role is after


@pytest.mark.parametrize(
    ("nick", "reason"),
    [
        pytest.param("Zoe", NoSuchNick("Zoe"), id="nobody"),
        pytest.param("", NoSuchNick(""), id="nothing"),
        pytest.param("DAVE", NotThere("dave", "#tea"), id="not there"),
    ],
)
def test_who_is_not_there_is_nothing(nick: str, reason: Reason) -> None:
    house = a_teahouse()
    assert what_comes_of(house, on(Setting.VOICE, nick)) == ([], [reason])


def test_who_ceases_to_run_the_room_finishes_the_list() -> None:
    house = a_teahouse()
    changes = [off(Setting.OPERATOR, "alice"), on(Setting.MODERATED)]
    assert what_comes_of(house, *changes) == (changes, [])
    with refused(house, NotAllowed("#tea")):
        set_room(house, ALICE, SetRoom("#tea", (off(Setting.MODERATED),)), NOW)


COMMANDS = [
    pytest.param(set_room, SetRoom("#TEA", (on(Setting.SECRET),)), id="set_room"),
    pytest.param(set_room, SetRoom("#TEA", ()), id="set_room, nothing"),
    pytest.param(kick, Kick("#TEA", "alice"), id="kick"),
    pytest.param(kick, Kick("#TEA", "zoe"), id="kick, nobody"),
    pytest.param(ask_masks, AskMasks("#TEA", Setting.EXEMPT), id="exempt"),
    pytest.param(ask_masks, AskMasks("#TEA", Setting.WELCOME), id="welcome"),
    pytest.param(invite, Invite("dave", "#TEA"), id="invite"),
]


@pytest.mark.parametrize(("verb", "command"), COMMANDS)
@pytest.mark.parametrize("session", [BOB, CAROL], ids=["voiced", "member"])
def test_only_those_who_run_a_room_do_it(
    verb: Verb, command: Command, session: int
) -> None:
    house = set_up(a_teahouse(), "#tea", Setting.INVITE_ONLY)
    with refused(house, NotAllowed("#tea")):
        verb(house, session, command, NOW)


@pytest.mark.parametrize(("verb", "command"), COMMANDS)
def test_outsiders_are_told_that_they_are_outside(verb: Verb, command: Command) -> None:
    house = a_teahouse()
    with refused(house, NotAMember("#tea")):
        verb(house, DAVE, command, NOW)


ASK_BANS = pytest.param(ask_masks, AskMasks("#TEA", Setting.BAN), id="bans")


@pytest.mark.parametrize(("verb", "command"), [*COMMANDS, ASK_BANS])
def test_of_a_secret_room_outsiders_are_told_that_it_is_not_there(
    verb: Verb, command: Command
) -> None:
    secret = set_up(a_teahouse(), "#tea", Setting.SECRET)
    with refused(secret, NoSuchRoom("#TEA")):
        verb(secret, DAVE, command, NOW)
    without = a_house("alice bob carol dave")
    with refused(without, NoSuchRoom("#TEA")):
        verb(without, DAVE, command, NOW)


@pytest.mark.parametrize(("verb", "command"), [*COMMANDS, ASK_BANS])
def test_a_stranger_has_to_give_a_name_first(verb: Verb, command: Command) -> None:
    house = with_a_stranger(a_teahouse())
    with refused(house, NotIntroduced()):
        verb(house, STRANGER, command, NOW)


def test_who_runs_the_house_sets_up_any_room_and_reads_it() -> None:
    house = set_up(in_office(a_teahouse(), "dave"), "#tea", Setting.SECRET)
    changes = (on(Setting.OPERATOR, "carol"),)
    changed = RoomChanged(1000, 5000, who("dave"), "#tea", changes)
    assert told(set_room(house, DAVE, SetRoom("#tea", changes), NOW)) == [
        Deliver(changed, to=ToRoom(201)),
        Deliver(changed, to=ToSession(DAVE)),
    ]


def test_who_runs_the_house_sets_up_the_lobby_which_nobody_runs() -> None:
    house = in_office(a_house("alice bob", lobby="alice bob"), "alice")
    command = SetRoom("#lobby", (on(Setting.MODERATED),))
    with refused(house, NotAllowed("#lobby")):
        set_room(house, BOB, command, NOW)
    changed = RoomChanged(1000, 5000, who("alice"), "#lobby", command.changes)
    assert told(set_room(house, ALICE, command, NOW)) == [
        Deliver(changed, to=ToRoom(0))
    ]


def test_whoever_is_put_out_and_everyone_inside_hear_it() -> None:
    house = a_teahouse()
    kicked = Kicked(1000, 5000, who("alice"), "#tea", "bob", "spam")
    assert told(kick(house, ALICE, Kick("#TEA", "BOB", "spam"), NOW)) == [
        Unseat(102, 201),
        Deliver(kicked, to=ToRoom(201)),
        Deliver(kicked, to=ToUser(102)),
    ]
    assert [member.who.nick for member in house.room("#tea").listing()] == [
        "alice",
        "carol",
    ]
    assert house.user("bob").rooms == {}


@pytest.mark.parametrize(
    ("nick", "reason"),
    [
        pytest.param("Zoe", NoSuchNick("Zoe"), id="nobody"),
        pytest.param("DAVE", NotThere("dave", "#tea"), id="not there"),
    ],
)
def test_who_is_not_there_cannot_be_put_out(nick: str, reason: Reason) -> None:
    house = a_teahouse()
    with refused(house, reason):
        kick(house, ALICE, Kick("#tea", nick), NOW)


@pytest.mark.parametrize(
    ("tea", "rooms"),
    [
        pytest.param("alice bob", ["#lobby", "#tea"], id="others stay"),
        pytest.param("alice", ["#lobby"], id="nobody stays"),
    ],
)
def test_whoever_puts_himself_out_reads_it_once(tea: str, rooms: list[str]) -> None:
    house = a_house("alice bob", tea=tea)
    kicked = Kicked(1000, 5000, who("alice"), "#tea", "alice", "")
    assert told(kick(house, ALICE, Kick("#tea", "alice"), NOW)) == [
        Unseat(101, 201),
        Deliver(kicked, to=ToRoom(201)),
        Deliver(kicked, to=ToUser(101)),
    ]
    assert list(house.rooms) == rooms


def test_who_runs_the_house_puts_out_of_any_room_and_reads_it() -> None:
    house = set_up(in_office(a_teahouse(), "dave"), "#tea", Setting.SECRET)
    kicked = Kicked(1000, 5000, who("dave"), "#tea", "alice", "")
    assert told(kick(house, DAVE, Kick("#tea", "alice"), NOW)) == [
        Unseat(101, 201),
        Deliver(kicked, to=ToRoom(201)),
        Deliver(kicked, to=ToUser(101)),
        Deliver(kicked, to=ToSession(DAVE)),
    ]


def test_why_somebody_is_put_out_is_cut_short() -> None:
    house = a_teahouse(Limits(reason_length=6))
    effects = kick(house, ALICE, Kick("#tea", "bob", "abcdeé"), NOW)
    assert [kicked.reason for kicked in said_in(effects, Kicked)] == ["abcde"] * 2


def test_who_is_invited_is_told_and_so_are_those_inside() -> None:
    house = a_teahouse()
    invited = Invited(1000, 5000, who("alice"), "#tea", "dave")
    assert invite(house, ALICE, Invite("DAVE", "#TEA"), NOW) == [
        Deliver(Inviting("#tea", "dave"), to=ToSession(ALICE)),
        Deliver(invited, to=ToUser(104)),
        Deliver(invited, to=ToRoom(201)),
    ]


@pytest.mark.parametrize(
    ("session", "invitations"),
    [
        pytest.param(ALICE, [201], id="by who runs the room"),
        pytest.param(BOB, [], id="by who has a voice"),
        pytest.param(CAROL, [], id="by a member"),
    ],
)
def test_only_who_runs_a_room_lets_in_with_an_invitation(
    session: int, invitations: list[int]
) -> None:
    house = a_teahouse()
    invite(house, session, Invite("dave", "#tea"), NOW)
    assert list(house.user("dave").invitations) == invitations


def test_what_a_member_said_takes_no_invitation_away() -> None:
    house = a_teahouse()
    invite(house, ALICE, Invite("dave", "#tea"), NOW)
    invite(house, CAROL, Invite("dave", "#tea"), NOW)
    assert list(house.user("dave").invitations) == [201]


@pytest.mark.parametrize(
    ("nick", "reason"),
    [
        pytest.param("Zoe", NoSuchNick("Zoe"), id="nobody"),
        pytest.param("BOB", AlreadyThere("bob", "#tea"), id="there already"),
        pytest.param("alice", AlreadyThere("alice", "#tea"), id="oneself"),
    ],
)
def test_who_cannot_be_invited(nick: str, reason: Reason) -> None:
    house = a_teahouse()
    with refused(house, reason):
        invite(house, ALICE, Invite(nick, "#tea"), NOW)


def test_who_runs_the_house_invites_himself_anywhere() -> None:
    house = in_office(a_teahouse(), "dave")
    set_up(house, "#tea", Setting.SECRET, Setting.INVITE_ONLY)
    invite(house, DAVE, Invite("dave", "#tea"), NOW)
    assert list(house.user("dave").invitations) == [201]


def test_the_oldest_of_too_many_invitations_is_forgotten() -> None:
    house = a_teahouse()
    dave = house.user("dave")
    dave.invitations.update(dict.fromkeys([201, *range(301, 350)]))
    invite(house, ALICE, Invite("dave", "#tea"), NOW)
    assert list(dave.invitations) == [*range(301, 350), 201]
    dave.invitations.update({350: None})
    del dave.invitations[201]
    invite(house, ALICE, Invite("dave", "#tea"), NOW)
    assert list(dave.invitations) == [*range(302, 351), 201]


@pytest.mark.parametrize(
    ("session", "kind"),
    [
        pytest.param(ALICE, Setting.BAN, id="bans, who runs the room"),
        pytest.param(CAROL, Setting.BAN, id="bans, a member"),
        pytest.param(DAVE, Setting.BAN, id="bans, an outsider"),
        pytest.param(ALICE, Setting.EXEMPT, id="exempt, who runs the room"),
        pytest.param(ALICE, Setting.WELCOME, id="welcome, who runs the room"),
    ],
)
def test_which_masks_a_room_has_is_told(session: int, kind: Setting) -> None:
    house = listed(a_teahouse(), "#tea", kind, "zoe!*@*", "a*!*@*")
    masks = (Mask("zoe!*@*", "alice", 4500), Mask("a*!*@*", "alice", 4500))
    assert ask_masks(house, session, AskMasks("#TEA", kind), NOW) == [
        Deliver(MasksAre("#tea", kind, masks), to=ToSession(session))
    ]


def test_who_runs_the_house_sees_all_masks() -> None:
    house = set_up(in_office(a_teahouse(), "dave"), "#tea", Setting.SECRET)
    masks_are = MasksAre("#tea", Setting.WELCOME, ())
    assert ask_masks(house, DAVE, AskMasks("#tea", Setting.WELCOME), NOW) == [
        Deliver(masks_are, to=ToSession(DAVE))
    ]


def test_a_room_is_kept_for_an_account_that_runs_it() -> None:
    house = logged_in(a_teahouse(), "alice")
    tea = house.room("#tea")
    tea.roles[301] = Role.OPERATOR
    assert what_comes_of(house, on(Setting.KEPT)) == ([on(Setting.KEPT)], [])
    assert Setting.KEPT in tea.settings
    assert what_comes_of(house, off(Setting.KEPT)) == ([off(Setting.KEPT)], [])


def with_rooms_of_alices(most: int, *kept: str) -> State:
    """The teahouse, where alice's account runs more rooms, some of them *kept*."""
    house = logged_in(a_teahouse(Limits(rooms_per_user=most)), "alice")
    house.room("#tea").roles[301] = Role.OPERATOR
    for number, name in enumerate(("#milk", "#sugar"), start=900):
        room = house.rooms[name] = Room(number, 4000, name, name, empty_since=4500)
        room.roles[301] = Role.OPERATOR
        room.settings.update(dict.fromkeys([Setting.KEPT] * (name in kept)))
    return house


def test_so_many_rooms_are_kept_for_one_account_as_one_may_be_in() -> None:
    house = with_rooms_of_alices(2, "#milk", "#sugar")
    reason = InTooManyRooms("#tea", are_kept=True)
    assert what_comes_of(house, on(Setting.KEPT)) == ([], [reason])
    house.room("#milk").roles[301] = Role.VOICED
    assert what_comes_of(house, on(Setting.KEPT)) == ([on(Setting.KEPT)], [])
    house.room("#milk").roles[301] = Role.OPERATOR
    assert what_comes_of(house, on(Setting.KEPT)) == ([], [])
    assert what_comes_of(house, off(Setting.KEPT)) == ([off(Setting.KEPT)], [])


def test_rooms_that_are_not_kept_do_not_count() -> None:
    house = with_rooms_of_alices(1)
    assert what_comes_of(house, on(Setting.KEPT)) == ([on(Setting.KEPT)], [])


def test_a_room_that_no_account_runs_any_more_is_not_kept() -> None:
    house = logged_in(set_up(a_teahouse(), "#tea", Setting.KEPT), "alice", "bob")
    tea = house.room("#tea")
    tea.roles[301] = Role.OPERATOR
    bob, alice = on(Setting.OPERATOR, "bob"), off(Setting.OPERATOR, "alice")
    voiced = off(Setting.VOICE, "bob")
    assert what_comes_of(house, bob, alice) == ([bob, voiced, alice], [])
    assert Setting.KEPT in tea.settings
    gone = off(Setting.OPERATOR, "bob")
    effects = set_room(house, BOB, SetRoom("#tea", (gone,)), NOW)
    (changed,) = said_in(effects, RoomChanged)
    assert changed.changes == (gone, off(Setting.KEPT))
    assert Setting.KEPT not in tea.settings


@pytest.mark.parametrize(
    ("nicks", "reason"),
    [
        pytest.param((), NotLoggedIn(), id="a guest"),
        pytest.param(("alice",), NotAllowed("#tea"), id="an account that is nothing"),
    ],
)
@pytest.mark.parametrize("change", [on(Setting.KEPT), off(Setting.KEPT)])
def test_for_nobody_else_a_room_is_kept(
    nicks: tuple[str, ...], reason: Reason, change: Change
) -> None:
    house = logged_in(a_teahouse(), *nicks)
    if not change.on:
        set_up(house, "#tea", Setting.KEPT)
    assert what_comes_of(house, change) == ([], [reason])
    assert (Setting.KEPT in house.room("#tea").settings) is not change.on


def test_who_runs_the_house_may_have_a_room_kept_no_longer() -> None:
    house = set_up(in_office(a_teahouse(), "alice"), "#tea", Setting.KEPT)
    assert what_comes_of(house, off(Setting.KEPT)) == ([off(Setting.KEPT)], [])
    assert what_comes_of(house, on(Setting.KEPT)) == ([], [NotLoggedIn()])


def test_an_empty_room_that_is_kept_no_longer_waits_from_then_on() -> None:
    house = set_up(in_office(a_teahouse(), "dave"), "#tea", Setting.KEPT)
    tea = house.room("#tea")
    tea.members.clear()
    house.is_left(tea, 4500)
    set_room(house, DAVE, SetRoom("#tea", (off(Setting.KEPT),)), NOW)
    assert (house.empty, tea.empty_since) == ({201: tea}, 5000)


def test_a_change_is_written_down_once() -> None:
    house = a_teahouse()
    changes = (on(Setting.MODERATED), on(Setting.LIMIT, "7"), on(Setting.BAN, "zoe"))
    effects = set_room(house, ALICE, SetRoom("#tea", changes), NOW)
    assert kept(effects, KeptRoom) == [remembered.room(house.room("#tea"))]


def test_a_word_that_only_its_check_is_known_of_is_the_same_word() -> None:
    house = a_teahouse()
    tea = house.room("#tea")
    tea.key_check = tea.check_of("sesame")
    assert what_comes_of(house, on(Setting.KEY, "sesame")) == ([], [])
    assert what_comes_of(house, off(Setting.KEY)) == ([off(Setting.KEY, "*")], [])
    assert tea.key_check == ""


def test_the_last_one_is_put_out_of_a_room_that_is_gone_then() -> None:
    house = a_house("alice", tea="alice")
    effects = kick(house, ALICE, Kick("#tea", "alice"), NOW)
    assert [room.is_sealed for room in kept(effects, KeptRoom)] == [True]
    assert "#tea" not in house.rooms
