"""Links: invitations for whoever holds a token."""

import json
from hashlib import sha256

import pytest

from chat.domain import snapshot
from chat.domain.answers import Declined, LinkIs, LinksAre, Redeemed
from chat.domain.claims import AskLinks, MakeLink, Redeem, Revoke, Tidy
from chat.domain.commands import Leave, Setting
from chat.domain.effects import Deliver, Effect, Seat, ToSession
from chat.domain.events import Entered
from chat.domain.limits import Limits
from chat.domain.links import (
    ask_links,
    check_holds,
    count,
    forget_those_of,
    holds,
    make_link,
    redeem,
    revoke,
    use,
)
from chat.domain.records import Act, Audited, ForgottenLink, KeptLink
from chat.domain.refusals import (
    Banned,
    LinkImpossible,
    NoSuchLink,
    NoSuchRoom,
    NotAllowed,
    NotAMember,
    NotIntroduced,
    NotLoggedIn,
    Reason,
    Refused,
    WrongToken,
)
from chat.domain.rooms import leave
from chat.domain.state import Stamp, State
from chat.domain.upkeep import tidy
from chat.domain.views import LinkRow
from tests.domain.people import (
    ALICE,
    BOB,
    CAROL,
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
    with_a_stranger,
)

TOKEN = "sb-a-token"  # noqa: S105 - of no house
DIGEST = sha256(TOKEN.encode()).hexdigest()
HOUR = 3600
# When an hour is over that began at NOW.
THEN = Stamp(2000, 5000 + HOUR * 1000)


def with_a_link(uses: int = 0, people: str = "alice bob carol") -> State:
    """A teahouse that alice runs, and a link into it."""
    house = logged_in(a_house(people, tea="alice"), "alice")
    make_link(house, ALICE, MakeLink("#tea", HOUR, uses, TOKEN), NOW)
    return house


def row(uses: int = -1) -> LinkRow:
    return LinkRow(1000, "alice", THEN.at, uses)


def is_inside(house: State, nick: str) -> bool:
    return house.user(nick) in house.room("#tea").members


@pytest.mark.parametrize(("uses", "left"), [(0, -1), (1, 1), (10_000, 10_000)])
def test_who_makes_a_link_is_told_the_token(uses: int, left: int) -> None:
    house = logged_in(a_house("alice", tea="alice"), "alice")
    effects = make_link(house, ALICE, MakeLink("#TEA", HOUR, uses, TOKEN), NOW)
    assert told(effects) == [
        Deliver(LinkIs("#tea", TOKEN, row(left)), to=ToSession(ALICE))
    ]
    assert kept(effects) == [
        KeptLink(1000, 201, DIGEST, "alice", THEN.at, left),
        Audited(1000, 5000, Act.INVITED, "alice", "#tea", "192.0.2.1"),
    ]


def test_the_house_does_not_remember_the_token() -> None:
    assert TOKEN not in json.dumps(snapshot.of(with_a_link()))


SHORT_OR_LONG = "it lasts from a minute to 366 days"
TOO_OFTEN = "it can be used up to 10000 times"
NOT_NEW = "its number is not a new one; try again"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (MakeLink("#tea", 59, 0, "x"), SHORT_OR_LONG),
        (MakeLink("#tea", 0, 0, "x"), SHORT_OR_LONG),
        (MakeLink("#tea", -60, 0, "x"), SHORT_OR_LONG),
        (MakeLink("#tea", 366 * 86400 + 1, 0, "x"), SHORT_OR_LONG),
        (MakeLink("#tea", HOUR, -1, "x"), TOO_OFTEN),
        (MakeLink("#tea", HOUR, 10_001, "x"), TOO_OFTEN),
        (MakeLink("#tea", HOUR, 0, TOKEN), NOT_NEW),
    ],
)
def test_what_can_be_no_link(command: MakeLink, why: str) -> None:
    house = with_a_link()
    with refused(house, LinkImpossible("#tea", why)):
        make_link(house, ALICE, command, Stamp(1001, 5000))


@pytest.mark.parametrize("seconds", [60, 366 * 86400])
def test_how_long_a_link_lasts(seconds: int) -> None:
    house = logged_in(a_house("alice", tea="alice"), "alice")
    make_link(house, ALICE, MakeLink("#tea", seconds, 0, TOKEN), NOW)
    assert house.links[DIGEST].until == 5000 + seconds * 1000


