"""The exchange: from one person's line to what everybody reads of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from chat.dialects.dialect import House, Prove, Silent
from chat.dialects.http import ANSWER, Http
from chat.dialects.irc.session import Irc
from chat.dialects.plain import Plain
from chat.dialects.sniff import Language, Sealed, Stranger
from chat.domain.claims import Identified, MakeLink, Redeem, Register
from chat.domain.commands import Configure, TakeOffice
from chat.domain.limits import Limits
from chat.domain.order import START
from chat.domain.records import (
    Act,
    Audited,
    Kept,
    KeptAccount,
    KeptRoom,
    Record,
    taken_apart,
)
from chat.domain.records import Line as KeptLine
from chat.domain.snapshot import set_up
from chat.domain.state import Room, Stamp
from chat.domain.views import Topic
from chat.net.timers import Timers
from chat.passwords import hashed
from chat.scram import derive
from chat.server.exchange import Exchange
from chat.server.session import Session
from chat.store.memory import MemoryStore
from chat.wire.lines import Line
from chat.wire.outbox import Outbox
from tests.dialects.probes import HELLO_12, PROBES, Probe
from tests.fakes import FakeOffload, a_keeper, a_librarian
from tests.server.readers import OPENING, Nowhere, appended, drained, handed_out

SINCE = 1_700_000_000_000
HOUSE = House("irc.test", "Testers", "test-1", SINCE, "#lobby", Limits())

GREETING = [
    "Welcome to Testers, a place to chat. Nobody else is here yet.",
    (
        "What is said in a room is kept, to be read while the room is there,"
        " unless /room says otherwise."
    ),
    "What should we call you?",
]


class Shelf(MemoryStore):
    """A store that shows what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Record] = []

    def write(self, records: Sequence[Record], reached: Stamp = START) -> None:
        super().write(records, reached)
        self.records += records


class Hall:
    """An exchange, and people who talk there without sockets."""

    def __init__(self) -> None:
        self.store = Shelf()
        self.keeper = a_keeper(self.store)
        self.librarian = a_librarian(self.store)
        offload = FakeOffload(lambda: None)
        self.exchange = Exchange(
            HOUSE, self.store, self.keeper, offload, self.librarian
        )
        self._count = 0

    def comes(self, *lines: str) -> Session:
        """Somebody opens a session and says *lines*; what he reads is skipped."""
        session = self.comes_through("auto")
        self.says(session, *lines)
        self.reads(session)
        return session

    def comes_through(self, door: str) -> Session:
        """Somebody opens a session at *door*, and says nothing yet."""
        self._count += 1
        session = Session(self._count, Nowhere(), Outbox(1000, 2000), door=door)
        self.exchange.open(session)
        return session

    def sends(self, session: Session, arrivals: Iterable[bytes]) -> None:
        """*arrivals* come one by one, as the loop takes them in."""
        for data in arrivals:
            if session.is_closing:
                return
            session.pipeline.feed(data)
            self.exchange.look_ahead(session)
            for line in session.lines.take(100):
                if not session.is_closing:
                    self.exchange.hear(session, line)

    def says(self, session: Session, *lines: str) -> None:
        for line in lines:
            self.exchange.hear(session, line.encode())

    def reads(self, session: Session) -> list[str]:
        """What *session* has got by the end of the turn."""
        handed_out(self.exchange.fanout)
        return drained(session)

    def checks(self) -> None:
        """The helper does what was waiting for it."""
        for session, act in self.exchange.offload.finished():
            session.is_waiting = False
            act(session)

    def audited(self) -> list[tuple[Act, str, str, str]]:
        """What the audit trail says by now."""
        self.keeper.commit()
        return [
            (record.act, record.who, record.about, record.address)
            for record in self.store.records
            if isinstance(record, Audited)
        ]


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_what_follows_from_an_answer_is_done_at_once(hall: Hall) -> None:
    bob = hall.comes("/register bob", "correct horse")
    hall.checks()
    assert hall.reads(bob)[1:] == [
        "-- You are logged in as bob.",
        "-- You are bob. Type to talk; /help helps, /quit leaves.",
        "-- You are in #lobby, with nobody else yet.",
    ]


