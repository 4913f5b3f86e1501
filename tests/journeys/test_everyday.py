"""Scenes of every day: rooms of one's own, and those who run them."""

from tests.journeys.table import Person, Table


def in_tea(table: Table, *names: str) -> list[Person]:
    """People in the lobby and in #tea, which the first of them made."""
    people = table.seat(*names)
    for person in people:
        person.types("/join tea")
    table.clear()
    return people


def only_in_tea(table: Table, *names: str) -> list[Person]:
    """People in #tea and nowhere else, so that no room has to be named."""
    people = in_tea(table, *names)
    for person in people:
        person.types("/leave lobby")
    table.clear()
    return people


def test_a_room_is_closed_and_a_guest_invited(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("/join tea", "/room closed")
    assert alice.sees() == [
        "-- You are in #tea, with nobody else yet.",
        "[#tea] -- alice lets only invited people in.",
    ]
    bob.types("/join tea")
    assert bob.sees() == ["-- #tea is for those who are invited; ask somebody inside."]
    alice.types("/invite bob")
    assert alice.sees() == ["[#tea] -- alice invites bob."]
    assert bob.sees() == ["-- alice invites you: /join #tea"]
    bob.types("/join #tea")
    assert bob.sees() == ["-- You are in #tea, with alice."]
    assert alice.sees() == ["[#tea] -- bob is here."]
    alice.types("/invite bob")
    assert alice.sees() == ["-- bob is in #tea already."]


def test_a_guest_is_put_out_and_kept_out(table: Table) -> None:
    alice, bob, carol = only_in_tea(table, "alice", "bob", "carol")
    alice.types("/kick bob too loud")
    assert bob.sees() == [
        "-- alice put you out of #tea (too loud).",
        "-- You are in no room now. /join one, or /quit.",
    ]
    assert alice.sees() == carol.sees() == ["-- alice put bob out (too loud)."]
    bob.types("/join tea")
    assert bob.sees() == ["-- You are in #tea, with alice, carol."]
    assert alice.sees() == carol.sees() == ["-- bob is here."]
    alice.types("/ban bob I said too loud")
    assert (
        alice.sees()
        == carol.sees()
        == [
            "-- alice keeps bob out.",
            "-- alice put bob out (I said too loud).",
        ]
    )
    bob.reads()
    bob.types("/join tea")
    assert bob.sees() == ["-- You are kept out of #tea. /rooms lists others."]
    alice.types("/bans", "/unban bob", "/unban bob", "/bans")
    assert alice.sees() == [
        "-- Whom #tea keeps out:",
        "--   bob, by alice",
        "-- alice no longer keeps bob out.",
        "-- #tea has no bob on that list; see /bans.",
        "-- #tea keeps nobody out.",
    ]
    assert carol.sees() == ["-- alice no longer keeps bob out."]
    bob.types("/join tea")
    assert bob.sees() == ["-- You are in #tea, with alice, carol."]
    table.clear()


def test_who_is_not_there_can_be_kept_out_as_well(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("/join tea", "/ban bob", "/ban nobody", "/kick bob")
    assert alice.sees() == [
        "-- You are in #tea, with nobody else yet.",
        "[#tea] -- alice keeps bob out.",
        "[#tea] -- alice keeps nobody out.",
        "-- bob is not in #tea; /who tells who is.",
    ]
    bob.types("/join tea")
    assert bob.sees() == ["-- You are kept out of #tea. /rooms lists others."]


def test_who_does_not_run_the_room_changes_nothing(table: Table) -> None:
    alice, bob = only_in_tea(table, "alice", "bob")
    bob.types("/kick alice", "/ban alice", "/room closed", "/op bob", "/topic milk")
    assert bob.sees() == ["-- Only those who run #tea may do that; /who tells who."] * 5
    bob.types("/who")
    assert bob.sees() == ["-- In #tea: alice (runs it), bob"]
    assert alice.sees() == []
    alice.types("/op bob")
    assert alice.sees() == bob.sees() == ["-- alice lets bob run the room."]
    bob.types("/topic milk", "/deop alice")
    assert (
        alice.sees()
        == bob.sees()
        == [
            "-- bob changed the topic: milk",
            "-- bob no longer lets alice run it.",
        ]
    )


def test_somebody_is_muted(table: Table) -> None:
    alice, bob, carol = only_in_tea(table, "alice", "bob", "carol")
    alice.types("/mute bob")
    assert carol.sees() == ["-- alice does not let bob be heard."]
    bob.reads()
    bob.types("hello?")
    assert bob.sees() == ["-- #tea did not hear that: those who run it have muted you."]
    assert carol.sees() == []
    alice.types("/unmute bob")
    bob.reads()
    bob.types("hello!")
    assert carol.sees() == ["-- alice lets bob be heard again.", "bob: hello!"]
    table.clear()


def test_a_quiet_room_hears_those_with_a_voice(table: Table) -> None:
    alice, bob, carol = only_in_tea(table, "alice", "bob", "carol")
    alice.types("/room quiet")
    bob.reads()
    bob.types("hello?")
    assert bob.sees() == [
        "-- #tea did not hear that: only those with a voice talk there now."
    ]
    alice.types("/voice bob")
    assert bob.sees() == ["-- alice gives bob a voice."]
    bob.types("hello!")
    assert carol.sees() == [
        "-- alice lets only those with a voice talk.",
        "-- alice gives bob a voice.",
        "bob: hello!",
    ]
    table.clear()


def test_a_room_opens_to_a_word_and_to_so_many(table: Table) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.types("/join tea", "/room key milk", "/room limit 2", "/room limit many")
    assert alice.sees()[-1] == (
        "-- many does not do for #tea: a limit is a number from 1 on."
    )
    bob.types("/join tea", "/join tea milk")
    assert bob.sees() == [
        "-- #tea opens to a word, and not this one: /join #tea WORD.",
        "-- You are in #tea, with alice.",
    ]
    carol.types("/join tea milk")
    assert carol.sees() == ["-- #tea is full. Try again later; /rooms lists others."]
    bob.types("/room")
    assert bob.sees()[-2:] == [
        "--   Who comes in has to know a word: milk.     /room key none",
        "--   No more than 2 people fit in.              /room limit none",
    ]
    table.clear()


def test_a_hidden_room_is_not_heard_of(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("/join tea", "/topic how to make it", "/join den", "/room hidden")
    bob.types("/rooms", "/rooms tea", "/rooms den", "/who den", "/topic #tea")
    assert bob.sees() == [
        "-- Rooms:",
        "--   #lobby, 2 people",
        "--   #tea, 1 person: how to make it",
        "-- Rooms:",
        "--   #tea, 1 person: how to make it",
        "-- No such room. /rooms lists all, /join makes a new one.",
        "-- Nobody is in #den. If you mean a person: /whois den",
        "-- #tea is about: how to make it",
    ]
    table.clear()


def test_who_is_away_is_let_be(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    bob.types("/away lunch until two")
    assert bob.sees() == ["-- You are away. /back tells that you are not any more."]
    assert alice.sees() == []
    alice.types("/msg bob hi", "/msg bob hello?", "/who")
    assert alice.sees() == [
        "-- bob is away: lunch until two",
        "-- In #lobby: alice, bob (away)",
    ]
    bob.types("/back", "/reply here I am")
    assert bob.sees() == [
        "alice whispers: hi",
        "alice whispers: hello?",
        "-- You are back.",
    ]
    alice.types("/msg bob good")
    assert alice.sees() == ["bob whispers: here I am"]
    assert bob.sees() == ["alice whispers: good"]


def test_all_about_somebody(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    table.wait(300)
    bob.types("hello")
    table.wait(130)
    table.clear()
    bob.types("/away lunch")
    alice.types("/whois bob")
    first, *rest = alice.sees()
    assert first.startswith("-- bob comes from plain@")
    assert rest == [
        "-- In #lobby, #tea.",
        "-- Here for 7 minutes; last spoke 2 minutes ago.",
        "-- Away: lunch",
    ]
    table.clear()


def test_each_sees_the_time_of_where_they_are(table: Table) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.types("/time utc", "/time Atlantis")
    bob.types("/time +5:30")
    assert alice.sees() == [
        (
            "-- Lines begin with the time, as it is in UTC."
            " /time ZONE changes that, /time off ends it."
        ),
        (
            "-- No zone is called Atlantis."
            " Try a city or a distance: /time Berlin, /time +2"
        ),
    ]
    bob.reads()
    carol.types("good morning")
    assert alice.sees() == ["22:13 carol: good morning"]
    assert bob.sees() == ["03:43 carol: good morning"]
    alice.types("/time off")
    carol.types("still here?")
    assert alice.sees() == ["-- Lines begin without the time.", "carol: still here?"]
    table.clear()


def test_colours_are_for_who_wants_them(table: Table) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.types("/color on")
    alice.reads()
    carol.types("hello")
    assert alice.sees() == ["\x1b[36mcarol\x1b[m: hello"]
    assert bob.sees() == ["carol: hello"]
    carol.types("\x1b[31mred")
    assert alice.sees() == ["\x1b[36mcarol\x1b[m: ␛[31mred"]
    bob.ignores_the_rest()


# The same from IRC: one room, one set of powers.


def test_who_is_on_irc_keeps_out_who_is_on_nc(table: Table) -> None:
    (irene,) = table.seat_irc("irene")
    (bob,) = table.seat("bob")
    irene.types("JOIN #tea")
    bob.types("/join tea")
    table.clear()
    irene.types("MODE #tea +im", "MODE #tea +b m:bob", "MODE #tea +o bob")
    assert bob.sees() == [
        "[#tea] -- irene lets only invited people in.",
        "[#tea] -- irene lets only those with a voice talk.",
        "[#tea] -- irene does not let bob be heard.",
        "[#tea] -- irene lets bob run the room.",
    ]
    irene.types("MODE #tea -o bob", "KICK #tea bob :too loud", "MODE #tea +b bob")
    assert bob.sees() == [
        "[#tea] -- irene no longer lets bob run it.",
        "-- irene put you out of #tea (too loud).",
        "-- What you type now goes to #lobby.",
    ]
    bob.types("/join tea")
    assert bob.sees() == ["-- You are kept out of #tea. /rooms lists others."]
    irene.types("MODE #tea -b bob", "INVITE bob #tea")
    assert bob.sees() == ["-- irene invites you: /join #tea"]
    irene.ignores_the_rest()


def test_who_is_on_nc_keeps_out_who_is_on_irc(table: Table) -> None:
    (bob,) = table.seat("bob")
    (irene,) = table.seat_irc("irene")
    bob.types("/join tea")
    irene.types("JOIN #tea")
    table.clear()
    bob.types("/room key milk", "/mute irene", "/voice irene")
    assert [line.split(" ", 1)[1] for line in irene.sees()] == [
        "MODE #tea +k milk",
        "MODE #tea +b m:irene!*@*",
        "MODE #tea +v irene",
    ]
    bob.types("/ban irene too loud")
    assert [line.split(" ", 1)[1] for line in irene.sees()] == [
        "MODE #tea +b irene!*@*",
        "KICK #tea irene :too loud",
    ]
    irene.types("JOIN #tea milk")
    assert irene.sees()[0].split()[1] == "474"
    bob.ignores_the_rest()


def test_who_is_away_on_irc_is_away_on_nc(table: Table) -> None:
    (irene,) = table.seat_irc("irene")
    (bob,) = table.seat("bob")
    irene.reads()
    irene.types("AWAY :lunch")
    bob.types("/who", "/msg irene hi")
    assert bob.sees() == [
        "-- In #lobby: irene (away), bob",
        "-- irene is away: lunch",
    ]
    irene.ignores_the_rest()