def test_no_two_links_of_a_room_have_one_number() -> None:
    house = with_a_link()
    again = MakeLink("#tea", HOUR, 0, "another")
    with refused(house, LinkImpossible("#tea", NOT_NEW)):
        make_link(house, ALICE, again, Stamp(1_001_000, 5000))


def test_a_room_has_so_many_links() -> None:
    house = logged_in(a_house("alice bob", tea="alice", coffee="alice"), "alice")
    for number in range(50):
        stamp = Stamp(1000 + number, 5000)
        make_link(house, ALICE, MakeLink("#tea", HOUR, 0, f"{number}"), stamp)
    one_more = MakeLink("#tea", HOUR, 0, "one more")
    with refused(house, LinkImpossible("#tea", "50 are out already")):
        make_link(house, ALICE, one_more, Stamp(1050, 5000))
    elsewhere = MakeLink("#coffee", HOUR, 0, "elsewhere")
    assert make_link(house, ALICE, elsewhere, Stamp(1050, 5000))
    # What has run out does not count.
    assert make_link(house, ALICE, one_more, THEN)


@pytest.mark.parametrize(
    ("session", "reason"),
    [(BOB, NotAllowed("#tea")), (CAROL, NotAMember("#tea"))],
)
def test_only_who_runs_a_room_has_to_do_with_its_links(
    session: int, reason: Reason
) -> None:
    house = a_house("alice bob carol", tea="alice bob")
    for verb, command in [
        (make_link, MakeLink("#tea", HOUR, 0, TOKEN)),
        (ask_links, AskLinks("#tea")),
        (revoke, Revoke("#tea", 1000)),
    ]:
        with refused(house, reason):
            verb(house, session, command, NOW)  # type: ignore[operator]


def test_who_runs_the_house_makes_links_everywhere() -> None:
    house = in_office(a_house("alice bob", tea="alice"), "bob")
    make_link(house, BOB, MakeLink("#lobby", HOUR, 0, TOKEN), NOW)
    assert house.links[DIGEST].room == 0


def test_a_guest_makes_no_links_into_his_own_room() -> None:
    house = a_house("alice", tea="alice")
    with refused(house, NotLoggedIn()):
        make_link(house, ALICE, MakeLink("#tea", HOUR, 0, TOKEN), NOW)


def test_a_stranger_makes_no_links() -> None:
    house = with_a_stranger(a_house("alice", tea="alice"))
    with refused(house, NotIntroduced()):
        make_link(house, STRANGER, MakeLink("#tea", HOUR, 0, TOKEN), NOW)


def test_of_a_secret_room_there_are_no_links_for_outsiders() -> None:
    house = set_up(with_a_link(), "#tea", Setting.SECRET)
    with refused(house, NoSuchRoom("#tea")):
        ask_links(house, BOB, AskLinks("#tea"), NOW)


def test_which_links_are_out_is_told() -> None:
    house = with_a_link(uses=3)
    links_are = LinksAre("#tea", (row(3),))
    assert ask_links(house, ALICE, AskLinks("#tea"), NOW) == [
        Deliver(links_are, to=ToSession(ALICE))
    ]


def test_what_has_run_out_is_out_no_more() -> None:
    house = with_a_link()
    assert ask_links(house, ALICE, AskLinks("#tea"), THEN) == [
        Deliver(LinksAre("#tea", ()), to=ToSession(ALICE))
    ]


def test_a_link_is_taken_back() -> None:
    house = with_a_link()
    effects = revoke(house, ALICE, Revoke("#tea", 1000), NOW)
    assert told(effects) == [Deliver(LinksAre("#tea", ()), to=ToSession(ALICE))]
    assert kept(effects) == [
        ForgottenLink(1000),
        Audited(1000, 5000, Act.REVOKED, "alice", "#tea 1000", "192.0.2.1"),
    ]
    with refused(house, WrongToken()):
        redeem(house, BOB, Redeem(TOKEN), NOW)


def test_only_what_is_out_can_be_taken_back() -> None:
    house = with_a_link()
    with refused(house, NoSuchLink("#tea", 1)):
        revoke(house, ALICE, Revoke("#tea", 1), NOW)


@pytest.mark.parametrize(
    ("token", "stamp"),
    [
        pytest.param("sb-guessed", NOW, id="guessed"),
        pytest.param("", NOW, id="nothing"),
        pytest.param("\ud800", NOW, id="no text at all"),
        pytest.param(TOKEN, THEN, id="too late"),
    ],
)
def test_what_opens_nothing(token: str, stamp: Stamp) -> None:
    house = with_a_link()
    with refused(house, WrongToken()):
        redeem(house, BOB, Redeem(token), stamp)