# Languages.


@pytest.mark.parametrize(
    ("first", "dialect", "limit"),
    [
        pytest.param("alice", Plain, 4096, id="a name is plain"),
        pytest.param("Nick", Plain, 4096, id="a name like a command, too"),
        pytest.param("  ", Plain, 4096, id="Enter is a person's"),
        pytest.param("\ufeffalice", Plain, 4096, id="a name from a file"),
        pytest.param("\ufeffNICK alice", Irc, 4606, id="IRC from a file"),
        pytest.param("NICK alice", Irc, 4606, id="a command of IRC is IRC"),
        pytest.param("GET / HTTP/1.1", Http, 8192, id="a request line is HTTP"),
        pytest.param("\x16\x03\x01", Sealed, 8192, id="a handshake is TLS"),
        pytest.param("SSH-2.0-x", Stranger, 8192, id="the rest is strange"),
    ],
)
def test_the_first_line_decides(
    hall: Hall, first: str, dialect: type, limit: int
) -> None:
    session = hall.comes(first)
    assert type(session.dialect) is dialect
    assert session.lines.limit == limit


def test_nobody_is_of_any_language_before_the_first_line(hall: Hall) -> None:
    session = hall.comes()
    assert type(session.dialect) is Silent


def test_the_second_line_decides_nothing(hall: Hall) -> None:
    session = hall.comes("alice", "NICK bob")
    assert type(session.dialect) is Plain


def test_a_person_who_speaks_first_is_greeted_all_the_same(hall: Hall) -> None:
    session = hall.comes()
    hall.says(session, "alice")
    assert hall.reads(session)[: len(GREETING)] == GREETING


def test_a_person_who_was_greeted_is_not_greeted_again(hall: Hall) -> None:
    session = hall.comes()
    hall.exchange.greet(session)
    assert hall.reads(session) == GREETING
    hall.says(session, "alice")
    assert hall.reads(session) == [
        "-- You are alice. Type to talk; /help helps, /quit leaves.",
        "-- You are in #lobby, with nobody else yet.",
    ]


def test_an_irc_client_that_was_greeted_is_spoken_to_in_irc(hall: Hall) -> None:
    session = hall.comes()
    hall.exchange.greet(session)
    hall.reads(session)
    hall.says(session, "NICK alice", "USER alice 0 * :Alice")
    assert hall.reads(session)[0].startswith(":irc.test 001 alice :Welcome")


def test_a_browser_is_answered_and_shown_the_door(hall: Hall) -> None:
    session = hall.comes()
    hall.says(session, "GET / HTTP/1.1")
    assert hall.reads(session) == ANSWER.decode().splitlines()
    assert session.is_closing


def test_a_browser_that_was_greeted_gets_nothing_more(hall: Hall) -> None:
    session = hall.comes()
    hall.exchange.greet(session)
    hall.reads(session)
    hall.says(session, "GET / HTTP/1.1")
    assert hall.reads(session) == []
    assert session.is_closing


def test_enter_does_not_decide_but_is_a_persons(hall: Hall) -> None:
    session = hall.comes()
    hall.says(session, "", "")
    assert hall.reads(session) == GREETING
    hall.exchange.greet(session)
    assert (hall.reads(session), session.is_decided) == ([], False)
    hall.says(session, "NICK alice", "USER alice 0 * :Alice")
    assert hall.reads(session)[0].startswith(":irc.test 001 alice :Welcome")


def test_the_mark_before_a_text_is_not_part_of_a_command(hall: Hall) -> None:
    session = hall.comes("\ufeffNICK alice")
    hall.says(session, "USER alice 0 * :Alice")
    assert hall.reads(session)[0].startswith(":irc.test 001 alice :Welcome")


def test_the_mark_is_skipped_though_the_line_never_ends(hall: Hall) -> None:
    alice, bob = hall.comes("alice"), hall.comes()
    hall.exchange.hear_last(bob, "\ufeffbob".encode())
    assert hall.reads(alice)[0] == "-- bob is here."


# Before a line ends, and at doors of every kind.


