"""Proofs: what is let through, what is refused, and what is found out meanwhile."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from threading import Event

import pytest

from chat import scram
from chat.dialects.dialect import Enrol, Heard, House, Prove, Scram, Silent
from chat.domain.claims import Identified, Redeem, Register, SetCredential
from chat.domain.commands import Introduce, Open, TakeOffice
from chat.domain.effects import Attach
from chat.domain.hub import Hub
from chat.domain.limits import Limits
from chat.domain.records import Act
from chat.domain.refusals import PasswordImpossible, Reason, WrongToken
from chat.domain.state import Account, Stamp
from chat.net.connection import Connection
from chat.net.poller import SelectPoller
from chat.net.wakeup import Wakeup
from chat.passwords import hashed
from chat.scram import derive
from chat.server.fanout import FanOut
from chat.server.guesses import INVITATION, MINUTE
from chat.server.offload import QUEUE, Offload
from chat.server.proofs import PROOFS_OF_ONE, TRIES, Check, Making, Proofs
from chat.server.session import Session
from chat.wire.outbox import Outbox
from tests.fakes import FakeOffload
from tests.server.readers import drained, handed_out
from tests.test_scram import a_proof

NOW = 1_700_000_000_000
ROOT = hashed("open sesame")
HOUSE = House(
    "irc.test",
    "Testers",
    "test-1",
    NOW,
    "#lobby",
    Limits(),
    operators={"root": ROOT},
    rounds=4096,
)
GUARDED = replace(HOUSE, password=hashed("sesame"))
CREDENTIAL = derive("milk and tea", 4096)
HERE, THERE = "192.0.2.7", "192.0.2.99"


class Clerk(Silent):
    """A dialect that says in English what it was asked to say."""

    def __init__(self) -> None:
        self.refused: list[Reason] = []

    def refuse(self, reason: Reason) -> bytes:
        """The reason's name."""
        self.refused.append(reason)
        return f"no {type(reason).__name__}\n".encode()

    def challenge(self, message: bytes) -> bytes:
        """The message as it is."""
        return b"say " + message + b"\n"


class From(Connection):
    """A connection from somewhere, with no socket to it."""

    def __init__(self, host: str) -> None:
        self.descriptor = -1
        self.host = host


class Office:
    """A desk: it notes down what sessions may do, and who has left."""

    def __init__(
        self, house: House = HOUSE, offload: Offload | None = None, secret: bytes = b"x"
    ) -> None:
        self.fanout = FanOut()
        self.now = NOW
        self.done: Heard = []
        self.left: dict[int, str] = {}
        self.audited: list[tuple[Act, str, str]] = []
        self.hub = Hub(house.limits)
        self.offload = offload or FakeOffload(lambda: None)
        self.proofs = Proofs(self, house, self.hub, self.offload, secret)
        self._count = 0

    # What the exchange does.

    def go_on(self, session: Session, heard: Heard) -> None:
        for index, item in enumerate(heard):
            if isinstance(item, Prove | Enrol | Scram):
                self.proofs.begin(session, item, heard[index + 1 :])
                return
            if session.id not in self.left:
                self.done.append(item)

    def depart(self, session: Session, reason: str) -> None:
        self.left[session.id] = reason

    def audit(self, _session: Session, act: Act, who: str, about: str) -> None:
        self.audited.append((act, who, about))

    # What people do.

    def has(self, name: str, credential: str = CREDENTIAL, code: str = "") -> Account:
        """There is an account of that name."""
        account = Account(7, name, name, NOW, credential, code)
        self.hub._state.accounts[name] = account
        return account

    def comes(self, host: str = HERE, *, named: bool = False) -> Session:
        """Somebody connects, and perhaps has a name."""
        self._count += 1
        session = Session(self._count, From(host), Outbox(10_000, 20_000))
        session.dialect = Clerk()
        self.fanout.open(session)
        self.hub.handle(session.id, Open("cloak", host), Stamp(self._count, NOW))
        if named:
            self.fanout.carry_out(Attach(session.id, 100 + session.id))
        return session

    def asks(self, session: Session, *heard: Prove | Enrol | Scram) -> list[str]:
        """*session* asks for it; what it is told once all is checked."""
        self.go_on(session, list(heard))
        return self.hears(session)

    def hears(self, session: Session) -> list[str]:
        """What *session* is told once all is checked."""
        while finished := self.offload.finished():
            for each, act in finished:
                each.is_waiting = False
                act(each)
        return self.reads(session)

    def reads(self, session: Session) -> list[str]:
        """What *session* has been told so far."""
        handed_out(self.fanout)
        return drained(session)


