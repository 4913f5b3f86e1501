"""Liveness: what becomes of those who say nothing."""

import pytest

from chat.server.liveness import SCRIPT_SECONDS
from tests.conftest import SetTable
from tests.journeys.table import Person, Table

WELCOME = [
    "Welcome to Switchboard, a place to chat. Nobody else is here yet.",
    (
        "What is said in a room is kept, to be read while the room is there,"
        " unless /room says otherwise."
    ),
    "What should we call you?",
]
PING = "PING :switchboard.local"


def is_here(person: Person) -> bool:
    return not person.is_cut_off()


def test_who_says_nothing_is_greeted(table: Table) -> None:
    alice = table.connect()
    table.wait(0.39)
    assert alice.sees() == []
    table.wait(0.02)
    assert alice.sees() == WELCOME


def test_who_has_begun_a_line_is_not_silent(table: Table) -> None:
    alice = table.connect()
    alice.sends(b"ali")
    table.wait(10)
    assert alice.sees() == []
    alice.sends(b"ce\n")
    assert alice.sees()[:4] == [
        *WELCOME,
        "-- You are alice. Type to talk; /help helps, /quit leaves.",
    ]


def test_with_zero_nobody_is_greeted_unasked(set_table: SetTable) -> None:
    table = set_table("greet_after=0")
    alice = table.connect()
    table.wait(59)
    assert alice.sees() == []
    table.wait(2)
    assert alice.is_cut_off()


def test_a_person_gets_three_minutes_to_find_a_name(table: Table) -> None:
    alice = table.connect()
    table.wait(0.4)
    alice.reads()
    table.wait(179)
    assert alice.sees() == []
    table.wait(1)
    assert alice.sees() == ["-- Good-bye: No name was given in time."]
    assert alice.is_cut_off()


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        pytest.param("NICK alice", ["ERROR :Closing link: No name was given in time"]),
        pytest.param("CAP END", ["ERROR :Closing link: No name was given in time"]),
    ],
)
def test_a_program_gets_one_minute(table: Table, said: str, answer: list[str]) -> None:
    bot = table.connect()
    bot.types(said)
    table.wait(59.9)
    assert bot.sees() == []
    table.wait(0.2)
    assert bot.sees() == answer
    assert bot.is_cut_off()


def test_a_byte_now_and_then_wins_no_time(table: Table) -> None:
    drip = table.connect()
    for _ in range(19):
        drip.sends(b"N")
        table.wait(3)
    assert is_here(drip)
    drip.sends(b"N")
    table.wait(3)
    assert drip.is_cut_off()


def test_lines_win_no_time_either(table: Table) -> None:
    bot = table.connect()
    for _ in range(6):
        bot.types("PING x")
        table.wait(10)
    assert bot.sees()[-1] == "ERROR :Closing link: No name was given in time"


def test_an_irc_client_that_answers_may_stay(table: Table) -> None:
    (alice,) = table.seat_irc("alice")
    for _ in range(10):
        table.wait(90)
        assert alice.sees() == [PING]
        alice.types("PONG switchboard.local")
    assert alice.sees() == []


def test_who_went_quiet_in_the_same_second_is_asked_at_the_same_time(
    table: Table,
) -> None:
    table.wait(0.2)
    (alice,) = table.seat_irc("alice")
    table.wait(0.6)
    (bob,) = table.seat_irc("bob")
    alice.reads()
    table.wait(61)
    table.wait(29.1)
    # By now the one has been silent for 90.7 seconds, and the other for 90.1.
    assert alice.sees() == bob.sees() == []
    table.wait(0.2)
    assert alice.sees() == bob.sees() == [PING]


def test_one_that_talks_is_not_asked(table: Table) -> None:
    (alice,) = table.seat_irc("alice")
    for _ in range(10):
        table.wait(60)
        alice.types("AWAY")
        alice.reads()
    assert is_here(alice)


def test_one_that_does_not_answer_has_gone(table: Table) -> None:
    (alice,) = table.seat_irc("alice")
    (bob,) = table.seat("bob")
    alice.reads()
    table.wait(90)
    assert alice.sees() == [PING]
    table.wait(59.9)
    assert bob.sees() == []
    table.wait(0.2)
    assert bob.sees() == ["-- alice left (Ping timeout: 150 seconds)."]
    assert alice.sees() == ["ERROR :Closing link: Ping timeout: 150 seconds"]


