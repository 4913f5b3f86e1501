"""Scenes of people on telnet, as their programs were seen to behave."""

from tests.journeys.table import Person, Table

CTRL_C = b"\xff\xf4\xff\xfd\x06"
WONT_TM = b"\xff\xfc\x06"
# What PuTTY opens with: it offers its window and its name, and asks for our echo.
PUTTY = bytes.fromhex("fffb1f fffb20 fffb18 fffb27 fffd01 fffb03 fffd03")

WILL_NAWS = b"\xff\xfb\x1f"
# "Tell me how wide you are, and who": all that is asked of a telnet.
QUESTIONS = b"\xff\xfd\x1f\xff\xfd\x18"

LONG = "the quick brown fox jumps over the lazy dog, and then bob: goes to sleep"


def window(columns: int, rows: int = 24) -> bytes:
    """What a telnet says of its window."""
    size = columns.to_bytes(2) + rows.to_bytes(2)
    return b"\xff\xfa\x1f" + size.replace(b"\xff", b"\xff\xff") + b"\xff\xf0"


def test_ctrl_c_forgets_the_line_and_output_goes_on(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.sends(b"this was not me" + CTRL_C)
    assert WONT_TM in alice.reads()
    alice.types("sorry")
    assert bob.sees() == ["alice: sorry"]
    bob.types("never mind")
    assert alice.sees() == ["bob: never mind"]


def test_a_letter_cut_by_telnet_is_no_catastrophe(table: Table) -> None:
    # GNU telnet takes one byte of some letters for its interrupt key.
    alice, bob = table.seat("alice", "bob")
    alice.sends(b"\xc3" + CTRL_C)
    alice.reads()
    alice.types("Ubung")
    assert bob.sees() == ["alice: Ubung"]


def test_no_telnet_is_spoken_to_who_speaks_none(table: Table) -> None:
    (alice,) = table.seat("alice")
    alice.types("/who")
    assert b"\xff" not in alice.reads()


def test_options_before_the_first_word_do_not_stop_the_greeting(table: Table) -> None:
    alice = table.connect()
    alice.sends(b"\xff\xfb\x1f")
    table.wait(0.5)
    assert b"What should we call you?\r\n" in alice.reads()
    alice.types("alice")
    assert b"You are alice" in alice.reads()


def test_putty_is_shown_what_it_types_and_keeps_its_line(table: Table) -> None:
    (bob,) = table.seat("bob")
    putty = table.connect()
    putty.sends(PUTTY)
    putty.reads()
    putty.sends(b"alicf\x7fe\r\0")
    assert putty.reads().startswith(b"alicf\b \be\r\nWelcome to Switchboard")
    assert bob.sees() == ["-- alice is here."]
    putty.sends(b"hel")
    assert putty.reads() == b"hel"
    bob.types("hi alice")
    assert putty.reads() == b"\r\x1b[Kbob: hi alice\r\nhel"
    putty.sends(b"lo\r\0")
    assert putty.reads() == b"lo\r\n"
    assert bob.sees() == ["alice: hello"]


def test_ctrl_d_is_good_bye(table: Table) -> None:
    (bob,) = table.seat("bob")
    alice = table.connect()
    alice.types("alice")
    alice.reads()
    alice.sends(b"\x04")
    assert alice.sees() == ["-- Good-bye."]
    assert bob.sees() == ["-- alice is here.", "-- alice left (Quit)."]


def a_terminal_of(table: Table, name: str) -> Person:
    """Somebody whose terminal sends every key, who has read everything."""
    person = table.connect(name)
    person.sends(PUTTY)
    person.sends(f"{name}\r\0".encode())
    table.clear()
    return person


def test_the_echo_comes_before_the_answer(table: Table) -> None:
    alice = a_terminal_of(table, "alice")
    alice.sends(b"/who\r\0")
    assert alice.reads() == b"/who\r\n-- In #lobby: alice\r\n"


def test_the_last_words_of_such_a_terminal_count_too(table: Table) -> None:
    (bob,) = table.seat("bob")
    alice = a_terminal_of(table, "alice")
    alice.sends(b"last words")
    alice.finishes_talking()
    assert bob.sees() == ["alice: last words", "-- alice left (Connection closed)."]
    assert alice.reads() == b"last words-- Good-bye: Connection closed.\r\n"


def test_a_terminal_may_go_back_to_lines_in_mid_line(table: Table) -> None:
    (bob,) = table.seat("bob")
    alice = a_terminal_of(table, "alice")
    alice.sends(b"half ")
    alice.sends(bytes.fromhex("fffe01 fffe03"))
    alice.types("a line")
    assert bob.sees() == ["alice: half a line"]
    alice.reads()
    bob.types("I see")
    assert alice.reads() == b"bob: I see\r\n"


def test_ctrl_c_ends_an_over_long_line(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.sends(b"x" * 5000)
    alice.sends(CTRL_C)
    alice.types("hello")
    alice.reads()
    assert bob.sees() == ["alice: hello"]


# Windows.


def test_long_lines_fit_the_window_of_each(table: Table) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    bob.sends(WILL_NAWS + window(40))
    assert bob.reads() == QUESTIONS
    alice.types(LONG)
    assert bob.sees() == [
        "alice: the quick brown fox jumps over",
        "    the lazy dog, and then bob: goes to",
        "    sleep",
    ]
    assert carol.sees() == ["alice: " + LONG]


def test_a_window_may_change(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    bob.sends(window(40))
    bob.reads()
    bob.sends(window(64))
    alice.types(LONG)
    assert bob.sees() == [
        "alice: the quick brown fox jumps over the lazy dog, and then",
        "    bob: goes to sleep",
    ]


def test_a_window_counts_from_the_first_word_on(table: Table) -> None:
    alice = table.connect()
    alice.sends(WILL_NAWS + window(40))
    assert alice.reads() == QUESTIONS
    table.wait(0.5)
    assert alice.sees() == [
        "Welcome to Switchboard, a place to chat.",
        "    Nobody else is here yet.",
        "What is said in a room is kept, to be",
        "    read while the room is there, unless",
        "    /room says otherwise.",
        "What should we call you?",
    ]
    alice.types("alice")
    assert alice.sees() == [
        "-- You are alice. Type to talk; /help",
        "    helps, /quit leaves.",
        "-- You are in #lobby, with nobody else",
        "    yet.",
    ]


def test_a_window_of_no_size_is_one_of_80_columns(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    bob.sends(window(0, 0))
    assert bob.reads() == QUESTIONS
    alice.types(LONG, LONG + " and snores")
    assert bob.sees() == [
        "alice: " + LONG,
        "alice: " + LONG,
        "    and snores",
    ]


def test_telnet_by_hand(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    bob.types("/telnet")
    telnet_is_on = (
        b"-- Speaking telnet. If your terminal does, lines will fit its window."
    )
    assert bob.reads() == QUESTIONS + telnet_is_on + b"\r\n"
    bob.sends(WILL_NAWS + window(40))
    alice.types(LONG)
    assert len(bob.sees()) == 3
    bob.types("/telnet")
    assert bob.sees() == [
        "-- Speaking telnet. If your terminal",
        "    does, lines will fit its window.",
    ]


def test_telnet_by_hand_needs_no_name(table: Table) -> None:
    alice = table.connect()
    alice.types("/telnet")
    assert QUESTIONS in alice.reads()


def test_an_irc_client_behind_telnet_wraps_for_itself(table: Table) -> None:
    (alice,) = table.seat("alice")
    bob = table.connect("bob")
    bob.sends(window(40))
    bob.types("NICK bob", "USER bob 0 * :Bob", "JOIN #lobby")
    bob.reads()
    alice.ignores_the_rest()
    alice.types(LONG)
    (line,) = bob.sees()
    assert line.endswith(f" PRIVMSG #lobby :{LONG}")
