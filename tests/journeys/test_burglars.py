"""Burglars: whoever wants to be somebody else, and how far he gets.

Each scene is one way of getting into an account, or of being taken for its owner.
bob has one; he is on IRC, and so are the burglars, because programs try harder.
"""

from base64 import b64encode

import pytest

from chat.config import configured
from tests.conftest import SetTable
from tests.journeys.table import Person, Table

SECRET = "sesame-street"  # noqa: S105 - of nobody
WRONG = "sesame-stret"


def plain(account: str, password: str) -> str:
    """What SASL PLAIN sends."""
    return b64encode(f"\0{account}\0{password}".encode()).decode()


def somebody(table: Table, nick: str, host: str = "", *caps: str) -> Person:
    """A guest on IRC, who has read everything so far."""
    person = table.connect(host or nick)
    if caps:
        person.types(f"CAP REQ :{' '.join(caps)}")
    person.types(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
    if caps:
        person.types("CAP END")
    person.reads()
    return person


def bob_with_an_account(table: Table) -> Person:
    bob = somebody(table, "bob", "", "message-tags", "account-tag")
    bob.types(f"PRIVMSG NickServ :REGISTER {SECRET}", "JOIN #tea")
    bob.reads()
    return bob


def tries(table: Table, host: str, password: str, account: str = "bob") -> list[str]:
    """What somebody new reads who tries SASL PLAIN once."""
    burglar = table.connect(host)
    burglar.types("CAP REQ :sasl", "AUTHENTICATE PLAIN")
    burglar.reads()
    burglar.types(f"AUTHENTICATE {plain(account, password)}")
    seen = burglar.sees()
    burglar.ignores_the_rest()
    burglar.types("QUIT")
    return seen


def is_in(seen: list[str]) -> bool:
    return any(" 900 " in line or " 903 " in line for line in seen)


# Guessing.


def test_ten_guesses_a_minute_from_one_address_and_then_not_even_the_right_one(
    table: Table,
) -> None:
    bob_with_an_account(table).types("QUIT")
    for _ in range(10):
        assert not is_in(tries(table, "burglar", WRONG))
    assert not is_in(tries(table, "burglar", SECRET))
    table.wait(61)
    assert is_in(tries(table, "burglar", SECRET))
    table.ignores_everybody()


def test_ten_guesses_a_minute_for_one_account_from_wherever_they_come(
    table: Table,
) -> None:
    bob_with_an_account(table).types("QUIT")
    for number in range(10):
        assert not is_in(tries(table, f"burglar {number}", WRONG))
    assert not is_in(tries(table, "another burglar", SECRET))
    table.ignores_everybody()


def test_guessing_elsewhere_does_not_lock_out_who_is_in(table: Table) -> None:
    bob = bob_with_an_account(table)
    for number in range(12):
        assert not is_in(tries(table, f"burglar {number}", WRONG))
    # Bob's second program, from where the first is.
    assert is_in(tries(table, "bob", SECRET))
    bob.types("PRIVMSG #tea :still here")
    assert bob.sees() == []
    table.ignores_everybody()


def test_a_new_connection_or_another_way_in_begins_no_new_count(table: Table) -> None:
    bob_with_an_account(table).types("QUIT")
    for number in range(4):
        assert not is_in(tries(table, "burglar", WRONG))
        eve = somebody(table, f"eve{number}", "burglar")
        eve.types(f"PRIVMSG NickServ :IDENTIFY bob {WRONG}")
        eve.types("QUIT")
        asks = table.connect("burglar")
        asks.types(f"PASS bob:{WRONG}", "NICK x", "USER x 0 * :x")
    assert not is_in(tries(table, "burglar", SECRET))
    table.ignores_everybody()


def test_right_passwords_are_no_guesses(table: Table) -> None:
    bob_with_an_account(table).types("QUIT")
    for _ in range(15):
        assert is_in(tries(table, "bob", SECRET))
    table.ignores_everybody()


@pytest.mark.parametrize("name", ["@", "@phone"])
def test_the_password_of_the_house_is_not_that_of_who_has_no_name(
    set_table: SetTable, name: str
) -> None:
    table = set_table("server.password=open-sesame")
    # The right one is answered like any other, wherever it is said.
    first = tries(table, "burglar", "open-sesame", name)
    assert first == tries(table, "burglar", WRONG, name)
    assert " 904 " in first[0]
    eve = table.connect("eve")
    eve.types("PASS open-sesame", "NICK eve", "USER eve 0 * :eve")
    eve.reads()
    eve.types(f"NS IDENTIFY {name} open-sesame")
    right = eve.sees()
    # A guess counts for many lines.
    table.wait(60)
    eve.types(f"NS IDENTIFY {name} {WRONG}")
    assert right == eve.sees() != []
    table.ignores_everybody()


# Finding out which names there are.


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            ["AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('NAME', WRONG)}"], id="SASL"
        ),
        pytest.param([f"PRIVMSG NickServ :IDENTIFY NAME {WRONG}"], id="NickServ"),
        pytest.param([f"NS IDENTIFY NAME {WRONG}"], id="NS"),
    ],
)
def test_an_unknown_account_and_a_wrong_password_read_the_same(
    table: Table, lines: list[str]
) -> None:
    bob_with_an_account(table).types("QUIT")
    seen = []
    for name in ("bob", "nob"):
        eve = somebody(table, "eve", "", "sasl")
        for line in lines:
            if "AUTHENTICATE" in line and "PLAIN" not in line:
                eve.types(f"AUTHENTICATE {plain(name, WRONG)}")
            else:
                eve.types(line.replace("NAME", name))
        seen.append([line.replace(name, "NAME") for line in eve.sees()])
        assert seen[-1] != []
        eve.types("QUIT")
    assert seen[0] == seen[1]
    table.ignores_everybody()