def test_tls_is_answered_though_it_sends_no_line(hall: Hall) -> None:
    session = hall.comes()
    hall.sends(session, [HELLO_12[:1]])
    assert (session.is_decided, session.is_closing) == (False, False)
    hall.sends(session, [HELLO_12[1:2]])
    assert session.is_closing
    assert session.outbox.peek() == b"\x15\x03\x01\x00\x02\x02\x28"


def test_tls_that_was_greeted_gets_nothing_more(hall: Hall) -> None:
    session = hall.comes()
    hall.exchange.greet(session)
    hall.reads(session)
    hall.sends(session, [HELLO_12])
    assert hall.reads(session) == []
    assert session.is_closing


def test_who_has_spoken_may_send_what_he_likes(hall: Hall) -> None:
    alice, bob = hall.comes("alice"), hall.comes("bob")
    hall.reads(alice)
    hall.sends(bob, [b"\x16\x03", b"\0\n"])
    assert (len(hall.reads(alice)), bob.is_closing) == (1, False)


DOORS = ["auto", "plain", "telnet", "irc", "unix"]

# What a program reads that means no chat, unless it was greeted before.
ANSWERS = {
    Language.HTTP: ANSWER.decode().splitlines(),
    Language.TLS: ["\x15\x03\x01\x00\x02\x02("],
    Language.NONE: ["ERROR :That is no language of this house."],
}


def outcome(door: str, arrivals: Iterable[bytes]) -> tuple[list[str], bool, list[str]]:
    """What is read by who sends *arrivals*, whether that is all, what alice saw."""
    hall = Hall()
    alice, program = hall.comes("alice"), hall.comes_through(door)
    hall.sends(program, arrivals)
    return hall.reads(program), program.is_closing, hall.reads(alice)


def called(probe: Probe) -> str:
    return probe.program


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("probe", PROBES, ids=called)
def test_no_name_is_ever_made_of_a_probe(probe: Probe, door: str) -> None:
    _, has_ended, seen = outcome(door, [probe.sends])
    assert (has_ended, seen) == (probe.language in ANSWERS, [])


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("probe", PROBES, ids=called)
def test_where_a_probe_is_cut_does_not_matter(probe: Probe, door: str) -> None:
    assert outcome(door, probe.pieces) == outcome(door, [probe.sends])


@pytest.mark.parametrize("door", ["auto", "irc", "unix"])
@pytest.mark.parametrize(
    "probe",
    [it for it in PROBES if it.language in ANSWERS and it.sends[:1] != b"\r"],
    ids=called,
)
def test_a_probe_is_answered_in_its_language(probe: Probe, door: str) -> None:
    assert outcome(door, [probe.sends])[0] == ANSWERS[probe.language]


@pytest.mark.parametrize("door", ["plain", "telnet"])
def test_where_only_people_come_they_are_greeted_at_once(hall: Hall, door: str) -> None:
    session = hall.comes_through(door)
    assert b"".join(appended(session)).startswith(OPENING) == (door == "telnet")
    assert hall.reads(session) == GREETING
    hall.exchange.greet(session)
    assert hall.reads(session) == []
    hall.says(session, "NICK alice")
    assert hall.reads(session)[0] == (
        "-- NICK alice cannot be a name: it may not hold spaces. Try another."
    )


def test_where_only_irc_is_spoken_nobody_is_greeted(hall: Hall) -> None:
    session = hall.comes_through("irc")
    hall.exchange.greet(session)
    hall.says(session, "")
    assert (hall.reads(session), session.is_decided) == ([], False)
    hall.says(session, "hello everybody")
    assert hall.reads(session) == [":irc.test 421 * HELLO :Unknown command."]


def test_those_who_run_the_house_are_told_how_it_is(hall: Hall) -> None:
    hall.comes("alice")
    hall.exchange.statistics = lambda: {"door": {"inside": 2}}
    admin = hall.comes_through("admin")
    hall.exchange.greet(admin)
    assert hall.reads(admin) == []
    hall.says(admin, "status", "NICK bob")
    assert hall.reads(admin) == [
        (
            "irc.test (test-1) is up since 2023-11-14T22:13:20Z, 0:00:00,"
            " with 1 person and 1 open room."
        ),
        "door: inside=2",
        ". ok",
        ". failed: There is no such request; `help` lists them.",
    ]


