"""SASL: every way through it, and none that logs in without a right proof."""

from base64 import b64encode
from copy import copy
from dataclasses import replace
from typing import Final

import pytest

from chat.dialects.dialect import Heard, House, Prove, Scram
from chat.dialects.irc import sasl
from chat.dialects.irc.client import Login
from chat.dialects.irc.session import Irc
from chat.domain.answers import Redeemed
from chat.domain.claims import Identified, Redeem
from chat.domain.commands import Introduce
from chat.domain.events import AccountChanged
from chat.domain.refusals import (
    AccountSuspended,
    Busy,
    NotEncrypted,
    Reason,
    TooManyGuesses,
    WrongPassword,
)
from chat.domain.views import Who
from tests.dialects.irc.clients import ALICE_COMES, alice, hears
from tests.dialects.scenes import ALICE, AT, HOUSE, ID, read, told, welcomed

BOB: Final = Prove("milk", Identified("bob"), account="bob")
PLUS: Final = b"AUTHENTICATE +\r\n"
UNNAMED: Final = Who("", "", "h.x", "")
LOGGED_IN: Final = AccountChanged(ID, AT, UNNAMED, "bob")
IN: Final = b":irc.x 900 * *!*@h.x bob :You are logged in as bob.\r\n"
DONE: Final = b":irc.x 903 * :SASL authentication successful.\r\n"
ABORTED: Final = b":irc.x 906 * :SASL authentication aborted.\r\n"
TOO_LONG: Final = b":irc.x 905 * :SASL message too long.\r\n"
MALFORMED: Final = (
    b":irc.x 904 * :SASL authentication failed. That is not how it is written.\r\n"
)


def asking(house: House = HOUSE) -> Irc:
    """A stranger with the capability."""
    irc = Irc(house)
    hears(irc, "CAP REQ sasl")
    return irc


def says(message: bytes) -> str:
    """*message* as a client that needs one chunk sends it."""
    return f"AUTHENTICATE {b64encode(message).decode() or '+'}"


@pytest.mark.parametrize(
    "line",
    [pytest.param("AUTHENTICATE PLAIN", id="AUTHENTICATE 903"), "authenticate plain"],
)
def test_plain(line: str) -> None:
    irc = asking()
    assert hears(irc, line) == [PLUS]
    assert hears(irc, says(b"\0bob\0milk")) == [BOB]
    assert told(irc, LOGGED_IN) == IN + DONE
    assert irc.account == "bob"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("AUTHENTICATE PLAIN", id="907 a mechanism"),
        pytest.param("AUTHENTICATE *", id="907 a star"),
        pytest.param(says(b"\0bob\0milk"), id="907 a password"),
    ],
)
def test_who_is_logged_in_is_so_already(line: str) -> None:
    irc = asking()
    irc.tell(LOGGED_IN)
    assert hears(irc, line) == [b":irc.x 907 * :You are logged in as bob.\r\n"]


def test_903_scram() -> None:
    irc = asking()
    assert hears(irc, "AUTHENTICATE scram-sha-256") == [PLUS]
    assert hears(irc, says(b"first")) == [Scram(b"first")]
    assert irc.challenge(b"salt") == b"AUTHENTICATE c2FsdA==\r\n"
    assert hears(irc, says(b"proof")) == [Scram(b"proof")]
    assert irc.challenge(b"ours") == b"AUTHENTICATE b3Vycw==\r\n"
    assert told(irc, LOGGED_IN) == IN + DONE


@pytest.mark.parametrize("last", [["AUTHENTICATE +"], []], ids=["said", "not said"])
def test_scrams_last_word_may_be_said_or_not(last: list[str]) -> None:
    irc = asking()
    hears(irc, "AUTHENTICATE SCRAM-SHA-256", says(b"first"))
    irc.challenge(b"salt")
    hears(irc, says(b"proof"))
    irc.challenge(b"ours")
    irc.tell(LOGGED_IN)
    come = hears(irc, *last, "NICK alice", "USER al 0 * :Alice A.", "CAP END")
    assert come == [ALICE_COMES]
    assert b" 907 " in read(hears(irc, "AUTHENTICATE +", "AUTHENTICATE +")[-1:])


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        pytest.param(b"\0bob\0milk", BOB, id="for nobody else"),
        pytest.param(b"bob\0bob\0milk", BOB, id="for oneself"),
        pytest.param(b"Bob\0bob\0milk", BOB, id="in other letters"),
        pytest.param(b"\0bob@phone\0milk", BOB, id="on a device"),
        pytest.param(
            "\0zoë\0mîlk".encode(),
            Prove("mîlk", Identified("zoë"), account="zoë"),
            id="beyond ASCII",
        ),
        pytest.param(b"\0bob\0sb-123", Redeem("sb-123"), id="an invitation"),
    ],
)
def test_what_plain_says(message: bytes, asked: Prove | Redeem) -> None:
    assert hears(asking(), "AUTHENTICATE PLAIN", says(message)) == [PLUS, asked]