@pytest.fixture
def office() -> Office:
    found = Office()
    found.proofs.configure(replace(HOUSE, plaintext=True))
    return found


def password(secret: str, name: str = "bob") -> Prove:
    """Says to be *name*, and sends that."""
    return Prove(secret, Identified(name), account=name)


RIGHT, WRONG = password("milk and tea"), password("milk and rum")
SHOWN = Identified("bob")
OPER = Prove("open sesame", TakeOffice("root"), operator="root")
NO_OPER = Prove("x", TakeOffice("root"), operator="root")


# A password that was sent.


def test_the_right_password_logs_in_and_what_else_was_asked_for_follows(
    office: Office,
) -> None:
    office.has("bob")
    session = office.comes()
    office.go_on(session, [RIGHT, b"and on"])
    assert (session.is_waiting, office.done) == (True, [])
    assert office.hears(session) == []
    assert (office.done, office.audited) == ([SHOWN, b"and on"], [])


@pytest.mark.parametrize("name", ["bob", "nobody"])
def test_a_wrong_one_and_an_unknown_name_hear_the_same(
    office: Office, name: str
) -> None:
    office.has("bob")
    session = office.comes()
    assert office.asks(session, password("milk and rum", name)) == ["no WrongPassword"]
    assert (office.done, office.left) == ([], {})
    assert office.audited == [(Act.FAILED, name, "an account")]


def rounds(check: object) -> list[str]:
    """How much work *check* takes."""
    assert isinstance(check, Check)
    return [line.split(":")[0] for line in check.lines]


def test_a_wrong_one_and_an_unknown_name_take_the_same_work(office: Office) -> None:
    office.has("bob")
    for name in ("bob", "nobody", "n\u00f8body", ""):
        session = office.comes()
        office.go_on(session, [password("milk and rum", name or "x" * 4000)])
    assert isinstance(office.offload, FakeOffload)
    found = [rounds(work) for _, work, _, _ in office.offload._asked]
    assert found == [["SCRAM-SHA-256$4096"]] * 4


def test_what_follows_a_wrong_one_follows_all_the_same(office: Office) -> None:
    session = office.comes()
    office.go_on(session, [WRONG, b"and on"])
    assert office.hears(session) == ["no WrongPassword"]
    assert office.done == [b"and on"]


def test_a_code_is_as_good_as_the_password_while_it_is_out(office: Office) -> None:
    bob = office.has("bob", code=derive("one-time-code", 4096))
    for secret in ("one-time-code", "milk and tea"):
        assert office.asks(office.comes(), password(secret)) == []
    assert office.done == [SHOWN, SHOWN]
    bob.code = ""
    answer = office.asks(office.comes(), password("one-time-code"))
    assert answer == ["no WrongPassword"]


def test_who_has_only_a_code_logs_in_with_that(office: Office) -> None:
    office.has("bob", credential="", code=derive("one-time-code", 4096))
    assert office.asks(office.comes(), RIGHT) == ["no WrongPassword"]
    assert office.asks(office.comes(), password("one-time-code")) == []
    assert office.done == [SHOWN]


def test_what_is_true_no_longer_when_it_is_checked_proves_nothing(
    office: Office,
) -> None:
    office.has("bob")
    session = office.comes()
    office.go_on(session, [RIGHT])
    # Meanwhile it is another's.
    office.has("bob", derive("something else", 4096))
    assert office.hears(session) == ["no WrongPassword"]
    assert office.done == []