@pytest.mark.parametrize("door", ["auto", "unix"])
def test_elsewhere_everybody_is_waited_for(hall: Hall, door: str) -> None:
    session = hall.comes_through(door)
    assert hall.reads(session) == []
    hall.says(session, "NICK alice", "USER alice 0 * :Alice")
    assert hall.reads(session)[0].startswith(":irc.test 001 alice :Welcome")


def test_telnet_is_no_part_of_the_first_line(hall: Hall) -> None:
    session = hall.comes()
    hall.sends(session, [b"\xff\xfb\x1f\xff\xfb\x18NI", b"CK alice\r\n"])
    assert type(session.dialect) is Irc


# Answers.


def test_a_refusal_goes_to_whoever_asked_and_to_nobody_else(hall: Hall) -> None:
    alice, bob = hall.comes("alice"), hall.comes("bob")
    hall.reads(alice)
    hall.says(bob, "/nick alice")
    assert hall.reads(bob) == ["-- alice is taken; try another."]
    assert hall.reads(alice) == []


def test_a_refusal_does_not_stop_what_else_was_asked(hall: Hall) -> None:
    alice = hall.comes("NICK alice", "USER alice 0 * :Alice")
    hall.says(alice, "PRIVMSG nobody,alice :hello")
    refused, heard = hall.reads(alice)
    assert refused.startswith(":irc.test 401 alice nobody")
    assert heard.endswith("PRIVMSG alice :hello")


def test_an_answer_that_needs_no_hub_keeps_its_place(hall: Hall) -> None:
    alice, bob = hall.comes("alice"), hall.comes("bob")
    hall.reads(alice)
    hall.says(bob, "one")
    hall.says(alice, "/dance")
    hall.says(bob, "two")
    assert hall.reads(alice) == [
        "bob: one",
        "-- There is no /dance. /help lists what there is.",
        "bob: two",
    ]


def test_a_change_of_kind_counts_from_the_next_line(hall: Hall) -> None:
    alice = hall.comes("NICK alice", "USER alice 0 * :Alice", "JOIN #lobby")
    bob = hall.comes("bob")
    hall.reads(alice)
    hall.says(bob, "one")
    hall.says(alice, "CAP REQ :server-time")
    hall.says(bob, "two")
    one, acknowledged, two = hall.reads(alice)
    assert one.startswith(":bob!")
    assert acknowledged == ":irc.test CAP alice ACK :server-time"
    assert two.startswith("@time=2023-11-14T22:13:20.007Z :bob!")


def test_what_happens_has_the_time_of_the_present_turn(hall: Hall) -> None:
    alice = hall.comes("CAP REQ :server-time", "NICK alice", "USER alice 0 * :A")
    hall.says(alice, "CAP END")
    hall.reads(alice)
    hall.exchange.now = SINCE + 61_007
    hall.says(alice, "PRIVMSG alice :hello")
    assert hall.reads(alice)[0].startswith("@time=2023-11-14T22:14:21.007Z ")


def test_nobody_sees_an_address(hall: Hall) -> None:
    alice = hall.comes("NICK alice", "USER alice 0 * :Alice", "JOIN #lobby")
    hall.comes("bob")
    (joined,) = hall.reads(alice)
    prefix = joined.partition(" ")[0]
    assert prefix.endswith(".cloak")
    assert "nowhere" not in prefix


# Windows.


def test_a_window_counts_at_once_and_in_every_room(hall: Hall) -> None:
    alice, bob = hall.comes("alice"), hall.comes("bob")
    hall.says(alice, "/join tea")
    hall.says(bob, "/join tea")
    hall.reads(alice)
    hall.says(bob, "before this it is not wrapped")
    hall.exchange.resize(alice, 24)
    hall.says(bob, "but after it it is", "/msg #lobby everywhere")
    assert hall.reads(alice) == [
        "[#tea] bob: before this it is not wrapped",
        "[#tea] bob: but after it",
        "    it is",
        "[#lobby] bob: everywhere",
    ]
    assert alice.columns == 24