def test_half_a_line_is_no_answer(table: Table) -> None:
    (alice,) = table.seat_irc("alice")
    for _ in range(51):
        alice.sends(b"P")
        table.wait(3)
    assert alice.sees() == [
        PING,
        "ERROR :Closing link: Ping timeout: 150 seconds",
    ]


def test_a_person_may_read_for_days(table: Table) -> None:
    alice = table.connect()
    table.wait(0.4)
    alice.types("alice")
    alice.reads()
    table.wait(7 * 24 * 3600)
    assert alice.sees() == []
    assert is_here(alice)


def test_a_script_that_forgot_to_hang_up_leaves(table: Table) -> None:
    (bob,) = table.seat("bob")
    script = table.connect()
    script.types("cron", "the backup is done")
    script.reads()
    bob.reads()
    table.wait(SCRIPT_SECONDS - 1)
    bob.types("thanks")
    assert script.sees() == ["bob: thanks"]
    table.wait(1)
    assert script.sees() == ["-- Good-bye: Nothing was said for ten minutes."]
    assert bob.sees() == ["-- cron left (Nothing was said for ten minutes)."]


def test_a_script_that_goes_on_talking_may_stay(table: Table) -> None:
    script = table.connect()
    script.types("cron")
    script.reads()
    for _ in range(5):
        table.wait(SCRIPT_SECONDS - 1)
        script.types("still at it")
    assert is_here(script)


def test_the_throttled_are_not_asked_while_they_are_held_up(
    set_table: SetTable,
) -> None:
    table = set_table("limits.burst=10", "limits.lines_per_second=1")
    (alice,) = table.seat_irc("alice")
    table.wait(30)
    alice.reads()
    # It takes us two minutes to hear all this.
    alice.types(*["PRIVMSG #lobby :x"] * 130)
    for _ in range(130):
        table.wait(1)
    assert alice.sees() == []
    table.wait(100)
    assert alice.sees() == [PING]


def test_who_says_more_than_can_ever_be_heard_is_let_go(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.sends(b"x\n" * 2000)
    for _ in range(149):
        table.wait(1)
    bob.reads()
    assert is_here(alice)
    for _ in range(3):
        table.wait(1)
    alice.ignores_the_rest()
    gone = "-- alice left (Said more than can be heard (Excess flood))."
    assert bob.sees()[-1] == gone


def test_who_has_gone_is_not_kept_by_what_was_said_before(table: Table) -> None:
    (alice,) = table.seat_irc("alice")
    (bob,) = table.seat("bob")
    # Nothing that we send finds out: alice and the lobby are silent.
    alice.types("PART #lobby")
    bob.reads()
    alice.sends(b"\n" * 16_000)
    alice.vanishes()
    for _ in range(160):
        table.wait(1)
    bob.types("/nick alice")
    assert bob.sees() == ["-- You are now called alice."]


def test_one_who_is_slow_but_reads_is_there(set_table: SetTable) -> None:
    table = set_table("limits.enabled=false")
    (alice,) = table.seat_irc("alice")
    (bob,) = table.seat("bob")
    alice.reads()
    while not any(session.is_muted for session in table.server._roster):
        bob.types("z" * 4000)
    table.wait(100)
    alice.socket.recv(1_000_000)
    table.settle()
    # What she has said is long ago, but she reads.
    table.wait(100)
    assert bob.sees() == []
    alice.ignores_the_rest()


@pytest.mark.parametrize("hours", [1, -1, 24])
def test_the_clock_on_the_wall_drops_nobody(table: Table, hours: int) -> None:
    (alice,) = table.seat_irc("alice")
    (bob,) = table.seat("bob")
    newcomer = table.connect()
    table.clear()
    table.clock.set_wall(table.clock.now().wall + hours * 3_600_000)
    table.wait(0.1)
    assert [person.sees() for person in (alice, bob, newcomer)] == [[], [], []]
    bob.types("hello")
    assert [line.split()[1:] for line in alice.sees()] == [
        ["PRIVMSG", "#lobby", ":hello"]
    ]
    newcomer.ignores_the_rest()


def test_those_who_run_the_house_need_no_name(table: Table) -> None:
    admin = table.connect(door="admin")
    table.wait(100_000)
    assert admin.reads() == b""
    assert is_here(admin)