@pytest.mark.parametrize(
    ("host", "plaintext", "is_taken"),
    [
        pytest.param(HERE, False, False, id="from elsewhere"),
        pytest.param("2001:db8::1", False, False, id="by IPv6"),
        pytest.param("127.0.0.1", False, True, id="from this machine"),
        pytest.param("::1", False, True, id="from this machine, by IPv6"),
        pytest.param("unix", False, True, id="through a file"),
        pytest.param(HERE, True, True, id="where the house does not mind"),
    ],
)
@pytest.mark.parametrize(
    ("asked", "done"),
    [
        pytest.param(RIGHT, Identified, id="to log in"),
        pytest.param(Enrol("milk and tea", Register()), Register, id="to register"),
        pytest.param(OPER, TakeOffice, id="to run the house"),
    ],
)
def test_where_others_could_read_it_no_password_is_taken(
    host: str, plaintext: bool, is_taken: bool, asked: Prove | Enrol, done: type
) -> None:
    office = Office(replace(HOUSE, plaintext=plaintext))
    office.has("bob")
    answer = office.asks(office.comes(host), asked)
    assert answer == ([] if is_taken else ["no NotEncrypted"])
    assert [type(item) for item in office.done] == ([done] if is_taken else [])
    assert office.audited == []


# Who runs the house, and what lets one in.


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        pytest.param(OPER, [], id="right"),
        pytest.param(NO_OPER, ["no WrongPassword"], id="wrong"),
        pytest.param(replace(OPER, operator="eve"), ["no WrongPassword"], id="unknown"),
    ],
)
def test_operators_say_a_password_too(
    office: Office, asked: Prove, answer: list[str]
) -> None:
    assert office.asks(office.comes(named=True), asked) == answer
    failed = [(Act.FAILED_OFFICE, asked.operator, "the office")]
    assert office.audited == (failed if answer else [])


def test_who_is_no_operator_any_more_cannot_become_one(office: Office) -> None:
    early, late = office.comes(named=True), office.comes(named=True)
    office.go_on(early, [OPER])
    office.proofs.configure(replace(HOUSE, operators={}, plaintext=True))
    assert office.hears(early) == ["no WrongPassword"]
    assert office.asks(late, OPER) == ["no WrongPassword"]
    assert office.done == []


INTRODUCE = Introduce("bob", "bob", "Bob")


def test_the_houses_password_lets_in() -> None:
    office = Office(GUARDED)
    assert office.asks(office.comes(), Prove("sesame", INTRODUCE)) == []
    assert (office.done, office.left) == ([INTRODUCE], {})


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(Prove("sesame", Identified(""), account=""), id="an account"),
        pytest.param(Prove("sesame", TakeOffice(""), operator=""), id="an operator"),
    ],
)
def test_who_is_called_nothing_is_not_the_house(asked: Prove) -> None:
    office = Office(replace(GUARDED, plaintext=True))
    assert office.asks(office.comes(), asked) == ["no WrongPassword"]
    assert office.done == []
    # Nor is anything proven where the house asks for nothing.
    office.proofs.configure(replace(HOUSE, plaintext=True))
    assert office.asks(office.comes(), asked) == ["no WrongPassword"]
    assert office.done == []


def test_a_wrong_one_is_the_end_for_who_has_no_name() -> None:
    office = Office(GUARDED)
    session = office.comes()
    office.go_on(session, [Prove("x", INTRODUCE), b"and on"])
    assert office.hears(session) == ["no WrongPassword"]
    assert office.left == {session.id: "Wrong password"}
    assert office.done == []
    assert office.audited == [(Act.FAILED, "", "the house")]


def test_what_the_house_asks_for_no_longer_need_not_be_right() -> None:
    office = Office(GUARDED)
    office.proofs.configure(HOUSE)
    assert office.asks(office.comes(), Prove("x", INTRODUCE)) == []
    assert office.done == [INTRODUCE]