def test_who_is_here_comes_into_the_room_at_once() -> None:
    house = with_a_link(uses=2)
    effects = redeem(house, BOB, Redeem(TOKEN), NOW)
    assert effects[0] == Deliver(Redeemed("#tea"), to=ToSession(BOB))
    assert len(said_in(effects, Entered)) == 1
    assert is_inside(house, "bob")
    assert kept(effects, Audited) == [
        Audited(1000, 5000, Act.REDEEMED, "bob", "#tea", "192.0.2.2")
    ]
    assert kept(effects, KeptLink) == [
        KeptLink(1000, 201, DIGEST, "alice", THEN.at, uses=1)
    ]


def test_a_link_is_used_up() -> None:
    house = with_a_link(uses=1)
    effects = redeem(house, BOB, Redeem(TOKEN), NOW)
    assert (kept(effects, ForgottenLink), house.links) == ([ForgottenLink(1000)], {})
    with refused(house, WrongToken()):
        redeem(house, CAROL, Redeem(TOKEN), NOW)
    # But who has come in on it has come in on it.
    assert house.sessions[BOB].link is not None


def test_a_link_for_any_number_is_never_used_up() -> None:
    house = with_a_link()
    for session in (BOB, CAROL):
        effects = redeem(house, session, Redeem(TOKEN), NOW)
        assert len(kept(effects, Audited)) == 1
        assert not kept(effects, KeptLink)
        assert not kept(effects, ForgottenLink)
    assert house.links[DIGEST].uses == -1


def test_who_is_inside_uses_nothing() -> None:
    house = with_a_link(uses=1)
    effects = redeem(house, ALICE, Redeem(TOKEN), NOW)
    assert effects == [Deliver(Redeemed("#tea"), to=ToSession(ALICE))]
    assert house.links[DIGEST].uses == 1


def test_a_link_leads_into_a_room_whatever_its_settings() -> None:
    house = set_up(with_a_link(), "#tea", Setting.INVITE_ONLY, Setting.SECRET)
    house.room("#tea").key, house.room("#tea").limit = "sesame", 1
    redeem(house, BOB, Redeem(TOKEN), NOW)
    assert is_inside(house, "bob")


def test_but_a_ban_is_a_ban() -> None:
    house = listed(with_a_link(uses=1), "#tea", Setting.BAN, "bob!*@*")
    with refused(house, Banned("#tea")):
        redeem(house, BOB, Redeem(TOKEN), NOW)
    assert house.links[DIGEST].uses == 1


def test_a_stranger_is_told_where_it_leads_and_nothing_is_used() -> None:
    house = with_a_stranger(with_a_link(uses=1))
    effects = redeem(house, STRANGER, Redeem(TOKEN), NOW)
    assert effects == [Deliver(Redeemed("#tea"), to=ToSession(STRANGER))]
    assert house.sessions[STRANGER].link is house.links[DIGEST]
    assert house.links[DIGEST].uses == 1


def redeemed_by_a_stranger(uses: int = 0) -> State:
    """A teahouse to which bob came on a link, and now he has said his name."""
    house = with_a_link(uses)
    house.sessions[BOB].link = house.links[DIGEST]
    return house


def used(house: State, stamp: Stamp = NOW) -> list[Effect]:
    return use(house, house.user("bob"), BOB, stamp)


def test_who_has_said_his_name_comes_in_on_his_link() -> None:
    house = redeemed_by_a_stranger(uses=1)
    effects = used(house)
    assert is_inside(house, "bob")
    assert kept(effects, ForgottenLink) == [ForgottenLink(1000)]
    assert [type(each) for each in told(effects)].count(Seat) == 1


def test_a_link_is_used_once_by_each() -> None:
    house = redeemed_by_a_stranger()
    used(house)
    leave(house, BOB, Leave("#tea"), NOW)
    assert (used(house), is_inside(house, "bob")) == ([], False)


def test_who_is_there_already_has_used_it_and_it_does_not_count() -> None:
    house = redeemed_by_a_stranger(uses=1)
    house.user("bob").rooms["#tea"] = house.room("#tea")
    house.room("#tea").members[house.user("bob")] = house.room("#tea").members[
        house.user("alice")
    ]
    assert (used(house), house.links[DIGEST].uses) == ([], 1)
    assert house.sessions[BOB].has_used_link


