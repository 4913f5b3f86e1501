"""Scenes of people on nc and telnet whose names are theirs."""

from chat.dialects.words import IN_NO_ROOM_NOW
from tests.conftest import SetTable
from tests.journeys.table import Person, Table

# As telnet is told that what is typed is not shown, agrees, and is told that it is
# again; and how a terminal that speaks it tells that it is eighty columns wide.
HIDDEN = b"\xff\xfb\x01"
YES = b"\xff\xfd\x01"
SHOWN = b"\xff\xfc\x01"
SPEAKS_TELNET = b"\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0"

SHOWS = " Unless this is telnet, it shows as you type it."
WHOSE = (
    f"bob has an account. Its password? (An empty line: choose another name.){SHOWS}"
)
YOU_ARE_BOB = "-- You are bob. Type to talk; /help helps, /quit leaves."
WHO = "What should we call you?"
SECRET = "correct horse"  # noqa: S105 - bob's password


def registered(table: Table, name: str = "bob") -> Person:
    """Somebody in the lobby who has an account, and has read everything."""
    (person,) = table.seat(name)
    person.types("/register", SECRET)
    person.reads()
    table.clear()
    return person


def stranger(table: Table, name: str = "somebody") -> Person:
    """Somebody who has read the greeting."""
    person = table.connect(name)
    person.types("")
    person.reads()
    return person


def back_again(table: Table) -> Person:
    """Bob on one more terminal, where he has logged in and read everything."""
    person = stranger(table, "bob elsewhere")
    person.types("bob", SECRET)
    person.reads()
    table.clear()
    return person


def test_who_registers_is_asked_for_the_password_when_he_comes_back(
    table: Table,
) -> None:
    alice, bob = table.seat("alice", "bob")
    bob.types("/register")
    assert bob.sees() == ["Which password do you want?" + SHOWS]
    bob.types(SECRET)
    assert bob.sees() == [
        "-- bob is yours now: to be called so takes the password.",
        "-- You are logged in as bob.",
    ]
    bob.types("/quit")
    table.clear()

    again = stranger(table)
    again.types("bob")
    assert again.sees() == [WHOSE]
    again.types(SECRET)
    assert again.sees() == [
        "-- You are logged in as bob.",
        YOU_ARE_BOB,
        "-- You are in #lobby, with alice.",
    ]
    assert alice.sees() == ["-- bob is here."]
    alice.types("/whois bob")
    assert "-- Has an account, and is logged in." in alice.sees()


def test_who_does_not_know_the_password_is_somebody_else(table: Table) -> None:
    bob = registered(table)
    eve = stranger(table)
    eve.types("bob", "swordfish")
    # Who mistypes a password types it again, and must not be called like it.
    assert eve.sees() == [WHOSE, "-- That is not the password.", WHOSE]
    # A guess is dear.
    table.wait(10)
    eve.types("")
    assert eve.sees() == [WHO]
    eve.types("eve")
    assert eve.sees()[-1] == "-- You are in #lobby, with bob."
    eve.types("/nick bob")
    assert eve.sees() == ["-- bob has an account: /login bob, or try another name."]
    assert bob.sees() == ["-- eve is here."]


def test_nobody_guesses_all_day(table: Table) -> None:
    registered(table)
    eve = stranger(table)
    eve.types("bob", "one")
    table.wait(10)
    eve.types("two")
    table.wait(10)
    eve.types("three")
    assert eve.sees()[-1].startswith("-- Good-bye")
    assert eve.is_cut_off()


def test_a_name_before_one_has_one(table: Table) -> None:
    bob = stranger(table)
    bob.types("/register bob", SECRET)
    assert bob.sees()[-4:] == [
        "-- bob is yours now: to be called so takes the password.",
        "-- You are logged in as bob.",
        YOU_ARE_BOB,
        "-- You are in #lobby, with nobody else yet.",
    ]
    bob.types("/quit")
    bob.reads()
    again = stranger(table)
    again.types("/login bob", SECRET)
    assert again.sees()[-3:] == [
        "-- You are logged in as bob.",
        YOU_ARE_BOB,
        "-- You are in #lobby, with nobody else yet.",
    ]


def test_two_terminals_are_one_person(table: Table) -> None:
    (alice,) = table.seat("alice")
    bob = registered(table)
    bob.types("/join tea")
    table.clear()
    other = stranger(table)
    other.types("bob", SECRET)
    assert other.sees() == [
        WHOSE,
        "-- You are logged in as bob.",
        YOU_ARE_BOB,
        "-- You are in #tea, with nobody else yet.",
        "-- You are in #lobby, with alice.",
    ]
    assert alice.sees() == []
    bob.types("/msg alice psst", "/msg #lobby hello")
    assert other.sees() == ["-- You, elsewhere, to alice: psst", "[#lobby] bob: hello"]
    assert alice.sees() == ["bob whispers: psst", "bob: hello"]
    alice.types("hi bob")
    assert bob.sees() == other.sees() == ["[#lobby] alice: hi bob"]
    other.types("/sessions")
    _, first, second, how = other.sees()
    assert ": host of bob, since" in first
    assert ": host of somebody, since" in second
    assert second.endswith(", this one")
    assert "/sessions end others" in how
    other.types("/sessions end others")
    assert bob.sees()[-1].startswith("-- Good-bye")
    other.types("still here")
    assert alice.sees() == ["bob: still here"]
    other.ignores_the_rest()