def test_a_busy_house_is_the_end_for_who_has_no_name_but_only_at_its_own_door(
    office: Office,
) -> None:
    office.has("bob")
    office.proofs.configure(replace(GUARDED, plaintext=True))
    for number in range(QUEUE):
        office.go_on(office.comes(f"192.0.2.{number}"), [WRONG])
    alice, bob = office.comes(), office.comes()
    office.go_on(alice, [Prove("sesame", INTRODUCE), b"and on"])
    office.go_on(bob, [RIGHT, b"and on"])
    assert office.reads(alice) == office.reads(bob) == ["no Busy"]
    assert office.left == {alice.id: "Too many are coming in just now"}
    assert (office.done, bob.is_waiting) == ([b"and on"], False)
    office.go_on(bob, [Enrol("milk and tea", Register())])
    assert office.reads(bob) == ["no Busy"]


# A password that is to be somebody's.


def test_a_password_becomes_what_checks_it(office: Office) -> None:
    session = office.comes()
    office.go_on(session, [Enrol("milk and rum", Register(name="bob")), b"and on"])
    assert office.hears(session) == []
    made, behind = office.done
    assert isinstance(made, Register)
    assert (made.name, behind) == ("bob", b"and on")
    assert made.credential.startswith("SCRAM-SHA-256$4096:")
    assert scram.verify("milk and rum", made.credential)


def test_who_knows_the_old_one_may_have_a_new_one(office: Office) -> None:
    office.has("bob")
    change = Enrol("milk and rum", SetCredential())
    asked = Prove("milk and tea", change, account="bob")
    assert office.asks(office.comes(named=True), asked) == []
    (made,) = office.done
    assert isinstance(made, SetCredential)
    assert scram.verify("milk and rum", made.credential)
    asked = Prove("x", change, account="bob")
    assert office.asks(office.comes(named=True), asked) == ["no WrongPassword"]
    assert office.done == [made]


@pytest.mark.parametrize(
    ("secret", "is_weak"),
    [
        pytest.param("", True, id="nothing"),
        pytest.param("short", True, id="too short"),
        pytest.param("x" * 301, False, id="too long"),
        pytest.param("sb-invitation", False, id="like an invitation"),
        pytest.param("a\0bcde", False, id="not text"),
    ],
)
def test_not_everything_can_be_a_password(
    office: Office, secret: str, is_weak: bool
) -> None:
    session = office.comes()
    clerk = session.dialect
    assert isinstance(clerk, Clerk)
    office.go_on(session, [Enrol(secret, Register()), b"and on"])
    # It is told at once, and costs nothing.
    assert office.reads(session) == ["no PasswordImpossible"]
    (reason,) = clerk.refused
    assert isinstance(reason, PasswordImpossible)
    assert reason.is_weak == is_weak
    assert office.done == [b"and on"]


def test_of_the_accounts_asked_for_at_once_no_more_are_made_than_may_be(
    office: Office,
) -> None:
    sessions = [office.comes() for _ in range(7)]
    for session in sessions:
        office.go_on(session, [Enrol("milk and tea", Register())])
    for session in sessions[:5]:
        office.proofs.has_registered(session)
    assert [office.hears(each) for each in sessions] == [["no TooManyAccounts"]] * 7
    assert office.done == []
    # Who has one may have another password.
    office.asks(sessions[0], Enrol("milk and tea", SetCredential()))
    # And from elsewhere there may be more, also where they were counted before.
    office.asks(office.comes(THERE), Enrol("milk and tea", Register()))
    office.proofs.configure(replace(HOUSE, plaintext=True, enrolments=None))
    office.proofs.has_registered(sessions[0])
    office.asks(office.comes(), Enrol("milk and tea", Register()))
    assert [type(each) for each in office.done] == [SetCredential, Register, Register]


# Guesses.


def misses(office: Office, times: int, asked: Prove, *hosts: str) -> list[list[str]]:
    """What is heard by so many who guess, from each of *hosts* in turn."""
    places = [*hosts] or [HERE]
    return [
        office.asks(office.comes(places[count % len(places)], named=True), asked)
        for count in range(times)
    ]


