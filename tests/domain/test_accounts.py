"""Accounts: names that are somebody's."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chat.domain.accounts import (
    identified,
    log_out,
    register,
    set_credential,
    unregister,
)
from chat.domain.answers import (
    AccountGone,
    AwayIs,
    CredentialSet,
    CredentialWanted,
    Registered,
    WatchedAre,
)
from chat.domain.claims import (
    Claim,
    Identified,
    LogOut,
    Register,
    SetCredential,
    Unregister,
)
from chat.domain.commands import Introduce, Mark, Say, Setting, Watch
from chat.domain.effects import (
    Attach,
    Close,
    Deliver,
    Detach,
    Effect,
    Seat,
    ToNeighbours,
    ToRoom,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import (
    AccountChanged,
    AwayChanged,
    Departed,
    Entered,
    Joined,
    Left,
    MarkChanged,
    Renamed,
    RoomChanged,
)
from chat.domain.holdings import Link
from chat.domain.identity import introduce
from chat.domain.limits import Limits
from chat.domain.presence import watch
from chat.domain.records import (
    Act,
    Audited,
    ForgottenAccount,
    ForgottenLink,
    KeptAccount,
    KeptRoom,
)
from chat.domain.refusals import (
    AccountSuspended,
    AccountTaken,
    AlreadyLoggedIn,
    CannotTalk,
    LooksLike,
    NickHeld,
    NickImpossible,
    NickInUse,
    NoSuchAccount,
    NotIntroduced,
    NotLoggedIn,
    Reason,
    RegistrationClosed,
    WrongToken,
)
from chat.domain.roles import Role
from chat.domain.state import Stamp, State
from chat.domain.talk import say
from chat.domain.views import Member, Who
from tests.domain.people import (
    ALICE,
    BOB,
    NOW,
    STRANGER,
    a_house,
    always_on,
    held,
    in_office,
    invisible,
    kept,
    listed,
    logged_in,
    refused,
    said_in,
    told,
    who,
    with_a_second_session,
    with_a_stranger,
    with_an_account,
)

LATER = Stamp(id=1001, at=6000)


def of_account(nick: str) -> Who:
    return replace(who(nick), account=nick)


def changed(someone: Who, account: str) -> AccountChanged:
    return AccountChanged(1000, 5000, someone, account)


# Registering.


def test_who_registers_is_logged_in_and_the_neighbours_see_it() -> None:
    house = a_house("alice bob", lobby="alice bob")
    effects = register(house, ALICE, Register("credential"), NOW)
    assert told(effects) == [
        Deliver(Registered("alice"), to=ToSession(ALICE)),
        Deliver(changed(of_account("alice"), "alice"), to=ToUser(101)),
        Deliver(changed(of_account("alice"), "alice"), to=ToNeighbours(101)),
    ]
    assert kept(effects, KeptAccount) == [
        KeptAccount(1000, "alice", "alice", 5000, "credential", seen=5000)
    ]
    assert kept(effects, Audited) == [
        Audited(1000, 5000, Act.REGISTERED, "alice", "", "192.0.2.1")
    ]


def test_an_account_is_found_by_its_name() -> None:
    house = a_house("alice", lobby="alice")
    register(house, ALICE, Register("credential"), NOW)
    account = house.accounts["alice"]
    assert house.user("alice").account is house.sessions[ALICE].account is account
    assert house.lobby.listing()[0].who == of_account("alice")


def test_who_has_no_nick_yet_registers_one_and_comes_in_under_it() -> None:
    house = with_a_stranger(a_house())
    nobody = Who("Zoe", "", "stranger.host", "", "Zoe")
    effects = register(house, STRANGER, Register("credential", "Zoe"), NOW)
    assert told(effects) == [
        Deliver(Registered("Zoe"), to=ToSession(STRANGER)),
        Deliver(changed(nobody, "Zoe"), to=ToSession(STRANGER)),
    ]
    introduce(house, STRANGER, Introduce("whoever", "z", "Zoe Z."), LATER)
    zoe = Who("Zoe", "z", "stranger.host", "Zoe Z.", "Zoe")
    assert [user.who for user in house.users.values()] == [zoe]


def test_who_has_a_nick_may_register_another() -> None:
    house = a_house("alice bob", lobby="alice bob")
    effects = register(house, ALICE, Register("credential", "Zoe"), NOW)
    assert said_in(effects, Renamed)[0] == Renamed(1000, 5000, who("alice"), "Zoe")
    assert house.user("zoe").who == replace(of_account("Zoe"), **names_of("alice"))


def names_of(nick: str) -> dict[str, str]:
    """What does not change with the nick."""
    someone = who(nick)
    return {
        "username": someone.username,
        "host": someone.host,
        "realname": someone.realname,
    }


def test_a_named_guest_registers_without_what_the_house_put_before_it() -> None:
    house = a_house("guest-bob", limits=Limits(guests="named"))
    register(house, ALICE, Register("credential"), NOW)
    assert list(house.accounts) == list(house.users) == ["bob"]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        pytest.param("BOB", AccountTaken("BOB"), id="an account's"),
        pytest.param("b0b", LooksLike("b0b", "bob"), id="looks like one"),
        pytest.param("carol", NickInUse("carol"), id="somebody else's nick"),
        pytest.param(
            "guest-7",
            NickImpossible("guest-7", "names that begin with guest- are for guests"),
            id="a guest's",
        ),
        pytest.param(
            "z\u03bfe",
            NickImpossible("z\u03bfe", "it mixes letters of several alphabets"),
            id="mixed",
        ),
        pytest.param(
            "a!b", NickImpossible("a!b", "it may not hold !"), id="impossible"
        ),
        pytest.param("zoe", NickHeld("alice", "#tea"), id="round a ban"),
    ],
)
def test_what_nobody_registers(asked: str, reason: Reason) -> None:
    house = with_an_account(a_house("alice carol", tea="carol alice"), "bob")
    listed(house, "#tea", Setting.BAN, "m:alice!*@*")
    with refused(house, reason):
        register(house, ALICE, Register("credential", asked), NOW)


def test_who_is_muted_registers_his_nick() -> None:
    house = a_house("alice bob", tea="bob alice")
    listed(house, "#tea", Setting.BAN, "m:alice!*@*")
    register(house, ALICE, Register("credential"), NOW)
    assert list(house.accounts) == ["alice"]


def test_who_has_no_nick_has_to_name_one() -> None:
    house = with_a_stranger(a_house())
    with refused(house, NotIntroduced()):
        register(house, STRANGER, Register("credential"), NOW)


def test_who_is_held_does_not_register_the_nick() -> None:
    house = held(a_house("bob"), "bob")
    with refused(house, AccountTaken("bob")):
        register(house, 1, Register("credential"), NOW)


def test_nobody_registers_twice() -> None:
    house = logged_in(a_house("alice"), "alice")
    with refused(house, AlreadyLoggedIn("alice")):
        register(house, ALICE, Register("credential", "zoe"), NOW)


@pytest.mark.parametrize(
    ("policy", "is_invited", "may"),
    [
        ("open", False, True),
        ("open", True, True),
        ("invited", False, False),
        ("invited", True, True),
        ("closed", False, False),
        ("closed", True, False),
    ],
)
def test_who_may_register(policy: str, is_invited: bool, may: bool) -> None:
    house = a_house("alice", limits=Limits(registration=policy))
    if is_invited:
        with_a_link(house, ALICE)
    if may:
        register(house, ALICE, Register("credential"), NOW)
        assert list(house.accounts) == ["alice"]
        return
    with refused(house, RegistrationClosed()):
        register(house, ALICE, Register("credential"), NOW)


def with_a_link(house: State, session: int, uses: int = 1) -> Link:
    """A link into the lobby that holds until 9000, and *session* has shown."""
    link = Link(7, 0, "digest", "bob", 9000, uses)
    house.add(link)
    house.sessions[session].link = link
    return link


def test_a_link_that_has_run_out_lets_nobody_register() -> None:
    house = a_house("alice", limits=Limits(registration="invited"))
    with_a_link(house, ALICE)
    with refused(house, RegistrationClosed()):
        register(house, ALICE, Register("credential"), Stamp(1000, 9000))


@pytest.mark.parametrize("has_link", [False, True])
def test_who_was_asked_for_no_password_needs_his_link(has_link: bool) -> None:
    house = with_a_stranger(a_house())
    if has_link:
        with_a_link(house, STRANGER)
    at_its_end = Stamp(1000, 9000)
    invited = Register("credential", "zoe", is_invited=True)
    with refused(house, WrongToken()):
        register(house, STRANGER, invited, at_its_end)
    if has_link:
        register(house, STRANGER, invited, NOW)


def an_invited_house(uses: int = 1, **rooms: str) -> State:
    """A house where only the invited register, and alice has a link to the lobby."""
    house = a_house("alice bob", limits=Limits(registration="invited"), **rooms)
    with_a_link(house, ALICE, uses)
    return house


@pytest.mark.parametrize("lobby", ["bob", "alice"])
@pytest.mark.parametrize("uses", [1, 2])
def test_an_account_that_a_link_allows_is_counted_once(lobby: str, uses: int) -> None:
    house = an_invited_house(uses, lobby=lobby)
    effects = register(house, ALICE, Register("credential"), NOW)
    acts = {each.act: each.who for each in kept(effects, Audited)}
    assert acts == {Act.REDEEMED: "alice", Act.REGISTERED: "alice"}
    assert [link.uses for link in house.links.values()] == [1] * (uses - 1)


def test_a_link_makes_no_second_account() -> None:
    house = an_invited_house(uses=2)
    register(house, ALICE, Register("credential"), NOW)
    log_out(house, ALICE, LogOut(), NOW)
    with refused(house, RegistrationClosed()):
        register(house, ALICE, Register("credential", "zoe"), NOW)
    # But shown again it is counted again.
    link = house.links["digest"]
    session = house.sessions[ALICE]
    session.is_counted = session.has_registered = False
    register(house, ALICE, Register("credential", "zoe"), NOW)
    assert (link.uses, house.links) == (0, {})


@pytest.mark.parametrize("policy", ["open", "invited"])
def test_who_registers_at_the_door_has_used_his_link(policy: str) -> None:
    limits = Limits(registration=policy)
    house = with_a_stranger(a_house(limits=limits))
    with_a_link(house, STRANGER)
    invited = Register("credential", "zoe", is_invited=True)
    register(house, STRANGER, invited, NOW)
    assert house.links == {}
    # He comes in on it all the same, and into its room.
    introduce(house, STRANGER, Introduce("zoe", "z", "", is_invited=True), NOW)
    assert list(house.user("zoe").rooms) == ["#lobby"]


def test_but_he_registers_once() -> None:
    house = with_a_stranger(a_house())
    with_a_link(house, STRANGER)
    invited = Register("credential", "zoe", is_invited=True)
    register(house, STRANGER, invited, NOW)
    log_out(house, STRANGER, LogOut(), NOW)
    with refused(house, WrongToken()):
        register(house, STRANGER, replace(invited, name="zak"), NOW)


def test_who_ran_a_room_as_a_guest_runs_it_with_his_account() -> None:
    house = a_house("alice", tea="alice")
    effects = register(house, ALICE, Register("credential"), NOW)
    assert house.room("#tea").roles == {1000: Role.OPERATOR}
    assert [room.id for room in kept(effects, KeptRoom)] == [201]


# Logging in.


def test_who_logs_in_goes_by_the_accounts_name() -> None:
    house = with_an_account(a_house("alice bob", lobby="alice bob"), "Zoe")
    zoe = Who("Zoe", **names_of("alice"), account="Zoe")
    renamed = Renamed(1000, 5000, who("alice"), "Zoe")
    effects = identified(house, ALICE, Identified("zoe"), NOW)
    assert told(effects) == [
        Deliver(renamed, to=ToUser(101)),
        Deliver(renamed, to=ToNeighbours(101)),
        Deliver(changed(zoe, "Zoe"), to=ToUser(101)),
        Deliver(changed(zoe, "Zoe"), to=ToNeighbours(101)),
    ]
    assert kept(effects, Audited) == [
        Audited(1000, 5000, Act.LOGGED_IN, "Zoe", "", "192.0.2.1")
    ]
    assert kept(effects, KeptAccount)[0].seen == 5000


def test_marks_rooms_and_words_survive() -> None:
    house = with_an_account(a_house("alice", tea="alice"), "zoe")
    house.user("alice").away = "lunch"
    house.user("alice").marks[Mark.BOT] = None
    identified(house, ALICE, Identified("zoe"), NOW)
    zoe = house.user("zoe")
    assert (zoe.away, list(zoe.marks), list(zoe.rooms)) == (
        "lunch",
        [Mark.BOT],
        ["#tea"],
    )


def test_who_is_somebody_in_a_room_is_recognised() -> None:
    house = with_an_account(a_house("bob alice", tea="bob alice"), "zoe")
    house.room("#tea").roles[300] = Role.VOICED
    effects = identified(house, BOB, Identified("zoe"), NOW)
    assert len(said_in(effects, RoomChanged)) == 1
    assert house.room("#tea").members[house.user("zoe")] is Role.VOICED


def test_who_was_held_on_the_nick_is_let_in_as_himself() -> None:
    house = held(a_house("alice bob", lobby="alice"), "bob")
    house.users["bob"].wanted = "#lobby"
    watch(house, ALICE, Watch(("bob",)), NOW)
    bob = of_account("bob")
    inside = (Member(who("alice"), Role.MEMBER), Member(bob, Role.MEMBER))
    assert told(identified(house, BOB, Identified("bob"), NOW)) == [
        Deliver(changed(bob, "bob"), to=ToUser(102)),
        Deliver(changed(bob, "bob"), to=ToNeighbours(102)),
        Deliver(WatchedAre((bob,), ()), to=ToSession(ALICE)),
        Deliver(Joined(1000, 5000, bob, "#lobby"), to=ToRoom(0)),
        Seat(102, 0),
        Deliver(Entered(1000, 5000, bob, "#lobby", None, inside), to=ToUser(102)),
    ]
    assert house.user("bob").held_until is None


def test_who_was_held_on_another_nick_is_let_in_too() -> None:
    house = with_an_account(held(a_house("alice bob"), "bob"), "zoe")
    house.users["bob"].wanted = "#lobby"
    identified(house, BOB, Identified("zoe"), NOW)
    assert list(house.user("zoe").rooms) == ["#lobby"]


def test_a_guest_on_the_nick_is_put_off_it() -> None:
    house = held(a_house("alice bob"), "bob")
    identified(house, ALICE, Identified("bob"), NOW)
    assert house.users["bob"] is house.sessions[ALICE].user
    assert house.users["guest-1000"] is house.sessions[BOB].user


def test_a_guest_is_put_off_it_before_the_owner_has_come_in() -> None:
    house = with_a_stranger(held(a_house("bob"), "bob"))
    nobody = Who("bob", "", "stranger.host", "", "bob")
    renamed = Renamed(1000, 5000, who("bob"), "guest-1000")
    assert told(identified(house, STRANGER, Identified("bob"), NOW)) == [
        Deliver(renamed, to=ToUser(101)),
        Deliver(renamed, to=ToNeighbours(101)),
        Deliver(changed(nobody, "bob"), to=ToSession(STRANGER)),
    ]


def test_a_guest_who_is_here_already_becomes_one_with_himself() -> None:
    house = a_house("alice bob", lobby="alice", tea="bob alice")
    logged_in(house, "alice")
    guest, alice = who("bob"), of_account("alice")
    inside = (Member(alice, Role.MEMBER),)
    lobby = Entered(1000, 5000, alice, "#lobby", None, inside)
    tea = Entered(1000, 5000, alice, "#tea", None, inside)
    departed = Departed(1000, 5000, guest, "Logged in as alice")
    assert told(identified(house, BOB, Identified("alice"), NOW)) == [
        Deliver(Left(1000, 5000, guest, "#tea", ""), to=ToSession(BOB)),
        Deliver(Renamed(1000, 5000, guest, "alice"), to=ToSession(BOB)),
        Deliver(departed, to=ToNeighbours(102)),
        Unseat(102, 201),
        Detach(BOB),
        Attach(BOB, 101),
        Deliver(changed(alice, "alice"), to=ToSession(BOB)),
        Deliver(lobby, to=ToSession(BOB)),
        Deliver(tea, to=ToSession(BOB)),
    ]
    assert list(house.users) == ["alice"]
    assert list(house.user("alice").sessions) == [ALICE, BOB]


def test_a_guest_who_was_left_alone_is_back() -> None:
    house = logged_in(a_house("alice bob", lobby="alice"), "alice")
    alice = always_on(house, "alice").user("alice")
    alice.sessions.clear()
    del house.sessions[ALICE]
    alice.away = "not connected"
    effects = identified(house, BOB, Identified("alice"), NOW)
    assert said_in(effects, AwayChanged)[0].text == ""
    assert alice.away == ""


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nobody", NoSuchAccount("nobody")),
        ("BOB", AccountSuspended("bob")),
    ],
)
def test_who_cannot_log_in(name: str, reason: Reason) -> None:
    house = with_an_account(a_house("alice"), "bob")
    house.accounts["bob"].is_suspended = True
    with refused(house, reason):
        identified(house, ALICE, Identified(name), NOW)


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_nobody_logs_in_twice(name: str) -> None:
    house = logged_in(a_house("alice bob"), "alice", "bob")
    with refused(house, AlreadyLoggedIn("alice")):
        identified(house, ALICE, Identified(name), NOW)


def test_a_one_time_code_is_used_up() -> None:
    house = with_an_account(a_house("alice"), "bob")
    house.accounts["bob"].code = "code"
    effects = identified(house, ALICE, Identified("bob"), NOW)
    assert effects[-1] == Deliver(CredentialWanted("bob"), to=ToSession(ALICE))
    (record,) = kept(effects, KeptAccount)
    assert (record.credential, record.code) == ("", "")


@pytest.mark.parametrize(
    ("mask", "role", "is_off"),
    [
        pytest.param("m:alice!*@*", None, True, id="only by the nick"),
        pytest.param("alice!*@*", None, True, id="banned inside"),
        pytest.param("m:*!*@alice.host", None, True, id="by the host"),
        pytest.param("m:alice!*@*", Role.VOICED, False, id="the account has a voice"),
        pytest.param("m:alice!*@*", Role.OPERATOR, False, id="the account runs it"),
        pytest.param("m:bob!*@*", None, False, id="by the nick that is the account's"),
    ],
)
def test_who_is_muted_is_not_heard_for_having_logged_in(
    mask: str, role: Role | None, is_off: bool
) -> None:
    house = with_an_account(a_house("carol alice", tea="carol alice"), "bob")
    listed(house, "#tea", Setting.BAN, mask)
    if role is not None:
        house.room("#tea").roles[300] = role
    effects = identified(house, BOB, Identified("bob"), NOW)
    left = Left(1000, 5000, who("alice"), "#tea", "Was muted")
    assert (Deliver(left, to=ToRoom(201)) in effects) is is_off
    assert (house.user("bob") not in house.room("#tea").members) is is_off
    if not is_off and role is None:
        assert not house.room("#tea").hears(house.user("bob"))


# Logging out.


def test_who_logs_out_is_a_guest_and_in_no_room() -> None:
    house = logged_in(a_house("alice bob", tea="alice bob"), "alice")
    alice, guest = of_account("alice"), replace(who("alice"), nick="guest-1000")
    departed = Departed(1000, 5000, alice, "Logged out")
    assert told(log_out(house, ALICE, LogOut(), NOW)) == [
        Deliver(Left(1000, 5000, alice, "#tea", ""), to=ToSession(ALICE)),
        Deliver(Renamed(1000, 5000, alice, "guest-1000"), to=ToSession(ALICE)),
        Deliver(departed, to=ToNeighbours(101)),
        Unseat(101, 201),
        Detach(ALICE),
        Attach(ALICE, 1000),
        Deliver(changed(guest, ""), to=ToSession(ALICE)),
    ]
    assert (house.sessions[ALICE].account, house.user("guest-1000").account) == (
        None,
        None,
    )
    assert [each.who.nick for each in house.room("#tea").members] == ["bob"]


@pytest.mark.parametrize("verb", [log_out, unregister])
@pytest.mark.parametrize("others", [0, 1])
def test_who_logs_out_is_nothing_any_more(
    verb: Callable[..., list[Effect]], others: int
) -> None:
    house = in_office(a_house("alice bob", tea="alice bob"), "alice")
    with_a_second_session(house, "alice", 7) if others else house
    logged_in(house, "alice", "bob").user("alice").away = "at lunch"
    invisible(house, "alice")
    house.room("#tea").roles[301] = Role.OPERATOR
    command = LogOut() if verb is log_out else Unregister()
    effects = verb(house, ALICE, command, NOW)
    guest = house.user("guest-1000")
    assert (list(guest.marks), guest.rooms, guest.away) == ([Mark.INVISIBLE], {}, "")
    (mark,) = said_in(effects, MarkChanged)
    assert (mark.mark, mark.on) == (Mark.OPERATOR, False)
    assert Deliver(AwayIs(is_away=False), to=ToSession(ALICE)) in effects


def test_who_is_muted_by_account_talks_nowhere_for_having_logged_out() -> None:
    house = logged_in(a_house("alice bob", tea="alice bob"), "bob")
    listed(house, "#tea", Setting.BAN, "m:a:bob")
    log_out(house, BOB, LogOut(), NOW)
    with refused(house, CannotTalk("#tea")):
        say(house, BOB, Say("#tea", "hello"), LATER)


@pytest.mark.parametrize("why", ["another session", "always on"])
def test_who_stays_without_this_session_is_left_by_it(why: str) -> None:
    house = logged_in(a_house("alice bob", lobby="alice bob"), "alice")
    if why == "always on":
        always_on(house, "alice")
    else:
        with_a_second_session(house, "alice", 7)
        house.sessions[7].account = house.accounts["alice"]
    watch(house, BOB, Watch(("guest-1000",)), NOW)
    alice, guest = of_account("alice"), replace(who("alice"), nick="guest-1000")
    effects = log_out(house, ALICE, LogOut(), NOW)
    away = said_in(effects, AwayChanged)
    assert [
        each for each in told(effects) if getattr(each, "event", 0) not in away
    ] == [
        Deliver(Left(1000, 5000, alice, "#lobby", ""), to=ToSession(ALICE)),
        Deliver(Renamed(1000, 5000, alice, "guest-1000"), to=ToSession(ALICE)),
        Detach(ALICE),
        Attach(ALICE, 1000),
        Deliver(changed(guest, ""), to=ToSession(ALICE)),
        Deliver(WatchedAre((guest,), ()), to=ToSession(BOB)),
    ]
    assert house.user("alice") in house.lobby.members
    assert house.user("guest-1000").rooms == {}
    assert list(house.user("guest-1000").sessions) == [ALICE]


def test_who_has_not_come_in_yet_logs_out() -> None:
    house = with_a_stranger(with_an_account(a_house(), "zoe"))
    identified(house, STRANGER, Identified("zoe"), NOW)
    nobody = Who("", "", "stranger.host", "")
    assert told(log_out(house, STRANGER, LogOut(), NOW)) == [
        Deliver(changed(nobody, ""), to=ToSession(STRANGER))
    ]
    assert house.sessions[STRANGER].account is None


@pytest.mark.parametrize("guests", ["open", "none"])
def test_it_is_written_down_who_logged_out(guests: str) -> None:
    house = logged_in(a_house("alice", limits=Limits(guests=guests)), "alice")
    effects = log_out(house, ALICE, LogOut(), NOW)
    assert kept(effects, Audited) == [
        Audited(1000, 5000, Act.LOGGED_OUT, "alice", "", "192.0.2.1")
    ]


def test_where_no_guests_are_who_logs_out_is_gone() -> None:
    house = logged_in(a_house("alice", limits=Limits(guests="none")), "alice")
    effects = log_out(house, ALICE, LogOut(), NOW)
    assert effects[-1] == Close(ALICE, "Logged out")
    assert house.users == {}


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        (log_out, LogOut()),
        (set_credential, SetCredential("credential")),
        (unregister, Unregister()),
    ],
)
def test_a_guest_has_no_account_to_do_that_with(
    verb: Callable[..., list[Effect]], command: Claim
) -> None:
    house = a_house("alice")
    with refused(house, NotLoggedIn()):
        verb(house, ALICE, command, NOW)


# The password, and the end.


def test_who_came_in_with_the_old_password_is_out() -> None:
    house = with_a_second_session(a_house("alice bob"), "alice", 7)
    logged_in(house, "alice", "bob")
    house.accounts["alice"].code = "code"
    effects = set_credential(house, ALICE, SetCredential("new"), NOW)
    assert told(effects) == [
        Close(7, "The password was changed"),
        Deliver(CredentialSet("alice"), to=ToSession(ALICE)),
    ]
    (record,) = kept(effects, KeptAccount)
    assert (record.credential, record.code) == ("new", "")
    assert [each.act for each in kept(effects, Audited)] == [Act.PASSWORD]


def a_house_of_alices() -> State:
    house = with_a_second_session(a_house("alice bob", tea="alice bob"), "alice", 7)
    logged_in(house, "alice", "bob")
    house.room("#tea").roles.update({301: Role.OPERATOR, 302: Role.VOICED})
    return house


def test_who_gives_the_account_up_is_a_guest() -> None:
    house = a_house_of_alices()
    effects = unregister(house, ALICE, Unregister(), NOW)
    assert told(effects)[:2] == [
        Deliver(AccountGone("alice"), to=ToSession(ALICE)),
        Close(7, "The account was deleted"),
    ]
    assert kept(effects, ForgottenAccount) == [ForgottenAccount(301)]
    assert kept(effects, Audited) == [
        Audited(1000, 5000, Act.DELETED, "alice", "alice", "192.0.2.1")
    ]
    assert (list(house.accounts), list(house.users)) == (["bob"], ["bob", "guest-1000"])
    assert list(house.lookalikes) == ["bob"]


def test_what_the_account_was_in_rooms_is_forgotten() -> None:
    house = a_house_of_alices()
    effects = unregister(house, ALICE, Unregister(), NOW)
    assert house.room("#tea").roles == {302: Role.VOICED}
    assert [room.id for room in kept(effects, KeptRoom)] == [201]


def test_the_name_is_free_again() -> None:
    house = a_house_of_alices()
    unregister(house, ALICE, Unregister(), NOW)
    register(house, ALICE, Register("credential", "alice"), LATER)
    assert house.accounts["alice"].id == 1001


@pytest.mark.parametrize("is_here", [True, False])
def test_who_is_always_on_goes_with_the_account(is_here: bool) -> None:
    house = with_a_stranger(always_on(logged_in(a_house("alice"), "alice"), "alice"))
    if not is_here:
        house.user("alice").sessions.clear()
        del house.sessions[ALICE]
    house.sessions[STRANGER].account = house.accounts["alice"]
    unregister(house, STRANGER, Unregister(), NOW)
    assert house.users == {}
    assert list(house.sessions) == [STRANGER]


def test_a_guest_who_was_held_on_the_nick_has_it() -> None:
    house = with_a_stranger(held(a_house("alice bob"), "bob"))
    house.sessions[STRANGER].account = house.accounts["bob"]
    house.users["bob"].wanted = "#lobby"
    watch(house, ALICE, Watch(("bob",)), NOW)
    effects = unregister(house, STRANGER, Unregister(), NOW)
    assert Deliver(WatchedAre((who("bob"),), ()), to=ToSession(ALICE)) in effects
    assert list(house.user("bob").rooms) == ["#lobby"]


def test_an_account_takes_its_invitations_along() -> None:
    house = logged_in(a_house("alice bob"), "alice", "bob")
    with_a_link(house, ALICE)
    unregister(house, ALICE, Unregister(), NOW)
    assert list(house.links) == ["digest"]
    effects = unregister(house, BOB, Unregister(), NOW)
    assert (kept(effects, ForgottenLink), house.links) == ([ForgottenLink(7)], {})


def test_where_no_guests_are_who_gives_the_account_up_is_gone() -> None:
    house = a_house_of_alices()
    house.limits = Limits(guests="none")
    unregister(house, ALICE, Unregister(), NOW)
    assert (list(house.sessions), list(house.users)) == ([BOB], ["bob"])