def test_a_guest_becomes_who_he_is(table: Table) -> None:
    bob = registered(table)
    carol, alice = table.seat("carol", "alice")
    table.clear()
    carol.types("/join den", "/login bob", SECRET)
    assert carol.sees()[-5:] == [
        "-- You left #den.",
        "-- You are in no room now. /join one, or /quit.",
        "-- You are now called bob.",
        "-- You are logged in as bob.",
        "-- You are in #lobby, with alice.",
    ]
    assert alice.sees()[-1].startswith("-- carol left")
    carol.types("hello")
    assert alice.sees() == ["bob: hello"]
    assert bob.sees()[-1] == "bob: hello"


def test_who_logs_out_is_a_guest(table: Table) -> None:
    bob = registered(table)
    bob.types("/logout")
    left, nowhere, was_called, logged_out = bob.sees()
    assert (left, nowhere) == ("-- You left #lobby.", IN_NO_ROOM_NOW)
    assert was_called.startswith("-- You are now called guest-")
    assert logged_out == "-- You are logged out, and a guest."
    bob.types("/logout")
    assert bob.sees() == [
        "-- You have to be logged in for that: /login, or /register first."
    ]
    bob.types("/login bob", SECRET)
    assert "-- You are logged in as bob." in bob.sees()


def test_another_password_ends_what_the_old_one_began(table: Table) -> None:
    bob = registered(table)
    other = back_again(table)
    other.types("/password", SECRET, "battery staple")
    assert other.sees()[-1] == (
        "-- That is your password now. Where else you were, you are not."
    )
    assert bob.sees()[-1].startswith("-- Good-bye")
    eve = stranger(table)
    eve.types("bob", SECRET)
    assert eve.sees()[-2:] == ["-- That is not the password.", WHOSE]
    eve.types("battery staple")
    assert YOU_ARE_BOB in eve.sees()


def test_who_is_always_on_stays(table: Table) -> None:
    (alice,) = table.seat("alice")
    bob = registered(table)
    bob.types("/account always-on on")
    assert bob.sees()[0].startswith("-- You stay in your rooms")
    bob.types("/quit")
    bob.reads()
    assert alice.sees() == []
    alice.types("/who")
    assert alice.sees() == ["-- In #lobby: alice, bob (away)"]
    again = back_again(table)
    again.types("/account always-on off", "/quit")
    again.reads()
    assert alice.sees() == ["-- bob left (Quit)."]


def test_who_gives_his_account_up_says_so_twice(table: Table) -> None:
    bob = registered(table)
    bob.types("/account delete", SECRET, "no")
    assert bob.sees()[-1] == "-- Never mind, then."
    bob.types("/account")
    assert bob.sees()[0].startswith("-- bob: an account since ")
    bob.types("/account delete", SECRET, "delete")
    gone, *left, renamed, logged_out = bob.sees()[-5:]
    assert gone == "-- There is no account bob any more."
    assert left == ["-- You left #lobby.", IN_NO_ROOM_NOW]
    assert renamed.startswith("-- You are now called guest-")
    assert logged_out == "-- You are logged out, and a guest."
    # It is anybody's now.
    eve = stranger(table)
    eve.types("bob")
    assert YOU_ARE_BOB in eve.sees()


# What shows, and what does not.


def test_on_nc_it_is_said_that_it_shows(table: Table) -> None:
    (bob,) = table.seat("bob")
    bob.types("/register")
    data = bob.reads()
    assert b"shows as you type it" in data
    assert HIDDEN not in data
    bob.types("")
    bob.reads()


def test_where_telnet_is_known_nothing_shows(table: Table) -> None:
    bob = table.connect("bob")
    bob.sends(SPEAKS_TELNET)
    bob.types("bob", "/register")
    asked = bob.reads()
    assert HIDDEN in asked
    assert b"shows" not in asked
    bob.sends(YES)
    bob.types(SECRET)
    asked = bob.reads()
    assert b"And once more:" in asked
    assert SHOWN not in asked
    bob.types(SECRET)
    told = bob.reads()
    assert SHOWN in told
    assert b"bob is yours now" in told

    again = table.connect("bob again")
    again.sends(SPEAKS_TELNET)
    again.types("bob")
    assert HIDDEN in again.reads()
    again.sends(YES)
    again.types(SECRET)
    told = again.reads()
    assert SHOWN in told
    assert YOU_ARE_BOB.encode() in told
    bob.reads()