def test_ten_guesses_a_minute_and_then_the_right_one_is_no_use(office: Office) -> None:
    office.has("bob")
    assert misses(office, 10, WRONG) == [["no WrongPassword"]] * 10
    session = office.comes()
    office.go_on(session, [RIGHT])
    # Nothing is worked out for it.
    assert office.reads(session) == ["no TooManyGuesses"]
    assert len(office.audited) == 10
    office.now += MINUTE
    assert office.asks(office.comes(), RIGHT) == []
    assert office.done == [SHOWN]


def test_from_one_address_nobody_is_guessed_at_more_than_that(office: Office) -> None:
    for number in range(10):
        office.asks(office.comes(), password("x", f"bob{number}"))
    for asked in (password("x", "eve"), OPER):
        assert office.asks(office.comes(named=True), asked) == ["no TooManyGuesses"]


def test_at_one_account_it_does_not_help_to_come_from_many(office: Office) -> None:
    hosts = [f"192.0.2.{number}" for number in range(50)]
    answers = misses(office, 12, WRONG, *hosts)
    assert answers == [["no WrongPassword"]] * 10 + [["no TooManyGuesses"]] * 2


def test_at_one_operator_neither(office: Office) -> None:
    hosts = [f"192.0.2.{number}" for number in range(50)]
    answers = misses(office, 12, NO_OPER, *hosts)
    assert answers == [["no WrongPassword"]] * 10 + [["no TooManyGuesses"]] * 2
    # It is the name that is guarded, and nobody's account of that name.
    assert office.asks(office.comes(), password("x", "root")) == ["no WrongPassword"]


def test_guesses_from_elsewhere_do_not_lock_out_who_is_in(office: Office) -> None:
    bob = office.has("bob")
    phone = office.comes(HERE)
    office.hub._state.sessions[phone.id].account = bob
    misses(office, 10, WRONG, THERE)
    assert office.asks(office.comes(THERE), RIGHT) == ["no TooManyGuesses"]
    assert office.asks(office.comes("192.0.2.8"), RIGHT) == ["no TooManyGuesses"]
    assert office.asks(office.comes(HERE), RIGHT) == []
    assert office.done == [SHOWN]
    # But there one cannot guess without end either.
    misses(office, 10, WRONG, HERE)
    assert office.asks(office.comes(HERE), RIGHT) == ["no TooManyGuesses"]


def test_what_is_sent_at_once_is_not_more_than_ten_either(office: Office) -> None:
    office.has("bob")
    sessions = [office.comes(f"192.0.2.{number}", named=True) for number in range(13)]
    for session in sessions[:12]:
        office.go_on(session, [WRONG])
    office.go_on(sessions[12], [RIGHT])
    answers = [office.hears(session) for session in sessions]
    assert answers == [["no WrongPassword"]] * 10 + [["no TooManyGuesses"]] * 3
    assert office.done == []


def test_a_school_may_log_in_all_at_once(office: Office) -> None:
    office.has("bob")
    assert [office.asks(office.comes(), RIGHT) for _ in range(60)] == [[]] * 60
    assert office.done == [SHOWN] * 60


def test_so_many_wrong_ones_and_who_has_no_name_connects_anew(office: Office) -> None:
    alice, bob = office.comes(), office.comes(THERE, named=True)
    for count in range(TRIES):
        assert office.left == {}, f"after {count}"
        assert office.asks(alice, WRONG) == ["no WrongPassword"]
        assert office.asks(bob, password("x", "eve")) == ["no WrongPassword"]
    assert office.left == {alice.id: "Too many wrong passwords"}


def test_too_many_guesses_end_it_at_the_houses_own_door() -> None:
    office = Office(GUARDED)
    for _ in range(10):
        office.asks(office.comes(), Prove("x", INTRODUCE))
    session = office.comes()
    answer = office.asks(session, Prove("sesame", INTRODUCE))
    assert answer == ["no TooManyGuesses"]
    assert office.left[session.id] == "Too many wrong passwords"


