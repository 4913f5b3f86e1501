"""SCRAM: a proof of a password that is never sent, and what is stored of it."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from contextlib import suppress
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.scram import Conversation, Wrong, derive, imagined, verify

# RFC 7677, section 3: user "user", password "pencil".
SALT = b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
OFFER = (
    b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    b"s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
)
LAST = (
    b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    b"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
)
FINAL = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
# RFC 5803's form of it.
LINE = (
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
    "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
    "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
)

STRANGER = imagined(b"secret", "stranger", 4096)


def find(name: str) -> str:
    """The house: one account, and for all others something that looks like one."""
    return LINE if name == "user" else STRANGER


def a_conversation() -> Conversation:
    return Conversation(NONCE, find)


def a_proof(password: str, first: bytes, offer: bytes, without: bytes) -> bytes:
    """The client's last message, as RFC 5802 says it is made."""
    parts = dict(part.split(b"=", 1) for part in offer.split(b","))
    salt, rounds = b64decode(parts[b"s"]), int(parts[b"i"])
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    key = hmac.digest(salted, b"Client Key", "sha256")
    said = b",".join([first, offer, without])
    signature = hmac.digest(hashlib.sha256(key).digest(), said, "sha256")
    proof = bytes(a ^ b for a, b in zip(key, signature, strict=True))
    return without + b",p=" + b64encode(proof)


# What is stored.


def test_it_is_what_the_standard_says() -> None:
    assert derive("pencil", 4096, SALT) == LINE
    assert verify("pencil", LINE)


def test_the_right_password_and_no_other_fits() -> None:
    line = derive("open sesame", 4096)
    assert line.startswith("SCRAM-SHA-256$4096:")
    assert verify("open sesame", line)
    assert not verify("Open sesame", line)
    assert not verify("", line)


def test_no_two_lines_are_equal_and_none_holds_the_password() -> None:
    one, two = derive("sesame", 4096), derive("sesame", 4096)
    assert one != two
    assert "sesame" not in one


def test_however_it_is_typed_it_is_the_same() -> None:
    assert verify("Zoe\u0308 x", derive("Zo\u00eb\u00a0x", 4096))


def test_what_cannot_be_a_password_is_explained() -> None:
    with pytest.raises(ValueError, match=r"^a password is text, and not empty$"):
        derive("a\nb", 4096)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="nothing"),
        pytest.param("pencil", id="a password"),
        pytest.param(LINE.replace("4096", "0"), id="no rounds"),
        pytest.param(LINE.replace("4096", "\u0661"), id="other digits"),
        pytest.param(LINE.replace("256", "1"), id="another hash"),
        pytest.param(LINE[:-4] + "=", id="a short key"),
        pytest.param(LINE.replace("WG5d", "WG5"), id="bad base64"),
        pytest.param(LINE + "\n", id="two lines"),
    ],
)
def test_other_lines_fit_no_password(line: str) -> None:
    assert not verify("pencil", line)
    with pytest.raises(Wrong):
        Conversation(NONCE, lambda _name: line).hear(FIRST)


def test_a_name_that_nobody_has_looks_like_any_other() -> None:
    line = imagined(b"secret", "bob", 4096)
    assert line == imagined(b"secret", "bob", 4096)
    assert line != imagined(b"secret", "bib", 4096)
    assert line != imagined(b"another", "bob", 4096)
    assert [*map(len, line.split("$"))] == [*map(len, derive("x", 4096).split("$"))]
    assert not verify("", line)
    assert not verify("secret", line)


# The conversation.


def test_the_conversation_of_the_standard() -> None:
    conversation = a_conversation()
    answers = [conversation.hear(message) for message in (FIRST, LAST)]
    assert answers == [OFFER, FINAL]
    assert (conversation.name, conversation.is_proven) == ("user", True)