def test_a_password_is_said_to_nobody(table: Table) -> None:
    (alice,) = table.seat("alice")
    bob = registered(table)
    for line in ("/login bob canary", "/password canary", "/register canary"):
        bob.types(line)
    bob.types("/password", "canary", "canary", "/account delete", "canary", "canary")
    bob.types("/quit")
    bob.ignores_the_rest()
    eve = stranger(table)
    eve.types("bob", "canary", "bob", "/me canary", "", "eve")
    eve.ignores_the_rest()
    assert not [line for line in alice.sees() if "canary" in line]


def test_from_another_machine_no_password_is_asked_for(set_table: SetTable) -> None:
    table = set_table()
    registered(table)
    far = table.connect("afar", host="192.0.2.1")
    far.types("bob")
    assert far.sees()[-2:] == [
        "-- bob has an account: /login bob, or try another name.",
        WHO,
    ]
    far.types("/login bob")
    assert far.sees()[0].startswith("-- Others could read a password on its way here")


def test_unless_the_house_says_that_it_may_be(set_table: SetTable) -> None:
    table = set_table("accounts.plaintext=true")
    registered(table)
    far = table.connect("afar", host="192.0.2.1")
    far.types("bob", SECRET)
    assert YOU_ARE_BOB in far.sees()


# A house that is not open to everybody.


def test_where_guests_stay_out_it_is_said_what_one_needs(set_table: SetTable) -> None:
    table = set_table("accounts.guests=none")
    bob = table.connect("bob")
    bob.types("")
    assert bob.sees()[-2:] == [
        "Here one needs an account: /login NAME, or /register NAME for a new one.",
        WHO,
    ]
    bob.types("bob")
    assert bob.sees() == [
        (
            "-- Only who has an account, or an invitation, comes in: /login NAME,"
            " /register NAME, or join TOKEN."
        ),
        WHO,
    ]
    bob.types("/register bob", SECRET)
    assert YOU_ARE_BOB in bob.sees()
    again = stranger(table)
    again.types("bob", SECRET)
    assert YOU_ARE_BOB in again.sees()


def test_an_account_opens_a_house_with_a_password(set_table: SetTable) -> None:
    table = set_table("server.password=sesame")
    bob = stranger(table)
    bob.types("/register bob")
    assert bob.sees()[0].startswith("-- First say who you are")
    bob.types("bob", "sesame", "/register", SECRET, "/quit")
    assert "-- You are logged in as bob." in bob.sees()
    # By the account's own password alone.
    again = stranger(table)
    again.types("/login bob", SECRET)
    assert YOU_ARE_BOB in again.sees()
    # Or by both, each asked for once.
    third = stranger(table)
    third.types("bob", "sesame")
    assert third.sees()[-1] == WHOSE
    third.types(SECRET)
    assert YOU_ARE_BOB in third.sees()


def test_a_house_that_was_told_a_wrong_word_does_not_ask_for_names(
    set_table: SetTable,
) -> None:
    table = set_table("server.password=sesame")
    eve = stranger(table)
    eve.types("eve", "swordfish")
    assert eve.sees()[-2:] == [
        "-- That is not the password.",
        "-- Good-bye: Wrong password.",
    ]


# Invitations.


def test_whoever_has_the_link_comes_in(set_table: SetTable) -> None:
    table = set_table("accounts.guests=none")
    bob = stranger(table, "bob")
    bob.types("/register bob", SECRET, "/join ops", "/room closed", "/invite-link 7d 1")
    (token,) = [line.split()[-1] for line in bob.sees() if "join sb-" in line]
    dora = stranger(table, "dora")
    dora.types(f"join {token}")
    assert dora.sees() == ["-- You are invited to #ops.", WHO]
    dora.types("dora")
    assert any("-- You are in #ops, with bob." in line for line in dora.sees())
    assert "[#ops] -- dora is here." in bob.sees()
    eve = stranger(table, "eve")
    eve.types(f"join {token}")
    assert eve.sees() == [
        "-- That is no invitation, or it is one no longer; ask for another.",
        WHO,
    ]


def test_invitations_are_listed_and_taken_back(table: Table) -> None:
    bob = registered(table)
    bob.types("/join ops", "/invite-link 7d", "/invite-link")
    lines = bob.sees()
    (token,) = [line.split()[-1] for line in lines if "join sb-" in line]
    number = lines[-2].removeprefix("--   ").partition(":")[0]
    bob.types(f"/invite-link end {number}")
    assert "-- No invitation to #ops is out. /invite-link 7d makes one." in bob.sees()
    eve = stranger(table, "eve")
    eve.types(f"/join {token}")
    assert eve.sees()[-1] == WHO
