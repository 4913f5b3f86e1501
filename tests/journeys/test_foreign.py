"""Foreign libraries in conversation: what they believe is what is so."""

from contextlib import closing

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import SetTable
from tests.journeys.foreign import Library, exceptions, truth
from tests.journeys.table import Table

FREE = ("limits.enabled=false", "accounts.plaintext=true")
CAPS = {
    "account-notify": "",
    "account-tag": "",
    "away-notify": "",
    "cap-notify": "",
    "chghost": "",
    "batch": "",
    "draft/account-registration": "before-connect",
    "draft/chathistory": "",
    "draft/event-playback": "",
    "draft/read-marker": "",
    "echo-message": "",
    "extended-join": "",
    "invite-notify": "",
    "labeled-response": "",
    "message-tags": "",
    "multi-prefix": "",
    "sasl": "PLAIN,SCRAM-SHA-256",
    "server-time": "",
    "setname": "",
    "soju.im/search": "",
    "userhost-in-names": "",
}


@pytest.fixture
def table(set_table: SetTable) -> Table:
    return set_table(*FREE, "server.name=irc.x", "server.network=Tea House")


def comes(table: Table, name: str, *, wants_all: bool = True) -> Library:
    library = Library(table.connect(name))
    library.registers(wants_all=wants_all)
    return library


def in_tea(table: Table, *names: str) -> list[Library]:
    """People in #tea, which the first of them runs; all have seen the others come."""
    libraries = [comes(table, name) for name in names]
    for library in libraries:
        library.types("JOIN #tea")
    for library in libraries:
        library.listens()
    return libraries


def test_registration_with_capabilities(table: Table) -> None:
    server = comes(table, "alice").server
    assert server.registered
    assert server.nickname == "alice"
    assert server.has_cap
    assert server.available_caps == CAPS
    assert set(server.agreed_caps) == set(CAPS)


def test_registration_without_any(table: Table) -> None:
    server = comes(table, "alice", wants_all=False).server
    assert (server.registered, server.has_cap) == (True, False)


def test_005_as_the_library_reads_it(table: Table) -> None:
    told = comes(table, "alice").server.isupport
    modes, prefix = told.chanmodes, told.prefix
    assert [
        "".join(each)
        for each in (modes.a_modes, modes.b_modes, modes.c_modes, modes.d_modes)
    ] == ["beI", "k", "l", "PXimnst"]
    assert (prefix.modes, prefix.prefixes) == (["o", "v"], ["@", "+"])
    assert told.casemapping.value == "ascii"
    assert (told.network, told.nicklen, told.modes) == ("Tea House", 32, 12)
    assert (told.chantypes, told.statusmsg) == (["#"], ["@", "+"])
    assert (told.excepts, told.invex) == ("e", "I")
    assert (told.whox, told.monitor) == (True, 100)