@pytest.mark.parametrize(
    ("first", "name"),
    [
        pytest.param(b"y,,n=user,r=abc", "user", id="who would bind to a channel"),
        pytest.param(b"n,a=user,n=user,r=abc", "user", id="as himself"),
        pytest.param(b"n,,n=a=2Cb=3D2C,r=abc", "a,b=2C", id="with a comma"),
        pytest.param("n,,n=zoë,r=abc".encode(), "zoë", id="in other letters"),
        pytest.param(b"n,,n=user,r=abc,x=new", "user", id="with something new"),
    ],
)
def test_who_may_begin(first: bytes, name: str) -> None:
    conversation = Conversation(NONCE, lambda _name: LINE)
    offer = conversation.hear(first)
    assert offer.startswith(b"r=abc" + NONCE.encode() + b",s=")
    header = first[: first.index(b"n=")]
    without = b"c=" + b64encode(header) + b",r=abc" + NONCE.encode() + b",x=new"
    last = a_proof("pencil", first.removeprefix(header), offer, without)
    assert conversation.hear(last)
    assert conversation.name == name


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"user", id="no message"),
        pytest.param(b"n,,n=user", id="no nonce"),
        pytest.param(b"n,,n=,r=abc", id="no name"),
        pytest.param(b"n,,r=abc,n=user", id="another order"),
        pytest.param(b"p=tls-unique,,n=user,r=abc", id="bound to a channel"),
        pytest.param(b"n,a=root,n=user,r=abc", id="as somebody else"),
        pytest.param(b"n,a=,n=user,r=abc", id="as nobody"),
        pytest.param(b"n,,m=new,n=user,r=abc", id="what has to be understood"),
        pytest.param(b"n,,n=us=er,r=abc", id="a loose equals sign"),
        pytest.param(b"n,,n=us\0er,r=abc", id="a NUL"),
        pytest.param(b"n,,n=\xff,r=abc", id="no UTF-8"),
        pytest.param(b"n,,n=user,r=a c", id="a nonce with a space"),
        pytest.param(b"n,,n=user,r=abc\n", id="two lines"),
        pytest.param(b"n,,n=user,r=" + b"x" * 257, id="a long nonce"),
        pytest.param(b"n,,n=" + b"x" * 301 + b",r=abc", id="a long name"),
        pytest.param(b"n,,n=user,r=abc,x=" + b"x" * 1024, id="too much"),
    ],
)
def test_what_is_no_beginning(first: bytes) -> None:
    with pytest.raises(Wrong):
        a_conversation().hear(first)


PROOF = b",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
BOTH = b"rOprNGfwEbeRWgbNEkqO" + NONCE.encode()


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"c=biws,r=" + BOTH, id="no proof"),
        pytest.param(b"c=biws,r=" + BOTH + b",p=AAAA", id="a short proof"),
        pytest.param(
            b"c=biws,r=" + BOTH + b",p=" + b"A" * 43 + b"=", id="a wrong proof"
        ),
        pytest.param(b"c=eSws,r=" + BOTH + PROOF, id="another header"),
        pytest.param(b"c=biws,r=rOprNGfwEbeRWgbNEkqO" + PROOF, id="half the nonce"),
        pytest.param(b"c=biws,r=" + BOTH + b"x" + PROOF, id="another nonce"),
        pytest.param(LAST.replace(b",p=", b",x=new,p="), id="more than was proven"),
        pytest.param(LAST + b"\n", id="two lines"),
        pytest.param(FIRST, id="the beginning again"),
    ],
)
def test_what_proves_nothing(last: bytes) -> None:
    conversation = a_conversation()
    conversation.hear(FIRST)
    with pytest.raises(Wrong):
        conversation.hear(last)
    assert not conversation.is_proven


def test_nobody_is_a_stranger_whatever_he_knows() -> None:
    conversation = a_conversation()
    offer = conversation.hear(b"n,,n=stranger,r=abc")
    without = b"c=biws,r=abc" + NONCE.encode()
    with pytest.raises(Wrong):
        conversation.hear(a_proof("pencil", b"n=stranger,r=abc", offer, without))


def test_a_proof_is_good_for_one_conversation() -> None:
    later = Conversation("another", find)
    later.hear(FIRST)
    with pytest.raises(Wrong):
        later.hear(LAST)


# All that can be said, among it what is right at another time.
WORDS = {
    "empty": b"",
    "first": FIRST,
    "stranger": b"n,,n=stranger,r=rOprNGfwEbeRWgbNEkqO",
    "last": LAST,
    "wrong": b"c=biws,r=" + BOTH + b",p=" + b"A" * 43 + b"=",
    "noise": b"\0",
}


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_only_one_sequence_proves_anything(length: int) -> None:
    for words in product(WORDS, repeat=length):
        conversation = a_conversation()
        with suppress(Wrong):
            for word in words:
                conversation.hear(WORDS[word])
        # The right proof came in its place, and at no other time.
        assert conversation.is_proven == (words[:2] == ("first", "last"))


@pytest.mark.parametrize("word", WORDS)
def test_when_it_is_over_nothing_can_be_said(word: str) -> None:
    conversation = a_conversation()
    with pytest.raises(Wrong):
        conversation.hear(b"\0")
    for message in (WORDS[word], FIRST):
        with pytest.raises(Wrong):
            conversation.hear(message)


@given(st.lists(st.binary(max_size=50), max_size=4))
@example([b"n,,n=user,r=abc", b"c=biws,r=abc,p="])
def test_noise_is_wrong_and_no_fault(messages: list[bytes]) -> None:
    conversation = a_conversation()
    for message in messages:
        try:
            conversation.hear(message)
        except Wrong:
            break
    assert not conversation.is_proven


def test_a_log_sees_who_and_how_far_and_no_key() -> None:
    conversation = a_conversation()
    assert repr(conversation) == "<Conversation '' _first>"
    conversation.hear(FIRST)
    assert repr(conversation) == "<Conversation 'user' _last>"
    assert "WG5d" not in repr(vars(conversation)["_credential"])