def test_the_device_is_remembered() -> None:
    irc = asking()
    hears(irc, "AUTHENTICATE PLAIN", says(b"\0bob@phone\0milk"))
    assert irc.device == "phone"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("AUTHENTICATE +", id="904 nothing"),
        pytest.param("AUTHENTICATE !", id="904 no base64"),
        pytest.param("AUTHENTICATE PLAIN", id="904 a mechanism"),
        pytest.param("AUTHENTICATE é", id="904 no ASCII"),
        pytest.param(says(b"bob milk"), id="904 no NUL"),
        pytest.param(says(b"bob\0milk"), id="904 too few"),
        pytest.param(says(b"\0bob\0milk\0"), id="904 too many"),
        pytest.param(says(b"\0\0milk"), id="904 nobody"),
        pytest.param(says(b"\0bob\0"), id="904 no password"),
        pytest.param(says(b"eve\0bob\0milk"), id="904 for somebody else"),
        pytest.param(says(b"\0b\xff\0milk"), id="904 no UTF-8"),
    ],
)
def test_what_is_not_plain(line: str) -> None:
    irc = asking()
    assert hears(irc, "AUTHENTICATE PLAIN", line) == [PLUS, MALFORMED]
    # One may try again.
    assert hears(irc, "AUTHENTICATE PLAIN") == [PLUS]


def test_what_is_not_scram_is_not_gone_on_with() -> None:
    irc = asking()
    hears(irc, "AUTHENTICATE SCRAM-SHA-256")
    assert hears(irc, "AUTHENTICATE !") == [Scram(None), MALFORMED]


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param(WrongPassword(), id="904"),
        Busy(),
        TooManyGuesses(),
        NotEncrypted(),
    ],
    ids=lambda reason: type(reason).__name__,
)
def test_a_refusal_ends_it_in_words(reason: Reason) -> None:
    irc = asking()
    hears(irc, "AUTHENTICATE PLAIN", says(b"\0bob\0milk"))
    refused = irc.refuse(reason)
    assert refused.startswith(b":irc.x 904 * :SASL authentication failed. ")
    assert refused.count(b"\r\n") == 1
    assert irc.login == Login()
    assert hears(irc, "AUTHENTICATE PLAIN") == [PLUS]
    assert irc.refuse(reason)[:10] != refused[:10]


CLOSED = b":irc.x 902 * :The account bob is closed for now.\r\n"


@pytest.mark.parametrize("closed", [pytest.param(CLOSED, id="902")])
def test_an_account_that_is_closed_ends_it_with_a_number_of_its_own(
    closed: bytes,
) -> None:
    irc = asking()
    hears(irc, "AUTHENTICATE PLAIN", says(b"\0bob\0milk"))
    assert irc.refuse(AccountSuspended("bob")) == closed
    assert irc.login == Login()


def test_a_refusal_of_who_has_proven_it_ends_it_too() -> None:
    irc = asking()
    hears(irc, "AUTHENTICATE SCRAM-SHA-256", says(b"first"))
    irc.challenge(b"salt")
    hears(irc, says(b"proof"))
    irc.challenge(b"ours")
    assert irc.refuse(AccountSuspended("bob")) == CLOSED


def test_who_was_refused_comes_in_as_a_guest() -> None:
    irc = asking()
    hears(irc, "NICK alice", "USER al 0 * :Alice A.")
    hears(irc, "AUTHENTICATE PLAIN", says(b"\0bob\0milk"))
    irc.refuse(WrongPassword())
    assert hears(irc, "CAP END") == [ALICE_COMES]


def test_903_an_invitation_is_no_account() -> None:
    irc = asking(replace(HOUSE, password="as it is stored"))  # noqa: S106
    hears(irc, "AUTHENTICATE PLAIN", says(b"\0bob\0sb-123"))
    answer = told(irc, Redeemed("#tea"))
    assert answer.endswith(DONE)
    assert b" 900 " not in answer
    # It opens the house as its password does.
    come = hears(irc, "NICK alice", "USER al 0 * :Alice A.", "CAP END")
    assert come == [replace(ALICE_COMES, is_invited=True)]


