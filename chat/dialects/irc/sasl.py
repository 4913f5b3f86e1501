"""SASL: logging in with AUTHENTICATE, before registration or after it.

    C: AUTHENTICATE PLAIN
    S: AUTHENTICATE +
    C: AUTHENTICATE amlsbGVzAGppbGxlcwBzZXNhbWU=
    S: 900, 903

https://ircv3.net/specs/extensions/sasl-3.1 and sasl-3.2.  A message is base64 in
chunks of 400 bytes, and a shorter chunk ends it.  Nothing here knows a password to
be right: what a client has sent goes to the shell, and while that looks at it the
exchange is *waiting*, hears nothing, and ends with what the shell has found.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Final

from chat.dialects.dialect import Heard, Prove, Scram
from chat.dialects.irc.client import Client, Login
from chat.dialects.irc.message import Message
from chat.dialects.irc.words import fitting
from chat.domain.claims import TOKEN, Identified, Redeem
from chat.domain.names import fold
from chat.domain.refusals import AccountSuspended, Reason

PLAIN: Final = "PLAIN"
SCRAM: Final = "SCRAM-SHA-256"
MECHANISMS: Final = (PLAIN, SCRAM)

_CHUNK: Final = 400
# A name twice and the longest password in base64 are shorter than two chunks.
_MOST: Final = 4 * _CHUNK


def authenticate(client: Client, message: Message) -> Heard:
    """AUTHENTICATE: log in; * gives it up."""
    data = message.params[0]
    login = client.login
    if "sasl" not in client.caps:
        return [_failed(client, "Ask for it first: CAP REQ sasl.")]
    if login.may_say_more and data == "+":
        # The last word of SCRAM, which the proof did not wait for.
        client.login = Login()
        return []
    if client.account:
        return [client.numeric("907", f"You are logged in as {client.account}.")]
    if data == "*":
        return give_up(client) or [_aborted(client)]
    if login.mechanism:
        return _hear_chunk(client, data)
    return [_begin(client, data.upper())]


def give_up(client: Client) -> Heard:
    """End an exchange without a login, if one has begun."""
    login, client.login = client.login, Login()
    if not login.mechanism:
        return []
    forget: Heard = [Scram(None)] if login.mechanism == SCRAM else []
    return [*forget, _aborted(client)]


def challenged(client: Client, message: bytes) -> bytes:
    """What the shell says next, in chunks.

    Its second message answers a right proof, so what that comes to follows at once.
    """
    login = client.login
    login.is_waiting, login.is_half_done = login.is_half_done, True
    return b"".join(_chunks(message))


def succeeded(client: Client) -> bytes:
    """The shell has found the proof right."""
    client.login = Login(may_say_more=client.login.mechanism == SCRAM)
    return client.numeric("903", "SASL authentication successful.")


def failed(client: Client, reason: Reason, why: str) -> bytes:
    """The shell has not found it right, or has not looked at it; or it is of no use."""
    client.login = Login()
    if isinstance(reason, AccountSuspended):
        return client.numeric("902", why)
    return _failed(client, why)


def claim(client: Client, who: str, secret: str) -> Prove | Redeem:
    """What it asks for to say that one is *who*: account, or ``account@device``.

    An invitation in place of the password needs no account.
    """
    if secret.startswith(TOKEN):
        return Redeem(secret)
    account, _, client.device = who.partition("@")
    return Prove(secret, Identified(account), account=account)


def _begin(client: Client, mechanism: str) -> bytes:
    # Before the password is on its way: afterwards it would be too late.
    offered = MECHANISMS if client.may_send_passwords else (SCRAM,)
    if mechanism in offered:
        client.login = Login(mechanism)
        return fitting("AUTHENTICATE +")
    told = client.numeric("908", ",".join(offered), "are the mechanisms there are.")
    why = "Others could read that." if mechanism == PLAIN else "There is no such one."
    return told + _failed(client, why)


def _hear_chunk(client: Client, data: str) -> Heard:
    login = client.login
    if len(data) > _CHUNK or len(login.text) + len(data) > _MOST:
        client.login = Login()
        forget: Heard = [Scram(None)] if login.mechanism == SCRAM else []
        return [*forget, client.numeric("905", "SASL message too long.")]
    login.text += "" if data == "+" else data
    if len(data) == _CHUNK:
        return []
    text, login.text = login.text, ""
    try:
        return _hear_whole(client, b64decode(text, validate=True))
    except ValueError:
        *forget, _ = give_up(client)
        return [*forget, _failed(client, "That is not how it is written.")]


def _hear_whole(client: Client, message: bytes) -> Heard:
    """One whole message of the mechanism.

    Raises:
        ValueError: it is none.
    """
    asked = _plain(client, message) if client.login.mechanism == PLAIN else None
    client.login.is_waiting = True
    return [asked or Scram(message)]


def _plain(client: Client, message: bytes) -> Prove | Redeem:
    """RFC 4616: for whom one acts, who one is, and the password."""
    acts_for, who, secret = message.decode().split("\0")
    if not who or not secret or fold(acts_for) not in {"", fold(who)}:
        raise ValueError
    return claim(client, who, secret)


def _chunks(message: bytes) -> Iterator[bytes]:
    text = b64encode(message).decode()
    for start in range(0, len(text), _CHUNK):
        yield fitting(f"AUTHENTICATE {text[start : start + _CHUNK]}")
    if len(text) % _CHUNK == 0:
        yield fitting("AUTHENTICATE +")


def _failed(client: Client, why: str) -> bytes:
    return client.numeric("904", f"SASL authentication failed. {why}")


def _aborted(client: Client) -> bytes:
    return client.numeric("906", "SASL authentication aborted.")
