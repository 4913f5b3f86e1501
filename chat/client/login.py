"""The login: an account and its password, shown to the server on the way in.

SASL in its plainest form: the password goes as it is, so it goes only where
``--account`` has asked for it.  It is shown anew on each connection.

https://ircv3.net/specs/extensions/sasl-3.1, RFC 4616
"""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final

from chat.client.happenings import Effect, Send
from chat.dialects.irc.message import Message

CAPABILITY: Final = "sasl"
NOT_OFFERED: Final = "This server lets nobody log in while connecting"
# What a server answers to a login that it does not take.
FAILURES: Final = ("902", "904", "905", "906", "908")
# So much of an answer goes into one line; a full one says that there is more.
_CHUNK: Final = 400


@dataclass(frozen=True, slots=True)
class Login:
    """Who to be, and what proves it."""

    account: str
    secret: str = field(repr=False)

    def begin(self) -> list[Effect]:
        """Say how we want to prove it."""
        return [_said("PLAIN")]

    def answer(self) -> list[Effect]:
        """Prove it."""
        plain = f"\0{self.account}\0{self.secret}".encode()
        text = b64encode(plain).decode()
        starts = range(0, len(text) + 1, _CHUNK)
        return [_said(text[start : start + _CHUNK] or "+") for start in starts]

    def failed(self, message: Message) -> str:
        """Why it did not do, as the server's *message* has it."""
        why = " ".join(message.params[-1:]).rstrip(".")
        return f"Not logged in as {self.account}: {why}"


def _said(text: str) -> Effect:
    return Send(Message("AUTHENTICATE", (text,)))