@pytest.mark.parametrize(
    ("length", "chunks"),
    [
        pytest.param(299, [400], id="one and an end"),
        pytest.param(300, [400, 0], id="one and an end of its own"),
        pytest.param(301, [400, 4], id="two"),
        pytest.param(0, [0], id="none"),
    ],
)
def test_a_challenge_comes_in_chunks(length: int, chunks: list[int]) -> None:
    lines = asking().challenge(b"x" * length).split(b"\r\n")[:-1]
    texts = [line.removeprefix(b"AUTHENTICATE ") for line in lines]
    sizes = [0 if text == b"+" else len(text) for text in texts]
    assert sizes == (chunks if length != 299 else [400, 0])


def chunks_of(text: str) -> list[str]:
    pieces = [text[start : start + 400] for start in range(0, len(text), 400)]
    return [*pieces, "+"] if len(pieces[-1]) == 400 else pieces


@pytest.mark.parametrize("length", [290, 291, 292, 293, 294, 295, 296, 600, 900])
def test_a_long_message_comes_in_chunks(length: int) -> None:
    secret = "x" * length
    text = b64encode(f"\0bob\0{secret}".encode()).decode()
    *before, last = chunks_of(text)
    irc = asking()
    hears(irc, "AUTHENTICATE PLAIN")
    assert hears(irc, *(f"AUTHENTICATE {chunk}" for chunk in before)) == []
    assert hears(irc, f"AUTHENTICATE {last}") == [
        Prove(secret, Identified("bob"), account="bob")
    ]


@pytest.mark.parametrize(
    ("mechanism", "forgotten"),
    [("PLAIN", []), ("SCRAM-SHA-256", [Scram(None)])],
)
@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param(["x" * 401], id="905 a chunk"),
        pytest.param(["x" * 400] * 5, id="905 all of them"),
    ],
)
def test_a_message_that_is_too_long(
    mechanism: str, forgotten: Heard, chunks: list[str]
) -> None:
    irc = asking()
    hears(irc, f"AUTHENTICATE {mechanism}")
    heard = hears(irc, *(f"AUTHENTICATE {chunk}" for chunk in chunks))
    assert heard == [*forgotten, TOO_LONG]
    assert irc.login == Login()


@pytest.mark.parametrize(
    "name",
    [pytest.param("EXTERNAL", id="908"), "SCRAM-SHA-1", "+", "plain2"],
)
def test_no_such_mechanism(name: str) -> None:
    assert read(hears(asking(), f"AUTHENTICATE {name}")) == (
        b":irc.x 908 * PLAIN,SCRAM-SHA-256 :are the mechanisms there are.\r\n"
        b":irc.x 904 * :SASL authentication failed. There is no such one.\r\n"
    )


def test_908_no_password_is_asked_for_where_others_could_read_it() -> None:
    irc = Irc(HOUSE, is_private=False)
    assert read(hears(irc, "CAP REQ sasl", "AUTHENTICATE PLAIN")[1:]) == (
        b":irc.x 908 * SCRAM-SHA-256 :are the mechanisms there are.\r\n"
        b":irc.x 904 * :SASL authentication failed. Others could read that.\r\n"
    )
    assert hears(irc, "AUTHENTICATE SCRAM-SHA-256") == [PLUS]


def test_unless_the_house_does_not_mind() -> None:
    irc = Irc(replace(HOUSE, plaintext=True), is_private=False)
    assert hears(irc, "CAP REQ sasl", "AUTHENTICATE PLAIN")[1:] == [PLUS]


def test_the_mechanisms_are_those_of_the_list() -> None:
    told_ = read(hears(asking(), "CAP LS 302")).decode().split()
    assert f"sasl={','.join(sasl.MECHANISMS)}" in told_


def test_904_the_capability_comes_first() -> None:
    assert hears(Irc(HOUSE), "AUTHENTICATE PLAIN") == [
        b":irc.x 904 * :SASL authentication failed. Ask for it first: CAP REQ sasl.\r\n"
    ]


@pytest.mark.parametrize(
    ("before", "forgotten"),
    [
        pytest.param([], [], id="906 nothing"),
        pytest.param(["AUTHENTICATE PLAIN"], [], id="906 plain"),
        pytest.param(
            ["AUTHENTICATE PLAIN", "AUTHENTICATE " + "x" * 400], [], id="906 in a text"
        ),
        pytest.param(["AUTHENTICATE SCRAM-SHA-256"], [Scram(None)], id="906 scram"),
    ],
)
def test_a_star_gives_it_up(before: list[str], forgotten: Heard) -> None:
    irc = asking()
    hears(irc, *before)
    assert hears(irc, "AUTHENTICATE *") == [*forgotten, ABORTED]
    assert irc.login == Login()