def test_a_window_that_is_known_beforehand_counts_from_the_greeting_on(
    hall: Hall,
) -> None:
    session = hall.comes()
    session.pipeline.feed(b"\xff\xfa\x1f\0\x28\0\x18\xff\xf0")
    hall.exchange.greet(session)
    assert hall.reads(session) == [
        "Welcome to Testers, a place to chat.",
        "    Nobody else is here yet.",
        "What is said in a room is kept, to be",
        "    read while the room is there, unless",
        "    /room says otherwise.",
        "What should we call you?",
    ]


def test_who_wishes_for_telnet_is_asked_in_telnet(hall: Hall) -> None:
    alice = hall.comes("alice")
    hall.says(alice, "/telnet")
    handed_out(hall.exchange.fanout)
    asked, answer = appended(alice)
    assert asked == b"\xff\xfd\x1f\xff\xfd\x18"
    assert answer.startswith(b"-- Speaking telnet.")


# Ends.


def test_the_last_words_come_behind_what_was_said_before(hall: Hall) -> None:
    alice, bob = hall.comes("alice"), hall.comes("bob")
    hall.reads(alice)
    hall.says(bob, "are you going?")
    hall.says(alice, "/quit")
    hall.says(bob, "is she gone?")
    assert hall.reads(alice) == ["bob: are you going?", "-- Good-bye."]
    assert hall.reads(bob) == ["-- alice left (Quit)."]


def test_who_has_read_his_last_words_is_forgotten(hall: Hall) -> None:
    alice = hall.comes("alice", "/quit")
    assert alice.is_closing
    with pytest.raises(KeyError):
        hall.exchange.fanout.session(alice.id)


def test_an_end_is_told_to_the_others_with_its_reason(hall: Hall) -> None:
    alice, bob = hall.comes("alice"), hall.comes("bob")
    alice.doom = "Connection reset"
    hall.exchange.end(alice)
    assert hall.reads(bob) == ["-- alice left (Connection reset)."]
    assert alice.is_closing


def test_who_is_dismissed_is_told_so_and_nobody_else_is(hall: Hall) -> None:
    alice, bob = hall.comes("alice"), hall.comes("bob")
    hall.reads(alice)
    hall.exchange.dismiss(alice, "The server is shutting down")
    assert hall.reads(alice) == ["-- Good-bye: The server is shutting down."]
    assert hall.reads(bob) == []
    assert (alice.is_closing, bob.is_closing) == (True, False)


@pytest.mark.parametrize(
    ("lines", "rest", "seen"),
    [
        pytest.param([], b"", [], id="who never said a word"),
        pytest.param(["bob"], b"", ["-- bob left (Connection closed)."], id="a person"),
        pytest.param(
            ["bob"],
            b"so long",
            ["bob: so long", "-- bob left (Connection closed)."],
            id="a line without its end was meant",
        ),
        pytest.param(
            ["bob"], b"/quit", ["-- bob left (Quit)."], id="who leaves leaves once"
        ),
        pytest.param([], b"/quit", [], id="also who has no name"),
        pytest.param(
            [],
            b"bob",
            ["-- bob is here.", "-- bob left (Connection closed)."],
            id="the only line decides, too",
        ),
        pytest.param([], b"GET / HTTP/1.1", [], id="a browser"),
        pytest.param(
            ["NICK bob", "USER bob 0 * :Bob", "JOIN #lobby"],
            b"PRIVMSG #lobby :half a mess",
            ["-- bob left (Connection closed)."],
            id="half a command of IRC is dropped",
        ),
    ],
)
def test_who_has_finished_talking_leaves(
    hall: Hall, lines: list[str], rest: bytes, seen: list[str]
) -> None:
    alice = hall.comes("alice")
    bob = hall.comes(*lines)
    hall.reads(alice)
    hall.exchange.hear_last(bob, rest)
    assert hall.reads(alice) == seen
    assert bob.is_closing


