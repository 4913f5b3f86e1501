"""Conversations between people on IRC: what each of them reads of the others.

Whoever speaks stands before his line as a nick alone: what his address became
(``!user@host``) is a matter of chance, and left out.
"""

import re

import pytest

from tests.conftest import SetTable
from tests.journeys.table import Person, Table

FREE = ("limits.enabled=false",)


def reads(person: Person) -> list[str]:
    """What *person* has read since the last look, without sources' addresses."""
    return [re.sub(r"!\S+?@[0-9a-f]+\.cloak", "", line) for line in person.sees()]


def numbers(person: Person) -> list[str]:
    """The commands and numbers of what *person* has read since the last look."""
    return [line.split(" ")[1] for line in person.sees()]


@pytest.fixture
def table(set_table: SetTable) -> Table:
    return set_table(*FREE, "server.name=irc.x")


def in_tea(table: Table, *names: str, caps: str = "") -> list[Person]:
    """People in #tea, which the first of them runs, and in the lobby no more."""
    people = table.seat_irc(*names, caps=caps)
    for person in people:
        person.types("JOIN #tea", "PART #lobby")
    table.clear()
    return people


def test_whoever_runs_a_room_sets_it_up_and_all_are_told(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    alice.types("MODE #tea +mk-t+v milk bob")
    told = [":alice MODE #tea +mk-t+v milk bob"]
    assert (reads(alice), reads(bob)) == (told, told)
    bob.types("MODE #tea", "MODE #tea -m")
    first, since, no = reads(bob)
    assert first == ":irc.x 324 bob #tea +kmn :milk"
    assert since.startswith(":irc.x 329 bob #tea :")
    assert no == ":irc.x 482 bob #tea :You're not channel operator."


def test_a_moderated_room_hears_those_with_a_voice(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    alice.types("MODE #tea +m")
    table.clear()
    bob.types("PRIVMSG #tea :may I?")
    assert numbers(bob) == ["404"]
    alice.types("MODE #tea +v bob")
    table.clear()
    bob.types("PRIVMSG #tea :thanks")
    assert reads(alice) == [":bob PRIVMSG #tea :thanks"]
    alice.types("NAMES #tea")
    assert reads(alice)[0] == ":irc.x 353 alice = #tea :@alice +bob"


@pytest.mark.parametrize(
    ("mode", "number"),
    [
        pytest.param("+i", "473", id="473 only the invited"),
        pytest.param("+k milk", "475", id="475 only with the key"),
        pytest.param("+l 1", "471", id="471 only so many"),
        pytest.param("+b carol!*@*", "474", id="474 not who is banned"),
    ],
)
def test_a_door_is_kept_and_an_invitation_opens_it(
    table: Table, mode: str, number: str
) -> None:
    (alice,) = in_tea(table, "alice")
    (carol,) = table.seat_irc("carol")
    alice.types(f"MODE #tea {mode}")
    table.clear()
    carol.types("JOIN #tea")
    assert numbers(carol) == [number]
    alice.types("INVITE carol #tea")
    assert reads(alice) == [":irc.x 341 alice carol :#tea"]
    assert reads(carol) == [":alice INVITE carol #tea"]
    carol.types("JOIN #tea")
    assert numbers(carol) == ["JOIN", "353", "366"]
    assert reads(alice) == [":carol JOIN #tea"]


def test_a_key_opens_the_door(table: Table) -> None:
    (alice,) = in_tea(table, "alice")
    (carol,) = table.seat_irc("carol")
    alice.types("MODE #tea +k milk")
    carol.types("JOIN #sea,#tea sand,milk")
    assert numbers(carol) == ["JOIN", "353", "366"] * 2
    table.clear()


def test_the_lists_of_a_room(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    alice.types("MODE #tea +bbeI eve m:*!*@bad zoe bob")
    alice.reads()
    bob.reads()
    bob.types("MODE #tea b", "MODE #tea e")
    first, second, end, no = reads(bob)
    assert first.startswith(":irc.x 367 bob #tea eve!*@* alice :")
    assert second.startswith(":irc.x 367 bob #tea m:*!*@bad alice :")
    assert end == ":irc.x 368 bob #tea :End of channel ban list."
    assert no == ":irc.x 482 bob #tea :You're not channel operator."
    alice.types("MODE #tea eI")
    assert numbers(alice) == ["348", "349", "346", "347"]


def test_one_wrong_change_among_others(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    alice.types("MODE #tea +oxl-b nobody none eve!*@*")
    assert numbers(alice) == ["401", "696", "696", "472"]
    alice.types("MODE #tea +s")
    assert reads(bob) == [":alice MODE #tea +s"]
    assert reads(alice) == [":alice MODE #tea +s"]


def test_kick(table: Table) -> None:
    alice, bob, carol = in_tea(table, "alice", "bob", "carol")
    bob.types("KICK #tea alice :mutiny")
    assert numbers(bob) == ["482"]
    alice.types("KICK #tea bob,carol :closing time", "KICK #tea nobody")
    out_bob = ":alice KICK #tea bob :closing time"
    out_carol = ":alice KICK #tea carol :closing time"
    no = ":irc.x 401 alice nobody :No such nick."
    assert reads(alice) == [out_bob, out_carol, no]
    assert reads(bob) == [out_bob]
    assert reads(carol) == [out_bob, out_carol]
    bob.types("PRIVMSG #tea :am I in?")
    assert numbers(bob) == ["404"]


def test_statusmsg_is_for_those_who_run_the_room(table: Table) -> None:
    alice, bob, carol = in_tea(table, "alice", "bob", "carol")
    alice.types("MODE #tea +v bob")
    table.clear()
    carol.types("PRIVMSG @#tea :help", "PRIVMSG +#tea :help")
    assert reads(alice) == [
        ":carol PRIVMSG @#tea :help",
        ":carol PRIVMSG +#tea :help",
    ]
    assert reads(bob) == [":carol PRIVMSG +#tea :help"]


def test_away(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob", caps="away-notify")
    bob.types("AWAY :out for tea")
    assert reads(bob) == [":irc.x 306 bob :You have been marked as being away."]
    assert reads(alice) == [":bob AWAY :out for tea"]
    alice.types("PRIVMSG bob :there?", "NOTICE bob :beep", "WHO bob %nf")
    assert reads(alice) == [
        ":irc.x 301 alice bob :out for tea",
        ":irc.x 354 alice bob :G",
        ":irc.x 315 alice bob :End of /WHO list.",
    ]
    bob.reads()
    bob.types("AWAY")
    assert reads(bob) == [":irc.x 305 bob :You are no longer marked as being away."]
    assert reads(alice) == [":bob AWAY"]


def test_whois(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    bob.types("MODE bob +B", "JOIN #secret", "MODE #secret +s")
    table.clear()
    # What bob did in one turn took him a few milliseconds.
    table.wait(5.1)
    alice.types("WHOIS bob", "WHOIS nobody")
    lines = reads(alice)
    assert [line.split(" ")[1] for line in lines] == (
        ["311", "319", "312", "335", "317", "318", "401", "318"]
    )
    assert lines[1] == ":irc.x 319 alice bob :#tea"
    assert lines[4].startswith(":irc.x 317 alice bob 5 ")


def test_whowas(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    bob.types("NICK bobby", "QUIT")
    table.clear()
    alice.types("WHOWAS bob", "WHOWAS bobby 1", "WHOWAS eve")
    assert numbers(alice) == ["314", "312", "369", "314", "312", "369", "406", "369"]


def test_list(table: Table) -> None:
    alice, bob, carol = in_tea(table, "alice", "bob", "carol")
    alice.types("TOPIC #tea :milk?", "JOIN #sea", "MODE #sea +s")
    table.clear()
    bob.types("LIST >1", "LIST #sea", "LIST !#tea")
    assert [line for line in reads(bob) if " 322 " in line] == [
        ":irc.x 322 bob #tea 3 :milk?",
        ":irc.x 322 bob #lobby 0 :",
    ]
    alice.types("LIST #sea")
    assert ":irc.x 322 alice #sea 1 :" in reads(alice)
    carol.types("JOIN 0", "LIST #tea")
    assert reads(carol)[0] == ":carol PART #tea"
    table.clear()


def test_monitor(table: Table) -> None:
    (alice,) = table.seat_irc("alice")
    alice.types("MONITOR + bob,eve")
    assert reads(alice) == [":irc.x 731 alice :bob,eve"]
    bob = table.connect("bob")
    bob.types("NICK bob", "USER bob 0 * :Bob")
    assert reads(alice) == [":irc.x 730 alice :bob"]
    alice.types("MONITOR L", "MONITOR S")
    assert reads(alice) == [
        ":irc.x 732 alice :bob,eve",
        ":irc.x 733 alice :End of MONITOR list.",
        ":irc.x 730 alice :bob",
        ":irc.x 731 alice :eve",
    ]
    bob.types("NICK bobby")
    assert reads(alice) == [":irc.x 731 alice :bob"]
    alice.types("MONITOR - bob,eve", "MONITOR + bobby", "MONITOR C")
    alice.reads()
    bob.types("QUIT")
    assert reads(alice) == []
    bob.ignores_the_rest()


def test_what_only_those_read_who_asked_for_it(table: Table) -> None:
    (alice,) = in_tea(table, "alice", caps="setname extended-join invite-notify")
    (bob,) = in_tea(table, "bob")
    assert bob.reads() == b""
    alice.reads()
    carol, dave = table.seat_irc("carol", "dave")
    carol.types("JOIN #tea", "SETNAME :Carol C.", "INVITE dave #tea")
    assert reads(alice) == [
        ":carol JOIN #tea * :carol",
        ":carol SETNAME :Carol C.",
        ":carol INVITE dave #tea",
    ]
    assert reads(bob) == [":carol JOIN #tea"]
    assert reads(dave) == [":carol INVITE dave #tea"]
    carol.reads()


def test_a_bot_is_known_as_one(table: Table) -> None:
    (alice,) = in_tea(table, "alice", caps="message-tags")
    (bot,) = in_tea(table, "robot")
    bot.types("MODE robot +B")
    assert reads(bot) == [":robot MODE robot +B"]
    bot.types("PRIVMSG #tea :beep")
    table.clear()
    bot.types("PRIVMSG #tea :beep")
    (line,) = reads(alice)
    assert re.fullmatch(r"@msgid=[0-9a-f]+;bot :robot PRIVMSG #tea :beep", line)


def test_who_is_here_at_all(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    bob.types("MODE bob +i")
    table.clear()
    alice.types("ISON bob eve alice", "USERHOST bob eve", "LUSERS")
    lines = reads(alice)
    assert lines[0] == ":irc.x 303 alice :bob alice"
    assert re.fullmatch(r":irc\.x 302 alice :bob=\+bob@[0-9a-f]+\.cloak", lines[1])
    assert lines[2] == (
        ":irc.x 251 alice :There are 1 users and 1 invisible on 1 servers"
    )


def test_only_those_in_office_may(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    alice.types("KILL bob :why not", "WALLOPS :hello", "MODE alice +o")
    assert numbers(alice) == ["481", "481", "481"]
    assert reads(bob) == []


# What 005 promises and the hub keeps.


@pytest.mark.parametrize(
    ("token", "kept", "refused"),
    [
        ("NICKLEN=32", "NICK " + "a" * 32, "NICK " + "a" * 33),
        ("CHANNELLEN=64", "JOIN #" + "a" * 63, "JOIN #" + "a" * 64),
        ("KEYLEN=23", "MODE #tea +k " + "a" * 23, "MODE #tea +k " + "a" * 24),
        ("NAMELEN=150", "SETNAME :" + "a" * 150, "SETNAME :" + "a" * 151),
    ],
)
def test_a_length_is_a_promise(
    table: Table, token: str, kept: str, refused: str
) -> None:
    (alice,) = in_tea(table, "alice", caps="setname")
    alice.types("VERSION")
    assert token in " ".join(reads(alice)).split()
    alice.types(refused)
    assert numbers(alice)[0] in {"432", "476", "696", "FAIL"}
    alice.types(kept)
    assert numbers(alice)[0] in {"NICK", "JOIN", "MODE", "SETNAME"}


@pytest.mark.parametrize(
    ("token", "line", "kept"),
    [
        ("TOPICLEN=390", "TOPIC #tea :{}", 390),
        ("KICKLEN=300", "KICK #tea bob :{}", 300),
    ],
)
def test_a_length_is_cut(table: Table, token: str, line: str, kept: int) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    alice.types("VERSION")
    assert token in " ".join(reads(alice)).split()
    alice.types(line.format("x" * 400))
    (shown,) = reads(alice)
    assert shown.rpartition(":")[2] == "x" * kept
    bob.ignores_the_rest()


def test_awaylen_is_a_promise(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    bob.types("AWAY :" + "x" * 201)
    alice.types("PRIVMSG bob :there?")
    assert reads(alice) == [":irc.x 301 alice bob :" + "x" * 200]
    bob.ignores_the_rest()


def test_monitor_has_an_end(table: Table) -> None:
    (alice,) = table.seat_irc("alice")
    for tens in range(10):
        alice.types("MONITOR + " + ",".join(f"n{tens}{one}" for one in range(10)))
    alice.reads()
    alice.types("MONITOR + eve")
    assert reads(alice) == [":irc.x 734 alice 100 eve :Monitor list is full."]


def test_maxlist_has_an_end(table: Table) -> None:
    (alice,) = in_tea(table, "alice")
    for tens in range(10):
        masks = " ".join(f"n{tens}{one}" for one in range(10))
        alice.types(f"MODE #tea +bbbbbbbbbb {masks}")
    alice.reads()
    alice.types("MODE #tea +b eve", "MODE #tea +e eve")
    assert reads(alice) == [
        ":irc.x 478 alice #tea eve!*@* :Channel list is full.",
        ":alice MODE #tea +e eve!*@*",
    ]


def test_stats_tells_how_long_the_house_is_up(table: Table) -> None:
    (alice,) = table.seat_irc("alice")
    table.wait(62)
    alice.types("STATS u", "TIME")
    up, end, time = reads(alice)
    assert up == ":irc.x 242 alice :Server Up 0 days 0:01:02"
    assert end == ":irc.x 219 alice u :End of /STATS report."
    assert time.startswith(":irc.x 391 alice irc.x ")
