"""Capabilities: what we ask of a server beyond plain IRC, and what it grants.

``draft/chathistory`` is looked at and not asked for: whoever asks for it has to
fetch what was missed, and to all others the server plays it back by itself.

https://ircv3.net/specs/extensions/capability-negotiation
"""

from typing import Final

from chat.client import login as login_
from chat.client.happenings import Effect, Send
from chat.client.login import Login
from chat.client.state import State
from chat.dialects.irc.message import Message

_WANTED: Final = (
    "message-tags",
    "server-time",
    "echo-message",
    "batch",
    "soju.im/search",
)
_END: Final = Send(Message("CAP", ("END",)))


class Capabilities:
    """The negotiation with one server, which tells *state* how it ended."""

    def __init__(self, state: State, login: Login | None) -> None:
        self._state = state
        self._login = login
        self._offered: set[str] = set()
        # Why there is no way in for us; "" while there is one.
        self.trouble = ""

    def hear(self, message: Message) -> list[Effect]:
        """Take in a CAP message; what to answer."""
        match message.params:
            case (_, "LS", "*", names):
                self._offer(names)
            case (_, "LS", names):
                self._offer(names)
                return self._choose()
            case (_, "NEW", names):
                self._offer(names)
            case (_, "ACK", names):
                self._grant(names.split(), is_granted=True)
                return self._login.begin() if self._login else [_END]
            case (_, "NAK", _):
                return self._begin_without_them()
            case (_, "DEL", names):
                self._grant(names.split(), is_granted=False)
            case _:
                pass
        return []

    def _offer(self, names: str) -> None:
        self._offered |= {name.partition("=")[0] for name in names.split()}
        self._state.keeps_history = "draft/chathistory" in self._offered

    def _grant(self, names: list[str], *, is_granted: bool) -> None:
        state = self._state
        if "echo-message" in names:
            state.echoes = is_granted
        if "batch" in names:
            state.batches = is_granted
        if "soju.im/search" in names:
            state.searches = is_granted
        if "draft/chathistory" in names:
            state.keeps_history = is_granted

    def _choose(self) -> list[Effect]:
        chosen: list[str] = [name for name in _WANTED if name in self._offered]
        if self._login:
            if login_.CAPABILITY not in self._offered:
                return self._begin_without_them()
            chosen.append(login_.CAPABILITY)
        if not chosen:
            return [_END]
        return [Send(Message("CAP", ("REQ", " ".join(chosen))))]

    def _begin_without_them(self) -> list[Effect]:
        if self._login:
            self.trouble = login_.NOT_OFFERED
            return []
        return [_END]