def test_who_leaves_in_the_turn_of_his_greeting_is_not_greeted(hall: Hall) -> None:
    session, timers = hall.comes(), Timers()
    session.set_timer(timers.at(1, lambda: hall.exchange.greet(session)))
    hall.exchange.hear_last(session, b"")
    timers.run(2)
    assert hall.reads(session) == []


def test_who_comes_after_a_change_finds_another_house(hall: Hall) -> None:
    limits = Limits(nick_length=3)
    hall.exchange.configure(replace(HOUSE, motd=("New.",), limits=limits))
    alice = hall.comes()
    hall.exchange.hear(alice, b"NICK alice")
    hall.exchange.hear(alice, b"USER alice 0 * :Alice")
    assert [line.split()[1] for line in hall.reads(alice)] == ["432"]
    hall.says(alice, "NICK al")
    assert ":irc.test 372 al :- New." in hall.reads(alice)


# What the house begins with, and what it does by itself.


def test_a_house_begins_with_what_it_kept(hall: Hall) -> None:
    lobby = Room(0, SINCE, "#lobby", "#lobby", topic=Topic("tea", "bob", SINCE))
    kept = KeptRoom(0, "#lobby", "#lobby", set_up(lobby))
    hall.exchange.load(Kept(last_id=2**62, rooms=(kept,)))
    bob = hall.comes("CAP REQ message-tags", "NICK bob", "USER b 0 * :b", "CAP END")
    hall.says(bob, "JOIN #lobby")
    assert any(" 332 bob #lobby :tea" in line for line in hall.reads(bob))


def test_a_house_can_do_what_nobody_has_asked_for(hall: Hall) -> None:
    hall.exchange.see_to(Configure(replace(Limits(), topic_length=5)))
    bob = hall.comes("bob")
    hall.says(bob, "/topic tea and cake")
    assert any(line.endswith("tea a") for line in hall.reads(bob))


# Passwords and tokens.


def test_who_failed_to_log_in_is_written_down_with_the_address(hall: Hall) -> None:
    zoe = KeptAccount(7, "Zo\u00eb", "zo\u00eb", SINCE, "a credential")
    hall.exchange.load(Kept(accounts=(zoe,)))
    hall.exchange.configure(replace(HOUSE, operators={"root": hashed("milk")}))
    bob = hall.comes("NICK bob", "USER bob 0 * :Bob")
    asked = [
        Prove("x", Identified("ZO\u00cb"), account="ZO\u00cb"),
        Prove("x", TakeOffice("root"), operator="root"),
    ]
    for each in asked:
        hall.exchange.go_on(bob, [each])
        hall.checks()
    assert hall.audited() == [
        (Act.FAILED, "Zo\u00eb", "an account", "nowhere"),
        (Act.FAILED_OFFICE, "root", "the office", "nowhere"),
    ]


def test_what_stands_in_the_place_of_a_name_may_be_a_password(hall: Hall) -> None:
    hall.exchange.configure(replace(HOUSE, operators={"root": hashed("milk")}))
    bob = hall.comes("NICK bob", "USER bob 0 * :Bob")
    # Not an operator's name either, where an account's was to stand.
    for name in ("correct", "b\x1b[1mob", "root"):
        hall.exchange.go_on(bob, [Prove("x", Identified(name), account=name)])
        hall.checks()
    hall.exchange.go_on(bob, [Prove("x", TakeOffice("milk"), operator="milk")])
    hall.checks()
    failed = (Act.FAILED, "", "an account", "nowhere")
    failed_office = (Act.FAILED_OFFICE, "", "the office", "nowhere")
    assert hall.audited() == [failed] * 3 + [failed_office]


def test_who_proves_that_a_closed_account_is_his_is_written_down(hall: Hall) -> None:
    bob = KeptAccount(
        7, "bob", "bob", SINCE, derive("milkmilk", 4096), is_suspended=True
    )
    hall.exchange.load(Kept(accounts=(bob,)))
    somebody = hall.comes("NICK eve", "USER eve 0 * :Eve")
    hall.says(somebody, "NS IDENTIFY bob milkmilk")
    hall.checks()
    assert hall.reads(somebody)[-1].endswith("The account bob is closed for now.")
    assert hall.audited() == [(Act.FAILED, "bob", "a closed account", "nowhere")]


