"""The login: what is shown to a server on the way in."""

from base64 import b64decode

import pytest

from chat.client.happenings import Effect, Send
from chat.client.login import FAILURES, Login
from chat.client.session import Session
from tests.client.test_session import WELCOME, hears, told

BOB = Login("bob", "correct horse")
LS = ":irc.x CAP * LS :sasl=PLAIN,SCRAM-SHA-256 message-tags"
ACK = ":irc.x CAP * ACK :message-tags sasl"
# NUL bob NUL correct horse
PROOF = "AGJvYgBjb3JyZWN0IGhvcnNl"


@pytest.fixture
def session() -> Session:
    """Bob has called, and wants to be himself."""
    session = Session(nick="bob", room="#lobby", login=BOB)
    session.greet()
    return session


def test_the_proof_comes_before_the_rest(session: Session) -> None:
    assert hears(session, LS) == ["> CAP REQ :message-tags sasl"]
    assert hears(session, ACK) == ["> AUTHENTICATE PLAIN"]
    assert hears(session, "AUTHENTICATE +") == [f"> AUTHENTICATE {PROOF}"]
    assert hears(session, ":irc.x 903 bob :Logged in.") == ["> CAP END"]
    assert hears(session, WELCOME[0]) == ["Connected to irc.x as alice."]


@pytest.mark.parametrize("number", FAILURES)
def test_who_is_not_believed_does_not_come_in(session: Session, number: str) -> None:
    hears(session, LS, ACK, "AUTHENTICATE +")
    assert hears(session, f":irc.x {number} bob :That is not it.") == ["> QUIT"]
    assert session.farewell == "Not logged in as bob: That is not it."


def test_a_server_without_logins_is_left(session: Session) -> None:
    assert hears(session, ":irc.x CAP * LS :message-tags") == ["> QUIT"]
    assert session.farewell == "This server lets nobody log in while connecting."


def test_a_server_that_takes_it_back_is_left(session: Session) -> None:
    hears(session, LS)
    assert hears(session, ":irc.x CAP * NAK :message-tags sasl") == ["> QUIT"]


def test_who_wants_no_account_proves_nothing() -> None:
    session = Session(nick="bob", room="#lobby")
    session.greet()
    assert hears(session, LS) == ["> CAP REQ message-tags"]
    assert hears(session, "AUTHENTICATE +") == []


def test_later_it_is_only_told(session: Session) -> None:
    hears(session, LS, ACK, *WELCOME)
    assert hears(session, ":irc.x 903 bob :Logged in.") == []
    assert hears(session, ":irc.x 904 bob :That is not it.") == ["That is not it."]


def sent(effects: list[Effect]) -> list[str]:
    return [each.message.params[0] for each in effects if isinstance(each, Send)]


@pytest.mark.parametrize("length", [1, 290, 295, 296, 297, 600, 1000])
def test_a_long_proof_comes_in_pieces(length: int) -> None:
    chunks = sent(Login("bob", "x" * length).answer())
    *whole, last = chunks
    assert all(len(chunk) == 400 for chunk in whole)
    assert len(last) < 400
    text = "".join(chunks).removesuffix("+" if last == "+" else "")
    assert b64decode(text) == b"\0bob\0" + b"x" * length


def test_no_password_is_in_what_can_be_printed() -> None:
    assert "horse" not in repr(BOB)
    assert told(BOB.begin()) == ["> AUTHENTICATE PLAIN"]
