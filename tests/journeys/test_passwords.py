"""Scenes of people who have to know a word: to come in, and to run the house."""

from chat.config import Config
from chat.passwords import hashed
from chat.sections import Operator, ServerConfig
from tests.conftest import SetTable
from tests.journeys.table import Person, Table

# As telnet is told that what is typed is not shown, and that it is again.
HIDDEN = b"\xff\xfb\x01"
SHOWN = b"\xff\xfc\x01"
OPERATORS = (Operator("root", hashed("open sesame")),)


def a_table_with_operators(set_table: SetTable) -> Table:
    table = set_table()
    table.server.configure(Config(operator=OPERATORS))
    return table


def a_guarded_table(set_table: SetTable) -> Table:
    table = set_table()
    table.server.configure(Config(server=ServerConfig(password="sesame")))  # noqa: S106
    return table


def ends(person: Person) -> str:
    """The last line that *person* reads."""
    return person.sees()[-1]


def test_on_nc_the_word_is_asked_for_and_lets_one_in(set_table: SetTable) -> None:
    alice = a_guarded_table(set_table).connect()
    alice.types("alice")
    assert "password" in ends(alice)
    alice.types("sesame")
    assert "-- You are alice. Type to talk; /help helps, /quit leaves." in alice.sees()


def test_on_nc_a_wrong_word_is_the_end(set_table: SetTable) -> None:
    alice = a_guarded_table(set_table).connect()
    alice.types("alice", "swordfish")
    assert alice.sees()[-1] == "-- Good-bye: Wrong password."
    assert alice.is_cut_off()


def test_where_telnet_is_known_the_word_is_not_shown(set_table: SetTable) -> None:
    alice = a_guarded_table(set_table).connect()
    alice.sends(b"\xff\xfb\x1f")
    alice.types("alice")
    assert HIDDEN in alice.reads()
    alice.sends(b"\xff\xfd\x01")
    alice.types("sesame")
    assert SHOWN in alice.reads()


def test_an_irc_client_says_pass(set_table: SetTable) -> None:
    table = a_guarded_table(set_table)
    alice = table.connect()
    alice.types("PASS sesame", "NICK alice", "USER alice 0 * :alice", "JOIN #lobby")
    lines = alice.sees()
    assert lines[0].split()[1] == "001"
    # What came behind the proof waited for it, and was then heard.
    assert lines[-1].split()[1] == "366"


def test_an_irc_client_with_the_wrong_word_is_told_its_number(
    set_table: SetTable,
) -> None:
    table = a_guarded_table(set_table)
    alice = table.connect()
    alice.types("PASS wrong", "NICK alice", "USER alice 0 * :alice", "JOIN #lobby")
    assert [line.split()[1] for line in alice.sees()] == ["464", ":Closing"]
    assert alice.is_cut_off()


def test_who_leaves_while_the_word_is_checked_is_gone(set_table: SetTable) -> None:
    table = a_guarded_table(set_table)
    (bob,) = [table.connect("bob")]
    bob.types("PASS sesame", "NICK bob", "USER bob 0 * :bob", "JOIN #lobby")
    bob.reads()
    alice = table.connect("alice")
    alice.socket.sendall(b"PASS sesame\r\nNICK alice\r\nUSER a 0 * :a\r\n")
    table.server.turn()
    alice.vanishes()
    assert bob.sees() == []
    assert len(table.server._roster) == 1


def test_who_runs_the_house_puts_people_out(set_table: SetTable) -> None:
    table = a_table_with_operators(set_table)
    boss, eve, bob = *table.seat_irc("boss", "eve"), *table.seat("bob")
    table.clear()
    eve.types("KILL bob :no reason")
    assert eve.sees()[0].split()[1] == "481"
    boss.types("OPER root wrong")
    assert boss.sees()[0].split()[1] == "464"
    # A guess is dear.
    table.wait(10)
    boss.types("OPER root :open sesame")
    assert "381" in [line.split()[1] for line in boss.sees()]
    table.wait(10)
    boss.types("KILL eve :spam")
    assert eve.sees()[-1] == "ERROR :Closing link: Put out by boss: spam"
    assert bob.sees() == ["-- eve left (Put out by boss: spam)."]
    assert [line.partition(" ")[2] for line in boss.sees()] == [
        "QUIT :Put out by boss: spam"
    ]


def test_on_nc_too(set_table: SetTable) -> None:
    table = a_table_with_operators(set_table)
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.types("/oper root", "open sesame")
    assert any("run the house" in line for line in alice.sees())
    table.wait(10)
    alice.types("/wallops hello", "/kill bob spam")
    assert bob.sees()[-1].startswith("-- Good-bye: Put out by alice: spam")
    assert carol.sees() == ["-- bob left (Put out by alice: spam)."]
    alice.ignores_the_rest()


def test_from_elsewhere_nobody_runs_the_house_where_others_could_read_how(
    set_table: SetTable,
) -> None:
    table = a_table_with_operators(set_table)
    boss = table.connect("boss", host="192.0.2.7")
    boss.types("NICK boss", "USER boss 0 * :boss")
    boss.reads()
    boss.types("OPER root :open sesame")
    (no,) = boss.sees()
    assert no.split()[1] == "464"
    assert no.endswith(":A password is not to be sent where others can read it.")
    alice = table.connect("alice", host="192.0.2.7")
    alice.types("alice")
    alice.reads()
    # It is not even asked for.
    alice.types("/oper root")
    assert alice.sees()[0].startswith("-- Others could read a password")
    alice.types("hello")
    assert alice.sees() == []


def test_an_unknown_operator_hears_the_same_words(set_table: SetTable) -> None:
    table = a_table_with_operators(set_table)
    (alice,) = table.seat_irc("alice")
    alice.reads()
    alice.types("OPER root wrong")
    known = alice.sees()
    table.wait(10)
    alice.types("OPER nobody wrong")
    assert alice.sees() == known