def test_an_invitation_is_guessed_at_like_a_password(office: Office) -> None:
    session = office.comes(named=True)
    for _ in range(10):
        assert not office.proofs.is_over(session, INVITATION)
        office.proofs.tell_wrong(session, INVITATION, WrongToken())
    assert office.proofs.is_over(session, INVITATION)
    assert office.audited == [(Act.FAILED, "", "an invitation")] * 10
    assert office.reads(session) == ["no WrongToken"] * 10


# A password that is not sent.


def begin(office: Office, session: Session, name: str = "bob") -> tuple[bytes, bytes]:
    """The client's first message, and what the house says to it."""
    first = f"n={name},r=abc".encode()
    (answer,) = office.asks(session, Scram(b"n,," + first))
    assert answer.startswith("say r=abc"), answer
    return first, answer.removeprefix("say ").encode()


def end(office: Office, session: Session, opened: tuple[bytes, bytes]) -> list[str]:
    """The client proves that it knows bob's password; what it is told."""
    first, offer = opened
    without = b"c=biws," + offer.split(b",")[0]
    last = a_proof("milk and tea", first, offer, without)
    return office.asks(session, Scram(last))


def test_a_proof_logs_in_also_where_no_password_is_to_be_sent() -> None:
    office = Office()
    office.has("bob")
    session = office.comes()
    opened = begin(office, session)
    assert office.done == []
    (answer,) = end(office, session, opened)
    assert answer.startswith("say v=")
    assert (office.done, session.scram) == ([SHOWN], None)


def test_a_device_is_no_part_of_who_proves_it() -> None:
    office = Office()
    office.has("bob")
    session = office.comes()
    opened = begin(office, session, "bob@phone")
    assert session.dialect.device == ""
    (answer,) = end(office, session, opened)
    assert answer.startswith("say v=")
    assert session.dialect.device == "phone"
    assert office.done == [SHOWN]


def test_what_follows_a_message_follows(office: Office) -> None:
    session = office.comes()
    office.go_on(session, [Scram(b"n,,n=bob,r=abc"), b"and on"])
    assert office.done == [b"and on"]


@pytest.mark.parametrize("name", ["bob", "nobody"])
def test_a_wrong_proof_and_an_unknown_name_are_told_the_same(name: str) -> None:
    office = Office()
    office.has("bob", derive("something else", 4096))
    session = office.comes()
    opened = begin(office, session, name)
    assert opened[1].endswith(b",i=4096")
    assert end(office, session, opened) == ["no WrongPassword"]
    assert office.done == []
    assert office.audited == [(Act.FAILED, name, "an account")]


def test_an_unknown_name_always_has_the_same_salt() -> None:
    def salt(office: Office) -> bytes:
        _, offer = begin(office, office.comes(), "nobody")
        return offer.split(b",")[1]

    office = Office()
    assert salt(office) == salt(office) != salt(Office(secret=b"another"))


@pytest.mark.parametrize("message", [b"", b"noise", b"n,,n=\xff,r=abc"])
def test_what_is_no_message_is_wrong(office: Office, message: bytes) -> None:
    session = office.comes()
    assert office.asks(session, Scram(message)) == ["no WrongPassword"]
    assert session.scram is None


def test_who_gives_up_begins_anew(office: Office) -> None:
    office.has("bob")
    session = office.comes()
    opened = begin(office, session)
    assert office.asks(session, Scram(None), Scram(None)) == []
    assert end(office, session, opened) == ["no WrongPassword"]
    assert len(end(office, session, begin(office, session))) == 1
    assert office.done == [SHOWN]


def test_a_proof_of_what_was_true_before_is_none(office: Office) -> None:
    office.has("bob")
    session = office.comes()
    opened = begin(office, session)
    office.has("bob", derive("something else", 4096))
    assert end(office, session, opened) == ["no WrongPassword"]
    assert office.done == []


