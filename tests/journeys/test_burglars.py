"""Burglars: whoever wants to be somebody else, and how far he gets.

Each scene is one way of getting into an account, or of being taken for its owner.
bob has one; he is on IRC, and so are the burglars, because programs try harder.
"""

from base64 import b64encode

import pytest

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