def test_who_is_banned_has_come_in_and_hears_why_not_there() -> None:
    house = listed(redeemed_by_a_stranger(uses=1), "#tea", Setting.BAN, "bob!*@*")
    effects = used(house)
    assert told(effects) == [Deliver(Declined(Banned("#tea")), to=ToSession(BOB))]
    assert house.links == {}


@pytest.mark.parametrize("stamp", [NOW, THEN])
def test_without_a_link_that_holds_nothing_happens(stamp: Stamp) -> None:
    house = redeemed_by_a_stranger()
    if stamp is NOW:
        house.sessions[BOB].link = None
    assert used(house, stamp) == []


def test_who_waits_with_a_link_that_ends_waits_without() -> None:
    house = with_a_stranger(with_a_link())
    redeem(house, STRANGER, Redeem(TOKEN), NOW)
    effects = tidy(house, 0, Tidy(), THEN)
    assert kept(effects, ForgottenLink) == [ForgottenLink(1000)]
    assert house.sessions[STRANGER].link is None


def test_those_of_one_account_end() -> None:
    house = logged_in(with_a_link(), "alice", "bob")
    assert forget_those_of(house, house.accounts["bob"]) == []
    house.links[DIGEST].by = "Alice"
    effects = forget_those_of(house, house.accounts["alice"])
    assert (kept(effects), house.links) == ([ForgottenLink(1000)], {})


def test_who_has_come_in_late_or_with_no_link_is_not_counted() -> None:
    house = redeemed_by_a_stranger(uses=1)
    bob = house.sessions[BOB]
    assert holds(house, bob, NOW)
    assert not holds(house, bob, THEN)
    assert count(house, bob, THEN) == count(house, house.sessions[CAROL], NOW) == []
    with refused(house, WrongToken()):
        check_holds(house, bob, THEN)


def test_who_is_counted_is_so_once_and_holds_a_link_that_has_ended() -> None:
    house = redeemed_by_a_stranger(uses=2)
    bob = house.sessions[BOB]
    assert len(count(house, bob, NOW)) == 2
    assert count(house, bob, NOW) == []
    revoke(house, ALICE, Revoke("#tea", 1000), NOW)
    check_holds(house, bob, THEN)
    assert told(used(house, THEN))
    assert is_inside(house, "bob")


def test_of_a_room_that_is_gone_nothing_is_left_to_enter() -> None:
    house = redeemed_by_a_stranger()
    count(house, house.sessions[BOB], NOW)
    leave(house, ALICE, Leave("#tea"), NOW)
    assert used(house) == []


def test_a_link_ends_with_its_room() -> None:
    house = with_a_stranger(with_a_link())
    redeem(house, STRANGER, Redeem(TOKEN), NOW)
    effects = leave(house, ALICE, Leave("#tea"), NOW)
    assert kept(effects, ForgottenLink) == [ForgottenLink(1000)]
    assert (house.links, house.sessions[STRANGER].link) == ({}, None)


def test_a_room_that_is_empty_for_now_keeps_its_links() -> None:
    house = with_a_link()
    house.limits = Limits(empty_room=1)
    leave(house, ALICE, Leave("#tea"), NOW)
    redeem(house, BOB, Redeem(TOKEN), NOW)
    assert is_inside(house, "bob")


def test_who_holds_anothers_nick_waits_with_his_link() -> None:
    house = with_a_link(uses=1)
    house.user("bob").held_until = 9000
    effects = redeem(house, BOB, Redeem(TOKEN), NOW)
    assert effects == [Deliver(Redeemed("#tea"), to=ToSession(BOB))]


def test_links_go_through_a_snapshot_and_back() -> None:
    house = with_a_stranger(with_a_link(uses=1))
    redeem(house, STRANGER, Redeem(TOKEN), NOW)
    again = snapshot.state(json.loads(json.dumps(snapshot.of(house))), house.limits)
    assert again.sessions[STRANGER].link is again.links[DIGEST]
    redeem(again, BOB, Redeem(TOKEN), NOW)
    once_more = snapshot.state(json.loads(json.dumps(snapshot.of(again))), house.limits)
    assert once_more.sessions[BOB].has_used_link
    assert once_more.sessions[BOB].is_counted
    assert snapshot.of(once_more) == snapshot.of(again)


def test_a_refusal_says_nothing_of_the_token() -> None:
    house = with_a_link()
    with pytest.raises(Refused) as declined:
        redeem(house, BOB, Redeem("sb-secret"), NOW)
    assert "sb-secret" not in repr(declined.value.reason)