# Reserving every name.


def registers(table: Table, nick: str, host: str, secret: str = SECRET) -> str:
    """What somebody new from *host* is answered who wants that account."""
    somebody_new = table.connect(nick, host=host)
    somebody_new.types(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
    somebody_new.reads()
    somebody_new.types(f"REGISTER * * {secret}")
    answer = somebody_new.sees()[0]
    somebody_new.ignores_the_rest()
    somebody_new.types("QUIT")
    return answer


ENOUGH = "FAIL REGISTER TEMPORARILY_UNAVAILABLE"


@pytest.mark.parametrize(
    ("other", "is_same"),
    [("192.0.2.7", True), ("192.0.2.8", False), ("unix", False)],
)
def test_from_one_address_come_five_accounts_an_hour(
    set_table: SetTable, other: str, is_same: bool
) -> None:
    table = set_table("accounts.plaintext=true")
    # What comes to nothing does not count.
    for number in range(7):
        assert "WEAK" in registers(table, f"no{number}", "192.0.2.7", "short")
    for number in range(5):
        assert "SUCCESS" in registers(table, f"eve{number}", "192.0.2.7")
    answer = registers(table, "eve5", other)
    assert (ENOUGH in answer) == is_same
    assert ("Try again in an hour." in answer) == is_same
    table.wait(3500)
    assert ENOUGH in registers(table, "eve6", "192.0.2.7")
    table.wait(101)
    assert "SUCCESS" in registers(table, "eve7", "192.0.2.7")


def test_one_session_makes_no_more_of_them_by_logging_out(set_table: SetTable) -> None:
    table = set_table("accounts.plaintext=true", "accounts.per_address=2")
    eve = table.connect("eve", host="192.0.2.7")
    eve.types("NICK eve", "USER eve 0 * :eve")
    made = 0
    for number in range(4):
        eve.types(f"NS REGISTER {SECRET}")
        seen = eve.sees()
        made += is_in(seen)
        table.wait(60)
        eve.types("NS LOGOUT", f"NICK eve{number}")
        table.wait(60)
        eve.sees()
    assert made == 2


@pytest.mark.parametrize(
    ("setting", "host"),
    [
        pytest.param("limits.enabled=false", "192.0.2.7", id="without limits"),
        pytest.param("limits.exempt_loopback=true", "127.0.0.1", id="behind a tunnel"),
    ],
)
def test_where_nobody_counts_addresses_nobody_counts_accounts(
    set_table: SetTable, setting: str, host: str
) -> None:
    table = set_table("accounts.plaintext=true", setting)
    for number in range(7):
        assert "SUCCESS" in registers(table, f"eve{number}", host)


# Being taken for somebody.


@pytest.mark.parametrize("nick", ["bob", "Bob", "BOB"])
def test_on_somebodys_nick_nobody_hears_you(table: Table, nick: str) -> None:
    bob_with_an_account(table).types("QUIT")
    (carol,) = table.seat_irc("carol")
    eve = somebody(table, nick, "eve")
    eve.types(
        "JOIN #lobby",
        "PRIVMSG carol :it is me, bob",
        "PRIVMSG #lobby :it is me, bob",
        "NOTICE carol :really",
        "INVITE carol #lobby",
        "TOPIC #lobby :bob was here",
        "AWAY :gone",
        "QUIT :bob says good-bye",
    )
    assert carol.sees() == []
    table.ignores_everybody()


def test_who_does_not_prove_it_loses_the_nick_after_half_a_minute(
    table: Table,
) -> None:
    bob_with_an_account(table).types("QUIT")
    eve = somebody(table, "bob", "eve")
    table.wait(25)
    assert not [line for line in eve.sees() if " NICK " in line]
    table.wait(10)
    (renamed,) = [line for line in eve.sees() if " NICK " in line]
    nick = renamed.split()[2].removeprefix(":")
    assert nick.startswith("guest-")
    eve.types("JOIN #lobby")
    assert f":{nick}!" in eve.sees()[0]
    table.ignores_everybody()


def test_who_proves_it_in_time_keeps_the_nick(table: Table) -> None:
    bob_with_an_account(table).types("QUIT")
    bob = somebody(table, "bob", "bob again")
    bob.types(f"PRIVMSG NickServ :IDENTIFY {SECRET}")
    assert is_in(bob.sees())
    table.wait(60)
    bob.types("JOIN #lobby")
    assert bob.sees()[0].startswith(":bob!")
    table.ignores_everybody()


def test_a_guest_cannot_take_somebodys_nick(table: Table) -> None:
    bob_with_an_account(table).types("QUIT")
    eve = somebody(table, "eve")
    eve.types("NICK bob")
    assert [line.split()[1] for line in eve.sees()] == ["433"]
    table.ignores_everybody()


def test_a_ghost_is_put_off_by_its_owner_and_by_nobody_else(table: Table) -> None:
    bob_with_an_account(table).types("QUIT")
    ghost = somebody(table, "bob", "ghost")
    eve = somebody(table, "eve")
    eve.types("PRIVMSG NickServ :GHOST bob")
    assert not ghost.is_cut_off()
    ghost.reads()
    bob = somebody(table, "bob_", "bob")
    bob.types(f"PRIVMSG NickServ :IDENTIFY bob {SECRET}", "JOIN #lobby")
    assert any(line.startswith(":bob!") and " JOIN " in line for line in bob.sees())
    table.ignores_everybody()


@pytest.mark.parametrize(
    "nick",
    [
        pytest.param("b0b", id="a zero"),
        pytest.param("b\u043eb", id="a Cyrillic o"),
        pytest.param("b\u03bfb", id="a Greek o"),
        pytest.param("\uff42\uff4f\uff42", id="full width"),
        pytest.param("bo\u200bb", id="zero width"),
        pytest.param("bo\u2060b", id="a word joiner"),
        pytest.param("\u202ebob", id="an override"),
        pytest.param("bob\u00ad", id="a soft hyphen"),
        pytest.param("NickServ", id="the house's own"),
        pytest.param("nickserv", id="in small letters"),
    ],
)
def test_nobody_goes_by_what_looks_like_bob(table: Table, nick: str) -> None:
    bob_with_an_account(table).types("QUIT")
    eve = somebody(table, "eve")
    eve.types(f"NICK {nick}")
    assert eve.sees()[0].split()[1] in ("432", "433")
    newcomer = table.connect("newcomer")
    newcomer.types(f"NICK {nick}", "USER x 0 * :x", "JOIN #lobby")
    assert not [line for line in newcomer.sees() if " JOIN " in line]
    table.ignores_everybody()


# Being heard where one is muted.


@pytest.mark.parametrize("lines", [["NS LOGOUT"], [f"NS DROP {SECRET}"]])
def test_a_mute_of_an_account_is_not_escaped_by_having_none(
    table: Table, lines: list[str]
) -> None:
    (carol,) = table.seat_irc("carol")
    carol.types("JOIN #tea", "MODE #tea +b m:a:bob")
    bob = bob_with_an_account(table)
    carol.reads()
    bob.types(*lines)
    assert [line for line in bob.sees() if " PART " in line]
    table.wait(3)
    bob.types("PRIVMSG #tea :ha")
    assert bob.sees()[-1].split()[1] == "404"
    (quit_,) = carol.sees()
    assert quit_.split()[1:] == ["QUIT", ":Logged", "out"]
    table.ignores_everybody()


def test_a_mute_of_a_nick_is_not_escaped_by_logging_in(table: Table) -> None:
    bob_with_an_account(table).types("QUIT")
    (carol,) = table.seat_irc("carol")
    carol.types("JOIN #milk", "MODE #milk +b m:eve!*@*")
    eve = somebody(table, "eve")
    eve.types("JOIN #milk", f"NS IDENTIFY bob {SECRET}")
    carol.reads()
    eve.types("PRIVMSG #milk :ha")
    assert eve.sees()[-1].split()[1] == "404"
    assert carol.sees() == []
    table.ignores_everybody()


def test_what_an_account_is_in_a_room_ends_with_the_login(table: Table) -> None:
    bob = bob_with_an_account(table)
    bob.types("MODE #tea +k sesame", "NS LOGOUT")
    seen = bob.sees()
    assert [line for line in seen if " PART " in line]
    bob.types("JOIN #tea", "MODE #tea -k sesame")
    assert [line.split()[1] for line in bob.sees()] == ["475", "442"]
    table.ignores_everybody()


# Forging.


@pytest.mark.parametrize("tag", ["account=bob", "+account=bob", "time=1", "msgid=x"])
def test_an_account_is_not_a_tag_that_one_can_send(table: Table, tag: str) -> None:
    bob = bob_with_an_account(table)
    eve = somebody(table, "eve", "", "message-tags")
    eve.types("JOIN #tea", f"@{tag} PRIVMSG #tea :it is me")
    said = bob.sees()[-1]
    assert "PRIVMSG #tea :it is me" in said
    tags = said.split()[0].removeprefix("@").split(";")
    assert not [each for each in tags if each.startswith("account=")]
    assert "time=1" not in tags
    assert "msgid=x" not in tags
    eve.ignores_the_rest()


def test_who_is_logged_in_says_so_in_a_tag_of_the_houses(table: Table) -> None:
    bob = bob_with_an_account(table)
    carol = somebody(table, "carol", "", "message-tags", "account-tag")
    carol.types("JOIN #tea")
    carol.reads()
    bob.types("PRIVMSG #tea :hello")
    (said,) = carol.sees()
    assert "account=bob" in said.split()[0].removeprefix("@").split(";")
    bob.ignores_the_rest()


# Invitations.


def test_nobody_invites_himself_to_have_an_account(set_table: SetTable) -> None:
    table = set_table("accounts.registration=invited")
    eve = somebody(table, "eve")
    eve.types("JOIN #den")
    eve.reads()
    eve.types("NS LINK #den 7d")
    assert not [line for line in eve.sees() if "sb-" in line]
    eve.types(f"NS REGISTER {SECRET}")
    assert not is_in(eve.sees())


def a_token(bob: Person, room: str, lasting: str) -> str:
    """An invitation into *room*, which bob runs."""
    bob.types(f"NS LINK {room} {lasting}")
    (token,) = [line.split()[-1] for line in bob.sees() if "sb-" in line]
    return token.removeprefix(":")


def a_locked_house(set_table: SetTable, *settings: str) -> tuple[Table, Person]:
    """A house with a password, and bob, who has an account and runs #tea."""
    # Who has just sent a password is heard later for it.
    settings = ("limits.enabled=false", *settings)
    table = set_table("server.password=open sesame", *settings)
    bob = table.connect("bob")
    bob.types("PASS :open sesame", "NICK bob", "USER b 0 * :b", "JOIN #tea")
    bob.types(f"NS REGISTER {SECRET}")
    bob.reads()
    return table, bob


def at_the_door(table: Table, token: str, number: int) -> list[Person]:
    """People who have shown *token*, and said no more."""
    people = [table.connect(f"burglar {each}") for each in range(number)]
    for person in people:
        person.types(f"PASS {token}")
    return people


def welcomed(person: Person) -> bool:
    return any(" 001 " in line for line in person.sees())


def test_a_link_for_one_lets_in_one_though_five_have_shown_it(
    set_table: SetTable,
) -> None:
    table, bob = a_locked_house(set_table)
    burglars = at_the_door(table, a_token(bob, "#tea", "7d 1"), 5)
    for number, burglar in enumerate(burglars):
        burglar.types(f"NICK b{number}", f"USER b{number} 0 * :b")
    assert [welcomed(each) for each in burglars] == [True, *[False] * 4]
    # But who knows the password comes in as everybody does.
    burglars[4].types("PASS :open sesame", "NICK b4")
    assert welcomed(burglars[4])
    table.ignores_everybody()


def test_it_does_so_though_they_come_as_somebody_else(set_table: SetTable) -> None:
    table, bob = a_locked_house(set_table)
    for nick in ("carol", "dave"):
        person = table.connect(nick)
        person.types("PASS :open sesame", f"NICK {nick}", f"USER {nick} 0 * :x")
        person.types(f"NS REGISTER {SECRET}", "QUIT")
    burglars = at_the_door(table, a_token(bob, "#tea", "7d 1"), 2)
    # Accounts' nicks: both are held, and in no room yet.
    for burglar, nick in zip(burglars, ("carol", "dave"), strict=True):
        burglar.types(f"NICK {nick}", "USER b 0 * :b")
    assert [welcomed(each) for each in burglars] == [True, False]
    table.ignores_everybody()


def test_a_link_that_is_taken_back_lets_nobody_in(set_table: SetTable) -> None:
    table, bob = a_locked_house(set_table)
    (burglar,) = at_the_door(table, a_token(bob, "#tea", "7d"), 1)
    bob.types("NS LINK #tea")
    number = bob.sees()[0].split("#tea ")[1].split(":")[0]
    bob.types(f"NS LINK #tea END {number}")
    burglar.types("NICK eve", "USER eve 0 * :eve")
    assert not welcomed(burglar)
    table.ignores_everybody()


def test_on_plain_a_link_for_one_lets_in_one(set_table: SetTable) -> None:
    table, bob = a_locked_house(set_table)
    token = a_token(bob, "#tea", "7d 1")
    burglars = [table.connect(nick) for nick in ("eve", "mallory")]
    for burglar in burglars:
        burglar.types("", f"join {token}")
        burglar.reads()
    for burglar in burglars:
        burglar.types(burglar.name)
    assert "-- You are in #tea, with bob." in burglars[0].sees()
    assert burglars[1].sees() == [
        "-- That is no invitation, or it is one no longer; ask for another.",
        "What should we call you?",
    ]
    burglars[1].types("mallory")
    assert "password" in burglars[1].sees()[0]
    table.ignores_everybody()


def has_registered(person: Person) -> bool:
    return any(" REGISTER SUCCESS " in line for line in person.sees())


def test_a_link_for_one_makes_one_account_of_those_who_go_again(
    set_table: SetTable,
) -> None:
    table, bob = a_locked_house(set_table, "accounts.registration=open")
    token = a_token(bob, "#tea", "7d 1")
    made = []
    for number in range(3):
        burglar = table.connect("burglar")
        burglar.types(f"PASS {token}", f"NICK b{number}", f"REGISTER * * {SECRET}")
        made.append(has_registered(burglar))
        burglar.types("QUIT")
    assert made == [True, False, False]
    table.ignores_everybody()


def an_invited_house(set_table: SetTable) -> tuple[Table, Person]:
    """A house that lets everybody in, and bob, who alone has an account and runs #tea.

    Others need an invitation to have one.
    """
    at_first = ("limits.enabled=false", "accounts.kdf_iterations=4096")
    table = set_table(*at_first)
    bob = somebody(table, "bob")
    bob.types("JOIN #tea", f"NS REGISTER {SECRET}")
    later = configured((*at_first, "accounts.registration=invited"), None)
    table.server.configure(later)
    bob.reads()
    return table, bob


def test_a_link_for_one_makes_one_account_on_one_connection(
    set_table: SetTable,
) -> None:
    table, bob = an_invited_house(set_table)
    token = a_token(bob, "#tea", "7d 2")
    # Inside already, so that nothing is counted when it is shown.
    eve = somebody(table, "eve")
    eve.types("JOIN #tea", f"NS IDENTIFY {token}", f"REGISTER * * {SECRET}")
    assert has_registered(eve)
    eve.types("NS LOGOUT", "NICK mallory", f"REGISTER * * {SECRET}")
    assert not has_registered(eve)
    # One use is left, and no more.
    for nick, may in [("trudy", True), ("sybil", False)]:
        burglar = somebody(table, nick)
        burglar.types("JOIN #tea", f"NS IDENTIFY {token}", f"REGISTER * * {SECRET}")
        assert has_registered(burglar) == may
    table.ignores_everybody()


@pytest.mark.parametrize("ends", ["its owner", "those who run the house"])
def test_a_link_of_an_account_that_is_no_more_lets_nobody_in(
    set_table: SetTable, ends: str
) -> None:
    table, bob = a_locked_house(set_table)
    carol = table.connect("carol")
    carol.types("PASS :open sesame", "NICK carol", "USER c 0 * :c", "JOIN #tea")
    bob.reads()
    (burglar,) = at_the_door(table, a_token(bob, "#tea", "7d"), 1)
    if ends == "its owner":
        bob.types(f"NS DROP {SECRET}")
    else:
        table.connect("the console", "admin").types("account suspend bob")
    burglar.types("NICK eve", "USER eve 0 * :eve")
    assert not welcomed(burglar)
    table.ignores_everybody()