def test_the_shell_draws_the_token_of_an_invitation(hall: Hall) -> None:
    alice = hall.comes("NICK alice", "USER alice 0 * :Alice", "JOIN #tea")
    hall.exchange.go_on(alice, [Register("a credential")])
    tokens = []
    for _ in range(2):
        hall.exchange.go_on(alice, [MakeLink("#tea", 3600)])
        tokens += re.findall(r"sb-[\w-]{16}", " ".join(hall.reads(alice)))
    assert len(set(tokens)) == 2


def test_a_wrong_token_is_a_guess(hall: Hall) -> None:
    eve = hall.comes("NICK eve", "USER eve 0 * :Eve")
    hall.reads(eve)
    for _ in range(11):
        hall.exchange.go_on(eve, [Redeem("sb-wrong")])
    *wrong, last = hall.reads(eve)
    assert len(wrong) == 10
    assert wrong[0] != last
    assert hall.audited() == [(Act.FAILED, "", "an invitation", "nowhere")] * 10


# In one breath.


def talk(*texts: str, room: str = "#tea") -> list[Line]:
    return [f"PRIVMSG {room} :{text}".encode() for text in texts]


def test_a_breath_is_said_as_its_lines_are_one_by_one(hall: Hall) -> None:
    alice = hall.comes("NICK alice", "USER alice 0 * :Alice", "JOIN #tea")
    bob = hall.comes("NICK bob", "USER bob 0 * :Bob", "JOIN #tea")
    hall.reads(alice)
    assert hall.exchange.hear_breath(alice, talk("one", "two")) == 2
    assert hall.exchange.hear_breath(alice, talk("three")) == 1
    for line in talk("four"):
        hall.exchange.hear(alice, line)
    read = [line.rpartition(" :")[2] for line in hall.reads(bob)]
    assert read == ["one", "two", "three", "four"]
    assert hall.reads(alice) == []
    hall.keeper.commit()
    records = taken_apart(hall.store.records)
    kept = [each for each in records if isinstance(each, KeptLine)][-4:]
    assert [line.text for line in kept] == read
    assert [line.id - kept[0].id for line in kept] == [0, 1, 2, 3]
    assert [line.at - kept[0].at for line in kept] == [0, 1, 2, 3]


def test_of_a_breath_is_counted_what_was_said(hall: Hall) -> None:
    alice = hall.comes("NICK alice", "USER alice 0 * :Alice", "JOIN #tea")
    bob = hall.comes("NICK bob", "USER bob 0 * :Bob", "JOIN #tea")
    lines: list[Line] = [*talk("one", "two"), b"PING x", *talk("three")]
    assert hall.exchange.hear_breath(alice, lines) == 2
    assert len(hall.reads(bob)) == 2
    assert hall.exchange.hear_breath(alice, lines[2:]) == 0
    assert hall.reads(bob) == []


@pytest.mark.parametrize("first", [[], ["NICK alice"], ["alice"]])
def test_who_does_not_speak_irc_yet_or_ever_is_heard_line_by_line(
    hall: Hall, first: list[str]
) -> None:
    somebody = hall.comes(*first)
    assert hall.exchange.hear_breath(somebody, talk("one")) == 0


@pytest.mark.parametrize(
    ("room", "number"),
    [
        pytest.param("#nowhere", "403", id="no such room"),
        pytest.param("#milk", "404", id="from outside"),
    ],
)
def test_each_line_of_a_breath_is_refused(hall: Hall, room: str, number: str) -> None:
    alice = hall.comes("NICK alice", "USER alice 0 * :Alice")
    hall.comes("NICK bob", "USER bob 0 * :Bob", "JOIN #milk")
    hall.reads(alice)
    lines = [*talk("one", "two", "three", room=room), *talk("four", room="#lobby")]
    assert hall.exchange.hear_breath(alice, lines) == 3
    at_once = hall.reads(alice)
    assert [line.split()[1] for line in at_once] == [number] * 3
    for line in lines[:3]:
        hall.exchange.hear(alice, line)
    assert hall.reads(alice) == at_once