def test_names_with_their_addresses_and_their_standing(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    alice.types("MODE #tea +v bob")
    bob.listens()
    carol = comes(table, "carol")
    carol.types("JOIN #tea")
    for each in (alice, bob):
        each.listens()
    room = carol.server.channels["#tea"]
    assert {nick: each.modes for nick, each in room.users.items()} == {
        "alice": {"o"},
        "bob": {"v"},
        "carol": set(),
    }
    assert [carol.server.users[nick].username for nick in room.users] == [*room.users]
    assert all(
        (carol.server.users[nick].hostname or "").endswith(".cloak")
        for nick in room.users
    )


def test_whois_list_and_monitor(table: Table) -> None:
    alice, bob = in_tea(table, "alice", "bob")
    bob.types("AWAY :gone for milk", "MODE #tea", "QUIT :bye")
    bob = comes(table, "bob")
    bob.types("JOIN #tea", "AWAY :gone again")
    alice.listens()
    told = alice.types("WHOIS bob", "LIST", "MONITOR + bob,zoe")
    assert [(line.command, line.params[1]) for line in told] == [
        ("311", "bob"),
        ("319", "bob"),
        ("312", "bob"),
        ("301", "bob"),
        ("317", "bob"),
        ("318", "bob"),
        ("321", "Channel"),
        ("322", "#lobby"),
        ("322", "#tea"),
        ("323", "End of /LIST"),
        ("730", f"bob!bob@{bob.server.hostname}"),
        ("731", "zoe"),
    ]
    assert alice.server.users["bob"].away == "gone again"
    assert alice.server.users["bob"].realname == "Bob Liddell"
    bob.types("QUIT :so long")
    assert [(line.command, line.params) for line in alice.listens()] == [
        ("QUIT", ["Quit: so long"]),
        ("731", ["alice", "bob"]),
    ]


# Who does what; whoever is on plain does it in words.
CONVERSATION = [
    ("alice", "TOPIC #tea :Leaves, milk: both?"),
    ("bob", "PRIVMSG #tea :hello :)"),
    ("carol", "hello from a bare terminal"),
    ("alice", "MODE #tea +ov bob dave"),
    ("bob", "MODE #tea +mt-n"),
    ("dave", "PRIVMSG @#tea :psst"),
    ("alice", "MODE #tea +k milk"),
    ("alice", "MODE #tea +l 7"),
    ("bob", "MODE #tea +bb Eve!*@* m:*!*@bad.example"),
    ("bob", "MODE #tea +eI zoe!*@* carol!*@*"),
    ("alice", "MODE #tea +is"),
    ("alice", "INVITE zoe #tea"),
    ("zoe", "JOIN #tea"),
    ("bob", "AWAY :gone for milk"),
    ("bob", "NICK Robert"),
    ("carol", "/me pours"),
    ("carol", "/nick Caroline"),
    ("dave", "SETNAME :Dave, who drinks coffee"),
    ("alice", "MODE #tea -b eve!*@*"),
    ("alice", "MODE #tea -k whatever"),
    ("Robert", "TOPIC #tea :"),
    ("alice", "MODE #tea +v Caroline"),
    ("alice", "MODE #tea +o Caroline"),
    ("carol", "/topic Just water"),
    ("carol", "/room open"),
    ("carol", "/kick zoe too loud"),
    ("carol", "/ban zoe"),
    ("carol", "/mute dave"),
    ("Robert", "AWAY"),
    ("Robert", "NICK ROBERT"),
    ("alice", "MODE #tea -o Caroline"),
    ("carol", "/away"),
    ("carol", "/join sea"),
    ("dave", "JOIN #sea"),
    ("dave", "NOTICE #sea :wet"),
    ("zoe", "QUIT :in a huff"),
    ("dave", "PART #sea :dry"),
    ("alice", "MODE #tea -l+s"),
    ("ROBERT", "PART #tea :bye"),
    ("ROBERT", "JOIN #tea"),
]


def test_after_a_long_conversation_they_know_what_the_hub_knows(table: Table) -> None:
    libraries = in_tea(table, "alice", "bob", "dave")
    libraries.append(comes(table, "zoe"))
    (carol,) = table.seat("carol")
    carol.types("/join tea")
    carol.ignores_the_rest()
    everybody_listens(libraries)
    for nick, line in CONVERSATION:
        if nick == "carol":
            carol.types(line)
        else:
            (who,) = (each for each in libraries if each.server.nickname == nick)
            who.types(line)
        everybody_listens(libraries)

    alice, robert, dave, zoe = libraries
    assert not zoe.server.channels
    assert alice.believes()["#tea"]["people"] == {
        "alice": "o",
        "Caroline": "",
        "dave": "v",
        "ROBERT": "",
    }
    assert alice.believes()["#tea"]["topic"] == "Just water"
    for library in (alice, robert, dave):
        assert library.believes() == truth(table, library.server.nickname)
    there_from_the_start = alice.server.channels["#tea"].list_modes
    assert there_from_the_start == exceptions(table, "#tea")


def everybody_listens(libraries: list[Library]) -> None:
    for library in libraries:
        library.listens()


NAMES = "alice", "bob", "carol", "dave"
ROOMS = st.sampled_from(["#tea", "#TEA", "#sea"])
NICKS = st.sampled_from([*NAMES, "Alice", "BOB", "eve"])
MASKS = st.sampled_from(["eve", "Eve!*@*", "eve!*@*", "m:*!*@bad", "alice", "bob!*@*"])
MODES = st.one_of(
    st.tuples(st.sampled_from(["+o", "-o", "+v", "-v", "+o-v", "+vo"]), NICKS).map(
        lambda it: f"{it[0]} {it[1]} {it[1]}"
    ),
    st.tuples(st.sampled_from(["+b", "-b", "+e", "-e", "+I", "-I"]), MASKS).map(
        " ".join
    ),
    st.text("imnstPX+-", min_size=1, max_size=6),
    st.sampled_from(["+k milk", "+k tea", "-k *", "-k milk", "+l 3", "+l 9", "-l"]),
    st.sampled_from(["+lk 5 milk", "-lk x", "+ovb bob carol eve", "+zl 2"]),
)
LINES = st.one_of(
    st.builds("JOIN {}".format, ROOMS),
    st.builds("JOIN {},#sea milk,tea".format, ROOMS),
    st.builds("PART {} :bye".format, ROOMS),
    st.builds("KICK {} {} :out".format, ROOMS, NICKS),
    st.builds("MODE {} {}".format, ROOMS, MODES),
    st.builds("MODE {} {}".format, ROOMS, MODES),
    st.builds("NICK {}".format, NICKS),
    st.sampled_from(["AWAY :tea", "AWAY", "SETNAME :Me", "JOIN 0"]),
    st.builds("TOPIC {} :{}".format, ROOMS, st.sampled_from(["", "one", "two: :2"])),
    st.builds("INVITE {1} {0}".format, ROOMS, NICKS),
    st.sampled_from(["NS REGISTER milkmilk", "NS LOGOUT"]),
    st.builds("NS IDENTIFY {} milkmilk".format, NICKS),
)
STEPS = st.lists(st.tuples(st.sampled_from(range(4)), LINES), max_size=25)


@pytest.mark.slow
@settings(max_examples=60)
@given(STEPS)
@example([(3, "AWAY :tea"), (3, "JOIN #tea")])
@example([(0, "MODE #tea +l 3"), (2, "JOIN #tea")])
def test_whatever_four_people_do_they_know_what_the_hub_knows(
    steps: list[tuple[int, str]],
) -> None:
    with closing(Table(*FREE)) as table:
        # The last of them has asked for nothing.
        libraries = [comes(table, name, wants_all=name != "dave") for name in NAMES]
        libraries[0].types("JOIN #tea")
        libraries[1].types("JOIN #tea")
        everybody_listens(libraries)
        for who, line in steps:
            libraries[who].person.types(line)
            everybody_listens(libraries)
        for library in libraries:
            of_people = bool(library.server.agreed_caps)
            assert library.believes(of_people=of_people) == truth(
                table, library.server.nickname, of_people=of_people
            )
