"""SCRAM: how somebody proves that he knows a password without sending it.

What is stored of a password is one line, in the form of RFC 5803::

    SCRAM-SHA-256$<rounds>:<salt>$<StoredKey>:<ServerKey>     (all but rounds base64)

It checks a password that was sent (`verify`), which takes as many rounds as making
it did, so that does not belong on the loop.  And it checks the *proof* of a client
who has gone through the rounds himself (`Conversation`), which costs us next to
nothing.  Whoever has stolen the line can do neither without trying passwords.

The conversation is RFC 5802's with RFC 7677's hash: two messages from the client,
each answered by one of ours, of which the second proves that we know him as well.
There is no channel to bind it to.
"""

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from chat.passwords import prepared

_KIND: Final = "SCRAM-SHA-256"
_SALT: Final = 16
# What one message may be long: a name of 300 bytes fits, and whatever clients draw.
_LONGEST: Final = 1024

_BASE64: Final = "[A-Za-z0-9+/]+={0,2}"
_LINE: Final = re.compile(
    rf"{_KIND}\$([1-9]\d{{0,7}}):({_BASE64})\$({_BASE64}):({_BASE64})", re.ASCII
)

# A name, in which a comma is =2C and an equals sign =3D, and what may be drawn.
_NAME: Final = rb"(?:[^\0,=]|=2C|=3D){1,300}"
_NONCE: Final = rb"[\x21-\x2b\x2d-\x7e]{1,256}"
# What somebody may add one day.  ``m=`` is for what has to be understood, and is
# in another place, so it fits nowhere here.
_MORE: Final = rb"(?:,[A-Za-z]=[^\0,]+)*"
_FIRST: Final = re.compile(
    rb"(?P<header>[ny],(?:a=(?P<authzid>%b))?,)"
    rb"(?P<bare>n=(?P<name>%b),r=(?P<nonce>%b)%b)" % (_NAME, _NAME, _NONCE, _MORE)
)
_LAST: Final = re.compile(
    rb"(?P<bare>c=(?P<header>[A-Za-z0-9+/]+={0,2}),r=(?P<nonce>%b)%b)"
    rb",p=(?P<proof>[A-Za-z0-9+/]{43}=)" % (_NONCE, _MORE)
)


class Wrong(Exception):
    """That proves nothing, and the conversation is over."""


def derive(password: str, rounds: int, salt: bytes | None = None) -> str:
    """*password* as the line that is stored of it.

    Raises:
        ValueError: it holds what no password can, in words.
    """
    salt = secrets.token_bytes(_SALT) if salt is None else salt
    key = _salted(password, rounds, salt)
    stored = hashlib.sha256(_hmac(key, b"Client Key")).digest()
    return _written(rounds, salt, stored, _hmac(key, b"Server Key"))


def imagined(secret: bytes, fold: str, rounds: int) -> str:
    """A line for a name that nobody has, always the same; no password fits it.

    Without the *secret* it cannot be told from the line of an account.
    """
    salt, stored, server = (
        _hmac(secret, f"{part} {fold}".encode(errors="replace"))
        for part in ("salt", "stored", "server")
    )
    return _written(rounds, salt[:_SALT], stored, server)


def verify(password: str, line: str) -> bool:
    """Whether *password* is the one that *line* was made of."""
    credential = _read(line)
    if credential is None:
        return False
    try:
        key = _salted(password, credential.rounds, credential.salt)
    except ValueError:
        return False
    return hmac.compare_digest(_hmac(key, b"Server Key"), credential.server)


class Conversation:
    """The house's side of one exchange, as a state machine.

    *nonce* is what we draw for it, and `find` gives the line for a name; for one
    that nobody has, too.  `name` and `line` are what was found, empty before.
    """

    def __init__(self, nonce: str, find: Callable[[str], str]) -> None:
        self.name = ""
        self.line = ""
        self.is_proven = False
        self._nonce = nonce.encode()
        self._find = find
        self._step: Callable[[bytes], bytes] = self._first
        self._header = self._said = b""

    def __repr__(self) -> str:
        return f"<Conversation {self.name!r} {self._step.__name__}>"

    def hear(self, message: bytes) -> bytes:
        """Our answer; the one to a right proof is the last.

        Raises:
            Wrong: that was no proof, or no message at all.
        """
        step, self._step = self._step, self._over
        if len(message) > _LONGEST:
            raise Wrong
        return step(message)

    def _first(self, message: bytes) -> bytes:
        said = _FIRST.fullmatch(message)
        if said is None:
            raise Wrong
        name = _unescaped(said["name"])
        if said["authzid"] is not None and _unescaped(said["authzid"]) != name:
            # Nobody may become somebody else by proving who he is.
            raise Wrong
        line = self._find(name)
        credential = _read(line)
        if credential is None:
            raise Wrong
        self.name, self.line, self._credential = name, line, credential
        self._nonce = said["nonce"] + self._nonce
        offer = b"r=%s,s=%s,i=%d" % (
            self._nonce,
            b64encode(credential.salt),
            credential.rounds,
        )
        self._header = said["header"]
        self._said = said["bare"] + b"," + offer
        self._step = self._last
        return offer

    def _last(self, message: bytes) -> bytes:
        said = _LAST.fullmatch(message)
        if said is None or said["header"] != b64encode(self._header):
            raise Wrong
        # An old proof, heard by somebody else, was for another nonce.
        if not hmac.compare_digest(said["nonce"], self._nonce):
            raise Wrong
        spoken = self._said + b"," + said["bare"]
        key = _xor(b64decode(said["proof"]), _hmac(self._credential.stored, spoken))
        if not hmac.compare_digest(
            hashlib.sha256(key).digest(), self._credential.stored
        ):
            raise Wrong
        self.is_proven = True
        return b"v=" + b64encode(_hmac(self._credential.server, spoken))

    def _over(self, _message: bytes) -> bytes:
        raise Wrong


@dataclass(frozen=True, slots=True)
class _Credential:
    rounds: int
    salt: bytes = field(repr=False)
    stored: bytes = field(repr=False)
    server: bytes = field(repr=False)


def _read(line: str) -> _Credential | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    try:
        salt, stored, server = (b64decode(match[number]) for number in (2, 3, 4))
    except ValueError:
        return None
    if not len(stored) == len(server) == hashlib.sha256().digest_size:
        return None
    return _Credential(int(match[1]), salt, stored, server)


def _written(rounds: int, salt: bytes, stored: bytes, server: bytes) -> str:
    parts = (b64encode(part).decode() for part in (salt, stored, server))
    return "{}${}:{}${}:{}".format(_KIND, rounds, *parts)


def _unescaped(name: bytes) -> str:
    try:
        return name.replace(b"=2C", b",").replace(b"=3D", b"=").decode()
    except UnicodeDecodeError:
        raise Wrong from None


def _salted(password: str, rounds: int, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", prepared(password), salt, rounds)


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