def test_wrong_proofs_are_guesses_like_others(office: Office) -> None:
    office.has("bob")
    late = office.comes()
    opened = begin(office, late)
    for _ in range(10):
        session = office.comes(named=True)
        begin(office, session)
        assert office.asks(session, Scram(b"x")) == ["no WrongPassword"]
    assert end(office, late, opened) == ["no TooManyGuesses"]
    answer = office.asks(office.comes(), Scram(b"n,,n=bob,r=abc"))
    assert answer == ["no TooManyGuesses"]
    assert office.asks(office.comes(), RIGHT) == ["no TooManyGuesses"]
    assert office.done == []


# Many at once.


class Crowded:
    """An office with a real helper, which waits until it may begin."""

    def __init__(self) -> None:
        self._wakeup = Wakeup()
        self._poller = SelectPoller()
        self._poller.read(self._wakeup.descriptor)
        self.go_on = Event()
        self.offload = Offload(self._wakeup.ring)
        self.office = Office(replace(HOUSE, plaintext=True), self.offload)

    def is_held_up_by(self, session: Session) -> None:
        """The helper has something to do for *session*, until all may go on."""
        done: list[Session] = []
        self.offload.do(session, self.go_on.wait, if_so=done.append, if_not=done.append)

    def settle(self) -> None:
        """Wait until all is checked."""
        self.go_on.set()
        while self.offload.statistics()["waiting"]:
            assert self._poller.wait(10).readable, "nothing rings"
            self._wakeup.rung()
            for session, act in self.offload.finished():
                act(session)

    def close(self) -> None:
        self.go_on.set()
        self.offload.close()
        self._wakeup.close()


@pytest.fixture
def crowded() -> Iterator[Crowded]:
    with closing(Crowded()) as crowded:
        yield crowded


def test_of_two_thousand_who_log_in_at_once_so_many_wait_and_none_is_remembered(
    crowded: Crowded,
) -> None:
    office = crowded.office
    office.has("bob")
    crowded.is_held_up_by(office.comes(THERE))
    sessions = [office.comes(f"198.51.100.{n % 200}") for n in range(2000)]
    for session in sessions:
        office.go_on(session, [RIGHT])
    answers = [office.reads(session) for session in sessions]
    assert answers == [[]] * (QUEUE - 1) + [["no Busy"]] * (2000 - QUEUE + 1)
    crowded.settle()
    assert office.done == [SHOWN] * (QUEUE - 1)
    assert crowded.offload.statistics()["waiting"] == 0
    assert crowded.offload._hosts == {}
    assert len(office.proofs._guesses) == 0
    assert office.left == {}


def test_one_address_does_not_take_all_the_room(crowded: Crowded) -> None:
    office = crowded.office
    office.has("bob")
    crowded.is_held_up_by(office.comes(HERE))
    sessions = [office.comes(HERE) for _ in range(20)]
    for session in (*sessions, office.comes(THERE)):
        office.go_on(session, [RIGHT])
    waiting = [session for session in sessions if session.is_waiting]
    assert len(waiting) == PROOFS_OF_ONE - 1
    crowded.settle()
    assert len(office.done) == PROOFS_OF_ONE


# What a log could see.


def test_no_password_is_seen_in_what_holds_it(office: Office) -> None:
    canary = "canary in a mine"
    office.has("bob")
    change = Enrol(canary, SetCredential())
    office.go_on(office.comes(), [Prove(canary, change, account="bob"), RIGHT])
    office.go_on(office.comes(), [change])
    assert isinstance(office.offload, FakeOffload)
    jobs = repr(office.offload._asked)
    session = office.comes(named=True)
    office.hears(session)
    begin(office, session)
    values = [
        Prove(canary, SHOWN, account="bob"),
        change,
        Scram(canary.encode()),
        Redeem(canary),
        Check(canary, (canary,)),
        Making(canary, 4096, canary),
        session,
        session.scram,
        office.hub.account("bob"),
    ]
    seen = jobs + repr(values) + repr(office.audited)
    assert "canary" not in seen
    assert CREDENTIAL not in seen
