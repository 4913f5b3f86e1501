"""Scenes in the lobby: what people see of each other."""

from tests.journeys.table import Table


def test_a_silent_peer_is_greeted_as_a_person(table: Table) -> None:
    alice = table.connect()
    table.wait(0.39)
    assert alice.sees() == []
    table.wait(0.02)
    assert alice.sees() == [
        "Welcome to Switchboard, a place to chat. Nobody else is here yet.",
        (
            "What is said in a room is kept, to be read while the room is there,"
            " unless /room says otherwise."
        ),
        "What should we call you?",
    ]


def test_the_greeting_tells_who_is_here(table: Table) -> None:
    table.seat("alice", "bob")
    carol = table.connect()
    table.wait(0.5)
    assert carol.sees() == [
        "Welcome to Switchboard, a place to chat. Here now: alice, bob.",
        (
            "What is said in a room is kept, to be read while the room is there,"
            " unless /room says otherwise."
        ),
        "What should we call you?",
    ]


def test_a_name_opens_the_door(table: Table) -> None:
    (alice,) = table.seat("alice")
    bob = table.connect()
    table.wait(0.5)
    bob.reads()
    bob.types("bob")
    assert bob.sees() == [
        "-- You are bob. Type to talk; /help helps, /quit leaves.",
        "-- You are in #lobby, with alice.",
    ]
    assert alice.sees() == ["-- bob is here."]


def test_a_name_that_is_taken_is_explained_and_asked_again(table: Table) -> None:
    table.seat("alice")
    other = table.connect()
    other.types("Alice")
    assert other.sees()[3:] == [
        "-- alice is taken; try another.",
        "What should we call you?",
    ]
    other.types("alice b")
    assert other.sees() == [
        "-- alice b cannot be a name: it may not hold spaces. Try another.",
        "What should we call you?",
    ]
    other.types("bob")
    other.ignores_the_rest()
    assert other.sees()[1] == "-- You are in #lobby, with alice."
    table.clear()


def test_everyone_else_hears_what_is_said(table: Table) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.types("good morning")
    assert alice.sees() == []
    assert bob.sees() == carol.sees() == ["alice: good morning"]


def test_a_whisper_stays_between_two(table: Table) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.types("/msg bob psst")
    assert bob.sees() == ["alice whispers: psst"]
    assert carol.sees() == []


def test_doing_is_not_saying(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("/me waves")
    assert bob.sees() == ["* alice waves"]


def test_a_room_of_ones_own(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("/join tea")
    assert alice.sees() == ["-- You are in #tea, with nobody else yet."]
    bob.types("/join tea")
    assert alice.sees() == ["[#tea] -- bob is here."]
    assert bob.sees() == ["-- You are in #tea, with alice."]
    alice.types("one lump or two?", "/msg #lobby hello!")
    assert bob.sees() == [
        "[#tea] alice: one lump or two?",
        "[#lobby] alice: hello!",
    ]
    bob.types("/leave lobby")
    assert bob.sees() == ["-- You left #lobby.", "-- What you type now goes to #tea."]
    assert alice.sees() == ["[#lobby] -- bob left."]
    bob.types("two")
    assert alice.sees() == ["[#tea] bob: two"]


def test_leaving_is_seen_with_its_reason(table: Table) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.types("/quit off to lunch")
    assert alice.sees() == ["-- Good-bye."]
    assert alice.is_cut_off()
    assert bob.sees() == ["-- alice left (Quit: off to lunch)."]
    carol.reads()
    carol.vanishes()
    assert bob.sees() == ["-- carol left (Connection closed)."]


def test_a_loss_is_no_farewell(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("are you there?")
    # A process that dies with unread bytes leaves a reset behind, not an end.
    bob.vanishes()
    assert alice.sees() == ["-- bob left (Connection reset)."]


def test_a_wrong_turn_is_answered_to_the_asker_alone(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("/dance", "/msg carol hi", "/join", "/leave #tea")
    assert alice.sees() == [
        "-- There is no /dance. /help lists what there is.",
        "-- Nobody here is called carol. /who tells who is here.",
        "-- Like this: /join ROOM [WORD]",
        "-- There is no room #tea. /join would make it.",
    ]
    assert bob.sees() == []


def test_who_is_here(table: Table) -> None:
    alice, _ = table.seat("alice", "bob")
    alice.types("/who", "/join tea", "/who", "/who nowhere")
    assert alice.sees() == [
        "-- In #lobby: alice, bob",
        "-- You are in #tea, with nobody else yet.",
        "-- In #tea: alice (runs it)",
        "-- Nobody is in #nowhere. If you mean a person: /whois nowhere",
    ]


def test_a_new_name_is_told_to_the_neighbours_once(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    for person in (alice, bob):
        person.types("/join tea")
    table.clear()
    alice.types("/nick Alicia")
    assert alice.sees() == ["-- You are now called Alicia."]
    assert bob.sees() == ["-- alice is now called Alicia."]


def test_no_terminal_is_hijacked(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("look \x1b[2J\x1b]0;pwned\x07 here \u202etxt.exe")
    assert bob.sees() == ["alice: look \u241b[2J\u241b]0;pwned\u2407 here txt.exe"]


def test_a_speaker_of_irc_and_one_of_plain_understand_each_other(table: Table) -> None:
    (alice,) = table.seat("alice")
    (bob,) = table.seat_irc("bob")
    table.clear()
    alice.types("hello", "/me waves")
    speaker = bob.sees()
    assert [line.partition(" ")[2] for line in speaker] == [
        "PRIVMSG #lobby :hello",
        "PRIVMSG #lobby :\x01ACTION waves\x01",
    ]
    assert all(line.startswith(":alice!plain@") for line in speaker)
    bob.types(
        "PRIVMSG #lobby :hi", "PRIVMSG #lobby :\x01ACTION bows\x01", "PART #lobby"
    )
    assert alice.sees() == ["bob: hi", "* bob bows", "-- bob left."]
    bob.ignores_the_rest()


def test_an_irc_client_that_was_slow_to_speak_is_still_understood(table: Table) -> None:
    bob = table.connect()
    table.wait(1)
    assert bob.sees()[-1] == "What should we call you?"
    bob.types("NICK bob", "USER bob 0 * :Bob")
    assert ":Welcome to Switchboard, bob!bob@" in bob.sees()[0]


def test_a_browser_is_answered_in_its_own_language(table: Table) -> None:
    alice, browser = table.seat("alice")[0], table.connect()
    browser.types("POST / HTTP/1.1", "Host: here", "", "NICK mallory", "USER a b c d")
    answer = browser.reads().decode()
    assert answer.startswith("HTTP/1.1 400 Bad Request\r\n")
    assert answer.endswith("on this very port.\n")
    assert browser.is_cut_off()
    assert alice.sees() == []


def test_a_browser_that_was_greeted_gets_no_second_text(table: Table) -> None:
    browser = table.connect()
    table.wait(1)
    browser.reads()
    browser.types("GET / HTTP/1.1")
    assert browser.reads() == b""
    assert browser.is_cut_off()