@pytest.mark.parametrize("last", ["CAP END", "NICK alice", "USER al 0 * :Alice A."])
@pytest.mark.parametrize(
    ("mechanism", "forgotten"),
    [("PLAIN", []), ("SCRAM-SHA-256", [Scram(None)])],
)
def test_906_coming_in_gives_it_up(last: str, mechanism: str, forgotten: Heard) -> None:
    lines = ["CAP END", "NICK alice", "USER al 0 * :Alice A."]
    lines.remove(last)
    irc = asking()
    assert hears(irc, *lines, f"AUTHENTICATE {mechanism}") == [PLUS]
    assert hears(irc, last) == [*forgotten, ABORTED, ALICE_COMES]
    irc.tell(welcomed())
    # What comes late is a mechanism that nobody knows.
    assert b" 908 " in read(hears(irc, says(b"\0bob\0milk")))


def test_900_who_is_in_may_log_in_too() -> None:
    irc = alice("sasl")
    assert hears(irc, "AUTHENTICATE PLAIN", says(b"\0bob\0milk")) == [PLUS, BOB]
    changed = AccountChanged(ID, AT, Who("bob", "ub", "b.host", ""), "bob")
    assert told(irc, changed) == (
        b":irc.x 900 alice alice!ub@b.host bob :You are logged in as bob.\r\n"
        b":irc.x 903 alice :SASL authentication successful.\r\n"
    )


# Every sequence.


class Shell:
    """A shell in which only *milk* is right, and which does at once what is asked."""

    def __init__(self, irc: Irc) -> None:
        self.irc = irc
        self._steps = 0

    def copy(self) -> "Shell":
        """The same once more, to go on with in another way."""
        irc = copy(self.irc)
        irc.login, irc.newcomer = copy(irc.login), copy(irc.newcomer)
        other = Shell(irc)
        other._steps = self._steps
        return other

    def hear(self, line: bytes) -> None:
        """Have *line* heard, and do what follows."""
        for item in self.irc.hear(line):
            self._do(item)

    def _do(self, item: object) -> None:
        match item:
            case Prove(secret="milk", then=Identified()):
                self.irc.tell(LOGGED_IN)
            case Prove():
                self.irc.refuse(WrongPassword())
            case Scram():
                self._hear_scram(item.message)
            case Introduce():
                told(self.irc, welcomed(replace(ALICE, account=self.irc.account)))
            case _:
                assert isinstance(item, bytes)

    def _hear_scram(self, message: bytes | None) -> None:
        self._steps += 1
        if (self._steps, message) == (1, b"first"):
            self.irc.challenge(b"salt")
            return
        is_proven = (self._steps, message) == (2, b"proof")
        self._steps = 0
        if is_proven:
            self.irc.challenge(b"ours")
            self.irc.tell(LOGGED_IN)
        elif message is not None:
            self.irc.refuse(WrongPassword())


PLAIN: Final = b"AUTHENTICATE PLAIN"
SCRAM: Final = b"AUTHENTICATE SCRAM-SHA-256"
RIGHT: Final = says(b"\0bob\0milk").encode()
FIRST: Final = says(b"first").encode()
PROOF: Final = says(b"proof").encode()
END: Final = b"CAP END"
INPUTS: Final = [
    *(PLAIN, SCRAM, RIGHT, FIRST, PROOF, END),
    says(b"\0bob\0tea").encode(),
    b"AUTHENTICATE +",
    b"AUTHENTICATE *",
]


def is_proven(said: list[bytes]) -> bool:
    """Whether *said* ends with all of a right proof, and nothing in between."""
    if END in said:
        # The first one comes in; any more are nothing.
        first = said.index(END) + 1
        said = said[:first] + [line for line in said[first:] if line != END]
    return said[-2:] == [PLAIN, RIGHT] or said[-3:] == [SCRAM, FIRST, PROOF]


def go_on(shell: Shell, said: list[bytes], *, left: int) -> int:
    """Say everything in every order; how often somebody is logged in by that."""
    logins = 0
    for line in INPUTS if left else ():
        after = shell.copy()
        after.hear(line)
        if after.irc.account:
            assert is_proven([*said, line]), [*said, line]
            # There is no second login.
            logins += 1
        else:
            logins += go_on(after, [*said, line], left=left - 1)
    return logins


@pytest.mark.slow
@pytest.mark.parametrize("line", INPUTS, ids=lambda line: line.decode()[:20])
def test_no_six_lines_log_in_but_by_a_right_proof(line: bytes) -> None:
    irc = asking()
    hears(irc, "NICK alice", "USER al 0 * :Alice A.")
    shell = Shell(irc)
    shell.hear(line)
    assert go_on(shell, [line], left=5) > 0
